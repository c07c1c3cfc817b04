"""Draw the gallery: every figure that the source material shows, by the command `secant`.

    python docs/gallery/make.py            all figures, and README.md
    python docs/gallery/make.py NAME ...   some of the figures

The figures come from a server of this process, as they would from any other.
"""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib
import secant

HERE = Path(__file__).parent

# Seconds for each figure, on a machine however busy.
TIMEOUT = "600"


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
BEYOND = "beyond the course"

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
        "f_x(-1, 2): the slice y = 2, which decreases there",
        f"{BOWL} surface --at x=-1,y=2 --range x=-4:4,y=-3:3",
    ),
    Figure(
        "error-over-h",
        "000-6, 000-8",
        "the errors of forward and central differences for each h, and the best h",
        '"exp(x)" error --at x=1',
    ),
    Figure(
        "error-over-h-square",
        "000-8",
        "f''' = 0: central differences have rounding errors only, so the largest h is best",
        '"x^2" error --at x=2 --scheme forward --scheme central',
    ),
    Figure(
        "secants",
        "001 (5.3)",
        "secants approach the tangent as h decreases",
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
        "the image of the unit square under a Jacobian; det J = -3",
        '"c(-2*x1 + x2, x1 + x2)" area',
    ),
    Figure("tangent", "002-3", "a tangent", f"{PARABOLA} curve --at x=1 --range x=-4:3"),
    Figure(
        "x-plus-slope",
        "002-4",
        "f rises in the direction of f'(x), whatever its sign",
        f"{PARABOLA} curve --at x=-3 --at x=1 --arrows gradient --range x=-5:3",
    ),
    Figure(
        "x-minus-slope",
        "002-4",
        "f falls in the direction of -f'(x), whatever the sign of f'(x)",
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
        "the gradient is perpendicular to the contours and points uphill",
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
        "steps along the negative gradient lead to the minimum, rate 0.1",
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
        "a rate above 2/L = 1: the path diverges",
        f"{ROUND} descent --start x0=-3,x1=4 --rate 1.03",
    ),
    Figure(
        "rate-too-large-on-curve",
        "004-8",
        "the same in one variable: the path jumps from side to side of the minimum",
        f"{PARABOLA} descent --start x=0.88 --rate 1.05",
    ),
    Figure(
        "secant-to-tangent",
        BEYOND,
        "an animation: h shrinks, and the secant becomes the tangent",
        f"{PARABOLA} secant --at x=1 --step 2 --step 0.5 --range x=-1:4 --animate",
    ),
    Figure(
        "descent-animated",
        BEYOND,
        "an animation: a descent goes its steps",
        f"{PARABOLA} descent --start x=1.2 --rate 0.1 --max-steps 20 --range x=-3:1.5 --animate",
    ),
    Figure(
        "kink",
        BEYOND,
        "no tangent at a kink, and an arrow that ends where f is lower",
        '"abs(x)" curve --at x=1 --at x=0 --arrows negative_gradient',
    ),
    Figure(
        "valley",
        BEYOND,
        "contours at equal ratios in a valley, on a dark background",
        '"(1 - x)^2 + 100*(y - x^2)^2" contour --range x=-1.5:1.5,y=-0.5:1.5 --theme dark',
    ),
    Figure(
        "korean-names",
        BEYOND,
        "names in Korean, written with the fonts of the reader",
        '"속도^2 + 속도" curve --at 속도=1',
    ),
)

HEAD = """# Gallery

Each figure of the course is the output of one command. The commands end with `-o FILE.svg`, `.png`, `.pdf` or, for
animations, `.gif`, and the same command always writes the same bytes. `python docs/gallery/make.py` redraws the figures and rewrites this page. A test compares
some of them with the current output of the service.

Every image contains a description in words, which the command also prints. The figures were drawn with matplotlib {version};
other versions may produce different bytes.

The sources have the numbers of `tests/golden/seeds.tsv`: 000 numerical differentiation (slides), 001 functions of one and of
several variables (after Mathematics for Machine Learning, chapter 5), 002 gradient descent (lecture), 003 differentiation with
R, 004 numerical gradient and descent.

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


def draw(figure: Figure, address: str, folder: Path) -> Path:
    """Run the command of a figure and return the file it wrote."""
    from secant.command import figure as _  # noqa: F401, the verb declares itself
    from secant.command.app import app

    file = folder / figure.file
    arguments = ["plot", *shlex.split(figure.command), "-o", str(file), "--server", address, "--timeout", TIMEOUT]
    app.main(arguments, prog_name="secant", standalone_mode=False)
    return file


def main(names: Sequence[str]) -> None:
    """Draw the figures named, or all of them and the page."""
    wanted = [f for f in FIGURES if not names or f.name in names]
    # The first calls of such a server wait until its processes have started, however busy the machine is.
    with secant.local() as client:
        for figure in wanted:
            draw(figure, client.target, HERE)
    if not names:
        (HERE / "README.md").write_text(page(FIGURES), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
