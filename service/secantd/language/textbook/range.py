"""The index of a sum or a product."""

from secantd.language.textbook.trees import Tree

__all__ = ["Range"]


class Range:
    """The operation, the index and the bounds of a sum; without an index it is over data.

    Attributes:
        op: "sum", "prod", "max" or "min".
        index: The name of the index, "" where there is none.
        lower: The first value of the index.
        upper: The last one.
        more: Further indices with the same bounds: those of sums within this one.
        over_data: Whether an index runs over the entries of vectors.
    """

    __slots__ = ("above", "below", "index", "lower", "more", "nested", "op", "upper")

    def __init__(self, op: str, index: str = "", lower: Tree | None = None, upper: Tree | None = None) -> None:
        self.op = op
        self.index = index
        self.lower = lower
        self.upper = upper
        self.more: list[Range] = []
        # Whether the last value is the index of a sum around this one.
        self.nested = False
        # The index around this one that its values are above or below, "" where they are not.
        self.above = self.below = ""

    @property
    def over_data(self) -> bool:
        return bool(self.index) and (self.upper is None or (self.letter is not None and not self.nested))

    @property
    def letter(self) -> Tree | None:
        """The letter of the last value: that of n and of n - 1; None where there is none."""
        upper = self.upper
        if upper is None or upper.kind == "name":
            return upper
        if upper.kind != "add" or len(upper.parts) != 2:
            return None
        name, less = upper.parts
        return name if name.kind == "name" and less.kind == "minus" and less.parts[0].kind == "number" else None

    def bounds(self) -> tuple[Tree | None, Tree | None]:
        return self.lower, self.upper
