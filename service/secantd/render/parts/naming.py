"""Which parts of an answer get names."""

from enum import Enum

__all__ = ["Naming"]


class Naming(Enum):
    """Which parts of a formula are written before it, by name; values are those of `secant.v1.Naming`."""

    # A formula is one expression.
    NONE = 1
    # The parts to which the author's text assigns a name.
    AUTHOR = 2
    # Also parts that occur more than once.
    REPEATED = 3
