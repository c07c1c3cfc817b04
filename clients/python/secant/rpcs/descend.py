"""Descent and ascent: descend."""

from typing import Any, Literal, TypeAlias

from secant.arrays import Points, add_columns, columns
from secant.expression import Box, Function, Point, coordinates, expression
from secant.expression import bounds as _bounds
from secant.member import fill
from secant.v1 import descend_pb2 as pb

__all__ = ["Method", "descend"]

Method: TypeAlias = Literal[
    "fixed_rate",
    "momentum",
    "nesterov",
    "adagrad",
    "rmsprop",
    "adam",
    "line_search",
    "conjugate_gradient",
    "newton",
    "bfgs",
    "lbfgs",
]


def descend(
    f: Function,
    start: Point,
    *,
    method: Method | None = None,
    rate: float | None = None,
    maximize: bool = False,
    max_steps: int = 0,
    tolerance: float | None = None,
    trace_every: int = 0,
    bounds: Box | None = None,
    starts: Points | None = None,
    standard_errors: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    **settings: float,
) -> pb.DescendRequest:
    """Walk downhill (or uphill) from `start` and yield the steps while the server makes them.

    That a descent diverges is an outcome, not an error.

    Args:
        f: A scalar function.
        start: Where to begin, one entry for each variable; its order is that of every point in the answer.
        method: How a step is made. None: "fixed_rate" where a rate is given, else "bfgs".
        rate: The learning rate, for the methods that have one.
        maximize: Go uphill.
        max_steps: At most so many steps. 0: the server's limit.
        tolerance: Stop when |∇f| ≤ tolerance. None: 1e-5. 0: only `max_steps` stops.
        trace_every: Only the first step, every k-th and the last. 0: every step.
        bounds: An interval (lower, upper) for some variables, None for an open end; "lbfgs" only.
        starts: Further starts, a vector for each variable.
        standard_errors: Standard errors from the Hessian: f is a negative log-likelihood (with `maximize` a
            log-likelihood).
        notation: As for `differentiate`; so is `data`.
        settings: Of the method: `momentum`, `decay`, `beta1`, `beta2`, `initial`, `shrink`, `armijo`,
            `memory`.

    Raises:
        InvalidArgument: As for `differentiate`; UNKNOWN_VARIABLE where `start` leaves one out.
        TypeError: The method has no such setting.

    >>> import secant
    >>> with secant.local() as s:
    ...     descent = s.descend("x^2 + 2*x + 3", {"x": 0.883646125995533}, rate=0.01)
    ...     outcome = descent.result()
    >>> outcome.reason, outcome.steps, round(outcome.point["x"], 12)
    ('CONVERGED', 636, -0.999995047968)
    >>> descent.trace.points.shape
    (637, 1)
    """
    request = pb.DescendRequest(
        expression=expression(f, notation, data),
        start=coordinates(start),
        maximize=maximize,
        max_steps=max_steps,
        tolerance=tolerance,
        trace_every=trace_every,
        bounds=_bounds(bounds),
        standard_errors=standard_errors,
    )
    add_columns(request.starts, columns(starts or {}))
    details: dict[str, Any] = dict(settings) if rate is None else {"rate": rate, **settings}
    if method is not None or details:
        fill(request, "method", method or "fixed_rate", details)
    return request
