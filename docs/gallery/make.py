"""Draw the gallery: every figure that the source material shows, by the command `secant`.

    python docs/gallery/make.py            all figures, and README.md
    python docs/gallery/make.py NAME ...   some of the figures

The figures come from a server of this process, as they would from any other.
"""

import asyncio
import shlex
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import matplotlib

HERE = Path(__file__).parent


class Figure(NamedTuple):
    """One figure: its file without suffix, the row of the material it shows, what that is, and the command."""

    name: str
    row: str
    what: str
    command: str

    @property
    def file(self) -> str:
        """The name of the image."""
        return f"{self.name}.svg"


BOWL = '"x^2 + 2*y^2"'
PARABOLA = '"x^2 + 2*x + 3"'
SQUARE = "--range x=-3:3,y=-3:3"
CUBIC = '"x**3 - 3*x**2 + x" curve --range x=-0.9:2.9'
ROUND = '"x0^2 + x1^2"'

FIGURES = (
    Figure(
        "partial-x",
        "000-3",
        "f_x(2, 1): the slice y = 1 of a surface and its tangent",
        f"{BOWL} surface --at x=2,y=1 --range x=-4:4,y=-3:3",
    ),
    Figure(
        "partial-x-left",
        "000-4",
        "f_x(-1, 2): a slice that falls",
        f"{BOWL} surface --at x=-1,y=2 --range x=-4:4,y=-3:3",
    ),
    Figure("error-over-h", "000-6, 000-8", "why central differences, and which h", '"exp(x)" error --at x=1'),
    Figure(
        "error-over-h-square",
        "000-8",
        "without a third derivative a smaller h is only worse",
        '"x^2" error --at x=2 --scheme forward --scheme central',
    ),
    Figure(
        "secants",
        "001 (5.3)",
        "secants turn into the tangent while h shrinks",
        f"{PARABOLA} secant --at x=1 --range x=-1:4",
    ),
    Figure(
        "taylor",
        "001 Ex 5.4",
        "Taylor polynomials of order 0, 1, 5 and 10",
        '"sin(x) + cos(x)" taylor --at x=0 --range x=-4:4',
    ),
    Figure(
        "parallelogram",
        "001 (5.60)",
        "what a Jacobian makes of the unit square; det J = -3",
        '"c(-2*x1 + x2, x1 + x2)" area',
    ),
    Figure("tangent", "002-3", "a tangent", f"{PARABOLA} curve --at x=1 --range x=-4:3"),
    Figure(
        "x-plus-slope",
        "002-4",
        "x + f'(x) rises, whatever the sign of f'",
        f"{PARABOLA} curve --at x=-3 --at x=1 --arrows gradient --range x=-5:3",
    ),
    Figure(
        "x-minus-slope",
        "002-4",
        "x - f'(x) falls, whatever the sign of f'",
        f"{PARABOLA} curve --at x=-3 --at x=1 --arrows negative_gradient --range x=-5:3",
    ),
    Figure(
        "descent-on-curve",
        "002-5, 002-7",
        "a descent on the curve, 636 steps",
        f"{PARABOLA} descent --start x=0.883646125995533 --rate 0.01 --range x=-3:1.5",
    ),
    Figure(
        "surface-downhill",
        "002-10",
        "a surface with arrows of the negative gradient on the floor",
        f"{BOWL} surface --arrows negative_gradient {SQUARE}",
    ),
    Figure("contours", "002-11", "contours", f"{BOWL} contour {SQUARE}"),
    Figure(
        "contours-uphill",
        "002-11",
        "the gradient stands upright on the contours and points uphill",
        f"{BOWL} contour --arrows gradient {SQUARE}",
    ),
    Figure(
        "contours-downhill",
        "002-11",
        "the negative gradient points downhill",
        f"{BOWL} contour --arrows negative_gradient {SQUARE}",
    ),
    Figure(
        "into-the-minimum",
        "002-12",
        "steps along the negative gradient run into the minimum",
        f"{BOWL} descent --start x=-2.5,y=2 --rate 0.1 {SQUARE}",
    ),
    Figure(
        "descent-on-contours",
        "002-14",
        "a descent on the contours, 606 steps",
        f"{BOWL} descent --start x=1.0289484412540515,y=1.5995244768100338 --rate 0.01 --range x=-0.5:1.5,y=-0.2:1.8",
    ),
    Figure("cubic", "003-4", "a curve", CUBIC),
    Figure("cubic-tangents", "003-5", "tangents at (0, 0) and (1, -1)", f"{CUBIC} --at x=0 --at x=1"),
    Figure("surface", "004-5", "a surface", f"{ROUND} surface --range x0=-3:3,x1=-3:3"),
    Figure(
        "field-uphill",
        "004-5",
        "a field of arrows of the gradient",
        f"{ROUND} contour --arrows gradient --range x0=-3:3,x1=-3:3",
    ),
    Figure(
        "descent-hundred-steps",
        "004-7",
        "100 steps from (-3, 4)",
        f"{ROUND} descent --start x0=-3,x1=4 --rate 0.1 --max-steps 100 --tolerance 0 --range x0=-4:2,x1=-1:5",
    ),
    Figure(
        "rate-too-large",
        "004-8",
        "a rate above 2/L = 1: the path runs away",
        f"{ROUND} descent --start x0=-3,x1=4 --rate 1.03",
    ),
    Figure(
        "rate-too-large-on-curve",
        "004-8",
        "the same in one variable, from side to side",
        f"{PARABOLA} descent --start x=0.88 --rate 1.05",
    ),
)

HEAD = """# Gallery

The figures of the source material, each made by one command. All commands end with `-o FILE.svg`, or `.png`; the
same command gives the same bytes. `python docs/gallery/make.py` draws them anew and writes this page, and a test
holds some of them against what the service draws today.

Every image carries its description in words, which the command prints as well. Drawn with matplotlib {version};
another version may draw them with other bytes.

Sources, by the numbers that `tests/golden/seeds.tsv` uses: 000 numerical differentiation (slides), 001 functions of one
and of several variables (after Mathematics for Machine Learning, chapter 5), 002 gradient descent (lecture), 003
differentiation with R, 004 numerical gradient and descent.

| figure | source | what it shows |
|---|---|---|
"""


def page(figures: Sequence[Figure]) -> str:
    """Return README.md."""
    lines = [f"| [{f.name}]({f.file}) | {f.row} | {f.what} |" for f in figures]
    parts = [
        f"## {f.name}\n\n![{f.what}]({f.file})\n\n```\nsecant plot {f.command} -o {f.file}\n```\n" for f in figures
    ]
    return HEAD.format(version=matplotlib.__version__) + "\n".join(lines) + "\n\n" + "\n".join(parts)


@contextmanager
def serving() -> Iterator[str]:
    """Run a server in a thread and give its address."""
    from secantd.server import Server
    from secantd.settings import Settings

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    async def make() -> Server:
        server = Server(Settings(listen="127.0.0.1:0"))
        await server.start()
        return server

    server = asyncio.run_coroutine_threadsafe(make(), loop).result()
    try:
        yield server.address
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(0), loop).result()
        loop.call_soon_threadsafe(loop.stop)


def draw(figure: Figure, address: str, folder: Path) -> Path:
    """Run the command of a figure and return the file it wrote."""
    from secant.command import figure as _  # noqa: F401, the verb declares itself
    from secant.command.app import app

    file = folder / figure.file
    arguments = ["plot", *shlex.split(figure.command), "-o", str(file), "--server", address]
    app.main(arguments, prog_name="secant", standalone_mode=False)
    return file


def main(names: Sequence[str]) -> None:
    """Draw the figures named, or all of them and the page."""
    wanted = [f for f in FIGURES if not names or f.name in names]
    with serving() as address:
        for figure in wanted:
            draw(figure, address, HERE)
    if not names:
        (HERE / "README.md").write_text(page(FIGURES), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
