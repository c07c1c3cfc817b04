"""The verb plot: a figure in a file."""

from pathlib import Path
from typing import Any, Literal, get_args

import click

from secant.command.app import intervals, point, verb
from secant.command.session import Session
from secant.command.show import as_json, notices
from secant.command.values import merged
from secant.rpcs.descend import Method
from secant.rpcs.plot import Kind
from secant.words import SchemeWord

__all__: list[str] = []

# Kinds that touch the function at one number, a point, and the numbers where tangents touch.
AT = {"secant": "at", "taylor": "at", "error": "at", "curve": "tangents_at"}


@verb("plot")
@click.argument("kind", type=click.Choice(get_args(Kind)), default="curve")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="x.svg or x.png")
@intervals("--range", "ranges", help="The axes.")
@point("--at", help="The point; for curve one of the points where a tangent touches.")
@click.option("--arrows", type=click.Choice(["gradient", "negative_gradient"]), help="Arrows up or down the slope.")
@click.option("--order", "orders", type=int, multiple=True, help="Of taylor; several may be given.")
@click.option("--step", "steps", type=float, multiple=True, help="h of secant; several may be given.")
@click.option(
    "--scheme",
    "schemes",
    type=click.Choice(get_args(SchemeWord)),
    multiple=True,
    help="Of error; several may be given.",
)
@click.option("--slice", "slice_variable", metavar="VARIABLE", help="Of surface: what moves along the slice.")
@click.option("--levels", type=int, help="Of contour: about how many lines.")
@point("--start", help="Of descent.")
@click.option("--rate", type=float, help="Of descent.")
@click.option("--method", type=click.Choice(get_args(Method)), metavar="METHOD", help="Of descent.")
@click.option("--ascend", "maximize", is_flag=True, default=None, help="Of descent: go uphill.")
@click.option("--max-steps", type=click.IntRange(min=0), help="Of descent.")
@click.option("--tolerance", type=float, help="Of descent.")
@click.option("--width", type=int, default=0, help="In pixels [640].")
@click.option("--height", type=int, default=0, help="In pixels [480].")
def plot(
    session: Session,
    f: str,
    kind: Kind,
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
    """Draw F: a curve with tangents, secants, Taylor polynomials, a surface, contours, a descent, an error."""
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
        click.echo(as_json(words))
    else:
        notices(found.notices)
        click.echo(found.description)
