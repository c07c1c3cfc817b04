"""The notations of formulas."""

from enum import Enum

__all__ = ["Notation"]


class Notation(Enum):
    """A way to write formulas; values are those of `secant.v1.Notation`."""

    R = 1
    PYTHON = 2
    LATEX = 3
    C = 4
    JULIA = 5
    STAN = 6
    TEXTBOOK = 7

    # Enum's own hash is a function of Python, three times as slow.
    __hash__ = object.__hash__
