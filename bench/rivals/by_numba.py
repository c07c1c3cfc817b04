"""numba: the formulas of by_hand.py as one compiled loop over the points, by one thread and by all."""

from collections.abc import Callable
from functools import cache

import numba
import numpy as np

from bench.rivals import formulas
from bench.rivals.by_hand import HAND


@cache
def loop(text: str, parallel: bool) -> Callable[..., object]:
    """Return the compiled loop of one formula."""
    names = formulas.BATCHES[text]
    # NumPy's errors, not Python's: a check for zero at each division would keep the loop from being vectorized.
    f = numba.njit(error_model="numpy", inline="always")(HAND[text])
    outputs = [f"o{i}" for i in range(len(names) + 1)]
    source = "\n".join(
        [
            f"def loop({', '.join(names)}):",
            "    n = len(x)",
            *[f"    {o} = np.empty(n)" for o in outputs],
            "    for i in prange(n):",
            f"        {', '.join(f'{o}[i]' for o in outputs)} = f({', '.join(f'{v}[i]' for v in names)})",
            f"    return {', '.join(outputs)}",
        ]
    )
    scope = {"np": np, "prange": numba.prange, "f": f}
    exec(source, scope)
    compiled: Callable[..., object] = numba.njit(error_model="numpy", parallel=parallel)(scope["loop"])
    return compiled


def batch(text: str, points: int, parallel: bool = False) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    f, at = loop(text, parallel), formulas.columns(formulas.BATCHES[text], points)
    return lambda: f(*at)
