"""Trials of other rates: a rate is recommended only if it does better from the same start."""

import math
from typing import NamedTuple

from secantd.descent.end import End, divergence_bound
from secantd.descent.methods import FixedRate
from secantd.descent.objective import WORTH, Objective, Vector

__all__ = ["better_rate"]

# Steps of a trial, fewer over much data, and the fewest that tell anything.
STEPS, FEWEST = 1000, 64
# Looks in the second half of a trial.
LOOKS = 16
# The most trials: each rate is half of the one before.
RATES = 9
# Rates that differ by less than this factor are the same one.
SAME = 1.2
# A relative difference of f below this is rounding.
ROUNDING = 1e-12


class _Run(NamedTuple):
    """The end of a trial: the steps until it converged (else Inf), and f (Inf where it diverged)."""

    steps: float
    value: float

    def beats(self, other: "_Run") -> bool:
        if self.steps != other.steps:
            return self.steps < other.steps
        if math.isinf(other.value):
            return math.isfinite(self.value)
        return self.value < other.value - ROUNDING * abs(other.value)


def better_rate(
    objective: Objective, rate: float, first: float, tolerance: float, start: Vector, end: End
) -> float | None:
    """Return the first of the rates `first`, `first`/2, `first`/4, ... that does better than `rate`, None if none does.

    Args:
        objective: f.
        rate: The rate of the path.
        first: The largest rate to try.
        tolerance: The tolerance of |∇f|.
        start: The start, shape (n,).
        end: The end of the path.
    """
    count = min(STEPS, int(WORTH / 10 / RATES / max(1, objective.work)))
    if count < FEWEST or end.steps == 0 or not math.isfinite(end.start_norm):
        return None
    own = _run(objective, rate, count, tolerance, start, end)
    for k in range(RATES):
        other = first * 0.5**k
        if 1.0 / SAME < other / rate < SAME:
            continue
        run = _run(objective, other, count, tolerance, start, end)
        # A rate that is not worse than none at all.
        if run.beats(own) and run.value < objective.sign * end.start_value:
            return other
    return None


def _run(objective: Objective, rate: float, count: int, tolerance: float, start: Vector, end: End) -> _Run:
    loop = objective.loop(FixedRate.rule())
    state = loop.begin(start.tolist())
    low, high = tolerance if tolerance > 0.0 else -1.0, divergence_bound(end.start_norm)
    highest, total = -math.inf, 0
    # A path that jumps to and fro is judged by its highest value near the end.
    for part in (count - LOOKS * (count // (2 * LOOKS)), *[count // (2 * LOOKS)] * LOOKS):
        made = loop.run(state, [objective.sign * rate], part, low, high)
        total += made
        value, _, length = loop.look(state.x)
        value *= objective.sign
        if not (math.isfinite(value) and length < high):
            return _Run(math.inf, math.inf)
        if length <= low * (1.0 + 1e-9):
            return _Run(float(total), value)
        if made < part:
            # The loop met an evaluation that it cannot make; the trial says nothing.
            return _Run(math.inf, math.inf)
        if part < count // 2:
            highest = max(highest, value)
    return _Run(math.inf, highest)
