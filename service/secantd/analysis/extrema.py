"""The critical points of a function in a box, and their kinds.

One variable: the exact zeros of f' if SymPy finds all of them, else every change of sign of f' on a fine grid, bracketed and
refined. Several variables: exact if SymPy solves the system, else Newton's method from a grid of starting points.
"""

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.bridge import Bridge
from secantd.algebra.forms import within
from secantd.calculus import derivative as exact_derivative
from secantd.calculus import reverse
from secantd.calculus.definiteness import definiteness
from secantd.calculus.formulas import formula
from secantd.calculus.point import check_names, required, scalar
from secantd.calculus.results import Definiteness, Formula, Nature
from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import quoted

__all__ = ["CriticalPoint", "Extrema", "Nature", "extrema"]

GRID = 4001
# Starts along each axis, for 2, 3, … variables.
STARTS = {2: 13, 3: 7, 4: 5}
FEWEST_STARTS = 3
OFF = 0.0123
NEWTON_STEPS = 60
# From the widest interval of doubles to two neighbours at 0.
HALVINGS = 2100
# Two points closer than this part of the box are one point.
APART = 1e-6


NATURES = {
    Definiteness.POSITIVE: Nature.MINIMUM,
    Definiteness.NEGATIVE: Nature.MAXIMUM,
    Definiteness.INDEFINITE: Nature.SADDLE,
}


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A critical point: its coordinates by name, f, its kind if known, and its coordinates as formulas if exact."""

    point: tuple[tuple[str, float], ...]
    value: float
    nature: Nature | None
    definiteness: Definiteness
    exact: tuple[Formula, ...] = ()


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
    search = Search(function, output, names, box, notations, limits)
    if len(names) == 1:
        points, complete = search.zeros(search.gradient[0])
        inflections, _ = search.zeros(exact_derivative(function.graph, search.gradient[0], names[0]))
        turning = [search.described(p, e) for p, e in points]
        bending = [search.described(p, e, Nature.INFLECTION) for p, e in inflections if search.bends(p)]
        return Extrema(names, tuple(turning), tuple(bending), complete, tuple(search.notices))
    points, complete = search.many()
    return Extrema(names, tuple(search.described(p, e) for p, e in points), (), complete, tuple(search.notices))


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


Found = list[tuple[tuple[float, ...], tuple[Formula, ...]]]


class Search:
    """The search for one function in one box."""

    def __init__(
        self,
        function: Function,
        output: Node,
        names: tuple[str, ...],
        box: Mapping[str, tuple[float, float]],
        notations: Sequence[Notation],
        limits: Limits,
    ) -> None:
        self.function = function
        self.output = output
        self.names = names
        self.low = np.array([box[n][0] for n in names])
        self.high = np.array([box[n][1] for n in names])
        self.notations = notations
        self.limits = limits
        # All that SymPy is asked in one answer has one time.
        self.until = time.monotonic() + limits.algebra_seconds
        self.notices = list(function.notices)
        with function.lock:
            graph = function.graph
            self.gradient = reverse.gradient(graph, output, names)
            second = [reverse.gradient(graph, g, names) for g in self.gradient]
        self.program = self.compiled([output, *self.gradient, *[n for row in second for n in row]])

    def compiled(self, nodes: Sequence[Node]) -> Program:
        return compile_program(nodes, self.names, self.function.graph.columns)

    # -- the kind of a point ----------------------------------------------------------------------------------

    def hessian(self, point: Sequence[float]) -> NDArray[np.float64]:
        size = len(self.names)
        found = self.program.point(list(point))[1 + size :]
        matrix = np.array(found).reshape(size, size)
        symmetric: NDArray[np.float64] = (matrix + matrix.T) / 2
        return symmetric

    def described(
        self, point: tuple[float, ...], exact: tuple[Formula, ...], nature: Nature | None = None
    ) -> CriticalPoint:
        value = self.program.point(list(point))[0]
        kind, _ = definiteness(self.hessian(point))
        named = tuple(zip(self.names, point, strict=True))
        return CriticalPoint(named, value, nature or self.nature(point, kind), kind, exact)

    def nature(self, point: tuple[float, ...], kind: Definiteness) -> Nature | None:
        """Return the kind of a point, None if not known; if f'' = 0 in one variable, the signs of f' beside it decide."""
        if kind in NATURES:
            return NATURES[kind]
        if len(self.names) > 1:
            return None
        before, after = self.beside(1, point[0])
        if before * after > 0:
            return Nature.INFLECTION
        return Nature.MINIMUM if before < 0 < after else Nature.MAXIMUM if before > 0 > after else None

    def bends(self, point: tuple[float, ...]) -> bool:
        """Whether f'' changes its sign."""
        before, after = self.beside(2, point[0])
        return before * after < 0

    def beside(self, order: int, x: float) -> tuple[float, float]:
        d = 1e-4 * max(abs(x), float(self.high[0] - self.low[0]) * 1e-2)
        before, after = self.program.point([x - d])[order], self.program.point([x + d])[order]
        return before, after

    # -- one variable -------------------------------------------------------------------------------------------

    def zeros(self, node: Node) -> tuple[Found, bool]:
        """Return the zeros of a node in the interval, and whether it is proved that these are all."""
        low, high = float(self.low[0]), float(self.high[0])
        numeric = self.crossings(node, low, high)
        exact = self.solved([node])
        if exact is not None:
            return exact, True
        return [((x,), ()) for x in numeric], False

    def crossings(self, node: Node, low: float, high: float) -> list[float]:
        """Return every change of sign on a fine grid, refined by bisection to the last digit."""
        program = self.compiled([node])
        grid = np.linspace(low, high, GRID)
        values = program.batch([grid])[0]
        found = [float(x) for x, v in zip(grid, values, strict=True) if v == 0.0]
        if len(found) > GRID // 10:
            notice = "f is constant on a part of the interval; only isolated points are listed"
            if node is self.gradient[0] and notice not in self.notices:
                self.notices.append(notice)
            found = []
        size = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
        for a, b, u, v in zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True):
            # Not by their product, which is 0 for small values and infinite for large ones.
            if np.isfinite(u) and np.isfinite(v) and min(u, v) < 0.0 < max(u, v):
                x = bisected(program, float(a), float(b), float(u))
                # At a pole the sign changes as well, but the value grows.
                if abs(program.point([x])[0]) <= size:
                    found.append(x)
        return sorted(set(found))

    def solved(self, nodes: Sequence[Node]) -> Found | None:
        """Return the exact zeros in the box, None where SymPy does not find all of them in time."""

        def job() -> Found | None:
            bridge = Bridge(self.function.graph)
            s = bridge.sympy
            variables = [bridge.symbol(n) for n in self.names]
            equations = [bridge.to(n) for n in nodes]
            if len(variables) == 1:
                interval = s.Interval(bridge.number(float(self.low[0])), bridge.number(float(self.high[0])))
                answer = s.solveset(equations[0], variables[0], interval)
                if answer is s.S.EmptySet:
                    return []
                if not isinstance(answer, s.FiniteSet):
                    return None
                solutions = [(a,) for a in answer]
            else:
                if not all(e.is_polynomial(*variables) for e in equations):
                    return None
                solutions = [tuple(t) for t in s.solve_poly_system(equations, *variables) or []]
            found = []
            for solution in solutions:
                value = [complex(s.N(c, 30)) for c in solution]
                if any(abs(v.imag) > 1e-20 for v in value):
                    continue
                point = tuple(v.real for v in value)
                if all(a <= v <= b for v, a, b in zip(point, self.low, self.high, strict=True)):
                    found.append((point, tuple(self.exact(bridge, c) for c in solution)))
            return sorted(found, key=lambda f: f[0])

        left = self.until - time.monotonic()
        return within(left, job) if left > 0.0 else None

    def exact(self, bridge: Bridge, value: object) -> Formula:
        node = bridge.back(bridge.sympy.nsimplify(value) if getattr(value, "is_Float", False) else value)
        return formula(self.function, node, self.notations, self.limits, notices=self.notices)

    # -- several variables ----------------------------------------------------------------------------------------

    def many(self) -> tuple[Found, bool]:
        """Return the critical points of a function of several variables."""
        exact = self.solved(self.gradient)
        if exact is not None:
            return exact, True
        size = len(self.names)
        if size > self.limits.extrema_variables:
            headline = f"the search has {size} variables"
            raise limit_exceeded(
                "extrema_variables", headline, self.limits.extrema_variables, "use Descend instead", "box"
            )
        # Starts on axes of symmetry often have a singular Hessian.
        axes = [
            np.linspace(a + OFF * (b - a), b, STARTS.get(size, FEWEST_STARTS))
            for a, b in zip(self.low, self.high, strict=True)
        ]
        found: list[tuple[float, ...]] = []
        width = self.high - self.low
        for start in product(*axes):
            point = self.newton(np.array(start))
            if point is not None and not any(np.all(np.abs(np.array(f) - point) <= APART * width) for f in found):
                found.append(tuple(float(v) for v in point))
        return [(p, ()) for p in sorted(found)], False

    def newton(self, point: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Return the critical point that Newton's method reaches inside the box."""
        size = len(self.names)
        width = self.high - self.low
        for _ in range(NEWTON_STEPS):
            found = np.array(self.program.point(point.tolist()))
            gradient, matrix = found[1 : 1 + size], found[1 + size :].reshape(size, size)
            if not np.isfinite(found).all():
                return None
            step = np.linalg.lstsq(matrix, gradient, rcond=None)[0]
            longest = float(np.max(np.abs(step) / width))
            point = point - step * min(1.0, 0.25 / longest if longest else 1.0)
            if np.any(point < self.low - width) or np.any(point > self.high + width):
                return None
            if longest <= 1e-13:
                break
        else:
            return None
        # With a singular Hessian the step may be 0 where the gradient is not.
        if np.linalg.norm(gradient) > 1e-8 * max(1.0, float(np.abs(matrix).max())):
            return None
        inside = np.all(point >= self.low - 1e-12 * width) and np.all(point <= self.high + 1e-12 * width)
        return point if inside else None


def bisected(program: Program, a: float, b: float, at_a: float) -> float:
    """Return the point between a and b at which a program changes its sign, by bisection to the last digit."""
    for _ in range(HALVINGS):
        middle = (a + b) / 2
        if middle in (a, b):
            return middle
        value = program.point([middle])[0]
        if value == 0.0:
            return middle
        if (value < 0) == (at_a < 0):
            a = middle
        else:
            b = middle
    return (a + b) / 2
