"""The style of figures: one palette, and differences that are also visible without colour."""

from dataclasses import dataclass, replace

__all__ = [
    "ALTERNATIVES",
    "ARROW",
    "AUXILIARY",
    "BLACK",
    "CURVE",
    "GREEN",
    "MARKERS",
    "PATH",
    "SEQUENCE",
    "TANGENT",
    "Style",
]

# Okabe & Ito, Color Universal Design (2008): distinguishable with any colour vision. Yellow and sky blue are left out as too
# light for lines on a white background.
BLACK = "#000000"
ORANGE = "#E69F00"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#666666"

Dash = tuple[float, ...]

SOLID: Dash = ()
DASHED: Dash = (6.0, 2.5)
DASH_DOT: Dash = (7.0, 2.0, 1.5, 2.0)
DOTTED: Dash = (1.5, 1.8)
LONG_DOTTED: Dash = (10.0, 2.0, 1.5, 2.0, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Style:
    """A colour, with a dash and a marker that distinguish it in black and white.

    Attributes:
        color: #RRGGBB.
        width: The width of lines, in points.
        dash: Lengths of dashes and gaps in line widths; empty: solid.
        marker: matplotlib's name of the marker; empty: none.
        order: The drawing order; larger ones are drawn later.
    """

    color: str
    width: float = 1.6
    dash: Dash = SOLID
    marker: str = ""
    order: float = 3.0

    def marked(self, marker: str) -> "Style":
        """Return this style with a marker, drawn over all lines."""
        return replace(self, marker=marker, order=5.0)


CURVE = Style(BLUE, 2.0)
TANGENT = Style(BLACK, 1.6, order=4.0)
ARROW = Style(VERMILLION, 1.8, order=4.5)
PATH = Style(VERMILLION, 1.2, order=4.0)
AUXILIARY = Style(GREY, 0.9, DOTTED, order=2.0)

# For several items of one kind.
ALTERNATIVES = (
    Style(VERMILLION, 1.5, DASHED),
    Style(GREEN, 1.5, DASH_DOT),
    Style(PURPLE, 1.7, DOTTED),
    Style(ORANGE, 1.5, LONG_DOTTED),
    Style(BLACK, 1.2, DASHED),
    Style(GREY, 1.2, DASH_DOT),
)
MARKERS = ("o", "s", "^", "D", "v", "P")
# For a converging sequence: from light to dark, also in grey.
SEQUENCE = ("#F5C04A", "#E69F00", "#E07B00", "#D55E00", "#A84300", "#7A2E00")
