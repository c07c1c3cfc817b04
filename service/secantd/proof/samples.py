"""A point at which all hypotheses hold: a theorem whose hypotheses contradict each other states nothing."""

import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from secantd.interrupt import checkpoint
from secantd.proof.reals import Term, below
from secantd.proof.terms import Hypothesis

__all__ = ["example", "value_at"]

# How far a number is from the boundary of a hypothesis, relative to its sides: rounding decides nothing.
MARGIN: Final = 1e-9
# Points that are tried.
TRIED: Final = 3_000
# Coordinates that are tried first, in turn for the variables.
SIMPLE: Final = (
    (2.0, 3.0, 5.0, 7.0),
    (0.5, 0.25, 0.75, 0.125),
    (1.5, 0.5, 2.5, 4.0),
    (0.5, 2.0, 3.0, 5.0),
    (-2.0, -3.0, -5.0),
)
# Ranges of coordinates: most formulas have values where all variables are positive or in a range of probabilities.
RANGES: Final = (
    (0.1, 4.0),
    (0.05, 0.95),
    (-3.0, 3.0),
    (1.0, 30.0),
    (-0.9, 0.9),
    (-1e-2, 1e-2),
    (-100.0, 100.0),
    (10.0, 5_000.0),
)

BY_NAME: Final[dict[str, Callable[..., float]]] = {
    "exp": math.exp, "ln": math.log, "sqrt": math.sqrt, "sin": math.sin, "cos": math.cos, "tan": math.tan, "asin": math.asin,
    "acos": math.acos, "atan": math.atan, "sinh": math.sinh, "cosh": math.cosh, "tanh": math.tanh, "arcsinh": math.asinh,
    "arccosh": math.acosh, "arctanh": math.atanh, "Rabs": abs, "floor": math.floor, "erf": math.erf, "sign": lambda u: (u > 0) - (u < 0),
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "mul": lambda a, b: a * b, "div": lambda a, b: a / b,
    "neg": lambda a: -a, "inv": lambda a: 1 / a, "rpower": lambda a, b: math.exp(b * math.log(a)), "max": max, "min": min,
}  # fmt: skip
COMPARE: Final[dict[str, Callable[[float, float], bool]]] = {
    "<": lambda u, v: u < v, "<=": lambda u, v: u <= v, "==": lambda u, v: u == v,
}  # fmt: skip


def value_at(terms: Sequence[Term], point: Mapping[str, float]) -> list[float]:
    """Return the values of terms at a point in double precision, NaN where there is none.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> value_at([t.make("ln", t.variable("x"))], {"x": 1.0}), value_at([t.make("ln", t.variable("x"))], {"x": -1.0})
    ([0.0], [nan])
    """
    found: dict[int, float] = {}
    for t in below(terms):
        args = [found[a.index] for a in t.args]
        try:
            if t.op == "number":
                value = float(t.value)
            elif t.op == "variable":
                value = point[t.name]
            elif t.op == "pi":
                value = math.pi
            elif t.op == "pow":
                value = args[0] ** t.exponent
            elif t.op == "if":
                value = args[2] if COMPARE[t.name](args[0], args[1]) else args[3]
            else:
                value = float(BY_NAME[t.op](*args))
        except (ValueError, ZeroDivisionError, OverflowError):
            value = math.nan
        found[t.index] = value
    return [found[t.index] for t in terms]


def holds(relation: str, left: float, right: float) -> bool:
    """Whether a relation holds clearly."""
    if not (math.isfinite(left) and math.isfinite(right)):
        return False
    apart = MARGIN * max(1e-6, abs(left), abs(right))
    return right - left > apart if relation == "<" else abs(left - right) > apart


def example(
    hypotheses: Sequence[Hypothesis],
    others: Sequence[Term],
    names: Sequence[str],
    points: Iterable[Mapping[str, float]],
) -> dict[str, float] | None:
    """Return a point at which all hypotheses hold and all terms have values, None if none is found.

    Args:
        hypotheses: The hypotheses.
        others: The terms.
        names: The variables.
        points: Points to try first.

    >>> from secantd.proof.reals import Terms
    >>> t = Terms()
    >>> x = t.variable("x")
    >>> example([Hypothesis("<", x, t.number(0), "x < 0")], [x], ["x"], [])
    {'x': -2.0}
    """
    sides = [side for h in hypotheses for side in (h.left, h.right)]
    for point in (*points, *drawn(names)):
        if any(n not in point for n in names):
            continue
        values = value_at([*sides, *others], point)
        pairs = zip(hypotheses, values[::2], values[1::2], strict=False)
        if all(holds(h.relation, a, b) for h, a, b in pairs) and all(map(math.isfinite, values[len(sides) :])):
            return {n: point[n] for n in names}
    return None


def drawn(names: Sequence[str]) -> Iterable[dict[str, float]]:
    """Give points with short decimals, the same each time."""
    for values in SIMPLE:
        yield {n: values[i % len(values)] for i, n in enumerate(names)}
    source = random.Random(7)
    for i in range(TRIED):
        if not i % 64:
            checkpoint()
        if i % 2:
            low, high = RANGES[i // 2 % len(RANGES)]
            ranges = [(low, high)] * len(names)
        else:
            ranges = [RANGES[source.randrange(len(RANGES))] for _ in names]
        yield {n: float(f"{source.uniform(*r):.3g}") for n, r in zip(names, ranges, strict=True)}
