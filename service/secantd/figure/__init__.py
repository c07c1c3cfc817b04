"""Figures: scenes as data, which are then drawn by matplotlib."""

from secantd.figure.plot import plot, scene_of
from secantd.figure.request import (
    AreaFigure,
    Arrows,
    Canvas,
    ContourFigure,
    CurveFigure,
    DescentFigure,
    ErrorFigure,
    Image,
    ImageFormat,
    PlotRequest,
    Range,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
    Theme,
)

__all__ = [
    "AreaFigure",
    "Arrows",
    "Canvas",
    "ContourFigure",
    "CurveFigure",
    "DescentFigure",
    "ErrorFigure",
    "Image",
    "ImageFormat",
    "PlotRequest",
    "Range",
    "SecantFigure",
    "SurfaceFigure",
    "TaylorFigure",
    "Theme",
    "plot",
    "scene_of",
]
