"""SymPy's names of functions, numbers and symbols, as its users write them in texts."""

import re

from secantd.expression import Node
from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.registry import LIBRARY, Arguments, Names, fixed, known_as
from secantd.language.structural import apply_rows, items
from secantd.language.values import Value, Vector

__all__ = ["SUMMARIES"]

SUMMARIES = {
    "Abs(x)": "abs(x), as SymPy writes it",
    "Heaviside(x, H0 = 1/2)": "0 below 0, 1 above",
    "Max(...)": "max(...), as SymPy writes it",
    "Min(...)": "min(...), as SymPy writes it",
    "Piecewise((value, condition), ...)": "the value of the first condition that holds; none where none does",
    "Rational(p, q = 1)": "the fraction p/q",
    "sympify(a)": 'a itself; the number that a text such as "1/3" is',
    "symbols(names)": "variables, by their names in a text",
}


def lowered(name: str) -> None:
    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        return LIBRARY[name.lower()](context, arguments, names)

    LIBRARY[name] = call


for each in ("Max", "Min"):
    lowered(each)


@known_as("Abs")
@fixed("x")
def absolute(context: Context, x: Value) -> Value:
    return apply_rows(context, "abs", [x])


@known_as("Heaviside")
@fixed("x", optional=("H0",))
def step(context: Context, x: Value, middle: Value | None) -> Value:
    at_zero = context.number(0.5) if middle is None else middle
    return formula(context, "where(x < 0, 0, where(x == 0, h, 1))", {"x": x, "h": at_zero}, elementwise=True)


@known_as("Rational")
@fixed("p", optional=("q",))
def fraction(context: Context, p: Value, q: Value | None) -> Value:
    """A fraction of two numbers; a text such as "1/3" is read as one."""
    if isinstance(p, str):
        found = re.fullmatch(r"\s*(-?\d+)\s*(?:/\s*(\d+)\s*)?", p)
        if found is None or q is not None:
            raise context.error(f"'{p[:40]}' is not a fraction", "write Rational(1, 3)")
        p, q = context.number(float(found[1])), context.number(float(found[2])) if found[2] else None
    return p if q is None else apply_rows(context, "div", [p, q])


@known_as("Integer", "Float", "sympy.S", "sp.S", "sym.S", "sympify", "nsimplify")
@fixed("a")
def number(context: Context, a: Value) -> Value:
    return fraction_of_text(context, a) if isinstance(a, str) else a


def fraction_of_text(context: Context, text: str) -> Value:
    return LIBRARY["Rational"](context, [text], (None,))


@known_as("Piecewise")
def piecewise(context: Context, arguments: Arguments, names: Names) -> Value:
    """The value of the first pair whose condition holds."""
    pairs = [items(context, a, "a piece") if isinstance(a, Vector) else [] for a in arguments]
    if not pairs or any(len(p) != 2 for p in pairs) or any(names):
        raise context.error(
            "Piecewise() takes pairs of a value and a condition", "write Piecewise((x, x > 0), (0, True))"
        )
    found: Value = context.number(float("nan"))
    for value, condition in reversed(pairs):
        known = context.constants.get(condition.index) if isinstance(condition, Node) else None
        found = value if known == 1.0 else apply_rows(context, "ifelse", [condition, value, found])
    return found


@known_as("symbols", "Symbol")
def symbols(context: Context, arguments: Arguments, names: Names) -> Value:
    """The variables of a text such as "x y"; what else is said about them does not change values."""
    text = arguments[0] if arguments else None
    if not isinstance(text, str) or names[0] not in (None, "names", "name"):
        raise context.error("symbols() takes the names of variables", 'write symbols("x y")')
    words = [w for w in re.split(r"[\s,]+", text) if w]
    if not words or not all(w.isidentifier() for w in words):
        raise context.error(f"'{text[:40]}' are no names of variables", 'write symbols("x y")')
    found = [context.free(w, quoted=True) for w in words]
    return found[0] if len(found) == 1 else Vector(tuple(found))
