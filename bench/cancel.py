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

ROWS = 4_000_000
TIMES = 20


def main() -> None:
    chance = np.random.default_rng(1)
    x = chance.normal(size=ROWS)
    y = 1 + 2 * x + chance.normal(size=ROWS)
    function = read("sum(dnorm(y, a + b*x, s, log = TRUE))", data={"x": x, "y": y})
    start = (("a", 0.0), ("b", 0.0), ("s", 2.0))
    request = DescentRequest(function, start, maximize=True, method=FixedRate(1e-9), max_steps=1000)
    list(descend(DescentRequest(function, start, maximize=True, method=FixedRate(1e-9), max_steps=1)))
    found = [left(request, 0.5 + 0.037 * k) for k in range(TIMES)]
    print(
        f"{ROWS:,} rows, left {TIMES} times: gone after {statistics.median(found):.0f} ms, at most {max(found):.0f} ms"
    )


def left(request: DescentRequest, after: float) -> float:
    """Return the milliseconds from the moment a descent is left to its end."""
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
    return 1e3 * (ended[0] - began)


if __name__ == "__main__":
    main()
