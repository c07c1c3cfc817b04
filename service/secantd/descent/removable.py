"""Points of a path at which the formula of f or of its gradient is 0/0: limits, and means of the slopes at kinks."""

import math
import time
from dataclasses import dataclass, field

import numpy as np

from secantd.calculus.arrays.entrywise import UnsupportedError, entrywise
from secantd.calculus.settle import Wanted, settle, wanted_up_to
from secantd.descent.bowl import Bowl
from secantd.descent.entries import Entries
from secantd.descent.objective import Flags, Objective, Vector
from secantd.language.function import Function
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Update, UpdateLoop
from secantd.settings import Limits

__all__ = ["Removable"]

# Points of a descent at which limits are looked for, each a matter of milliseconds, and the most variables of a Hessian.
MOST, FEW = 20, 4
LIMITS = "at {} of the path f or its gradient is a limit, because the formula itself is 0/0 there"
MEANS = (
    "at {} of the path the formula of the gradient is 0/0 and f has a kink: a partial derivative is the mean of the slopes on both"
    " sides there"
)


@dataclass(slots=True)
class _At:
    """f, ∇f and, once it is needed, the Hessian at a point; `kink`: a partial is the mean of the slopes on both sides."""

    f: float
    g: Vector
    kink: bool
    hessian: Vector | None = None


@dataclass(slots=True)
class _Known:
    at: dict[bytes, _At | None] = field(default_factory=dict)
    # Seconds that are left for all points.
    seconds: float = 0.0


class Removable(Objective):
    """An objective with limits and means of slopes where its formula is 0/0: the values of Gradient.

    Args:
        inner: The objective of the formula.
        function: Its function.
        entries: The entries of its vectors and matrices; None: its variables are numbers.
        limits: The limits that apply; limits at all points of a descent have `algebra_seconds`.
    """

    def __init__(self, inner: Objective, function: Function, entries: Entries | None, limits: Limits) -> None:
        super().__init__(inner.variables, inner.sign < 0.0)
        self.inner, self.function, self.entries, self.limits = inner, function, entries, limits
        self.work, self.dense, self.has_data = inner.work, inner.dense, inner.has_data
        self._known = _Known(seconds=limits.algebra_seconds)

    def find(self, x: Vector) -> bool:
        """Look for the values that Gradient has for f and ∇f at `x`; return whether all exist and are finite."""
        key = x.tobytes()
        known = self._known.at
        if key not in known:
            if len(known) >= MOST or self._known.seconds <= 0.0:
                return False
            f, g = self.inner.first(x)
            found = self._settled(1, [f, *g.tolist()], x)
            if found is None:
                known[key] = None
            else:
                values, kink = found
                known[key] = _At(values[0], np.array(values[1:]), kink)
        return known[key] is not None

    def _of_numbers(self, x: Vector) -> tuple[Function, tuple[str, ...]] | None:
        """Return f as a function of numbers at `x` and their names, None if it has no such form."""
        if self.entries is None:
            return self.function, self.variables
        try:
            found = entrywise(self.function, self.function.outputs[0], self.entries.divided(x))
        except UnsupportedError:
            return None
        return found.function, tuple(found.at)

    def _settled(self, order: int, values: list[float], x: Vector) -> tuple[list[float], bool] | None:
        """Return values of which those that are NaN are replaced, and whether one of them is no limit but the mean of two slopes.

        None where one has neither; for an ascent the values are those of -f.

        Args:
            order: 1: `values` are f and ∇f; 2: the upper triangle of the Hessian.
            values: The values of the formula.
            x: The point, shape (n,).
        """
        numbers = self._of_numbers(x)
        if numbers is None:
            return None
        function, names = numbers
        wanted: list[Wanted] = wanted_up_to(function.outputs[0], names, order)[0 if order == 1 else 1 + len(names) :]
        lost = [math.isnan(v) for v in values]
        found = [self.sign * v for v in values]
        at = dict(zip(names, x.tolist(), strict=True))
        begun = time.monotonic()
        are_limits = settle(function, wanted, found, at, [], self.limits, self._known.seconds)
        self._known.seconds -= time.monotonic() - begun
        kept = [self.sign * b if was else a for a, b, was in zip(values, found, lost, strict=True)]
        if not all(map(math.isfinite, kept)):
            return None
        return kept, any(was and not limit for limit, was in zip(are_limits, lost, strict=True))

    def notices(self) -> list[str]:
        """Return notices on points of the path at which f or its gradient is 0/0, or may have lost digits."""
        found = self.inner.notices()
        kinks = [at.kink for at in self._known.at.values() if at is not None]
        for kink, text in ((False, LIMITS), (True, MEANS)):
            count = kinks.count(kink)
            if count:
                found.append(text.format("one point" if count == 1 else f"{count} points"))
        return found

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, g = self.inner.first(x)
        if self._known.at and (f != f or np.isnan(g).any()):
            found = self._known.at.get(x.tobytes())
            if found is not None:
                return found.f, found.g.copy()
        return f, g

    def far(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at one of many points far out, without limits."""
        return self.inner.far(x)

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n)."""
        h = self.inner.hessian(x)
        found = self._known.at.get(x.tobytes()) if self._known.at else None
        if found is None or len(self) > FEW or not np.isnan(h).any():
            return h
        if found.hessian is None:
            upper = np.triu_indices(len(self))
            settled = self._settled(2, h[upper].tolist(), x)
            if settled is not None:
                h = h.copy()
                h[upper] = h.T[upper] = settled[0]
            found.hessian = h
        return found.hessian

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        return self.inner.product(x, v)

    def shown(self, x: Vector) -> Vector:
        """Return the point at which f is evaluated for `x`, shape (n,)."""
        return self.inner.shown(x)

    def covariance(self, inverse: Vector) -> Vector:
        """Return the covariance of the variables from the inverse Hessian, both of shape (n, n)."""
        return self.inner.covariance(inverse)

    @property
    def quadratic(self) -> bool:
        """Whether the Hessian is constant, and computing it is worthwhile."""
        return self.inner.quadratic

    @property
    def bowl(self) -> Bowl | None:
        """The eigenvalues of a constant Hessian, else None."""
        return self.inner.bowl

    def constant_partials(self) -> Flags:
        """Return which partial derivatives are the same number at all points, shape (n,)."""
        return self.inner.constant_partials()

    def loop(self, update: Update) -> UpdateLoop:
        """Return the loop of `update`, one for all paths."""
        return self.inner.loop(update)

    def backtracking(self) -> BacktrackLoop | None:
        """Return the compiled steps of steepest descent with backtracking, None if there are none."""
        return self.inner.backtracking()
