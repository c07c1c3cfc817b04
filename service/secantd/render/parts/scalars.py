"""Formulas of numbers with named parts."""

from collections.abc import Mapping, Sequence

from secantd.expression import Node, reachable
from secantd.language.notation import Notation
from secantd.render.latex import BRACKETS, latex_pieces
from secantd.render.python import python_pieces
from secantd.render.r import r_pieces
from secantd.render.spelling import own_names
from secantd.render.writer import ATOM, Piece, Writer, naming

__all__ = ["ScalarPrinter"]

WRITERS: Mapping[Notation, Writer] = {
    Notation.R: r_pieces,
    Notation.PYTHON: python_pieces,
    Notation.LATEX: latex_pieces,
}
# Operations of which no part gets a name.
UNNAMED = frozenset({"number", "symbol", "data", "pi"})


class ScalarPrinter:
    """The printer of one formula of numbers, which can write its nodes by name.

    Args:
        node: The formula.
        notation: R, PYTHON or LATEX.
        names: The texts of its names; None: computed for this formula only.
    """

    def __init__(self, node: Node, notation: Notation, names: Mapping[str, str] | None) -> None:
        self.notation = notation
        self.brackets = BRACKETS if notation is Notation.LATEX else ("(", ")")
        self.nodes = reachable([node])
        self.unnamed = UNNAMED
        self.names = own_names(node, notation) if names is None else names
        self.named: dict[int, str] = {}
        self.expanded = naming(WRITERS[notation], self.names)
        # The names that are in use.
        self.texts = list({*self.names.values(), *(n.name for n in self.nodes if n.op in ("symbol", "data"))})

    def pieces(self, node: Node) -> tuple[list[Piece], int]:
        """Return the pieces of a node's text: its name if it has one."""
        name = self.named.get(node.index)
        return self.expanded(node) if name is None else ([name], ATOM)

    def loops(self) -> Sequence[Sequence[Node]]:
        """Return no loops: those over numbers are written out."""
        return ()

    def loop(self, group: Sequence[Node], limit: int) -> Sequence[tuple[str, str]]:
        """Return nothing, as there are no loops."""
        return ()
