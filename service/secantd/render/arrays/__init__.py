"""Printers of expressions with vectors and matrices, as a person writes them in linear algebra."""

from collections.abc import Mapping

from secantd.expression import Graph, Node, reachable
from secantd.language.notation import Notation
from secantd.render.arrays.latex import LatexPrinter
from secantd.render.arrays.python import PythonPrinter
from secantd.render.arrays.r import RPrinter
from secantd.render.arrays.scans import LoopPrinter
from secantd.render.parts import named_text
from secantd.render.spelling import spelling
from secantd.render.writer import node_text

__all__ = ["array_text", "printer_of"]

PRINTERS: dict[Notation, type[LoopPrinter]] = {
    Notation.R: RPrinter,
    Notation.PYTHON: PythonPrinter,
    Notation.LATEX: LatexPrinter,
}


def array_text(
    graph: Graph, node: Node, notation: Notation, limit: int = 2_000_000, names: Mapping[str, str] | None = None
) -> str:
    """Return the text of a node that has arrays.

    R's texts need R alone, Python's `import numpy as np`, and SciPy for functions that NumPy lacks.

    Args:
        graph: The graph of the node; lengths are printed from its variables.
        node: The expression.
        notation: R, PYTHON or LATEX.
        limit: The most code points; a longer text raises LIMIT_EXCEEDED.
        names: The texts of the names of its function; None: those of the graph's names.

    >>> from secantd.expression import Length
    >>> g = Graph()
    >>> n, k = Length.named("n"), Length.named("k")
    >>> X, b = g.symbol("X", (n, k)), g.symbol("b", (k,))
    >>> gram = g.array("matmul", g.array("transpose", X), X)
    >>> [array_text(g, g.array("matmul", gram, b), n) for n in (Notation.R, Notation.PYTHON, Notation.LATEX)]
    ['crossprod(X) %*% b', 'X.T @ X @ b', 'X^{\\\\top} X b']
    """
    printer = printer_of(graph, node, notation, names)
    if any(n.op == "scan" for n in printer.nodes):
        return str(named_text(printer, node, limit, {}, repeated=True))
    return node_text(node, printer.pieces, limit, brackets=printer.brackets)


def printer_of(graph: Graph, node: Node, notation: Notation, names: Mapping[str, str] | None) -> LoopPrinter:
    """Return the printer of a node that has arrays; the arguments are those of `array_text`."""
    if names is None:
        variables = [n.name for n in graph.nodes if n.op in ("symbol", "data")]
        names = spelling(variables, notation, {n.op for n in reachable([node])}, arrays=True).texts
    return PRINTERS[notation](graph, node, names)
