"""Points at which exported code of vectors and matrices has other values than Evaluate, looked for entry by entry."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.entrywise import UnsupportedError, entrywise, names_of_entries
from secantd.errors import CalculusError
from secantd.export.arrays.derive import ArrayDerived
from secantd.export.arrays.verification import LENGTHS, RANGES, random_point
from secantd.export.gaps import UNSEEN, is_doubtful, is_long, near_gaps, notices_of, slow_functions
from secantd.language import Function
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["array_gaps"]

# The most entries of all variables.
FEW = 40


def array_gaps(
    function: Function, derived: ArrayDerived, order: int, data: Mapping[str, NDArray[np.float64]], limits: Limits
) -> list[str]:
    """Return notices on points at which code has other values than Evaluate, such as NaN where a formula is 0/0.

    Args:
        function: A scalar function of vectors and matrices.
        derived: Its derivatives.
        order: 0, 1 or 2.
        data: The data of the request.
        limits: The limits that apply.
    """
    if not is_doubtful(function):
        return []
    slow = slow_functions(function)
    if slow:
        return [UNSEEN.format(f"{series(slow)} would take long")]
    why = "the lengths of the variables are not known"
    for lengths in ((2, 2, 2, 2), *LENGTHS):
        point = random_point(derived, lengths, RANGES[0], np.random.default_rng(0), data)
        at = {a.name: point[a.name] for a in derived.arguments if not a.data}
        if sum(int(np.size(v)) for v in at.values()) > FEW:
            why = f"the variables have more than {FEW} entries"
            continue
        try:
            entries = entrywise(function, function.outputs[0], at)
        except UnsupportedError as reason:
            why = str(reason)
            continue
        except CalculusError:
            # These lengths do not conform.
            continue
        chosen = tuple([name for a in derived.by for name in names_of_entries(a.name, np.shape(at[a.name]))])
        if is_long(entries.function, order, chosen):
            why = "the formula is long"
            break
        # One point is an example; those at which other entries meet are like it.
        return notices_of(near_gaps(entries.function, order, chosen, limits, 1))
    return [UNSEEN.format(why)]
