"""Values of expressions to as many digits as needed, by mpmath."""

from secantd.precise.digits import DIGITS, MORE_DIGITS, Digits, is_rounded, restore
from secantd.precise.sides import Side, Sides, agreed
from secantd.precise.special import SPECIAL, UnsupportedError, special

__all__ = [
    "DIGITS",
    "MORE_DIGITS",
    "SPECIAL",
    "Digits",
    "Side",
    "Sides",
    "UnsupportedError",
    "agreed",
    "is_rounded",
    "restore",
    "special",
]
