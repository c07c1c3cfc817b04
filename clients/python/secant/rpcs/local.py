"""A function near a point: taylor, tangent, approximate, extrema."""

from functools import partial

from secant.arrays import Points, add_columns, columns
from secant.call import Call
from secant.expression import Box, Function, Point, bounds, coordinates, expression, named
from secant.notebook import asked
from secant.results import local
from secant.results.approximation import Approximation, approximation
from secant.results.local import Extrema, Tangent, Taylor
from secant.v1 import local_pb2 as pb
from secant.words import Notations, SchemeWord, number

__all__ = ["approximate", "extrema", "tangent", "taylor"]


def taylor(
    f: Function,
    at: Point,
    order: int,
    *,
    points: Points | None = None,
    notations: Notations = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Taylor]:
    """Return the Taylor polynomial of a scalar function at a point.

    Args:
        f: The function.
        at: x₀, one entry for each variable of the polynomial.
        order: The degree; with several variables the total degree.
        points: Where polynomial and f are to be compared, a vector for each variable.
        notations: As for `differentiate`; so are `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
        OutOfRange: UNDEFINED_AT_POINT, f has no such polynomial there.
    """
    wanted = asked(notations)
    request = pb.TaylorRequest(
        expression=expression(f, notation, data), at=coordinates(at), order=order, notations=wanted
    )
    add_columns(request.points, columns(points or {}))
    return Call("Taylor", request, partial(local.taylor, notations=wanted))


def tangent(
    f: Function,
    at: Point,
    *,
    notations: Notations = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Tangent]:
    """Return the tangent line, plane or hyperplane of a scalar function.

    Args:
        f: The function.
        at: The point of contact, one entry for each variable.
        notations: As for `differentiate`; so are `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
        OutOfRange: UNDEFINED_AT_POINT, f is not defined there.
    """
    wanted = asked(notations)
    request = pb.TangentRequest(expression=expression(f, notation, data), at=coordinates(at), notations=wanted)
    return Call("Tangent", request, partial(local.tangent, notations=wanted))


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
    """Return a gradient by differences, with the exact one and the error beside it.

    Args:
        f: The function.
        at: The point, one entry for each variable.
        variables: The order of the partials. None: the order of `at`.
        scheme: "forward", "backward", "central" (the default), "five_point", "richardson" or "complex_step".
        step: h, taken literally. None: chosen by the scheme's rule.
        sweep: Also a table of the error over many h, with the best marked; one variable only.
        notation: As for `differentiate`; so is `data`.

    Raises:
        InvalidArgument: As for `differentiate`; INVALID_VALUE for a step of 0 or one that does not move x.
    """
    request = pb.ApproximateRequest(
        expression=expression(f, notation, data),
        at=coordinates(at),
        scheme=number(pb.Scheme, scheme),
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
    """Return the critical points of a scalar function in a box, and their nature.

    Args:
        f: The function.
        box: An interval (lower, upper) for each variable.
        notations: Of exact coordinates, as for `differentiate`; so are `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
    """
    wanted = asked(notations)
    request = pb.ExtremaRequest(expression=expression(f, notation, data), box=bounds(box), notations=wanted)
    return Call("Extrema", request, partial(local.extrema, notations=wanted))
