"""The critical points of a function of one variable, with kinks and cusps."""

import numpy as np

from secantd.algebra.bridge import Bridge
from secantd.analysis.corners import branches, corner_equations
from secantd.analysis.search import APART, CriticalPoint, Found, Search
from secantd.calculus import reverse
from secantd.calculus.results import Definiteness, Formula, Nature
from secantd.expression import Node
from secantd.program import Program

__all__ = ["TurningPoints"]

GRID = 4001
# From the widest interval of doubles to two neighbours at 0.
HALVINGS = 2100
# An expression that is smaller than this part of its largest value is 0 where its slope is 0.
TOUCHING = 1e-14
# f' is 0 where it is smaller than this part of its largest value.
SMALL = 1e-12


class TurningPoints(Search):
    """The search for one function of one variable in one interval."""

    def turning_points(self) -> tuple[list[CriticalPoint], bool]:
        """Return the critical points, kinks and cusps among them, and whether it is proved that these are all."""
        with self.function.lock:
            equations, certain = corner_equations(self.function.graph, self.output, self.names[0])
        corners: dict[float, tuple[Formula, ...]] = {}
        for equation in equations:
            places, solved = self.roots(equation)
            certain = certain and solved
            corners.update({x: exact for (x,), exact in places})
        smooth, complete = self.branch_zeros() if corners else (None, False)
        if smooth is None:
            smooth, complete = self.zeros(self.gradient[0])
        width = float(self.high[0] - self.low[0])
        found = []
        for (x,), exact in smooth:
            corner = next((c for c in corners if abs(c - x) <= APART * width), None)
            if corner is None:
                found.append(self.described((x,), exact))
            elif not exact:
                # The corner is known more exactly.
                continue
            elif (nature := self.turn(x) or self.inflection(x)) is not None:
                found.append(self.described((x,), exact, nature, Definiteness.UNKNOWN))
        for x, exact in corners.items():
            nature = self.turn(x)
            if nature is not None and not any(abs(p.point[0][1] - x) <= APART * width for p in found):
                found.append(self.described((x,), exact, nature, Definiteness.UNKNOWN))
        return sorted(found, key=lambda p: p.point), complete and certain

    def branch_zeros(self) -> tuple[Found | None, bool]:
        """Return the exact zeros of f' where f is one of its smooth branches, None if there are none or SymPy finds not all.

        SymPy solves the derivatives of the branches, which have no signs and cases. A zero counts if it is one of f'.
        """
        with self.function.lock:
            parts = branches(self.function.graph, self.output)
            slopes = [reverse.gradient(self.function.graph, part, self.names)[0] for part in parts]
        found: dict[float, tuple[Formula, ...]] = {}
        largest = float(
            np.nanmax(np.abs(self.program.batch([np.linspace(self.low[0], self.high[0], GRID)])[1]), initial=0)
        )
        for slope in slopes:
            zeros = self.solved([slope])
            if zeros is None:
                return None, False
            for (x,), exact in zeros:
                if abs(self.program.point([x])[1]) <= SMALL * largest:
                    found[x] = exact
        return ([((x,), exact) for x, exact in found.items()], True) if parts else (None, False)

    def roots(self, equation: Node) -> tuple[Found, bool]:
        """Return the zeros of an expression in the interval, and whether it is proved that these are all."""
        exact = self.solved([equation])
        if exact is not None:
            return exact, True
        if self.never_zero(equation):
            return [], True
        low, high = float(self.low[0]), float(self.high[0])
        with self.function.lock:
            (slope,) = reverse.gradient(self.function.graph, equation, self.names)
        program = self.compiled([equation])
        size = float(np.nanmax(np.abs(program.batch([np.linspace(low, high, GRID)])[0]), initial=0.0))
        # A square touches 0 where its slope changes sign.
        touching = [x for x in self.crossings(slope, low, high) if abs(program.point([x])[0]) <= TOUCHING * size]
        return [((x,), ()) for x in sorted({*self.crossings(equation, low, high), *touching})], False

    def never_zero(self, equation: Node) -> bool:
        """Whether SymPy knows that an expression has one sign for all numbers."""

        def job() -> bool:
            expression = Bridge(self.function.graph).to(equation)
            return bool(expression.is_positive or expression.is_negative)

        return bool(self.asked(job))

    def inflection(self, x: float) -> Nature | None:
        """Return INFLECTION where f' goes to 0 at a corner and has one sign beside it, else None."""
        (before, after), near = self.beside(1, x), self.beside(1, x, 0.01)
        vanishes = all(abs(n) < 0.5 * abs(far) for n, far in zip(near, (before, after), strict=True))
        return Nature.INFLECTION if vanishes and before * after > 0.0 else None

    def turn(self, x: float) -> Nature | None:
        """Return whether f has a minimum or a maximum at a corner, by the signs of f' beside it; None if it has neither."""
        here, d = self.program.point([x])[0], self.distance(x)
        before, after = self.beside(1, x)
        sides = [self.program.point([x + s * d])[0] for s in (-1.0, 1.0)]
        if not np.isfinite([here, before, after, *sides]).all():
            return None
        if any((v - here) * (s * slope) < 0.0 for v, s, slope in zip(sides, (-1.0, 1.0), (before, after), strict=True)):
            # f jumps: it does not change in the direction of its slope.
            return None
        if before == 0.0 or after == 0.0:
            # Flat on one side: a minimum or maximum only where the slope jumps.
            near = max(map(abs, self.beside(1, x, 0.01)), key=abs)
            if near < 0.5 * max(abs(before), abs(after)):
                return None
        if before == after == 0.0:
            return None
        return Nature.MINIMUM if before <= 0.0 <= after else Nature.MAXIMUM if before >= 0.0 >= after else None

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
