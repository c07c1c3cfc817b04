"""Printers of expressions, one module for each notation."""

from collections.abc import Callable, Mapping
from typing import Final

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node
from secantd.language.notation import Notation
from secantd.render.latex import latex_text
from secantd.render.parts import NamedText, Naming, PartsPrinter, ScalarPrinter, named_text
from secantd.render.python import python_text
from secantd.render.r import r_text
from secantd.render.spelling import Spelling, spelling

__all__ = [
    "NamedText",
    "Naming",
    "Spelling",
    "latex_text",
    "named_parts",
    "python_text",
    "r_text",
    "render",
    "spelling",
]

PRINTERS: Final[dict[Notation, Callable[..., str]]] = {
    Notation.R: r_text,
    Notation.PYTHON: python_text,
    Notation.LATEX: latex_text,
}

NOTHING_KNOWN: Final[dict[str, Node]] = {}


def render(
    node: Node,
    notation: Notation,
    limit: int = 2_000_000,
    names: Mapping[str, str] | None = None,
    graph: Graph | None = None,
) -> str:
    """Return the text of a node in a notation.

    Args:
        node: The expression.
        notation: R, PYTHON or LATEX.
        limit: The most code points of the text.
        names: The texts of the names of its function; None: those of its own names.
        graph: The graph of a function with arrays, whose variables lengths are printed from; None for numbers.

    Raises:
        CalculusError: INVALID_VALUE for a notation that formulas are not printed in; LIMIT_EXCEEDED.
    """
    printer = PRINTERS.get(notation)
    if printer is None:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"formulas cannot be printed in {notation.name}",
            "use R, Python or LaTeX; use Export for C, JavaScript, Julia, Stan and SQL",
            field="notations",
        )
    if graph is not None:
        from secantd.render.arrays import array_text

        return array_text(graph, node, notation, limit, names)
    return printer(node, limit, names=names)


def named_parts(
    node: Node,
    notation: Notation,
    limit: int = 2_000_000,
    names: Mapping[str, str] | None = None,
    graph: Graph | None = None,
    known: Mapping[str, Node] = NOTHING_KNOWN,
    *,
    repeated: bool = True,
) -> NamedText:
    """Return the text of a node with names for its parts.

    Args:
        node: The expression.
        notation: R, PYTHON or LATEX.
        limit: The most code points of all texts.
        names: As for `render`.
        graph: As for `render`.
        known: Names that the author gave to parts, which are used again; names of variables are not.
        repeated: Whether parts that occur more than once get names, too.

    >>> g = Graph()
    >>> x = g.symbol("x", (3,))
    >>> p = g.array("softmax", x)
    >>> node = g.make("mul", p, g.make("add", g.number(1), g.make("neg", p)))
    >>> print(named_parts(node, Notation.R, graph=g))
    .e1 <- exp(x)/sum(exp(x))
    .e1 * (1 - .e1)
    >>> print(named_parts(node, Notation.PYTHON, graph=g, known={"p": p}, repeated=False))
    p = np.exp(x - np.logaddexp.reduce(x))
    p*(1 - p)
    """
    printer: PartsPrinter
    if graph is None:
        printer = ScalarPrinter(node, notation, names)
    else:
        from secantd.render.arrays import printer_of

        printer = printer_of(graph, node, notation, names)
    return named_text(printer, node, limit, known, repeated=repeated)
