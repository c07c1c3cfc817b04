"""The colours of a theme: those of the paper, and what becomes of the colours of lines on it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from secantd.figure.request import Theme
from secantd.figure.scene import Scene
from secantd.figure.style import Style

__all__ = ["PAPERS", "Paper", "recolored"]


@dataclass(frozen=True, slots=True)
class Paper:
    """The colours of one theme.

    Attributes:
        background: The background.
        ink: Texts and axes.
        grid: The lines of the grid.
        origin: The lines where a coordinate is 0.
        pane: The walls of axes in space.
        label: Texts on lines.
        contours: The part of the colour map, from 0 to 1, that is visible on the background.
        colors: The colours of lines that differ from those of the light theme.
    """

    background: str
    ink: str
    grid: str
    origin: str
    pane: str
    label: str
    contours: tuple[float, float]
    colors: Mapping[str, str]

    def settings(self) -> dict[str, Any]:
        """Return matplotlib's settings."""
        inked = ("text.color", "axes.edgecolor", "axes.labelcolor", "axes.titlecolor", "xtick.color", "ytick.color")
        papered = ("figure.facecolor", "savefig.facecolor", "axes.facecolor")
        return dict.fromkeys(inked, self.ink) | dict.fromkeys(papered, self.background)


# The colours of Okabe and Ito are for white; on a dark background each is replaced by a lighter one of the same hue, and the
# sequence of secants becomes lighter instead of darker.
PAPERS: Final[Mapping[Theme, Paper]] = {
    Theme.LIGHT: Paper("#FFFFFF", "#000000", "#D9D9D9", "#8C8C8C", "#F9F9F9", "#222222", (0.0, 0.75), {}),
    Theme.DARK: Paper(
        "#15181C", "#E8E8E8", "#343A40", "#6C757D", "#1D2126", "#F0F0F0", (0.42, 1.0),
        {
            "#000000": "#F0F0F0", "#0072B2": "#56B4E9", "#E69F00": "#C98A1B", "#009E73": "#3DD6A3", "#D55E00": "#FF8A4C", "#CC79A7": "#E7A3C8",
            "#666666": "#A8A8A8", "#F5C04A": "#9A6A12", "#E07B00": "#E8842A", "#A84300": "#FFB07A", "#7A2E00": "#FFD9C2",
        },
    ),
}  # fmt: skip


def recolored(scene: Scene, paper: Paper) -> Scene:
    """Return a scene with the colours of a theme."""
    if not paper.colors:
        return scene
    layers = []
    for layer in scene.layers:
        changed: dict[str, Any] = {}
        for field in fields(layer):
            value = getattr(layer, field.name)
            if isinstance(value, Style):
                changed[field.name] = replace(value, color=paper.colors.get(value.color, value.color))
            elif field.name == "color":
                changed["color"] = paper.colors.get(value, value)
        layers.append(replace(layer, **changed) if changed else layer)
    return replace(scene, layers=layers)
