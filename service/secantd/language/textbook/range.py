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
    """

    __slots__ = ("index", "lower", "op", "upper")

    def __init__(self, op: str, index: str = "", lower: Tree | None = None, upper: Tree | None = None) -> None:
        self.op = op
        self.index = index
        self.lower = lower
        self.upper = upper

    def bounds(self) -> tuple[Tree | None, Tree | None]:
        return self.lower, self.upper
