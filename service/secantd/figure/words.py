"""Numbers, formulas and sentences as a figure shows them."""

import re
from collections.abc import Sequence

from secantd.errors import CalculusError
from secantd.expression import Node, symbols
from secantd.figure.scene import Title
from secantd.language import Function, Notation
from secantd.render import render

__all__ = ["axis", "formula", "heading", "interval", "joined", "line", "number", "value_axis"]

# A longer formula does not fit above a figure.
LONGEST_TITLE = 64
LONGEST_WORDS = 200
# A longer name does not fit beside an axis.
LONGEST_NAME = 40
# What looks like mathematics; learning_rate_of_model does not.
SHORT_NAME = re.compile(r"[^\W_]{1,8}([_.][^\W_]{1,4}|\[\d+\])?")


def number(value: float, digits: int = 4) -> str:
    """Return a number as it is printed in a figure.

    >>> number(-0.12345), number(2.0), number(1.5e-7), number(-0.0)
    ('−0.1235', '2', '1.5e−7', '0')
    """
    text = f"{value + 0.0:.{digits}g}"
    mantissa, e, exponent = text.partition("e")
    return (f"{mantissa}e{int(exponent)}" if e else mantissa).replace("-", "−")


def line(slope: float, x: float, y: float, name: str) -> str:
    """Return the equation of the line through (x, y).

    >>> line(-2, 1, -1, "x"), line(1, 0, 0, "x"), line(0, 3, 2, "x")
    ('y = −2x + 1', 'y = x', 'y = 2')
    """
    intercept = y - slope * x
    # What cancels to a rounding error is 0.
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


def joined(parts: Sequence[str]) -> str:
    """Return a list as a sentence has it.

    >>> joined(["a"]), joined(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else "".join(parts)


def formula(function: Function) -> str:
    """Return the function's formula in its own notation, nothing where it is too long to be read.

    >>> from secantd.language import read
    >>> formula(read("x**2 + 1"))
    'x**2 + 1'
    """
    text = written(function.outputs, function.notation, LONGEST_WORDS)
    return text if text is not None else ""


def heading(function: Function, names: Sequence[str], after: str = "") -> Title:
    """Return the title f(x) = ..., only `after` where the formula is too long."""
    left = ", ".join(names)
    plain = written(function.outputs, function.notation, LONGEST_TITLE - len(left) - len(after))
    if plain is None:
        return Title("", "", after)
    latex = written(function.outputs, Notation.LATEX, 4 * LONGEST_TITLE)
    if not latex or not all(SHORT_NAME.fullmatch(n) for n in (*names, *symbols(function.outputs))):
        return Title("", f"f({left}) = {plain}", after)
    if "frac" not in latex:
        # LaTeX sets a space before brackets that grow.
        latex = latex.replace(r"\left(", "(").replace(r"\right)", ")")
    return Title(f"f({', '.join(map(name_of, names))}) = {latex}", f"f({left}) = {plain}", after)


def axis(name: str) -> Title:
    """Return the label of an axis."""
    short = name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
    return Title(name_of(short) if SHORT_NAME.fullmatch(short) else "", short)


def value_axis(names: Sequence[str]) -> Title:
    """Return the label of the axis of values."""
    inside = [axis(n) for n in names]
    latex = f"f({', '.join(t.latex for t in inside)})" if all(t.latex for t in inside) else ""
    return Title(latex, f"f({', '.join(t.plain for t in inside)})")


def name_of(name: str) -> str:
    """Return a variable's name in LaTeX, as formulas have it."""
    return render(Node("symbol", (), name, 0, 1), Notation.LATEX)


def written(outputs: Sequence[Node], notation: Notation, longest: int) -> str | None:
    """Return formulas, None where they are longer than `longest`."""
    try:
        texts = [render(node, notation, longest) for node in outputs]
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
