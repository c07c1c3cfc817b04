"""A scene in space, painted: beside `paint` the only module that knows matplotlib.

The order of things is given, not computed: floor, plane of the slice, surface, lines.
"""

from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from mpl_toolkits.mplot3d.art3d import Line3DCollection, Poly3DCollection

from secantd.figure.paint import COLORS, dots, legend, pen, rgb, set_text
from secantd.figure.scene import Field, Line, Mesh, Points, Region, Scene

__all__ = ["draw_space"]

# Degrees: from the front and the right, as the slides do.
ELEVATION, AZIMUTH = 26, -58
# Of the axes in the figure: left, bottom, width, height; the legend is below.
POSITION = (0.0, 0.07, 1.0, 0.9)
ZOOM, TITLE = 0.98, 0.985
# Of the head of an arrow: length as part of the arrow, and half its width.
HEAD, HALF_WIDTH = 0.34, 0.14
ALPHA = 0.82


def draw_space(figure: Any, scene: Scene) -> None:
    """Draw a scene in space."""
    # What the layout makes of axes in space leaves their labels out.
    figure.set_layout_engine("none")
    axes = figure.add_axes(POSITION, projection="3d", computed_zorder=False, elev=ELEVATION, azim=AZIMUTH)
    axes.set_box_aspect((4, 4, 3), zoom=ZOOM)
    axes.set_xlim(*scene.ranges[0], view_margin=0)
    axes.set_ylim(*scene.ranges[1], view_margin=0)
    axes.set_zlim(*scene.ranges[2], view_margin=0)
    low = min((layer.shades[0] for layer in scene.layers if isinstance(layer, Mesh)), default=scene.ranges[2][0])
    # Between the floor and the surface there are no values.
    axes.set_zticks([t for t in MaxNLocator(6).tick_values(low, scene.ranges[2][1]) if low <= t <= scene.ranges[2][1]])
    axes.xaxis.set_major_locator(MaxNLocator(7))
    axes.yaxis.set_major_locator(MaxNLocator(7))
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_pane_color((0.975, 0.975, 0.975, 1.0))
        axis._axinfo["grid"].update(color="#DDDDDD", linewidth=0.6)
    for layer in scene.layers:
        draw_layer(axes, layer)
    for setter, label in zip((axes.set_xlabel, axes.set_ylabel, axes.set_zlabel), scene.labels, strict=True):
        set_text(setter, label)
    set_text(axes.set_title, scene.title, pad=0, y=TITLE)
    legend(figure, axes)


def draw_layer(axes: Any, layer: Any) -> None:
    """Draw one layer in space."""
    if isinstance(layer, Mesh):
        mesh(axes, layer)
    elif isinstance(layer, Line):
        axes.plot(layer.x, layer.y, layer.z, label=layer.label, **pen(layer.look))
    elif isinstance(layer, Points):
        axes.plot(layer.x, layer.y, layer.z, linestyle="none", label=layer.label, **dots(layer.look))
    elif isinstance(layer, Region):
        look = layer.look
        face = Poly3DCollection([layer.corners], facecolor=(*rgb(look.color), 0.12), edgecolor=(*rgb(look.color), 0.5))
        face.set(linewidth=look.width, zorder=look.order)
        axes.add_collection3d(face)
    elif isinstance(layer, Field):
        field(axes, layer)
    else:
        raise TypeError(f"{type(layer).__name__} is not drawn in space")


def mesh(axes: Any, layer: Mesh) -> None:
    """Draw the cells of a surface whose corners all have a value, coloured by height."""
    from matplotlib import colormaps

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
    colors = colormaps[COLORS](0.15 + 0.8 * part)
    faces = Poly3DCollection(list(corners), facecolors=colors, edgecolors="white", linewidths=0.35, alpha=ALPHA)
    faces.set_zorder(layer.order)
    axes.add_collection3d(faces)


def field(axes: Any, layer: Field) -> None:
    """Draw flat arrows on the floor: matplotlib's own in space have heads that stand up."""
    floor = layer.z if layer.z is not None else 0.0
    tail = np.column_stack([layer.x, layer.y])
    vector = np.column_stack([layer.dx, layer.dy])
    side = np.column_stack([-layer.dy, layer.dx])
    head, neck = tail + vector, tail + (1 - HEAD) * vector
    lines = [np.column_stack([[a, b], [floor, floor]]) for a, b in zip(tail, neck, strict=True)]
    shafts = Line3DCollection(lines, colors=layer.look.color, linewidths=layer.look.width, zorder=layer.look.order)
    axes.add_collection3d(shafts)
    left, right = neck + HALF_WIDTH * side, neck - HALF_WIDTH * side
    triangles = [np.column_stack([list(t), [floor] * 3]) for t in zip(head, left, right, strict=True)]
    axes.add_collection3d(
        Poly3DCollection(triangles, facecolors=layer.look.color, linewidths=0, zorder=layer.look.order)
    )
    axes.plot(
        [], [], [], label=layer.label, color=layer.look.color, linewidth=layer.look.width, marker=">", markersize=6
    )
