"""Differences beside the exact derivative."""

from dataclasses import dataclass

from secant.arrays import Array, array
from secant.results.formula import optional
from secant.v1 import local_pb2 as pb

__all__ = ["Approximation", "Sweep", "approximation"]


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """The error over h, h descending.

    Attributes:
        steps: h, shape (k,).
        values: The approximation, shape (k,).
        errors: |value - exact|, shape (k,).
        best_step: The h with the least error.
        reason: Why that h is best.
    """

    steps: Array
    values: Array
    errors: Array
    best_step: float | None
    reason: str


@dataclass(frozen=True, eq=False, slots=True)
class Approximation:
    """A gradient by differences; each array has shape (n,), in the order of `variables`.

    Attributes:
        variables: x₁ … xₙ.
        values: The partials by differences.
        exact: The partials by the formula.
        errors: values - exact.
        steps: The h used for each.
        truncation: The leading term of the truncation error.
        rounding: A bound on the rounding error.
        value: f at the point.
        sweep: The table over h; None where not asked for.
        shape: "1 x n".
        notices: What a reader should know.
    """

    variables: tuple[str, ...]
    values: Array
    exact: Array
    errors: Array
    steps: Array
    truncation: Array
    rounding: Array
    value: float
    sweep: Sweep | None
    shape: str
    notices: tuple[str, ...]


def approximation(reply: pb.ApproximateResponse) -> Approximation:
    """Return the reply as an Approximation."""
    sweep = None
    if reply.sweep:
        sweep = Sweep(
            array([row.step for row in reply.sweep]),
            array([row.value for row in reply.sweep]),
            array([row.error for row in reply.sweep]),
            optional(reply, "best_step"),
            reply.reason,
        )
    return Approximation(
        tuple(reply.variables),
        array([partial.value for partial in reply.partials]),
        array([partial.exact for partial in reply.partials]),
        array([partial.error for partial in reply.partials]),
        array([partial.step for partial in reply.partials]),
        array([partial.truncation for partial in reply.partials]),
        array([partial.rounding for partial in reply.partials]),
        reply.value,
        sweep,
        reply.shape.text,
        tuple(reply.notices),
    )
