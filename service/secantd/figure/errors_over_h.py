"""The error of difference schemes over h: truncation falls with h, rounding grows, and in between h is best."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from secantd.calculus.taylor import taylor
from secantd.check import approximate
from secantd.errors import CalculusError, Reason
from secantd.figure import ranges, words
from secantd.figure.curve import subject
from secantd.figure.request import ErrorFigure, PlotRequest
from secantd.figure.scene import Array, Layer, Line, Points, Scene, Title
from secantd.figure.style import ALTERNATIVES, AUXILIARY, BLACK, CURVE, MARKERS, Look
from secantd.numeric import SCHEMES, Scheme

__all__ = ["errors_over_h", "table"]

DEFAULT = (Scheme.FORWARD, Scheme.CENTRAL)
# Of the table's points, ten to a decade, every so many get a marker.
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
LOOKS = (CURVE, *ALTERNATIVES)


def errors_over_h(request: PlotRequest, figure: ErrorFigure) -> Scene:
    """Return |difference quotient - f'(x₀)| over h for each scheme, the best h marked.

    Raises:
        CalculusError: INVALID_VALUE, UNDEFINED_AT_POINT, NOT_DIFFERENTIABLE.
    """
    (name,) = ranges.check_variables(request, 1, "an error")
    if request.ranges:
        raise CalculusError(
            Reason.INVALID_VALUE, "the error is drawn over h from 1e-16 to 1", "leave `ranges` out", field="ranges"
        )
    schemes = chosen(figure.schemes)
    ranges.check_finite([figure.at], "error.at", "the point")
    layers: list[Layer] = []
    said = []
    exact, highest, floor = 0.0, 0.0, 0.0
    for i, scheme in enumerate(schemes):
        steps, error, exact, best = table(request, name, figure.at, scheme)
        # An error of 0 has no logarithm: it is drawn where a rounding error would be.
        floor = EPSILON * max(abs(exact), 1e-300) / 8
        drawn = np.where(np.isfinite(error), np.maximum(error, floor), np.nan)
        highest = max(highest, float(np.nanmax(drawn)))
        look = LOOKS[i % len(LOOKS)]
        told = f"{NAMES[scheme]}: best h = {words.number(float(steps[best]), 3)}, error {words.number(float(error[best]), 2)}"
        marker = Look(look.color, 0.9).marked(MARKERS[i % len(MARKERS)])
        layers.append(Line(steps, drawn, look))
        layers.append(Points(steps[::MARKED], drawn[::MARKED], marker))
        layers.append(Points(steps[[best]], drawn[[best]], Look(look.color, 4.2).marked("*"), told))
        said.append(told)
    layers += truncation(request, name, figure.at, schemes, (floor, highest))
    description = (
        f"The error of difference quotients of {subject(request, name)} at {name} = {words.number(figure.at)}, where the "
        f"derivative is {words.number(exact)}, over h from 1e−16 to 1 on logarithmic axes. {'; '.join(said)}. "
        "From large h the errors fall as the truncation error does, until rounding errors grow as 1/h."
    )
    return Scene(
        words.heading(request.function, [name], f"at {name} = {words.number(figure.at)}"),
        (Title("h", "h"), Title("", "|difference quotient − derivative|")),
        ((5e-17, 2.0), (floor / 3, max(highest * 4, floor * 1e3))),
        layers,
        description,
        logarithmic=True,
    )


def chosen(numbers: Sequence[int]) -> tuple[Scheme, ...]:
    """Return the schemes asked for, each once; 0 is the default of one, central."""
    found: dict[Scheme, None] = {}
    for i, number in enumerate(numbers):
        try:
            found[Scheme(number) if number else Scheme.CENTRAL] = None
        except ValueError:
            known = ", ".join(f"{s.name} = {s.value}" for s in Scheme)
            raise CalculusError(
                Reason.INVALID_VALUE, f"{number} is no scheme", f"known are {known}", field=f"error.schemes[{i}]"
            ) from None
    return tuple(found) or DEFAULT


def table(request: PlotRequest, name: str, at: float, scheme: Scheme) -> tuple[Array, Array, float, int]:
    """Return h and |error| of shape (n,), the exact derivative, and which h is best: what Approximate answers."""
    try:
        found = approximate(request.function, {name: at}, scheme, None, True, (name,))
    except CalculusError as error:
        error.field = {"at": "error.at", "scheme": "error.schemes"}.get(error.field, error.field)
        raise
    steps, errors = (np.array([getattr(row, part) for row in found.sweep]) for part in ("step", "error"))
    if not np.isfinite(errors).any():
        raise ranges.undefined(request.function, f"beside {name} = {at:g}", "error.at")
    return steps, errors, found.partials[0].exact, int(np.nanargmin(np.where(np.isfinite(errors), errors, np.nan)))


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
        # A straight line on these axes, down to where the figure ends.
        h = np.maximum(steps, (shown[0] / factor) ** (1 / stencil.order))
        drawn[LEADING[scheme]] = Line(h, factor * h**stencil.order, Look(BLACK, 0.9, AUXILIARY.dash, order=2.0))
    label = f"truncation {words.joined(list(drawn))}"
    return [replace(line, label=label if i == 0 else "") for i, line in enumerate(drawn.values())]
