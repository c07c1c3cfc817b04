"""How things look: one palette, and never colour alone."""

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
    "Look",
]

# Okabe & Ito, Color Universal Design (2008): told apart by readers with any colour vision. Yellow and sky
# blue are too light for lines on white paper.
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
class Look:
    """A colour with what tells it apart in black and white.

    Attributes:
        color: #RRGGBB.
        width: Of lines, in points.
        dash: Lengths of ink and gap in line widths; empty: solid.
        marker: As matplotlib names it; empty: none.
        order: Greater ones are drawn over smaller ones.
    """

    color: str
    width: float = 1.6
    dash: Dash = SOLID
    marker: str = ""
    order: float = 3.0

    def marked(self, marker: str) -> "Look":
        """Return this look with a marker, over all lines."""
        return replace(self, marker=marker, order=5.0)


CURVE = Look(BLUE, 2.0)
TANGENT = Look(BLACK, 1.6, order=4.0)
ARROW = Look(VERMILLION, 1.8, order=4.5)
PATH = Look(VERMILLION, 1.2, order=4.0)
AUXILIARY = Look(GREY, 0.9, DOTTED, order=2.0)

# Things of one kind side by side.
ALTERNATIVES = (
    Look(VERMILLION, 1.5, DASHED),
    Look(GREEN, 1.5, DASH_DOT),
    Look(PURPLE, 1.7, DOTTED),
    Look(ORANGE, 1.5, LONG_DOTTED),
    Look(BLACK, 1.2, DASHED),
    Look(GREY, 1.2, DASH_DOT),
)
MARKERS = ("o", "s", "^", "D", "v", "P")
# Things that turn into something: from light to dark, every one darker than the one before in grey too.
SEQUENCE = ("#F5C04A", "#E69F00", "#E07B00", "#D55E00", "#A84300", "#7A2E00")
