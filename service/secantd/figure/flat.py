"""Drawing a scene in the plane with matplotlib."""

from typing import Any

import numpy as np

from secantd.figure.ink import dots, key, legend, pen, plain_ticks, rgb, set_text, shades
from secantd.figure.paper import Paper
from secantd.figure.scene import Arrow, Contours, Field, Line, Points, Region, Scene, Text
from secantd.figure.words import number

__all__ = ["draw"]

# The distance from the edge of the axes, relative to their size, within which a contour's number would be cut off.
RIM = 0.04


def draw(figure: Any, scene: Scene, paper: Paper) -> list[list[Any]]:
    """Draw a scene in the plane, and return what matplotlib draws for each layer."""
    axes = figure.add_subplot()
    if scene.logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
    else:
        plain_ticks(axes.xaxis, axes.yaxis)
    axes.set_xlim(*scene.ranges[0])
    axes.set_ylim(*scene.ranges[1])
    if scene.equal:
        axes.set_aspect("equal", adjustable="box")
        axes.locator_params(nbins=7)
    axes.grid(True, color=paper.grid, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(bool(scene.equal))
    if scene.axes and not scene.logarithmic:
        origin(axes, scene, paper)
    drawn = []
    for layer in scene.layers:
        before = set(axes.get_children())
        draw_layer(axes, layer, paper)
        drawn.append([a for a in axes.get_children() if a not in before])
    set_text(axes.set_xlabel, scene.labels[0])
    set_text(axes.set_ylabel, scene.labels[1])
    set_text(axes.set_title, scene.title, pad=6, va="bottom")
    legend(figure, axes)
    return drawn


def origin(axes: Any, scene: Scene, paper: Paper) -> None:
    """Draw the lines where a coordinate is 0."""
    for (lower, upper), line in zip(scene.ranges, (axes.axvline, axes.axhline), strict=True):
        if lower < 0 < upper:
            line(0, color=paper.origin, linewidth=0.8, zorder=1)


def draw_layer(axes: Any, layer: Any, paper: Paper) -> None:
    """Draw one layer in the plane."""
    if isinstance(layer, Line):
        axes.plot(layer.x, layer.y, label=layer.label, **pen(layer.style))
    elif isinstance(layer, Points):
        axes.plot(layer.x, layer.y, linestyle="none", label=layer.label, **dots(layer.style, paper))
    elif isinstance(layer, Arrow):
        arrow(axes, layer)
    elif isinstance(layer, Field):
        draw_field(axes, layer)
    elif isinstance(layer, Contours):
        contours(axes, layer, paper)
    elif isinstance(layer, Region):
        region(axes, layer)
    elif isinstance(layer, Text):
        axes.annotate(
            layer.text, (layer.x, layer.y), layer.offset, textcoords="offset points", color=layer.color, parse_math=False,
            ha="left" if layer.offset[0] >= 0 else "right", va="bottom" if layer.offset[1] >= 0 else "top", zorder=7,
            bbox={"facecolor": paper.background, "edgecolor": "none", "alpha": 0.75, "pad": 1.0},
        )  # fmt: skip
    else:
        raise TypeError(f"{type(layer).__name__} is not drawn in the plane")


def arrow(axes: Any, layer: Arrow) -> None:
    """Draw one arrow and its entry in the legend."""
    arrow = {"arrowstyle": "-|>", "color": layer.style.color, "linewidth": layer.style.width, "mutation_scale": 12}
    arrow |= {"shrinkA": 0, "shrinkB": 0, "zorder": layer.style.order}
    axes.annotate("", layer.head, layer.tail, arrowprops=arrow, annotation_clip=True, zorder=layer.style.order)
    key(axes, layer.style, layer.label)


def draw_field(axes: Any, layer: Field) -> None:
    """Draw arrows from their tails, with their exact length in the units of the axes."""
    axes.quiver(
        layer.x, layer.y, layer.dx, layer.dy, angles="xy", scale_units="xy", scale=1, units="inches", width=0.018,
        headwidth=4.2, headlength=5, headaxislength=4.5, minlength=0.6, color=layer.style.color, zorder=layer.style.order,
    )  # fmt: skip
    key(axes, layer.style, layer.label)


def contours(axes: Any, layer: Contours, paper: Paper) -> None:
    """Draw contour lines, some of them with their values."""
    colors = shades(np.linspace(*paper.contours, len(layer.levels)))
    z = np.ma.masked_invalid(layer.z)
    drawn = axes.contour(layer.x, layer.y, z, levels=layer.levels, colors=colors, linewidths=1.1, zorder=2)
    written = layer.levels[:: max(1, len(layer.levels) // 6)]
    labels = axes.clabel(drawn, levels=written, fmt=number, fontsize=7.5, inline=False, zorder=6)
    for label in labels:
        place = axes.transData.transform(label.get_position())
        across, up = axes.transAxes.inverted().transform(place)
        label.set_visible(bool(RIM < across < 1 - RIM and RIM < up < 1 - RIM))
        label.set(color=paper.label, bbox={"facecolor": paper.background, "edgecolor": "none", "pad": 0.8})


def region(axes: Any, layer: Region) -> None:
    """Draw a polygon."""
    from matplotlib.patches import Polygon

    style = layer.style
    axes.add_patch(
        Polygon(
            layer.corners, closed=True, facecolor=(*rgb(style.color), 0.16), edgecolor=style.color, linewidth=style.width,
            linestyle=(0, style.dash) if style.dash else "-", hatch=layer.hatch or None, label=layer.label, zorder=style.order,
        )
    )  # fmt: skip
