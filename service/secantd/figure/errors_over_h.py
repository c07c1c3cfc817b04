"""The error of difference schemes over h: as h shrinks, truncation falls and rounding grows; the best h is between."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from secantd.analysis import approximate
from secantd.calculus.taylor import taylor
from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.curve import subject
from secantd.figure.request import ErrorFigure, PlotRequest
from secantd.figure.scene import Array, Layer, Line, Points, Scene, Title
from secantd.figure.style import ALTERNATIVES, AUXILIARY, BLACK, CURVE, MARKERS, Style
from secantd.numeric import SCHEMES, Scheme
from secantd.settings import Limits
from secantd.shown import series

__all__ = ["errors_over_h", "sweep_of"]

DEFAULT = (Scheme.FORWARD, Scheme.CENTRAL)
# Every so many of the table's points, of which there are ten to a decade, get a marker.
MARKED = 5
NAMES = {
    Scheme.FORWARD: "forward",
    Scheme.BACKWARD: "backward",
    Scheme.CENTRAL: "central",
    Scheme.FIVE_POINT: "five point",
    Scheme.RICHARDSON: "Richardson",
    Scheme.COMPLEX_STEP: "complex step",
}
# The first term of the truncation error.
LEADING = {
    Scheme.FORWARD: "h f″/2",
    Scheme.BACKWARD: "h f″/2",
    Scheme.CENTRAL: "h² f‴/6",
    Scheme.FIVE_POINT: "h⁴ f⁽⁵⁾/30",
}
EPSILON = 2.0**-52
STYLES = (CURVE, *ALTERNATIVES)


def errors_over_h(request: PlotRequest, figure: ErrorFigure, limits: Limits) -> Scene:
    """Return |difference quotient - f'(x₀)| over h for each scheme, with the best h marked.

    Args:
        request: The request.
        figure: Its figure.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNDEFINED_AT_POINT, NOT_DIFFERENTIABLE.
    """
    (name,) = ranges.check_variables(request, 1, "an error")
    if request.ranges:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the error is always drawn over h from 1e-16 to 1",
            "leave `ranges` out",
            field="ranges",
        )
    schemes = requested_schemes(figure.schemes)
    ranges.check_drawable([figure.at], "error.at", "the point")
    layers: list[Layer] = []
    labels = []
    exact, highest, floor = 0.0, 0.0, 0.0
    for i, scheme in enumerate(schemes):
        steps, error, exact, best = sweep_of(request, name, figure.at, scheme)
        # An error of 0 has no logarithm; it is drawn at the level of rounding errors.
        floor = EPSILON * max(abs(exact), 1e-300) / 8
        drawn = np.where(np.isfinite(error), np.maximum(error, floor), np.nan)
        highest = max(highest, float(np.nanmax(drawn)))
        style = STYLES[i % len(STYLES)]
        label = f"{NAMES[scheme]}: best h = {words.number(float(steps[best]), 3)}, error {words.number(float(error[best]), 2)}"
        marker = Style(style.color, 0.9).marked(MARKERS[i % len(MARKERS)])
        layers.append(Line(steps, drawn, style))
        layers.append(Points(steps[::MARKED], drawn[::MARKED], marker))
        layers.append(Points(steps[[best]], drawn[[best]], Style(style.color, 4.2).marked("*"), label))
        labels.append(label)
    layers += truncation(request, name, figure.at, schemes, (floor, highest))
    description = (
        f"The error of difference quotients of {subject(request, name)} at {name} = {words.number(figure.at)}, where the "
        f"derivative is {words.number(exact)}, over h from 1e−16 to 1 on logarithmic axes. {'; '.join(labels)}. "
        "As h decreases, the errors first fall with the truncation error and then grow with the rounding error, as 1/h."
    )
    return Scene(
        words.heading(request.function, [name], f"at {name} = {words.number(figure.at)}"),
        (Title("h", "h"), Title("", "|difference quotient − derivative|")),
        ((5e-17, 2.0), (floor / 3, max(highest * 4, floor * 1e3))),
        layers,
        description,
        logarithmic=True,
    )


def requested_schemes(numbers: Sequence[int]) -> tuple[Scheme, ...]:
    """Return the requested schemes, each once; the number 0 is central, the default of `secant.v1.Scheme`."""
    found: dict[Scheme, None] = {}
    for i, number in enumerate(numbers):
        try:
            found[Scheme(number) if number else Scheme.CENTRAL] = None
        except ValueError:
            known = ", ".join(f"{s.name} = {s.value}" for s in Scheme)
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{number} is not a scheme",
                f"the schemes are {known}",
                field=f"error.schemes[{i}]",
            ) from None
    return tuple(found) or DEFAULT


def sweep_of(request: PlotRequest, name: str, at: float, scheme: Scheme) -> tuple[Array, Array, float, int]:
    """Return the table of Approximate.

    Args:
        request: The request.
        name: The variable.
        at: The point.
        scheme: The scheme.

    Returns:
        h and |error|, each of shape (n,), the exact derivative, and the position of the best h.
    """
    try:
        found = approximate(request.function, {name: at}, scheme, None, True, (name,))
    except CalculusError as error:
        error.field = {"at": "error.at", "scheme": "error.schemes"}.get(error.field, error.field)
        raise
    steps, errors = (np.array([getattr(row, part) for row in found.sweep]) for part in ("step", "error"))
    if not np.isfinite(errors).any():
        raise ranges.undefined(request.function, f"beside {name} = {at:g}", "error.at")
    exact = found.partials[0].exact
    largest = max(abs(exact), float(np.nanmax(np.where(np.isfinite(errors), errors, 0.0))))
    if largest > ranges.LARGEST:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the derivative and the errors reach {largest:.3g}, too large to draw",
            f"scale the function: values up to {ranges.LARGEST:g} can be drawn",
            field="error.at",
        )
    return steps, errors, exact, int(np.nanargmin(np.where(np.isfinite(errors), errors, np.nan)))


def truncation(
    request: PlotRequest, name: str, at: float, schemes: Sequence[Scheme], shown: ranges.Interval
) -> list[Layer]:
    """Return the leading terms of the truncation errors, from the exact higher derivatives."""
    try:
        terms = taylor(request.function, {name: at}, 5).terms
    except CalculusError:
        return []
    steps = np.array([1.0, 1e-16])
    drawn: dict[str, Line] = {}
    for scheme in schemes:
        stencil = SCHEMES.get(scheme)
        if stencil is None:
            continue
        factor = abs(stencil.constant * terms[stencil.derivative].derivative)
        if not 0 < factor < np.inf:
            continue
        # A straight line on logarithmic axes, down to the edge of the figure.
        h = np.maximum(steps, (shown[0] / factor) ** (1 / stencil.order))
        drawn[LEADING[scheme]] = Line(h, factor * h**stencil.order, Style(BLACK, 0.9, AUXILIARY.dash, order=2.0))
    label = f"truncation {series(drawn)}"
    return [replace(line, label=label if i == 0 else "") for i, line in enumerate(drawn.values())]
