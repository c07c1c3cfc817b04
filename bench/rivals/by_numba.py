"""numba: the formulas of by_hand.py as one compiled loop over the points, by one thread and by all."""

from collections.abc import Callable

import numba
import numpy as np

from bench.rivals import formulas
from bench.rivals.by_hand import HAND


def batch(text: str, points: int, parallel: bool = False) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    names = formulas.BATCHES[text]
    given = ", ".join(names)
    # NumPy's errors, not Python's: a check for zero at each division would keep the loop from being vectorized.
    f = numba.njit(error_model="numpy", inline="always")(HAND[text])
    outputs = [f"o{i}" for i in range(len(names) + 1)]
    source = "\n".join(
        [
            f"def loop({given}):",
            "    n = len(x)",
            *[f"    {o} = np.empty(n)" for o in outputs],
            "    for i in prange(n):",
            f"        {', '.join(f'{o}[i]' for o in outputs)} = f({', '.join(f'{v}[i]' for v in names)})",
            f"    return {', '.join(outputs)}",
        ]
    )
    scope = {"np": np, "prange": numba.prange, "f": f}
    exec(source, scope)
    loop = numba.njit(error_model="numpy", parallel=parallel)(scope["loop"])
    at = formulas.columns(names, points)
    return lambda: loop(*at)
