"""Derivatives of Bessel functions with respect to their order, and second ones.

There is no finite formula (DLMF 10.15, 10.38). The modified functions are integrals of positive functions,

    K = integral of cosh(nu t) exp(-x cosh t) from 0 to Inf (DLMF 10.32.9),
    I = integral of exp(x cosh(s) cos(t) - nu s)/pi from 0 to pi, sinh s = nu t/(x sin t) (Temme, 1994),

the second one along the path of steepest descent. Products of the others are integrals of K at order 0 (DLMF 10.9.30, and
Watson, A Treatise on the Theory of Bessel Functions, 13.73):

    J^2 + Y^2 = 8/pi^2 * integral of K(2x sinh t) cosh(2 nu t),
    J dY/dnu - Y dJ/dnu = -4/pi * integral of K(2x sinh t) exp(-2 nu t).

Second derivatives are the same integrals with other factors of t: those of the sums J J'' + Y Y'' + J'^2 + Y'^2 and Y J'' - J Y''.
"""

from secantd.functions.integrals import INTEGRAL
from secantd.functions.row import Row, row

__all__ = ["MODIFIED", "ORDERS"]

_UNKNOWN = "derivatives with respect to the order are known to second order only"
# An integral in two halves, and exp(-s) - 1 + s.
_HALVES = """
        halves <- function(f, start, length) {
            half <- 0.5 * length
            integral(function(s) f(start + s), half) + integral(function(s) f(start + half + s), half)
        }
        excess <- function(s) {
            series <- s * s * (1/2 - s * (1/6 - s * (1/24 - s * (1/120 - s * (1/720 - s * (1/5040 - s/40320))))))
            ifelse(s < 0.1, series, expm1(-s) + s)
        }"""
# In |nu|: K is even in nu. With s = t - t0 from the largest value, at sinh(t0) = nu/x, the logarithm of the integrand falls by
# r(cosh s - 1) + nu(sinh s - s), r^2 = x^2 + nu^2. `front` is that of K exp(x).
_K = f"""{INTEGRAL}{_HALVES}
        given <- x
        valid <- (x > 0) & (x < Inf) & (abs(nu) < Inf)
        sense <- sign(nu)
        n <- ifelse(valid, abs(nu), 1)
        x <- ifelse(valid, x, 1)
        peak <- asinh(n/x)
        big <- pmax(x, n)
        r <- big * sqrt((x/big)^2 + (n/big)^2)
        rest <- function(s) 2 * sinh(0.5 * s)^2 * r + n * ifelse(s < 0.1, s^3/6 * (1 + s * s/20 * (1 + s * s/42)), sinh(s) - s)
        less <- x/(r + n) * x
        back <- function(s) 2 * sinh(0.5 * s)^2 * less + n * excess(s)
        right <- asinh(sqrt(40/r * (2 + 40/r)))
        for (i in 1:6) right <- right - (rest(right) - 40)/(r * sinh(right) + 2 * n * sinh(0.5 * right)^2)
        left <- pmin(13.4/r + sqrt((13.4/r)^2 + 80/r), peak)
        for (i in 1:6) left <- left - (back(left) - 40)/(less * sinh(left) - n * expm1(-left))
        left <- ifelse(back(peak) < 40, peak, left)
        weight <- function(t) WEIGHT
        f <- function(s) weight(peak + s) * exp(-rest(s))
        g <- function(s) weight(peak - s) * exp(-back(s))
        total <- halves(f, 0, right) + halves(g, 0, left)
        front <- n * peak - n/(r + x) * n
        """
# In |nu|. `value` is that of I exp(-x) but for exp(front).
_I = f"""{INTEGRAL}{_HALVES}
        given <- x
        valid <- (x > 0) & (x < Inf) & (abs(nu) < Inf)
        n <- ifelse(valid, abs(nu), 1)
        x <- ifelse(valid, x, 1)
        few <- n < 1
        start <- log(0.5 * x)
        term <- exp(n * start - lgamma(n + 1) - x)
        weight <- start - digamma(n + 1)
        curve <- trigamma(n + 1)
        series <- 0
        for (k in 1:14) {{
            series <- series + term * TERM
            term <- term * (0.25 * x * x/(k * (n + k)))
            weight <- weight - 1/(n + k)
            curve <- curve - 1/((n + k) * (n + k))
        }}
        turn <- function(t) TURN * exp(-2 * sin(0.5 * t)^2 * x)
        width <- 2 * asin(pmin(1, sqrt(20/x)))
        tail <- function(t) (TAIL) * exp(-x * (2 + 2 * sinh(0.5 * t)^2) - n * t)
        end <- asinh(sqrt(40/x * (2 + 40/x)))
        direct <- -(integral(turn, width)/pi + integral(tail, end))
        m <- ifelse(few, 1, n)
        peak <- asinh(m/x)
        big <- pmax(x, m)
        r <- big * sqrt((x/big)^2 + (m/big)^2)
        slope <- function(t) ifelse(t < 0.2, t * (1/3 + t * t * (1/45 + t * t * (2/945 + t * t * (1/4725 + t * t * 2/93555)))), 1/t - 1/tan(t))
        ratio <- function(t) ifelse(t < 1e-8, 1, t/sin(t))
        fall <- function(t) {{
            q <- big * sqrt((x/big)^2 + (m/big * ratio(t))^2)
            gained <- m/(r + q) * m * ((ratio(t) - 1) * (ratio(t) + 1))
            m * (asinh(m/x * ratio(t)) - peak) + 2 * sin(0.5 * t)^2 * q - gained
        }}
        low <- 0
        high <- pmin(3.141592653589793, 20/sqrt(r))
        for (i in 1:30) {{
            middle <- 0.5 * (low + high)
            inside <- fall(middle) < 40
            low <- ifelse(inside, middle, low)
            high <- ifelse(inside, high, middle)
        }}
        f <- function(t) {{
            s <- asinh(m/x * ratio(t))
            (PATH) * exp(-fall(t))
        }}
        path <- halves(f, 0, low)
        front <- ifelse(few, 0, m/(r + x) * m - m * peak)
        value <- ifelse(few, ifelse(x < 1, series, direct), path/pi)
        """


def _filled(text: str, **parts: str) -> str:
    """Return a text with its words in capitals replaced."""
    for word, part in parts.items():
        text = text.replace(word, part)
    return text


_K_FIRST = _filled(_K, WEIGHT="-0.5 * t * expm1(-2 * n * t)")
_K_SECOND = _filled(_K, WEIGHT="0.5 * t * t * (1 + exp(-2 * n * t))")
_I_FIRST = _filled(_I, TERM="weight", TURN="t * sinpi(n * t/pi)", TAIL="cospi(n) - t/pi * sinpi(n)",
    PATH="-s - t * slope(t) * tanh(s)")  # fmt: skip
_I_SECOND = _filled(_I, TERM="(weight * weight - curve)", TURN="t * t * cospi(n * t/pi)",
    TAIL="(t * t/pi - pi) * sinpi(n) - 2 * t * cospi(n)", PATH="s * s - t * t + 2 * s * t * slope(t) * tanh(s)")  # fmt: skip
_I_VALUE = _filled(_I, TERM="1", TURN="-cospi(n * t/pi)", TAIL="sinpi(n)/pi", PATH="1")
_K_VALUE = _filled(_K, WEIGHT="0.5 * (1 + exp(-2 * n * t))")
# In |nu|: `by_j` and `by_y` from A = Y J' - J Y' and B/2 = J J' + Y Y'. K has a logarithm at 0, which a power of the variable takes away.
# B has its largest value at cosh(t) = nu/x, or at 0; there its integrand is exp(front).
_JY = f"""{INTEGRAL}{_HALVES}
        given <- x
        valid <- (x > 0) & (x < Inf) & (abs(nu) < Inf)
        n <- ifelse(valid, abs(nu), 1)
        x <- ifelse(valid, x, 1)
        k <- function(t) besselK(2 * x * sinh(pmax(t, 1e-290)), 0, TRUE)
        from <- function(f, start, length) integral(function(w) 5 * length * w^4 * f(start + length * w^5), 1)
        end <- pmin(asinh(20/x), 20/n)
        for (i in 1:6) end <- end - (x * sinh(end) + n * end - 20)/(x * cosh(end) + n)
        f <- function(t) k(t) * exp(-2 * x * sinh(t) - 2 * n * t)
        one <- pmin(end, 1)
        a <- 4/pi * (from(f, 0, one) + halves(f, one, end - one))
        MORE_A        root <- sqrt(pmax(n - x, 0) * (n + x))
        peak <- asinh(root/x)
        gap <- pmax(x - n, 0)
        front <- 2 * (n * peak - root)
        cubic <- function(s) ifelse(abs(s) < 0.1, s^3/6 * (1 + s * s/20 * (1 + s * s/42)), sinh(s) - s)
        less <- ifelse(n > x, 2 * x/(n + root) * x, 0)
        back <- function(s) 2 * n * excess(s) - 2 * less * sinh(0.5 * s)^2
        fall <- function(s) 4 * root * sinh(0.5 * s)^2 + 2 * n * cubic(s) + 2 * gap * sinh(s)
        end <- pmin(asinh(20/gap), asinh(sqrt(20/root * (2 + 20/root))), ifelse(n > 11, (120/n)^(1/3), asinh(40/n) + 2.2))
        for (i in 1:6) end <- end - (fall(end) - 40)/(2 * root * sinh(end) + 4 * n * sinh(0.5 * end)^2 + 2 * gap * cosh(end))
        low <- 0
        high <- peak
        for (i in 1:30) {{
            middle <- 0.5 * (low + high)
            inside <- back(middle) < 40
            low <- ifelse(inside, middle, low)
            high <- ifelse(inside, high, middle)
        }}
        weight <- function(t) -t * expm1(-4 * n * t) * k(t)
        g <- function(s) weight(peak + s) * exp(-fall(s))
        before <- function(s) weight(peak - s) * exp(-back(s))
        one <- pmin(end, 1)
        b <- from(g, 0, one) + halves(g, one, end - one) + integral(before, 0.5 * low)
        b <- 4/pi^2 * (b + from(function(s) before(low - s), 0, 0.5 * low))
        MORE_B        first <- besselJ(x, n)
        second <- besselY(x, n)
        big <- abs(second) > 1e100
        share <- first/second
        square <- ifelse(big, 1 + share * share, first * first + second * second)
        scale <- exp(front - ifelse(big, 2 * log(abs(second)), 0))/square
        b <- b * scale
        term <- exp(n * log(0.5 * x) - lgamma(n + 1))
        weight <- log(0.5 * x) - digamma(n + 1)
        curve <- trigamma(n + 1)
        series <- 0
        curved <- 0
        for (j in 1:18) {{
            series <- series + term * weight
            curved <- curved + term * (weight * weight - curve)
            term <- -term * (0.25 * x * x/(j * (n + j)))
            weight <- weight - 1/(n + j)
            curve <- curve - 1/((n + j) * (n + j))
        }}
        by_j <- first * b + ifelse(big, a/second/square, second * a/square)
        by_j <- ifelse(x * x < 4 * (n + 1), series, by_j)
        by_y <- second * b - ifelse(big, share * (a/second)/square, first * a/square)
        by_y <- ifelse(abs(second) < Inf, by_y, second)
        """
_JY_FIRST = _filled(_JY, MORE_A="", MORE_B="")
# `a2` = Y J'' - J Y'', `b2` = J J'' + Y Y'' + J'^2 + Y'^2.
_JY_SECOND = _filled(_JY, MORE_A="""h <- function(t) t * f(t)
        a2 <- -8/pi * (from(h, 0, one) + halves(h, one, end - one))
        """, MORE_B="""widened <- function(t) t * t * (1 + exp(-4 * n * t)) * k(t)
        g2 <- function(s) widened(peak + s) * exp(-fall(s))
        before2 <- function(s) widened(peak - s) * exp(-back(s))
        b2 <- from(g2, 0, one) + halves(g2, one, end - one) + integral(before2, 0.5 * low)
        b2 <- 8/pi^2 * (b2 + from(function(s) before2(low - s), 0, 0.5 * low))
        """) + """b2 <- b2 * scale
        turned <- ifelse(big, a/second/second/square, a/square)
        both <- b2 - b * b - turned * turned
        by_jj <- first * both + ifelse(big, a2/second/square, second * a2/square)
        by_jj <- ifelse(x * x < 4 * (n + 1), curved, by_jj)
        by_yy <- second * both - ifelse(big, share * (a2/second)/square, first * a2/square)
        by_yy <- ifelse(abs(second) < Inf, by_yy, second)
        """  # fmt: skip
# Below 0 by reflection: DLMF 10.4.5, 10.4.7, 10.27.2, 10.27.3.
_REFLECTED = """s <- sinpi(n)
        c <- cospi(n)
        part <- function(v) ifelse(s == 0, 0, s * v)
        """
_J_BELOW = "pi * (part(first) + c * second) - c * by_j + part(by_y)"
_Y_BELOW = "pi * (part(second) - c * first) - part(by_j) - c * by_y"
_JJ_BELOW = "c * by_jj - part(by_yy) - 2 * pi * (part(by_j) + c * by_y) - pi^2 * (c * first - part(second))"
_YY_BELOW = "part(by_jj) + c * by_yy + 2 * pi * (c * by_j - part(by_y)) - pi^2 * (part(first) + c * second)"
_I_BELOW = (
    "-(value * exp(front) + exp(-2 * x) * (2 * c * besselK(x, n, TRUE) + 2/pi * part(besselK_grad_nu(x, n, TRUE))))"
)
_I_BELOW_ITSELF = "value * exp(front) + exp(-2 * x) * (2/pi * part(besselK(x, n, TRUE)))"
_I_AT_ZERO = """ifelse(nu == 0, 1, ifelse(nu > 0, 0, ifelse(nu < 0, ifelse(nu == floor(nu), 0,
            Inf * (2 * (floor(nu) %% 2) - 1)), NaN)))"""


def _itself(text: str, value: str, zero: str, infinite: str) -> str:
    return f"{text}ifelse(valid, {value}, ifelse(given == 0, {zero}, ifelse(given == Inf, ifelse(nu == nu, {infinite}, NaN), NaN)))"


# Stable forms of I, I exp(-x), K and K exp(x).
MODIFIED = {
    "I": _itself(
        _I_VALUE + _REFLECTED,
        f"ifelse(nu < 0, ({_I_BELOW_ITSELF}) * exp(x), exp(front + x + log(value)))",
        _I_AT_ZERO,
        "Inf",
    ),
    "I.scaled": _itself(
        _I_VALUE + _REFLECTED, f"ifelse(nu < 0, {_I_BELOW_ITSELF}, value * exp(front))", _I_AT_ZERO, "0"
    ),
    "K": _itself(_K_VALUE, "total * exp(front - x)", "ifelse(nu == nu, Inf, NaN)", "0"),
    "K.scaled": _itself(_K_VALUE, "total * exp(front)", "ifelse(nu == nu, Inf, NaN)", "0"),
}
_II_BELOW = """value * exp(front) + exp(-2 * x) * (2/pi * part(besselK_grad_nu_nu(x, n, TRUE)) +
            4 * c * besselK_grad_nu(x, n, TRUE) - 2 * pi * part(besselK(x, n, TRUE)))"""


def _order(
    kind: str,
    count: int,
    text: str,
    value: str,
    zero: str,
    infinite: str,
    by_x: str,
    latex: str,
    scaled: bool | None = None,
) -> Row:
    """Return the row of a derivative; `scaled` is that times exp(-x) or exp(x), None for J and Y.

    Args:
        kind: J, Y, I or K.
        count: 1 for the derivative, 2 for the second one.
        text: Assignments in front of `value`.
        value: The value for positive x.
        zero: The value at x = 0.
        infinite: The limit at infinite x.
        by_x: The derivative with respect to x.
        latex: The function of {0} and {1}.
        scaled: Whether it is the scaled one of two.
    """
    name = f"bessel{kind}_grad{count * '_nu'}"
    flag = "" if scaled is None else f", expon.scaled = {'TRUE' if scaled else 'FALSE'}"
    factor = {"I": "exp(-x)", "K": "exp(x)"}.get(kind, "")
    title = f"{'second ' if count == 2 else ''}derivative of bessel{kind}(x, nu) with respect to nu"
    factors = {"I": r"e^{{-{0}}} ", "K": r"e^{{{0}}} "}
    by_order = f"{name}_nu(x, nu{', TRUE' if scaled else ''})" if count == 1 else ""
    partial = r"\partial_{{{{{{1}}}}}}" + ("^{{{{2}}}}" if count == 2 else "")
    return row(
        f"{name}(x, nu{flag})", by_x, by_order, name=f"{name}.scaled" if scaled else "", unknown=_UNKNOWN if count == 2 else "",
        numeric=True, summary=f"{name}(x, nu) * {factor}" if scaled else f"{title}; not in R",
        latex=(factors[kind] if scaled else "") + f"{partial} {latex}", valid="x >= 0",
        meaning=f"{name}(x, nu) * {factor}" if scaled else "", points=((0.7, 0.3), (2.3, 1.0), (5.1, 2.5), (30.5, 2.0)),
        stable=f"{text}ifelse(valid, {value}, ifelse(given == 0, {zero}, ifelse(given == Inf, {infinite}, NaN)))",
        source="DLMF 10.9.30, 10.15, 10.32, 10.38; Watson, A Treatise on the Theory of Bessel Functions, 13.73",
    )  # fmt: skip


def _oscillating(kind: str, count: int, value: str, zero: str) -> Row:
    """Return the row of J or Y."""
    name = f"bessel{kind}_grad{count * '_nu'}"
    text = (_JY_FIRST if count == 1 else _JY_SECOND) + _REFLECTED
    by_x = f"0.5 * ({name}(x, nu - 1) - {name}(x, nu + 1))"
    return _order(kind, count, text, value, zero, "0", by_x, rf"{kind}_{{{{{{1}}}}}}\left({{0}}\right)")


def _modified(kind: str, count: int, text: str, value: str, whole: str, zero: str, infinite: str) -> tuple[Row, Row]:
    """Return the rows of I or K: `whole` is the value without a scale, `value` that with one."""
    name, latex = f"bessel{kind}_grad{count * '_nu'}", rf"{kind}_{{{{{{1}}}}}}\left({{0}}\right)"
    both = f"{name}(x, nu - 1{{0}}) + {name}(x, nu + 1{{0}})"
    sign = "" if kind == "I" else "-"
    slopes = [f"{sign}(0.5 * ({both.format('')}))", f"0.5 * ({both.format(', TRUE')}) - f"]
    if kind == "K":
        slopes[1] = f"f - 0.5 * ({both.format(', TRUE')})"
    return (
        _order(kind, count, text, whole, zero, infinite, slopes[0], latex, False),
        _order(kind, count, text, value, zero, "0", slopes[1], latex, True),
    )


ORDERS = (
    _oscillating("J", 1, f"ifelse(nu < 0, {_J_BELOW}, by_j)", "ifelse(nu > 0, 0, ifelse(nu == 0, -Inf, NaN))"),
    _oscillating("Y", 1, f"ifelse(nu < 0, {_Y_BELOW}, by_y)", "ifelse(nu > 0, -Inf, ifelse(nu == 0, -pi/2, NaN))"),
    *_modified("I", 1, _I_FIRST + _REFLECTED, f"ifelse(nu < 0, {_I_BELOW}, value * exp(front))",
        f"ifelse(nu < 0, ({_I_BELOW}) * exp(x), -exp(front + x + log(-value)))",
        "ifelse(nu > 0, 0, ifelse(nu == 0, -Inf, NaN))", "ifelse(nu > 0, -Inf, ifelse(nu == 0, 0, NaN))"),
    *_modified("K", 1, _K_FIRST, "sense * total * exp(front)", "sense * total * exp(front - x)",
        "ifelse(nu == 0, 0, Inf * nu)", "0"),
    _oscillating("J", 2, f"ifelse(nu < 0, {_JJ_BELOW}, by_jj)", "ifelse(nu > 0, 0, ifelse(nu == 0, Inf, NaN))"),
    _oscillating("Y", 2, f"ifelse(nu < 0, {_YY_BELOW}, by_yy)", "ifelse(nu >= 0, -Inf, NaN)"),
    *_modified("I", 2, _I_SECOND + _REFLECTED, f"ifelse(nu < 0, {_II_BELOW}, value * exp(front))",
        f"ifelse(nu < 0, ({_II_BELOW}) * exp(x), sign(value) * exp(front + x + log(abs(value))))",
        "ifelse(nu > 0, 0, ifelse(nu == 0, Inf, NaN))", "ifelse(nu == nu, -Inf, NaN)"),
    *_modified("K", 2, _K_SECOND, "total * exp(front)", "total * exp(front - x)", "ifelse(nu == nu, Inf, NaN)", "0"),
)  # fmt: skip
