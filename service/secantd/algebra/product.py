"""The parts of a product: a sign, two numbers, and powers of bases above and below the bar."""

from typing import Final

from secantd.expression import Node, Shape

__all__ = ["NONE", "Power", "Product", "shape_of"]

# A base and its exponent: a positive number or an expression.
Power = tuple[Node, float | Node]
# No powers.
NONE: Final[list[Power]] = []


class Product:
    """sign · above/below · Π upper / Π lower.

    Both numbers are nonnegative. The lists may be shared between products and are never changed.

    Args:
        negative: The sign.
        above: The number above the bar.
        below: The number below the bar.
        upper: The powers above the bar.
        lower: The powers below the bar.
    """

    __slots__ = ("above", "below", "lower", "negative", "upper")

    def __init__(
        self, negative: bool, above: float, below: float, upper: list[Power] = NONE, lower: list[Power] = NONE
    ) -> None:
        self.negative = negative
        self.above = above
        self.below = below
        self.upper = upper
        self.lower = lower

    def key(self) -> tuple[tuple[int, float, int], ...]:
        """Return a key that is equal for products that differ only in sign and numbers."""
        if not self.lower and len(self.upper) == 1:
            ((base, e),) = self.upper
            return ((base.index, e if isinstance(e, float) else e.index + 0.5, 1),)
        sides = [(b.index, e, 1) for b, e in self.upper] + [(b.index, e, -1) for b, e in self.lower]
        return tuple(sorted((i, e if isinstance(e, float) else e.index + 0.5, s) for i, e, s in sides))

    def is_number(self) -> bool:
        return not self.upper and not self.lower

    def lone(self) -> Node | None:
        """Return the base if the product is ± this base, else None."""
        if len(self.upper) == 1 and not self.lower and self.above == self.below == 1.0 and self.upper[0][1] == 1.0:
            return self.upper[0][0]
        return None


def shape_of(power: Power) -> Shape:
    """Return the shape of a power: that of its base, or of its exponent."""
    base, exponent = power
    return base.shape if base.shape or isinstance(exponent, float) else exponent.shape
