"""Looks, letters and legends as matplotlib has them; what `flat` and `space` share."""

from typing import Any

import numpy as np

from secantd.figure.scene import Title
from secantd.figure.style import Look

__all__ = ["dots", "key", "legend", "pen", "plain_ticks", "rgb", "set_text", "shades"]

COLORS = "cividis"


def shades(parts: Any) -> Any:
    """Return colours from dark to light for numbers from 0 to 1, shape (n, 4)."""
    from matplotlib import colormaps

    return colormaps[COLORS](np.asarray(parts))


def plain_ticks(*axes: Any) -> None:
    """Write the numbers at axes as plain text, but the power of ten beside them as mathematics.

    Each formula costs as much as a curve: all numbers as formulas double the time of a figure.
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


def pen(look: Look) -> dict[str, Any]:
    """Return a look as matplotlib's words for a line."""
    style: dict[str, Any] = {"color": look.color, "linewidth": look.width, "zorder": look.order}
    return style | ({"dashes": look.dash} if look.dash else {})


def dots(look: Look) -> dict[str, Any]:
    """Return a look as matplotlib's words for markers: a white rim sets them off from lines."""
    return {
        "marker": look.marker or "o",
        "markersize": 2.6 + 2.2 * look.width,
        "color": look.color,
        "markeredgecolor": "white",
        # Small ones would be all rim.
        "markeredgewidth": 0.7 if look.width > 1 else 0.0,
        "zorder": look.order,
    }


def key(axes: Any, look: Look, label: str) -> None:
    """Put an arrow into the legend."""
    if label:
        from matplotlib.lines import Line2D

        entry = Line2D(
            [], [], color=look.color, linewidth=look.width, marker=">", markevery=[1], markersize=6, label=label
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
    """Put the legend under the axes, where it covers nothing, in as many columns as fit; return its rows."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return 0
    longest = max(len(label) for label in labels)
    columns = 1 if longest > 52 else 2 if longest > 24 else 3 if longest > 14 else 4
    columns = min(columns, len(labels))
    # Rows as even as can be.
    rows = -(-len(labels) // columns)
    box = figure.legend(handles, labels, loc="outside lower center", ncols=-(-len(labels) // rows), columnspacing=1.6)
    for text in box.get_texts():
        text.set_parse_math(False)
    return rows


def set_text(setter: Any, title: Title, **options: Any) -> None:
    """Set a formula as mathematics if it can be, else as it is written."""
    after = f"    {title.after}" if title.after and (title.latex or title.plain) else title.after
    if title.latex and settable(title.latex):
        # A dollar in words would begin mathematics.
        setter(f"${title.latex}$" + after.replace("$", r"\$"), **options)
    else:
        setter(title.plain + after, parse_math=False, **options)


def settable(latex: str) -> bool:
    """Whether matplotlib can set a formula, and in one line of a title."""
    from matplotlib.mathtext import MathTextParser

    try:
        width, *_ = MathTextParser("path").parse(f"${latex}$")
    except (ValueError, RuntimeError):
        return False
    # Points at size 10; the title is that of a figure of 480 points.
    return bool(width < 380)
