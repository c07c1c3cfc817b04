"""Shapes of values: scalars, vectors and matrices whose lengths are numbers or names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = [
    "SCALAR",
    "STRETCHED",
    "Dimension",
    "Length",
    "Shape",
    "VariableShape",
    "minus",
    "plus",
    "shape_text",
    "substituted",
]


# The length that a mask determines, by the number of the mask.
MASKED: Final = re.compile(r"#\d+")


class Length:
    """A length that is not known yet: a sum of named lengths with whole coefficients, and a whole number.

    `diff(x)` has the length n - 1, `c(x, y)` the length n + m.

    Attributes:
        terms: Names in alphabetical order, each with its coefficient, which is not 0.
        offset: The number that is added.
    """

    __slots__ = ("offset", "terms")

    def __init__(self, terms: tuple[tuple[str, int], ...], offset: int = 0) -> None:
        self.terms = terms
        self.offset = offset

    @staticmethod
    def named(name: str) -> "Length":
        """Return the length with a name."""
        return Length(((name, 1),))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Length) and self.terms == other.terms and self.offset == other.offset

    def __hash__(self) -> int:
        return hash((self.terms, self.offset))

    def __repr__(self) -> str:
        """Return the length as a formula.

        >>> Length((("m", 1), ("n", 2)), -1)
        m + 2*n - 1
        """
        text = ""
        for name, factor in self.terms:
            sign = ("-" if factor < 0 else "") if not text else (" - " if factor < 0 else " + ")
            text += sign + (name if abs(factor) == 1 else f"{abs(factor)}*{name}")
        return text + (f" {'-' if self.offset < 0 else '+'} {abs(self.offset)}" if self.offset else "")


Dimension = int | Length
Shape = tuple[Dimension, ...]

SCALAR: Final[Shape] = ()

# The side of a matrix along which a vector repeats (operations "column" and "row"). It is not the length 1, and it
# agrees with any length.
STRETCHED: Final = Length((("*", 1),))


@dataclass(frozen=True)
class VariableShape:
    """The shape of a variable as a request declares it.

    Attributes:
        dimensions: None for a number, one for a vector, rows and columns for a matrix; each a number of at least 1, or a
            name, which means the same length wherever it occurs. A Length is one of another text: it equals no other.
        symmetric: Whether it is a symmetric matrix.
    """

    dimensions: "tuple[int | str | Length, ...]"
    symmetric: bool = False


def plus(*dimensions: Dimension) -> Dimension:
    """Return the sum of lengths.

    >>> n = Length.named("n")
    >>> plus(n, -1), plus(n, Length.named("m"), 2), plus(2, 3)
    (n - 1, m + n + 2, 5)
    """
    offset, factors = 0, dict[str, int]()
    for d in dimensions:
        if isinstance(d, int):
            offset += d
        else:
            offset += d.offset
            for name, factor in d.terms:
                factors[name] = factors.get(name, 0) + factor
    terms = tuple((name, factors[name]) for name in sorted(factors) if factors[name])
    return Length(terms, offset) if terms else offset


def minus(dimension: Dimension) -> Dimension:
    """Return the negative of a length.

    >>> plus(Length.named("n"), minus(plus(Length.named("n"), 1)))
    -1
    """
    if isinstance(dimension, int):
        return -dimension
    return Length(tuple((name, -factor) for name, factor in dimension.terms), -dimension.offset)


def substituted(dimension: Dimension, lengths: Mapping[str, Dimension]) -> Dimension:
    """Return a length with some of its names replaced.

    >>> substituted(plus(Length.named("n"), -1), {"n": 4})
    3
    """
    if isinstance(dimension, int):
        return dimension
    parts: list[Dimension] = [dimension.offset]
    for name, factor in dimension.terms:
        part = lengths.get(name, Length.named(name))
        if isinstance(part, int):
            parts.append(factor * part)
        else:
            parts.append(Length(tuple((n, f * factor) for n, f in part.terms), part.offset * factor))
    return plus(*parts)


def shape_text(shape: Shape) -> str:
    """Return a shape as errors and answers print it.

    >>> n = Length.named("n")
    >>> shape_text(()), shape_text((n,)), shape_text((n, 3)), shape_text((4,))
    ('a number', 'a vector of length n', 'a n x 3 matrix', 'a vector of length 4')
    """
    sides = ["1" if d is STRETCHED else MASKED.sub("#", str(d)) for d in shape]
    if not sides:
        return "a number"
    if sides == ["#"]:
        return "a vector of the entries that a condition chooses"
    if len(sides) == 2 and sides[0] == "#":
        return f"a matrix of the rows that a condition chooses, with {sides[1]} columns"
    sides = [side.replace("#", "(number of chosen entries)") for side in sides]
    return f"a vector of length {sides[0]}" if len(sides) == 1 else f"a {' x '.join(sides)} matrix"
