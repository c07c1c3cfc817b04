"""Integrals of the incomplete gamma and beta functions and of their derivatives with respect to their parameters.

There is no finite formula (DLMF 8.8, 8.17). With f the density, F the probability and E the mean,

    dF/da = integral from 0 to x of (s(t) - E s) f(t) dt = -(integral from x on),   s(t) = log t,

and of the two tails one has an integrand of one sign. It is computed there by Gauss's quadrature (DLMF 3.5) in the
logarithm of t over x, as far as the integrand is not negligible. The integrand is analytic and the logarithm of its density
concave, so that a fixed number of nodes has all digits, and no difference of two large numbers occurs. Without a factor of the
density the integral is F itself; with (s - E s)^2 - Var s it is the second derivative.
"""

__all__ = [
    "BETA_BOTH", "BETA_FIRST", "BETA_MIXED", "BETA_PIECES", "BETA_PLAIN", "BETA_SECOND", "FAR", "GAMMA_BOTH", "GAMMA_FIRST",
    "GAMMA_PIECES", "GAMMA_PLAIN", "GAMMA_SECOND", "INTEGRAL", "beta", "odds_both", "odds_first", "odds_second",
]  # fmt: skip

# Nodes and weights of Gauss's quadrature over (0, 1), DLMF 3.5(v): the halves of the symmetric rule of 52 nodes over (-1, 1):
# with 40, derivatives with respect to orders of Bessel functions and to degrees of freedom lose more digits; with 64, code in C of a
# Hessian of pf() is too long.
_NODES = (
    0.029914109797338766, 0.08963524464890056, 0.14903550860694917, 0.20790226415636606, 0.2660247836050018,
    0.32319500343480784, 0.3792082691160937, 0.4338640677187617, 0.48696674569809606, 0.5383262092858274, 0.5877586049795791,
    0.6350869776952459, 0.6801419042271677, 0.7227620997499832, 0.7627949951937449, 0.8000972834304684, 0.8345354323267345,
    0.8659861628460676, 0.8943368905344953, 0.9194861289164246, 0.9413438536413591, 0.9598318269330866, 0.9748838842217445,
    0.9864461956515499, 0.9944775909292161, 0.9989511111039503,
)  # fmt: skip
_WEIGHTS = (
    0.05981036574529186, 0.05959626017124816, 0.05916881546604297, 0.05852956177181387, 0.057680787452526826,
    0.0566255309023686, 0.05536756966930265, 0.05391140693275726, 0.05226225538390699, 0.05042601856634238,
    0.0484092697440749, 0.04621922837278479, 0.043863734259000406, 0.04135121950056027, 0.03869067831042398,
    0.03589163483509723, 0.0329641090897188, 0.029918581147143946, 0.026765953746504013, 0.023517513553984463,
    0.020184891507980793, 0.016780023396300737, 0.013315114982340961, 0.009802634579462751, 0.006255523962973277,
    0.0026913169500471113,
)  # fmt: skip


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(map(repr, values))


# The integral of g from 0 to `length`.
INTEGRAL = f"""integral <- function(g, length) {{
        nodes <- c({_numbers((*[0.5 - 0.5 * v for v in reversed(_NODES)], *[0.5 + 0.5 * v for v in _NODES]))})
        weights <- c({_numbers((*reversed(_WEIGHTS), *_WEIGHTS))})
        total <- 0
        for (k in 1:{2 * len(_NODES)}) total <- total + weights[k] * g(nodes[k] * length)
        0.5 * length * total
    }}
    """
# A factor of the integrand is below exp(-40) of its largest value at the end.
_END = 40

# psi(v) - log(v), DLMF 5.11.2
_DIGITS = """further <- function(v) {
            w <- 1/(v * v)
            w * (1/12 - w * (1/120 - w * (1/252 - w * (1/240 - w/132))))
        }
        digits <- function(v) ifelse(v < 20, digamma(v) - log(v), -0.5/v - further(v))"""


# In s = |log(t/x)| the density is proportional to exp(h(s)), h(s) = ±(m - x)s - x(exp(±s) - 1 ∓ s), m = a + 1 below and
# m = a above. Below, the function at a + 1 and its difference to that at a are computed (DLMF 8.8.1), which keeps the decay
# bounded for small a.
def _gamma(weight: str, total: str) -> str:
    """Return assignments for a and x: `total`, the result over exp(front), from `weight`, the factor of the density."""
    return f"""
        valid <- (a > 0) & (a < Inf) & (x == x)
        inside <- valid & (x > 0) & (x < Inf)
        a <- ifelse(inside, a, 1)
        x <- ifelse(inside, x, 1)
        b <- a + 1
        {_DIGITS}
        ratio <- function(v) ifelse((x > 0.5 * v) & (x < 2 * v), log1p((x - v)/v), logratio(x, v))
        below <- digits(b) - ratio(b)
        above <- ratio(a) - digits(a)
        lower <- below > 0
        k <- ifelse(lower, -1, 1)
        m <- ifelse(lower, b, a)
        gap <- ifelse(lower, below, above)
        rest <- function(z) {{
            series <- 1/2 + z * (1/6 + z * (1/24 + z * (1/120 + z * (1/720 + z * (1/5040 + z/40320)))))
            ifelse(m > 50000, z * z * series, expm1(z) - z)
        }}
        slope <- k * (ifelse(lower, (a - x) + 1, a - x))
        h <- function(s) slope * s - x * rest(k * s)
        most <- pmax(m, x)
        start <- slope/most
        end <- {2 * _END}/most/(sqrt(start * start + {2 * _END} * (x/most)/most) - start)
        end <- ifelse(lower, end, pmin(end, log1p({_END}/(x - a))))
        for (i in 1:4) end <- end - (h(end) + {_END})/(slope - k * x * expm1(k * end))
        total <- integral(function(s) {weight} * exp(h(s)), end)
        total <- {total}
        front <- poisson(a, x)
        """


GAMMA_PIECES = "stirling logratio deviance poisson"
# P below and Q above, their derivative with respect to a with the sign of -dP/da, and the second one with that of -d²P/da².
GAMMA_PLAIN = _gamma("1", "ifelse(lower, 1 + x * total, a * total)")
GAMMA_FIRST = _gamma("(gap + s)", "ifelse(lower, gap + x * total, a * total)")
# Above, psi(a) is psi(a + 1) - 1/a: for small a, (s - E s)^2 and Var s are two large numbers.
GAMMA_SECOND = _gamma(
    "(ifelse(lower, (gap + s)^2, (s - below) * (s - below + 2/a)) - trigamma(b))",
    "ifelse(lower, trigamma(b) - gap * gap - x * total, a * total)",
)


# The factor of the density in first derivatives of I, at s.
_SHAPE = """w <- v/(1 + u * expm1(s))
            logarithm <- ifelse(w > 1e-9, -log1p(-w)/w, 1 + 0.5 * w)
            usual <- ifelse(rare, v * (steps * both - logarithm), gap - k * log1p(v * expm1(-k * s)))"""


# In s = |log odds of t less that of u| the density of shapes p and q is proportional to exp(h(s)), with m for the raised shapes,
# h(s) = ±(m v - n u)s - (m + n)R(±s), v = 1 - u, R(z) = log(1 + u(exp(z) - 1)) - uz.
# Below, m = p + 1 and n = q, with the difference to p (DLMF 8.17.20). Above, m = p and n = q for q ≥ 1; for smaller q
#
#     (psi(p + q) - psi(p)) (1 - I) - (integral from u to 1 of -log t times the density),
#
# each with one sign and in proportion to q, with n = q + 1 (DLMF 8.17.21). The divided difference of psi is Taylor's series about
# p + q/2, behind fifteen steps of 5.5.2.
def beta(given: str, lift: str, below: str, usual: str, weight: str, total: str, small: str = "q < 1") -> str:
    """Return assignments for shapes p and q at u and v = 1 - u.

    Args:
        given: Assignments of p, q, u and v.
        lift: How much p is raised below u.
        below: Whether the part below u is integrated, from `usual`, which decides that for I.
        usual: Assignments in front of `weight`.
        weight: The factor of the density from s; `usual` is that of I.
        total: The result over exp(front) from `total`, the integral, and `usual`, that of I.
        small: Whether q is raised above u.
    """
    return f"""{given}
        valid <- (p > 0) & (q >= 0) & (p < Inf) & (q < Inf) & (u == u)
        inside <- valid & (q > 0) & (u > 0) & (v > 0)
        p <- ifelse(inside, p, 1)
        q <- ifelse(inside, q, 1)
        u <- ifelse(inside, u, 0.5)
        v <- ifelse(inside, v, 0.5)
        both <- p + q
        exact <- function(value) ifelse(abs(value) < Inf, value, 0)
        missing <- exact(error(p, v, p * v)) - exact(error(q, u, q * u))
        off <- (p * v - q * u) + missing + ifelse(u <= v, p * ((1 - v) - u), -q * ((1 - u) - v))
        {_DIGITS}
        expected <- function(m, n, off) {{
            part <- off/m
            near <- ifelse((part > -1) & (part < 0.5), -log1p(-part), logratio(m, m + n) - log(u))
            digits(m) - digits(m + n) + near
        }}
        small <- {small}
        usual <- expected(p + 1, ifelse(small, q + 1, q), off + v - ifelse(small, u, 0)) > 0
        lower <- {below}
        rare <- small & !lower
        k <- ifelse(lower, -1, 1)
        lift <- ifelse(lower, {lift}, 0)
        m <- p + lift
        n <- ifelse(rare, q + 1, q)
        gap <- -k * expected(m, n, off + lift * v - ifelse(rare, u, 0))
        z <- p + 15 + 0.5 * q
        w <- 1/(z * z)
        y <- q * q
        third <- w * (2/z + w * (3 + (2 - w * (1 - 4/3 * w))/z))
        fifth <- w * w * (24/z + w * (60 + (60 - 56 * w)/z))
        later <- (1 + (3.5 + 14/(3 * z))/z)/448 + y * w * (1 + 4.5/z)/2304
        above <- trigamma(z) + y * (third/24 + y * (fifth/1920 + y * w^3 * later/z))
        for (j in 14:1) above <- above + 1/((p + j) * (p + j + q))
        steps <- above + 1/(p * both)
        size <- m + n
        least <- pmin(u, v)
        turn <- ifelse(u < v, k, -k)
        rest <- function(s) {{
            z <- k * s
            e <- u * v
            d <- v - u
            high <- z * ((1 - e * (30 - 120 * e))/720 + z * d * (1 - e * (60 - 360 * e))/5040)
            series <- 1/2 + z * (d/6 + z * ((1 - 6 * e)/24 + z * (d * (1 - 12 * e)/120 + high)))
            ifelse(size * least > 50000, e * z * z * series, log1p(least * expm1(turn * s)) - least * turn * s)
        }}
        slope <- k * (off + lift * v - ifelse(rare, u, 0))
        h <- function(s) slope * s - size * rest(s)
        curve <- size * u * v
        end <- {2 * _END}/(sqrt(slope * slope + {2 * _END} * curve) - slope)
        other <- ifelse(lower, expm1(({_END} + n * end)/m)/v, expm1(({_END} + m * end)/n)/u)
        end <- pmin(end, log1p(other))
        for (i in 1:5) {{
            e <- expm1(k * end)
            end <- end - (h(end) + {_END})/(slope - k * curve * e/(1 + u * e))
        }}
        {usual}
        weight <- function(s) {{
            {_SHAPE}
            {weight}
        }}
        total <- integral(function(s) weight(s) * exp(h(s)), end)
        usual <- ifelse(lower, gap + 1/both + u * both * total, p * (ifelse(rare, steps, 0) + total))
        total <- {total}
        front <- binomial(p, q, u, v, off, -off) + logratio(q, both)
        """


BETA_PIECES = "error stirling logratio deviance binomial rise logless"
# The divided difference (psi'(p) - psi'(p + q))/q, the derivative of -`steps`, and q steps^2 less it.
_FALL = """turned <- w * (1 + (1 + (1/2 - w * (1/6 - w * (1/6 - w * 3/10)))/z)/z)
        fourth <- w * w * (6 + (12 + (10 - w * (7 - 12 * w))/z)/z)
        sixth <- w^3 * (120 + (360 + (420 - 504 * w)/z)/z)
        fall <- turned + y * (fourth/24 + y * (sixth/1920 + y * w^4 * ((1 + (4 + 6/z)/z)/64 + y * w * (1 + 5/z)/256)))
        for (j in 14:1) fall <- fall + (1/(p + j) + 1/(p + j + q))/((p + j) * (p + j + q))
        rising <- q * above * (2/(p * both) + above) - 2/(p * both * both) - fall
        fall <- fall + (1/p + 1/both)/(p * both)
        """
# psi'(v) - 1/v, DLMF 5.15.8, and the variance of log t, psi'(m) - psi'(m + n)
_SPREAD = """excess2 <- function(v) {
            w <- 1/(v * v)
            far <- w * (1/2 + (1/6 - w * (1/30 - w * (1/42 - w * (1/30 - w * 5/66))))/v)
            ifelse(v < 20, trigamma(v) - 1/v, far)
        }
        spread <- n/m/size + excess2(m) - excess2(size)
        few <- (p < 1) & !lower
        start <- log(u) + digamma(size) - digamma(p + 1)
        even <- trigamma(p + 1) - trigamma(size)
        squared <- function(s, usual) {
            g <- start - log1p(v * expm1(-s))
            ifelse(few, g * (g + 2/p) - even, usual * usual - spread)
        }"""
# I below, 1 - I above.
BETA_PLAIN = (
    "1", "usual", "", "1", "ifelse(lower, 1 + u * both * total, ifelse(rare, p/q * (1 + v * both * total), p * total))",
)  # fmt: skip
# The derivatives of I with respect to p, with the other sign.
BETA_FIRST = ("1", "usual", "", "usual", "usual")
BETA_SECOND = (
    "1", "usual", _FALL + _SPREAD,
    """d <- -logarithm
            ifelse(rare, v * (rising * both + d * (2 * q * steps + w * d)), squared(s, usual))""",
    """ifelse(lower, spread - (gap + 2/both) * gap - 2/(both * both) - u * both * total,
            p * (ifelse(rare, rising, 0) + total))""",
)  # fmt: skip
# The derivative of I with respect to p and q, left of the mean.
BETA_MIXED = (
    "1", "p > 0", """part <- -(off + v)/n
        near <- ifelse((part > -1) & (part < 0.5), -log1p(-part), logratio(n, size) - log(v))
        second <- digits(size) - digits(n) - near""",
    "trigamma(size) - usual * (second - log1p(u * expm1(-s)))",
    """trigamma(size) + 1/(both * both) - (gap + 1/both) * (second - 1/both) + u * both * total""",
)  # fmt: skip


# With respect to p at fixed v p/u, as in the distributions F and t, the derivative is the integral of the score
# psi(p + q) - psi(p) - log((p + q)/p) - (y - 1 - log y), y = (p + q)t/p. Below p = 2 it is the difference of the density and the
# derivative at fixed u, which cancel for large p; not for q ≤ 1.
_SCORE = """far <- log(u) + logratio(both, p)
        first <- -off/p
        logs <- ifelse(abs(first) < 0.5, log1p(first), far)
        r <- q/p
        w <- 1/both
        shift <- rise(p, q)
        excess <- ifelse(q == 1, 0, (shift + logless(r))/q)
        series <- function(e) 1/2 - e * (1/3 - e * (1/4 - e * (1/5 - e * (1/6 - e * (1/7 - e/8)))))
        more <- function(e) {
            v <- e/(2 + e)
            z <- v * v
            e * v - 2 * v * z * (1/3 + z * (1/5 + z * (1/7 + z * (1/9 + z * (1/11 + z/13)))))
        }"""
_WEIGHT = """l <- -log1p(v * expm1(-k * s))
            e <- first + (1 + first) * expm1(l)
            score <- shift - ifelse(abs(e) < 0.15, more(e), e - (logs + l))
            few <- v * (excess * both + r - ifelse(w < 0.01, w * series(-w), logarithm - 1))
            ifelse(rare, few, ifelse(p < 2, usual, score))"""
_TOTAL = "ifelse((p < 2) & !rare, 1 - usual, -k * p * (ifelse(rare, excess, 0) + total))"
# The second derivative is the integral of the score squared and its derivative, (y - 1)^2/(p + q) + psi'(p + q) - psi'(p) +
# q/(p(p + q)), of which `late` is the last part over q.
_SCORE_SECOND = f"""{_FALL}{_SCORE}
        {_SPREAD}
        one <- 1/p
        weights <- c(1/2, 1/6, 0, -1/30, 0, 1/42, 0, -1/30)
        power <- 1
        tail <- 0
        for (j in 1:8) {{
            power <- one * power + w^j
            tail <- tail + weights[j] * power
        }}
        near <- ifelse(q < 1, one * w - fall, (excess2(both) - excess2(p))/q)
        late <- ifelse(p < 20, near, -one * w * tail)"""
_WEIGHT_SECOND = """d <- -logarithm
            usual <- ifelse(rare, v * (rising * both + d * (2 * q * steps + w * d)), squared(s, usual))
            l <- -log1p(v * expm1(-k * s))
            e <- first + (1 + first) * expm1(l)
            score <- shift - ifelse(abs(e) < 0.15, more(e), e - (logs + l))
            g <- r - ifelse(w < 0.01, w * series(-w), logarithm - 1)
            few <- v * ((q * excess * excess + r/p/both + late) * both + g * (2 * q * excess + w * g) - (2 * r - both/p * w)/p)
            ifelse(p < 2, usual, ifelse(rare, few, score * score + e * e/both + q * late))"""
_TOTAL_SECOND = f"""ifelse(p < 2, (off - 1)/p - 2 * expected(p, q, off) - ({BETA_SECOND[-1]}),
            -k * p * (ifelse(rare, q * excess * excess + r/p/both + late, 0) + total))"""
# The first derivatives next to the second ones.
GAMMA_BOTH = """once <- integral(function(s) (gap + s) * exp(h(s)), end)
        once <- ifelse(lower, gap + x * once, a * once)
        """
BETA_BOTH = f"""once <- integral(function(s) {{
            {_SHAPE}
            usual * exp(h(s))
        }}, end)
        once <- ifelse(lower, gap + 1/both + u * both * once, p * (ifelse(rare, steps, 0) + once))
        """
# Where u or v is no double: I is u^p Γ(p + q)/(Γ(p + 1) Γ(q)), or 1 - I is v^q Γ(p + q)/(Γ(p) Γ(q + 1)); `log_u` is log u or log v.
FAR = """front <- ifelse(tiny | huge, ifelse(tiny, p, q) * log_u - lbeta(p, q) - log(ifelse(tiny, p, q)), front)
        inside <- inside & usable & (log_u > -Inf)
        """


_FAR_FIRST = """low <- 1 + log_u + digamma(both) - digamma(p + 1)
        high <- q * excess
        """


# At q = 1 the score far out is 0: digamma(p + 1) - digamma(p) = 1/p.
_WHOLE = "q <= 1"


def odds_first(given: str, factor: str) -> str:
    """Return assignments for the derivative of I with respect to p at fixed v p/u, times `factor`."""
    text = beta(given, "ifelse(p < 2, 1, 0)", "ifelse(p < 2, usual, off > 0)", _SCORE, _WEIGHT, _TOTAL, _WHOLE)
    return f"{text}{_FAR_FIRST}{FAR}total <- {factor} * ifelse(tiny, low, ifelse(huge, -high, total))\n        "


def odds_both(factor: str) -> str:
    """Return assignments behind those of `odds_second`: `once`, the first derivative over exp(front), times `factor`."""
    total = _TOTAL.replace("total", "once")
    return f"""each <- function(s) {{
            {_SHAPE}
            {_WEIGHT}
        }}
        once <- integral(function(s) each(s) * exp(h(s)), end)
        usual <- ifelse(lower, gap + 1/both + u * both * once, p * (ifelse(rare, steps, 0) + once))
        once <- {total}
        {_FAR_FIRST}once <- {factor} * ifelse(tiny, low, ifelse(huge, -high, once))
        """


def odds_second(given: str, factor: str) -> str:
    """Return assignments for the second derivative of I with respect to p at fixed v p/u, times `factor`."""
    text = beta(
        given,
        "ifelse(p < 2, 1, 0)",
        "ifelse(p < 2, usual, off > 0)",
        _SCORE_SECOND,
        _WEIGHT_SECOND,
        _TOTAL_SECOND,
        _WHOLE,
    )
    far = """low <- low * low + 1/p + trigamma(both) - trigamma(p + 1)
        high <- high * high + q * late + r * r * w
        """
    return f"{text}{_FAR_FIRST}{FAR}{far}total <- {factor} * ifelse(tiny, low, ifelse(huge, -high, total))\n        "
