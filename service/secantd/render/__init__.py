"""Expressions to text, one module for each notation."""

from collections.abc import Callable

from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language.notation import Notation
from secantd.render.latex import latex_text
from secantd.render.python import python_text
from secantd.render.r import r_text

__all__ = ["latex_text", "python_text", "r_text", "render"]

PRINTERS: dict[Notation, Callable[[Node, int], str]] = {
    Notation.R: r_text,
    Notation.PYTHON: python_text,
    Notation.LATEX: latex_text,
}


def render(node: Node, notation: Notation, limit: int = 2_000_000) -> str:
    """Return a node in a notation.

    Raises:
        CalculusError: INVALID_VALUE for a notation that formulas are not printed in; LIMIT_EXCEEDED.
    """
    printer = PRINTERS.get(notation)
    if printer is None:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"a formula is not printed in {notation.name}",
            "use R, Python or LaTeX; Export writes C, Julia and Stan",
            field="notations",
        )
    return printer(node, limit)
