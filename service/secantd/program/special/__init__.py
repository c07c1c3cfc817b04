"""Numbers for the special functions and the distributions: rows for the table of operations.

Those that `math` computes need nothing else at a point; the others, and all of them at many points, need
SciPy, the extra [special].
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from secantd.program.special.bessel import BESSEL
from secantd.program.special.density import DENSITIES
from secantd.program.special.error import ERROR
from secantd.program.special.gamma import GAMMA
from secantd.program.special.library import Array, Pair, pair
from secantd.program.special.quantile import QUANTILES
from secantd.program.special.scalar import SCALARS, with_fallback
from secantd.program.special.tails import TAILS

__all__ = ["SPECIAL"]


def exponential(log_density: Callable[..., Array]) -> Callable[..., Any]:
    def density(*arguments: Any) -> Any:
        return np.exp(log_density(*arguments))

    return density


def distributions() -> dict[str, Pair]:
    """Return the rows of every distribution, by the names they have in the table of functions."""
    found: dict[str, Pair] = {}
    for name, log_density in DENSITIES.items():
        found[f"d{name}"] = pair(exponential(log_density))
        found[f"d{name}.log"] = pair(log_density)
    for kind, table in (("p", TAILS), ("q", QUANTILES)):
        for name, function in table.items():
            for row, lower, log in (
                ("", True, False),
                (".upper", False, False),
                (".log", True, True),
                (".upper.log", False, True),
            ):
                found[f"{kind}{name}{row}"] = pair(bound(function, lower, log))
    return found


def bound(function: Callable[..., Array], lower: bool, log: bool) -> Callable[..., Array]:
    def settled(*arguments: Any) -> Array:
        return function(*arguments, lower, log)

    return settled


def at_one_point(name: str, row: Pair) -> Pair:
    """Return a row with the faster function at one point, where there is one."""
    one, many = row
    return (with_fallback(SCALARS[name], one), many) if name in SCALARS else row


# (scalar, array) by the name of the row.
SPECIAL: dict[str, Pair] = {**GAMMA, **ERROR, **BESSEL, **{n: at_one_point(n, r) for n, r in distributions().items()}}
