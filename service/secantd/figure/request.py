"""The request for a figure: records for the messages of `plot.proto`."""

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
    "Theme",
]


class ImageFormat(Enum):
    """The file format; values are those of `secant.v1.ImageFormat`."""

    SVG = 1
    PNG = 2
    GIF = 3
    PDF = 4


class Theme(Enum):
    """The colours; values are those of `secant.v1.Theme`."""

    LIGHT = 1
    DARK = 2


class Arrows(Enum):
    """The direction of gradient arrows; values are those of `secant.v1.Arrows`."""

    GRADIENT = 1
    NEGATIVE_GRADIENT = 2


@dataclass(frozen=True, slots=True)
class CurveFigure:
    """The curve, with tangents and arrows along them."""

    tangents_at: tuple[float, ...] = ()
    arrows: Arrows | None = None


@dataclass(frozen=True, slots=True)
class SecantFigure:
    """Secants through x₀ and x₀ + h, and the tangent that they converge to."""

    at: float = 0.0
    steps: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class TaylorFigure:
    """Taylor polynomials of several orders at x₀; `orders` empty: the default."""

    at: float = 0.0
    orders: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SurfaceFigure:
    """A surface, arrows of the gradient on the floor below it, and a slice with its tangent."""

    arrows: Arrows | None = None
    at: tuple[tuple[str, float], ...] = ()
    slice_variable: str = ""


@dataclass(frozen=True, slots=True)
class ContourFigure:
    """Contours and arrows of the gradient; `levels` is their approximate number, 0: the default."""

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
    """The image of the unit square under a Jacobian."""

    at: tuple[tuple[str, float], ...] = ()


Figure = (
    CurveFigure | SecantFigure | TaylorFigure | SurfaceFigure | ContourFigure | DescentFigure | ErrorFigure | AreaFigure
)


@dataclass(frozen=True, slots=True)
class Range:
    """The interval of a variable's axis; None: the end is missing in the request."""

    variable: str
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Canvas:
    """The size of the image, in pixels at 96 per inch, its format and its colours."""

    width: int = 640
    height: int = 480
    format: ImageFormat = ImageFormat.SVG
    theme: Theme = Theme.LIGHT


@dataclass(frozen=True, slots=True)
class PlotRequest:
    """One figure of one function."""

    function: Function
    figure: Figure
    ranges: tuple[Range, ...] = ()
    canvas: Canvas = field(default_factory=Canvas)
    # Show it step by step; for secants and descents.
    animate: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """The file, its media type, and a description of the figure in words."""

    image: bytes
    media_type: str
    description: str
    notices: tuple[str, ...]
