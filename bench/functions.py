"""What each special function costs at one hard point: the table in service/secantd/functions/costs.py.

./dev bench functions [NAME ...]

Prints the largest time of each row over a grid of hard values, and where that was; best of three, of the processor's time.
"""

import itertools
import math
import sys
import time

import numpy as np
from secantd.functions import FUNCTIONS, cost
from secantd.program.operations import OPERATIONS
from secantd.program.special import SPECIAL

HARD = [
    -1e300, -1.5, -1e-300, 0.0, 5e-324, 1e-300, 1e-17, 1e-5, 0.3, 0.5, 1.0 - 2.0**-53, 1.0, 3.0, 50.0, 1e3, 1e5, 1e8, 1e10, 2.0**53,
    1e17, 1e100, 1e300, 1.797e308, math.inf,
]  # fmt: skip


def seconds(name: str, point: tuple[float, ...]) -> float:
    """Return the best time of three."""
    compute = OPERATIONS[name].careful
    times = []
    for _ in range(3):
        began = time.process_time()
        compute(*point)
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    """Print a line for each row."""
    for name in sys.argv[1:] or sorted(SPECIAL & FUNCTIONS.keys()):
        row = FUNCTIONS[name]
        count = len(row.parameters)
        points = itertools.product(HARD, *[HARD[:: max(1, count - 1)]] * (count - 1))
        with np.errstate(all="ignore"):
            most, where = max((seconds(name, p), p) for p in points)
        mark = "" if most * 1e6 <= cost(row) else "  above the table"
        print(f"{name:20} {most * 1e6:10.0f} us of {cost(row):7,}  at {where}{mark}", flush=True)


if __name__ == "__main__":
    main()
