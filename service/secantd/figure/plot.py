"""The entry of this package: from a request to an image."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from secantd.calculus.formulas import spelling_of
from secantd.calculus.point import require_numbers, scalar
from secantd.calculus.variables import resolved
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.figure.area import area
from secantd.figure.contour import contour
from secantd.figure.curve import curve
from secantd.figure.errors_over_h import errors_over_h
from secantd.figure.paint import paint
from secantd.figure.path import path
from secantd.figure.polynomials import polynomials
from secantd.figure.request import (
    AreaFigure,
    Canvas,
    ContourFigure,
    CurveFigure,
    DescentFigure,
    ErrorFigure,
    Image,
    ImageFormat,
    PlotRequest,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
)
from secantd.figure.scene import Scene
from secantd.figure.secants import secants
from secantd.figure.surface import surface
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import prints, quoted

__all__ = ["plot", "scene_of"]

# The smallest side, in pixels, that has room for the numbers at the axes.
FEWEST_PIXELS = 160
# The largest ratio of the longer side to the shorter one.
MOST_SLENDER = 5.0
# Each of some forty pictures takes 0.1 s at this size.
GIF_PIXELS = 1200 * 900
SCENES: dict[type[Any], Callable[[PlotRequest, Any, Limits], Scene]] = {
    CurveFigure: curve,
    SecantFigure: secants,
    TaylorFigure: polynomials,
    SurfaceFigure: surface,
    ContourFigure: contour,
    DescentFigure: path,
    ErrorFigure: errors_over_h,
    AreaFigure: area,
}


def plot(request: PlotRequest, *, limits: Limits | None = None) -> Image:
    """Return one figure as a file, with a description in words.

    Args:
        request: The request.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED, NOT_DIFFERENTIABLE;
            MISSING_PART: matplotlib is not installed.

    >>> from secantd.language import read
    >>> image = plot(PlotRequest(read("x^2"), CurveFigure((1.0,))))
    >>> image.media_type, image.description
    ('image/svg+xml', 'The curve of f(x) = x^2 for x from −2 to 4, with a tangent at x = 1 with slope 2, y = 2x − 1.')
    """
    check_canvas(request.canvas, limits or DEFAULT_LIMITS)
    check_animation(request)
    for i, each in enumerate(request.ranges):
        if not prints(each.variable):
            headline = f"the name {quoted(each.variable)} contains characters that do not print"
            raise CalculusError(Reason.INVALID_VALUE, headline, "remove them", field=f"ranges[{i}].variable")
    ranges = tuple(replace(r, variable=resolved(request.function, r.variable)) for r in request.ranges)
    request = replace(request, ranges=ranges)
    scene = scene_of(request, limits=limits)
    function = request.function
    respelled = spelling_of(function, function.notation).notice(function.notation)
    notices = dict.fromkeys((*function.notices, *scene.notices, *([respelled] if respelled else ())))
    return paint(replace(scene, notices=tuple(notices)), request.canvas)


def scene_of(request: PlotRequest, *, limits: Limits | None = None) -> Scene:
    """Return the content of the figure as data; see `plot` for errors."""
    limits = limits or DEFAULT_LIMITS
    require_numbers(request.function)
    if not isinstance(request.figure, AreaFigure):
        scalar(request.function)
    return SCENES[type(request.figure)](request, request.figure, limits)


def check_animation(request: PlotRequest) -> None:
    """Raise INVALID_VALUE for an animation of a figure, or in a format, that has none."""
    if request.animate and not isinstance(request.figure, SecantFigure | DescentFigure):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "this figure has no animation",
            "animate secants or a descent",
            field="animate",
        )
    if request.animate and request.canvas.format in (ImageFormat.PNG, ImageFormat.PDF):
        headline = f"a {request.canvas.format.name} does not move"
        raise CalculusError(Reason.INVALID_VALUE, headline, "request SVG or GIF", field="format")
    if request.canvas.format is ImageFormat.GIF and not request.animate:
        raise CalculusError(
            Reason.INVALID_VALUE, "GIF is for animations only", "set `animate`, or request SVG or PNG", field="format"
        )
    if request.canvas.format is ImageFormat.GIF and request.canvas.width * request.canvas.height > GIF_PIXELS:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"an animation of {request.canvas.width:,} by {request.canvas.height:,} pixels takes long",
            "request at most 1200 by 900 pixels, or SVG",
            field="width",
        )


def check_canvas(canvas: Canvas, limits: Limits) -> None:
    """Raise INVALID_VALUE for a size that is too small or too narrow, LIMIT_EXCEEDED for one that is too large."""
    sides = {"width": canvas.width, "height": canvas.height}
    for field, pixels in sides.items():
        if pixels > limits.figure_pixels:
            headline, hint = (
                f"the figure is {canvas.width:,} by {canvas.height:,} pixels",
                "request a smaller SVG, which can be enlarged without loss",
            )
            raise limit_exceeded("figure_pixels", headline, limits.figure_pixels, hint, field)
        if pixels < FEWEST_PIXELS:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the {field} is {pixels} pixels",
                f"choose at least {FEWEST_PIXELS} pixels",
                field=field,
            )
    if max(sides.values()) > MOST_SLENDER * min(sides.values()):
        headline = f"the figure of {canvas.width} by {canvas.height} pixels is too narrow"
        raise CalculusError(
            Reason.INVALID_VALUE,
            headline,
            f"keep the longer side at most {MOST_SLENDER:g} times the shorter",
            field="width",
        )
