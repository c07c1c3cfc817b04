"""numexpr: the value and each partial, whose texts SymPy writes, one after another."""

from collections.abc import Callable

import numexpr

from bench.rivals import formulas
from bench.rivals.by_sympy import partials


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    texts = [str(o) for o in partials(text)[1]]
    names = formulas.BATCHES[text]
    given = dict(zip(names, formulas.columns(names, points), strict=True))
    return lambda: [numexpr.evaluate(t, local_dict=given) for t in texts]
