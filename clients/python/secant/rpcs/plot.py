"""Figures: plot."""

from typing import Any

from secant._arrays import Points
from secant._call import Call
from secant._enums import FigureWord, ImageWord, ThemeWord, enum_value
from secant._oneof import set_member
from secant.expression import Box, Function, bounds, expression
from secant.results.figure import Figure, figure
from secant.rpcs.descend import descend
from secant.v1 import plot_pb2 as pb

__all__ = ["plot"]


def plot(
    f: Function,
    kind: FigureWord = "curve",
    *,
    ranges: Box | None = None,
    format: ImageWord = "svg",
    width: int = 0,
    height: int = 0,
    animate: bool = False,
    theme: ThemeWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
    **details: Any,
) -> Call[Figure]:
    """Return a figure as SVG, PNG, PDF or, if it moves, GIF.

    Args:
        f: A function of one or two variables (for "area", a vector function of two variables).
        kind: The kind of figure. Each kind has its own details:
            "curve", a curve with tangents: `tangents_at`, `arrows`;
            "secant", secants that approach the tangent: `at`, `steps`;
            "taylor", Taylor polynomials of several orders: `at`, `orders`;
            "surface", a surface over two variables: `arrows`, `at`, `slice_variable`;
            "contour", contour lines of two variables: `arrows`, `levels`;
            "descent", the path of a descent: the arguments of `descend`;
            "error", the error of difference schemes over h: `at`, `schemes`;
            "area", the image of the unit square under the Jacobian: `at`.
        ranges: The range (lower, upper) of each axis, by variable. None: chosen around the point.
        format: "svg", "png", "pdf" or, with `animate`, "gif".
        width: Width in pixels at 96 per inch. 0: 640.
        height: Height in pixels at 96 per inch. 0: 480.
        animate: Show it step by step, again and again: secants that become the tangent, or a descent as it goes. For "secant" and
            "descent", as SVG or GIF.
        theme: "light" or "dark". None: "light".
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        details: Details of the kind. `arrows` is "gradient" (uphill) or "negative_gradient" (downhill).

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        Unimplemented: MISSING_PART, the server lacks its plotting library.
        ValueError: There is no such kind, or a range is not a pair.
        TypeError: The kind has no such detail.

    >>> import secant
    >>> secant.plot("x^2", "curve", tangents_at=[1]).media_type
    'image/svg+xml'
    """
    request = pb.PlotRequest(
        expression=expression(f, notation, data),
        ranges=bounds(ranges),
        format=enum_value(pb.ImageFormat, format),
        width=width,
        height=height,
        animate=animate,
        theme=enum_value(pb.Theme, theme),
    )
    if kind == "descent":
        path = descend(f, **details)
        path.ClearField("expression")  # PlotRequest has it
        details = {"request": path}
    set_member(request, "figure", kind, details)
    return Call("Plot", request, figure)
