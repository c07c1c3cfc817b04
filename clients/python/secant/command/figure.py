"""The verb plot: writes a figure to a file."""

import sys
from pathlib import Path
from typing import Any, cast, get_args

import click

from secant._enums import FigureWord, ImageWord, MethodWord, SchemeWord, ThemeWord
from secant.command.app import intervals, point, verb
from secant.command.session import Session
from secant.command.show import as_json, echo, notices
from secant.command.values import merged

__all__: list[str] = []

# Kinds whose point is a single number, and the fields of the contract that hold it.
AT = {"secant": "at", "taylor": "at", "error": "at", "curve": "tangents_at"}


@verb("plot")
@click.argument("kind", type=click.Choice(get_args(FigureWord)), default="curve")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="File to write: .svg, .png, .pdf or, with --animate, .gif; - is an SVG on standard output.",
)
@intervals("--range", "ranges", help="Range of each axis. Default: chosen around the point")
@point("--at", help="Point of the figure; for curve, a point with a tangent (may be given more than once).")
@click.option(
    "--arrows",
    type=click.Choice(["gradient", "negative_gradient"]),
    help="Draw arrows uphill (gradient) or downhill (negative_gradient).",
)
@click.option(
    "--order", "orders", type=int, multiple=True, help="For taylor: order of a polynomial; may be given more than once."
)
@click.option(
    "--step", "steps", type=float, multiple=True, help="For secant: width h of a secant; may be given more than once."
)
@click.option(
    "--scheme",
    "schemes",
    type=click.Choice(get_args(SchemeWord)),
    multiple=True,
    help="For error: difference scheme; may be given more than once.",
)
@click.option(
    "--slice", "slice_variable", metavar="VARIABLE", help="For surface: variable that varies along the slice."
)
@click.option("--levels", type=int, help="For contour: approximate number of contour lines.")
@point("--start", help="For descent: point to start from.")
@click.option("--rate", type=float, help="For descent: learning rate.")
@click.option(
    "--method",
    type=click.Choice(get_args(MethodWord)),
    metavar="METHOD",
    help="For descent: method, see secant descend --help.",
)
@click.option("--ascend", "maximize", is_flag=True, default=None, help="For descent: maximize F.")
@click.option("--max-steps", type=click.IntRange(min=0), help="For descent: maximum number of steps.")
@click.option(
    "--tolerance", type=float, help="For descent: stop when the gradient norm is at most this value. Default: 1e-5"
)
@click.option("--animate", is_flag=True, help="For secant and descent: show it step by step, in .svg or .gif.")
@click.option("--theme", type=click.Choice(get_args(ThemeWord)), help="Colours. Default: light")
@click.option("--width", type=int, default=0, help="Width in pixels. Default: 640")
@click.option("--height", type=int, default=0, help="Height in pixels. Default: 480")
def plot(
    session: Session,
    f: str,
    kind: FigureWord,
    output: str,
    ranges: Any,
    at: tuple[dict[str, float], ...],
    start: Any,
    written_in: str | None,
    width: int,
    height: int,
    data: Any,
    **details: Any,
) -> None:
    """Draw F and write the figure to an SVG, PNG, PDF or GIF file.

    \b
    curve    a curve, with tangents at the points --at
    secant   secants that approach the tangent
    taylor   a curve with its Taylor polynomials
    surface  a surface over two variables
    contour  contour lines of two variables
    descent  the path of a descent
    error    the error of difference schemes over h
    area     the image of the unit square under a vector function

    \b
    secant plot "x^2 + 2*x + 3" secant --at x=1 --animate -o secants.svg
    secant plot "x^2 + 2*y^2" contour --arrows gradient --theme dark -o contours.png
    """
    details = {name: value for name, value in details.items() if value not in (None, ())}
    if start:
        details["start"] = merged(start)
    if at and kind == "curve":
        details["tangents_at"] = [value for entry in at for value in entry.values()]
    elif at:
        touched = merged(at) or {}
        details["at"] = next(iter(touched.values())) if kind in AT else touched
    ending = Path(output).suffix.lower()
    if output != "-" and ending[1:] not in get_args(ImageWord):
        raise click.BadParameter(f"{output} must end with .svg, .png, .pdf or .gif", param_hint="'-o'")
    format = cast(ImageWord, "svg" if output == "-" else ending[1:])
    with session.client() as s:
        found = s.plot(
            f,
            kind,
            ranges=merged(ranges),
            format=format,
            width=width,
            height=height,
            notation=written_in,
            data=data,
            **details,
        )
    if output == "-":
        notices(found.notices)
        sys.stdout.buffer.write(found.image)
        return
    found.save(output)
    if session.json:
        words = {"file": str(output), "media_type": found.media_type, "description": found.description}
        echo(as_json(words))
    else:
        notices(found.notices)
        echo(found.description)
