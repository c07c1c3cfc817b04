"""Code for special functions and distributions, where a formula is not sufficient or code is faster.

Functions of `math` need nothing else at one point; the others, and all of them at many points, need SciPy (the extra
[special]). All further functions are computed by the stable form of their row.
"""

from collections.abc import Callable
from typing import Any

from secantd.functions import special as functions
from secantd.functions.distributions import DISTRIBUTIONS
from secantd.program.special.bessel import BESSEL
from secantd.program.special.error import ERROR
from secantd.program.special.gamma import GAMMA
from secantd.program.special.library import Array, load, pair, ready
from secantd.program.special.logistic import LOGISTIC
from secantd.program.special.quantile import QUANTILES
from secantd.program.special.tails import TAILS
from secantd.program.stableforms import CODE

__all__ = ["SPECIAL", "load", "ready"]

KINDS = (("", True, False), (".upper", False, False), (".log", True, True), (".upper.log", False, True))


def bound(function: Callable[..., Array], lower: bool, log: bool) -> Callable[..., Array]:
    """Return a tail or a quantile with its flags set."""

    def settled(*arguments: Any) -> Array:
        return function(*arguments, lower, log)

    return settled


CODE.update({**GAMMA, **ERROR, **BESSEL, **LOGISTIC})
for letter, table in (("p", TAILS), ("q", QUANTILES)):
    for name, function in table.items():
        for kind, lower, log in KINDS:
            CODE[f"{letter}{name}{kind}"] = pair(bound(function, lower, log))

# The rows that may need SciPy: code of them, or code of a row that their stable form calls.
SPECIAL = frozenset(row.name for row in (*functions.SPECIAL, *DISTRIBUTIONS))
