"""The steps, the trace and the outcome of a descent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from secant._arrays import Array, array
from secant._reply import expect, expect_length
from secant.results._record import record
from secant.results._shown import Shown
from secant.results.formula import Answer
from secant.v1 import descend_pb2 as pb
from secant.v1.expression_pb2 import Coordinate

__all__ = ["Optimum", "Outcome", "Step", "Trace", "outcome", "point"]


@dataclass(frozen=True, slots=True)
class Step(Shown):
    """One point of the path of a descent.

    Attributes:
        number: The number of steps before this point.
        point: Coordinates by variable.
        value: f at the point.
        gradient_norm: |∇f(x)|, Euclidean.
    """

    number: int
    point: Mapping[str, float]
    value: float
    gradient_norm: float


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Trace(Shown):
    """The k steps received so far, as arrays.

    Attributes:
        variables: x₁ … xₙ.
        numbers: The number of each step, shape (k,), integers.
        points: The points, shape (k, n).
        values: f at each point, shape (k,).
        gradient_norms: |∇f| at each point, Euclidean, shape (k,).
    """

    variables: tuple[str, ...]
    numbers: Array
    points: Array
    values: Array
    gradient_norms: Array

    def __len__(self) -> int:
        return len(self.numbers)

    def _title(self) -> str:
        return "of 1 step" if len(self) == 1 else f"of {len(self)} steps"

    def _table(self) -> dict[str, Any]:
        points = {name: self.points[:, k] for k, name in enumerate(self.variables)}
        return {"step": self.numbers, **points, "value": self.values, "gradient_norm": self.gradient_norms}

    def _has_table(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Optimum(Shown):
    """One of the distinct end points of descents from several starts.

    Attributes:
        point: Coordinates by variable.
        value: f at the point.
        starts: The number of starts that ended here.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "".
    """

    point: Mapping[str, float]
    value: float
    starts: int
    nature: str


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Outcome(Answer):
    """The end of a descent and its reason.

    Attributes:
        reason: "CONVERGED", "STEPS_SPENT", "DIVERGED", "NOT_FINITE" or "STALLED".
        message: The reason as a sentence, with advice.
        steps: The number of steps made.
        point: The last point, coordinates by variable; may be used as `at` or `start` of another call. Each entry of a
            vector or matrix is a variable.
        arrays: The last point, a number, vector or matrix for each entry of the start.
        value: f at the last point.
        gradient_norm: |∇f| at the last point, Euclidean.
        curvature: L, the largest curvature along the path, for a fixed rate; else None.
        rate_limit: 2/L, above which a fixed rate diverges; else None.
        predicted_steps: The number of steps predicted before the start, for a fixed rate; else None.
        regime: "CONVERGES", "OSCILLATES", "DIVERGES", "CRAWLS" or "" (unknown).
        recommended_rate: A better rate; None if none is known.
        nature: "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION" or "" (no critical point, or unknown).
        finding: "UNBOUNDED" (f has no minimum), "KINK" (the minimum is at a kink), "PLATEAU" (f is level here, but this is no
            critical point), "RUNS_AWAY" (the variables grow without bound while f levels off) or "".
        notices: Remarks: a start outside the bounds, variables that a bound holds.
        standard_errors: Standard errors, shape (n,); None if not requested or not known.
        optima: For several starts, the distinct optima, best first; else empty.
    """

    reason: str
    message: str
    steps: int
    point: Mapping[str, float]
    arrays: Mapping[str, float | Array]
    value: float
    gradient_norm: float
    curvature: float | None
    rate_limit: float | None
    predicted_steps: int | None
    regime: str
    recommended_rate: float | None
    nature: str
    finding: str
    notices: tuple[str, ...]
    standard_errors: Array | None
    optima: tuple[Optimum, ...]

    def __str__(self) -> str:
        return self.message or self.reason

    def _title(self) -> str:
        return self.reason

    def _facts(self) -> dict[str, Any]:
        return {
            "point": self.arrays,
            "value": self.value,
            "steps": self.steps,
            "nature": self.nature.lower(),
            "standard_errors": self.standard_errors,
            "message": self.message,
        }

    def _table(self) -> dict[str, Any]:
        found: dict[str, Any] = {"variable": list(self.point), "point": list(self.point.values())}
        return found if self.standard_errors is None else {**found, "standard_error": self.standard_errors}


def point(coordinates: Sequence[float], variables: tuple[str, ...]) -> dict[str, float]:
    """Return a point as coordinates by variable.

    Raises:
        MalformedReplyError: There are more or fewer coordinates than variables.
    """
    expect_length("coordinates", coordinates, len(variables), "variables")
    return dict(zip(variables, coordinates, strict=True))


def arrays(
    coordinates: Sequence[float], variables: Sequence[str], start: Iterable[Coordinate]
) -> dict[str, float | Array]:
    """Return a point as numbers, vectors and matrices.

    Args:
        coordinates: The coordinates, one for each variable.
        variables: The variables: x[1], x[2] for a vector.
        start: The start of the request, whose names and shapes the point has.
    """
    found: dict[str, float | Array] = {}
    end = 0
    for entry in start:
        begin, end = end, end + (len(entry.values) or 1)
        name = entry.variable or variables[begin].rpartition("[")[0] or variables[begin]
        if entry.values:
            found[name] = np.array(coordinates[begin:end]).reshape(tuple(entry.shape) or -1)
        else:
            found[name] = coordinates[begin]
    return found


def outcome(message: pb.Outcome, variables: tuple[str, ...], start: Iterable[Coordinate]) -> Outcome:
    """Return the message as an Outcome.

    Args:
        message: The message.
        variables: The variables, in the order of the point's coordinates.
        start: The start of the request.

    Raises:
        MalformedReplyError: It has no reason, or its lists do not have one entry for each variable.
    """
    expect(message.reason != pb.STOP_REASON_UNSPECIFIED, "an outcome without its reason")
    if message.standard_errors:
        expect_length("standard errors", message.standard_errors, len(variables), "variables")
    return record(
        Outcome,
        message,
        point=point(message.point, variables),
        arrays=arrays(message.point, variables, start),
        standard_errors=array(message.standard_errors) if message.standard_errors else None,
        optima=tuple(record(Optimum, one, point=point(one.point, variables)) for one in message.optima),
    )
