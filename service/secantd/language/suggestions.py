"""Hints for syntax errors: what to write instead of a token that is not allowed where it is."""

from secantd.errors import CalculusError
from secantd.functions import NAMES
from secantd.language.grammar import BINARY, BRACKETS, PREFIX
from secantd.language.hints import INSTEAD, METHODS
from secantd.language.reader import Reader
from secantd.language.tokens import Token

__all__ = ["Suggestions"]


# Functions whose inverse the field writes with the exponent -1.
INVERTED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})


class Suggestions(Reader):
    """The part of the parser that finds the hint of a syntax error."""

    def before(self) -> Token:
        """Return the last token before the one just read that is not the end of a line."""
        at = max(self.at - 2, 0)
        while at and self.tokens[at].kind == "newline":
            at -= 1
        return self.tokens[at]

    def instead(self, token: Token) -> str:
        """Return the hint for a token where an operand should begin."""
        before = self.before()
        opened = next((e for e in self.entries[::-1] if e.kind in BRACKETS), None)
        touching = before.end == token.start
        if opened and opened.kind == "[" and ":" in (token.kind, before.kind) and token.kind != "end":
            return "set the notation to Python to write slices; R writes x[2:n], and A[, 1] for a whole column"
        if token.kind == "//" or (token.kind == "*" and before.kind == "/" and touching):
            return "start a comment with #"
        if token.kind == "|" or (before.kind == "|" and token.kind == "end"):
            return "write abs(x) for the absolute value"
        if token.kind in (">", "<") and before.kind == "=" and touching:
            return f"write {token.text}="
        if token.kind == "=" and before.kind in (":", "==", "="):
            return "write <- to assign, == to compare" if before.kind == ":" else "write == to compare"
        if token.kind in BINARY and (before.kind in BINARY or before.kind in PREFIX):
            same = before.text == token.text
            return f"remove one '{token.text}'" if same else f"remove one of '{before.text}' and '{token.text}'"
        if token.kind == "end" and opened:
            return f"close the '{opened.token.text}'"
        if before.text == ")" and self.entries[-1].kind == "function":
            return "write the function's body after the parameters"
        if token.kind == "end":
            return f"remove the '{before.text}' or write what follows it"
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
        """Return the hint for a token after an operand that is not an operator."""
        at = self.at - 2
        before, earlier = self.tokens[at], self.tokens[at - 1] if at else None
        called = before.kind == "name" and before.text in NAMES
        left, right = before.text[-20:], token.text[:20]
        if (
            before.kind == "name"
            and before.text in INSTEAD
            and before.text != "lambda"
            and token.kind in ("name", "number")
        ):
            return INSTEAD[before.text]
        if token.kind == "!":
            return f"write factorial({left})" if before.kind in ("name", "number") else "write factorial(...)"
        if token.kind == "name" and token.text.startswith("."):
            return METHODS
        if before.kind == "name" and before.text in ("import", "from"):
            return "remove the import; math. and np. work without it"
        if token.kind == "(" and before.kind == "number":
            inverted = self.tokens[at - 3] if at > 2 and earlier and earlier.kind == "-" else None
            if (
                inverted
                and before.text == "1"
                and self.tokens[at - 2].kind in ("^", "**")
                and inverted.text in INVERTED
            ):
                name = inverted.text
                return f"write a{name}(x) for the inverse, 1/{name}(x) for the reciprocal"
            function = self.tokens[at - 2] if at > 1 and earlier and earlier.kind in ("^", "**") else None
            if function and function.text in NAMES:
                return f"write {function.text}(x)^{left}"
            return f"write {left}*(...) for a product"
        if token.kind == "{" and called:
            return f"write {left}(x)"
        if token.kind == "number" and before.kind == "number" and token.text.startswith("."):
            return "a number has one decimal point"
        if token.kind.startswith("%"):
            return "the operators with % are %%, %/% and %*%"
        if token.kind == "=":
            return "write == to compare"
        if token.kind in ("number", "name", "string") and before.kind in ("number", "name", ")", "]"):
            if called:
                return f"write {left}({right})"
            operand = left if before.kind in ("number", "name") else "(...)"
            return f"write {operand}*{right} for a product" if token.kind != "string" else ""
        return ""
