"""Ball arithmetic: intervals that contain values and derivatives for certain, by flint.

The only folder that imports flint (python-flint, the extra `proof`), and only when balls are computed.
"""

from functools import cache
from importlib.util import find_spec

from secantd.balls.balls import Balls, NoBallsError
from secantd.balls.enclosure import Enclosure

__all__ = ["Balls", "Enclosure", "NoBallsError", "installed"]


@cache
def installed() -> bool:
    """Whether python-flint is installed."""
    return find_spec("flint") is not None
