"""What a row of a loop over data hands to the next under one name: a number, a vector, a matrix or a list of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from secantd.expression import Graph, Node, Shape
from secantd.language.entrywise import Entries, whole_shape
from secantd.language.values import Oriented, Value, Vector

__all__ = ["Kind", "entries_of", "kind_of"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is, without its entries.

    Attributes:
        shape: The shape of its node; () for a number and for a list.
        column: Whether a vector is R's matrix of one column (True) or one row (False); None for others.
        items: The kinds of the items of a list; None for others.
        names: The names of the items.
    """

    shape: Shape = ()
    column: bool | None = None
    items: "tuple[Kind, ...] | None" = None
    names: tuple[str | None, ...] = ()

    def size(self) -> int | None:
        """Return how many entries a value has; None where that is not known."""
        if self.items is not None:
            sizes = [item.size() for item in self.items]
            known = [size for size in sizes if size is not None]
            return sum(known) if len(known) == len(sizes) else None
        sides = whole_shape(self.shape)
        return None if sides is None else prod(sides)

    def is_flat(self) -> bool:
        """Return whether a value is a vector, as a whole or a list of numbers."""
        if self.items is not None:
            return all(item == Kind() for item in self.items)
        return len(self.shape) == 1

    def value(self, graph: Graph, entries: Sequence[Node]) -> Value:
        """Return the value with given entries, row by row of a matrix."""
        return self._made(graph, iter(entries))

    def _made(self, graph: Graph, entries: Iterator[Node]) -> Value:
        if self.items is not None:
            return Vector(tuple([item._made(graph, entries) for item in self.items]), self.names)
        if not self.shape:
            return next(entries)
        sides = whole_shape(self.shape)
        assert sides is not None
        vector = graph.array("concatenate", *[next(entries) for _ in range(prod(sides))])
        if len(sides) == 2:
            return graph.array("reshape", vector, payload=(1,), shape=sides)
        return vector if self.column is None else Oriented(vector, self.column)


def kind_of(value: Value) -> Kind | None:
    """Return the kind of a value; None for what is made of no numbers, such as a function."""
    if isinstance(value, Node):
        return Kind(value.shape)
    if isinstance(value, Oriented):
        return Kind(value.node.shape, value.column)
    if isinstance(value, Vector):
        items = [kind_of(item) for item in value.items]
        known = [item for item in items if item is not None]
        return Kind((), None, tuple(known), value.names) if len(known) == len(items) else None
    return None


def entries_of(entries: Entries, value: Value) -> list[Node]:
    """Return the entries of a value, row by row of a matrix.

    Raises:
        CalculusError: A size is not known, or an operation has no entries in a loop.
    """
    if isinstance(value, Vector):
        return [entry for item in value.items for entry in entries_of(entries, item)]
    node = value.node if isinstance(value, Oriented) else value
    assert isinstance(node, Node)
    return [*entries.of(node)]
