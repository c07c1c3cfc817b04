"""Where the exact and the numerical meet: each is held against the other."""

from secantd.check.approximate import Approximation, Approximations, SweepPoint, approximate
from secantd.check.extrema import CriticalPoint, Extrema, extrema

__all__ = [
    "Approximation",
    "Approximations",
    "CriticalPoint",
    "Extrema",
    "SweepPoint",
    "approximate",
    "extrema",
]
