"""Derivatives of the incomplete gamma and beta functions with respect to their parameters.

There is no finite formula (DLMF 8.8, 8.17). With f the density, F the probability and E the mean,

    dF/da = integral from 0 to x of (s(t) - E s) f(t) dt = -(integral from x on),   s(t) = log t,

and of the two tails one has an integrand of one sign. It is computed there by Gauss's quadrature (DLMF 3.5) in the
logarithm of t over x, as far as the integrand is not negligible. The integrand is analytic and the logarithm of its density
concave, so that a fixed number of nodes has all digits, and no difference of two large numbers occurs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["GRADIENTS"]

# Nodes and weights of Gauss's quadrature over (0, 1), DLMF 3.5(v): the halves of the symmetric rule of 40 nodes over (-1, 1).
_NODES = (
    0.03877241750605082, 0.11608407067525521, 0.1926975807013711, 0.2681521850072537, 0.3419940908257585,
    0.413779204371605, 0.4830758016861787, 0.5494671250951282, 0.6125538896679802, 0.6719566846141796,
    0.7273182551899271, 0.7783056514265194, 0.8246122308333117, 0.8659595032122595, 0.9020988069688743,
    0.9328128082786765, 0.9579168192137917, 0.9772599499837743, 0.990726238699457, 0.9982377097105593,
)  # fmt: skip
_WEIGHTS = (
    0.0775059479784248, 0.07703981816424797, 0.07611036190062624, 0.07472316905796826, 0.07288658239580406,
    0.07061164739128678, 0.0679120458152339, 0.06480401345660104, 0.06130624249292894, 0.05743976909939155,
    0.05322784698393682, 0.04869580763507223, 0.04387090818567327, 0.038782167974472016, 0.033460195282547844,
    0.0279370069800234, 0.02224584919416696, 0.01642105838190789, 0.010498284531152813, 0.004521277098533191,
)  # fmt: skip


def _numbers(values: tuple[float, ...]) -> str:
    return ", ".join(map(repr, values))


# The integral of g from 0 to `length`.
_INTEGRAL = f"""integral <- function(g, length) {{
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
_GAMMA = f"""
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
        total <- integral(function(s) (gap + s) * exp(h(s)), end)
        total <- ifelse(lower, gap + x * total, a * total)
        front <- poisson(a, x)
        """


# In s = |log odds of t less that of u| the density of shapes p and q is proportional to exp(h(s)), with m for the raised shapes,
# h(s) = ±(m v - n u)s - (m + n)R(±s), v = 1 - u, R(z) = log(1 + u(exp(z) - 1)) - uz.
# Below, m = p + 1 and n = q, with the difference to p (DLMF 8.17.20). Above, m = p and n = q for q ≥ 1; for smaller q
#
#     (psi(p + q) - psi(p)) (1 - I) - (integral from u to 1 of -log t times the density),
#
# each with one sign and in proportion to q, with n = q + 1 (DLMF 8.17.21). The divided difference of psi is Taylor's series about
# p + q/2, behind fifteen steps of 5.5.2.
def _beta(given: str, lift: str, below: str, usual: str, weight: str, total: str) -> str:
    """Return assignments for shapes p and q at u and v = 1 - u.

    Args:
        given: Assignments of p, q, u and v.
        lift: How much p is raised below u.
        below: Whether the part below u is integrated, from `usual`, which decides that for I.
        usual: Assignments in front of `weight`.
        weight: The factor of the density from s; `usual` is that of I.
        total: The result over exp(front) from `total`, the integral, and `usual`, that of I.
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
        small <- q < 1
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
        fifth <- w * w * (24/z + w * (60 + 60/z))
        steps <- trigamma(z) + y * (third/24 + y * (fifth/1920 + y * w^3 * (1 + 3.5/z)/z/448))
        for (j in 14:0) steps <- steps + 1/((p + j) * (p + j + q))
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
            w <- v/(1 + u * expm1(s))
            logarithm <- ifelse(w > 1e-9, -log1p(-w)/w, 1 + 0.5 * w)
            usual <- ifelse(rare, v * (steps * both - logarithm), gap - k * log1p(v * expm1(-k * s)))
            {weight}
        }}
        total <- integral(function(s) weight(s) * exp(h(s)), end)
        usual <- ifelse(lower, gap + 1/both + u * both * total, p * (ifelse(rare, steps, 0) + total))
        total <- {total}
        front <- binomial(p, q, u, v, off, -off) + logratio(q, both)
        """


def _shapes(given: str) -> str:
    """Return assignments for the derivative of I with respect to a shape."""
    return _beta(given, "1", "usual", "", "usual", "usual")


# With respect to p at fixed v p/u, as in the distributions F and t, the derivative is the integral of the score
# psi(p + q) - psi(p) - log((p + q)/p) - (y - 1 - log y), y = (p + q)t/p. Below p = 2 it is the difference of the density and the
# derivative at fixed u, which cancel for large p.
_SCORE = """far <- log(u) + logratio(both, p)
        first <- -off/p
        logs <- ifelse(abs(first) < 0.5, log1p(first), far)
        r <- q/p
        w <- 1/both
        shift <- ifelse(p < 20, digits(both) - digits(p), 0.5 * r * w + further(p) - further(both))
        asymptotic <- (r * (-1/2 + r * (1/3 - r * (1/4 - r/5))) + 0.5 * w + (1 + p * w) * w/(12 * p) + 1/(30 * p^4))/p
        excess <- ifelse(p < 1000, steps - 1/p, asymptotic)
        series <- function(e) 1/2 - e * (1/3 - e * (1/4 - e * (1/5 - e * (1/6 - e * (1/7 - e/8)))))"""
_WEIGHT = """l <- -log1p(v * expm1(-k * s))
            e <- first + (1 + first) * expm1(l)
            score <- shift - ifelse(abs(e) < 0.01, e * e * series(e), e - (logs + l))
            few <- v * (excess * both + r - ifelse(w < 0.01, w * series(-w), logarithm - 1))
            ifelse(p < 2, usual, ifelse(rare, few, score))"""
_TOTAL = "ifelse(p < 2, 1 - usual, -k * p * (ifelse(rare, excess, 0) + total))"


# Densities, and the derivatives of their logarithms with respect to degrees of freedom.
_F_BY_FIRST = (
    "df(q, df1, df2",
    """0.5 * (digamma((df1 + df2)/2) - digamma(df1/2) + log(df1 * q/(df1 * q + df2)) + 1
        - (df1 + df2) * q/(df1 * q + df2))""",
)
_F_BY_SECOND = (
    "df(q, df1, df2",
    """0.5 * (digamma((df1 + df2)/2) - digamma(df2/2) + log(df2/(df1 * q + df2)) + 1
        - (df1 + df2)/(df1 * q + df2))""",
)
_T_BY_FIRST = ("dt(q, df", "0.5 * (digamma((1 + df)/2) - digamma(df/2) - log1p(q^2/df) + (q^2 - 1)/(df + q^2))")
_FIRST = "the derivative of the distribution function with respect to its parameters is known to first order only"


def _odds(given: str, factor: str) -> str:
    """Return assignments for the derivative of I with respect to p at fixed v p/u, times `factor`."""
    return _beta(given, "ifelse(p < 2, 1, 0)", "ifelse(p < 2, usual, off > 0)", _SCORE, _WEIGHT, f"{factor} * {_TOTAL}")


_SECOND = (
    "the derivative of a regularized incomplete {} function with respect to its parameters is known to first order only"
)


def _gradient(
    signature: str, by_x: Sequence[tuple[str, ...]], by: str, text: str, pieces: str, **fields: Any
) -> Iterator[Row]:
    """Return the row of a gradient and that of the logarithm of its absolute value.

    Args:
        signature: The call without flags, such as "gammainc_grad_a(a, x)".
        by_x: The derivative with respect to each parameter, a density without its bracket and a factor; () for none.
        by: The sign of the gradient, "-" or "", and "?" where it depends.
        text: Assignments of `front`, the logarithm of a factor, `total`, the other factor, `valid` and `inside`.
        pieces: The pieces that `text` uses.
        fields: Other arguments of `row`.
    """
    call, name = signature.removesuffix(")"), signature.partition("(")[0]
    title, latex, meaning = fields.pop("summary"), fields.pop("latex"), fields.pop("meaning", "")
    sign = by.replace("?", "")
    for log, value, outside in ((False, f"{sign}exp(front) * total", "0"), (True, "front + log(abs(total))", "-Inf")):
        # d log|g|/dx from the logarithm of the density, as g may be below the smallest double.
        form = f"{by}exp({{}}, log = TRUE) - f) * ({{}})" if log else "{}) * ({})"
        form = f"{{}}) * ({{}})/{signature}" if log and by == "?" else form
        slopes = [form.format(*b) if b else "" for b in by_x]
        yield row(
            f"{call}, log = {'TRUE' if log else 'FALSE'})", *slopes, name=f"{name}{'.log' if log else ''}",
            summary=f"logarithm of the absolute {title}" if log else f"{title}; not in R",
            latex=rf"\ln\left|{latex}\right|" if log else latex, meaning=f"log(abs({signature}))" if log else meaning,
            stable=with_pieces(pieces, f"{_INTEGRAL}{text}ifelse(inside, {value}, ifelse(valid, {outside}, NaN))"), numeric=True, **fields,
        )  # fmt: skip


GRADIENTS = (
    *_gradient("gammainc_grad_a(a, x)", ((), ("dgamma(x, a, 1", "log(x) - digamma(a)")), "-", _GAMMA,
        "stirling logratio deviance poisson", summary="derivative of pgamma(x, a) with respect to a",
        latex=r"\partial_{{a}} P\left({0}, {1}\right)", valid="a > 0", points=((0.7, 0.6), (3.2, 4.0), (20.5, 31.0)),
        source="DLMF 8.2.4, 3.5(v)", unknown=_SECOND.format("gamma")),
    *_gradient("betainc_grad_a(a, b, x)", ((), (), ("dbeta(x, a, b", "log(x) - digamma(a) + digamma(a + b)")), "-", _shapes("p <- a\nq <- b\nu <- x\nv <- 1 - x"),
        "error stirling logratio deviance binomial", summary="derivative of pbeta(x, a, b) with respect to a",
        latex=r"\partial_{{a}} I_{{{2}}}\left({0}, {1}\right)", valid="(a > 0) & (b >= 0)",
        points=((0.7, 2.2, 0.3), (3.2, 0.6, 0.9), (20.5, 31.0, 0.35)), source="DLMF 8.17.2, 3.5(v)",
        unknown=_SECOND.format("beta")),
    *_gradient("betainc_grad_b(a, b, x)", ((), (), ("dbeta(x, a, b", "log1p(-x) - digamma(b) + digamma(a + b)")), "", _shapes("p <- b\nq <- a\nu <- 1 - x\nv <- x"),
        "error stirling logratio deviance binomial", summary="derivative of pbeta(x, a, b) with respect to b",
        latex=r"\partial_{{b}} I_{{{2}}}\left({0}, {1}\right)", valid="(a >= 0) & (b > 0)",
        points=((0.7, 2.2, 0.3), (3.2, 0.6, 0.9), (20.5, 31.0, 0.35)), source="DLMF 8.17.2, 3.5(v)",
        unknown=_SECOND.format("beta")),
    *_gradient("pf_grad_df1(q, df1, df2)", (_F_BY_FIRST, (), ()), "?", _odds("""x <- df1 * q
        whole <- q == Inf
        p <- 0.5 * df1
        q <- 0.5 * df2
        u <- ifelse(whole, 1, x/(x + df2))
        v <- ifelse(whole, 0, df2/(x + df2))""", "0.5"),
        "error stirling logratio deviance binomial", summary="derivative of pf(q, df1, df2) with respect to df1",
        meaning="0.5 * betainc_grad_a(df1/2, df2/2, df1 * q/(df1 * q + df2)) + q/df1 * df(q, df1, df2)",
        latex=r"\partial_{{d_1}} F_{{F}}\left({0} \mid {1}, {2}\right)", valid="(df1 > 0) & (df2 > 0)",
        points=((0.7, 2.2, 5.3), (3.2, 8.6, 0.9), (1.5, 31.0, 22.5)),
        source="Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed.",
        unknown=_FIRST),
    *_gradient("pf_grad_df2(q, df1, df2)", (_F_BY_SECOND, (), ()), "?", _odds("""x <- df1 * q
        whole <- q == Inf
        p <- 0.5 * df2
        q <- 0.5 * df1
        u <- ifelse(whole, 0, df2/(x + df2))
        v <- ifelse(whole, 1, x/(x + df2))""", "-0.5"),
        "error stirling logratio deviance binomial", summary="derivative of pf(q, df1, df2) with respect to df2",
        meaning="0.5 * betainc_grad_b(df1/2, df2/2, df1 * q/(df1 * q + df2)) - q/df2 * df(q, df1, df2)",
        latex=r"\partial_{{d_2}} F_{{F}}\left({0} \mid {1}, {2}\right)", valid="(df1 > 0) & (df2 > 0)",
        points=((0.7, 2.2, 5.3), (3.2, 8.6, 0.9), (1.5, 31.0, 22.5)),
        source="Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed.",
        unknown=_FIRST),
    *_gradient("pt_grad_df(q, df)", (_T_BY_FIRST, ()), "?", _odds("""x <- abs(q)/sqrt(df)
        side <- -sign(q)
        p <- 0.5 * df
        q <- 0.5
        u <- ifelse((x < 1e150) | (x == Inf), 1/(1 + x * x), NaN)
        v <- x/(1 + x * x) * x""", "0.25 * side"),
        "error stirling logratio deviance binomial", summary="derivative of pt(q, df) with respect to df",
        meaning="0.5 * sign(q) * pf_grad_df2(q^2, 1, df)",
        latex=r"\partial_{{d}} F_{{t}}\left({0} \mid {1}\right)", valid="df > 0", points=((0.6, 1.3), (-2.0, 5.5), (0.2, 9.0)),
        source="Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed.",
        unknown=_FIRST),
)  # fmt: skip
