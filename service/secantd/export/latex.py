"""LaTeX: f and its derivatives as formulas of an align environment."""

import re
from collections.abc import Callable, Iterable

from secantd.calculus.derivative import expect_many, light_derivative
from secantd.calculus.formulas import spelling_of
from secantd.calculus.point import scalar
from secantd.errors import limit_exceeded
from secantd.export.language import Language
from secantd.export.names import commented
from secantd.export.sourcefile import triangle
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.render.latex import latex_text
from secantd.render.names import Identifiers
from secantd.render.spelling import Spelling, latex_name
from secantd.settings import Limits
from secantd.version import __version__

__all__ = ["LATEX", "align", "source_code"]

# Of a language only what names need: no code is written in it.
LATEX = Language(
    notation=Notation.LATEX,
    title="LaTeX",
    suffix=".tex",
    comment="% ",
    templates={},
    helpers={},
    number=repr,
    identifiers=Identifiers(re.compile(r"[A-Za-z][A-Za-z0-9_.]*"), frozenset()),
    function=lambda name, parameters, lines, result: "",
    let=lambda name, text: "",
)


def source_code(function: Function, text: str, chosen: tuple[str, ...], order: int, name: str, limits: Limits) -> str:
    """Return a file for \\input; it needs the package amsmath.

    Args:
        function: A scalar function.
        text: Its text, for a comment.
        chosen: The variables of the derivatives.
        order: 0, 1 or 2.
        name: The name of the function.
        limits: The limits that apply.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.
    """
    output = scalar(function)
    f = latex_name(name)
    spelling = spelling_of(function, Notation.LATEX)
    texts = spelling.texts
    names = [texts.get(v) or latex_name(v) for v in chosen]
    arguments = ", ".join(texts[v] for v in function.variables[:12]) + (
        r", \ldots" if len(function.variables) > 12 else ""
    )
    rows = [(f"{f}({arguments})" if arguments else f, output)]
    if order:
        expect_many(function, output, chosen)
        rows += [
            (rf"\frac{{\partial {f}}}{{\partial {n}}}", light_derivative(function, output, [v], limits=limits))
            for n, v in zip(names, chosen, strict=True)
        ]
    if order == 2:
        for i, j in triangle(len(chosen)):
            below = rf"\partial {names[i]}^{{2}}" if i == j else rf"\partial {names[i]} \, \partial {names[j]}"
            head = rf"\frac{{\partial^{{2}} {f}}}{{{below}}}"
            rows.append((head, light_derivative(function, output, [chosen[i], chosen[j]], limits=limits)))
    return align(rows, lambda node, left: latex_text(node, left, names=texts), text, spelling, limits)


def align(
    rows: Iterable[tuple[str, Node]], written: Callable[[Node, int], str], text: str, spelling: Spelling, limits: Limits
) -> str:
    """Return a file of formulas, one a line.

    Args:
        rows: The left side and the right side of each formula.
        written: Returns the text of a right side of at most so many code points.
        text: The text of the function, for a comment.
        spelling: The names in the formulas.
        limits: The limits that apply.

    Raises:
        CalculusError: LIMIT_EXCEEDED.
    """
    left, lines = limits.output_length, []
    for head, node in rows:
        line = f"{head} &= {written(node, max(left, 0))}"
        left -= len(line)
        if left < 0:
            headline, hint = "the code is too long to write", "request a lower order or fewer variables"
            raise limit_exceeded("output_length", headline, limits.output_length, hint)
        lines.append("  " + line)
    comment = [f"% Written by Secant {__version__} from", "%", *(f"%     {line}" for line in commented(text)), "%"]
    if spelling.changed:
        comment += [f"% {spelling.notice(Notation.LATEX)}", "%"]
    comment.append("% \\usepackage{amsmath}")
    return "\n".join(comment) + "\n\n\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"
