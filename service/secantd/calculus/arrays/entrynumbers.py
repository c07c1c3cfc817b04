"""Numbers of functions of vectors and matrices whose digits are lost on the way: computed entry by entry, with more digits."""

from collections.abc import Mapping

from secantd.calculus.arrays.entrywise import Entrywise, UnsupportedError, entrywise
from secantd.calculus.arrays.points import Value
from secantd.calculus.numbers import numbers_at
from secantd.expression import Node, reachable, symbols
from secantd.language import Function

__all__ = ["EntryNumbers"]

# What may be another node, or have another length, at another point.
CHOOSING = ("order", "record", "select", "unselect")


class EntryNumbers:
    """f and its derivatives as functions of the entries of its variables, for all points of the same shapes.

    Args:
        function: The function that owns the output.
        output: f, a number.
        at: A point: a number, a vector or a matrix for each variable.

    Raises:
        UnsupportedError: As for `entrywise`, or other entries are chosen at other points.
    """

    def __init__(self, function: Function, output: Node, at: Mapping[str, Value]) -> None:
        for node in reachable([output]):
            positions = node.args[1:2] if node.op in ("gather", "scatter") else ()
            if node.op in CHOOSING or set(symbols(positions)).intersection(at):
                raise UnsupportedError("which entries are taken depends on the point")
        self._entries: Entrywise = entrywise(function, output, at)
        self._names = tuple(self._entries.at)

    def __call__(self, order: int, entries: list[float]) -> list[float]:
        """Return f, its partials and the upper triangle of its Hessian, up to an order.

        Args:
            order: 0, 1 or 2.
            entries: The entries of all variables, one variable after the other, a matrix row by row.
        """
        at = dict(zip(self._names, entries, strict=True))
        return numbers_at(self._entries.function, order, self._names, at)
