"""The image of the unit square under a Jacobian: a parallelogram with area |det J|, reflected where det J < 0."""

import numpy as np

from secantd.calculus import reverse
from secantd.errors import CalculusError, Reason
from secantd.expression import symbols
from secantd.figure import plane, ranges, words
from secantd.figure.request import AreaFigure, PlotRequest
from secantd.figure.scene import Array, Arrow, Layer, Region, Scene, Text, Title
from secantd.figure.style import BLUE, GREY, VERMILLION, Style
from secantd.program import compile as compile_program
from secantd.program import stable_outputs
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["area", "jacobian_at"]

SIDE = Style(GREY, 1.2, (4.0, 2.0), order=2.0)
IMAGE = Style(BLUE, 1.4, order=3.0)
UNIT_VECTOR = Style(GREY, 1.4, order=4.0)
COLUMN = Style(VERMILLION, 2.0, order=4.5)


def area(request: PlotRequest, figure: AreaFigure, limits: Limits) -> Scene:
    """Return the unit square and its image.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE: not two functions of two variables, or no point where one is needed;
            UNDEFINED_AT_POINT, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE.
    """
    names = ranges.check_variables(request, 2, "a parallelogram")
    function = request.function
    if len(function.outputs) != 2:
        count = len(function.outputs)
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"a parallelogram needs a vector of two functions; this one has {count}",
            "write c(f1, f2)",
            field="expression.text",
        )
    if request.ranges:
        raise CalculusError(
            Reason.INVALID_VALUE, "the figure of a parallelogram has no `ranges`", "leave `ranges` out", field="ranges"
        )
    jacobian = jacobian_at(request, names, figure)
    ranges.check_drawable(jacobian.ravel().tolist(), "area.at", "a partial derivative")
    (a, b), (c, d) = jacobian.tolist()
    # Exact if the products are, as for whole numbers.
    determinant = a * d - b * c
    first, second = (a, c), (b, d)
    corners = np.array([(0.0, 0.0), first, (a + b, c + d), second])
    turned = "the orientation is reversed" if determinant < 0 else "the orientation is kept"
    if determinant == 0:
        turned = "the image has no area"
    size = f"area |det J| = {words.number(abs(determinant))}"
    columns = f"columns of J: J e₁ = {vector(first)}, J e₂ = {vector(second)}"
    unit = np.array([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)])
    layers: list[Layer] = [
        Region(unit, SIDE, "unit square: area 1"),
        Region(corners, IMAGE, f"image: {size}, det J = {words.number(determinant)}, {turned}", "//"),
        Arrow((0.0, 0.0), (1.0, 0.0), UNIT_VECTOR),
        Arrow((0.0, 0.0), (0.0, 1.0), UNIT_VECTOR),
        *(Arrow((0.0, 0.0), v, COLUMN, label) for v, label in ((first, columns), (second, "")) if any(v)),
        Text(1.0, 0.0, "e₁", color=GREY),
        Text(0.0, 1.0, "e₂", color=GREY),
        *(Text(*v, f"J e{i}", offset(v)) for i, v in (("₁", first), ("₂", second))),
    ]
    points = np.vstack([corners, unit])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.16 * float((high - low).max())
    place = ", ".join(f"{n} = {words.number(v)}" for n, v in figure.at)
    description = (
        f"The unit square and its image under the Jacobian of {words.formula_text(function) or 'the function'}"
        f"{f' at {place}' if place else ''}: the parallelogram of the columns {vector(first)} and {vector(second)}. "
        f"Its {size}; the determinant is {words.number(determinant)}: {turned}."
    )
    return Scene(
        words.heading(function, names, f"at {place}" if place else ""),
        (Title("", "first component"), Title("", "second component")),
        tuple((float(a - margin), float(b + margin)) for a, b in zip(low, high, strict=True)),
        layers,
        description,
        equal=True,
    )


def jacobian_at(request: PlotRequest, names: tuple[str, ...], figure: AreaFigure) -> Array:
    """Return the Jacobian at the point, shape (2, 2).

    Args:
        request: The request.
        names: The two variables.
        figure: The figure, with the point.
    """
    function = request.function
    with function.lock:
        nodes = [n for f in stable_outputs(function) for n in reverse.gradient(function.graph, f, names)]
        needed = symbols(nodes)
        if needed and not figure.at:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the Jacobian varies with {series(needed)}",
                "give the point in `area.at`",
                field="area.at",
            )
        at = plane.lifted(function, names, figure.at, "area.at") if figure.at else {}
        found = compile_program(nodes, needed, function.graph.columns).point([at[n] for n in needed])
    if not np.isfinite(found).all():
        place = ", ".join(f"{n} = {at[n]:g}" for n in needed)
        raise CalculusError(
            Reason.UNDEFINED_AT_POINT, f"the Jacobian is not finite at {place}", "choose another point", field="area.at"
        )
    return np.array(found).reshape(2, 2)


def vector(v: tuple[float, float]) -> str:
    """Return a column as text.

    >>> vector((-2.0, 1.0))
    '(−2, 1)'
    """
    return f"({words.number(v[0])}, {words.number(v[1])})"


def offset(v: tuple[float, float]) -> tuple[float, float]:
    """Return the offset of a vector's name, in points: beyond its head."""
    return 6.0 if v[0] >= 0 else -6.0, 6.0 if v[1] >= 0 else -6.0
