"""Operations that no text can call.

A tape uses them for patterns that lose digits, exported code for fixed orders, and the code of the incomplete gamma and beta
functions for densities of real arguments.
"""

from typing import Any

from secantd.functions.counttails import COUNT_TAILS
from secantd.functions.differences import DIFFERENCES
from secantd.functions.hazards import HAZARDS
from secantd.functions.keeping import KEPT
from secantd.functions.logtails import LOG_TAILS
from secantd.functions.oddstails import ODDS_TAILS
from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row
from secantd.functions.scaledbessel import SCALED_BESSEL
from secantd.functions.slopes import SLOPES

__all__ = ["INNER"]


def _polygamma(order: int, sign: str, factor: int, terms: tuple[str, ...], reflected: str, pole: str) -> Row:
    """Return a derivative of digamma of a fixed order, by DLMF 5.15.8 and, below 0, 5.15.6."""
    series = " + v * (".join(terms) + ")" * (len(terms) - 1)
    return row(
        f"psigamma{order}(x)", "", summary=f"derivative of digamma of order {order}", meaning=f"psigamma(x, {order})",
        source="DLMF 5.15", points=((0.4,), (8.1,), (-1.3,)), stable=f"""
        y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 14:0) steps <- steps + 1/(y + k)^{order + 1}
        v <- 1/(z * z)
        series <- {series}
        value <- {sign}({factor} * ifelse(y < 15, steps, 0) + series/z^{order})
        c <- cospi(x)/sinpi(x)
        other <- {reflected}
        ifelse(x > 0, value, ifelse(x == floor(x), {pole}, other))""",
    )  # fmt: skip


def _piece(signature: str, pieces: str, call: str, **fields: Any) -> Row:
    """Return the row of one of the `pieces`, which `call` calls."""
    count = signature.count(",") + 1
    return row(signature, *[""] * count, stable=with_pieces(pieces, call), **fields)


# Rows by the op of their instructions.
# The scale of a sum of exponentials, on which its value does not depend; it is finite, so that Inf - Inf does not arise. The
# derivative of tanh far out, and functions that grow like an exponential divided by exp(m).
_EXPONENTIAL = (
    row("held(x)", "0", summary="x within the range of doubles, a constant for derivatives", meaning="x", source="IEEE 754",
        stable="pmin(pmax(x, -1.7976931348623157e308), 1.7976931348623157e308)", points=((-0.7,), (2.2,))),
    row("tanh_stable(x)", "", slopes=("sech2",), summary="tanh(x), with a derivative that keeps its digits",
        meaning="tanh(x)", source="DLMF 4.28, 4.34", stable="tanh(x)", points=((-0.7,), (2.2,))),
    row("sech2(x)", "-2 * tanh(x) * f", summary="1/cosh(x)^2", meaning="1/cosh(x)^2", source="DLMF 4.28, 4.34",
        stable="small <- 1/cosh(x)\nsmall * small", points=((-0.7,), (2.2,), (30.5,))),
    row("logcosh(x)", "tanh(x)", summary="log(cosh(x))", meaning="log(cosh(x))", source="DLMF 4.28, 4.35.20", stable="""
        size <- abs(x)
        half <- sinh(pmin(size, 1)/2)
        ifelse(size < 1, log1p(2 * half * half), size + log1p(exp(-2 * size)) - 0.6931471805599453)""",
        points=((-0.7,), (2.2,), (0.001,), (300.5,))),
    row("cosh_scaled(x, m)", "", "-f", slopes=("sinh_scaled", ""), summary="cosh(x) * exp(-m)", meaning="cosh(x) * exp(-m)",
        source="DLMF 4.28", stable="0.5 * (1 + exp(-2 * abs(x))) * exp(abs(x) - m)", points=((-0.7, 1.0), (2.2, 2.2))),
    row("sinh_scaled(x, m)", "", "-f", slopes=("cosh_scaled", ""), summary="sinh(x) * exp(-m)", meaning="sinh(x) * exp(-m)",
        source="DLMF 4.28", stable="-(0.5 * sign(x) * expm1(-2 * abs(x)) * exp(abs(x) - m))",
        points=((-0.7, 1.0), (2.2, 2.2))),
    row("expm1_scaled(x, m)", "", "-f", slopes=("exp_scaled", ""), summary="(exp(x) - 1) * exp(-m)",
        meaning="(exp(x) - 1) * exp(-m)", source="DLMF 4.2", points=((-0.7, 1.0), (2.2, 2.2)),
        stable="ifelse(x > 0, -(expm1(-abs(x)) * exp(x - m)), expm1(x) * exp(-m))"),
    row("exp_scaled(x, m)", "", "-f", slopes=("exp_scaled", ""), summary="exp(x - m)", meaning="exp(x - m)",
        source="DLMF 4.2", stable="exp(x - m)", points=((-0.7, 1.0), (2.2, 2.2))),
    row("share(a, b)", "b/(a + b)/(a + b)", "-f/(a + b)", summary="a/(a + b), with derivatives that keep their digits",
        meaning="a/(a + b)", source="quotient rule", stable="a/(a + b)", points=((-0.7, 1.0), (2.2, 0.3), (0.0, -2.5))),
    # The terms of logaddexp(a, b), of which one has the derivatives of the sum and the other none: at a tie their own are not right.
    row("larger(a, b)", "expit(a - b)", "expit(b - a)", summary="max(a, b), with the derivatives of logaddexp(a, b)",
        meaning="pmax(a, b)", source="logaddexp", stable="pmax(a, b)", points=((-0.7, 1.0), (2.2, 0.3))),
    row("excess(a, b)", "0", "0", summary="logaddexp(a, b) - max(a, b), a constant for derivatives",
        meaning="softplus(-abs(a - b))", source="logaddexp", stable="softplus(-abs(a - b))", points=((-0.7, 1.0), (2.2, 0.3))),
)  # fmt: skip

INNER: dict[str, Row] = {
    f.name: f
    for f in (
        *_EXPONENTIAL,
        *SLOPES,
        *DIFFERENCES,
        *KEPT,
        *HAZARDS,
        *LOG_TAILS,
        *COUNT_TAILS,
        *ODDS_TAILS,
        *SCALED_BESSEL,
        _polygamma(2, "-", 2, ("1 + 1/z", "1/2", "-1/6", "1/6", "-3/10", "5/6", "-691/210", "35/2"),
            "value - 2 * pi^3 * c * (1 + c * c)", "NaN"),
        _polygamma(3, "", 6, ("2 + 3/z", "2", "-1", "4/3", "-3", "10", "-691/15", "280"),
            "2 * pi^4 * (1 + c * c) * (1 + 3 * c * c) - value", "Inf"),
        _piece("logratio(a, b)", "logratio", "logratio(a, b)", summary="log(a/b)", meaning="log(a) - log(b)",
            valid="(a > 0) & (b > 0)", source="DLMF 4.8.2", points=((0.3, 1.2), (1e-200, 1e200), (1e200, 1e-200))),
        _piece("deviance(x, m, d)", "logratio deviance", "deviance(x, m, d)", summary="x log(x/m) + m - x from d = x - m",
            meaning="x * log(x/m) + m - x", valid="(x > 0) & (m > 0)", source="Loader (2000)",
            points=((3.0, 2.5, 0.5), (0.75, 5.0, -4.25), (4097.0, 4096.0, 1.0), (1.5e308, 1e308, 0.5e308))),
        _piece("poisson(x, m)", "stirling logratio deviance poisson", "poisson(x, m)",
            summary="logarithm of the Poisson density for real x", meaning="x * log(m) - m - lgamma(x + 1)",
            valid="(x >= 0) & (m > 0)", source="Loader (2000)", points=((0.3, 1.2), (40.5, 33.0), (1e-300, 2.0), (0.0, 2.5))),
        _piece("binomial(x, y, p, q, d)", "stirling logratio deviance binomial", "binomial(x, y, p, q, d, -d)",
            summary="logarithm of the binomial density for real x and y = n - x, from q = 1 - p and d = qx - py",
            meaning="lgamma(x + y + 1) - lgamma(x + 1) - lgamma(y + 1) + x * log(p) + y * log(q)",
            valid="(x >= 0) & (y >= 0) & (p > 0) & (q > 0)", source="Loader (2000)",
            points=((2.0, 3.5, 0.25, 0.75, 0.625), (40.0, 60.0, 0.375, 0.625, 2.5), (0.0, 3.0, 0.25, 0.75, -0.75))),
    )
}  # fmt: skip
