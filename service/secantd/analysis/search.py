"""The search for critical points in a box: the kind of a point, exact zeros by SymPy, and Newton's method."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.bridge import Bridge
from secantd.algebra.forms import within
from secantd.analysis.kinks import KinkSearch, has_corners
from secantd.calculus import reverse
from secantd.calculus.definiteness import definiteness
from secantd.calculus.formulas import formula
from secantd.calculus.numbers import partials
from secantd.calculus.results import Definiteness, Formula, Nature
from secantd.errors import limit_exceeded
from secantd.expression import Node
from secantd.interrupt import cut_short
from secantd.language import Function, Notation
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["APART", "CriticalPoint", "Found", "Search"]

# Starts along each axis, for 2, 3, … variables.
STARTS = {2: 13, 3: 7, 4: 5}
FEWEST_STARTS = 3
OFF = 0.0123
NEWTON_STEPS = 60
# A curvature that is smaller than this part of the largest one is 0; f is constant along a line if a slope at this distance, in units of
# the box, is rounding only.
FLAT, BESIDE, LEVEL_SLOPE = 1e-10, 1e-2, 1e-15
LEVEL = "f is constant along a line or on a part of the box; only isolated points are listed"
# Two points closer than this part of the box are one point.
APART = 1e-6


NATURES = {
    Definiteness.POSITIVE: Nature.MINIMUM,
    Definiteness.NEGATIVE: Nature.MAXIMUM,
    Definiteness.INDEFINITE: Nature.SADDLE,
}
# What a point may be if f is constant along a line through it.
MAY_BE = {Definiteness.POSITIVE_SEMI: Nature.MINIMUM, Definiteness.NEGATIVE_SEMI: Nature.MAXIMUM}


@dataclass(frozen=True, slots=True)
class CriticalPoint:
    """A critical point: its coordinates by name, f, its kind if known, and its coordinates as formulas if exact."""

    point: tuple[tuple[str, float], ...]
    value: float
    nature: Nature | None
    definiteness: Definiteness
    exact: tuple[Formula, ...] = ()


Result = TypeVar("Result")
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
        # All that SymPy is asked in one answer has one time, which begins when it has been imported.
        self.until: float | None = None
        self.notices = list(function.notices)
        # Points on lines along which f is constant, with f and the kind that it may be.
        self.level: list[tuple[NDArray[np.float64], float, Nature | None]] = []
        with function.lock:
            graph = function.graph
            self.gradient = reverse.gradient(graph, output, names)
            value, *slopes = partials(function, 1, names)
            second = [reverse.gradient(graph, g, names) for g in slopes]
        self.program = self.compiled([value, *slopes, *[n for row in second for n in row]])

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
        self,
        point: tuple[float, ...],
        exact: tuple[Formula, ...],
        nature: Nature | None = None,
        kind: Definiteness | None = None,
    ) -> CriticalPoint:
        value = self.program.point(list(point))[0]
        if kind is None:
            kind, _ = definiteness(self.hessian(point))
            nature = nature or self.nature(point, kind)
        named = tuple(zip(self.names, point, strict=True))
        return CriticalPoint(named, value, nature, kind, exact)

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

    def distance(self, x: float) -> float:
        """Return how far beside a point the signs of derivatives are taken."""
        return 1e-4 * max(abs(x), float(self.high[0] - self.low[0]) * 1e-2)

    def beside(self, order: int, x: float, part: float = 1.0) -> tuple[float, float]:
        """Return a derivative on both sides of a point, at a part of `distance`."""
        d = part * self.distance(x)
        before, after = self.program.point([x - d])[order], self.program.point([x + d])[order]
        return before, after

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

        if len(nodes) == 1 and nodes[0].op == "number" and nodes[0].value:
            return []
        return self.asked(job)

    def asked(self, job: Callable[[], Result]) -> Result | None:
        """Return job(), which uses SymPy; None where it has no answer, or the time is up."""
        if self.until is None:
            within(self.limits.algebra_seconds, lambda: None)
            self.until = time.monotonic() + self.limits.algebra_seconds
        left = self.until - time.monotonic()
        if left <= 0.0:
            cut_short()
            return None
        return within(left, job)

    def exact(self, bridge: Bridge, value: object) -> Formula:
        node = bridge.back(bridge.sympy.nsimplify(value) if getattr(value, "is_Float", False) else value)
        return formula(self.function, node, self.notations, self.limits, notices=self.notices)

    # -- several variables ----------------------------------------------------------------------------------------

    def many(self) -> tuple[Found, bool]:
        """Return the critical points of a function of several variables."""
        with self.function.lock:
            cornered = has_corners(self.function.graph, self.output, self.names)
        exact = None if cornered else self.solved(self.gradient)
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
        return [(p, ()) for p in sorted(found) if self.is_isolated(p)], False

    def is_isolated(self, point: tuple[float, ...]) -> bool:
        """Whether the gradient is 0 at a point only, and not along a line through it; a notice if not."""
        width = self.high - self.low
        values, vectors = np.linalg.eigh(self.hessian(point) * np.outer(width, width))
        scale = float(np.abs(values).max())
        for value, vector in zip(values, vectors.T, strict=True):
            if abs(value) > FLAT * scale:
                continue
            sides = [np.array(self.program.point((point + s * BESIDE * width * vector).tolist())) for s in (-1.0, 1.0)]
            slopes = [np.abs(side[1 : 1 + len(width)] * width).max() for side in sides]
            if min(slopes) <= LEVEL_SLOPE * max(scale, abs(sides[0][0])):
                kind = MAY_BE.get(definiteness(self.hessian(point))[0])
                self.level.append((np.array(point), self.program.point(list(point))[0], kind))
                return False
        return True

    def with_kinks(self, found: Found) -> list[CriticalPoint]:
        """Return the critical points of a function of several variables, and its minima and maxima at kinks."""
        with self.function.lock:
            cornered = has_corners(self.function.graph, self.output, self.names)
        if not cornered:
            self.note_level()
            return [self.described(p, e) for p, e in found]
        search = KinkSearch(self.function, self.output, self.names, self.low, self.high)
        points = []
        for place, exact in found:
            if search.is_near_surface(np.array(place)):
                # Second derivatives at a tie are those of neither side.
                nature, level = search.nature(np.array(place))
                if not level:
                    points.append(self.described(place, exact, nature, Definiteness.UNKNOWN))
            else:
                points.append(self.described(place, exact))
        width = self.high - self.low
        for point, kind in search.found():
            if not any(np.all(np.abs(np.array(p) - point) <= APART * width) for p, _ in found):
                points.append(self.described(tuple(point.tolist()), (), kind, Definiteness.UNKNOWN))
        self.level += search.level
        self.note_level()
        return points

    def note_level(self) -> None:
        """Add notices on lines and parts of the box along which f is constant."""
        if self.level and LEVEL not in self.notices:
            self.notices.append(LEVEL)
        for nature, best in ((Nature.MINIMUM, min), (Nature.MAXIMUM, max)):
            level = [(value, tuple(p.tolist())) for p, value, n in self.level if n is nature]
            if level:
                value, place = best(level)
                example = ", ".join(f"{n} = {v:g}" for n, v in zip(self.names, place, strict=True))
                self.notices.append(f"the {nature.name.lower()} there is {value:g}, for example at {example}")

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
