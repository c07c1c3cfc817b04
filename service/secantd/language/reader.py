"""The base of the parser: the tokens, the instructions emitted so far and the stack of open entries."""

from secantd.errors import CalculusError, Reason
from secantd.language.frozen import with_arguments
from secantd.language.grammar import Entry
from secantd.language.instructions import Instruction, Instructions
from secantd.language.notation import Notation
from secantd.language.tokens import Token, tokenize

__all__ = ["KEPT", "OPERAND", "Reader"]

# What `drop = FALSE` is among indices.
KEPT = "drop = FALSE"
TRUTHS = frozenset({"TRUE", "FALSE", "True", "False"})
OPERAND = "expected a number, a name or '('"


class Reader:
    """The state of parsing one text.

    Args:
        text: The text.
        notation: R or PYTHON; None accepts both.
    """

    def __init__(self, text: str, notation: Notation | None) -> None:
        self.text = text
        self.python = notation is Notation.PYTHON
        self.in_r = notation is Notation.R
        # Names with dots are R's; where the text has operators and packages of NumPy, X.T is an attribute.
        self.attributes = self.python or (notation is None and ("@" in text or "np." in text))
        tokens = tokenize(text, python=self.python)
        if self.python and ")." in text:
            tokens = with_arguments(tokens)
        self.tokens = tokens if self.python or "drop" not in text else with_dimensions_kept(tokens)
        self.at = 0
        # Whether a case of switch() without a value was just read.
        self.empty_case = False
        # Packages by the names that imports give them.
        self.aliases: dict[str, str] = {}
        # The positions behind closing brackets, by those of the opening ones.
        self.closings: dict[int, int] = {}
        self.codes: list[Instructions] = [Instructions()]
        self.instructions = self.codes[0].instructions
        self.entries: list[Entry] = [Entry("top", Token("top", "", 0, 0))]
        chosen = choice_by_truth(self.tokens) if any(word in text for word in TRUTHS) else None
        if chosen is not None:
            example = "x[[0, 2]]" if self.python else "x[c(1, 3)]"
            raise self.error(
                "entries cannot be chosen by a list of TRUE and FALSE", chosen, f"write their positions: {example}"
            )

    def error(self, headline: str, token: Token, hint: str = "") -> CalculusError:
        span = (token.start, max(token.end, token.start + 1))
        return CalculusError(Reason.SYNTAX_ERROR, headline, hint, text=self.text, span=span, field="expression.text")

    def unexpected(self, expected: str, token: Token, hint: str = "") -> CalculusError:
        found = {"end": "the end of the text", "newline": "the end of the line"}.get(token.kind)
        if found is None:
            found = f"'{token.text if len(token.text) <= 40 else token.text[:37] + '...'}'"
        return self.error(f"{expected}, found {found}", token, hint)

    def emit(self, op: str, operand: object, token: Token) -> None:
        self.instructions.append(Instruction(op, operand, token.start, token.end))

    def open_code(self) -> Instructions:
        code = Instructions()
        self.codes.append(code)
        self.instructions = code.instructions
        return code

    def close_code(self) -> None:
        self.codes.pop()
        self.instructions = self.codes[-1].instructions

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
        """Return the innermost open bracket, default or, outside of these, the entry of the whole text."""
        return next(e for e in reversed(self.entries) if e.encloses)


def choice_by_truth(tokens: list[Token]) -> Token | None:
    """Return the first token of x[c(TRUE, FALSE)], A[, c(TRUE, FALSE)] or x[[True, False]], which are no positions."""
    for i, token in enumerate(tokens):
        if token.text in TRUTHS and token.kind == "name" and i > 2:
            before = [t.text for t in tokens[max(0, i - 4) : i]]
            in_r = before[-2:] == ["c", "("] and (before[-3] == "[" or before[-4:-2] == ["[", ","])
            if in_r or (before[-1] == "[[" and tokens[i + 1].kind == ","):
                return token
    return None


def with_dimensions_kept(tokens: list[Token]) -> list[Token]:
    """Return tokens in which `drop = FALSE` at the end of R's indices is one string, an index of its own."""
    found: list[Token] = []
    for token in tokens:
        texts = [t.text for t in found[-3:]]
        if token.kind == "]" and texts in (["drop", "=", "FALSE"], ["drop", "=", "F"]):
            found[-3:] = [Token("string", f'"{KEPT}"', found[-3].start, found[-1].end)]
        found.append(token)
    return found
