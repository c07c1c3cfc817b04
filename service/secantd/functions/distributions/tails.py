"""Stable forms of probabilities that are incomplete gamma and beta functions, for exported code.

The smaller tail is an integral by Gauss's quadrature (`integrals`). The service has other code, by series and continued fractions.
"""

from secantd.functions.integrals import BETA_PIECES, BETA_PLAIN, GAMMA_PIECES, GAMMA_PLAIN, INTEGRAL, beta
from secantd.functions.pieces import with_pieces

__all__ = [
    "BETA_TAILS", "BINOMIAL_TAILS", "CHI_SQUARED_TAILS", "GAMMA_TAILS", "MEAN_TAILS", "NEGATIVE_TAILS", "POISSON_TAILS",
    "STUDENT_TAILS",
]  # fmt: skip

_TAILS = (("", True, False), (".upper", False, False), (".log", True, True), (".upper.log", False, True))


def _flags(lower: bool, log: bool) -> str:
    return f"lower.tail = {'TRUE' if lower else 'FALSE'}, log.p = {'TRUE' if log else 'FALSE'}"


def _ends(lower: bool, log: bool) -> tuple[str, str]:
    """Return the value left of the support and that right of it."""
    none, every = ("-Inf", "0") if log else ("0", "1")
    return (none, every) if lower else (every, none)


# For a below 1, 1 - P by DLMF 8.7.1, as P may be 1 to all digits.
_GAMMA = f"""{INTEGRAL}a <- shape
        x <- q * rate
        {GAMMA_PLAIN}
        tail <- pmin(front + log(total), 0)
        power <- a * log(x) - lfactorial(a)
        term <- -1
        series <- 0
        for (j in 1:20) {{
            term <- -term * x/j
            series <- series + term/(a + j)
        }}
        few <- lower & (a < 1)
        missing <- exp(power) * a * series - expm1(power)
        tail <- ifelse(few & (missing < 0.5), log1p(-missing), tail)
        rest <- ifelse(few, missing, -expm1(tail))
        logrest <- ifelse(few, log(missing), ifelse(tail > -0.6931471805599453, log(-expm1(tail)), log1p(-exp(tail))))
        """
_SHAPES = "p <- shape1\nu <- q\nv <- 1 - q\nq <- shape2"
_BETA = f"""{INTEGRAL}given <- q
        {beta(_SHAPES, *BETA_PLAIN)}
        tail <- pmin(front + log(total), 0)
        rest <- -expm1(tail)
        logrest <- ifelse(tail > -0.6931471805599453, log(-expm1(tail)), log1p(-exp(tail)))
        """


def _incomplete(pieces: str, text: str, edge: str, valid: str) -> dict[str, str]:
    """Return the forms of a function whose smaller tail is exp(tail); `edge` is a condition of the value right of the support."""
    found = {}
    for name, lower, log in _TAILS:
        none, every = _ends(lower, log)
        one, other = ("tail", "logrest") if log else ("exp(tail)", "rest")
        value = f"ifelse(lower, {one}, {other})" if lower else f"ifelse(lower, {other}, {one})"
        found[f"p{name}"] = with_pieces(
            pieces, f"{text}ifelse({valid}, ifelse(inside, {value}, ifelse({edge}, {every}, {none})), NaN)"
        )
    return found


def _counted(text: str, call: str, edges: tuple[str, str], valid: str) -> dict[str, str]:
    """Return the forms of a distribution of whole numbers k.

    Args:
        text: Assignments.
        call: A formula of probabilities, with SAME and OTHER for the flags of its own tail and of the other one.
        edges: The conditions of the values left of the support and right of it.
        valid: The condition on the parameters.
    """
    found = {}
    for name, lower, log in _TAILS:
        none, every = _ends(lower, log)
        value = call.replace("SAME", _flags(lower, log)).replace("OTHER", _flags(not lower, log))
        found[f"p{name}"] = f"""k <- floor(q + 1e-07)
        {text}
        value <- {value}
        value <- ifelse({edges[0]}, {none}, ifelse({edges[1]}, {every}, value))
        ifelse(({valid}) & (q == q), value, NaN)"""
    return found


def _student() -> dict[str, str]:
    """Return the forms by whichever of q² and df is the smaller, DLMF 8.17.1."""
    found = {}
    for name, lower, log in _TAILS:
        half = "small - 0.6931471805599453" if log else "0.5 * small"
        rest = "log1p(-0.5 * exp(small))" if log else "1 - 0.5 * small"
        found[f"p{name}"] = f"""n <- ifelse((df > 0) & (df < Inf), df, 1)
        square <- q * q
        far <- square > n
        first <- pbeta(n/(n + square), 0.5 * n, 0.5, {_flags(True, log)})
        second <- pbeta(square/(n + square), 0.5, 0.5 * n, {_flags(False, log)})
        small <- ifelse(far, first, second)
        base <- log(sqrt(n)/abs(q)) * n - lbeta(0.5 * n, 0.5) - log(0.5 * n)
        small <- ifelse(square == Inf, {"base" if log else "exp(base)"}, small)
        value <- ifelse(q {"<=" if lower else ">"} 0, {half}, {rest})
        value <- ifelse(df == Inf, pnorm(q, 0, 1, {_flags(lower, log)}), value)
        ifelse(df > 0, value, NaN)"""
    return found


GAMMA_TAILS = _incomplete(
    GAMMA_PIECES, _GAMMA, "ifelse(shape == 0, q >= 0, q == Inf)", "(shape >= 0) & (rate > 0) & (q == q)"
)
BETA_TAILS = _incomplete(
    BETA_PIECES,
    _BETA,
    "(given >= 1) | ((shape2 == Inf) & (given > 0))",
    "(shape1 > 0) & (shape2 > 0) & ((shape1 < Inf) | (shape2 < Inf)) & (given == given)",
)
CHI_SQUARED_TAILS = {f"p{name}": f"pgamma(q, 0.5 * df, 0.5, {_flags(lower, log)})" for name, lower, log in _TAILS}
STUDENT_TAILS = _student()
# DLMF 8.4.10, 8.17.5
POISSON_TAILS = _counted("", "pgamma(lambda, pmax(k, 0) + 1, 1, OTHER)", ("k < 0", "k == Inf"), "lambda >= 0")
BINOMIAL_TAILS = _counted(
    """n <- round(size)
        inside <- (k >= 0) & (k < n)""",
    "pbeta(prob, ifelse(inside, k + 1, 1), ifelse(inside, n - k, 1), OTHER)",
    ("k < 0", "k >= n"),
    "(prob >= 0) & (prob <= 1) & (n >= 0) & (abs(size - n) <= 1e-07 * pmax(1, size))",
)
NEGATIVE_TAILS = _counted(
    """inside <- (k >= 0) & (size > 0) & (k < Inf)""",
    "pbeta(prob, ifelse(inside, size, 1), ifelse(inside, k + 1, 1), SAME)",
    ("k < 0", "(k == Inf) | (size == 0)"),
    "(prob > 0) & (prob <= 1) & (size >= 0)",
)
# From the smaller one of mu/(size + mu) and size/(size + mu).
MEAN_TAILS = _counted(
    """inside <- (k >= 0) & (size > 0) & (k < Inf)
        count <- ifelse(inside, k + 1, 1)
        n <- ifelse(inside & (size < Inf), size, 1)
        m <- ifelse(inside, mu, 1)""",
    """ifelse(m < n, pbeta(m/(n + m), count, n, OTHER), pbeta(n/(n + m), n, count, SAME))
        value <- ifelse(size == Inf, pgamma(m, count, 1, OTHER), value)""",
    ("k < 0", "(k == Inf) | (size == 0)"),
    "(mu >= 0) & (mu < Inf) & (size >= 0)",
)
