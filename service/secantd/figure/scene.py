"""The content of a figure as data: figures make scenes, and `paint` draws them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from secantd.figure.style import Style

__all__ = [
    "Array",
    "Arrow",
    "Contours",
    "Field",
    "Layer",
    "Line",
    "Mesh",
    "Motion",
    "Points",
    "Region",
    "Scene",
    "Text",
    "Title",
    "layers_of",
]

Array = NDArray[np.float64]
Kind = TypeVar("Kind")
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Title:
    """A formula in LaTeX, its plain text in case LaTeX cannot be set, and words that follow it."""

    latex: str = ""
    plain: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points, each array of shape (n,); NaN interrupts it. `z` is used in space only."""

    x: Array
    y: Array
    style: Style
    label: str = ""
    z: Array | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Markers, each array of shape (n,); `z` is used in space only."""

    x: Array
    y: Array
    style: Style
    label: str = ""
    z: Array | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow from tail to head."""

    tail: tuple[float, float]
    head: tuple[float, float]
    style: Style
    label: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Many arrows: tails and vectors, each array of shape (n,), in the units of the axes; `z` is the floor in space."""

    x: Array
    y: Array
    dx: Array
    dy: Array
    style: Style
    label: str = ""
    z: float | None = None


@dataclass(frozen=True, slots=True)
class Contours:
    """Contour lines; z has the shape (len(y), len(x)) and is NaN where f is not drawn."""

    x: Array
    y: Array
    z: Array
    levels: Array


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon with corners of shape (n, 2), in space (n, 3)."""

    corners: Array
    style: Style
    label: str = ""
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text next to (x, y), with an offset in points."""

    x: float
    y: float
    text: str
    offset: tuple[float, float] = (6.0, 6.0)
    color: str = "#000000"


@dataclass(frozen=True, slots=True)
class Mesh:
    """A surface; z has the shape (len(y), len(x)) and is NaN where f is not drawn.

    `shades` are the values of the darkest and the lightest colour.
    """

    x: Array
    y: Array
    z: Array
    shades: Interval
    order: float = 3.0


Layer = Line | Points | Arrow | Field | Contours | Region | Text | Mesh


@dataclass(frozen=True, slots=True)
class Motion:
    """The pictures of an animation.

    Attributes:
        count: The number of pictures.
        seconds: The time for which one is shown.
        shown: For layers by their place: the first picture in which it is visible, and the first in which it is not any more. Other
            layers are in every picture.
        still: The places of layers that only programs without animation show, and printers.
        moving: The places of layers that these do not show.
    """

    count: int
    seconds: float
    shown: Mapping[int, tuple[int, int]]
    still: frozenset[int] = frozenset()
    moving: frozenset[int] = frozenset()

    def visible(self, place: int, picture: int) -> bool:
        """Whether a layer is visible in a picture."""
        first, end = self.shown.get(place, (0, self.count))
        return place not in self.still and first <= picture < end


@dataclass(frozen=True, slots=True)
class Scene:
    """One figure.

    Attributes:
        title: The title.
        labels: The labels of the axes: two, or three in space.
        ranges: The intervals of the axes, in the order of `labels`.
        layers: The items that are drawn.
        description: The figure in words.
        notices: Remarks for the caller.
        equal: Whether both axes have the same scale, so that angles are drawn correctly.
        logarithmic: Whether both axes are logarithmic.
        axes: Whether the lines x = 0 and y = 0 are drawn.
        motion: How the figure moves; None: it does not.
    """

    title: Title
    labels: tuple[Title, ...]
    ranges: tuple[Interval, ...]
    layers: Sequence[Layer]
    description: str
    notices: tuple[str, ...] = field(default=())
    equal: bool = False
    logarithmic: bool = False
    axes: bool = True
    motion: "Motion | None" = None


def layers_of(scene: Scene, kind: type[Kind]) -> list[Kind]:
    """Return the layers of a scene that have the class `kind`."""
    return [layer for layer in scene.layers if isinstance(layer, kind)]
