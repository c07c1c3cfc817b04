"""The special functions: gamma and related functions, the error function, Bessel functions, the logistic function.

Derivatives and stable forms: NIST Digital Library of Mathematical Functions (DLMF), with derivatives in the form that R's
Deriv prints.
"""

from secantd.functions.curvatures import CURVATURES
from secantd.functions.exponentialintegrals import EXPONENTIAL_INTEGRALS
from secantd.functions.gradients import GRADIENTS
from secantd.functions.orders import MODIFIED, ORDERS
from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["SPECIAL"]

_WHOLE_ORDER = "the order counts derivatives and is a whole number"
_ROUNDED = "R rounds it to a whole number"
_POSITIVE = "(a > 0) & (b > 0)"


def _bessel(
    kind: str, title: str, derivative: str, at_zero: str, latex: str, scaled: bool = False, meaning: str = ""
) -> Row:
    """Return the row of a Bessel function; `scaled` is it times exp(-x) or exp(x), as in R."""
    flag = f", expon.scaled = {'TRUE' if scaled else 'FALSE'}" if kind in "IK" else ""
    return row(
        f"bessel{kind}(x, nu{flag})", derivative, f"bessel{kind}_grad_nu(x, nu{', TRUE' if scaled else ''})",
        at_zero=(at_zero, ""), summary=title, latex=latex, name=f"bessel{kind}.scaled" if scaled else "", meaning=meaning, valid="x >= 0",
        points=((0.7, 0.0), (2.3, 1.0), (5.1, 2.5)), source="DLMF 10.6, 10.29",
        stable=MODIFIED.get(f"{kind}{'.scaled' if scaled else ''}", ""),
    )  # fmt: skip


SPECIAL = (
    # DLMF 5.2, 5.15
    row("gamma(x)", "digamma(x) * gamma(x)", summary="gamma function", aliases="math.gamma scipy.special.gamma",
        latex=r"\Gamma", points=((0.4,), (3.7,), (-1.3,)), source="DLMF 5.2, 5.15"),
    row("lgamma(x)", "digamma(x)", summary="logarithm of |gamma(x)|",
        aliases="math.lgamma gammaln loggamma scipy.special.gammaln", latex=r"\ln\Gamma",
        points=((0.4,), (1.2,), (30.5,), (-1.3,)), source="DLMF 5.2, 5.15"),
    # DLMF 5.11.2 behind fifteen steps of 5.5.2; below 0 by reflection, 5.5.4; near its zero by Taylor's series.
    row("digamma(x)", "trigamma(x)", summary="derivative of lgamma", aliases="scipy.special.digamma scipy.special.psi special.psi",
        latex=r"\psi", meaning="psigamma(x, 0)", stable="""
        y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 0:14) steps <- steps + 1/(y + k)
        v <- 1/(z * z)
        series <- v * (1/12 - v * (1/120 - v * (1/252 - v * (1/240 - v * (1/132 - v * (691/32760 - v/12))))))
        value <- log(z) - 0.5/z - series - ifelse(y < 15, steps, 0)
        d <- (x - 1.4616321449683622) - 9.549995429965697e-17
        near <- d * (0.9676722454476212 + d * (-0.4427631689835921 + d * (0.258499760955651 + d * (-0.16394270544240652 + d *
            (0.10782405069126237 + d * (-0.07219956125645471 + d * (0.04880428816414311 + d * (-0.03316112647484736 + d *
            (0.022597648232218104 + d * (-0.01542476590494896 + d * (0.010538791616612175 + d * (-0.007204534386356869 + d
            * (0.004926781395729853 + d * (-0.003369801655439328))))))))))))))
        value <- ifelse(abs(d) < 0.08, near, value)
        ifelse(x > 0, value, ifelse(x == floor(x), NaN, value - pi * cospi(x)/sinpi(x)))""",
        points=((0.4,), (8.1,), (-1.3,)), source="DLMF 5.2, 5.15"),
    # DLMF 5.15.8 behind fifteen steps of 5.15.5; below 0 by reflection, 5.15.6.
    row("trigamma(x)", "psigamma(x, 2)", summary="second derivative of lgamma", latex=r"\psi_{{1}}",
        meaning="psigamma(x, 1)", stable="""
        y <- ifelse(x > 0, x, 1 - x)
        z <- ifelse(y < 15, y + 15, y)
        steps <- 0
        for (k in 14:0) steps <- steps + 1/((y + k) * (y + k))
        v <- 1/(z * z)
        series <- v * (1/6 - v * (1/30 - v * (1/42 - v * (1/30 - v * (5/66 - v * (691/2730 - v * 7/6))))))
        value <- 1/z + 0.5 * v + series/z + ifelse(y < 15, steps, 0)
        s <- sinpi(x)
        ifelse(x > 0, value, ifelse(x == floor(x), Inf, pi * pi/(s * s) - value))""",
        points=((0.4,), (8.1,), (-1.3,)), source="DLMF 5.15"),
    row("psigamma(x, deriv = 0)", "psigamma(x, deriv + 1)", "", summary="derivative of digamma, `deriv` times",
        whole=("deriv",), unknown=_WHOLE_ORDER, latex=r"\psi^{{\left({1}\right)}}\left({0}\right)",
        points=((0.8, 0.0), (2.3, 3.0), (-1.4, 2.0)), source="DLMF 5.15"),
    # DLMF 5.12
    row("beta(a, b)", "beta(a, b) * (digamma(a) - digamma(a + b))", "beta(a, b) * (digamma(b) - digamma(a + b))",
        summary="beta function", aliases="scipy.special.beta", latex=r"\mathrm{{B}}",
        meaning="gamma(a) * gamma(b)/gamma(a + b)", valid=_POSITIVE, stable=with_pieces("stirling", """
        p <- pmin(a, b)
        q <- pmax(a, b)
        total <- p + q
        direct <- gamma(p) * (gamma(q)/gamma(total))
        far <- stirling(pmax(q, 1)) - stirling(pmax(total, 1))
        mixed <- gamma(pmin(p, 10)) * exp(far + p - p * log(total) + (q - 0.5) * log1p(-p/total))
        value <- ifelse(q < 10, direct, ifelse(p < 10, mixed, exp(lbeta(a, b))))
        value <- ifelse(p < 1e-20, 1/p, value)
        value <- ifelse(q == Inf, 0, value)
        ifelse((a < 0) | (b < 0), NaN, ifelse((a == 0) | (b == 0), Inf, value))"""),
        points=((0.4, 2.3), (12.5, 11.1)), source="DLMF 5.12"),
    row("lbeta(a, b)", "digamma(a) - digamma(a + b)", "digamma(b) - digamma(a + b)",
        summary="logarithm of the beta function", aliases="betaln scipy.special.betaln", latex=r"\ln\mathrm{{B}}",
        meaning="lgamma(a) + lgamma(b) - lgamma(a + b)", valid=_POSITIVE, stable=with_pieces("stirling", """
        p <- pmin(a, b)
        q <- pmax(a, b)
        total <- p + q
        ratio <- p/total
        far <- stirling(pmax(q, 1)) - stirling(pmax(total, 1))
        large <- 0.9189385332046728 + stirling(pmax(p, 1)) + far + (p - 0.5) * log(ratio) + q * log1p(-ratio) - 0.5 * log(q)
        mixed <- lgamma(p) + far + p - p * log(total) + (q - 0.5) * log1p(-ratio)
        small <- lgamma(p) + lgamma(q) - lgamma(total)
        value <- ifelse(p >= 1, large, ifelse(q >= 1, mixed, small))
        value <- ifelse(p == 0, Inf, ifelse(q == Inf, -Inf, value))
        ifelse(p < 0, NaN, value)"""),
        points=((0.4, 2.3), (1.5, 30.2), (40.1, 30.5)), source="DLMF 5.12, 5.11.1"),
    # choose(n, k) is a polynomial in n; DLMF 1.2.6, below n = k - 1 by reflection, 5.5.3. Up to k = 30 it is a product.
    row("choose(n, k)", "choose(n, k) * (digamma(n + 1) - digamma(n - k + 1))", "",
        summary="binomial coefficient, k rounded",
        aliases="comb math.comb binom scipy.special.comb scipy.special.binom", python="comb", unknown=_ROUNDED,
        latex=r"\binom{{{0}}}{{{1}}}", stable="""
        k <- round(k)
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
        ifelse(whole & (abs(value) < Inf), round(value), value)""",
        points=((5.3, 3.0), (-2.4, 4.0), (50.5, 35.0)), source="DLMF 1.2.6, 5.5.3"),
    row("lchoose(n, k)", "digamma(n + 1) - digamma(n - k + 1)", "", summary="logarithm of |choose(n, k)|",
        unknown=_ROUNDED, latex=r"\ln\left|\binom{{{0}}}{{{1}}}\right|", meaning="log(abs(choose(n, k)))", stable="""
        k <- round(k)
        m <- ifelse(n < 0, k - n - 1, n)
        k <- ifelse((k >= 2) & (m >= k) & (m < k + 2) & (m == round(m)), m - k, k)
        above <- m > k - 1
        direct <- -log1p(m) - lbeta(ifelse(above, m - k + 1, 1), pmax(k, 0) + 1)
        reflected <- lbeta(m + 1, ifelse(above, 1, k - m)) + log(abs(sinpi(k - m))/pi)
        value <- ifelse(above, direct, reflected)
        value <- ifelse(k == 1, log(abs(m)), ifelse(k == 0, 0, ifelse(k < 0, -Inf, value)))
        ifelse((n == n) & (k == k), value, NaN)""",
        points=((5.3, 3.0), (50.5, 35.0)), source="DLMF 1.2.6, 5.5.3"),
    row("factorial(x)", "digamma(1 + x) * gamma(1 + x)", summary="gamma(x + 1)",
        aliases="math.factorial scipy.special.factorial", latex=r"\left({0}\right)!", meaning="gamma(x + 1)",
        stable="gamma(x + 1)", points=((0.4,), (3.7,)), source="DLMF 5.2"),
    # Near 0 by DLMF 5.7.3: x + 1 would lose the digits of x.
    row("lfactorial(x)", "digamma(1 + x)", summary="logarithm of |factorial(x)|", latex=r"\ln\left(\left({0}\right)!\right)",
        meaning="lgamma(x + 1)", stable="""
        near <- x * (-0.5772156649015329 + x * (0.8224670334241132 + x * (-0.40068563438653143 +
            x * (0.27058080842778454 + x * (-0.20738555102867398 + x * (0.1695571769974082 + x * (-0.1440498967688461 +
            x * (0.12550966952474304 + x * (-0.11133426586956469 + x * (0.1000994575127818 + x * -0.0909540171458291
            ))))))))))
        ifelse(abs(x) < 0.03, near, ifelse(abs(x - 1) < 0.5, lgamma(x) + log(x), lgamma(x + 1)))""",
        points=((0.4,), (3.7,)), source="DLMF 5.2, 5.7.3"),
    # DLMF 7.2
    row("erf(x)", "2 * exp(-x^2)/sqrt(pi)", summary="error function; not in R", aliases="math.erf scipy.special.erf",
        latex=r"\operatorname{{erf}}", points=((0.3,), (-1.2,)), source="DLMF 7.2"),
    row("erfc(x)", "-(2 * exp(-x^2)/sqrt(pi))", summary="1 - erf(x), accurate far out; not in R",
        aliases="math.erfc scipy.special.erfc", latex=r"\operatorname{{erfc}}", points=((0.3,), (4.2,)), source="DLMF 7.2"),
    # DLMF 7.2.3; from 3 on by the continued fraction, 7.9.1.
    row("erfcx(x)", "2 * x * erfcx(x) - 2/sqrt(pi)", summary="exp(x^2) * erfc(x), which does not underflow",
        aliases="scipy.special.erfcx", latex=r"\operatorname{{erfcx}}", meaning="exp(x^2) * erfc(x)",
        in_r="2 * exp(x^2 + pnorm(x * sqrt(2), lower.tail = FALSE, log.p = TRUE))", stable="""
        y <- pmax(pmin(x, 3), -30)
        first <- round(y * 65536)/65536
        near <- exp(first * first) * exp((y - first) * (y + first)) * erfc(y)
        z <- pmax(x, 3)
        t <- z
        for (k in 40:1) t <- z + 0.5 * k/t
        ifelse(x == x, ifelse(x < 3, near, 0.5641895835477563/t), NaN)""",
        points=((0.3,), (-1.2,), (4.2,)), source="DLMF 7.2.3, 7.9.1"),
    *EXPONENTIAL_INTEGRALS,
    # DLMF 10.6.1, 10.6.2 and 10.29.1, 10.29.2; at order 0 by reflection, 10.4.1 and 10.27.1
    _bessel("J", "Bessel function of the first kind", "0.5 * (besselJ(x, nu - 1) - besselJ(x, nu + 1))",
            "-besselJ(x, 1)", r"J_{{{1}}}\left({0}\right)"),
    _bessel("Y", "Bessel function of the second kind", "0.5 * (besselY(x, nu - 1) - besselY(x, nu + 1))",
            "-besselY(x, 1)", r"Y_{{{1}}}\left({0}\right)"),
    _bessel("I", "modified Bessel function of the first kind", "0.5 * (besselI(x, nu - 1) + besselI(x, nu + 1))",
            "besselI(x, 1)", r"I_{{{1}}}\left({0}\right)"),
    _bessel("I", "besselI(x, nu) * exp(-x)", "0.5 * (besselI(x, nu - 1, TRUE) + besselI(x, nu + 1, TRUE)) - f",
            "besselI(x, 1, TRUE) - f", r"e^{{-{0}}} I_{{{1}}}\left({0}\right)", True, "besselI(x, nu) * exp(-x)"),
    _bessel("K", "modified Bessel function of the second kind", "-(0.5 * (besselK(x, nu - 1) + besselK(x, nu + 1)))",
            "-besselK(x, 1)", r"K_{{{1}}}\left({0}\right)"),
    _bessel("K", "besselK(x, nu) * exp(x)", "f - 0.5 * (besselK(x, nu - 1, TRUE) + besselK(x, nu + 1, TRUE))",
            "f - besselK(x, 1, TRUE)", r"e^{{{0}}} K_{{{1}}}\left({0}\right)", True, "besselK(x, nu) * exp(x)"),
    # The logistic function, its logarithm, its inverse and its integral. f * (1 - f) would lose its digits for large x.
    row("expit(x)", "expit(x) * expit(-x)", summary="logistic function 1/(1 + exp(-x))",
        aliases="logistic sigmoid inv_logit scipy.special.expit", latex=r"\operatorname{{expit}}",
        meaning="1/(1 + exp(-x))", stable="small <- exp(-abs(x)); ifelse(x < 0, small, 1)/(1 + small)", in_r="plogis(x)",
        points=((-3.2,), (0.4,), (7.5,)), source="Maechler, Accurately Computing log(1 - exp(-|a|)) (2012)"),
    row("log_expit(x)", "expit(-x)", summary="logarithm of the logistic function",
        aliases="log_sigmoid logsigmoid log_inv_logit scipy.special.log_expit", latex=r"\ln\operatorname{{expit}}",
        meaning="-log(1 + exp(-x))", stable="pmin(x, 0) - log1p(exp(-abs(x)))", in_r="plogis(x, log.p = TRUE)",
        points=((-3.2,), (0.4,), (7.5,)), source="Maechler, Accurately Computing log(1 - exp(-|a|)) (2012)"),
    # Near 1/2, where the logarithms cancel, by atanh: DLMF 4.37.24.
    row("logit(p)", "1/(p * (1 - p))", summary="log(p/(1 - p)), the inverse of expit", aliases="scipy.special.logit",
        meaning="log(p/(1 - p))", stable="ifelse(abs(2 * p - 1) < 0.5, 2 * atanh(2 * p - 1), log(p) - log1p(-p))",
        in_r="qlogis(p)", points=((0.01,), (0.4,), (0.97,)), source="DLMF 4.37.24"),
    row("softplus(x)", "expit(x)", summary="log(1 + exp(x))", aliases="log1pexp", meaning="log(1 + exp(x))",
        stable="pmax(x, 0) + log1p(exp(-abs(x)))", in_r="-plogis(x, lower.tail = FALSE, log.p = TRUE)",
        points=((-3.2,), (0.4,), (7.5,)), source="Maechler, Accurately Computing log(1 - exp(-|a|)) (2012)"),
    # The inverse of w exp(w) on w >= -1, DLMF 4.13. Near -1/e by 4.13.6, with 1/e to twice the digits; else by Halley's method
    # for w exp(w) = x, and Newton's for w + log(w) = log(x) above e.
    row("lambertW0(x)", "exp(-f)/(1 + f)", summary="principal branch of the Lambert W function; not in R",
        aliases="lambertW lambert_w0 lambertWp lambertw scipy.special.lambertw", latex=r"W_{{0}}\left({0}\right)", numeric=True, stable="""
        rest <- (x + 0.36787944117144233) - 1.2428753672788363e-17
        p <- sqrt(5.43656365691809 * rest)
        near <- -1 + p * (1 - p * (1/3 - p * (11/72 - p * (43/540 - p * (769/17280 - p * (221/8505 -
            p * (680863/43545600 - p * (1963/204120 - p * 226287557/37623398400))))))))
        y <- ifelse((x > 1e-3) & (x < 2.718281828459045), x, ifelse((x < 0) & (rest > 0.0003), x, 1))
        w <- ifelse(y < 0, -1 + p * (1 - p * (1/3 - p * 11/72)), log1p(y))
        for (i in 1:5) {
            e <- w * exp(w) - y
            w <- w - e/(exp(w) * (w + 1) - (w + 2) * e/(2 * w + 2))
        }
        z <- log(pmax(x, 2.718281828459045))
        v <- z - log(z) * (1 - 1/(1 + z))
        for (i in 1:5) v <- v * (1 + z - log(v))/(1 + v)
        u <- x * (1 - x * (1 - x * (3/2 - x * (8/3 - x * (125/24 - x * (54/5 - x * 16807/720))))))
        value <- ifelse(x >= 2.718281828459045, v, ifelse(abs(x) <= 1e-3, u, ifelse(rest > 0.0003, w, near)))
        ifelse(x == Inf, Inf, ifelse(rest >= 0, value, NaN))""",
        points=((-0.3,), (0.4,), (7.5,)), source="DLMF 4.13"),
    row("log1mexp(x)", "1/expm1(x)", summary="log(1 - exp(-x)), accurate near 0 and far out", meaning="log(1 - exp(-x))",
        valid="x >= 0", stable="ifelse(x < 0.6931471805599453, log(-expm1(-x)), log1p(-exp(-x)))",
        in_r="ifelse(x < 0.6931471805599453, log(-expm1(-x)), log1p(-exp(-x)))", points=((0.01,), (0.4,), (7.5,)),
        source="Maechler, Accurately Computing log(1 - exp(-|a|)) (2012)"),
    row("logaddexp(a, b)", "expit(a - b)", "expit(b - a)", summary="log(exp(a) + exp(b))", aliases="np.logaddexp",
        meaning="log(exp(a) + exp(b))", stable="""
        ifelse(a == b, a + 0.6931471805599453, pmax(a, b) + log1p(exp(-abs(a - b))))""",
        in_r="pmax(a, b) + log1p(exp(-abs(a - b)))", points=((-3.2, 0.4), (7.5, 1.3)), source="Maechler, Accurately Computing log(1 - exp(-|a|)) (2012)"),
    *GRADIENTS,
    *CURVATURES,
    *ORDERS,
)  # fmt: skip
