"""A product taken apart: sign, numbers, and bases to powers, above and below the bar."""

from dataclasses import dataclass, field

from secantd.expression import Node

__all__ = ["Power", "Product"]

# A base to a power: a positive number, or an expression.
Power = tuple[Node, float | Node]


@dataclass(slots=True)
class Product:
    """sign · above/below · Π bases/Π bases; both numbers are positive."""

    negative: bool = False
    above: float = 1.0
    below: float = 1.0
    upper: list[Power] = field(default_factory=list)
    lower: list[Power] = field(default_factory=list)

    def key(self) -> tuple[tuple[int, float, int], ...]:
        """What two products share that differ only in their number."""
        sides = [(b.index, e, 1) for b, e in self.upper] + [(b.index, e, -1) for b, e in self.lower]
        return tuple(sorted((i, e if isinstance(e, float) else e.index + 0.5, s) for i, e, s in sides))

    def is_number(self) -> bool:
        return not self.upper and not self.lower

    def lone(self) -> Node | None:
        """The base, where it is all there is but a sign."""
        if len(self.upper) == 1 and not self.lower and self.above == self.below == 1.0 and self.upper[0][1] == 1.0:
            return self.upper[0][0]
        return None
