"""Plot."""

from collections.abc import Callable
from typing import Any

from secant.v1 import descend_pb2, plot_pb2

from secantd import figure
from secantd.answers import requests
from secantd.answers.components import require_numbers
from secantd.answers.functions import FunctionCache, Sharing
from secantd.answers.requests import invalid
from secantd.errors import within
from secantd.language import Function
from secantd.transport.messages.records import fill
from secantd.transport.methods import descend

__all__ = ["plot"]

WIDTH, HEIGHT = 640, 480


def plot(request: plot_pb2.PlotRequest, functions: FunctionCache) -> plot_pb2.PlotResponse:
    """Answer Plot."""
    kind = request.WhichOneof("figure")
    if kind is None:
        raise invalid("figure", "no figure is asked for", f"set one of {', '.join(FIGURES)}")
    canvas = figure.Canvas(
        request.width or WIDTH,
        request.height or HEIGHT,
        requests.choice(figure.ImageFormat, request.format, "format") or figure.ImageFormat.SVG,
        requests.choice(figure.Theme, request.theme, "theme") or figure.Theme.LIGHT,
    )
    drawn, function = FIGURES[kind](getattr(request, kind), request, functions)
    ranges = tuple(
        figure.Range(b.variable, b.lower if b.HasField("lower") else None, b.upper if b.HasField("upper") else None)
        for b in request.ranges
    )
    image = figure.plot(figure.PlotRequest(function, drawn, ranges, canvas, request.animate), limits=functions.limits)
    reply = plot_pb2.PlotResponse()
    fill(reply, image)
    return reply


def curve(
    message: plot_pb2.CurveFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    arrows = requests.choice(figure.Arrows, message.arrows, "curve.arrows")
    return figure.CurveFigure(tuple(message.tangents_at), arrows), functions.read(request.expression)


def secant(
    message: plot_pb2.SecantFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    return figure.SecantFigure(message.at, tuple(message.steps)), functions.read(request.expression)


def taylor(
    message: plot_pb2.TaylorFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    return figure.TaylorFigure(message.at, tuple(message.orders)), functions.read(request.expression)


def surface(
    message: plot_pb2.SurfaceFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    arrows = requests.choice(figure.Arrows, message.arrows, "surface.arrows")
    at = require_numbers(requests.point(message.at, "surface.at"), "surface.at")
    drawn = figure.SurfaceFigure(arrows, tuple(at.items()), message.slice_variable)
    return drawn, functions.read(request.expression)


def contour(
    message: plot_pb2.ContourFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    arrows = requests.choice(figure.Arrows, message.arrows, "contour.arrows")
    return figure.ContourFigure(arrows, message.levels), functions.read(request.expression)


def path(
    message: plot_pb2.DescentFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    """Return the descent; its expression is that of the figure unless it has its own."""
    plan = descend_pb2.DescendRequest()
    plan.CopyFrom(message.request)
    if not plan.expression.text:
        plan.expression.CopyFrom(request.expression)
    elif request.expression.text and plan.expression != request.expression:
        raise invalid(
            "descent.request.expression", "the descent is of another function than the figure", "leave it out"
        )
    own = bool(message.request.expression.text)
    field = "descent.request.expression" if own else "expression"
    with within("descent.request"):
        start = require_numbers(requests.point(plan.start, "start"), "start")
    read = functions.read_at(plan.expression, start, field=field, sharing=Sharing.ALL)
    with read as (function, _), within("descent.request"):
        record = descend.record(plan, function, start)
    return figure.DescentFigure(record), function


def error(
    message: plot_pb2.ErrorFigure, request: plot_pb2.PlotRequest, functions: FunctionCache
) -> tuple[Any, Function]:
    return figure.ErrorFigure(message.at, tuple(message.schemes)), functions.read(request.expression)


def area(message: plot_pb2.AreaFigure, request: plot_pb2.PlotRequest, functions: FunctionCache) -> tuple[Any, Function]:
    at = require_numbers(requests.point(message.at, "area.at"), "area.at")
    return figure.AreaFigure(tuple(at.items())), functions.read(request.expression)


# The members of PlotRequest's oneof.
FIGURES: dict[str, Callable[[Any, plot_pb2.PlotRequest, FunctionCache], tuple[Any, Function]]] = {
    "curve": curve,
    "secant": secant,
    "taylor": taylor,
    "surface": surface,
    "contour": contour,
    "descent": path,
    "error": error,
    "area": area,
}
