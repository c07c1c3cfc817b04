"""Styles, texts and legends in matplotlib, for `flat` and `space`."""

from typing import Any

import numpy as np

from secantd.figure.fonts import foreign
from secantd.figure.paper import Paper
from secantd.figure.scene import Title
from secantd.figure.style import Style

__all__ = ["dots", "key", "legend", "pen", "plain_ticks", "rgb", "set_text", "shades"]

COLORS = "cividis"


def shades(parts: Any) -> Any:
    """Return colours from dark to light for numbers from 0 to 1, shape (n, 4)."""
    from matplotlib import colormaps

    return colormaps[COLORS](np.asarray(parts))


def plain_ticks(*axes: Any) -> None:
    """Set the numbers at axes as plain text, and only their common power of ten as a formula.

    Setting a formula takes as long as a curve; setting all numbers as formulas would double the time of a figure.
    """
    from matplotlib.ticker import ScalarFormatter

    class Ticks(ScalarFormatter):
        def get_offset(self) -> str:
            self.set_useMathText(True)
            offset: str = super().get_offset()
            self.set_useMathText(False)
            return offset

    for axis in axes:
        axis.set_major_formatter(Ticks(useMathText=False))


def pen(style: Style) -> dict[str, Any]:
    """Return matplotlib's keyword arguments for a line."""
    drawn: dict[str, Any] = {"color": style.color, "linewidth": style.width, "zorder": style.order}
    return drawn | ({"dashes": style.dash} if style.dash else {})


def dots(style: Style, paper: Paper) -> dict[str, Any]:
    """Return matplotlib's keyword arguments for markers, with an edge of the background that separates them from lines."""
    return {
        "marker": style.marker or "o",
        "markersize": 2.6 + 2.2 * style.width,
        "color": style.color,
        "markeredgecolor": paper.background,
        # Small markers would consist of the edge only.
        "markeredgewidth": 0.7 if style.width > 1 else 0.0,
        "zorder": style.order,
    }


def key(axes: Any, style: Style, label: str) -> None:
    """Add an arrow to the legend.

    Args:
        axes: Matplotlib's axes.
        style: The colour and width of the arrow.
        label: Its text; no entry is added for "".
    """
    if label:
        from matplotlib.lines import Line2D

        entry = Line2D(
            [], [], color=style.color, linewidth=style.width, marker=">", markevery=[1], markersize=6, label=label
        )
        axes.add_line(entry)


def rgb(color: str) -> tuple[float, float, float]:
    """Return the parts of #RRGGBB.

    >>> rgb("#FF0000")
    (1.0, 0.0, 0.0)
    """
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def legend(figure: Any, axes: Any) -> int:
    """Place the legend below the axes, in as many columns as fit; return the number of its rows."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return 0
    longest = max(len(label) for label in labels)
    columns = 1 if longest > 52 else 2 if longest > 24 else 3 if longest > 14 else 4
    columns = min(columns, len(labels))
    # Rows of nearly equal length.
    rows = -(-len(labels) // columns)
    box = figure.legend(handles, labels, loc="outside lower center", ncols=-(-len(labels) // rows), columnspacing=1.6)
    for text in box.get_texts():
        text.set_parse_math(False)
    return rows


def set_text(setter: Any, title: Title, **options: Any) -> None:
    """Set a title or label: its LaTeX formula if matplotlib supports it, else its plain text.

    Args:
        setter: A method of matplotlib's axes, such as `set_title`.
        title: The text.
        options: Keyword arguments for the method.
    """
    after = f"    {title.after}" if title.after and (title.latex or title.plain) else title.after
    # The font of formulas has no characters of other scripts.
    if title.latex and not foreign(title.latex) and settable(title.latex):
        # A dollar sign would begin a formula.
        setter(f"${title.latex}$" + after.replace("$", r"\$"), **options)
    else:
        setter(title.plain + after, parse_math=False, **options)


def settable(latex: str) -> bool:
    """Whether matplotlib can set a formula in one line of a title."""
    from matplotlib.mathtext import MathTextParser

    try:
        width, *_ = MathTextParser("path").parse(f"${latex}$")
    except (ValueError, RuntimeError):
        return False
    # In points at size 10, for the title of a figure that is 480 points wide.
    return bool(width < 380)
