"""Functions that a language lacks, written once in the service's own language.

They are read like a client's text and printed by the same printer, as helper functions that go along with the code.
Values are those of `secantd.program`, whose formulas they follow; what takes a loop of unknown length (incomplete
gamma and beta functions, Bessel functions) is not here.
"""

import re
from functools import cache

from secantd.export.distributions import DISTRIBUTIONS
from secantd.language import read
from secantd.program.tape import Tape, record

__all__ = ["DEFINITIONS", "definition", "identifier"]

# What several texts begin with.
PIECES = {
    # ln Γ(n + 1) - (n + 1/2) ln n + n - ln(2π)/2: DLMF 5.11.1
    "stirling": """stirling <- function(n) {
        v <- 1/(n * n)
        series <- ((((((((-3617/122400) * v + 1/156) * v - 691/360360) * v + 1/1188) * v - 1/1680) * v + 1/1260) * v
            - 1/360) * v + 1/12)/n
        direct <- lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.9189385332046728
        ifelse(n < 15, direct, series)
    }
    """,
    # x ln(x/m) + m - x without cancellation: Loader (2000)
    "deviance": """deviance <- function(x, m) {
        v <- (x - m)/(x + m)
        w <- v * v
        total <- 0
        for (k in 20:1) total <- (total + 1/(2 * k + 1)) * w
        ifelse(abs(v) < 0.35, (x - m) * v + 2 * x * v * total, x * log(x/m) + m - x)
    }
    """,
    # ab - fl(ab): Dekker (1971)
    "error": """error <- function(a, b, product) {
        high <- a * 134217729 - (a * 134217729 - a)
        low <- a - high
        other <- b * 134217729 - (b * 134217729 - b)
        rest <- b - other
        ((high * other - product) + high * rest + low * other) + low * rest
    }
    """,
    "below": """below <- function(z) {
        y <- -z * 0.7071067811865476
        rest <- error(-z, 0.7071067811865476, y) + z * 4.833646656726457e-17
        ifelse((y > 1) & (y < 27), 0.5 * (erfc(y) - rest * 1.1283791670955126 * exp(-y * y)), 0.5 * erfc(y))
    }
    """,
    # DLMF 7.12.1 below -37, where what is left of the series is 1e-17
    "logbelow": """logbelow <- function(z) {
        v <- 1/(z * z)
        series <- v * (-1 + v * (3 + v * (-15 + v * (105 + v * (-945 + v * 10395)))))
        far <- -0.5 * z * z - log(-z) - 0.9189385332046728 + log1p(series)
        ifelse(z > 0, log1p(-below(-z)), ifelse(z > -37, log(below(z)), far))
    }
    """,
    "density": """density <- function(z) {
        first <- floor(z * 65536 + 0.5)/65536
        value <- exp(-0.5 * first * first) * exp(-0.5 * (z - first) * (z + first)) * 0.3989422804014327
        ifelse(abs(z) < 40, value, 0)
    }
    """,
    # log(m^x exp(-m)/Γ(x + 1)) for real x ≥ 0
    "poisson": """poisson <- function(x, m) {
        inside <- -stirling(x) - deviance(x, m) - 0.5 * (1.8378770664093453 + log(x))
        small <- x * log(m) - m
        value <- ifelse(x < 1e-290, small, inside)
        ifelse((x > 0) & (m > 0) & (m < Inf) & (x < Inf), value, ifelse(x == 0, -m, -Inf))
    }
    """,
    # log(Γ(x + y + 1)/(Γ(x + 1) Γ(y + 1)) p^x q^y)
    "binomial": """binomial <- function(x, y, p, q) {
        size <- x + y
        value <- stirling(size) - stirling(x) - stirling(y) - deviance(x, size * p) - deviance(y, size * q)
        value <- value - 0.5 * (1.8378770664093453 + log(x) + log(y/size))
        none <- ifelse(y == 0, 0, y * ifelse(p < q, log1p(-p), log(q)))
        every <- x * ifelse(q < p, log1p(-q), log(p))
        edge <- ifelse(x == 0, none, ifelse(y == 0, every, -Inf))
        ifelse((x > 0) & (y > 0) & (p > 0) & (q > 0), value, edge)
    }
    """,
}

# By the name of the row: parameters, the pieces used (in order), the formula.
_OWN: dict[str, tuple[str, str, str]] = {
    "sign": ("x", "", "ifelse(x > 0, 1, ifelse(x < 0, -1, x))"),
    "log_base": ("x, base", "", "ifelse(base == 10, log10(x), ifelse(base == 2, log2(x), log(x)/log(base)))"),
    "sinpi": ("x", "", """r <- x - 2 * trunc(x/2)
        r <- ifelse(r > 1.5, r - 2, ifelse(r < -1.5, r + 2, r))
        r <- ifelse(r > 0.5, 1 - r, ifelse(r < -0.5, -1 - r, r))
        sin(pi * r)"""),
    "cospi": ("x", "", """r <- abs(x) - 2 * trunc(abs(x)/2)
        r <- ifelse(r > 1, 2 - r, r)
        ifelse(r < 0.25, cos(pi * r), ifelse(r <= 0.75, sin(pi * (0.5 - r)), -cos(pi * (1 - r))))"""),
    "tanpi": ("x", "", """r <- x - trunc(x)
        r <- ifelse(r > 0.5, r - 1, ifelse(r < -0.5, r + 1, r))
        size <- abs(r)
        inner <- ifelse(size == 0.25, 4 * r, tan(pi * r))
        outer <- sign(r)/tan(pi * (0.5 - size))
        ifelse(size <= 0.25, inner, ifelse(size == 0.5, NaN, outer))"""),
    "factorial": ("x", "", "gamma(x + 1)"),
    # Near 0 by DLMF 5.7.3: x + 1 would lose the digits of x.
    "lfactorial": ("x", "", """near <- x * (-0.5772156649015329 + x * (0.8224670334241132 + x * (-0.40068563438653143 +
            x * (0.27058080842778454 + x * (-0.20738555102867398 + x * (0.1695571769974082 + x * (-0.1440498967688461 +
            x * (0.12550966952474304 + x * (-0.11133426586956469 + x * (0.1000994575127818 + x * -0.0909540171458291
            ))))))))))
        ifelse(abs(x) < 0.03, near, lgamma(x + 1))"""),
    # DLMF 5.11.2, 5.15.8 behind fifteen steps of 5.5.2; below 0 by reflection, 5.5.4.
    "digamma": ("x", "", """y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 0:14) steps <- steps + 1/(y + k)
        v <- 1/(z * z)
        series <- v * (1/12 - v * (1/120 - v * (1/252 - v * (1/240 - v * (1/132 - v * (691/32760 - v/12))))))
        value <- log(z) - 0.5/z - series - ifelse(y < 15, steps, 0)
        ifelse(x > 0, value, ifelse(x == floor(x), NaN, value - pi * cospi(x)/sinpi(x)))"""),
    "trigamma": ("x", "", """y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 14:0) steps <- steps + 1/((y + k) * (y + k))
        v <- 1/(z * z)
        series <- v * (1/6 - v * (1/30 - v * (1/42 - v * (1/30 - v * (5/66 - v * (691/2730 - v * 7/6))))))
        value <- 1/z + 0.5 * v + series/z + ifelse(y < 15, steps, 0)
        s <- sinpi(x)
        ifelse(x > 0, value, ifelse(x == floor(x), Inf, pi * pi/(s * s) - value))"""),
    # The same for derivatives of digamma, by DLMF 5.15.8 and 5.15.6.
    **{
        f"psigamma{n}": ("x", "", f"""y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 14:0) steps <- steps + 1/(y + k)^{n + 1}
        v <- 1/(z * z)
        series <- {" + v * (".join(f"{b}" for b in terms)}{")" * (len(terms) - 1)}
        value <- {sign}({factor} * ifelse(y < 15, steps, 0) + series/z^{n})
        c <- cospi(x)/sinpi(x)
        other <- {reflected}
        ifelse(x > 0, value, ifelse(x == floor(x), {pole}, other))""")
        for n, sign, factor, terms, reflected, pole in (
            (2, "-", "2", ("1 + 1/z", "1/2", "-1/6", "1/6", "-3/10", "5/6", "-691/210", "35/2"),
             "value - 2 * pi^3 * c * (1 + c * c)", "NaN"),
            (3, "", "6", ("2 + 3/z", "2", "-1", "4/3", "-3", "10", "-691/15", "280"),
             "2 * pi^4 * (1 + c * c) * (1 + 3 * c * c) - value", "Inf"),
        )
    },
    # DLMF 1.2.6; below n = k - 1 by reflection, 5.5.3. Up to k = 30 it is a product.
    "choose": ("n, k", "", """k <- round(k)
        whole <- n == round(n)
        k <- ifelse(whole & (n >= 0) & (n - k < k) & (k <= n), n - k, k)
        product <- 1
        for (j in 0:29) product <- product * ifelse(j < k, (n - j)/(j + 1), 1)
        flipped <- ifelse(n < 0, k - n - 1, n)
        turned <- ifelse((n < 0) & (k %% 2 == 1), -1, 1)
        above <- flipped > k - 1
        direct <- exp(-log1p(flipped) - lbeta(ifelse(above, flipped - k + 1, 1), k + 1))
        reflected <- exp(lbeta(flipped + 1, ifelse(above, 1, k - flipped))) * sinpi(k - flipped)/pi
        value <- ifelse(k < 30, product, turned * ifelse(above, direct, reflected))
        value <- ifelse(k < 0, 0, value)
        ifelse(whole & (abs(value) < Inf), round(value), value)"""),
    "lchoose": ("n, k", "", """k <- round(k)
        k <- ifelse((k >= 2) & (n >= k) & (n < k + 2) & (n == round(n)), n - k, k)
        m <- ifelse(n < 0, k - n - 1, n)
        above <- m > k - 1
        direct <- -log1p(m) - lbeta(ifelse(above, m - k + 1, 1), pmax(k, 0) + 1)
        reflected <- lbeta(m + 1, ifelse(above, 1, k - m)) + log(abs(sinpi(k - m))/pi)
        value <- ifelse(above, direct, reflected)
        value <- ifelse(k == 1, log(abs(n)), ifelse(k == 0, 0, ifelse(k < 0, -Inf, value)))
        ifelse((n == n) & (k == k), value, NaN)"""),
    "lbeta": ("a, b", "stirling", """p <- pmin(a, b)
        q <- pmax(a, b)
        total <- p + q
        ratio <- p/total
        far <- stirling(pmax(q, 1)) - stirling(pmax(total, 1))
        large <- 0.9189385332046728 + stirling(pmax(p, 1)) + far + (p - 0.5) * log(ratio) + q * log1p(-ratio) - 0.5 * log(q)
        mixed <- lgamma(p) + far + p - p * log(total) + (q - 0.5) * log1p(-ratio)
        small <- lgamma(p) + lgamma(q) - lgamma(total)
        value <- ifelse(p >= 10, large, ifelse(q >= 10, mixed, small))
        value <- ifelse(p == 0, Inf, ifelse(q == Inf, -Inf, value))
        ifelse(p < 0, NaN, value)"""),
    "beta": ("a, b", "", """direct <- gamma(pmin(a, b)) * (gamma(pmax(a, b))/gamma(a + b))
        value <- ifelse((a + b < 170) & (pmin(a, b) > 1e-300), direct, exp(lbeta(a, b)))
        ifelse((a < 0) | (b < 0), NaN, ifelse((a == 0) | (b == 0), Inf, value))"""),
    "dnorm": ("x, mean, sd", "density", """value <- density((x - mean)/sd)/sd
        ifelse(sd > 0, value, ifelse(sd == 0, ifelse(x == mean, Inf, 0), NaN))"""),
    "dnorm.log": ("x, mean, sd", "", """z <- (x - mean)/sd
        value <- -(0.5 * z * z + 0.9189385332046728 + log(sd))
        ifelse(sd > 0, value, ifelse(sd == 0, ifelse(x == mean, Inf, -Inf), NaN))"""),
    **{
        f"pnorm{tail}{log}": ("q, mean, sd", pieces, f"""z <- {sign}(q - mean)/sd
        point <- ifelse({first}, {none}, {every})
        ifelse(sd > 0, {function}(z), ifelse(sd == 0, point, NaN))""")
        for tail, sign, first in (("", "", "q < mean"), (".upper", "-", "q >= mean"))
        for log, pieces, function, none, every in (
            ("", "error below", "below", "0", "1"), (".log", "error below logbelow", "logbelow", "-Inf", "0"),
        )
    },
    # The continued fraction DLMF 7.9.2 far out, where both are 0.
    **{
        f"dnorm/pnorm{tail}": ("x, mean, sd", "error below density", f"""z <- {sign}(x - mean)/sd
        far <- z
        for (k in 12:1) far <- z - k/far
        ifelse(sd > 0, ifelse(z > -30, density(z)/below(z), -far)/sd, NaN)""")
        for tail, sign in (("", ""), (".upper", "-"))
    },
    # Wichura, AS 241, Applied Statistics 37 (1988)
    **{
        f"qnorm{tail}": ("p, mean, sd", "", f"""q <- {sign}(p - 0.5)
        r <- 0.180625 - q * q
        middle <- q * (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
            + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
            + 133.14166789178437745) * r + 3.387132872796366608)/(((((((5226.495278852854561 * r
            + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) * r
            + 5394.1960214247511077) * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1)
        s <- sqrt(-log(pmin(p, 1 - p)))
        t <- s - 1.6
        near <- (((((((7.7454501427834140764e-4 * t + 0.0227238449892691845833) * t + 0.24178072517745061177) * t
            + 1.27045825245236838258) * t + 3.64784832476320460504) * t + 5.7694972214606914055) * t
            + 4.6303378461565452959) * t + 1.42343711074968357734)/(((((((1.05075007164441684324e-9 * t
            + 5.475938084995344946e-4) * t + 0.0151986665636164571966) * t + 0.14810397642748007459) * t
            + 0.68976733498510000455) * t + 1.6763848301838038494) * t + 2.05319162663775882187) * t + 1)
        u <- s - 5
        far <- (((((((2.01033439929228813265e-7 * u + 2.71155556874348757815e-5) * u + 0.0012426609473880784386) * u
            + 0.026532189526576123093) * u + 0.29656057182850489123) * u + 1.7848265399172913358) * u
            + 5.4637849111641143699) * u + 6.6579046435011037772)/(((((((2.04426310338993978564e-15 * u
            + 1.4215117583164458887e-7) * u + 1.8463183175100546818e-5) * u + 7.868691311456132591e-4) * u
            + 0.0148753612908506148525) * u + 0.13692988092273580531) * u + 0.59983220655588793769) * u + 1)
        tail <- ifelse(s <= 5, near, far)
        z <- ifelse(abs(q) <= 0.425, middle, ifelse(q < 0, -tail, tail))
        z <- ifelse(p == 0, {low}, ifelse(p == 1, {high}, z))
        z <- ifelse((p < 0) | (p > 1), NaN, z)
        ifelse(sd > 0, mean + sd * z, ifelse((sd == 0) & (z == z), mean, NaN))""")
        for tail, sign, low, high in (("", "", "-Inf", "Inf"), (".upper", "-", "Inf", "-Inf"))
    },
    **DISTRIBUTIONS,
}  # fmt: skip

DEFINITIONS: dict[str, tuple[tuple[str, ...], str]] = {
    name: (
        tuple(parameters.split(", ")),
        f"function({parameters}) {{\n{''.join(PIECES[p] for p in pieces.split())}{text}\n}}",
    )
    for name, (parameters, pieces, text) in _OWN.items()
}


@cache
def definition(op: str) -> Tape:
    """Return the tape of a definition; its slots begin with its parameters.

    >>> definition("factorial").variables
    ('x',)
    """
    parameters, text = DEFINITIONS[op]
    (output,) = read(text).outputs
    return record([output], parameters, {})


def identifier(op: str) -> str:
    """Return the name of a helper.

    >>> identifier("pnorm.upper.log"), identifier("dnorm/pnorm")
    ('pnorm_upper_log', 'dnorm_pnorm')
    """
    return re.sub(r"\W", "_", op)
