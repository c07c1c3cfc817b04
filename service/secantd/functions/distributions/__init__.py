"""Distributions: density (d), probability (p) and quantile (q), a row for each setting of R's flags."""

from secantd.functions.distributions.continuous import CONTINUOUS
from secantd.functions.distributions.discrete import DISCRETE
from secantd.functions.distributions.family import Family, rows

__all__ = ["DISTRIBUTIONS", "FAMILIES", "Family"]

FAMILIES = (*CONTINUOUS, *DISCRETE)

DISTRIBUTIONS = tuple(r for f in FAMILIES for r in rows(f))
