"""autograd: one sweep forward and one back over whole columns."""

from collections.abc import Callable

import autograd.numpy as anp
import numpy as np
from autograd import make_vjp

from bench.rivals import formulas


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    names = formulas.BATCHES[text]
    scope = {name: getattr(anp, name) for name in formulas.NAMES}
    f = eval(f"lambda {', '.join(names)}: {formulas.python(text)}", scope)
    at, ones = formulas.columns(names, points), np.ones(points)
    swept = make_vjp(f, argnum=tuple(range(len(names))))

    def job() -> object:
        back, value = swept(*at)
        return [value, *back(ones)]

    return job
