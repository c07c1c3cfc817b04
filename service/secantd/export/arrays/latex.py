"""Functions of arrays in LaTeX: f and its derivatives as formulas of an align environment."""

from collections.abc import Sequence

from secantd.export.arrays.derive import Argument, ArrayDerived
from secantd.export.latex import align
from secantd.expression import reachable
from secantd.language import Notation
from secantd.render import spelling
from secantd.render.arrays import array_text
from secantd.render.spelling import latex_name
from secantd.settings import Limits

__all__ = ["latex_source"]


def latex_source(derived: ArrayDerived, text: str, name: str, order: int, limits: Limits) -> str:
    """Return a file for \\input; it needs the package amsmath.

    Args:
        derived: f and its derivatives.
        text: The text of the function, for a comment.
        name: The name of the function.
        order: 0, 1 or 2.
        limits: The limits that apply.

    Raises:
        CalculusError: LIMIT_EXCEEDED.
    """
    outputs = derived.outputs(order)
    ops = {n.op for n in reachable(outputs)}
    spelled = spelling([a.name for a in derived.arguments], Notation.LATEX, ops, arrays=True)
    names, f = spelled.texts, latex_name(name)
    shown = [names[a.name] for a in derived.arguments[:12]]
    more = [r"\ldots"] if len(derived.arguments) > 12 else []
    heads = [f"{f}({', '.join([*shown, *more])})"]
    if order:
        heads += [rf"\frac{{\partial {f}}}{{\partial {names[a.name]}}}" for a in derived.by]
    if order == 2:
        heads += [second(f, names, derived.by, i, j) for i, j in sorted(derived.hessian)]
    rows = zip(heads, outputs, strict=True)
    return align(
        rows, lambda node, left: array_text(derived.graph, node, Notation.LATEX, left, names), text, spelled, limits
    )


def second(f: str, names: dict[str, str], by: Sequence[Argument], i: int, j: int) -> str:
    """Return the left side of a second derivative; the columns of a matrix are those of the second variable."""
    first, last = names[by[i].name], names[by[j].name]
    if by[i].shape and by[j].shape:
        below = rf"\partial {first} \, \partial {last}^{{\top}}"
    else:
        below = rf"\partial {first}^{{2}}" if i == j else rf"\partial {first} \, \partial {last}"
    return rf"\frac{{\partial^{{2}} {f}}}{{{below}}}"
