"""An interpreter of the Julia and the Stan that Export writes: neither language is packaged for Debian.

It knows their grammar and precedence as their manuals have them, and nothing of how the code is made: what it does not
know is an error. Outside their domains functions behave as the manuals specify: Julia throws, Stan gives NaN.
"""

from typing import Any

import numpy as np
from expressions import KINDS, SIGN, Env, Expr, Expressions
from libraries import Whole

__all__ = ["run"]


class Return(Exception):  # noqa: N818
    """The value of a function."""


class Parser(Expressions):
    """Statements of one language."""

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
        if word == "while" and not self.julia:
            return self.repetition()
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
        if self.julia:
            body = self.block("end")
        elif self.peek() == "{":
            self.take("{")
            body = self.block("}")
        else:
            body = [self.statement()]

        def run_branch(e: Env) -> None:
            if test(e):
                for s in body:
                    s(e)

        return run_branch

    def repetition(self) -> Expr:
        self.take("while")
        test = self.expression()
        self.take("{")
        body = self.block("}")

        def repeat(e: Env) -> None:
            while test(e):
                for s in body:
                    s(e)

        return repeat

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
                found = value(e)
                shape = tuple(int(s(e)) for s in sizes)
                assert np.shape(found) == shape, f"{name} is declared with other sizes"
                e[name] = Whole(found) if kind == "int" else np.array(found) if shape else np.float64(found)

            return declare
        self.finish()

        def reserve(e: Env) -> None:
            e[name] = np.full([int(s(e)) for s in sizes], np.nan)

        return reserve

    def assignment(self) -> Expr:
        targets: list[tuple[str, list[Expr], str]] = []
        start = self.at
        while self.tokens[self.at][0] == "name":
            if self.julia and self.peek(1) == ",":
                return self.unpacked()
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
                    index = tuple(int(p(e)) - 1 for p in places)
                    assert min(index) >= 0
                    before = e[name][index]
                    e[name][index] = {"=": result, "+=": before + result, "*=": before * result}[sign]
                elif sign == "=":
                    e[name] = result
                else:
                    assert name in e, f"{name} is not there yet"
                    e[name] = e[name] + result if sign == "+=" else e[name] * result

        return assign

    def unpacked(self) -> Expr:
        """a, b = value"""
        names = [self.name()]
        while self.peek() == ",":
            self.take(",")
            names.append(self.name())
        self.take("=")
        value = self.expression()
        self.finish()
        return lambda e: e.update(zip(names, value(e), strict=True))

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
            self.take("SpecialFunctions", "LinearAlgebra")
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
            if self.julia and self.peek() == "::":
                self.take("::")
                self.name()
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
