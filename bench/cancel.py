"""How long a descent over much data goes on computing after nobody waits for it: ./dev bench cancel

A log-likelihood of four million rows, left at different moments of its steps, each of which takes tenths of a second.
"""

import statistics
import threading
import time

import numpy as np
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.interrupt import Interruptible, OutOfTimeError
from secantd.language import read

from bench.common import Effort, Row, Section, main

__all__ = ["measure"]


def left(request: DescentRequest, after: float) -> float:
    """Return the seconds from the moment a descent is left to its end."""
    ended: list[float] = []
    work = Interruptible(lambda: list(descend(request)))

    def run() -> None:
        try:
            work()
        except OutOfTimeError:
            ended.append(time.perf_counter())

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(after)
    began = time.perf_counter()
    work.interrupt()
    thread.join()
    return ended[0] - began


def measure(effort: Effort) -> Section:
    """Return the milliseconds until an abandoned descent ends."""
    rows, count = effort.pick(4_000_000, 1_000_000, 100_000), effort.pick(20, 5, 1)
    chance = np.random.default_rng(1)
    x = chance.normal(size=rows)
    y = 1 + 2 * x + chance.normal(size=rows)
    function = read("sum(dnorm(y, a + b*x, s, log = TRUE))", data={"x": x, "y": y})
    start = (("a", 0.0), ("b", 0.0), ("s", 2.0))
    request = DescentRequest(function, start, maximize=True, method=FixedRate(1e-9), max_steps=100_000)
    list(descend(DescentRequest(function, start, maximize=True, method=FixedRate(1e-9), max_steps=1)))
    found = [left(request, effort.pick(0.5, 0.5, 0.1) + 0.037 * k) for k in range(count)]
    row = Row(f"{rows:,} rows, left {count} times", {"median": statistics.median(found), "largest": max(found)})
    return Section(
        "cancel", "Abandoned descents", "From the moment when nobody waits any longer to the end of the computation.", "ms", [row],
        compared=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(measure)
