"""Steps of a descent, its trace and its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass

from secant.arrays import Array, array
from secant.results.formula import Answer, optional
from secant.v1 import descend_pb2 as pb
from secant.words import told

__all__ = ["Optimum", "Outcome", "Step", "Trace", "outcome"]


@dataclass(frozen=True, slots=True)
class Step:
    """One point of the path.

    Attributes:
        number: How many steps were made before this point.
        point: x by name.
        value: f(x).
        gradient_norm: |∇f(x)|, Euclidean.
    """

    number: int
    point: Mapping[str, float]
    value: float
    gradient_norm: float


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """All steps received so far as arrays of k rows.

    Attributes:
        variables: x₁ … xₙ.
        numbers: Shape (k,), integers.
        points: Shape (k, n).
        values: f, shape (k,).
        gradient_norms: |∇f|, shape (k,).
    """

    variables: tuple[str, ...]
    numbers: Array
    points: Array
    values: Array
    gradient_norms: Array

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Optimum:
    """One of the distinct ends of a descent from many starts.

    Attributes:
        point: x by name.
        value: f(x).
        starts: How many starts ended here.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "".
    """

    point: Mapping[str, float]
    value: float
    starts: int
    nature: str


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Outcome(Answer):
    """How a descent ended, and why.

    Attributes:
        reason: "CONVERGED", "STEPS_SPENT", "DIVERGED", "NOT_FINITE" or "STALLED".
        message: The reason as a sentence that says what to do next.
        steps: How many steps were made.
        point: The last point, x by name: good as `at` or `start` of another call.
        value: f there.
        gradient_norm: |∇f| there.
        curvature: L, the largest curvature met, for a fixed rate; else None.
        rate_limit: 2/L, above which a fixed rate diverges; else None.
        predicted_steps: The number of steps told before running, for a fixed rate; else None.
        regime: "CONVERGES", "OSCILLATES", "DIVERGES", "CRAWLS" or "".
        recommended_rate: The rate to take instead; or None.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "".
        standard_errors: Shape (n,); None where not asked for or not known.
        optima: For many starts the distinct optima, best first.
    """

    reason: str
    message: str
    steps: int
    point: Mapping[str, float]
    value: float
    gradient_norm: float
    curvature: float | None
    rate_limit: float | None
    predicted_steps: int | None
    regime: str
    recommended_rate: float | None
    nature: str
    standard_errors: Array | None
    optima: tuple[Optimum, ...]

    def __str__(self) -> str:
        return self.message or self.reason


def outcome(message: pb.Outcome, variables: tuple[str, ...]) -> Outcome:
    """Return the message as an Outcome."""
    return Outcome(
        told(pb.StopReason, message.reason),
        message.message,
        message.steps,
        dict(zip(variables, message.point, strict=True)),
        message.value,
        message.gradient_norm,
        optional(message, "curvature"),
        optional(message, "rate_limit"),
        optional(message, "predicted_steps"),
        told(pb.Regime, message.regime),
        optional(message, "recommended_rate"),
        told(pb.Nature, message.nature),
        array(message.standard_errors) if message.standard_errors else None,
        tuple(
            Optimum(
                dict(zip(variables, optimum.point, strict=True)),
                optimum.value,
                optimum.starts,
                told(pb.Nature, optimum.nature),
            )
            for optimum in message.optima
        ),
    )
