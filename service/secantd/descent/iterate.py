"""The driver of methods that are an `Update`: chunks of steps run inside the program layer."""

import math
import time
from collections.abc import Generator, Sequence

import numpy as np

from secantd.descent import fixedrate
from secantd.descent.end import End, Samples, ceiling, overflowed
from secantd.descent.objective import Objective
from secantd.descent.request import Bunch, DescentRequest, StopReason
from secantd.descent.trace import Trace
from secantd.program.loop import Rows, State, Update, euclidean

__all__ = ["iterate"]

# Seconds that a chunk of steps is meant to take at most: a caller waits no longer to stop it.
CHUNK_TIME = 0.01
# Operations of the first chunk, a millisecond at most where a number each; rows of data count.
FIRST_CHUNK = 6_000
# Steps between two looks whether the path still moves; a chunk is no longer, so that the number of the step where
# a path stalls does not depend on the clock.
LOOK = 1024


def iterate(
    objective: Objective,
    update: Update,
    parameters: Sequence[float],
    request: DescentRequest,
    start: Sequence[float],
) -> Generator[Bunch, None, End]:
    """Yield bunches of steps and return the end of the path."""
    path = _Path(objective, update, parameters, request, start)
    while True:
        reason = path.chunk()
        if reason is not None:
            return path.end(reason)
        if path.trace.ready:
            yield path.trace.take()


class _Path:
    """One descent on its way.

    Attributes:
        made: Steps made so far.
        state: Where the path is.
        trace: The steps to give.
    """

    def __init__(
        self,
        objective: Objective,
        update: Update,
        parameters: Sequence[float],
        request: DescentRequest,
        start: Sequence[float],
    ) -> None:
        self.loop = objective.loop(update)
        # An ascent is a descent with a negative rate; the first parameter of every update is the rate.
        self.parameters = [objective.sign * parameters[0], *parameters[1:]]
        self.tolerance = request.tolerance
        self.most = request.max_steps
        self.sign = objective.sign
        self.trace = Trace(request.trace_every, request.first_number, len(start))
        # Only a fixed rate is diagnosed, and a quadratic has one curvature.
        self.samples = Samples(update is fixedrate.UPDATE and not objective.quadratic)
        self.start = np.array(start, dtype=np.float64)
        self.state = self.loop.begin(self.start.tolist())
        self.looked: list[float] = []
        self.made = 0
        self.size = max(1, min(LOOK, FIRST_CHUNK // max(1, objective.work)))
        self.value, self.gradient = self._look()
        self.norm = euclidean(self.gradient)
        self.first = (self.value, self.norm)
        self.low = request.tolerance if request.tolerance > 0.0 else -1.0
        self.high = ceiling(self.norm) if math.isfinite(self.norm) else math.inf
        # States to come back to: at the last two beginnings of a chunk that made a step.
        self.anchors = [(0, self.state.copy())] * 2

    def _look(self) -> tuple[float, list[float]]:
        f, *g = self.loop.program.point(self.state.x)
        return f, g

    def chunk(self) -> StopReason | None:
        """Make some steps; return why the path ends, if it does."""
        self.samples.offer(self.made, self.state.x)
        trace = self.trace
        until_look = LOOK - self.made % LOOK
        count = min(self.size, self.most - self.made, until_look, self.samples.until_next(self.made))
        records: list[Rows] | None = None
        if trace.every == 1:
            records = []
            count = min(count, trace.room)
        elif trace.due(self.made):
            records = []
            count = min(count, 1)
        else:
            count = min(count, trace.until_due(self.made))
        before = self.state.copy()
        self.anchors = [self.anchors[1], (self.made, before)]
        begun = time.monotonic()
        number = trace.first + self.made
        made = self.loop.run(self.state, self.parameters, count, self.low, self.high, records)
        self._resize(time.monotonic() - begun, count)
        self.made += made
        for rows in records or ():
            trace.extend(number, rows)
            number += len(rows)
        if made < count or self.made >= self.most:
            return self._judge(made < count)
        return self._moved() if made == until_look else None

    def _moved(self) -> StopReason | None:
        """Return STALLED if the point is the one of the look before."""
        looked, self.looked = self.looked, self.state.x
        return StopReason.STALLED if self.low >= 0.0 and looked == self.state.x else None

    def _resize(self, seconds: float, count: int) -> None:
        if seconds > CHUNK_TIME:
            self.size = max(1, min(self.size, count) // 2)
        elif seconds < CHUNK_TIME / 4 and count == self.size:
            self.size = min(LOOK, self.size * 8)

    def _judge(self, early: bool) -> StopReason | None:
        """Return why the path ends at the present point, by exact values; else make one step if it was early."""
        self.value, self.gradient = self._look()
        self.norm = euclidean(self.gradient)
        if not (math.isfinite(self.value) and math.isfinite(self.norm)):
            return self._out_of_range()
        if self.tolerance > 0.0 and self.norm <= self.tolerance:
            return StopReason.CONVERGED
        if self.norm >= self.high:
            return StopReason.DIVERGED
        if self.made >= self.most:
            return StopReason.STEPS_SPENT
        if self.trace.due(self.made):
            self.trace.add(self.made, self.state.x, self.value, self.norm)
        if early:
            self.loop.single(self.state, self.gradient, self.parameters)
            self.made += 1
        return None

    def _out_of_range(self) -> StopReason:
        x = np.array(self.state.x)
        if self.made == 0 or not overflowed(x, self.start, self.sign * self.value):
            return StopReason.NOT_FINITE
        made, state = self.anchors[0] if self.anchors[1][0] == self.made else self.anchors[1]
        self._replay(state, self.made - 1 - made)
        self.made -= 1
        self.state = state
        self.trace.drop_after(self.made)
        self.value, self.gradient = self._look()
        self.norm = euclidean(self.gradient)
        return StopReason.DIVERGED

    def _replay(self, state: State, count: int) -> None:
        """Make `count` steps again that were made before."""
        while count > 0:
            made = self.loop.run(state, self.parameters, count, -1.0, self.high)
            count -= made
            if count > 0:
                _, *g = self.loop.program.point(state.x)
                self.loop.single(state, g, self.parameters)
                count -= 1

    def end(self, reason: StopReason) -> End:
        """Return the end of the path; the last step is among the steps in any case."""
        if reason is StopReason.STALLED:
            self.value, self.gradient = self._look()
            self.norm = euclidean(self.gradient)
        self.trace.add(self.made, self.state.x, self.value, self.norm)
        self.samples.offer(self.made, self.state.x)
        return End(
            reason,
            self.made,
            np.array(self.state.x),
            self.value,
            np.array(self.gradient),
            self.norm,
            self.first[1],
            self.first[0],
            self.trace.steps(),
            self.samples,
        )
