"""Steps of steepest descent with backtracking: compiled ones, and the general search where values differ by rounding errors."""

from collections.abc import Sequence

import numpy as np

from secantd.descent.norm import norm
from secantd.descent.objective import Objective
from secantd.descent.search import Point, backtrack
from secantd.program.searchloop import BacktrackLoop
from secantd.program.update import Rows, State, Update, UpdateLoop

__all__ = ["Backtracking"]

# Steps without a new smallest f or |∇f| after which the path only changes last digits.
STALLED_STEPS = 20


class Backtracking(UpdateLoop):
    """The steps of one path.

    Args:
        objective: f.
        compiled: The compiled steps, None if f has none.
    """

    def __init__(self, objective: Objective, compiled: BacktrackLoop | None) -> None:
        super().__init__(Update(lines=(), parameters=("initial", "shrink", "armijo")))
        self._objective = objective
        self._compiled = compiled
        self._best = [np.inf, np.inf]
        self._without = 0

    def look(self, x: Sequence[float]) -> tuple[float, list[float], float]:
        """Return f, ∇f and |∇f| at a point."""
        f, g = self._objective.first(np.array(x))
        return self._objective.sign * f, (self._objective.sign * g).tolist(), norm(g)

    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` compiled steps; see `UpdateLoop`."""
        if self._compiled is None:
            return 0
        return self._compiled.run(state, parameters, count, low, high, records)

    def single(self, state: State, gradient: Sequence[float], parameters: Sequence[float]) -> bool:
        """Make one step by the general search; return False if it finds none, or if the path only changes last digits."""
        initial, shrink, armijo = parameters
        x = np.array(state.x)
        point = Point(x, *self._objective.first(x))
        values = [point.f, norm(point.g)]
        self._without = 0 if values[0] < self._best[0] or values[1] < self._best[1] else self._without + 1
        self._best = [min(pair) for pair in zip(self._best, values, strict=True)]
        if self._without > STALLED_STEPS:
            return False
        search = backtrack(self._objective, point, -point.g, initial=abs(initial), shrink=shrink, armijo=armijo)
        found: Point | None = None
        with np.errstate(all="ignore"):
            while True:
                try:
                    next(search)
                except StopIteration as stop:
                    found = stop.value
                    break
        if found is None:
            return False
        state.x = found.x.tolist()
        return True
