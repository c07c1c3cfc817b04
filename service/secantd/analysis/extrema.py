"""The critical points of a function in a box, and their kinds.

One variable: the exact zeros of f' if SymPy finds all of them, else every change of sign of f' on a fine grid, bracketed and
refined. Several variables: exact if SymPy solves the system, else Newton's method from a grid of starting points, and a search for minima
and maxima at kinks and cusps.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secantd.analysis.search import CriticalPoint, Search
from secantd.analysis.turning import TurningPoints
from secantd.calculus import derivative as exact_derivative
from secantd.calculus.point import check_names, required, scalar
from secantd.calculus.results import Nature
from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, Reason
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import quoted

__all__ = ["CriticalPoint", "Extrema", "Nature", "extrema"]


@dataclass(frozen=True, slots=True)
class Extrema:
    """The critical points in a box, sorted by coordinates; `complete` if the list is proved to contain all."""

    variables: tuple[str, ...]
    critical_points: tuple[CriticalPoint, ...]
    inflections: tuple[CriticalPoint, ...]
    complete: bool
    notices: tuple[str, ...]


def extrema(
    function: Function,
    box: Mapping[str, tuple[float, float]],
    notations: Sequence[Notation] = (),
    *,
    limits: Limits | None = None,
) -> Extrema:
    """Return the critical points of a scalar function in a box.

    Args:
        function: A scalar function.
        box: The interval of each variable, with finite ends.
        notations: The notations of exact coordinates; empty: the function's own.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE for an interval that is empty or not finite, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE.

    >>> from secantd.language import read
    >>> e = extrema(read("x^3 - 3*x^2 + x"), {"x": (-1.0, 3.0)})
    >>> [(p.exact[0].text, p.nature.name) for p in e.critical_points], e.complete
    ([('1 - sqrt(6)/3', 'MAXIMUM'), ('sqrt(6)/3 + 1', 'MINIMUM')], True)
    """
    limits = limits or DEFAULT_LIMITS
    output = scalar(function)
    box = by_variable(function, box, "box")
    names = checked_box(function, box)
    if len(names) == 1:
        search = TurningPoints(function, output, names, box, notations, limits)
        turning, complete = search.turning_points()
        inflections, _ = search.zeros(exact_derivative(function.graph, search.gradient[0], names[0]))
        bending = [search.described(p, e, Nature.INFLECTION) for p, e in inflections if search.bends(p)]
        return Extrema(names, tuple(turning), tuple(bending), complete, tuple(search.notices))
    others = Search(function, output, names, box, notations, limits)
    points, complete = others.many()
    every = sorted(others.with_kinks(points), key=lambda p: [x for _, x in p.point])
    return Extrema(names, tuple(every), (), complete, tuple(others.notices))


def checked_box(function: Function, box: Mapping[str, tuple[float, float]]) -> tuple[str, ...]:
    """Return the variables of a box, in the function's order."""
    check_names(box, required(function), "box", "the box")
    if not box:
        raise CalculusError(Reason.INVALID_VALUE, "the box is empty", "give an interval for each variable", field="box")
    for i, (name, (low, high)) in enumerate(box.items()):
        if not (math.isfinite(low) and math.isfinite(high)):
            headline, hint = f"the interval of {quoted(name)} is not finite", "give two finite ends"
        elif low >= high:
            headline = f"the interval of {quoted(name)} is empty: {low:g} to {high:g}"
            hint = "give the smaller end first"
        else:
            continue
        raise CalculusError(Reason.INVALID_VALUE, headline, hint, field=f"box[{i}]")
    return required(function)
