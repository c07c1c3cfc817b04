"""Where the exact and the numerical meet: each is held against the other."""

from secantd.check.approximate import Approximation, Approximations, SweepPoint, approximate

__all__ = ["Approximation", "Approximations", "SweepPoint", "approximate"]
