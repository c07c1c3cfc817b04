"""The objective of a descent whose variables are entries of vectors and matrices."""

import math
import time
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from secantd.calculus.arrays.entrywise import UnsupportedError
from secantd.calculus.arrays.settling import DIGITS_MAY_BE_LOST, SECOND, is_extreme
from secantd.descent.arrayformula import ArrayFormula
from secantd.descent.objective import DENSE, WORTH, Flags, Objective, Vector, dependent, is_smooth
from secantd.descent.vectorloop import VectorLoop
from secantd.errors import CalculusError
from secantd.expression import symbols
from secantd.interrupt import OutOfTimeError, cut_short, need_time, run_within
from secantd.program.update import Update, UpdateLoop

__all__ = ["ArrayObjective"]

TOO_LONG: Final = "it takes too long"


class ArrayObjective(Objective):
    """A function of vectors and matrices in one descent: its derivatives are arrays, evaluated by NumPy and LAPACK.

    The direction of a symmetric matrix is symmetric. Along all others the Hessian is a multiple of the identity with the
    sign of the curvature, so that it is singular only where f is flat.

    Args:
        formula: The function and its derivatives.
        names: The names of the entries.
        maximize: Whether to minimize -f.
        seconds: The time for values that need more digits than doubles have, at all points of the descent.
    """

    def __init__(self, formula: ArrayFormula, names: Sequence[str], maximize: bool, seconds: float) -> None:
        super().__init__(names, maximize)
        self.formula = formula
        self.entries = formula.entries
        self.work = formula.work
        self.has_data = bool(formula.function.graph.columns)
        self.dense = len(self) <= DENSE and len(self) * self.work <= WORTH
        self._values = _Values(formula, seconds)
        self._quadratic: bool | None = None
        self._constant: Vector | None = None
        self._loops: dict[Update, UpdateLoop] = {}

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, g = self._values.first(x)
        return self.sign * f, self.sign * g

    def shown(self, x: Vector) -> Vector:
        """Return the point at which f is evaluated for `x`, shape (n,)."""
        return self.entries.symmetric(x)

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n), exactly symmetric."""
        if self._constant is not None:
            return self._constant
        happened: set[str] = set()
        blocks = self.formula.blocks(x, happened)
        if blocks is not None:
            h = self._assembled(blocks)
        else:
            h = np.array([self.sign * self.formula.product(x, unit, happened) for unit in np.eye(len(self))])
            h = (h + h.T) / 2.0
        digits = self._second_digits(x, "overflow" in happened) if happened else None
        h = h if digits is None else digits
        if blocks is None:
            h = self._across(h)
        if self.quadratic:
            self._constant = h
        return h

    def _second_digits(self, x: Vector, lost: bool) -> Vector | None:
        """Return the Hessian with more digits, None where they are not computed; `lost`: whether digits may be lost without them."""
        if len(self) > SECOND:
            if lost:
                self._values.lost[f"these are second derivatives with respect to more than {SECOND} entries"] = None
            return None
        digits = self._values.digits(2, x, lost)
        if digits is None:
            return None
        h = np.empty((len(self), len(self)))
        upper = np.triu_indices(len(self))
        h[upper] = h.T[upper] = self.sign * np.array(digits[1 + len(self) :])
        return h

    def _assembled(self, blocks: Sequence[Any]) -> Vector:
        """Return the Hessian made of its blocks from the diagonal on, row by row."""
        ends = np.cumsum([0, *[int(np.prod(shape)) for shape in self.entries.shapes.values()]]).tolist()
        h = np.empty((len(self), len(self)))
        remaining = iter(blocks)
        for i in range(len(ends) - 1):
            for j in range(i, len(ends) - 1):
                rows, columns = slice(ends[i], ends[i + 1]), slice(ends[j], ends[j + 1])
                block = np.asarray(next(remaining), np.float64)
                h[rows, columns] = block.reshape(h[rows, columns].shape) if block.size > 1 else block
                h[columns, rows] = h[rows, columns].T
        return self.sign * (h + h.T) / 2.0

    def _across(self, h: Vector) -> Vector:
        """Return the Hessian with a curvature along directions that are not symmetric: the mean one of symmetric ones."""
        mirror = self.entries.mirror
        if mirror is None:
            return h
        moved = np.flatnonzero(mirror != np.arange(len(h)))
        if len(moved):
            mean = float(np.mean(np.diag(h)[moved]))
            h[moved, moved] += mean
            h[moved, mirror[moved]] -= mean
        return h

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        happened: set[str] = set()
        product = self.sign * self.formula.product(x, v, happened)
        digits = self._second_digits(x, "overflow" in happened) if happened else None
        return product if digits is None else digits @ v

    def covariance(self, inverse: Vector) -> Vector:
        """Return the covariance of the variables, shape (n, n), that of symmetric matrices among those alone."""
        mirror = self.entries.mirror
        if mirror is None:
            return inverse
        half = (inverse + inverse[mirror]) / 2.0
        covariance: Vector = (half + half[:, mirror]) / 2.0
        return covariance

    @property
    def quadratic(self) -> bool:
        """Whether the Hessian is constant, and computing it is worthwhile."""
        if self._quadratic is None:
            names = self.entries.shapes
            constant = self.dense and not set(symbols(self.formula.second())).intersection(names)
            self._quadratic = constant and is_smooth(self.formula.output, names)
        return self._quadratic

    def constant_partials(self) -> Flags:
        """Return which partial derivatives are the same number at all points, shape (n,)."""
        sizes = [int(np.prod(shape)) for shape in self.entries.shapes.values()]
        varies = dependent(self.formula.gradient, self.entries.shapes)
        return np.repeat([node.index not in varies for node in self.formula.gradient], sizes)

    def loop(self, update: Update) -> UpdateLoop:
        """Return the loop of `update`, one for all paths of a descent."""
        loop = self._loops.get(update)
        if loop is None:
            # Not a method of the objective, which would be a cycle of references for the garbage collector.
            loop = self._loops[update] = VectorLoop(self._values.first, update)
        return loop

    def notices(self) -> list[str]:
        """Return notices on points of the path at which digits may be lost."""
        return [f"{DIGITS_MAY_BE_LOST} {reason}" for reason in self._values.lost]


class _Values:
    """f and ∇f for the function as given, also for an ascent, with more digits where numbers on the way overflow.

    Attributes:
        lost: Why digits were not computed, one text for each reason.
    """

    def __init__(self, formula: ArrayFormula, seconds: float) -> None:
        self._formula = formula
        self._seconds = seconds
        self.lost: dict[str, None] = {}

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at a point, shape (n,)."""
        formula = self._formula
        happened: set[str] = set()
        f, *parts = formula.first(formula.entries.divided(x), happened)
        f, g = float(f), formula.entries.joined(parts)
        numbers = np.append(g, f)
        if happened or np.isinf(numbers).any() or (formula.grows and is_extreme(numbers).any()):
            finite = math.isfinite(f) or bool(np.isfinite(g).any())
            digits = self.digits(1, x, "overflow" in happened and finite)
            if digits is not None:
                return digits[0], np.array(digits[1:])
        return f, g

    def digits(self, order: int, x: Vector, lost: bool = True) -> list[float] | None:
        """Return f, ∇f and the upper triangle of the Hessian, up to an order; None where they are not computed.

        Args:
            order: 1 or 2.
            x: The point, shape (n,).
            lost: Whether digits may be lost without them.
        """
        formula = self._formula
        need_time()
        begun = time.monotonic()
        try:
            if self._seconds > 0.0:
                return run_within(self._seconds, lambda: formula.digits(order, x))
            cut_short()
            reason = TOO_LONG
        except UnsupportedError as unsupported:
            reason = str(unsupported)
        except (OutOfTimeError, CalculusError):
            reason = TOO_LONG
        finally:
            self._seconds -= time.monotonic() - begun
        if lost:
            self.lost[reason] = None
        return None
