"""What is drawn, as data: the figures make scenes, and only `paint` knows how ink gets on paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from secantd.figure.style import Look

__all__ = [
    "Array",
    "Arrow",
    "Contours",
    "Field",
    "Layer",
    "Line",
    "Mesh",
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
    """A formula in LaTeX, and as plain text for where that cannot be set; `after` follows in words."""

    latex: str = ""
    plain: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points of shape (n,); NaN interrupts it. `z` in space only."""

    x: Array
    y: Array
    look: Look
    label: str = ""
    z: Array | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Markers."""

    x: Array
    y: Array
    look: Look
    label: str = ""
    z: Array | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow from tail to head."""

    tail: tuple[float, float]
    head: tuple[float, float]
    look: Look
    label: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """Many arrows: tails of shape (n,), and vectors as long as they are drawn; `z` is the floor in space."""

    x: Array
    y: Array
    dx: Array
    dy: Array
    look: Look
    label: str = ""
    z: float | None = None


@dataclass(frozen=True, slots=True)
class Contours:
    """Lines of equal z; z has the shape (len(y), len(x)), NaN where there is nothing."""

    x: Array
    y: Array
    z: Array
    levels: Array


@dataclass(frozen=True, slots=True)
class Region:
    """A polygon, corners of shape (n, 2), in space (n, 3)."""

    corners: Array
    look: Look
    label: str = ""
    hatch: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A word beside a point, offset in points."""

    x: float
    y: float
    text: str
    offset: tuple[float, float] = (6.0, 6.0)
    color: str = "#000000"


@dataclass(frozen=True, slots=True)
class Mesh:
    """A surface; z has the shape (len(y), len(x)), NaN where there is nothing.

    `shades` are the values that have the darkest and the lightest colour.
    """

    x: Array
    y: Array
    z: Array
    shades: Interval
    order: float = 3.0


Layer = Line | Points | Arrow | Field | Contours | Region | Text | Mesh


@dataclass(frozen=True, slots=True)
class Scene:
    """One figure.

    Attributes:
        title: The function.
        labels: Of the axes: two, or three in space.
        ranges: What the axes show, in the order of `labels`.
        layers: What is in it.
        description: All of it in words.
        notices: What a reader should know.
        equal: Whether one unit is equally long on both axes: only then right angles look right.
        logarithmic: Whether both axes are.
        axes: Whether the lines x = 0 and y = 0 are drawn.
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


def layers_of(scene: Scene, kind: type[Kind]) -> list[Kind]:
    """Return the layers of one kind."""
    return [layer for layer in scene.layers if isinstance(layer, kind)]
