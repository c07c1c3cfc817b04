"""The index of a sum or a product."""

from secantd.language.textbook.trees import Tree

__all__ = ["Range"]


class Range:
    """The operation, the index and the bounds of a sum; without an index it is over data.

    Attributes:
        op: "sum" or "prod".
        index: The name of the index, "" where there is none.
        lower: The first value of the index.
        upper: The last one.
        more: Further indices with the same bounds: those of sums within this one.
        over_data: Whether an index runs over the entries of vectors.
    """

    __slots__ = ("index", "lower", "more", "nested", "op", "upper")

    def __init__(self, op: str, index: str = "", lower: Tree | None = None, upper: Tree | None = None) -> None:
        self.op = op
        self.index = index
        self.lower = lower
        self.upper = upper
        self.more: list[Range] = []
        # Whether the last value is the index of a sum around this one.
        self.nested = False

    @property
    def over_data(self) -> bool:
        return bool(self.index) and (self.upper is None or (self.upper.kind == "name" and not self.nested))

    def bounds(self) -> tuple[Tree | None, Tree | None]:
        return self.lower, self.upper
