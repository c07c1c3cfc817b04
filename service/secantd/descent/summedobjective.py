"""The objective of a descent over data that somebody else holds: sums over rows, each a pass over all of them."""

from collections.abc import Callable, Sequence

import numpy as np

from secantd.descent.objective import DENSE, WORTH, Flags, Objective, Vector
from secantd.descent.vectorloop import VectorLoop
from secantd.program.update import Update, UpdateLoop

__all__ = ["Pass", "SummedObjective"]

# f, ∇f and the Hessian at a point of shape (n,), up to the order given; anything beyond that order is not read.
Pass = Callable[[Vector, int], tuple[float, Vector, Vector]]

# The last passes that are kept: a step asks for the gradient, then for the Hessian.
KEPT = 4


class SummedObjective(Objective):
    """f as a sum over rows, whose value and derivatives come from a function.

    A pass over the rows is expensive, so that points of the last passes are kept, and once a Hessian was needed each pass
    computes it too. What descents find out about f by hundreds of evaluations is left out.

    Args:
        variables: The n variables, in the order of a point.
        maximize: Whether to minimize -f.
        total: Returns f, ∇f of shape (n,) and the Hessian of shape (n, n) at a point of shape (n,), up to an order of 0, 1 or 2.
        batch: The same for the next part of the rows, scaled to all of them, for methods with rates such as Adam; None: all rows.
            Each step calls it once.
    """

    costly = True

    def __init__(self, variables: Sequence[str], maximize: bool, total: Pass, batch: Pass | None = None) -> None:
        super().__init__(variables, maximize)
        self._total = total
        self._batch = batch
        # As much as nothing is found out by that takes many evaluations.
        self.work = WORTH
        self.has_data = True
        self.dense = len(self) <= DENSE
        self._order = 1
        self._kept: list[tuple[bytes, int, float, Vector, Vector]] = []
        self.passes = 0

    def _at(self, x: Vector, order: int) -> tuple[float, Vector, Vector]:
        key = x.tobytes()
        for known, up_to, f, g, h in self._kept:
            if known == key and up_to >= order:
                return f, g, h
        order = max(order, self._order)
        f, g, h = self._total(x, order)
        self.passes += 1
        self._kept = [(key, order, f, g, h), *self._kept][:KEPT]
        return f, g, h

    def first(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f at `x`."""
        f, g, _ = self._at(x, 1)
        return self.sign * f, self.sign * g

    def hessian(self, x: Vector) -> Vector:
        """Return the Hessian at `x`, shape (n, n)."""
        self._order = 2
        return self.sign * self._at(x, 2)[2]

    def product(self, x: Vector, v: Vector) -> Vector:
        """Return the Hessian at `x` times `v`."""
        product: Vector = self.hessian(x) @ v
        return product

    @property
    def quadratic(self) -> bool:
        """Whether the Hessian is known to be constant: it is not."""
        return False

    def constant_partials(self) -> Flags:
        """Return which partial derivatives are known to be constant: none, shape (n,)."""
        return np.zeros(len(self), bool)

    def loop(self, update: Update) -> UpdateLoop:
        """Return the loop of `update`, whose steps take the next batch if there are batches."""
        return VectorLoop(self._stepwise, update)

    def _stepwise(self, x: Vector) -> tuple[float, Vector]:
        """Return f and ∇f as given, also for an ascent."""
        if self._batch is not None:
            f, g, _ = self._batch(x, 1)
            return f, g
        f, g, _ = self._at(x, 1)
        return f, g
