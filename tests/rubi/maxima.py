"""Reads the files of Rubi's integration tests in Maxima syntax: lists of [integrand, variable, steps, antiderivative, ...].

A tree is a tuple: ("number", text), ("name", text), ("neg", a), ("add" | "sub" | "mul" | "div" | "pow", a, b),
("call", name, arguments) and ("list", elements).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

__all__ = ["BadLine", "Row", "parsed", "rational", "read_line", "row_lines"]

Tree = tuple[Any, ...]
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<name>%?[A-Za-z_]\w*)|(?P<sign>[-+*/^(),\[\]]))")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
# What a file begins and ends with.
FRAME = re.compile(r"lst: '\[|\]\$")
SUMS = {"+": "add", "-": "sub"}
PRODUCTS = {"*": "mul", "/": "div"}
# The largest depth of brackets and exponents: Python's own limit is near 1000 calls.
DEEPEST = 150


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a file.

    Attributes:
        file: The file, relative to the folder of the suite.
        line: Its number, from 1.
        integrand: The function f.
        variable: The variable of integration.
        antiderivatives: Formulas whose derivative is f.
    """

    file: str
    line: int
    integrand: Tree
    variable: str
    antiderivatives: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row, and why."""

    file: str
    line: int
    reason: str


class Reader:
    """A recursive descent over the tokens of one formula."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            found = TOKEN.match(text, place)
            if found is None:
                raise ValueError(f"unexpected {text[place:].strip()[:1]!r} at character {place + 1}")
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()
        self.place = self.depth = 0

    def peek(self) -> str:
        kind, text = self.tokens[self.place] if self.place < len(self.tokens) else ("", "")
        return text if kind == "sign" else ""

    def take(self, sign: str) -> None:
        if self.peek() != sign:
            found = self.tokens[self.place][1] if self.place < len(self.tokens) else "the end"
            raise ValueError(f"expected {sign!r}, found {found}")
        self.place += 1

    def sum(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"brackets are nested deeper than {DEEPEST}")
        tree = self.product()
        while (sign := self.peek()) in SUMS:
            self.place += 1
            tree = (SUMS[sign], tree, self.product())
        self.depth -= 1
        return tree

    def product(self) -> Tree:
        tree = self.signed()
        while (sign := self.peek()) in PRODUCTS:
            self.place += 1
            tree = (PRODUCTS[sign], tree, self.signed())
        return tree

    def signed(self) -> Tree:
        signs = 0
        while self.peek() in ("-", "+"):
            signs += self.peek() == "-"
            self.place += 1
        tree = self.power()
        for _ in range(signs):
            tree = ("neg", tree)
        return tree

    def power(self) -> Tree:
        base = self.atom()
        if self.peek() != "^":
            return base
        self.place += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"exponents are nested deeper than {DEEPEST}")
        exponent = self.signed()
        self.depth -= 1
        return ("pow", base, exponent)

    def atom(self) -> Tree:
        if self.place == len(self.tokens):
            raise ValueError("the line ends within a formula")
        kind, text = self.tokens[self.place]
        if kind == "number":
            self.place += 1
            return ("number", text)
        if kind == "name":
            self.place += 1
            if self.peek() != "(":
                return ("name", text)
            tree: Tree = ("call", text, self.elements("(", ")"))
            while self.peek() == "(":
                # Derivative(1)(f)(x)
                tree = ("call", text, self.elements("(", ")"))
            return tree
        if text == "(":
            self.place += 1
            tree = self.sum()
            self.take(")")
            return tree
        if text == "[":
            return ("list", self.elements("[", "]"))
        raise ValueError(f"expected a formula, found {text}")

    def elements(self, opening: str, closing: str) -> tuple[Tree, ...]:
        self.take(opening)
        found: list[Tree] = []
        while self.peek() != closing:
            if found:
                self.take(",")
            found.append(self.sum())
        self.take(closing)
        return tuple(found)


def parsed(text: str) -> Tree:
    """Return the tree of a formula.

    Args:
        text: The formula in Maxima's syntax.

    Raises:
        ValueError: It is none; the message is the reason.

    >>> parsed("-x^2/3")
    ('div', ('neg', ('pow', ('name', 'x'), ('number', '2'))), ('number', '3'))
    """
    reader = Reader(text)
    tree = reader.sum()
    if reader.place < len(reader.tokens):
        raise ValueError(f"expected an operator, found {reader.tokens[reader.place][1]}")
    return tree


def rational(tree: Tree) -> Fraction | None:
    """Return the value of a tree of numbers, None for another one."""
    if tree[0] == "number":
        return Fraction(tree[1])
    if tree[0] == "neg":
        one = rational(tree[1])
        return None if one is None else -one
    if tree[0] in ("add", "sub", "mul", "div"):
        a, b = rational(tree[1]), rational(tree[2])
        if a is None or b is None or (tree[0] == "div" and b == 0):
            return None
        return a + b if tree[0] == "add" else a - b if tree[0] == "sub" else a * b if tree[0] == "mul" else a / b
    return None


def row_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file that may be rows, with their numbers, from 1.

    Args:
        path: The file.

    Raises:
        OSError: It cannot be read.
    """
    text = path.read_bytes().decode("utf-8", "replace")
    # A comment keeps its lines, so that those of rows can be counted.
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if line and not FRAME.fullmatch(line):
            yield number, line


def read_line(file: str, number: int, line: str) -> Row | BadLine:
    """Return the row that a line is, or why it is none.

    Args:
        file: The name of its file.
        number: Its number.
        line: Its text.

    >>> read_line("a.mac", 7, "[2*x,x,1],")
    BadLine(file='a.mac', line=7, reason='no list of integrand, variable, steps and antiderivatives')
    """
    if line.endswith("]]$"):
        line = line[:-2]
    try:
        row = parsed(line.removesuffix(","))
    except ValueError as error:
        return BadLine(file, number, str(error))
    cells = row[1] if row[0] == "list" else ()
    if len(cells) < 4 or cells[1][0] != "name":
        return BadLine(file, number, "no list of integrand, variable, steps and antiderivatives")
    return Row(file, number, cells[0], cells[1][1], tuple(cells[3:]))
