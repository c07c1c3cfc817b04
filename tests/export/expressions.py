"""Tokens and expressions of the Julia and the Stan that Export writes, by their manuals."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from libraries import JULIA, STAN, Whole, divided, julia_power

__all__ = ["KINDS", "SIGN", "Env", "Expr", "Expressions"]

TOKEN = re.compile(
    r"""(?P<space>[ \t]+)|(?P<comment>(?:\#|//)[^\n]*)|(?P<newline>\n)|(?P<string>"[^"]*")
    |(?P<real>\d+\.\d*(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)|(?P<int>\d+)|(?P<name>[^\W\d]\w*)
    |(?P<sign>\|\||&&|[-+*/]=|[<>=!]=|::|%/%|[-+*/^<>=!?:,;()\[\]{}%÷\\'])""",
    re.VERBOSE,
)
# How close an operator binds. Julia: manual, "Operator Precedence and Associativity"; Stan: reference, "Precedence table".
BINDS = {
    "||": 2,
    "&&": 3,
    "==": 5,
    "!=": 5,
    "<": 6,
    "<=": 6,
    ">": 6,
    ">=": 6,
    "+": 8,
    "-": 8,
    "*": 9,
    "/": 9,
    "^": 11,
    "%": 9,
    "÷": 9,
    "%/%": 9,
    "\\": 9,
}
SIGN = 10
KINDS = ("real", "int", "vector", "matrix")


Env = dict[str, Any]
Expr = Callable[[Env], Any]


def product(x: Any, y: Any) -> Any:
    """The product of numbers, or of a matrix and a matrix or vector."""
    return x @ y if np.ndim(x) and np.ndim(y) else np.float64(x) * y


class Expressions:
    """The expressions of one language."""

    def __init__(self, text: str, julia: bool) -> None:
        self.julia = julia
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            found = TOKEN.match(text, at)
            assert found is not None, f"no token of the language: {text[at : at + 20]!r}"
            kind = found.lastgroup or ""
            if kind not in ("space", "comment") and not (kind == "newline" and not julia):
                self.tokens.append((kind, found.group()))
            at = found.end()
        self.tokens.append(("end of file", ""))
        self.at = 0
        self.functions: Env = {}

    # -- tokens

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)][1]

    def take(self, *expected: str) -> str:
        kind, text = self.tokens[self.at]
        assert not expected or text in expected, f"expected {expected}, found {text!r}"
        self.at += 1
        return text if kind != "newline" else "\n"

    def name(self) -> str:
        kind, text = self.tokens[self.at]
        assert kind == "name", f"expected a name, found {text!r}"
        self.at += 1
        return text

    def skip(self) -> None:
        while self.tokens[self.at][0] == "newline":
            self.at += 1

    # -- expressions

    def expression(self, least: int = 0) -> Expr:
        left = self.operand()
        while True:
            sign = self.peek()
            if sign == "?" and least <= 1:
                self.take("?")
                yes = self.expression(1)
                self.take(":")
                left = self.choice(left, yes, self.expression(1))
                continue
            power = BINDS.get(sign)
            if power is None or power < max(least, 2):
                return left
            self.take()
            # Powers from the right, all others from the left.
            right = self.expression(SIGN if sign == "^" else power + 1)
            left = self.binary(sign, left, right)

    def choice(self, test: Expr, yes: Expr, no: Expr) -> Expr:
        return lambda e: yes(e) if test(e) else no(e)

    def binary(self, sign: str, a: Expr, b: Expr) -> Expr:
        if sign == "||":
            return lambda e: a(e) or b(e)
        if sign == "&&":
            return lambda e: a(e) and b(e)
        power = julia_power if self.julia else STAN["pow"]
        operations: dict[str, Callable[[Any, Any], Any]] = {
            "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": product, "/": divided, "^": power,
            "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
            "==": lambda x, y: x == y, "!=": lambda x, y: x != y,
            "%": lambda x, y: Whole(int(x) % int(y)), "÷": lambda x, y: Whole(int(x) // int(y)),
            "%/%": lambda x, y: Whole(int(x) // int(y)), "\\": np.linalg.solve,
        }  # fmt: skip
        f = operations[sign]
        return lambda e: f(a(e), b(e))

    def operand(self) -> Expr:
        kind, text = self.tokens[self.at]
        if text in ("-", "!"):
            self.take()
            inner = self.expression(SIGN)
            return (lambda e: -inner(e)) if text == "-" else (lambda e: not inner(e))
        self.at += 1
        if kind == "real":
            value: Any = np.float64(text)
            return lambda e: value
        if kind == "int":
            return lambda e: Whole(text)
        if kind == "string":
            return lambda e: text
        if text == "(":
            items = self.listed(")")
            # Several values are a tuple of Julia.
            assert len(items) == 1 or (self.julia and items)
            inner = items[0] if len(items) == 1 else (lambda e: tuple(item(e) for item in items))
            return self.suffixed(inner)
        if text == "[":
            assert self.julia
            items = self.listed("]")
            return lambda e: np.array([float(i(e)) for i in items])
        assert kind == "name", f"an expression cannot begin with {text!r}"
        if self.peek() == "(":
            self.take("(")
            return self.suffixed(self.call(text, self.listed(")")))
        return self.suffixed(
            lambda e: e[text] if text in e else self.functions[text] if text in self.functions else JULIA[text]
        )

    def call(self, name: str, arguments: list[Expr]) -> Expr:
        library = JULIA if self.julia else STAN

        def called(e: Env) -> Any:
            f = e[name] if name in e else self.functions.get(name, library.get(name))
            assert callable(f), f"unknown function {name}"
            return f(*[a(e) for a in arguments])

        return called

    def suffixed(self, inner: Expr) -> Expr:
        while self.peek() in ("[", "'"):
            if self.take() == "'":
                inner = self.transposed(inner)
            else:
                inner = self.element(inner, self.listed("]"))
        return inner

    def transposed(self, inner: Expr) -> Expr:
        return lambda e: inner(e).T

    def element(self, inner: Expr, places: list[Expr]) -> Expr:
        def taken(e: Env) -> Any:
            index = tuple(int(p(e)) - 1 for p in places)
            assert min(index) >= 0
            return inner(e)[index if len(index) > 1 else index[0]]

        return taken

    def listed(self, end: str) -> list[Expr]:
        found: list[Expr] = []
        while self.peek() != end:
            found.append(self.expression())
            if self.peek() != end:
                self.take(",")
        self.take(end)
        return found
