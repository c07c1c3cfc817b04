"""Answers that use exact and numerical calculus together: difference quotients and their errors, critical points."""

from secantd.analysis.approximate import ApproximatePartial, Approximation, SweepPoint, approximate
from secantd.analysis.extrema import CriticalPoint, Extrema, extrema

__all__ = [
    "ApproximatePartial",
    "Approximation",
    "CriticalPoint",
    "Extrema",
    "SweepPoint",
    "approximate",
    "extrema",
]
