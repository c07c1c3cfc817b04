"""The driver of paced methods and of the line search, which runs chunks of steps in compiled loops."""

import math
import time
from collections.abc import Generator, Sequence
from dataclasses import astuple

import numpy as np

from secantd.descent.backtracking import Backtracking
from secantd.descent.end import End, Samples, divergence_bound, overflowed
from secantd.descent.methods import FixedRate, LineSearch, Paced
from secantd.descent.objective import Objective
from secantd.descent.progress import Progress
from secantd.descent.recorder import Recorder
from secantd.descent.request import Bunch, DescentRequest, StopReason
from secantd.descent.slope import falls_for_ever
from secantd.program.loop import euclidean
from secantd.program.update import Rows, State, UpdateLoop

__all__ = ["iterate"]

# The target time of a chunk of steps, in seconds: the work can be stopped between chunks.
CHUNK_TIME = 0.01
# Operations of the first chunk, counting rows of data: a millisecond at most.
FIRST_CHUNK = 6_000
# Steps between two checks whether the path still moves. A chunk is never longer, so that the step at which a path stalls does
# not depend on the clock.
LOOK = 1024


def iterate(
    objective: Objective,
    method: Paced | LineSearch,
    request: DescentRequest,
    start: Sequence[float],
) -> Generator[Bunch, None, End]:
    """Yield bunches of steps and return the end of the path.

    Args:
        objective: f.
        method: The method.
        request: Tolerance, number of steps and `trace_every`.
        start: The start, n numbers.
    """
    path = _Path(objective, method, request, start)
    while True:
        reason = path.chunk()
        if reason is StopReason.NOT_FINITE:
            # What takes milliseconds is not done on the event loop.
            yield path.without_last()
            reason = path.limit()
        if reason is not None:
            return path.end(reason)
        if path.recorder.ready:
            yield path.recorder.take()


class _Path:
    """One running descent.

    Attributes:
        made: The number of steps so far.
        state: The state of the path.
        recorder: The steps to yield.
    """

    def __init__(
        self,
        objective: Objective,
        method: Paced | LineSearch,
        request: DescentRequest,
        start: Sequence[float],
    ) -> None:
        self.loop: UpdateLoop = (
            objective.loop(method.rule())
            if isinstance(method, Paced)
            else Backtracking(objective, objective.backtracking())
        )
        # An ascent is a descent with a negative rate; the first parameter of every update is the rate.
        rate, *others = astuple(method)
        self.parameters = [objective.sign * rate, *others]
        self.tolerance = request.tolerance
        self.most = request.max_steps
        self.sign = objective.sign
        self.recorder = Recorder(request.trace_every, request.first_number, len(start))
        # Only a fixed rate is diagnosed; the curvature of a quadratic is the same everywhere.
        self.samples = Samples(isinstance(method, FixedRate) and not objective.quadratic)
        self.start = np.array(start, dtype=np.float64)
        self.state = self.loop.begin(self.start.tolist())
        self.looked: list[float] = []
        self.objective = objective
        self.progress = Progress(self.start)
        self.made = 0
        self.size = max(1, min(LOOK, FIRST_CHUNK // max(1, objective.work)))
        self.value, self.gradient, self.norm = self._look(self.state.x)
        self.first = (self.value, self.norm)
        self.low = request.tolerance if request.tolerance > 0.0 else -1.0
        self.high = divergence_bound(self.norm) if math.isfinite(self.norm) else math.inf
        # States at the beginnings of the last two chunks that made a step, to which the path can return.
        self.anchors = [(0, self.state.copy())] * 2

    def chunk(self) -> StopReason | None:
        """Make some steps; return why the path ends, if it does."""
        self.samples.offer(self.made, self.state.x)
        recorder = self.recorder
        until_look = LOOK - self.made % LOOK
        count = min(self.size, self.most - self.made, until_look, self.samples.until_next(self.made))
        records: list[Rows] | None = None
        if recorder.every == 1:
            records = []
            count = min(count, recorder.room)
        elif recorder.due(self.made):
            records = []
            count = min(count, 1)
        else:
            count = min(count, recorder.until_due(self.made))
        before = self.state.copy()
        self.anchors = [self.anchors[1], (self.made, before)]
        begun = time.monotonic()
        number = recorder.first + self.made
        made = self.loop.run(self.state, self.parameters, count, self.low, self.high, records)
        self._resize(time.monotonic() - begun, count)
        self.made += made
        for rows in records or ():
            recorder.extend(number, rows)
            number += len(rows)
        if made < count or self.made >= self.most:
            return self._judge(made < count)
        return self._moved() if made == until_look else None

    def _look(self, x: list[float]) -> tuple[float, list[float], float]:
        """Return f, ∇f and |∇f| at a point; where the formula has none, limits that were found before."""
        value, gradient, norm = self.loop.look(x)
        if norm != norm or value != value:
            f, g = self.objective.first(np.array(x))
            value, gradient, norm = self.sign * f, (self.sign * g).tolist(), euclidean(g.tolist())
        return value, gradient, norm

    def without_last(self) -> Bunch:
        """Return the steps before the current point, whose values are not finite."""
        self.recorder.drop_after(self.made - 1)
        return self.recorder.take()

    def limit(self) -> StopReason | None:
        """Go on from the current point with limits of f and ∇f, if there are any; return why the path ends here, if it does."""
        if not self.objective.find(np.array(self.state.x)):
            return StopReason.NOT_FINITE
        self.value, self.gradient, self.norm = self._look(self.state.x)
        if self.made == 0:
            self.first = (self.value, self.norm)
            self.high = divergence_bound(self.norm)
        return self._go_on(early=True)

    def _moved(self) -> StopReason | None:
        """Return STALLED if the path makes no progress, DIVERGED if it is straight and f falls without bound ahead of it."""
        looked, self.looked = self.looked, self.state.x
        if self.low < 0.0:
            return None
        if looked == self.state.x:
            return StopReason.STALLED
        value, _, length = self._look(self.state.x)
        x = np.array(self.state.x)
        if not self.progress.look(x, self.sign * value, length):
            return None
        if self.progress.stuck:
            return StopReason.STALLED
        ahead = self.progress.displacement
        return StopReason.DIVERGED if ahead is not None and falls_for_ever(self.objective, x, ahead) else None

    def _resize(self, seconds: float, count: int) -> None:
        if seconds > CHUNK_TIME:
            self.size = max(1, min(self.size, count) // 2)
        elif seconds < CHUNK_TIME / 4 and count == self.size:
            self.size = min(LOOK, self.size * 8)

    def _judge(self, early: bool) -> StopReason | None:
        """Return why the path ends at the current point, by exact values; else make one step if it stopped `early`."""
        self.value, self.gradient, self.norm = self._look(self.state.x)
        if not (math.isfinite(self.value) and math.isfinite(self.norm)):
            return self._out_of_range()
        return self._go_on(early)

    def _go_on(self, early: bool) -> StopReason | None:
        """Return why the path ends at the current point, whose values are known; else make one step if it stopped `early`."""
        if self.tolerance > 0.0 and self.norm <= self.tolerance:
            return StopReason.CONVERGED
        if self.norm >= self.high:
            return StopReason.DIVERGED
        if self.made >= self.most:
            return StopReason.STEPS_SPENT
        if self.recorder.due(self.made):
            self.recorder.add(self.made, self.state.x, self.value, self.norm)
        if early:
            if not self.loop.single(self.state, self.gradient, self.parameters):
                self.looked = self.state.x
                return StopReason.STALLED
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
        self.recorder.drop_after(self.made)
        self.value, self.gradient, self.norm = self._look(self.state.x)
        return StopReason.DIVERGED

    def _replay(self, state: State, count: int) -> None:
        """Repeat `count` steps that were made before."""
        while count > 0:
            made = self.loop.run(state, self.parameters, count, -1.0, self.high)
            count -= made
            if count > 0:
                _, gradient, _ = self._look(state.x)
                self.loop.single(state, gradient, self.parameters)
                count -= 1

    def end(self, reason: StopReason) -> End:
        """Return the end of the path; its steps always include the last one."""
        if self.looked is self.state.x:
            self.value, self.gradient, self.norm = self._look(self.state.x)
        self.recorder.add(self.made, self.state.x, self.value, self.norm)
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
            self.recorder.steps(),
            self.samples,
            self.progress.displacement if reason is StopReason.DIVERGED else None,
        )
