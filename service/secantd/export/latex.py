"""LaTeX: f and its derivatives as formulas of an align environment."""

import re

from secantd.calculus.derivative import expect_many, light_derivative
from secantd.calculus.point import scalar
from secantd.errors import limit_exceeded
from secantd.export.language import Language
from secantd.export.names import commented
from secantd.export.plan import triangle
from secantd.language import Function, Notation
from secantd.render.latex import latex_name, latex_text
from secantd.settings import Limits
from secantd.version import __version__

__all__ = ["LATEX", "write"]

# Of a language only what names need: no code is written in it.
LATEX = Language(
    notation=Notation.LATEX,
    title="LaTeX",
    suffix=".tex",
    comment="% ",
    forms={},
    helpers={},
    number=repr,
    names=re.compile(r"[A-Za-z][A-Za-z0-9_.]*"),
    reserved=frozenset(),
    function=lambda name, parameters, lines, result: "",
    let=lambda name, text: "",
)


def write(function: Function, text: str, chosen: tuple[str, ...], order: int, name: str, limits: Limits) -> str:
    """Return a file for \\input; it needs the package amsmath.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.
    """
    output = scalar(function)
    f, left = latex_name(name), limits.output_length
    names = [latex_name(v) for v in chosen]
    arguments = ", ".join(latex_name(v) for v in function.variables[:12]) + (
        r", \ldots" if len(function.variables) > 12 else ""
    )
    rows = [(f"{f}({arguments})" if arguments else f, output)]
    if order:
        expect_many(function, output, chosen)
        rows += [
            (rf"\frac{{\partial {f}}}{{\partial {n}}}", light_derivative(function, output, [v]))
            for n, v in zip(names, chosen, strict=True)
        ]
    if order == 2:
        for i, j in triangle(len(chosen)):
            below = rf"\partial {names[i]}^{{2}}" if i == j else rf"\partial {names[i]} \, \partial {names[j]}"
            head = rf"\frac{{\partial^{{2}} {f}}}{{{below}}}"
            rows.append((head, light_derivative(function, output, [chosen[i], chosen[j]])))
    lines = []
    for head, node in rows:
        line = rf"{head} &= {latex_text(node, max(left, 0))}"
        left -= len(line)
        if left < 0:
            headline, hint = "the code is too long to write", "ask for a lower order or fewer variables"
            raise limit_exceeded("output_length", headline, limits.output_length, hint)
        lines.append("  " + line)
    comment = [f"% Written by Secant {__version__} from", "%", *(f"%     {line}" for line in commented(text)), "%"]
    comment.append("% \\usepackage{amsmath}")
    return "\n".join(comment) + "\n\n\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}\n"
