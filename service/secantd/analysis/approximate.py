"""A gradient by difference quotients compared with the exact one, and the parts of its error."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from secantd.calculus import derivative as exact_derivative
from secantd.calculus.formulas import values_at
from secantd.calculus.point import check_finite, check_names, require_point, required, scalar
from secantd.calculus.results import Shape, matrix
from secantd.calculus.variables import by_variable, chosen_variables
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, symbols
from secantd.language import Function
from secantd.numeric import SCHEMES, Scheme, Stencil, complex_value, default_step, gradient, richardson
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["ApproximatePartial", "Approximation", "SweepPoint", "approximate"]

EPSILON = float(np.finfo(float).eps)
# The table over h: ten to a decade, from 1 to 1e-16.
SWEEP = tuple(float(f"{10 ** (-k / 10):.3g}") for k in range(161))


@dataclass(frozen=True, slots=True)
class ApproximatePartial:
    """One partial derivative.

    Attributes:
        value: The difference quotient.
        exact: The exact derivative.
        step: h, in the units of the variable.
        truncation: The leading term of the truncation error.
        rounding: A bound of the rounding error.
    """

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
class Approximation:
    """A gradient by difference quotients.

    Attributes:
        variables: The order of the partials.
        partials: One for each variable.
        sweep: The table over h, empty if it was not requested.
        best_step: The h of the table with the smallest error.
        reason: Why this h is best.
        value: f at the point.
        notices: Remarks for the caller.
    """

    variables: tuple[str, ...]
    partials: tuple[ApproximatePartial, ...]
    sweep: tuple[SweepPoint, ...]
    best_step: float | None
    reason: str
    value: float
    notices: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        """1 x n."""
        return matrix(1, len(self.partials))


def approximate(
    function: Function,
    at: Mapping[str, float],
    scheme: Scheme = Scheme.CENTRAL,
    step: float | None = None,
    sweep: bool = False,
    variables: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Approximation:
    """Return the gradient of a scalar function by a difference scheme, and the exact one.

    Args:
        function: A scalar function.
        at: The point.
        scheme: The scheme.
        step: h for every variable, used as given; None: chosen by the scheme's rule for each variable.
        sweep: Whether to add the table over h, for one variable only.
        variables: The order of the partials; empty: that of `at`.
        limits: The limits that apply.

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
    require_point(at, "a difference quotient")
    at = by_variable(function, at, "at")
    chosen = chosen_variables(function, variables or tuple(v for v in at if v in function.variables), notices)
    check_names(at, tuple(dict.fromkeys((*required(function), *chosen))), "at")
    check_finite(at, "at")
    if sweep and len(chosen) != 1:
        raise CalculusError(
            Reason.INVALID_VALUE, "a table over h needs exactly one variable", "name one variable", field="sweep"
        )
    (value,) = values_at(function, [output], at)
    if not math.isfinite(value):
        raise undefined(at, "f is not finite there")
    with function.lock:
        chains = [leading_derivatives(function, output, v, scheme) for v in chosen]
    exact = values_at(function, [n for chain in chains for n in chain], at)
    per = len(chains[0]) if chains else 0
    shifted = Shifted(function, output, at, chosen)
    bases = [BasePoint(at[v], value, exact[i * per : (i + 1) * per]) for i, v in enumerate(chosen)]
    if step is not None:
        steps = [checked_step(step, at[v], v) for v in chosen]
    else:
        steps = [shifted.best_step(i, scheme, base) for i, base in enumerate(bases)]
    found = shifted.gradient(scheme, steps)
    if not all(map(math.isfinite, found)):
        place = next(v for v, d in zip(chosen, found, strict=True) if not math.isfinite(d))
        raise undefined(at, f"f is not finite within h of it along '{place}'")
    partials = []
    for i, (h, d) in enumerate(zip(steps, found, strict=True)):
        truncation, rounding = error_terms(scheme, h, bases[i], shifted, i)
        partials.append(ApproximatePartial(d, exact[i * per], h, truncation, rounding))
    rows: tuple[SweepPoint, ...] = ()
    best: SweepPoint | None = None
    reason = ""
    if sweep:
        rows = sweep_points(shifted, scheme, at[chosen[0]], exact[0])
        best = min((r for r in rows if math.isfinite(r.error)), key=lambda r: r.error, default=None)
        reason = best_step_reason(scheme, best, bases[0])
    return Approximation(chosen, tuple(partials), rows, best.step if best else None, reason, value, tuple(notices))


def undefined(at: Mapping[str, float], what: str) -> CalculusError:
    place = ", ".join(f"{n} = {v:g}" for n, v in list(at.items())[:5])
    return CalculusError(
        Reason.UNDEFINED_AT_POINT, f"no difference quotient at {place}: {what}", "choose another point or h", field="at"
    )


def checked_step(step: float, x: float, name: str) -> float:
    """Return h; INVALID_VALUE if it is 0, not finite, or too small to change x."""
    if step == 0 or not math.isfinite(step):
        raise CalculusError(Reason.INVALID_VALUE, f"h is {step:g}", "choose a finite number other than 0", field="step")
    if x + step == x:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"h = {step:g} is too small: {name} + h is {name} at {name} = {x:g}",
            f"choose an h of at least {abs(x) * EPSILON:.1g}",
            field="step",
        )
    return step


def leading_derivatives(function: Function, output: Node, variable: str, scheme: Scheme) -> list[Node]:
    """Return f' and the derivative in the leading term of the scheme's truncation error."""
    first = exact_derivative(function.graph, output, variable)
    order = SCHEMES[scheme].derivative if scheme in SCHEMES else 3 if scheme is Scheme.COMPLEX_STEP else 1
    node = first
    for _ in range(order - 1):
        node = exact_derivative(function.graph, node, variable)
    return [first, node]


@dataclass(frozen=True, slots=True)
class BasePoint:
    """A point along one variable: x, f, and f' with the derivative in the leading term of the error."""

    x: float
    value: float
    exact: Sequence[float]

    def rounding(self, stencil: Stencil) -> float:
        """Return h times a bound of the rounding error, that of the values and that of x + h."""
        weight = sum(map(abs, stencil.weights)) / stencil.divisor
        return EPSILON * (abs(self.value) * weight + abs(self.x * self.exact[0]))

    def balance(self, stencil: Stencil) -> float | None:
        """Return the h at which the sum of truncation and rounding is smallest, None without a leading error."""
        leading, rounding = abs(stencil.constant * self.exact[-1]), self.rounding(stencil)
        if not (0 < leading < math.inf and 0 < rounding < math.inf):
            return None
        return float((rounding / (leading * stencil.order)) ** (1 / (stencil.order + 1)))


def term(h: float, order: int, factor: float) -> float:
    """Return factor * h^order: infinite where it overflows, and 0 for any h if the factor is 0."""
    return factor * math.prod([h] * order) if factor else 0.0


def error_terms(scheme: Scheme, h: float, base: BasePoint, shifted: "Shifted", index: int) -> tuple[float, float]:
    """Return the leading term of the truncation error and a bound of the rounding error."""
    if scheme is Scheme.COMPLEX_STEP:
        return term(h, 2, -base.exact[1] / 6), EPSILON * abs(base.exact[0])
    if scheme is Scheme.RICHARDSON:
        # Its smallest step is h/32.
        return shifted.richardson(index, h)[1], base.rounding(SCHEMES[Scheme.CENTRAL]) / abs(h) * 2**5
    stencil = SCHEMES[scheme]
    return term(h, stencil.order, stencil.constant * base.exact[1]), base.rounding(stencil) / abs(h)


class Shifted:
    """f near a point, at many points in columns of shape (N,)."""

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

    def best_step(self, index: int, scheme: Scheme, base: BasePoint) -> float:
        """Return h by the scheme's rule, refined by the exact derivatives of f.

        A step proportional to x fails where f varies faster than x (sin at 1000), a constant one where f varies on
        the scale of x (1/x near 0). The exact derivatives decide; for Richardson its own error estimate does.
        """
        usual = default_step(base.x, scheme)
        if scheme is Scheme.RICHARDSON:
            return min((usual, min(usual, default_step(1.0, scheme))), key=lambda h: self.richardson(index, h)[1])
        balance = base.balance(SCHEMES[scheme]) if scheme in SCHEMES else None
        return usual if balance is None or base.x + balance == base.x else balance

    def richardson(self, index: int, h: float) -> tuple[float, float]:
        return richardson(self, self.place, index, h)


def sweep_points(shifted: Shifted, scheme: Scheme, x: float, exact: float) -> tuple[SweepPoint, ...]:
    """Return the table over h, which ends at an h that is too small to change x."""
    rows = []
    for h in SWEEP:
        if x + h == x and scheme is not Scheme.COMPLEX_STEP:
            break
        (value,) = shifted.gradient(scheme, [h])
        rows.append(SweepPoint(h, value, abs(value - exact)))
    return tuple(rows)


def best_step_reason(scheme: Scheme, best: SweepPoint | None, base: BasePoint) -> str:
    """Return a sentence on why an h is best."""
    if best is None:
        return "f is not finite near the point"
    if scheme is Scheme.COMPLEX_STEP:
        return "the complex step subtracts nothing, so a smaller h only reduces the truncation error"
    if scheme is Scheme.RICHARDSON:
        return "extrapolation removes the leading truncation errors, so a large h has the smallest rounding error"
    stencil = SCHEMES[scheme]
    balance = base.balance(stencil)
    if balance is None:
        return f"the scheme has no truncation error here (f^({stencil.derivative}) = 0), so a larger h has a smaller rounding error"
    return (
        f"truncation {abs(stencil.constant * base.exact[-1]):.2g} h^{stencil.order} falls and rounding "
        f"{base.rounding(stencil):.1g}/h grows as h shrinks; they balance near h = {balance:.1g}"
    )
