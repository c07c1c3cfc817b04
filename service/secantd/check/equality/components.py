"""Two formulas as components that are numbers."""

from collections.abc import Sequence

from secantd.check.claimed import grafted
from secantd.expression import Graph, Node
from secantd.language import Function
from secantd.language.writtenentries import written_entries

__all__ = ["Components"]


class Components:
    """The components of a formula and of the claim that it equals another, in pairs where the shapes are equal.

    Args:
        function: The formula; its graph grows.
        claimed: The claim.

    Attributes:
        outputs, claims: Their components, row by row of a matrix; empty if they are not known.
        shapes: The shapes of both: (), (n,), or (rows, columns).
        known: Whether all components are numbers.

    >>> from secantd.language import read
    >>> found = Components(read("rbind(c(2, x), c(x, 0))"), read("x*rbind(c(2/x, 1), c(1, 0))"))
    >>> found.shapes, len(found.outputs), found.place(2)
    (((2, 2), (2, 2)), 4, 'entry [2, 1] of ')
    """

    def __init__(self, function: Function, claimed: Function) -> None:
        graph = function.graph
        pairs = [of_one(graph, nodes) for nodes in (function.outputs, grafted(function, claimed))]
        self.known = None not in pairs
        (outputs, one), (claims, other) = (pair or ((), ()) for pair in pairs)
        self.outputs, self.claims, self.shapes = outputs, claims, (one, other)

    def place(self, i: int) -> str:
        """Return how a sentence names the i-th component."""
        shape = self.shapes[0]
        if len(shape) == 2:
            row, column = divmod(i, shape[1])
            return f"entry [{row + 1}, {column + 1}] of "
        return f"component {i + 1} of " if len(self.claims) > 1 else ""


def of_one(graph: Graph, nodes: Sequence[Node]) -> tuple[tuple[Node, ...], tuple[int, ...]] | None:
    """Return the components and the shape of the value of a text, None if they are not known."""
    found = [written_entries(graph, n) if n.shape or n.rows == 1 else (n,) for n in nodes]
    entries = [flat for flat in found if flat is not None]
    if len(entries) < len(found):
        return None
    if len(nodes) == 1:
        shape = tuple([side for side in nodes[0].shape if isinstance(side, int)])
        return (entries[0], shape) if len(shape) == len(nodes[0].shape) else None
    if any(len(flat) > 1 for flat in entries):
        return None
    return tuple([flat[0] for flat in entries]), (len(entries),)
