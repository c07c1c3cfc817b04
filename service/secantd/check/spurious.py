"""Values at large arguments that only rounding or overflow produces."""

from functools import partial

import numpy as np

from secantd.check.trial import Trial
from secantd.precise import UnsupportedError

__all__ = ["drop_spurious_values"]

# The largest coordinate of a point near 0.
NEAR = 20.0
# The most points that are examined.
POINTS = 24


def drop_spurious_values(trial: Trial) -> None:
    """Set values at large arguments to NaN where mpmath has no finite value, unless there are enough points near 0.

    At most POINTS points are examined for each claim.

    In doubles atanh(x/sqrt(x^2 - 2)) has a value beyond 1e8, and 1/(1 - cosh(x))^(3/2) is 0 where cosh(x) overflows.

    Args:
        trial: The claims at points.
    """
    if not trial.order:
        return
    near = np.abs(trial.points).max(axis=0) <= NEAR
    for i, claim in enumerate(trial.claims):
        places = np.flatnonzero(trial.telling(i))
        if near[places].sum() >= trial.fewest:
            continue
        for j in places[~near[places]][:POINTS].tolist():
            for node, values in ((trial.output, trial.heights), (claim, trial.claimed[i])):
                digits = trial.digits(node)
                if digits is None:
                    continue
                try:
                    value = trial.within(partial(digits.value, trial.place(j)), 0.0)
                except UnsupportedError:
                    # Too large for mpmath: nothing confirms it.
                    value = digits.mp.nan
                if not digits.mp.isfinite(value):
                    values[j] = np.nan
