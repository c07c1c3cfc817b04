"""The table from operations and rows of the table of functions to functions of balls.

Rows that are not here are replaced by their meaning before (`language.expansion`).
"""

from secantd.balls.elementary import COMPARISONS, ELEMENTARY, Function
from secantd.balls.incomplete import INCOMPLETE
from secantd.balls.lookup import FUNCTIONS
from secantd.balls.parameters import PARAMETERS
from secantd.balls.quantiles import QUANTILES
from secantd.balls.special import SPECIAL

__all__ = ["SLOW", "TABLE"]

TABLE: dict[str, Function] = {**ELEMENTARY, **COMPARISONS, **SPECIAL, **INCOMPLETE, **PARAMETERS, **QUANTILES}
FUNCTIONS.update(TABLE)

# About how many times longer than a product these take.
SLOW: dict[str, int] = {
    **dict.fromkeys([*PARAMETERS, *QUANTILES], 1000),
    **dict.fromkeys("pgamma pgamma.upper pbeta pbeta.upper besselJ besselY besselI besselK".split(), 100),
}
