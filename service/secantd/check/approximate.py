"""A gradient by differences beside the exact one, with what the error is made of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from secantd.calculus import derivative as exact_derivative
from secantd.calculus.formulas import values_at
from secantd.calculus.point import check_point, chosen_variables, scalar
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, symbols
from secantd.language import Function
from secantd.numeric import SCHEMES, Scheme, Stencil, complex_value, default_step, gradient, richardson
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["Approximation", "Approximations", "SweepPoint", "approximate"]

EPSILON = float(np.finfo(float).eps)
# The table over h: ten to a decade, from 1 to 1e-16.
SWEEP = tuple(float(f"{10 ** (-k / 10):.3g}") for k in range(161))


@dataclass(frozen=True, slots=True)
class Approximation:
    """One partial: by differences, by the formula, and what the error is made of."""

    value: float
    exact: float
    step: float
    truncation: float
    rounding: float

    @property
    def error(self) -> float:
        """value - exact."""
        return self.value - self.exact


@dataclass(frozen=True, slots=True)
class SweepPoint:
    """One row of the table over h; `error` is |value - exact|."""

    step: float
    value: float
    error: float


@dataclass(frozen=True, slots=True)
class Approximations:
    """A gradient by differences; `value` is f at the point."""

    variables: tuple[str, ...]
    partials: tuple[Approximation, ...]
    sweep: tuple[SweepPoint, ...]
    best_step: float | None
    reason: str
    value: float
    notices: tuple[str, ...]


def approximate(
    function: Function,
    at: Mapping[str, float],
    scheme: Scheme = Scheme.CENTRAL,
    step: float | None = None,
    sweep: bool = False,
    variables: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Approximations:
    """Return the gradient of a scalar function by a difference scheme, beside the exact one.

    Args:
        function: A scalar function.
        at: The point.
        scheme: Which differences.
        step: h, taken literally for every variable; None: by the scheme's rule, for each variable.
        sweep: Also the table over h; one variable only.
        variables: The order of the partials; empty: that of `at`.
        limits: What is allowed.

    Raises:
        CalculusError: INVALID_VALUE for an h that is 0, not finite, or too small to move x;
            UNDEFINED_AT_POINT where f is not finite at the point or within h of it; UNKNOWN_VARIABLE.

    >>> from secantd.language import read
    >>> a = approximate(read("x**2"), {"x": 2.0}, Scheme.CENTRAL, 10e-4)
    >>> a.partials[0].value, a.partials[0].exact
    (3.9999999999995595, 4.0)
    """
    notices = list(function.notices)
    output = scalar(function)
    chosen = chosen_variables(function, variables or tuple(at), notices)
    check_point(function, at, chosen)
    if sweep and len(chosen) != 1:
        raise CalculusError(Reason.INVALID_VALUE, "a table over h is made for one variable", "name one", field="sweep")
    (value,) = values_at(function, [output], at)
    if not math.isfinite(value):
        raise undefined(at, "f is not finite there")
    with function.lock:
        chains = [derivatives(function, output, v, scheme) for v in chosen]
    exact = values_at(function, [n for chain in chains for n in chain], at)
    per = len(chains[0]) if chains else 0
    shifted = Shifted(function, output, at, chosen)
    places = [Place(at[v], value, exact[i * per : (i + 1) * per]) for i, v in enumerate(chosen)]
    if step is not None:
        steps = [checked_step(step, at[v], v) for v in chosen]
    else:
        steps = [shifted.best_step(i, scheme, place) for i, place in enumerate(places)]
    found = shifted.gradient(scheme, steps)
    if not all(map(math.isfinite, found)):
        place = next(v for v, d in zip(chosen, found, strict=True) if not math.isfinite(d))
        raise undefined(at, f"f is not finite within h of it along '{place}'")
    partials = []
    for i, (h, d) in enumerate(zip(steps, found, strict=True)):
        truncation, rounding = parts(scheme, h, places[i], shifted, i)
        partials.append(Approximation(d, exact[i * per], h, truncation, rounding))
    rows: tuple[SweepPoint, ...] = ()
    best: SweepPoint | None = None
    reason = ""
    if sweep:
        rows = table(shifted, scheme, at[chosen[0]], exact[0])
        best = min((r for r in rows if math.isfinite(r.error)), key=lambda r: r.error, default=None)
        reason = why(scheme, best, places[0])
    return Approximations(chosen, tuple(partials), rows, best.step if best else None, reason, value, tuple(notices))


def undefined(at: Mapping[str, float], what: str) -> CalculusError:
    place = ", ".join(f"{n} = {v:g}" for n, v in list(at.items())[:5])
    return CalculusError(
        Reason.UNDEFINED_AT_POINT, f"no differences at {place}: {what}", "take another point or h", field="at"
    )


def checked_step(step: float, x: float, name: str) -> float:
    """Return h, or raise where it is none."""
    if step == 0 or not math.isfinite(step):
        raise CalculusError(Reason.INVALID_VALUE, f"h is {step:g}", "take a number that is not 0", field="step")
    if x + step == x:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"h = {step:g} is too small: {name} + h is {name} at {name} = {x:g}",
            f"take at least {abs(x) * EPSILON:.1g}",
            field="step",
        )
    return step


def derivatives(function: Function, output: Node, variable: str, scheme: Scheme) -> list[Node]:
    """Return f' and the derivative that the scheme's truncation error begins with."""
    first = exact_derivative(function.graph, output, variable)
    order = SCHEMES[scheme].derivative if scheme in SCHEMES else 3 if scheme is Scheme.COMPLEX_STEP else 1
    node = first
    for _ in range(order - 1):
        node = exact_derivative(function.graph, node, variable)
    return [first, node]


@dataclass(frozen=True, slots=True)
class Place:
    """A point along one variable: x, f there, and f' with the derivative of the leading error."""

    x: float
    value: float
    exact: Sequence[float]

    def rounding(self, stencil: Stencil) -> float:
        """Return h times a bound on the rounding error: of the values, and of x + h, which moves f by f'."""
        weight = sum(map(abs, stencil.weights)) / stencil.divisor
        return EPSILON * (abs(self.value) * weight + abs(self.x * self.exact[0]))

    def balance(self, stencil: Stencil) -> float | None:
        """Return the h at which truncation and rounding together are least, None without a leading error."""
        leading, rounding = abs(stencil.constant * self.exact[-1]), self.rounding(stencil)
        if not (0 < leading < math.inf and 0 < rounding < math.inf):
            return None
        return float((rounding / (leading * stencil.order)) ** (1 / (stencil.order + 1)))


def term(h: float, order: int, factor: float) -> float:
    """Return factor * h^order: infinite where that is beyond doubles, and 0 whatever h where the factor is."""
    return factor * math.prod([h] * order) if factor else 0.0


def parts(scheme: Scheme, h: float, place: Place, shifted: "Shifted", index: int) -> tuple[float, float]:
    """Return the leading term of the truncation error and a bound on the rounding error."""
    if scheme is Scheme.COMPLEX_STEP:
        return term(h, 2, -place.exact[1] / 6), EPSILON * abs(place.exact[0])
    if scheme is Scheme.RICHARDSON:
        # Its smallest h is h/32.
        return shifted.richardson(index, h)[1], place.rounding(SCHEMES[Scheme.CENTRAL]) / abs(h) * 2**5
    stencil = SCHEMES[scheme]
    return term(h, stencil.order, stencil.constant * place.exact[1]), place.rounding(stencil) / abs(h)


class Shifted:
    """f near a point, by points in columns."""

    def __init__(self, function: Function, output: Node, at: Mapping[str, float], chosen: Sequence[str]) -> None:
        self.output = output
        self.at = at
        self.chosen = chosen
        self.inputs = symbols([output])
        self.program: Program = compile_program([output], self.inputs, function.graph.columns)

    def __call__(self, columns: Sequence[np.ndarray]) -> np.ndarray:
        given = dict(zip(self.chosen, columns, strict=True))
        count = len(columns[0])
        filled = [given[n] if n in given else np.full(count, self.at[n]) for n in self.inputs]
        if not self.inputs:
            return np.full(count, self.program.point([])[0])
        return self.program.batch(filled)[0]

    @property
    def place(self) -> list[float]:
        return [self.at[v] for v in self.chosen]

    def gradient(self, scheme: Scheme, steps: Sequence[float]) -> list[float]:
        if scheme is not Scheme.COMPLEX_STEP:
            return gradient(self, self.place, scheme, steps)
        found = []
        for name, h in zip(self.chosen, steps, strict=True):
            point = {n: complex(v, h if n == name else 0.0) for n, v in self.at.items()}
            found.append(complex_value(self.output, point).imag / h)
        return found

    def best_step(self, index: int, scheme: Scheme, place: Place) -> float:
        """Return h by the scheme's rule, refined by what is known of f.

        A step in proportion to x fails where f varies faster than x (sin at 1000), an absolute one where it
        varies on the scale of x (1/x near 0). The exact derivatives tell which; Richardson's own estimate
        does where they cannot.
        """
        usual = default_step(place.x, scheme)
        if scheme is Scheme.RICHARDSON:
            return min((usual, min(usual, default_step(1.0, scheme))), key=lambda h: self.richardson(index, h)[1])
        balance = place.balance(SCHEMES[scheme]) if scheme in SCHEMES else None
        return usual if balance is None or place.x + balance == place.x else balance

    def richardson(self, index: int, h: float) -> tuple[float, float]:
        return richardson(self, self.place, index, h)


def table(shifted: Shifted, scheme: Scheme, x: float, exact: float) -> tuple[SweepPoint, ...]:
    """Return the table over h; an h too small to move x ends it."""
    rows = []
    for h in SWEEP:
        if x + h == x and scheme is not Scheme.COMPLEX_STEP:
            break
        (value,) = shifted.gradient(scheme, [h])
        rows.append(SweepPoint(h, value, abs(value - exact)))
    return tuple(rows)


def why(scheme: Scheme, best: SweepPoint | None, place: Place) -> str:
    """Return why an h is best, in one sentence."""
    if best is None:
        return "f is not finite near the point"
    if scheme is Scheme.COMPLEX_STEP:
        return "nothing is subtracted: a smaller h only lessens the truncation error"
    if scheme is Scheme.RICHARDSON:
        return "extrapolation removes the leading errors, so that a large h rounds least"
    stencil = SCHEMES[scheme]
    balance = place.balance(stencil)
    if balance is None:
        return f"the scheme has no truncation error here (f^({stencil.derivative}) = 0), so that a larger h rounds less"
    return (
        f"truncation {abs(stencil.constant * place.exact[-1]):.2g} h^{stencil.order} falls and rounding "
        f"{place.rounding(stencil):.1g}/h grows as h shrinks; they balance near h = {balance:.1g}"
    )
