"""An interpreter of the Julia and the Stan that Export writes: neither language is packaged for Debian.

It knows their grammar and precedence as their manuals have them, and nothing of how the code is made: what it does not
know is an error. Functions do what the manuals say outside their domains too: Julia throws, Stan gives NaN.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from libraries import JULIA, STAN, Whole, divided, julia_power

__all__ = ["run"]

TOKEN = re.compile(
    r"""(?P<space>[ \t]+)|(?P<comment>(?:\#|//)[^\n]*)|(?P<newline>\n)|(?P<string>"[^"]*")
    |(?P<real>\d+\.\d*(?:[eE][-+]?\d+)?|\d+[eE][-+]?\d+)|(?P<int>\d+)|(?P<name>[^\W\d]\w*)
    |(?P<sign>\|\||&&|[-+*/]=|[<>=!]=|[-+*/^<>=!?:,;()\[\]{}])""",
    re.VERBOSE,
)
# How close an operator binds. Julia: manual, "Operator Precedence and Associativity"; Stan: reference, "Precedence table".
BINDS = {"||": 2, "&&": 3, "==": 5, "!=": 5, "<": 6, "<=": 6, ">": 6, ">=": 6, "+": 8, "-": 8, "*": 9, "/": 9, "^": 11}
SIGN = 10
KINDS = ("real", "int", "vector", "matrix")


Env = dict[str, Any]
Expr = Callable[[Env], Any]


class Return(Exception):  # noqa: N818
    """The value of a function."""


class Parser:
    """Statements and expressions of one language."""

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
            "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: np.float64(x) * y, "/": divided, "^": power,
            "<": lambda x, y: x < y, "<=": lambda x, y: x <= y, ">": lambda x, y: x > y, ">=": lambda x, y: x >= y,
            "==": lambda x, y: x == y, "!=": lambda x, y: x != y,
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
            inner = self.expression()
            self.take(")")
            return inner
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
        while self.peek() == "[":
            self.take("[")
            inner = self.element(inner, self.listed("]"))
        return inner

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

    # -- statements

    def block(self, *ends: str) -> list[Expr]:
        found: list[Expr] = []
        self.skip()
        while self.peek() not in ends:
            found.append(self.statement())
            self.skip()
        self.take(*ends)
        return found

    def statement(self) -> Expr:
        word = self.peek()
        if word == "return":
            self.take()
            values = [self.expression()]
            while self.peek() == ",":
                self.take()
                values.append(self.expression())
            self.finish()

            def leave(e: Env) -> None:
                raise Return(tuple(v(e) for v in values) if len(values) > 1 else values[0](e))

            return leave
        if word == "for":
            return self.loop()
        if word == "if":
            return self.branch()
        if not self.julia and word in KINDS:
            return self.declaration()
        return self.assignment()

    def finish(self) -> None:
        self.take("\n") if self.julia else self.take(";")

    def loop(self) -> Expr:
        self.take("for")
        if not self.julia:
            self.take("(")
        variable = self.name()
        self.take("in")
        first = self.expression(SIGN)
        self.take(":")
        last = self.expression(SIGN)
        if not self.julia:
            self.take(")")
            self.take("{")
        body = self.block("end" if self.julia else "}")

        def repeat(e: Env) -> None:
            for i in range(int(first(e)), int(last(e)) + 1):
                e[variable] = Whole(i)
                for s in body:
                    s(e)

        return repeat

    def branch(self) -> Expr:
        self.take("if")
        test = self.expression()
        body = self.block("end") if self.julia else [self.statement()]

        def run_branch(e: Env) -> None:
            if test(e):
                for s in body:
                    s(e)

        return run_branch

    def declaration(self) -> Expr:
        kind = self.take()
        sizes = []
        if self.peek() == "[":
            self.take("[")
            sizes = self.listed("]")
        name = self.name()
        if self.peek() == "=":
            self.take("=")
            value = self.expression()
            self.finish()

            def declare(e: Env) -> None:
                e[name] = value(e) if kind == "int" else np.float64(value(e))

            return declare
        self.finish()

        def reserve(e: Env) -> None:
            e[name] = np.full([int(s(e)) for s in sizes], np.nan)

        return reserve

    def assignment(self) -> Expr:
        targets: list[tuple[str, list[Expr], str]] = []
        start = self.at
        while self.tokens[self.at][0] == "name":
            begun = self.at
            name, places = self.name(), []
            if self.peek() == "[":
                self.take("[")
                places = self.listed("]")
            if self.peek() not in ("=", "+=", "*="):
                self.at = begun
                break
            targets.append((name, places, self.take()))
        value = self.expression()
        self.finish()
        assert targets or self.tokens[start][0] == "name"

        def assign(e: Env) -> None:
            result = value(e)
            for name, places, sign in reversed(targets):
                if places:
                    e[name][tuple(int(p(e)) - 1 for p in places)] = result
                elif sign == "=":
                    e[name] = result
                else:
                    assert name in e, f"{name} is not there yet"
                    e[name] = e[name] + result if sign == "+=" else e[name] * result

        return assign

    # -- files

    def program(self) -> Env:
        if not self.julia:
            self.take("functions")
            self.take("{")
        self.skip()
        while self.peek() not in ("}", ""):
            self.definition()
            self.skip()
        if not self.julia:
            self.take("}")
        assert self.peek() == ""
        return self.functions

    def definition(self) -> None:
        if self.julia and self.peek() == "using":
            self.take()
            self.take("SpecialFunctions")
            return
        short = self.julia and self.peek() != "function"
        if not short:
            self.take("function") if self.julia else self.take(*KINDS)
        name = self.name()
        self.take("(")
        parameters = []
        while self.peek() != ")":
            if not self.julia:
                self.take(*KINDS)
            parameters.append(self.name())
            if self.peek() != ")":
                self.take(",")
        self.take(")")
        if short:
            self.take("=")
            value = self.expression()
            body: list[Expr] = []
        else:
            if not self.julia:
                self.take("{")
            body = self.block("end" if self.julia else "}")
        assert len(set(parameters)) == len(parameters)
        assert name not in self.functions, f"{name} is defined twice"

        def function(*arguments: Any) -> Any:
            assert len(arguments) == len(parameters), f"{name} takes {len(parameters)} arguments"
            env: Env = dict(zip(parameters, arguments, strict=True))
            if short:
                return value(env)
            try:
                for s in body:
                    s(env)
            except Return as done:
                return done.args[0]
            raise AssertionError(f"{name} does not return")

        self.functions[name] = function


def run(text: str, julia: bool) -> Env:
    """Return the functions of a source text.

    >>> float(run("function f(x)\\n    return -x^2 / 2.0\\nend\\n", julia=True)["f"](3.0))
    -4.5
    """
    return Parser(text, julia).program()
