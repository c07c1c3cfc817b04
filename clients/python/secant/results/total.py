"""Value and derivatives of a sum over rows."""

from dataclasses import dataclass
from typing import Any

from secant._arrays import Array

__all__ = ["Total", "total"]


@dataclass(frozen=True, eq=False, slots=True)
class Total:
    """Value, gradient and Hessian of the sum of a formula over the rows of a table.

    Attributes:
        variables: x₁ … xₙ, the parameters of the formula unless others were named.
        value: The sum.
        gradient: Its partial derivatives, shape (n,); None for order 0.
        hessian: Its second derivatives, shape (n, n); None for orders 0 and 1.
        rows: The rows of the table.
        missing: The rows with missing values, which are left out.
        failed: The other rows in which the value or a derivative is not finite.
        places: The first of these rows, counted from 0.
        notices: Notices about the answer.
    """

    variables: tuple[str, ...]
    value: float
    gradient: Array | None
    hessian: Array | None
    rows: int
    missing: int
    failed: int
    places: tuple[int, ...]
    notices: tuple[str, ...]


def total(found: Any, notices: tuple[str, ...] = ()) -> Total:
    """Return the engine's sum (`secantd.rows.Sum`) as a Total.

    Args:
        found: The sum.
        notices: Notices about the formula.
    """
    return Total(
        found.variables,
        found.value,
        found.gradient if found.order else None,
        found.hessian if found.order > 1 else None,
        found.rows,
        found.missing,
        found.failed,
        found.places,
        (*notices, *found.notices),
    )
