"""Animations: an SVG whose parts appear and disappear by themselves (SMIL), and a GIF."""

import io
import re
from typing import Any

import numpy as np

from secantd.figure.scene import Motion

__all__ = ["animated", "gid", "gif"]

# How many pictures long the last one is shown.
HOLD = 8
COLORS = 128
GROUP = re.compile(rb'<g id="layer-(\d+)"(/?)>')


def gid(place: int) -> str:
    """Return the identifier of a layer in the SVG, before it is animated."""
    return f"layer-{place}"


def animated(svg: bytes, motion: Motion) -> bytes:
    """Return an SVG whose layers are visible in their pictures, again and again.

    Without animation, the layers that are not `moving` are visible. No script and no style sheet is needed; identifiers, which
    would be those of the whole page, are removed.
    """
    total = motion.count - 1 + HOLD
    seconds = total * motion.seconds

    def group(found: re.Match[bytes]) -> bytes:
        place = int(found[1])
        if found[2]:
            # Nothing is drawn: an arrow without a length.
            return b""
        hidden = b' visibility="hidden"' if place in motion.moving else b""
        if place in motion.still:
            return b'<g><set attributeName="visibility" to="hidden"/>'
        first, end = motion.shown[place]
        changes = [(0, first == 0)] + [(first, True)] * (first > 0) + [(end, False)] * (end < motion.count)
        times = ";".join(f"{at / total:.5g}" for at, _ in changes)
        values = ";".join("visible" if shown else "hidden" for _, shown in changes)
        animation = (
            f'<animate attributeName="visibility" calcMode="discrete" dur="{seconds:g}s" repeatCount="indefinite" '
            f'keyTimes="{times}" values="{values}"/>'
        )
        return b"<g" + hidden + b">" + animation.encode()

    return GROUP.sub(group, svg)


def gif(figure: Any, motion: Motion, drawn: list[list[Any]], dpi: float) -> bytes:
    """Return the pictures of an animation as a GIF that runs again and again."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image as Pictures

    from secantd.interrupt import checkpoint

    figure.set_dpi(dpi)
    # matplotlib has no types for what a canvas draws.
    canvas: Any = FigureCanvasAgg(figure)
    (axes,) = figure.axes
    # What does not move is drawn once.
    for place, artists in enumerate(drawn):
        for artist in artists:
            artist.set_visible(place not in motion.shown and place not in motion.still)
    canvas.draw()
    ground = canvas.copy_from_bbox(figure.bbox)
    colored = []
    for picture in range(motion.count):
        checkpoint()
        canvas.restore_region(ground)
        visible = [a for place in motion.shown if motion.visible(place, picture) for a in drawn[place]]
        for artist in sorted(visible, key=lambda a: a.get_zorder()):
            artist.set_visible(True)
            axes.draw_artist(artist)
        colored.append(Pictures.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB"))
    # One palette for all pictures: that of the first, the middle and the last one.
    width, height = colored[0].size
    sample = Pictures.new("RGB", (width, 3 * height))
    for i, picture in enumerate((0, len(colored) // 2, -1)):
        sample.paste(colored[picture], (0, i * height))
    palette = sample.quantize(COLORS)
    pictures = [p.quantize(palette=palette, dither=Pictures.Dither.NONE) for p in colored]
    out = io.BytesIO()
    milliseconds = round(1000 * motion.seconds)
    durations = [milliseconds] * (len(pictures) - 1) + [HOLD * milliseconds]
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=durations, loop=0, optimize=False)
    return out.getvalue()
