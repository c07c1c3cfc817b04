"""A product taken apart: sign, numbers, and bases to powers, above and below the bar."""

from secantd.expression import Node

__all__ = ["NONE", "Power", "Product"]

# A base to a power: a positive number, or an expression.
Power = tuple[Node, float | Node]
# Nothing above the bar, or below.
NONE: list[Power] = []


class Product:
    """sign · above/below · Π bases/Π bases; both numbers are positive, and the lists are shared: never changed."""

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
        """What two products share that differ only in their number."""
        if not self.lower and len(self.upper) == 1:
            ((base, e),) = self.upper
            return ((base.index, e if isinstance(e, float) else e.index + 0.5, 1),)
        sides = [(b.index, e, 1) for b, e in self.upper] + [(b.index, e, -1) for b, e in self.lower]
        return tuple(sorted((i, e if isinstance(e, float) else e.index + 0.5, s) for i, e, s in sides))

    def is_number(self) -> bool:
        return not self.upper and not self.lower

    def lone(self) -> Node | None:
        """The base, where it is all there is but a sign."""
        if len(self.upper) == 1 and not self.lower and self.above == self.below == 1.0 and self.upper[0][1] == 1.0:
            return self.upper[0][0]
        return None
