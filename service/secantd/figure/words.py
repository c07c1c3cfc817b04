"""Numbers, formulas and phrases in figures."""

import re
from collections.abc import Sequence

from secantd.calculus.formulas import spelling_of
from secantd.errors import CalculusError
from secantd.expression import Node, symbols
from secantd.figure.scene import Title
from secantd.language import Function, Notation
from secantd.render import render

__all__ = ["axis", "formula_text", "heading", "interval", "line_equation", "number", "value_axis"]

# A longer formula does not fit above a figure.
LONGEST_TITLE = 64
LONGEST_WORDS = 200
# A longer name does not fit beside an axis.
LONGEST_NAME = 40
# Names that are set as mathematics; learning_rate_of_model is not.
SHORT_NAME = re.compile(r"[^\W_]{1,8}([_.][^\W_]{1,4}|\[\d+\])?")


def number(value: float, digits: int = 4) -> str:
    """Return a number with so many significant digits, as figures print it.

    >>> number(-0.12345), number(2.0), number(1.5e-7), number(-0.0)
    ('−0.1235', '2', '1.5e−7', '0')
    """
    text = f"{value + 0.0:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if e else mantissa).replace("-", "−")


def line_equation(slope: float, x: float, y: float, name: str) -> str:
    """Return the equation of the line through (x, y).

    Args:
        slope: The slope.
        x: The point.
        y: The value at the point.
        name: The variable.

    >>> line_equation(-2, 1, -1, "x"), line_equation(1, 0, 0, "x"), line_equation(0, 3, 2, "x")
    ('y = −2x + 1', 'y = x', 'y = 2')
    """
    intercept = y - slope * x
    # An intercept that is a rounding error is 0.
    if abs(intercept) <= 1e-12 * max(abs(y), abs(slope * x)):
        intercept = 0.0
    factor = {1.0: "", -1.0: "−"}.get(slope, number(slope))
    separator = "" if len(name) == 1 else " "
    left = "z" if name == "y" else "y"
    if slope == 0:
        return f"{left} = {number(intercept)}"
    sloped = f"{factor}{separator if factor not in ('', '−') else ''}{name}"
    if intercept == 0:
        return f"{left} = {sloped}"
    return f"{left} = {sloped} {'−' if intercept < 0 else '+'} {number(abs(intercept))}"


def formula_text(function: Function) -> str:
    """Return the function's formula in its own notation, "" if it is too long to read.

    >>> from secantd.language import read
    >>> formula_text(read("x**2 + 1"))
    'x**2 + 1'
    """
    text = formulas_text(function, function.notation, LONGEST_WORDS)
    return text if text is not None else ""


def heading(function: Function, names: Sequence[str], after: str = "") -> Title:
    """Return the title f(x) = ... followed by `after`, or only `after` if the formula is too long."""
    left = ", ".join(names)
    plain = formulas_text(function, function.notation, LONGEST_TITLE - len(left) - len(after))
    if plain is None:
        return Title("", "", after)
    latex = formulas_text(function, Notation.LATEX, 4 * LONGEST_TITLE)
    if not latex or not all(SHORT_NAME.fullmatch(n) for n in (*names, *symbols(function.outputs))):
        return Title("", f"f({left}) = {plain}", after)
    if "frac" not in latex:
        # LaTeX adds a space before brackets of variable size.
        latex = latex.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\left|", "|").replace(r"\right|", "|")
    texts = spelling_of(function, Notation.LATEX).texts
    return Title(
        f"f({', '.join(texts.get(n) or latex_name(n) for n in names)}) = {latex}", f"f({left}) = {plain}", after
    )


def axis(name: str) -> Title:
    """Return the label of an axis."""
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return Title(latex_name(short) if SHORT_NAME.fullmatch(short) else "", short)


def value_axis(names: Sequence[str]) -> Title:
    """Return the label of the axis of values."""
    inside = [axis(n) for n in names]
    latex = f"f({', '.join(t.latex for t in inside)})" if all(t.latex for t in inside) else ""
    return Title(latex, f"f({', '.join(t.plain for t in inside)})")


def latex_name(name: str) -> str:
    """Return a variable's name in LaTeX, spelled as in formulas."""
    return render(Node("symbol", (), name, 0, ()), Notation.LATEX)


def formulas_text(function: Function, notation: Notation, longest: int) -> str | None:
    """Return a function's formulas as text, None if it is longer than `longest`."""
    names = spelling_of(function, notation).texts
    try:
        texts = [render(node, notation, longest, names) for node in function.outputs]
    except CalculusError:
        return None
    if len(texts) == 1:
        text = texts[0]
    elif notation is Notation.LATEX:
        text = r"\left(" + r", \; ".join(texts) + r"\right)"
    else:
        text = ("c(" if notation is Notation.R else "[") + ", ".join(texts) + (")" if notation is Notation.R else "]")
    return text if len(text) <= longest else None


def interval(name: str, ends: tuple[float, float]) -> str:
    """Return an interval for a sentence.

    >>> interval("x", (-1.0, 2.5))
    'x from −1 to 2.5'
    """
    return f"{name} from {number(ends[0])} to {number(ends[1])}"
