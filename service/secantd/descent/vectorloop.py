"""Steps of update rules on whole vectors, for objectives without a compiled loop."""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.descent.norm import norm
from secantd.program.update import Rows, State, Update, UpdateLoop, arrays_of, store

__all__ = ["VectorLoop"]

Vector = NDArray[np.float64]


class VectorLoop(UpdateLoop):
    """Runs steps of `update` on vectors.

    Args:
        first: Returns f and ∇f at a point.
        update: The update rule.
    """

    def __init__(self, first: Callable[[Vector], tuple[float, Vector]], update: Update) -> None:
        super().__init__(update)
        self._first = first

    def look(self, x: Sequence[float]) -> tuple[float, list[float], float]:
        """Return f, ∇f and |∇f| at a point."""
        f, g = self._first(np.array(x))
        return f, g.tolist(), norm(g)

    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` steps; see `UpdateLoop`."""
        x, memory, counters = arrays_of(state)
        rows: list[Vector] = []
        made = 0
        while made < count:
            f, g = self._first(x)
            length = norm(g)
            if records is not None:
                rows.append(np.concatenate([x, (f, length)]))
            if not (low < length < high and math.isfinite(f)):
                break
            with np.errstate(all="ignore"):
                x, memory, counters = self.step(x, memory, counters, g, parameters)
            made += 1
        store(state, x, memory, counters)
        if records is not None and rows:
            records.append(np.array(rows))
        return made
