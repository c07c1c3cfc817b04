"""A scene as an image; with `ink`, `flat` and `space` all that knows matplotlib.

The same scene gives the same bytes: nothing is taken from the machine (no matplotlibrc, no system fonts, no
date), and the identifiers in an SVG come from its content.
"""

import io
import re
import threading
import warnings
from typing import Any
from xml.sax.saxutils import escape

from secantd.errors import CalculusError, Reason
from secantd.figure.flat import draw
from secantd.figure.request import Canvas, Image, ImageFormat
from secantd.figure.scene import Scene

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
    "figure.constrained_layout.h_pad": 0.09,
    "figure.constrained_layout.w_pad": 0.09,
}
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
# What matplotlib's style sheet says.
JOINS = b"stroke-linejoin: round; stroke-linecap: butt"
COORDINATES = re.compile(rb'\b(d|x|y)="([^"]*)"')
DECIMALS = re.compile(rb"(-?\d+\.\d\d)\d+")


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
                # Imported late, as all of matplotlib.
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
    about = {"Date": None, "Creator": None, "Title": scene.title.plain or scene.title.after or "figure"}
    FigureCanvasSVG(figure).print_figure(out, format="svg", metadata=about)
    return Image(compact(out.getvalue(), scene, canvas), "image/svg+xml", scene.description, scene.notices)


def compact(svg: bytes, scene: Scene, canvas: Canvas) -> bytes:
    """Return an SVG in the size asked for, with coordinates to a hundredth of a point, that may stand in a page."""
    opening = b'width="%d" height="%d" role="img" style="%s"' % (canvas.width, canvas.height, JOINS)
    svg = re.sub(rb'width="[\d.]+pt" height="[\d.]+pt"', opening, svg, count=1)
    # A page would apply the style sheet to all it holds, and look for the document type on the network.
    svg = re.sub(rb" <defs>\s*<style.*?</style>\s*</defs>\n|<!DOCTYPE.*?>\n", b"", svg, flags=re.DOTALL)
    words = b"</title>\n <desc>%s</desc>" % escape(scene.description).encode()
    svg = svg.replace(b"</title>", words, 1)
    return COORDINATES.sub(lambda m: m[1] + b'="' + DECIMALS.sub(rb"\1", m[2]).replace(b"\n", b"") + b'"', svg)
