"""Rendering a scene as an image; only this module, `ink`, `flat` and `space` use matplotlib.

The same scene gives the same bytes: nothing depends on the machine (no matplotlibrc, no date, and no system fonts except in a PNG or GIF
with characters that DejaVu Sans does not have), and the identifiers in an SVG are computed from its content.
"""

import io
import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape

from secantd.errors import CalculusError, Reason
from secantd.figure.flat import draw
from secantd.figure.fonts import Fonts, all_texts
from secantd.figure.moving import animated, gid, gif
from secantd.figure.paper import PAPERS, recolored
from secantd.figure.request import Canvas, Image, ImageFormat
from secantd.figure.scene import Motion, Scene

__all__ = ["paint"]

# The size in pixels for which line widths and font sizes are chosen; other sizes are scaled.
WIDTH, HEIGHT = 640, 480
DPI = 96
POINTS = 72
# matplotlib's settings are global to the process.
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
# Settings of windows and back ends, which are not touched: setting them would select a back end.
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
# The content of matplotlib's style sheet.
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
            Reason.MISSING_PART,
            "this server has no plotting library",
            "install secant[plot] on the machine that runs secantd",
        ) from None
    scale = min(canvas.width / WIDTH, canvas.height / HEIGHT)
    paper = PAPERS[canvas.theme]
    scene = recolored(scene, paper)
    settings: Any = {k: v for k, v in matplotlib.rcParamsDefault.items() if not k.startswith(OTHER)} | SETTINGS
    settings |= paper.settings()
    with LOCK, quiet(), matplotlib.rc_context(settings):
        # Slightly more than whole pixels, as sizes are rounded down.
        size = ((canvas.width + 0.01) / scale / DPI, (canvas.height + 0.01) / scale / DPI)
        figure = Figure(figsize=size, layout="constrained")
        drawn: list[list[Any]] = []
        if len(scene.labels) == 3:
            # Imported late, as all of matplotlib.
            from secantd.figure.space import draw_space

            draw_space(figure, scene, paper)
        else:
            drawn = draw(figure, scene, paper)
        fonts = Fonts(canvas.format is not ImageFormat.SVG)
        for text in all_texts(figure):
            fonts.set(text)
        scene = replace(scene, notices=(*scene.notices, *fonts.notices()))
        if scene.motion is not None:
            return moving(figure, scene, scene.motion, drawn, canvas, scale)
        return finished(figure, scene, canvas, scale)


def moving(figure: Any, scene: Scene, motion: Motion, drawn: list[list[Any]], canvas: Canvas, scale: float) -> Image:
    """Return an animation as a file in the requested format."""
    if canvas.format is ImageFormat.GIF:
        image = gif(figure, motion, drawn, DPI * scale)
        return Image(image, "image/gif", scene.description, scene.notices)
    for place, artists in enumerate(drawn):
        for artist in artists:
            if place in motion.shown or place in motion.still:
                # The arrow of an annotation is a part of its own.
                (getattr(artist, "arrow_patch", None) or artist).set_gid(gid(place))
    still = finished(figure, scene, canvas, scale)
    return Image(animated(still.image, motion), still.media_type, still.description, still.notices)


@contextmanager
def quiet() -> Iterator[None]:
    """Let matplotlib write no warning and no line of a log: they quote the characters of a caller's names."""
    log = logging.getLogger("matplotlib")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def finished(figure: Any, scene: Scene, canvas: Canvas, scale: float) -> Image:
    """Return the figure as a file in the requested format."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    out = io.BytesIO()
    if canvas.format is ImageFormat.PDF:
        from matplotlib.backends.backend_pdf import FigureCanvasPdf

        figure.set_size_inches(canvas.width / DPI, canvas.height / DPI)
        undated = dict.fromkeys(("CreationDate", "Creator", "Producer"))
        FigureCanvasPdf(figure).print_figure(out, format="pdf", metadata=undated)
        return Image(out.getvalue(), "application/pdf", scene.description, scene.notices)
    if canvas.format is ImageFormat.PNG:
        FigureCanvasAgg(figure).print_figure(out, format="png", dpi=DPI * scale, metadata={"Software": None})
        return Image(out.getvalue(), "image/png", scene.description, scene.notices)
    about = {"Date": None, "Creator": None, "Title": scene.title.plain or scene.title.after or "figure"}
    FigureCanvasSVG(figure).print_figure(out, format="svg", metadata=about)
    return Image(compact(out.getvalue(), scene, canvas), "image/svg+xml", scene.description, scene.notices)


def compact(svg: bytes, scene: Scene, canvas: Canvas) -> bytes:
    """Return an SVG of the requested size that can be embedded in a page, with coordinates to 0.01 points."""
    opening = b'width="%d" height="%d" role="img" style="%s"' % (canvas.width, canvas.height, JOINS)
    svg = re.sub(rb'width="[\d.]+pt" height="[\d.]+pt"', opening, svg, count=1)
    # In a page the style sheet would apply to everything, and the document type would be looked up on the network.
    svg = re.sub(rb" <defs>\s*<style.*?</style>\s*</defs>\n|<!DOCTYPE.*?>\n", b"", svg, flags=re.DOTALL)
    words = b"</title>\n <desc>%s</desc>" % escape(scene.description).encode()
    svg = svg.replace(b"</title>", words, 1)
    return COORDINATES.sub(lambda m: m[1] + b'="' + DECIMALS.sub(rb"\1", m[2]).replace(b"\n", b"") + b'"', svg)
