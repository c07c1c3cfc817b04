"""Minima and maxima of several variables at kinks and cusps.

Where a function has no derivative, Newton's method for a zero of the gradient finds nothing. Values and gradients beside a point do:

1. Starts are the lowest points of a grid, and the points at which as many expressions are 0 as there are variables (the arguments of
   abs, the differences of the arguments of max).
2. A descent goes against the shortest vector in the convex hull of gradients around the point, whose radius shrinks where f does not
   fall (Burke, Lewis, Overton, SIAM J. Optim. 15 (2005)).
3. Newton's method on the surface where the expressions that are nearly 0 there are 0 gives the last digits.
4. A point counts if f is larger at all points around it, in directions along these surfaces too, and its gradient jumps there.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from secantd.analysis.corners import equations_of
from secantd.calculus import reverse
from secantd.calculus.results import Nature
from secantd.calculus.ties import tie_of
from secantd.expression import Graph, Node, reachable, symbols
from secantd.interrupt import checkpoint
from secantd.language import Function
from secantd.numeric import shortest
from secantd.program import compile as compile_program

__all__ = ["KinkSearch", "has_corners"]

Vector = NDArray[np.float64]

# Points along each axis of the grid, for 2, 3, … variables, the fewest, and how many of its lowest points are starts.
GRID: Final = {2: 61, 3: 21, 4: 11}
FEWEST, STARTS = 5, 12
# The most corner surfaces whose intersections are starts, and how many intersections.
SURFACES, INTERSECTIONS = 12, 120
# Steps of a descent, and its radii, in units of the box.
STEPS, LARGEST, SMALLEST = 200, 1e-2, 1e-14
# A step counts if f falls by this part of what the gradients predict.
FALLS: Final = 1e-4
HALVINGS: Final = 12
# A gradient is 0 if it is shorter than this part of the longest one beside it.
SHORT: Final = 1e-6
# Surfaces closer than this part of the box are those of the kink.
CLOSE: Final = 1e-5
NEWTON_STEPS: Final = 30
# Distances at which a minimum has larger values around it, in units of the box, and at which gradients jump.
AROUND: Final = (1e-3, 1e-5)
JUMPS: Final = (1e-5, 1e-7)
REMAINS: Final = 0.5
# Directions besides those of the axes and of the surfaces.
FURTHER: Final = 64
# Rounding errors of f, in units of its last digit.
ROUNDING: Final = 16.0
# Digits to which coordinates are rounded, if f is no larger there.
ROUND: Final = range(1, 13)
ROOTS: Final = frozenset({"sqrt", "max_of", "min_of", "sort"})


def has_corners(graph: Graph, output: Node, names: Sequence[str]) -> bool:
    """Return whether f may have a kink or a cusp.

    >>> from secantd.language import read
    >>> f = read("sqrt(x^2 + y^2)")
    >>> has_corners(f.graph, f.outputs[0], ["x", "y"])
    True
    """
    return bool(corners(graph, output, names)[0])


def corners(graph: Graph, output: Node, names: Sequence[str]) -> tuple[list[Node], list[Node]]:
    """Return the operations of f that are not smooth everywhere, and expressions that are 0 where they are not."""
    moving: set[int] = set()
    found: list[Node] = []
    equations: list[Node] = []
    for node in reachable([output]):
        if not ((node.op == "symbol" and node.name in names) or any(a.index in moving for a in node.args)):
            continue
        moving.add(node.index)
        power = node.op == "pow" and bool(equations_of(graph, node))
        if node.op in ROOTS or power or tie_of(graph, node) is not None:
            found.append(node)
            if node.rows == 1 and node.op not in ("max_of", "min_of"):
                equations += [e for e in equations_of(graph, node) if e.rows == 1 and symbols([e])]
    return found, list(dict.fromkeys(equations))


class KinkSearch:
    """The search for one function in one box.

    Args:
        function: The function; its graph gets nodes.
        output: f.
        names: Its variables.
        low: The lower ends of the box, shape (n,).
        high: The upper ends.

    Attributes:
        level: Points of lines, or parts of the box, along which f is constant and lower, or higher, than beside them, with f.
    """

    def __init__(self, function: Function, output: Node, names: tuple[str, ...], low: Vector, high: Vector) -> None:
        self.low, self.high, self.width = low, high, high - low
        self.size = len(names)
        self.level: list[tuple[Vector, float, Nature]] = []
        graph = function.graph
        with function.lock:
            gradient = reverse.gradient(graph, output, names)
            hessian = [n for g in gradient for n in reverse.gradient(graph, g, names)]
            _, surfaces = corners(graph, output, names)
            slopes = [reverse.gradient(graph, s, names) for s in surfaces]
            curves = [[n for g in row for n in reverse.gradient(graph, g, names)] for row in slopes]
        self.first = compile_program([output, *gradient], names, graph.columns)
        self.second = compile_program(hessian, names, graph.columns)
        self.count = len(surfaces)
        nodes = [*surfaces, *[n for row in slopes for n in row], *[n for row in curves for n in row]]
        self.surfaces = compile_program(nodes, names, graph.columns) if surfaces else None
        chance = np.random.default_rng(1).normal(size=(FURTHER, self.size))
        self.directions = np.concatenate(
            [np.eye(self.size), -np.eye(self.size), chance / np.linalg.norm(chance, axis=1)[:, None]]
        )

    def values(self, points: Vector, sign: float) -> tuple[Vector, Vector]:
        """Return sign·f, shape (m,), and its gradients, shape (m, n), at points of shape (m, n)."""
        with np.errstate(all="ignore"):
            found = self.first.batch(list(points.T))
        columns = [np.broadcast_to(np.asarray(c, float), (len(points),)) for c in found]
        return sign * columns[0], sign * np.stack(columns[1:], axis=1)

    def found(self) -> list[tuple[Vector, Nature]]:
        """Return the minima and maxima at kinks in the box."""
        result: list[tuple[Vector, Nature]] = []
        for sign, nature in ((1.0, Nature.MINIMUM), (-1.0, Nature.MAXIMUM)):
            for start in self.starts(sign):
                checkpoint()
                if any(np.all(np.abs(p - start) <= CLOSE * self.width) for p, _ in result):
                    continue
                point = self.polished(self.descended(start, sign), sign)
                inside = np.all(point >= self.low) and np.all(point <= self.high)
                known = any(np.all(np.abs(p - point) <= CLOSE * self.width) for p, _ in result)
                if not inside or known or not self.jumps(point, sign):
                    continue
                lowest = self.is_lowest(point, sign)
                if lowest:
                    result.append((point, nature))
                elif lowest is None:
                    self.level.append((point, float(self.values(point[None, :], 1.0)[0][0]), nature))
        return result

    # -- starts -------------------------------------------------------------------------------------------------

    def starts(self, sign: float) -> Iterator[Vector]:
        """Yield the lowest points of the grid, and intersections of surfaces that are as low as the points around them."""
        count = GRID.get(self.size, FEWEST)
        axes = [np.linspace(a, b, count) for a, b in zip(self.low, self.high, strict=True)]
        points = np.stack([m.ravel() for m in np.meshgrid(*axes, indexing="ij")], axis=1)
        values = self.values(points, sign)[0].reshape((count,) * self.size)
        values = np.where(np.isnan(values), np.inf, values)
        padded = np.pad(values, 1, constant_values=np.inf)
        lowest = np.isfinite(values)
        for shift in product((0, 1, 2), repeat=self.size):
            lowest &= values <= padded[tuple(slice(s, s + count) for s in shift)]
        places = np.flatnonzero(lowest.ravel())
        places = places[np.argsort(values.ravel()[places], kind="stable")]
        yield from self.intersections(sign)
        yield from points[places[:STARTS]]

    def intersections(self, sign: float) -> Iterator[Vector]:
        if self.surfaces is None:
            return
        middle = self.low + 0.5123 * self.width
        starts = [middle, self.low + 0.2 * self.width, self.low + 0.8 * self.width]
        chosen = combinations(range(min(self.count, SURFACES)), self.size)
        seen: list[Vector] = []
        for _, rows in zip(range(INTERSECTIONS), chosen, strict=False):
            for start in starts:
                point = self.crossing(start, rows)
                if point is None or any(np.all(np.abs(p - point) <= CLOSE * self.width) for p in seen):
                    continue
                seen.append(point)
                around = self.values(point + AROUND[1] * self.width * self.directions, sign)[0]
                here = float(self.values(point[None, :], sign)[0][0])
                if np.isfinite(here) and bool(np.all(around >= here - self.rounding(here))):
                    yield point

    def crossing(self, point: Vector, rows: Sequence[int]) -> Vector | None:
        """Return a point near a start at which some expressions are 0."""
        for _ in range(NEWTON_STEPS):
            values, slopes, _ = self.at_surfaces(point)
            step = (
                np.linalg.lstsq(slopes[list(rows)], values[list(rows)], rcond=None)[0]
                if np.isfinite(slopes).all()
                else None
            )
            if step is None or not np.isfinite(step).all():
                return None
            point = point - step
            if np.any(point < self.low - self.width) or np.any(point > self.high + self.width):
                return None
            if np.max(np.abs(step) / self.width) <= SMALLEST:
                inside = np.all(point >= self.low) and np.all(point <= self.high)
                zero = np.all(np.abs(values[list(rows)]) <= CLOSE * np.abs(slopes[list(rows)] @ self.width))
                return point if inside and zero else None
        return None

    def at_surfaces(self, point: Vector) -> tuple[Vector, Vector, Vector]:
        """Return the expressions at a point, shape (k,), their gradients, (k, n), and Hessians, (k, n, n)."""
        assert self.surfaces is not None
        found = np.array(self.surfaces.point(point.tolist()))
        k, n = self.count, self.size
        return found[:k], found[k : k + k * n].reshape(k, n), found[k + k * n :].reshape(k, n, n)

    # -- descents -----------------------------------------------------------------------------------------------

    def descended(self, point: Vector, sign: float) -> Vector:
        """Return the end of a descent from a point, by gradients around it."""
        radius = LARGEST
        low, high = self.low - LARGEST * self.width, self.high + LARGEST * self.width
        chance = np.random.default_rng(2)
        here = float(self.values(point[None, :], sign)[0][0])
        for _ in range(STEPS):
            if radius < SMALLEST or not np.isfinite(here):
                break
            shifts = chance.uniform(-1.0, 1.0, (4 * self.size + 4, self.size))
            around = point + radius * self.width * np.concatenate([np.zeros((1, self.size)), shifts])
            heights, gradients = self.values(around, sign)
            best = int(np.nanargmin(np.where(np.isnan(heights), np.inf, heights)))
            # In units of the box.
            gradients = gradients[np.isfinite(gradients).all(axis=1)] * self.width
            longest = float(np.max(np.linalg.norm(gradients, axis=1), initial=0.0))
            if not longest:
                break
            against = shortest(gradients / longest)
            length = float(np.linalg.norm(against))
            moved = False
            if length > SHORT:
                steps = np.array([max(radius, 0.1) * 0.25**k for k in range(4 * HALVINGS)])
                steps = steps[steps >= 0.1 * radius]
                trials = np.clip(point - steps[:, None] * self.width * against / length, low, high)
                heights_there = self.values(trials, sign)[0]
                falls = heights_there <= here - FALLS * steps * length * longest
                if falls.any():
                    k = int(np.nanargmin(np.where(falls, heights_there, np.inf)))
                    point, here, moved = trials[k], float(heights_there[k]), True
            if not moved and heights[best] < here:
                point, here, moved = np.clip(around[best], low, high), float(heights[best]), True
                here = float(self.values(point[None, :], sign)[0][0])
                radius *= 0.5
            if not moved:
                radius *= 0.1
        return point

    def polished(self, point: Vector, sign: float) -> Vector:
        """Return a point with more digits: on the surfaces next to it, then with rounded coordinates, if f is no larger there."""
        here = float(self.values(point[None, :], sign)[0][0])
        if self.surfaces is not None:
            better = self.on_surfaces(point)
            if better is not None:
                there = float(self.values(better[None, :], sign)[0][0])
                if there <= here + self.rounding(here):
                    point, here = better, there
        for digits in ROUND:
            rounded = np.round(point, digits) + 0.0
            if np.all(np.abs(rounded - point) <= CLOSE * self.width):
                there = float(self.values(rounded[None, :], sign)[0][0])
                if there <= here:
                    return rounded
        return point

    def on_surfaces(self, start: Vector) -> Vector | None:
        """Return the point near `start` on the surfaces next to it where f is stationary along them."""
        values, slopes, _ = self.at_surfaces(start)
        reach = np.abs(slopes) @ self.width
        active = np.flatnonzero((np.abs(values) <= CLOSE * reach) & (reach > 0))[: self.size]
        if not len(active):
            return None
        point, n = start, self.size
        for _ in range(NEWTON_STEPS):
            values, slopes, curves = (a[active] for a in self.at_surfaces(point))
            gradient = self.values(point[None, :], 1.0)[1][0]
            hessian = np.array(self.second.point(point.tolist())).reshape(n, n)
            if not (np.isfinite(gradient).all() and np.isfinite(hessian).all() and np.isfinite(curves).all()):
                return None
            weights = np.linalg.lstsq(slopes.T, gradient, rcond=None)[0]
            lagrange = hessian - np.tensordot(weights, curves, 1)
            k = len(active)
            matrix = np.block([[lagrange, -slopes.T], [slopes, np.zeros((k, k))]])
            step = np.linalg.lstsq(matrix, np.concatenate([slopes.T @ weights - gradient, -values]), rcond=None)[0][:n]
            point = point + step
            if np.any(np.abs(point - start) > 10 * CLOSE * self.width):
                return None
            if np.max(np.abs(step) / self.width) <= SMALLEST:
                break
        return point

    # -- what a point is ------------------------------------------------------------------------------------------

    def is_near_surface(self, point: Vector) -> bool:
        """Whether one of the expressions is 0 at a point, or next to it."""
        if self.surfaces is None:
            return False
        values, slopes, _ = self.at_surfaces(point)
        with np.errstate(all="ignore"):
            return bool(np.any(np.abs(values) <= CLOSE * (np.abs(slopes) @ self.width)))

    def nature(self, point: Vector) -> tuple[Nature | None, bool]:
        """Return the nature of a point by the values around it, if it is an extremum, and whether f is constant along a line there."""
        for sign, nature in ((1.0, Nature.MINIMUM), (-1.0, Nature.MAXIMUM)):
            lowest = self.is_lowest(point, sign)
            if lowest:
                return nature, False
            if lowest is None:
                self.level.append((point, float(self.values(point[None, :], 1.0)[0][0]), nature))
                return nature, True
        return None, False

    def rounding(self, here: float) -> float:
        return ROUNDING * float(np.finfo(float).eps) * abs(here)

    def jumps(self, point: Vector, sign: float) -> bool:
        """Whether the gradient jumps at a point: it differs by as much close to it as farther away."""
        found = []
        half = self.size
        others = self.directions[2 * half :]
        directions = np.concatenate([self.directions[: 2 * half], others, -others])
        for distance in JUMPS:
            gradients = self.values(point + distance * self.width * directions, sign)[1] * self.width
            if not np.isfinite(gradients).all():
                return True
            found.append(float(np.max(np.ptp(gradients, axis=0))))
        far, near = found
        return near > 0.0 and near >= REMAINS * far

    def is_lowest(self, point: Vector, sign: float) -> bool | None:
        """Whether sign·f is larger at all points around a point; None if it is equal at some and smaller at none."""
        here = float(self.values(point[None, :], sign)[0][0])
        if not np.isfinite(here):
            return False
        directions = [self.directions]
        if self.surfaces is not None:
            directions.append(self.along_surfaces(point))
        every = np.concatenate(directions)
        level = np.ones(len(every), bool)
        least = self.rounding(here)
        for distance in AROUND:
            there = self.values(point + distance * self.width * every, sign)[0]
            if distance == AROUND[-1] and bool(np.any(there < here - least)):
                return False
            level &= ~(there > here + least)
        return None if level.any() else True

    def along_surfaces(self, point: Vector) -> Vector:
        """Return directions along the surfaces next to a point, each one and all intersections, shape (m, n)."""
        values, slopes, _ = self.at_surfaces(point)
        with np.errstate(all="ignore"):
            active = np.flatnonzero(np.abs(values) <= CLOSE * (np.abs(slopes) @ self.width))
        found = [np.empty((0, self.size))]
        rows = slopes[active] * self.width
        rows = rows[np.isfinite(rows).all(axis=1)][: 2 * self.size]
        for k in range(1, self.size):
            for chosen in combinations(range(len(rows)), k):
                _, sizes, basis = np.linalg.svd(rows[list(chosen)])
                rank = int(np.sum(sizes > SHORT * max(sizes[0], 1e-300)))
                free = basis[rank:]
                found += [free, -free]
        return np.concatenate(found)
