"""The verb plot: writes a figure to a file."""

from pathlib import Path
from typing import Any, Literal, get_args

import click

from secant._enums import FigureWord, MethodWord, SchemeWord
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
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="File to write; .png gives PNG, any other ending SVG.",
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
@click.option("--width", type=int, default=0, help="Width in pixels. Default: 640")
@click.option("--height", type=int, default=0, help="Height in pixels. Default: 480")
def plot(
    session: Session,
    f: str,
    kind: FigureWord,
    output: Path,
    ranges: Any,
    at: tuple[dict[str, float], ...],
    start: Any,
    written_in: str | None,
    width: int,
    height: int,
    data: Any,
    **details: Any,
) -> None:
    """Draw F and write the figure to an SVG or PNG file.

    \b
    curve    a curve, with tangents at the points --at
    secant   secants that approach the tangent
    taylor   a curve with its Taylor polynomials
    surface  a surface over two variables
    contour  contour lines of two variables
    descent  the path of a descent
    error    the error of difference schemes over h
    area     the image of the unit square under a vector function
    """
    details = {name: value for name, value in details.items() if value not in (None, ())}
    if start:
        details["start"] = merged(start)
    if at and kind == "curve":
        details["tangents_at"] = [value for entry in at for value in entry.values()]
    elif at:
        touched = merged(at) or {}
        details["at"] = next(iter(touched.values())) if kind in AT else touched
    format: Literal["png", "svg"] = "png" if output.suffix.lower() == ".png" else "svg"
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
    found.save(output)
    if session.json:
        words = {"file": str(output), "media_type": found.media_type, "description": found.description}
        echo(as_json(words))
    else:
        notices(found.notices)
        echo(found.description)
