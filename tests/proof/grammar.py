"""The terms of certificates for Coq: tokens, how operations bind, and what names are applied to.

Only the part of Coq's language that certificates use is read. Nothing here is shared with the printer.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["ARITIES", "Definition", "ReadError", "Term", "Tokens", "binders", "names", "substituted", "term"]

# A term: a Fraction, a name, or (operation, term, ...); ("fun", name, body) binds a name.
Term = Fraction | str | tuple  # type: ignore[type-arg]

TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_][A-Za-z0-9_']*(?:\.[A-Za-z_][A-Za-z0-9_']*)*)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>->|=>|:=|/\\|\\/|<>|<=|>=|\*\*|%[A-Za-z]+|[-+*/^(){}\[\],:<>=~.;|?@!&\"#]))"
)
# How strongly an operation binds: those of Coq's standard notations for real numbers.
BINDING = {
    "->": 1,
    "\\/": 2,
    "/\\": 3,
    "~": 4,
    "=": 5,
    "<>": 5,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "^": 9,
    "**": 9,
}
RELATIONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
# Choices, by the relation that they decide.
DECIDED = {"Rlt_dec": "<", "Rle_dec": "<=", "Req_EM_T": "="}
# Names that are applied to arguments: with how many.
ARITIES = {
    "exp": 1, "ln": 1, "sqrt": 1, "sin": 1, "cos": 1, "tan": 1, "asin": 1, "acos": 1, "atan": 1, "sinh": 1, "cosh": 1, "tanh": 1,
    "arcsinh": 1, "Int_part": 1, "Rabs": 1, "Rsqr": 1, "Rinv": 1, "IZR": 1, "INR": 1, "Rmax": 2, "Rmin": 2, "Rpower": 2, "powerRZ": 2, "RInt": 3,
    "is_derive": 3, "sign": 1, "pow": 2, "ex_derive": 2, "locally": 2, "Derive": 2,
}  # fmt: skip


class ReadError(ValueError):
    """A file has something that is not part of a certificate."""


@dataclass(frozen=True)
class Definition:
    """A definition: a name, its parameters and its body."""

    name: str
    parameters: tuple[str, ...]
    body: Term


class Tokens:
    """The tokens of a sentence, and the place among them."""

    pattern = TOKEN

    def __init__(self, text: str, definitions: Mapping[str, Definition]) -> None:
        self.definitions = definitions
        self.found: list[tuple[str, str]] = []
        at = 0
        while at < len(text):
            match = self.pattern.match(text, at)
            if match is None:
                if not text[at:].strip():
                    break
                raise ReadError(f"not a token: {text[at : at + 20]!r}")
            self.found.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            at = match.end()
        self.at = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.at + ahead
        return self.found[place][1] if place < len(self.found) else ""

    def kind(self) -> str:
        return self.found[self.at][0] if self.at < len(self.found) else ""

    def take(self, *wanted: str) -> str:
        got = self.peek()
        if not got or (wanted and got not in wanted):
            raise ReadError(
                f"expected {' or '.join(wanted) or 'more'}, found {got!r} after {[t for _, t in self.found[max(0, self.at - 6) : self.at]]}"
            )
        self.at += 1
        return got

    def name(self) -> str:
        if self.kind() != "name":
            raise ReadError(f"expected a name, found {self.peek()!r}")
        return self.take()

    def end(self) -> None:
        if self.at < len(self.found):
            raise ReadError(f"more than a statement: {[t for _, t in self.found[self.at : self.at + 8]]}")


def binders(tokens: Tokens, end: str) -> tuple[str, ...]:
    """Read names before `end`: x y : R, or (x y : R) (z : R)."""
    names: list[str] = []
    while tokens.peek() != end:
        if tokens.peek() == "(":
            tokens.take()
            names += binders(tokens, ")")
            tokens.take(")")
        elif tokens.peek() == ":":
            tokens.take()
            kind = [tokens.take()]
            while tokens.peek() not in (end, ""):
                kind.append(tokens.take())
            if kind not in (["R"], ["R", "->", "R"], ["nat"], ["Z"]):
                raise ReadError(f"a variable of the type {' '.join(kind)}")
        else:
            names.append(tokens.name())
    return tuple(names)


def term(tokens: Tokens, least: int = 0) -> Term:
    """Read a term whose operations bind at least as strongly as `least`."""
    left = prefix(tokens)
    while (sign := tokens.peek()) in BINDING and BINDING[sign] >= least:
        tokens.take()
        binding = BINDING[sign]
        # Arrows, conjunctions and powers group to the right, the others to the left; relations do not group.
        right = term(tokens, binding if sign in ("->", "/\\", "\\/", "^") else binding + 1)
        if sign in RELATIONS and tokens.peek() in RELATIONS:
            # a <= b <= c
            second = tokens.take()
            third = term(tokens, binding + 1)
            left = ("/\\", (sign, left, right), (second, right, third))
        else:
            # A real power in Lean's statements, as tests write it.
            left = ("Rpower" if sign == "**" else sign, left, right)
    return left


def prefix(tokens: Tokens) -> Term:
    """Read a sign before a term, a binder, or an application."""
    sign = tokens.peek()
    if sign == "-":
        tokens.take()
        # Coq's unary minus and inverse bind as strongly as level 35: - x ^ 2 is - (x ^ 2), - x * y is (- x) * y.
        return ("neg", term(tokens, BINDING["^"]))
    if sign == "/":
        tokens.take()
        return ("inv", term(tokens, BINDING["^"]))
    if sign == "~":
        tokens.take()
        return ("~", term(tokens, BINDING["~"] + 1))
    if sign in ("fun", "exists", "forall"):
        tokens.take()
        separator = "=>" if sign == "fun" else ","
        names = binders(tokens, separator)
        tokens.take(separator)
        body = term(tokens)
        for name in reversed(names):
            body = (sign, name, body)
        return body
    if sign == "if":
        tokens.take()
        decided = DECIDED.get(tokens.name())
        if decided is None:
            raise ReadError("a choice by something else than a comparison")
        sides = [atom(tokens), atom(tokens)]
        tokens.take("then")
        yes = term(tokens)
        tokens.take("else")
        return ("if", decided, *sides, yes, term(tokens))
    if sign == "let":
        tokens.take()
        name = tokens.name()
        tokens.take(":=")
        value = term(tokens)
        tokens.take("in")
        return substituted(term(tokens), {name: value})
    if tokens.kind() == "name":
        return application(tokens)
    return atom(tokens)


def application(tokens: Tokens) -> Term:
    """Read a name with its arguments."""
    name = tokens.name()
    if name in ("then", "else", "in", "forall", "exists", "Type", "Prop"):
        raise ReadError(f"{name} where a term is expected")
    made = tokens.definitions.get(name)
    count = len(made.parameters) if made is not None else ARITIES.get(name, 0)
    arguments = [atom(tokens) for _ in range(count)]
    if made is not None:
        return substituted(made.body, dict(zip(made.parameters, arguments, strict=True)))
    if name in ("IZR", "INR"):
        return arguments[0]
    if name == "pow":
        return ("^", *arguments)
    if name == "Rinv":
        return ("inv", *arguments)
    return (name, *arguments) if count else name


def atom(tokens: Tokens) -> Term:
    """Read a number, a name without arguments, or a term in brackets."""
    if tokens.kind() == "number":
        value: Term = Fraction(tokens.take())
    elif tokens.peek() == "(":
        tokens.take()
        value = term(tokens)
        tokens.take(")")
    else:
        name = tokens.name()
        made = tokens.definitions.get(name)
        if name in ARITIES or (made is not None and made.parameters):
            value = ("constant", name)
        else:
            value = made.body if made is not None else name
    if tokens.peek() in ("%Z", "%nat", "%R"):
        tokens.take()
    return value


def substituted(body: Term, values: dict[str, Term]) -> Term:
    """Return a term with names replaced, not below a binder of the same name.

    Raises:
        ReadError: A binder would catch a name of a value.
    """
    if isinstance(body, str):
        return values.get(body, body)
    if not isinstance(body, tuple):
        return body
    if body[0] in ("fun", "exists", "forall"):
        inner = {name: value for name, value in values.items() if name != body[1]}
        if any(body[1] in names(value) for value in inner.values()) and inner:
            raise ReadError(f"{body[1]} would be caught")
        return (body[0], body[1], substituted(body[2], inner))
    return (body[0], *(substituted(part, values) for part in body[1:]))


def names(body: Term) -> set[str]:
    """Return the names in a term."""
    if isinstance(body, str):
        return {body}
    return set().union(*(names(part) for part in body[1:])) if isinstance(body, tuple) else set()
