"""Secant over files: secant.sum_over."""

import secant
from timing import job, timed

given = job()


def compute() -> list[float]:
    """Return f, its partials and the upper triangle of its Hessian."""
    found = secant.sum_over(given["text"], given["folder"], "m", "s", at=given["at"], order=2)
    assert found.rows == given["rows"]
    assert found.gradient is not None
    assert found.hessian is not None
    return [found.value, *found.gradient, found.hessian[0, 0], found.hessian[0, 1], found.hessian[1, 1]]


timed(compute)
