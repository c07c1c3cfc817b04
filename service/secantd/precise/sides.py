"""Limits and one-sided derivatives at a point, from values of f beside it.

A formula may have no value where its function has one (0/0), and its derivative may be 0 * Inf or depend on how a kink is
written. Values of f close to the point do not have these faults. They are computed in hundreds of digits at three distances, so
that difference quotients of any order are exact to far more digits than a double has, and their limits are certain. Nothing is
known here of rules of differentiation.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, Final, NamedTuple

from secantd.expression import Node
from secantd.precise.digits import Columns, Digits
from secantd.precise.special import UnsupportedError

__all__ = ["Side", "Sides", "agreed"]

DIGITS: Final = 400
# The exponents of the distances, relative to the size of the point, and the largest loss of digits in a quotient of order n:
# h^n stays above 10^-LOSS.
NEAREST, LOSS = 80, 240
# Two differences of quotients have at most this ratio where the quotients converge; that of h^(1/20) is 0.1.
CONVERGES: Final = 0.1
# A limit that is smaller than the quotients by this factor is 0.
ZERO: Final = 1e-15
# The largest rounding error of a quotient that is 0.
NOISE: Final = 1e-40
# The relative difference of quotients that are equal.
EXACT: Final = 1e-20
# The factor by which quotients grow at least that have no bound: log(h) doubles.
GROWS: Final = 1.5
# The relative difference of limits that are equal: they are far more exact, unless a function converges slowly.
EQUAL: Final = 1e-12
# Directions in which other variables are moved if f has no value otherwise: a limit is the same along all of them.
OTHERS: Final = ((1.0, 0.7), (1.0, -0.45), (-1.0, -0.7), (-1.0, 0.45))
# Factors of a further direction between the same axes: with two variables the four directions have two ratios, and every second
# variable moves in one ratio to each other.
FURTHER: Final = (0.3, 1.0, 1.0, 0.3, 0.6, 0.5)
# The exponent of the distances of these, and that of the largest change of a derivative by them, in sizes of f.
OTHER, ADDED = -50, -42


class Side(NamedTuple):
    """The limit on one side.

    Attributes:
        defined: Whether f has values on this side.
        value: The limit, which may be infinite; None if there is none, or if it is not certain.
    """

    defined: bool
    value: float | None


class Sides:
    """Limits of f and of its derivatives at a point.

    Args:
        output: A scalar expression.
        columns: Its data columns, each of shape (rows,).
        at: The point.

    Raises:
        UnsupportedError: mpmath lacks one of its functions, or the expression is too large.

    >>> from secantd.language import read
    >>> f = read("abs(x) + x")
    >>> [side.value for side in Sides(f.outputs[0], {}, {"x": 0.0}).of(["x"])]
    [0.0, 2.0]
    """

    def __init__(self, output: Node, columns: Columns, at: Mapping[str, float]) -> None:
        self.digits = Digits(output, columns, DIGITS, decimal=True)
        self.mp = self.digits.mp
        self.names = [n.name for n in self.digits.nodes if n.op == "symbol"]
        self.at = {name: self.digits.number(at[name]) for name in self.names}
        self.sizes = {name: abs(x) or self.mp.one for name, x in self.at.items()}
        self.known: dict[tuple[tuple[str, Any], ...], tuple[Any, Any]] = {}

    def here(self) -> float:
        """Return the value of f at the point, as the formula has it; NaN if it is not known."""
        try:
            return float(self.digits.value(self.at))
        except UnsupportedError:
            return math.nan

    def limit(self) -> Side:
        """Return the finite limit of f at the point; `defined` is whether f has values on all sides that were looked at.

        A variable that is infinite keeps its value.
        """
        moved = [name for name in self.names if self.mp.isfinite(self.at[name])]
        sides = (
            self.around({}, moved)
            if len(moved) > 1
            else [self.limit_of({}, self.shifts(moved, way)) for way in ((1.0,), (-1.0,))]
        )
        found = [side for side in sides if side.defined]
        value = agreed([side.value for side in found]) if found else None
        return Side(len(found) == len(sides), value if value is not None and math.isfinite(value) else None)

    def around(self, steps: Mapping[str, tuple[int, int]], names: Sequence[str]) -> list[Side]:
        """Return limits with variables moved in several directions; see `limit_of`.

        Where f has values between some axes only, a single direction would find a limit of d/(k + d), for d and k above 0.
        """
        sides = [self.limit_of(steps, self.shifts(names, way)) for way in OTHERS]
        if len(names) == 1 or (len(names) == 2 and all(side.defined for side in sides)):
            return sides
        defined = [way for way, side in zip(OTHERS, sides, strict=True) if side.defined]
        further = [[way[i % 2] * k for i, k in enumerate(FURTHER)] for way in defined]
        return [*sides, *[self.limit_of(steps, self.shifts(names, way)) for way in further]]

    def of(self, variables: Sequence[str]) -> list[Side]:
        """Return the derivative with respect to `variables` on each side of the point.

        Args:
            variables: The variables, each as often as f is differentiated with respect to it; one variable has the sides left
                and right, two have four quadrants.
        """
        orders = {v: variables.count(v) for v in variables}
        sides = []
        for signs in product((-1, 1), repeat=len(orders)):
            steps = {v: (order, sign) for (v, order), sign in zip(orders.items(), signs, strict=True)}
            side = self.limit_of(steps, {})
            others = [v for v in self.names if v not in orders and self.mp.isfinite(self.at[v])]
            if not side.defined and others:
                values = [self.rounded(steps, s.value) for s in self.around(steps, others) if s.defined]
                side = Side(bool(values), agreed(values) if values else None)
            sides.append(side)
        return sides

    def rounded(self, steps: Mapping[str, tuple[int, int]], value: float | None) -> float | None:
        """Return a derivative beside a point, 0 where it is not larger than what the shifts of other variables add to one of 0."""
        least = self.scale() * self.mp.mpf(10) ** ADDED
        for v, (n, _) in steps.items():
            least /= self.sizes[v] ** n
        return 0.0 if value is not None and abs(value) <= least else value

    def along(self, directions: Mapping[str, float]) -> Side:
        """Return the slope of f along a direction; each variable is moved relative to its size."""
        quotients, noise = [], self.mp.zero
        for exponent in (NEAREST / 2, NEAREST * 0.75, NEAREST):
            h = self.mp.mpf(10) ** -exponent
            (near, one), (far, two) = (
                self.value({v: k * h * d * self.sizes[v] for v, d in directions.items()}) for k in (1, 2)
            )
            if self.mp.isnan(near) or self.mp.isnan(far):
                return Side(False, None)
            quotients.append((far - near) / h)
            noise = (one + two) / h
        return Side(True, self.converged(quotients, noise, self.scale()))

    def continuation(self, variable: str) -> list[Side]:
        """Return the limits of f from the left and from the right along a variable."""
        return [self.limit_of({variable: (0, sign)}, {}) for sign in (-1, 1)]

    def shifts(self, names: Sequence[str], way: Sequence[float]) -> dict[str, Any]:
        """Return small changes of variables, different for each; `way` contains the factors of even and odd ones."""
        h = self.mp.mpf(10) ** OTHER
        return {
            name: self.mp.mpf(way[i % len(way)]) * (1 + self.mp.mpf(i) / 7) * h * self.sizes[name]
            for i, name in enumerate(names)
        }

    def limit_of(self, steps: Mapping[str, tuple[int, int]], shifts: Mapping[str, Any]) -> Side:
        """Return the limit of a difference quotient as its steps shrink.

        Args:
            steps: For each variable its order, and the sign of its step.
            shifts: Changes of other variables; without `steps` they shrink.
        """
        order = sum(order for order, _ in steps.values())
        finest = min(NEAREST, LOSS // max(order, 1))
        quotients, noise = [], self.mp.zero
        for exponent in (finest / 2, finest * 0.75, finest):
            h = self.mp.mpf(10) ** -exponent
            moved = shifts if steps else {v: d * h / self.mp.mpf(10) ** OTHER for v, d in shifts.items()}
            try:
                quotient, noise = self.quotient(steps, h, moved)
            except UnsupportedError:
                return Side(True, None)
            if self.mp.isnan(quotient):
                return Side(False, None)
            quotients.append(quotient)
        scale = self.scale()
        for v, (n, _) in steps.items():
            scale /= self.sizes[v] ** n
        return Side(True, self.converged(quotients, noise, scale))

    def quotient(self, steps: Mapping[str, tuple[int, int]], h: Any, shifts: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return a forward difference quotient that does not use the point itself, and its rounding error."""
        mp = self.mp
        total, noise, divisor = mp.zero, mp.zero, mp.one
        for v, (order, sign) in steps.items():
            divisor *= (sign * h * self.sizes[v]) ** order
        for weight, offsets in self.stencil(steps, h):
            value, error = self.value({**shifts, **offsets})
            total += weight * value
            noise += abs(weight) * error
        return total / divisor, noise / abs(divisor)

    def scale(self) -> Any:
        """Return the size of the values of f that have been computed."""
        sizes = [abs(value) for value, _ in self.known.values() if self.mp.isfinite(value)]
        return max(sizes, default=self.mp.zero)

    def stencil(self, steps: Mapping[str, tuple[int, int]], h: Any) -> Iterator[tuple[int, dict[str, Any]]]:
        """Return the weights of a forward difference and its points, which begin one step beside the point."""
        ranges = [range(order + 1) for order, _ in steps.values()]
        for places in product(*ranges):
            weight = 1
            offsets = {}
            for (v, (order, sign)), k in zip(steps.items(), places, strict=True):
                weight *= (-1) ** (order - k) * math.comb(order, k)
                offsets[v] = sign * (k + 1) * h * self.sizes[v]
            yield weight, offsets

    def value(self, offsets: Mapping[str, Any]) -> tuple[Any, Any]:
        """Return f and its rounding error at offsets from the point."""
        key = tuple(sorted(offsets.items()))
        found = self.known.get(key)
        if found is None:
            value = self.digits.value({name: x + offsets.get(name, 0) for name, x in self.at.items()})
            found = self.known[key] = value, self.digits.noise
        return found

    def converged(self, quotients: Sequence[Any], noise: Any, scale: Any) -> float | None:
        """Return the limit of three quotients whose steps shrink by equal factors, None if it is not certain.

        Args:
            quotients: The quotients.
            noise: The rounding error of the last one, without that of cancellation.
            scale: The size that quotients have where f changes by its own size.
        """
        mp = self.mp
        first, second, third = quotients
        if not all(map(mp.isfinite, quotients)):
            same = first == second == third
            return float(third) if same else None
        before, after = second - first, third - second
        if max(abs(before), abs(after)) <= EXACT * abs(third):
            return float(third)
        if abs(after) <= noise:
            # Rounding grows as the steps shrink.
            return float(third) if noise <= ZERO * abs(third) else 0.0 if abs(third) <= noise <= NOISE else None
        if abs(after) <= CONVERGES * abs(before):
            # Aitken's extrapolation is exact for c + d h^p.
            limit = third - after * after / (after - before)
            return 0.0 if abs(limit) <= ZERO * abs(first) else float(limit)
        if max(map(abs, quotients)) <= EXACT * scale:
            return 0.0
        grows = abs(third) > GROWS * abs(first) and abs(third) > abs(second) > abs(first)
        return float(mp.sign(third)) * math.inf if grows and abs(after) > 0.9 * abs(before) else None


def agreed(values: Sequence[float | None]) -> float | None:
    """Return the value that all limits have, None if they differ, if one is unknown or if there is none.

    >>> agreed([1.0, 1.0]), agreed([1.0, -1.0]), agreed([1.0, None])
    (1.0, None, None)
    """
    known = [v for v in values if v is not None]
    if not known or len(known) < len(values):
        return None
    low, high = min(known), max(known)
    if low == high:
        return known[-1]
    return known[-1] if math.isfinite(high - low) and high - low <= EQUAL * max(abs(low), abs(high)) else None
