"""Descent and ascent: descend."""

from typing import Any

from secant._arrays import Points, add_columns, columns
from secant._enums import MethodWord
from secant._oneof import set_member
from secant._tables import vectors_of
from secant.expression import Box, Function, Point, coordinates, expression
from secant.expression import bounds as _bounds
from secant.shapes import Shapes
from secant.v1 import descend_pb2 as pb

__all__ = ["descend"]


def descend(
    f: Function,
    start: Point,
    *,
    method: MethodWord | None = None,
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
    shapes: Shapes | None = None,
    data_set: str | None = None,
    skip_missing: bool = False,
    **settings: float,
) -> pb.DescendRequest:
    """Return a running minimization of f from `start`: an iterator of steps, which the server sends as it makes them.

    Divergence is an outcome, not an error.

    Args:
        f: A scalar function.
        start: Point to start from, a number, vector or matrix for each variable. Points of the answer have its order, with
            one entry for each component: x[1], A[1,2].
        method: The descent method. None: "fixed_rate" if a rate or another setting is given, else "bfgs", with bounds "lbfgs".
        rate: Learning rate, for the methods that have one.
        maximize: Maximize f instead of minimizing it.
        max_steps: Maximum number of steps. 0: the server's limit `steps`.
        tolerance: Stop when |∇f| ≤ tolerance (Euclidean norm). None: 1e-5. 0: stop only after `max_steps`.
        trace_every: Send only the first step, every k-th step and the last. 0: every step.
        bounds: An interval (lower, upper) for some variables, with None for an open end; "lbfgs" only.
        starts: More starting points, a vector of length k for each variable.
        standard_errors: Also return standard errors, from the Hessian; f must be a negative log-likelihood (with
            `maximize`, a log-likelihood).
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.
        data_set: A data set of the server, see `describe().data_sets`. f is then the value of one row, and its sum over all rows is
            minimized; names of columns are data of the row.
        skip_missing: Leave out rows of the data set in which a column is missing; without it such rows are an error.
        settings: Settings of the method: `momentum`, `decay`, `beta1`, `beta2`, `initial`, `shrink`, `armijo`, `memory`;
            `describe().descent_methods` explains them.

    Raises:
        InvalidArgument: As for `differentiate`; UNKNOWN_VARIABLE if `start` lacks a variable.
        ValueError: There is no such method, or an interval is not a pair.
        TypeError: The method has no such setting.

    >>> import secant
    >>> descent = secant.descend("x^2 + 2*x + 3", {"x": 0.883646125995533}, rate=0.01)
    >>> outcome = descent.result()
    >>> outcome.reason, outcome.steps, round(outcome.point["x"], 12)
    ('CONVERGED', 636, -0.999995047968)
    >>> descent.trace.points.shape
    (637, 1)
    """
    request = pb.DescendRequest(
        expression=expression(f, notation, data, shapes, data_set),
        start=coordinates(start),
        maximize=maximize,
        max_steps=max_steps,
        tolerance=tolerance,
        trace_every=trace_every,
        bounds=_bounds(bounds),
        standard_errors=standard_errors,
        skip_missing=skip_missing,
    )
    add_columns(request.starts, columns(vectors_of(starts or {}, request.expression.text)))
    details: dict[str, Any] = dict(settings) if rate is None else {"rate": rate, **settings}
    if method is not None or details:
        set_member(request, "method", method or "fixed_rate", details)
    return request
