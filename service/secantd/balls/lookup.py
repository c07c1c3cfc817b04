"""Functions of balls by name, for those that need each other: derivatives of functions that are derivatives."""

from collections.abc import Callable
from typing import Final

from secantd.balls.numbers import Number

__all__ = ["FUNCTIONS", "call"]

# Filled by `functions`.
FUNCTIONS: Final[dict[str, Callable[..., Number]]] = {}


def call(name: str, *args: Number) -> Number:
    """Return a function of the table."""
    return FUNCTIONS[name](*args)
