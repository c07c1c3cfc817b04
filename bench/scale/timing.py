"""What the programs of this folder share; it needs Python alone."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

__all__ = ["answer", "job", "memory", "timed"]


def job() -> dict[str, Any]:
    """Return the job from standard input."""
    found: dict[str, Any] = json.load(sys.stdin)
    return found


def timed(compute: Callable[[], Sequence[float]], **more: Any) -> None:
    """Run a computation twice and print its numbers and seconds, and the seconds of processors in the second run."""
    seconds = []
    for _ in range(2):
        begin, used = time.perf_counter(), time.process_time()
        numbers = compute()
        seconds.append(time.perf_counter() - begin)
        used = time.process_time() - used
    answer([float(x) for x in numbers], seconds, used, **more)


def answer(numbers: list[float], seconds: list[float], used: float, **more: Any) -> None:
    """Print the answer; `used` are seconds of processors in the last run."""
    print(json.dumps({"numbers": numbers, "seconds": seconds, "cpu": used, "memory": memory(), **more}))


def memory() -> int:
    """Return the largest memory of this process so far, in bytes; not that of its parent, as getrusage has it after a fork."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
