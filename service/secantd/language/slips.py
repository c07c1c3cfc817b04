"""What to write instead, where a token stands that cannot stand there."""

from secantd.errors import CalculusError
from secantd.functions import NAMES
from secantd.language.grammar import BINARY, BRACKETS, PREFIX
from secantd.language.hints import METHODS
from secantd.language.reader import Reader
from secantd.language.tokens import Token

__all__ = ["Slips"]


class Slips(Reader):
    """The part of the parser that finds the hint of an error."""

    def before(self) -> Token:
        """Return the last token in front of the one just read that is no end of a line."""
        at = max(self.at - 2, 0)
        while at and self.tokens[at].kind == "newline":
            at -= 1
        return self.tokens[at]

    def instead(self, token: Token) -> str:
        """Return what to write where an operand should begin and `token` stands."""
        before = self.before()
        opened = next((e for e in self.entries[::-1] if e.kind in BRACKETS), None)
        touching = before.end == token.start
        if token.kind == "//" or (token.kind == "*" and before.kind == "/" and touching):
            return "a comment begins with #"
        if token.kind == "|" or (before.kind == "|" and token.kind == "end"):
            return "write abs(x) for the absolute value"
        if token.kind in (">", "<") and before.kind == "=" and touching:
            return f"write {token.text}="
        if token.kind == "=" and before.kind in (":", "==", "="):
            return "write <- to assign, == to compare" if before.kind == ":" else "write == to compare"
        if token.kind in BINARY and (before.kind in BINARY or before.kind in PREFIX):
            return f"remove one of '{before.text}' and '{token.text}'"
        if token.kind == "end" and opened:
            return f"close the '{opened.token.text}'"
        if before.text == ")" and self.entries[-1].kind == "function":
            return "write the function's body behind it"
        if token.kind == "end":
            return f"remove the '{before.text}' or write what follows it"
        if token.kind == "[[":
            return "a vector holds no vectors: write c(...) or [...] once"
        if token.kind in (",", ")") and before.kind == ",":
            return "remove a ','"
        if token.kind in (")", "]") and opened and before is opened.token:
            return "write something inside, or remove both brackets"
        if token.kind in ("->", "->>", "<-", "<<-"):
            return "write the name and the value: a <- x^2"
        return ""

    def no_operator(self, token: Token) -> CalculusError:
        """Return the error of two operands side by side."""
        return self.unexpected("expected an operator or the end", token, self.beside(token))

    def beside(self, token: Token) -> str:
        """Return what to write where an operand is followed by something that is no operator."""
        at = self.at - 2
        before, earlier = self.tokens[at], self.tokens[at - 1] if at else None
        called = before.kind == "name" and before.text in NAMES
        left, right = before.text[-20:], token.text[:20]
        if token.kind == "!":
            return f"write factorial({left})" if before.kind in ("name", "number") else "write factorial(...)"
        if token.kind == "name" and token.text.startswith("."):
            return METHODS
        if before.kind == "name" and before.text in ("import", "from"):
            return "leave imports out: math. and np. are understood"
        if token.kind == "(" and before.kind == "number":
            function = self.tokens[at - 2] if at > 1 and earlier and earlier.kind in ("^", "**") else None
            if function and function.text in NAMES:
                return f"write {function.text}(x)^{left}"
            return f"write {left}*(...) for a product"
        if token.kind == "{" and called:
            return f"write {left}(x)"
        if token.kind == "number" and before.kind == "number" and token.text.startswith("."):
            return "a number has one decimal point"
        if token.kind.startswith("%"):
            return "of R's operators with % there are %%, %/% and %*%"
        if token.kind == "=":
            return "write == to compare"
        if token.kind in ("number", "name", "string") and before.kind in ("number", "name", ")", "]"):
            if called:
                return f"write {left}({right})"
            operand = left if before.kind in ("number", "name") else "(...)"
            return f"write {operand}*{right} for a product" if token.kind != "string" else ""
        return ""
