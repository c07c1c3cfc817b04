"""The local behaviour of a function: taylor, tangent, approximate, extrema."""

from functools import partial

from secant._arrays import Points, add_columns, columns
from secant._call import Call
from secant._enums import FormWord, Notations, SchemeWord, enum_value
from secant._notebook import requested_notations
from secant._tables import vectors_of
from secant.expression import Box, Function, Point, bounds, coordinates, expression, named
from secant.results import local
from secant.results.approximation import Approximation, approximation
from secant.results.local import Extrema, Tangent, Taylor
from secant.shapes import Shapes
from secant.v1 import expression_pb2
from secant.v1 import local_pb2 as pb

__all__ = ["approximate", "extrema", "tangent", "taylor"]


def taylor(
    f: Function,
    at: Point,
    order: int,
    *,
    points: Points | None = None,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Taylor]:
    """Return the Taylor polynomial of a scalar function at a point.

    Args:
        f: The function.
        at: x₀, one entry for each variable of the polynomial.
        order: The degree; with several variables, the total degree.
        points: Points at which the polynomial and f are compared, a vector of length k for each variable.
        notations: Notations of the answer. None: that of f.
        form: "light" (exact constants except in R notation and at decimal points), "exact", "expanded", "factored" or
            "simplified". None: "light".
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        OutOfRange: UNDEFINED_AT_POINT, f has no such polynomial there.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        ValueError: There is no such form.

    >>> import secant
    >>> print(secant.taylor("exp(x)", {"x": 0}, order=2))
    1 + x + x^2/2
    """
    wanted = requested_notations(notations)
    request = pb.TaylorRequest(
        expression=expression(f, notation, data, shapes),
        at=coordinates(at),
        order=order,
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
    )
    arrays = columns(vectors_of(points or {}, request.expression.text))
    add_columns(request.points, arrays)
    count = max((len(values) for values in arrays.values()), default=0)
    return Call("Taylor", request, partial(local.taylor, notations=wanted, count=count))


def tangent(
    f: Function,
    at: Point,
    *,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Tangent]:
    """Return the tangent line, plane or hyperplane of a scalar function.

    Args:
        f: The function.
        at: The point of contact, one entry for each variable.
        notations: Notations of the answer. None: that of f.
        form: "light" (exact constants except in R notation and at decimal points), "exact", "expanded", "factored" or
            "simplified". None: "light".
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        OutOfRange: UNDEFINED_AT_POINT, f is not defined there.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        ValueError: There is no such form.

    >>> import secant
    >>> found = secant.tangent("x^2 + 2*y^2", {"x": 2, "y": 1})
    >>> print(found, found.value, found.slopes)
    4 * x + 4 * y - 6 6.0 [4. 4.]
    """
    wanted = requested_notations(notations)
    request = pb.TangentRequest(
        expression=expression(f, notation, data, shapes),
        at=coordinates(at),
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
    )
    return Call("Tangent", request, partial(local.tangent, notations=wanted, point=request.at))


def approximate(
    f: Function,
    at: Point,
    *variables: str,
    scheme: SchemeWord | None = None,
    step: float | None = None,
    sweep: bool = False,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Approximation]:
    """Return a gradient by finite differences, together with the exact gradient and the errors.

    Args:
        f: A scalar function.
        at: The point, one entry for each variable.
        variables: The order of the partials. Default: the order of `at`.
        scheme: "forward", "backward", "central", "five_point", "richardson" or "complex_step". None: "central".
        step: Step size h, in units of x. None: chosen by the scheme's rule.
        sweep: Also return a table of the error for many step sizes, with the best one; one variable only.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.

    Raises:
        InvalidArgument: As for `differentiate`; INVALID_VALUE if the step is 0 or too small to change x.
        ValueError: There is no such scheme.

    >>> import secant
    >>> found = secant.approximate("x^2", {"x": 2}, scheme="forward", step=0.001)
    >>> found.gradient.round(6), found.exact
    (array([4.001]), array([4.]))
    """
    request = pb.ApproximateRequest(
        expression=expression(f, notation, data),
        at=coordinates(at),
        scheme=enum_value(pb.Scheme, scheme),
        step=step,
        sweep=sweep,
        variables=named(variables),
    )
    return Call("Approximate", request, approximation)


def extrema(
    f: Function,
    box: Box,
    *,
    notations: Notations = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Extrema]:
    """Return the critical points of a scalar function in a box and classify them.

    Args:
        f: The function.
        box: A finite interval (lower, upper) for each variable.
        notations: Notations of exact coordinates. None: that of f.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        ValueError: An interval is not a pair.

    >>> import secant
    >>> found = secant.extrema("x^3 - 3*x", {"x": (-2, 2)})
    >>> [(p.nature, p.point["x"], p.value) for p in found.critical_points]
    [('MAXIMUM', -1.0, 2.0), ('MINIMUM', 1.0, -2.0)]
    """
    wanted = requested_notations(notations)
    request = pb.ExtremaRequest(expression=expression(f, notation, data), box=bounds(box), notations=wanted)
    return Call("Extrema", request, partial(local.extrema, notations=wanted))
