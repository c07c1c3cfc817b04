"""The entry of the folder: a request in, an image out."""

from dataclasses import replace

from secantd.calculus.point import scalar
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
    Image,
    PlotRequest,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
)
from secantd.figure.scene import Scene
from secantd.figure.secants import secants
from secantd.figure.surface import surface
from secantd.settings import Limits

__all__ = ["plot", "scene_of"]

# Smaller ones have no room for the letters beside the axes.
FEWEST_PIXELS = 160
# Of a side; 16 megapixels take a second and 64 MB.
MOST_PIXELS = 4000
# Of the longer side to the shorter.
MOST_SLENDER = 5.0


def plot(request: PlotRequest, *, limits: Limits | None = None) -> Image:
    """Return one figure as a file, and what is to be seen in it in words.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, UNDEFINED_AT_POINT, LIMIT_EXCEEDED, NOT_DIFFERENTIABLE;
            MISSING_PART: matplotlib is not installed.

    >>> from secantd.language import read
    >>> image = plot(PlotRequest(read("x^2"), CurveFigure((1.0,))))
    >>> image.media_type, image.description
    ('image/svg+xml', 'The curve of f(x) = x^2 for x from −2 to 4, with a tangent at x = 1 with slope 2, y = 2x − 1.')
    """
    check_canvas(request.canvas)
    scene = scene_of(request, limits=limits)
    notices = dict.fromkeys((*request.function.notices, *scene.notices))
    return paint(replace(scene, notices=tuple(notices)), request.canvas)


def scene_of(request: PlotRequest, *, limits: Limits | None = None) -> Scene:
    """Return what the figure shows, as data."""
    limits = limits or Limits()
    figure = request.figure
    if isinstance(figure, AreaFigure):
        return area(request, figure)
    scalar(request.function)
    if isinstance(figure, CurveFigure):
        return curve(request, figure)
    if isinstance(figure, SecantFigure):
        return secants(request, figure)
    if isinstance(figure, TaylorFigure):
        return polynomials(request, figure, limits)
    if isinstance(figure, SurfaceFigure):
        return surface(request, figure)
    if isinstance(figure, ContourFigure):
        return contour(request, figure)
    if isinstance(figure, DescentFigure):
        return path(request, figure)
    return errors_over_h(request, figure)


def check_canvas(canvas: Canvas) -> None:
    """Raise INVALID_VALUE or LIMIT_EXCEEDED for a size that nobody can look at."""
    sides = {"width": canvas.width, "height": canvas.height}
    for field, pixels in sides.items():
        if pixels > MOST_PIXELS:
            headline = f"the figure is {canvas.width:,} by {canvas.height:,} pixels"
            raise limit_exceeded("figure_pixels", headline, MOST_PIXELS, "an SVG can be enlarged without loss", field)
        if pixels < FEWEST_PIXELS:
            raise CalculusError(
                Reason.INVALID_VALUE, f"the {field} is {pixels} pixels", f"take {FEWEST_PIXELS} or more", field=field
            )
    if max(sides.values()) > MOST_SLENDER * min(sides.values()):
        headline = f"the figure of {canvas.width} by {canvas.height} pixels is too slender"
        raise CalculusError(Reason.INVALID_VALUE, headline, f"take at most {MOST_SLENDER:g} to 1", field="width")
