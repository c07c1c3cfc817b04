"""What every part of the parser needs: the tokens, the instructions written so far, what is open."""

from secantd.errors import CalculusError, Reason
from secantd.language.code import Code, Instruction
from secantd.language.grammar import Entry
from secantd.language.notation import Notation
from secantd.language.tokens import Token, tokenize

__all__ = ["OPERAND", "Reader"]

OPERAND = "expected a number, a name or '('"


class Reader:
    """One text being read, token by token."""

    def __init__(self, text: str, notation: Notation | None) -> None:
        self.text = text
        self.python = notation is Notation.PYTHON
        self.tokens = tokenize(text, python=self.python)
        self.at = 0
        self.codes: list[Code] = [Code()]
        self.emit = self.codes[0].instructions
        self.entries: list[Entry] = [Entry("top", Token("top", "", 0, 0))]

    def error(self, headline: str, token: Token, hint: str = "") -> CalculusError:
        span = (token.start, max(token.end, token.start + 1))
        return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=span, field="expression.text")

    def unexpected(self, expected: str, token: Token, hint: str = "") -> CalculusError:
        found = {"end": "the end of the text", "newline": "the end of the line"}.get(token.kind)
        if found is None:
            found = f"'{token.text if len(token.text) <= 40 else token.text[:37] + '...'}'"
        return self.error(f"{expected}, found {found}", token, hint)

    def write(self, op: str, operand: object, token: Token) -> None:
        self.emit.append(Instruction(op, operand, token.start, token.end))

    def open_code(self) -> Code:
        code = Code()
        self.codes.append(code)
        self.emit = code.instructions
        return code

    def close_code(self) -> None:
        self.codes.pop()
        self.emit = self.codes[-1].instructions

    def expect(self, kind: str, where: str, hint: str = "") -> Token:
        token = self.tokens[self.at]
        if token.kind != kind:
            raise self.unexpected(f"expected {'a name' if kind == 'name' else repr(kind)} {where}", token, hint)
        self.at += 1
        return token

    def skip_newlines(self) -> None:
        while self.tokens[self.at].kind == "newline":
            self.at += 1

    def enclosing(self) -> Entry:
        """Return the innermost entry that nothing outside can end."""
        return next(e for e in self.entries[::-1] if e.encloses)
