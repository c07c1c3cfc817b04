"""The part of the parser that reads Python's statements with a body: headers that end with a colon, and indented lines.

A header is an entry "line", which the colon ends. The statements of a body are an entry "lines", which encloses as a brace
does; it ends before a line that is indented less.
"""

import math
from collections.abc import Sequence
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.language.assignments import AUGMENTED, LOADS
from secantd.language.constructs import Constructs
from secantd.language.grammar import ASSIGN, LOWEST, Entry
from secantd.language.tokens import Token

__all__ = ["Statements"]

OPEN: Final = ("(", "[", "[[", "{")
CLOSED: Final = (")", "]", "}")
# What cannot stand in a condition outside of brackets.
STOPS: Final = frozenset({"newline", "end", ";", ",", *CLOSED})
NEXT: Final = frozenset({"else", "elif", "if", "for", "function", "return"})
# What the body of an R `if` begins with, and the words that go on with a condition.
BODY: Final = frozenset({"number", "string", "newline", "end", "(", "{", ";", ",", *CLOSED})
WORDS: Final = frozenset({"and", "or", "in", "is", "not", "if"})


class Statements(Constructs):
    """The parser's methods for `for x in v:`, `if c:`, `elif c:`, `else:` and `x += 1`."""

    def number(self, token: Token) -> None:
        digits = token.text.rstrip("L").replace("_", "")
        following = self.tokens[self.at]
        if following.start == token.end and following.text in ("i", "j", "J"):
            hint = f"write {digits}*{following.text} for a product"
            raise self.error("complex numbers are not part of the language", following, hint)
        value = float.fromhex(digits) if digits[:2] in ("0x", "0X") else float(digits)
        if math.isinf(value):
            shown = digits if len(digits) <= 20 else f"a number of {len(digits):,} characters"
            raise CalculusError(
                Reason.LIMIT_EXCEEDED,
                f"{shown} is too large for a double (limit: 1.797693134862316e+308)",
                "write Inf for infinity",
                text=self.text,
                span=(token.start, token.end),
                field="expression.text",
                metadata={"name": "double", "limit": "1.797693134862316e+308"},
            )
        self.emit("number", value, token)

    def column(self, token: Token) -> int:
        """Return how far a token is from the beginning of its line, -1 for the end of the text."""
        return -1 if token.kind == "end" else token.start - self.text.rfind("\n", 0, token.start) - 1

    def has_colon(self) -> bool:
        """Return whether an `if` is Python's: its condition ends with a colon, on its line or behind brackets."""
        at = self.at
        if self.tokens[at].kind == "(" and self.behind(at):
            # R's body follows the condition.
            at = self.behind(at)
            following = self.tokens[at]
            if following.kind in BODY or (following.kind == "name" and following.text not in WORDS):
                return False
        while (token := self.tokens[at]).kind not in STOPS and not (token.kind == "name" and token.text in NEXT):
            if token.kind == ":":
                return True
            at = (self.behind(at) or at + 1) if token.kind in OPEN else at + 1
        return False

    def behind(self, opening: int) -> int:
        """Return the position behind the bracket that closes one; 0 where none does."""
        if not self.closings:
            # All at once: brackets may be nested as deeply as the text is long.
            open_at: list[int] = []
            for at, token in enumerate(self.tokens):
                if token.kind in OPEN:
                    open_at += [at] * (2 if token.kind == "[[" else 1)
                elif token.kind in CLOSED and open_at:
                    self.closings[open_at.pop()] = at + 1
            self.closings[-1] = 0
        return self.closings.get(opening, 0)

    def header(self, kind: str, token: Token, names: Sequence[str] = ()) -> None:
        """Begin a header: what follows up to the colon is read as one expression.

        Args:
            kind: The construct that begins behind the colon.
            token: Its keyword.
            names: The names of a loop. Several are elements of a vector, which gets a name that no text can have.
        """
        entry = Entry("line", token, name=", ".join(names), pending=kind)
        entry.names = list(names)
        self.entries.append(entry)

    def end_of_header(self, token: Token) -> bool:
        """Begin the body if a colon ends a header here; return whether it does."""
        if self.enclosing().kind != "line":
            return False
        self.reduce(LOWEST)
        top = self.entries.pop()
        owner = Entry(top.pending, top.token, name=top.name)
        if top.pending == "while":
            owner.condition = self.cut(top.start)
        self.entries.append(owner)
        self.begin_lines(token)
        for k, name in enumerate(top.names if len(top.names) > 1 else ()):
            self.emit("load_quoted", top.name, top.token)
            self.emit("number", float(k if self.python else k + 1), top.token)
            self.emit("index", 1, top.token)
            self.emit("store", name, top.token)
            self.emit("pop", None, top.token)
        return True

    def begin_lines(self, token: Token) -> None:
        """Begin a body behind a colon: indented lines, or the rest of the line."""
        self.entries[-1].code = self.open_code()
        lines = self.tokens[self.at].kind == "newline"
        self.skip_newlines()
        first = self.tokens[self.at]
        owner = self.entries[-1].token
        outer = self.indentation(owner)
        if lines and self.column(first) <= outer:
            raise self.error("the body of a statement must be indented", first, "indent the lines below the colon")
        # A body on the line of its header ends with the line.
        indent = self.column(first) if lines else outer + 1
        self.entries.append(Entry("lines", token, count=0, pending=str(indent)))

    def indentation(self, token: Token) -> int:
        """Return how far the line of a token is indented."""
        first = at = self.text.rfind("\n", 0, token.start) + 1
        while self.text[at] in " \t":
            at += 1
        return at - first

    def end_lines(self, token: Token) -> bool:
        """End the bodies that are indented more than the line of a token; return whether an `else` of theirs follows."""
        column, begins = self.column(token), -1
        while (lines := self.enclosing()).kind == "lines" and column < int(lines.pending):
            self.reduce(LOWEST)
            self.entries.pop()
            owner = self.entries[-1]
            begins = self.indentation(owner.token)
            if owner.kind == "then" and token.text in ("else", "elif") and column == begins:
                return True
            self.reduce(LOWEST)
        if lines.kind == "lines":
            begins = int(lines.pending)
        if column >= 0 and begins >= 0 and column != begins:
            raise self.error(
                "the indentation of this line fits no statement before it", token, "indent the lines of a body alike"
            )
        if lines.kind == "top" and self.python and column > self.indentation(self.tokens[0]):
            hint = "write brackets around a formula of several lines, or begin the lines in the same column"
            raise self.error("this line is indented more than the statement before it", token, hint)
        return False

    def else_of_python(self, token: Token) -> bool:
        """Begin the body behind `else:` or the header of `elif c:`; return whether this is one."""
        if token.text == "elif":
            self.entries[-1].code = self.open_code()
            self.header("then", token)
            return True
        if self.tokens[self.at].kind == ":":
            self.at += 1
            self.begin_lines(token)
            return True
        return False

    def augmented(self, token: Token) -> bool:
        """Read `x += ...` as `x = x + ...`; return whether this is one."""
        equals = self.tokens[self.at]
        if token.kind not in AUGMENTED or equals.kind != "=" or equals.start != token.end:
            return False
        self.at += 1
        self.reduce(ASSIGN + 1)
        last = self.instructions[-1]
        if last.op == "index" and self.python and self.element_again(equals):
            self.entries.append(Entry("augmented", token, ASSIGN + 1))
            return True
        if last.op not in LOADS or self.tokens[self.at - 3].kind != "name":
            raise self.error(f"'{token.kind}=' changes a name or an element of one only", token, "write x = ...")
        self.entries.append(Entry("assign", equals, ASSIGN, name=last.operand))
        self.entries.append(Entry("augmented", token, ASSIGN + 1))
        return True

    def element_again(self, equals: Token) -> bool:
        """Begin the assignment of x[i] += ...: x and i stay for it, and x[i] is computed; return whether x is a name."""
        last = self.instructions[-1]
        found = [i for i, one in enumerate(self.instructions) if one.op in LOADS and one.end == last.start]
        if not found:
            return False
        first = found[-1]
        self.instructions[-1:] = [*self.instructions[first:-1], last]
        entry = Entry("assign", equals, ASSIGN, last.operand, "index", self.instructions[first].operand)
        self.entries.append(entry)
        return True
