"""Points of a path at which the formula of f is 0/0, and f and its gradient have limits."""

import math
import time
from dataclasses import dataclass, field

import numpy as np

from secantd.calculus.settle import Wanted, settle, wanted_up_to
from secantd.descent.bowl import Bowl
from secantd.descent.objective import Flags, Objective, Vector
from secantd.language.function import Function
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Update, UpdateLoop
from secantd.settings import Limits

__all__ = ["Removable"]

# Points of a descent at which limits are looked for, each a matter of milliseconds, and the most variables of a Hessian.
MOST, FEW = 20, 4


@dataclass(slots=True)
class _At:
    """f, ∇f and, once it is needed, the Hessian at a point; None: there are no limits."""

    f: float
    g: Vector
    hessian: Vector | None = None


@dataclass(slots=True)
class _Known:
    at: dict[bytes, _At | None] = field(default_factory=dict)
    # Seconds that are left for all points.
    seconds: float = 0.0


class Removable(Objective):
    """An objective with limits where its formula is 0/0: the values of Gradient.

    Args:
        inner: The objective of the formula, of numbers.
        function: Its function.
        limits: The limits that apply; limits at all points of a descent have `algebra_seconds`.
    """

    def __init__(self, inner: Objective, function: Function, limits: Limits) -> None:
        super().__init__(inner.variables, inner.sign < 0.0)
        self.inner, self.function, self.limits = inner, function, limits
        self.work, self.dense, self.has_data = inner.work, inner.dense, inner.has_data
        self._known = _Known(seconds=limits.algebra_seconds)

    def find(self, x: Vector) -> bool:
        """Look for limits of f and ∇f at `x`; return whether all exist and are finite."""
        key = x.tobytes()
        known = self._known.at
        if key not in known:
            if len(known) >= MOST or self._known.seconds <= 0.0:
                return False
            f, g = self.inner.first(x)
            wanted = wanted_up_to(self.function.outputs[0], self.variables, 1)
            values = self._limits(wanted, [f, *g.tolist()], x)
            known[key] = None if values is None else _At(values[0], np.array(values[1:]))
        return known[key] is not None

    def _limits(self, wanted: list[Wanted], values: list[float], x: Vector) -> list[float] | None:
        """Return values of which those that are NaN are replaced by limits, None where one has none; those of -f for an ascent."""
        lost = [math.isnan(v) for v in values]
        found = [self.sign * v for v in values]
        at = dict(zip(self.variables, x.tolist(), strict=True))
        begun = time.monotonic()
        are_limits = settle(self.function, wanted, found, at, [], self.limits, self._known.seconds)
        self._known.seconds -= time.monotonic() - begun
        kept = [self.sign * b if was else a for a, b, was in zip(values, found, lost, strict=True)]
        sound = all(limit or not was for limit, was in zip(are_limits, lost, strict=True))
        return kept if sound and all(map(math.isfinite, kept)) else None

    @property
    def places(self) -> int:
        """The number of points with limits so far."""
        return sum(1 for found in self._known.at.values() if found is not None)

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
            wanted = wanted_up_to(self.function.outputs[0], self.variables, 2)[1 + len(self) :]
            values = self._limits(wanted, h[upper].tolist(), x)
            if values is not None:
                h = h.copy()
                h[upper] = values
                h.T[upper] = values
            found.hessian = h
        return found.hessian

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        return self.inner.product(x, v)

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
