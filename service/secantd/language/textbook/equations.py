"""The equations of a text: where they begin and end, and what is on their sides."""

from collections.abc import Sequence
from typing import Final

from secantd.language.textbook.parser import Parser
from secantd.language.textbook.trees import ABSTRACT, Tree, nodes
from secantd.language.tokens import Token

__all__ = ["Piece", "has_abstract", "sides_of", "split", "without_domains"]

OPENING: Final = frozenset({"(", "[", "{", "open", "begin"})
CLOSING: Final = frozenset({")", "]", "}", "close", "end of environment"})
WORDS: Final = frozenset({"for", "where", "with", "if", "for all", "and"})
RELATIONS: Final = frozenset({"in", "<", "<=", ">", ">=", "!="})
SEPARATORS: Final = frozenset({",", ";", "newline"})


class Piece:
    """An equation or a formula: `name` is what its left side defines, with `parameters` where that is a function."""

    def __init__(self, first: Token, sides: list[Tree], parsers: list[Parser]) -> None:
        self.first = first
        self.sides = sides
        self.parsers = parsers
        self.name = ""
        self.parameters: list[str] | None = None

    @property
    def formula(self) -> Tree:
        return self.sides[-1]


def has_abstract(tree: Tree) -> bool:
    return any(t.kind in ABSTRACT for t in nodes(tree))


def split(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the ranges of the equations that commas, semicolons and lines separate, outside of brackets."""
    found, depth, first = [], 0, 0
    for at, token in enumerate(tokens):
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        if (token.kind in SEPARATORS and depth <= 0) or token.kind == "end":
            if at > first:
                found.append((first, at))
            first = at + 1
    return found


def sides_of(tokens: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """Return the ranges of the sides of an equation."""
    found, depth, begin = [], 0, first
    for at in range(first, last):
        kind = tokens[at].kind
        depth += (kind in OPENING) - (kind in CLOSING)
        if kind == "=" and depth <= 0:
            found.append((begin, at))
            begin = at + 1
    return [*found, (begin, last)]


def without_domains(tokens: Sequence[Token]) -> tuple[list[Token], list[tuple[int, int]]]:
    r"""Return tokens without remarks behind a formula such as ", x \in [0, 1]" and "\text{for } x > 0", and their places."""
    ends: list[int] = []
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.kind in OPENING) - (token.kind in CLOSING)
        word = token.kind in ("text", "upright") and token.name.strip().lower().rstrip(":,") in WORDS
        if at and depth <= 0 and (token.kind in SEPARATORS or word):
            ends.append(at)
    kept, remarks = list(tokens), []
    last = len(tokens) - 1
    for at in reversed(ends):
        inside = tokens[at:last]
        names = [t for t in inside if t.kind in ("name", "style")]
        bare = [t.kind for t in inside if t.kind not in (",", ";", "newline", "text", "upright")]
        about = (
            any(kind in RELATIONS for kind in bare)
            and "=" not in bare
            and bare[:1] in (["name"], ["style"], ["number"], ["-"])
        )
        if not (names and about):
            break
        remarks.append((inside[inside[0].kind in SEPARATORS].start, inside[-1].end))
        kept[at:last] = []
        last = at
    return kept, remarks[::-1]
