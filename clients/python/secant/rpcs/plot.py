"""Figures: plot."""

from typing import Any, Literal, TypeAlias

from secant.arrays import Points
from secant.call import Call
from secant.expression import Box, Function, bounds, expression
from secant.member import fill
from secant.results.figure import Figure, figure
from secant.rpcs.descend import descend
from secant.v1 import plot_pb2 as pb
from secant.words import number

__all__ = ["Kind", "plot"]

Kind: TypeAlias = Literal["curve", "secant", "taylor", "surface", "contour", "descent", "error", "area"]


def plot(
    f: Function,
    kind: Kind = "curve",
    *,
    ranges: Box | None = None,
    format: Literal["svg", "png"] = "svg",
    width: int = 0,
    height: int = 0,
    notation: str | None = None,
    data: Points | None = None,
    **details: Any,
) -> Call[Figure]:
    """Return a figure as SVG or PNG.

    Args:
        f: A function of one or two variables (for "area" a vector function of two).
        kind: What is drawn, with its own details:
            "curve": `tangents_at`, `arrows`;
            "secant", secants turning into the tangent: `at`, `steps`;
            "taylor", polynomials of several orders: `at`, `orders`;
            "surface": `arrows`, `at`, `slice_variable`;
            "contour": `arrows`, `levels`;
            "descent": the arguments of `descend`;
            "error" of difference schemes over h: `at`, `schemes`;
            "area", what a Jacobian makes of the unit square: `at`.
        ranges: The axes, an interval (lower, upper) for each variable. None: chosen around the point.
        format: "svg" or "png".
        width: In pixels at 96 per inch. 0: 640.
        height: In pixels at 96 per inch. 0: 480.
        notation: As for `differentiate`; so is `data`.
        details: Of the kind. `arrows` are "gradient" or "negative_gradient".

    Raises:
        InvalidArgument: As for `differentiate`.
        Unimplemented: MISSING_PART, the server lacks its plotting library.
        TypeError: The kind takes no such detail.
    """
    request = pb.PlotRequest(
        expression=expression(f, notation, data),
        ranges=bounds(ranges),
        format=number(pb.ImageFormat, format),
        width=width,
        height=height,
    )
    if kind == "descent":
        path = descend(f, **details)
        path.ClearField("expression")  # PlotRequest's holds for both
        details = {"request": path}
    fill(request, "figure", kind, details)
    return Call("Plot", request, figure)
