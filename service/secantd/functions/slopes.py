"""Derivatives of erfcx and of Dawson's integral of fixed orders, and log(erfc(x)), by which programs compute them.

As printed, erfcx'(x) = 2 x erfcx(x) - 2/sqrt(pi) is a difference of two numbers close to 1 whose value is 1/x^2.
"""

from secantd.functions.integrals import INTEGRAL
from secantd.functions.row import Row, row

__all__ = ["SLOPES"]

# The orders that have rows; each further one is a difference of the last two.
HIGHEST = 4
_TWO_BY_ROOT_PI = 1.1283791670955126
# Below, the recurrence of dawsn loses less than two digits; H_k(x)^2 has no zero above.
_DAWSON_FROM = (1.2, 1.2, 1.6, 2.0)
# Hermite's polynomials, DLMF 18.5.18.
_HERMITE = ("2 * {0}", "4 * {0}^2 - 2", "{0} * (8 * {0}^2 - 12)", "(16 * {0}^2 - 48) * {0}^2 + 12")


def _recurrence(order: int, sign: str, names: str) -> str:
    """Return assignments of the derivatives from 2 to `order`: f'' = ±(2 x f' + 2 f), differentiated."""
    return "".join(
        f"{names}{n} <- {sign}2 * x * {names}{n - 1} {sign or '+'} {2 * n - 2} * {names}{n - 2}\n"
        for n in range(2, order + 1)
    )


def _next(order: int, sign: str, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the derivative of the row of an order as a text, and as the row of the next order."""
    if order < HIGHEST:
        return "", (f"{name}{order + 1}",)
    return f"{sign}2 * x * f {sign or '+'} {2 * order} * {name}{order - 1}", ()


def _erfcx(order: int) -> Row:
    """Return a derivative of erfcx: from 1/2 on the integral of (-2t)^n exp(-t^2 - 2xt) 2/sqrt(pi), DLMF 7.7.1."""
    text, slopes = _next(order, "", "erfcx")
    first = f"f0 <- erfcx(x)\nf1 <- 2 * x * f0 - {_TWO_BY_ROOT_PI}\n"
    return row(
        f"erfcx{order}(x)", text, slopes=slopes, summary=f"derivative of erfcx of order {order}", source="DLMF 7.7.1, 7.18.7",
        meaning=f"f0 <- erfcx(x)\nf1 <- 2 * x * f0 - 2/sqrt(pi)\n{_recurrence(order, '', 'f')}f{order}",
        points=((0.3,), (-1.2,), (4.2,), (40.5,)), stable=f"""{INTEGRAL}
        y <- pmax(x, 0.5)
        size <- x
        x <- pmin(x, 0.5)
        {first}{_recurrence(order, "", "f")}
        end <- 60/(y + sqrt(y * y + 60))
        far <- {(-2) ** order * _TWO_BY_ROOT_PI!r} * integral(function(t) t^{order} * exp(-t * (t + 2 * y)), end)
        ifelse(size == size, ifelse(size < 0.5, f{order}, ifelse(size < 1e150, far, 0)), NaN)""",
    )  # fmt: skip


def _dawson(order: int) -> Row:
    """Return a derivative of Dawson's integral.

    The polynomial (H(x) - H(t))/(x - t) is orthogonal to H(t) exp(-t^2), so that the Hilbert transform of H(t) exp(-t^2), which is
    2 sqrt(pi) times the derivative, is that of H(t)^2 exp(-t^2) over H(x): a sum of positive terms about x.
    """
    text, slopes = _next(order, "-", "dawsn")
    start = _DAWSON_FROM[order - 1]
    sign, terms = (-1) ** order, 24
    return row(
        f"dawsn{order}(x)", text, slopes=slopes, summary=f"derivative of Dawson's integral of order {order}",
        source="DLMF 7.12.1, 18.5.18; Rybicki (1989)",
        meaning=f"f0 <- dawsn(x)\nf1 <- 1 - 2 * x * f0\n{_recurrence(order, '-', 'f')}f{order}",
        points=((0.3,), (-1.2,), (4.2,), (15.5,), (40.5,)), stable=f"""
        y <- abs(x)
        size <- x
        x <- pmin(y, {start})
        f0 <- dawsn(x)
        f1 <- 1 - 2 * x * f0
        {_recurrence(order, "-", "f")}
        v <- pmin(pmax(y, {start}), 12)
        even <- 2 * round(v/0.375)
        z <- v - 0.1875 * even
        total <- 0
        for (k in {-19 - order}:{18 + order}) {{
            t <- z - 0.1875 * (2 * k + 1)
            h <- {_HERMITE[order - 1].format("t")}
            total <- total + h * h * exp(-t * t)/(2 * k + 1 + even)
        }}
        middle <- {sign * 0.5641895835477563!r} * total/({_HERMITE[order - 1].format("v")})
        w <- 0.5/pmax(y, 12)
        far <- 1
        for (k in {terms}:1) far <- 1 + (2 * k + {order}) * (2 * k + {order - 1})/k * w * w * far
        for (k in 1:{order}) far <- far * (2 * k * w)
        value <- ifelse(y < {start}, f{order}, ifelse(y < 12, middle, {sign} * w * far))
        ifelse(size == size, {"value" if order % 2 else "ifelse(size < 0, -value, value)"}, NaN)""",
    )  # fmt: skip


SLOPES = (
    # As log(erfc(x)), its derivative would be a quotient of two numbers that underflow.
    row(
        "log_erfc(x)",
        f"-({_TWO_BY_ROOT_PI}/erfcx_stable)",
        summary="log(erfc(x)), also where erfc(x) underflows",
        meaning="log(erfc(x))",
        source="DLMF 7.2",
        points=((0.3,), (-1.2,), (4.2,)),
        stable="""far <- pmax(x, 26)
        ifelse(x > 26, log(erfcx(far)) - far * far, log(erfc(x)))""",
    ),
    *[_erfcx(n) for n in range(1, HIGHEST + 1)],
    *[_dawson(n) for n in range(1, HIGHEST + 1)],
)
