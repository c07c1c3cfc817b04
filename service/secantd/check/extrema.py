"""The critical points of a function in a box, and what they are.

Of one variable: the exact zeros of f' where SymPy finds them all, else every change of sign of f' on a fine
grid, bracketed and refined. Of several: exact where SymPy solves the system, else Newton's method from a grid
of starts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import product

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.bridge import Bridge
from secantd.algebra.forms import within
from secantd.calculus import derivative as exact_derivative
from secantd.calculus import reverse
from secantd.calculus.answers import Formula
from secantd.calculus.formulas import formula
from secantd.calculus.hessian import Definiteness, definiteness
from secantd.calculus.point import check_point, scalar
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["CriticalPoint", "Extrema", "Nature", "extrema"]

GRID = 4001
# Starts along each axis, for 1, 2, … variables; beyond, the grid would not end.
STARTS = {2: 13, 3: 7, 4: 5, 5: 3}
OFF = 0.0123
NEWTON_STEPS = 60
# Two points nearer than this part of the box are one.
APART = 1e-6


class Nature(Enum):
    """The kind of a critical point; values are those of `secant.v1.Nature`."""

    UNKNOWN = 0
    MINIMUM = 1
    MAXIMUM = 2
    SADDLE = 3
    INFLECTION = 4


NATURES = {
    Definiteness.POSITIVE: Nature.MINIMUM,
    Definiteness.NEGATIVE: Nature.MAXIMUM,
    Definiteness.INDEFINITE: Nature.SADDLE,
}


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """One point: its coordinates, f there, its kind, and its coordinates as formulas where they are exact."""

    point: tuple[float, ...]
    value: float
    nature: Nature
    definiteness: Definiteness
    exact: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Extrema:
    """The critical points in a box, by coordinates; `complete` where the list is proved to be whole."""

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
        box: For each variable its interval, both ends finite.
        notations: How to write exact coordinates.
        limits: What is allowed.

    Raises:
        CalculusError: INVALID_VALUE for a box that is none, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE.

    >>> from secantd.language import read
    >>> e = extrema(read("x^3 - 3*x^2 + x"), {"x": (-1.0, 3.0)})
    >>> [(p.exact[0].text, p.nature.name) for p in e.critical_points], e.complete
    ([('1 - sqrt(6)/3', 'MAXIMUM'), ('sqrt(6)/3 + 1', 'MINIMUM')], True)
    """
    limits = limits or Limits()
    output = scalar(function)
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
    names = tuple(v for v in function.variables if v in box) + tuple(v for v in box if v not in function.variables)
    check_point(function, {n: low for n, (low, _) in box.items()}, ())
    for name, (low, high) in box.items():
        if not (math.isfinite(low) and math.isfinite(high)):
            raise CalculusError(
                Reason.INVALID_VALUE, f"the interval of '{name}' is not finite", "give both ends", field="box"
            )
        if low >= high:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the interval of '{name}' is empty: {low:g} to {high:g}",
                "put the smaller end first",
                field="box",
            )
    if not names:
        raise CalculusError(Reason.INVALID_VALUE, "the box is empty", "give each variable an interval", field="box")
    return names


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
        self.notices = list(function.notices)
        with function.lock:
            graph = function.graph
            self.gradient = reverse.gradient(graph, output, names)
            second = [reverse.gradient(graph, g, names) for g in self.gradient]
        self.program = self.compiled([output, *self.gradient, *[n for row in second for n in row]])

    def compiled(self, nodes: Sequence[Node]) -> Program:
        return compile_program(nodes, self.names, self.function.graph.columns)

    # -- what a point is --------------------------------------------------------------------------------------

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
        return CriticalPoint(point, value, nature or self.nature(point, kind), kind, exact)

    def nature(self, point: tuple[float, ...], kind: Definiteness) -> Nature:
        """Return what a point is; of one variable the signs of f' beside it decide where f'' is 0."""
        if kind in NATURES:
            return NATURES[kind]
        if len(self.names) > 1:
            return Nature.UNKNOWN
        before, after = self.beside(1, point[0])
        if before * after > 0:
            return Nature.INFLECTION
        return Nature.MINIMUM if before < 0 < after else Nature.MAXIMUM if before > 0 > after else Nature.UNKNOWN

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
        """Return where a node is 0 in the interval, and whether these are proved to be all."""
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
            if node is self.gradient[0]:
                self.notices.append("f is constant along a whole stretch; only isolated points are listed")
            found = []
        size = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 0.0
        for a, b, u, v in zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True):
            if np.isfinite(u) and np.isfinite(v) and u * v < 0:
                x = bisected(program, float(a), float(b), float(u))
                # A pole changes its sign as well, but grows.
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

        return within(self.limits.algebra_seconds, job)

    def exact(self, bridge: Bridge, value: object) -> Formula:
        node = bridge.back(bridge.sympy.nsimplify(value) if getattr(value, "is_Float", False) else value)
        return formula(self.function, node, self.notations, self.limits)

    # -- several variables ----------------------------------------------------------------------------------------

    def many(self) -> tuple[Found, bool]:
        """Return the critical points of a function of several variables."""
        exact = self.solved(self.gradient)
        if exact is not None:
            return exact, True
        size = len(self.names)
        if size not in STARTS:
            raise limit_exceeded(
                "extrema_variables", f"a search in {size} variables", max(STARTS), "use Descend", "box"
            )
        # Starts on axes of symmetry often have a singular Hessian.
        axes = [np.linspace(a + OFF * (b - a), b, STARTS[size]) for a, b in zip(self.low, self.high, strict=True)]
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
        # A singular Hessian makes a step of 0 where the gradient is not.
        if np.linalg.norm(gradient) > 1e-8 * max(1.0, float(np.abs(matrix).max())):
            return None
        inside = np.all(point >= self.low - 1e-12 * width) and np.all(point <= self.high + 1e-12 * width)
        return point if inside else None


def bisected(program: Program, a: float, b: float, at_a: float) -> float:
    """Return where a program changes its sign between a and b, to the last digit."""
    while True:
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
