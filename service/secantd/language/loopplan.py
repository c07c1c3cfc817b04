"""What a loop over data takes, and how it is read."""

from dataclasses import dataclass, field

from secantd.expression import Dimension, Length, Node, minus, plus
from secantd.language.arrays import number_of
from secantd.language.carried import Kind
from secantd.language.context import Context
from secantd.language.rows import Rows
from secantd.language.values import Value, Vector

__all__ = ["KindsError", "Plan", "Taken"]


class KindsError(Exception):
    """A name has a value of another kind after a row than before it; the loop is read again."""


@dataclass(slots=True)
class Plan:
    """How a loop is read.

    Attributes:
        front: How many of its first rows are read one by one.
        back: How many of its last rows are.
        whole: The names that are carried as a whole although a row assigns to their elements.
        short: The names of vectors whose elements a row assigns, of few entries.
        kinds: The kinds of carried names after a row, where they differ from those before the loop.
        results: The entries of all results of a row, where they are read again with other kinds: they must be the same.
        locals: What stands for a number or vector within a row, by its key.
        paths: Receives the vectors of the values of carried numbers, by name.
    """

    front: int = 0
    back: int = 0
    whole: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()
    kinds: dict[str, Kind] = field(default_factory=dict)
    results: dict[str, list[Node]] | None = None
    locals: dict[object, Node] = field(default_factory=dict)
    paths: dict[str, Node] = field(default_factory=dict)

    def peel(self, front: int, back: int) -> None:
        self.front += front
        self.back += back
        self.kinds, self.results = {}, None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a loop takes.

    Attributes:
        first: The index in the first row.
        last: The index in the last row.
        parts: Vectors, and None for the index itself.
        zipped: Whether the rows have several values.
    """

    first: Dimension
    last: Dimension
    parts: tuple[Node | None, ...]
    zipped: bool

    def count(self) -> Dimension:
        return plus(self.last, minus(self.first), 1)

    def rows(self, context: Context, plan: Plan) -> Rows:
        """Return the rows that are read once for all."""
        rows = Rows(context, plus(self.first, plan.front), plus(self.last, -plan.back), plan.locals)
        rows.may_be_empty = isinstance(rows.count, Length) and (context.zero_based or plan.front + plan.back > 0)
        edges = (plan.front, plan.back)
        entries = [
            rows.index if v is None else rows.value(context.graph.array("slice", v, payload=edges) if any(edges) else v)
            for v in self.parts
        ]
        rows.item = Vector(tuple(entries)) if self.zipped else entries[0]
        return rows

    def item(self, context: Context, k: int) -> Value:
        """Return what the name of the loop is in row k, which counts from 0, or from -1 at the end."""
        index = plus(self.first, k) if k >= 0 else plus(self.last, k + 1)
        entries = [
            number_of(context, index) if v is None else context.graph.array("element", v, payload=(k,))
            for v in self.parts
        ]
        return Vector(tuple(entries)) if self.zipped else entries[0]
