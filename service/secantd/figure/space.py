"""Drawing a scene in space with matplotlib.

The drawing order is given, not computed: floor, plane of the slice, surface, lines.
"""

from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection

from secantd.figure.ink import dots, legend, pen, plain_ticks, rgb, set_text, shades
from secantd.figure.paper import Paper
from secantd.figure.scene import Field, Line, Mesh, Points, Region, Scene

__all__ = ["draw_space"]

# The view in degrees: from the front and the right.
ELEVATION, AZIMUTH = 26, -58
# Relative to the height of the figure: the space below the axes, for each row of the legend, and the top of the axes.
MARGIN, ROW, TOP = 0.035, 0.042, 0.95
ZOOM, TITLE = 1.04, 0.975
# The head of an arrow: its length and half its width, relative to the arrow.
HEAD, HALF_WIDTH = 0.4, 0.17
ALPHA = 0.82
# The width of the lines between cells, and the number of cells up to which it is used.
EDGE, USUAL = 0.35, 20


def draw_space(figure: Any, scene: Scene, paper: Paper) -> None:
    """Draw a scene in space."""
    # The constrained layout ignores the labels of axes in space.
    figure.set_layout_engine("none")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0), projection="3d", computed_zorder=False, elev=ELEVATION, azim=AZIMUTH)
    axes.set_box_aspect((4, 4, 3), zoom=ZOOM)
    axes.set_xlim(*scene.ranges[0], view_margin=0)
    axes.set_ylim(*scene.ranges[1], view_margin=0)
    axes.set_zlim(*scene.ranges[2], view_margin=0)
    low = min((layer.shades[0] for layer in scene.layers if isinstance(layer, Mesh)), default=scene.ranges[2][0])
    top = scene.ranges[2][1]
    # There are no values between the floor and the surface, so no ticks either.
    axes.set_zticks([t for t in round_ticks().tick_values(low, top) if low <= t <= top])
    axes.xaxis.set_major_locator(round_ticks())
    axes.yaxis.set_major_locator(round_ticks())
    plain_ticks(axes.xaxis, axes.yaxis, axes.zaxis)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((*rgb(paper.pane), 1.0))
        axis._axinfo["grid"].update(color=paper.grid, linewidth=0.6)
        axis.line.set_color(paper.ink)
    for layer in scene.layers:
        draw_layer(axes, layer, paper)
    for setter, label in zip((axes.set_xlabel, axes.set_ylabel, axes.set_zlabel), scene.labels, strict=True):
        set_text(setter, label)
    set_text(figure.suptitle, scene.title, y=TITLE, fontsize=11.5)
    bottom = MARGIN + ROW * legend(figure, axes)
    axes.set_position((0.0, bottom, 0.98, TOP - bottom))


def round_ticks() -> MaxNLocator:
    """Return a locator of ticks at round numbers."""
    return MaxNLocator(7, steps=[1, 2, 2.5, 5, 10])


def draw_layer(axes: Any, layer: Any, paper: Paper) -> None:
    """Draw one layer in space."""
    if isinstance(layer, Mesh):
        mesh(axes, layer, paper)
    elif isinstance(layer, Line):
        axes.plot(layer.x, layer.y, layer.z, label=layer.label, **pen(layer.style))
    elif isinstance(layer, Points):
        axes.plot(layer.x, layer.y, layer.z, linestyle="none", label=layer.label, **dots(layer.style, paper))
    elif isinstance(layer, Region):
        style = layer.style
        face = Poly3DCollection(
            [layer.corners], facecolor=(*rgb(style.color), 0.12), edgecolor=(*rgb(style.color), 0.5)
        )
        face.set(linewidth=style.width, zorder=style.order)
        axes.add_collection3d(face)
    elif isinstance(layer, Field):
        draw_field(axes, layer)
    else:
        raise TypeError(f"{type(layer).__name__} is not drawn in space")


def mesh(axes: Any, layer: Mesh, paper: Paper) -> None:
    """Draw the cells of a surface that have values at all corners, coloured by height."""
    z = layer.z
    across, up = np.meshgrid(layer.x, layer.y)
    corners = np.stack(
        [
            np.stack([a[i : a.shape[0] - 1 + i, j : a.shape[1] - 1 + j] for a in (across, up, z)], axis=-1)
            for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))
        ],
        axis=2,
    ).reshape(-1, 4, 3)
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    if not len(corners):
        return
    low, high = layer.shades
    part = (corners[:, :, 2].mean(axis=1) - low) / (high - low)
    # The darkest and lightest colours hide the lines.
    colors = shades(0.15 + 0.8 * part)
    # Many lines would hide the colours.
    width = EDGE * min(1.0, USUAL / max(len(layer.x), len(layer.y)))
    faces = Poly3DCollection(
        list(corners), facecolors=colors, edgecolors=paper.background, linewidths=width, alpha=ALPHA
    )
    # The surface is always inside the axes; clipping would take a third of the file.
    faces.set(zorder=layer.order, clip_on=False)
    axes.add_collection3d(faces)


def draw_field(axes: Any, layer: Field) -> None:
    """Draw flat arrows on the floor; matplotlib's own arrows in space have heads that are not flat."""
    if not len(layer.x):
        # f is constant.
        return
    floor = layer.z if layer.z is not None else 0.0
    tail = np.column_stack([layer.x, layer.y])
    vector = np.column_stack([layer.dx, layer.dy])
    side = np.column_stack([-layer.dy, layer.dx])
    head, neck = tail + vector, tail + (1 - HEAD) * vector
    lines = [np.column_stack([[a, b], [floor, floor]]) for a, b in zip(tail, neck, strict=True)]
    shafts = Line3DCollection(lines, colors=layer.style.color, linewidths=layer.style.width, zorder=layer.style.order)
    shafts.set_clip_on(False)
    axes.add_collection3d(shafts)
    left, right = neck + HALF_WIDTH * side, neck - HALF_WIDTH * side
    triangles = [np.column_stack([list(t), [floor] * 3]) for t in zip(head, left, right, strict=True)]
    axes.add_collection3d(
        Poly3DCollection(triangles, facecolors=layer.style.color, linewidths=0, zorder=layer.style.order)
    )
    axes.plot(
        [], [], [], label=layer.label, color=layer.style.color, linewidth=layer.style.width, marker=">", markersize=6
    )
