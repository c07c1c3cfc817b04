"""A scene as an image: the only module that knows matplotlib.

The same scene gives the same bytes: nothing is taken from the machine (no matplotlibrc, no system fonts, no
date), and the identifiers in an SVG come from its content.
"""

import io
import re
import threading
import warnings
from typing import Any

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.figure.request import Canvas, Image, ImageFormat
from secantd.figure.scene import Arrow, Contours, Field, Line, Points, Region, Scene, Text, Title
from secantd.figure.style import Look

__all__ = ["paint"]

# The size that widths of lines and letters are chosen for; other sizes are scaled.
WIDTH, HEIGHT = 640, 480
DPI = 96
POINTS = 72
# matplotlib has one table of settings for the whole process.
LOCK = threading.Lock()
SETTINGS = {
    "svg.hashsalt": "secant",
    "svg.fonttype": "path",
    "font.family": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 9.5,
    "axes.labelsize": 10.5,
    "axes.titlesize": 11.5,
    "axes.linewidth": 0.8,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": [-4, 5],
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "legend.handlelength": 3.2,
    "lines.dash_capstyle": "butt",
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "lines.scale_dashes": True,
    "path.simplify": True,
    "hatch.linewidth": 0.5,
}
COLORS = "cividis"
LIGHTEST = 0.75
# Of the axes: nearer to their edge the number at a contour would be cut.
RIM = 0.04
GRID = "#D9D9D9"
# Settings that are about windows and back ends; to touch them would choose one.
OTHER = (
    "backend",
    "interactive",
    "toolbar",
    "webagg",
    "tk.",
    "keymap",
    "macosx",
    "date.",
    "savefig.directory",
    "timezone",
)
COORDINATES = re.compile(rb'\b(d|x|y|points|transform)="([^"]*)"')
DECIMALS = re.compile(rb"(-?\d+\.\d{2})\d+")


def paint(scene: Scene, canvas: Canvas) -> Image:
    """Return a scene as an image.

    Raises:
        CalculusError: MISSING_PART: matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise CalculusError(
            Reason.MISSING_PART, "the server has no plotting library", "install secant[plot] where secantd runs"
        ) from None
    scale = min(canvas.width / WIDTH, canvas.height / HEIGHT)
    settings: Any = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith(OTHER)} | SETTINGS
    with LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with matplotlib.rc_context(settings):
            # A little more than whole pixels: they are rounded down.
            size = ((canvas.width + 0.01) / scale / DPI, (canvas.height + 0.01) / scale / DPI)
            figure = Figure(figsize=size, layout="constrained")
            if len(scene.labels) == 3:
                from secantd.figure.space import draw_space

                draw_space(figure, scene)
            else:
                draw(figure, scene)
            return finished(figure, scene, canvas, scale)


def finished(figure: Any, scene: Scene, canvas: Canvas, scale: float) -> Image:
    """Return the figure as a file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.BytesIO()
    if canvas.format is ImageFormat.PNG:
        FigureCanvasAgg(figure).print_figure(out, format="png", dpi=DPI * scale, metadata={"Software": None})
        return Image(out.getvalue(), "image/png", scene.description, scene.notices)
    about = {"Date": None, "Creator": None, "Title": scene.title.plain or None, "Description": scene.description}
    about = {k: v for k, v in about.items() if v is not None or k in ("Date", "Creator")}
    FigureCanvasSVG(figure).print_figure(out, format="svg", metadata=about)
    return Image(compact(out.getvalue(), canvas), "image/svg+xml", scene.description, scene.notices)


def compact(svg: bytes, canvas: Canvas) -> bytes:
    """Return an SVG in the size asked for, with coordinates to a hundredth of a point."""
    size = b'width="%d" height="%d"' % (canvas.width, canvas.height)
    svg = re.sub(rb'width="[\d.]+pt" height="[\d.]+pt"', size, svg, count=1)
    return COORDINATES.sub(lambda m: m[1] + b'="' + DECIMALS.sub(rb"\1", m[2]).replace(b" \n", b" ") + b'"', svg)


def draw(figure: Any, scene: Scene) -> None:
    """Draw a scene in the plane."""
    axes = figure.add_subplot()
    if scene.logarithmic:
        axes.set_xscale("log")
        axes.set_yscale("log")
    axes.set_xlim(*scene.ranges[0])
    axes.set_ylim(*scene.ranges[1])
    if scene.equal:
        axes.set_aspect("equal", adjustable="box")
        axes.locator_params(nbins=7)
    axes.grid(True, color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(bool(scene.equal))
    if scene.axes and not scene.logarithmic:
        origin(axes, scene)
    for layer in scene.layers:
        draw_layer(axes, layer)
    set_text(axes.set_xlabel, scene.labels[0])
    set_text(axes.set_ylabel, scene.labels[1])
    set_text(axes.set_title, scene.title, pad=9)
    legend(figure, axes)


def origin(axes: Any, scene: Scene) -> None:
    """Draw the lines where a coordinate is 0."""
    for (lower, upper), line in zip(scene.ranges, (axes.axvline, axes.axhline), strict=True):
        if lower < 0 < upper:
            line(0, color="#8C8C8C", linewidth=0.8, zorder=1)


def draw_layer(axes: Any, layer: Any) -> None:
    """Draw one layer in the plane."""
    if isinstance(layer, Line):
        axes.plot(layer.x, layer.y, label=layer.label, **pen(layer.look))
    elif isinstance(layer, Points):
        axes.plot(layer.x, layer.y, linestyle="none", label=layer.label, **dots(layer.look))
    elif isinstance(layer, Arrow):
        arrow(axes, layer)
    elif isinstance(layer, Field):
        field(axes, layer)
    elif isinstance(layer, Contours):
        contours(axes, layer)
    elif isinstance(layer, Region):
        region(axes, layer)
    elif isinstance(layer, Text):
        axes.annotate(
            layer.text, (layer.x, layer.y), layer.offset, textcoords="offset points", color=layer.color, parse_math=False,
            ha="left" if layer.offset[0] >= 0 else "right", va="bottom" if layer.offset[1] >= 0 else "top", zorder=7,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1.0},
        )  # fmt: skip
    else:
        raise TypeError(f"{type(layer).__name__} is not drawn in the plane")


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


def arrow(axes: Any, layer: Arrow) -> None:
    """Draw one arrow; its label stands beside a short one in the legend."""
    style = {"arrowstyle": "-|>", "color": layer.look.color, "linewidth": layer.look.width, "mutation_scale": 12}
    style |= {"shrinkA": 0, "shrinkB": 0, "zorder": layer.look.order}
    axes.annotate("", layer.head, layer.tail, arrowprops=style, annotation_clip=True, zorder=layer.look.order)
    key(axes, layer.look, layer.label)


def key(axes: Any, look: Look, label: str) -> None:
    """Put an arrow into the legend."""
    if label:
        from matplotlib.lines import Line2D

        entry = Line2D(
            [], [], color=look.color, linewidth=look.width, marker=">", markevery=[1], markersize=6, label=label
        )
        axes.add_line(entry)


def field(axes: Any, layer: Field) -> None:
    """Draw arrows from their tails, exactly as long as they are in the units of the axes."""
    axes.quiver(
        layer.x, layer.y, layer.dx, layer.dy, angles="xy", scale_units="xy", scale=1, units="inches", width=0.018,
        headwidth=4.2, headlength=5, headaxislength=4.5, minlength=0.6, color=layer.look.color, zorder=layer.look.order,
    )  # fmt: skip
    key(axes, layer.look, layer.label)


def contours(axes: Any, layer: Contours) -> None:
    """Draw lines of equal value, with the values written into some of them."""
    from matplotlib import colormaps

    # Its light end is not seen on white.
    colors = colormaps[COLORS](np.linspace(0.0, LIGHTEST, len(layer.levels)))
    z = np.ma.masked_invalid(layer.z)
    drawn = axes.contour(layer.x, layer.y, z, levels=layer.levels, colors=colors, linewidths=1.1, zorder=2)
    written = layer.levels[:: max(1, len(layer.levels) // 6)]
    labels = axes.clabel(drawn, levels=written, fmt=lambda v: f"{v:.4g}".replace("-", "−"), fontsize=7.5, zorder=6)
    for label in labels:
        place = axes.transData.transform(label.get_position())
        across, up = axes.transAxes.inverted().transform(place)
        label.set_visible(bool(RIM < across < 1 - RIM and RIM < up < 1 - RIM))
        label.set(color="#222222", bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.6})


def region(axes: Any, layer: Region) -> None:
    """Draw a polygon."""
    from matplotlib.patches import Polygon

    look = layer.look
    axes.add_patch(
        Polygon(
            layer.corners, closed=True, facecolor=(*rgb(look.color), 0.16), edgecolor=look.color, linewidth=look.width,
            linestyle=(0, look.dash) if look.dash else "-", hatch=layer.hatch or None, label=layer.label, zorder=look.order,
        )
    )  # fmt: skip


def rgb(color: str) -> tuple[float, float, float]:
    """Return the parts of #RRGGBB.

    >>> rgb("#FF0000")
    (1.0, 0.0, 0.0)
    """
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def legend(figure: Any, axes: Any) -> None:
    """Put the legend under the axes, where it covers nothing, in as many columns as fit."""
    handles, labels = axes.get_legend_handles_labels()
    if not handles:
        return
    longest = max(len(label) for label in labels)
    columns = 1 if longest > 52 else 2 if longest > 24 else 3 if longest > 14 else 4
    columns = min(columns, len(labels))
    # Rows as even as can be.
    rows = -(-len(labels) // columns)
    box = figure.legend(handles, labels, loc="outside lower center", ncols=-(-len(labels) // rows), columnspacing=1.6)
    for text in box.get_texts():
        text.set_parse_math(False)


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
