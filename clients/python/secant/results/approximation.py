"""Finite differences compared with the exact derivative."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from secant._arrays import Array, array
from secant._reply import expect_length
from secant.results._record import record
from secant.results._shown import Shown
from secant.results.formula import optional
from secant.v1 import local_pb2 as pb

__all__ = ["Approximation", "Sweep", "approximation"]


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Sweep(Shown):
    """The error of a scheme for k step sizes h, in descending order of h.

    Attributes:
        steps: h, shape (k,), in units of x.
        values: The approximation for each h, shape (k,).
        errors: |value - exact|, shape (k,).
        best_step: The h with the smallest error; None if there is none.
        reason: Why that h is best.
    """

    steps: Array
    values: Array
    errors: Array
    best_step: float | None
    reason: str

    def _facts(self) -> dict[str, Any]:
        return {"best_step": self.best_step, "reason": self.reason}

    def _table(self) -> dict[str, Any]:
        return {"step": self.steps, "value": self.values, "error": self.errors}

    def _has_table(self) -> bool:
        return True


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Approximation(Shown):
    """A gradient by finite differences; each array has shape (n,), in the order of `variables`.

    Attributes:
        variables: x₁ … xₙ.
        values: The partials by finite differences, in units of f per unit of xᵢ; also as `gradient`.
        exact: The partials from the exact formula.
        errors: values - exact.
        steps: The h used for each partial, in units of xᵢ.
        truncation: The leading term of the truncation error.
        rounding: A bound on the rounding error.
        value: f at the point.
        sweep: The errors for many h; None if not requested.
        shape: "1 x n".
        notices: Notices about the answer.
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

    _RENAMED: ClassVar[Mapping[str, str]] = {"values": "gradient"}

    def _facts(self) -> dict[str, Any]:
        return {"value": self.value}

    def _table(self) -> dict[str, Any]:
        names = ("exact", "errors", "steps", "truncation", "rounding")
        return {"variable": self.variables, "gradient": self.values, **{name: getattr(self, name) for name in names}}

    def _has_table(self) -> bool:
        return True

    @property
    def gradient(self) -> Array:
        """The partials by finite differences, shape (n,)."""
        return self.values


# The arrays of an Approximation, and the fields of the messages that they are read from.
_COLUMNS = {
    "values": "value",
    "exact": "exact",
    "errors": "error",
    "steps": "step",
    "truncation": "truncation",
    "rounding": "rounding",
}


def approximation(reply: pb.ApproximateResponse) -> Approximation:
    """Return the reply as an Approximation.

    Raises:
        MalformedReplyError: It does not have one partial for each variable.
    """
    expect_length("partials", reply.partials, len(reply.variables), "variables")
    sweep = None
    if reply.sweep:
        sweep = Sweep(
            array([row.step for row in reply.sweep]),
            array([row.value for row in reply.sweep]),
            array([row.error for row in reply.sweep]),
            optional(reply, "best_step"),
            reply.reason,
        )
    return record(
        Approximation,
        reply,
        sweep=sweep,
        **{name: array([getattr(partial, field) for partial in reply.partials]) for name, field in _COLUMNS.items()},
    )
