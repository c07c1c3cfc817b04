"""What a figure is asked for: records of the messages of `plot.proto`."""

from dataclasses import dataclass, field
from enum import Enum

from secantd.descent import DescentRequest
from secantd.language import Function

__all__ = [
    "AreaFigure",
    "Arrows",
    "Canvas",
    "ContourFigure",
    "CurveFigure",
    "DescentFigure",
    "ErrorFigure",
    "Figure",
    "Image",
    "ImageFormat",
    "PlotRequest",
    "Range",
    "SecantFigure",
    "SurfaceFigure",
    "TaylorFigure",
]


class ImageFormat(Enum):
    """The kind of file; values are those of `secant.v1.ImageFormat`."""

    SVG = 1
    PNG = 2


class Arrows(Enum):
    """Which way arrows of the gradient point; values are those of `secant.v1.Arrows`."""

    GRADIENT = 1
    NEGATIVE_GRADIENT = 2


@dataclass(frozen=True, slots=True)
class CurveFigure:
    """The curve, with tangents and arrows along them where they touch."""

    tangents_at: tuple[float, ...] = ()
    arrows: Arrows | None = None


@dataclass(frozen=True, slots=True)
class SecantFigure:
    """Secants through x₀ and x₀ + h, and the tangent they turn into."""

    at: float = 0.0
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TaylorFigure:
    """Taylor polynomials of several orders about x₀."""

    at: float = 0.0
    orders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SurfaceFigure:
    """A surface, arrows of the gradient on the floor, one slice with its tangent."""

    arrows: Arrows | None = None
    at: tuple[tuple[str, float], ...] = ()
    slice_variable: str = ""


@dataclass(frozen=True, slots=True)
class ContourFigure:
    """Contours and arrows of the gradient; `levels` 0: the default."""

    arrows: Arrows | None = None
    levels: int = 0


@dataclass(frozen=True, slots=True)
class DescentFigure:
    """A descent on the curve or on the contours."""

    request: DescentRequest


@dataclass(frozen=True, slots=True)
class ErrorFigure:
    """The error of schemes over h; `schemes` are values of `secant.v1.Scheme`, empty: the default."""

    at: float = 0.0
    schemes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """The parallelogram that a Jacobian makes of the unit square."""

    at: tuple[tuple[str, float], ...] = ()


Figure = (
    CurveFigure | SecantFigure | TaylorFigure | SurfaceFigure | ContourFigure | DescentFigure | ErrorFigure | AreaFigure
)


@dataclass(frozen=True, slots=True)
class Range:
    """The interval that the axis of a variable shows; None: an end that was left out."""

    variable: str
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Canvas:
    """The image: pixels at 96 per inch."""

    width: int = 640
    height: int = 480
    format: ImageFormat = ImageFormat.SVG


@dataclass(frozen=True, slots=True)
class PlotRequest:
    """One figure of one function."""

    function: Function
    figure: Figure
    ranges: tuple[Range, ...] = ()
    canvas: Canvas = field(default_factory=Canvas)


@dataclass(frozen=True, slots=True)
class Image:
    """The file, its media type, and what is to be seen in words."""

    data: bytes
    media_type: str
    description: str
    notices: tuple[str, ...]
