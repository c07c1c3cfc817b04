"""Derivatives that are differences of digamma functions, by which programs compute them.

For large arguments digamma(n + 1) and digamma(n - k + 1) agree in all but the last digits. The inner rows have their difference,
from which the common part is taken out (`rise` and `bend` of `pieces`).
"""

from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["DIFFERENCES"]

_POINTS = ((0.7, 2.2), (20.5, 31.0), (3.2, 250.0))
_BETA_POINTS = ((0.3, 0.7, 2.2), (0.8, 3.1, 1.4), (0.25, 20.5, 61.5))


def _difference(signature: str, text: str, *derivatives: str, meaning: str, summary: str, pieces: str, points: tuple[tuple[float, ...], ...],
    source: str = "DLMF 5.11.2, 5.15.8", valid: str = "") -> Row:  # fmt: skip
    """Return the row of a difference; `text` uses the `pieces`, separated by blanks."""
    return row(signature, *derivatives, meaning=meaning, summary=summary, points=points, stable=with_pieces(pieces, text), source=source,
        valid=valid)  # fmt: skip


def _lbeta(first: str, second: str) -> tuple[Row, Row]:
    """Return the derivative of lbeta(a, b) with respect to `first`, and the second one."""
    own, other, names = f"{first}, {second}", f"{second}/({first} + {second})/{first}", ("a", "b")
    at = names.index(first)
    once = (f"lbeta_{first}{first}", "-trigamma(a + b)")
    twice = (f"psigamma({first}, 2) - psigamma(a + b, 2)", "-psigamma(a + b, 2)")
    return (
        _difference(f"lbeta_{first}(a, b)", f"-(log1p({second}/{first}) + rise({own}))", *once[:: -1 if at else 1],
            meaning=f"digamma({first}) - digamma(a + b)", summary=f"derivative of lbeta(a, b) with respect to {first}",
            pieces="logratio rise", points=_POINTS),
        _difference(f"lbeta_{first}{first}(a, b)", f"{other} - bend({own})", *twice[:: -1 if at else 1],
            meaning=f"trigamma({first}) - trigamma(a + b)", summary=f"second derivative of lbeta(a, b) with respect to {first}",
            pieces="bend", points=_POINTS),
    )  # fmt: skip


# choose(n, k) for whole k: below 0 by reflection, DLMF 5.5.4, where the cotangents are equal.
_CHOOSE = """k <- pmax(round(k), 0)
        above <- n > k - 1
        a <- ifelse(n < 0, -n, ifelse(above, n - k + 1, 1))
        """
# The logarithm of the beta density of shapes p and q at x with respect to p: log(x(p + q)/p) and the rise of digamma.
_SCORE = """e <- ({q} * x - {p} * (1 - x))/{p}
        both <- ifelse(abs(e) < 0.5, log1p(e), {log} + log1p({q}/{p}))
        both + rise({p}, {q})"""

_T_POINTS = ((0.6, 1.3), (-2.0, 5.5), (3.5, 1e6))
_STUDENT = """n <- ifelse((df > 0) & (df < Inf), df, 1)
        square <- x * x
        below <- n + square
        e <- ifelse(square < Inf, (1 - square)/below, -1)
        """
_LIMIT = "ifelse(df > 0, ifelse(df < Inf, value, 0), NaN)"


def _odds(own: str, other: str, e: str, logarithm: str, share: str, part: str, by_x: str) -> tuple[Row, Row]:
    """Return the derivative of log(df(x, df1, df2)) with respect to `own`, and the second one."""
    mixed = "0.5 * (trigamma((df1 + df2)/2)/2 - (1 + x)/(df1 * x + df2) + (df1 + df2) * x/(df1 * x + df2)^2)"
    points = ((0.5, 1.5, 4.25), (2.0, 5.5, 7.25), (0.9, 1e6, 31.0))
    given = f"all <- df1 * x + df2\n        e <- {e}\n        "
    turn = -1 if own == "df2" else 1
    return (
        _difference(f"df_{own}(x, df1, df2)", f"""{given}value <- ifelse(abs(e) < 0.5, logless(e), {logarithm} - e)
        0.5 * (rise(0.5 * {own}, 0.5 * {other}) + value)""", by_x, *(f"df_{own}{own}", mixed)[::turn],
            meaning=f"0.5 * (digamma((df1 + df2)/2) - digamma({own}/2) + log({share}) + 1 - {part})",
            summary=f"derivative of log(df(x, df1, df2)) with respect to {own}", pieces="logratio rise logless", points=points),
        _difference(f"df_{own}{own}(x, df1, df2)", f"""{given}0.25 * bend(0.5 * {own}, 0.5 * {other}) + 0.5 * e * e/(df1 + df2)""", "", "", "",
            meaning=f"0.25 * (trigamma((df1 + df2)/2) - trigamma({own}/2)) + 0.5 * ({other}/{own} + (1 - {part})^2)/(df1 + df2)",
            summary=f"second derivative of log(df(x, df1, df2)) with respect to {own}", pieces="bend", points=points),
    )  # fmt: skip


DIFFERENCES = (
    _difference("choose_n(n, k)", f"""{_CHOOSE}value <- log1p(k/a) + rise(a, k)
        ifelse(n < 0, -value, ifelse(above, value, digamma(n + 1) - digamma(n - k + 1)))""", "choose_nn", "",
        meaning="digamma(n + 1) - digamma(n - k + 1)", summary="derivative of lchoose(n, k) with respect to n", pieces="logratio rise",
        points=((5.3, 3.0), (-2.4, 4.0), (50.5, 35.0), (2.5, 7.0))),
    _difference("choose_nn(n, k)", f"""{_CHOOSE}value <- bend(a, k) - k/(a + k)/a
        ifelse((n < 0) | above, value, trigamma(n + 1) - trigamma(n - k + 1))""",
        "psigamma(n + 1, 2) - psigamma(n - k + 1, 2)", "",
        meaning="trigamma(n + 1) - trigamma(n - k + 1)", summary="second derivative of lchoose(n, k) with respect to n", pieces="bend",
        points=((5.3, 3.0), (-2.4, 4.0), (50.5, 35.0), (2.5, 7.0))),
    *_lbeta("a", "b"),
    *_lbeta("b", "a"),
    _difference("dbeta_a(x, a, b)", _SCORE.format(p="a", q="b", log="log(x)"), "1/x", "trigamma(a + b) - trigamma(a)", "trigamma(a + b)",
        meaning="log(x) - digamma(a) + digamma(a + b)", summary="derivative of log(dbeta(x, a, b)) with respect to a",
        pieces="logratio rise", points=_BETA_POINTS),
    _difference("dbeta_b(x, a, b)", _SCORE.format(p="b", q="a", log="log1p(-x)").replace("b * (1 - x)", "b * x").replace("a * x", "a * (1 - x)"),
        "-1/(1 - x)", "trigamma(a + b)", "trigamma(a + b) - trigamma(b)",
        meaning="log1p(-x) - digamma(b) + digamma(a + b)", summary="derivative of log(dbeta(x, a, b)) with respect to b",
        pieces="logratio rise", points=_BETA_POINTS),
    # With e = (df + 1)/(df + x²) - 1 half of rise(df/2, 1/2) + log(1 + e) - e.
    _difference("dt_df(x, df)", f"""{_STUDENT}size <- ifelse(square < Inf, log((n + 1)/below), log1p(n) - 2 * log(abs(x)))
        value <- 0.5 * (rise(0.5 * n, 0.5) + ifelse(e > -0.5, logless(e), size - e))
        {_LIMIT}""", "x * (1 - x^2)/(df + x^2)^2", "dt_dfdf",
        meaning="0.5 * (digamma((1 + df)/2) - digamma(df/2) - log1p(x^2/df) + (x^2 - 1)/(df + x^2))",
        summary="derivative of log(dt(x, df)) with respect to df", pieces="logratio rise logless", points=_T_POINTS),
    _difference("dt_dfdf(x, df)", f"""{_STUDENT}value <- 0.25 * bend(0.5 * n, 0.5) + 0.5 * e * e/(1 + n)
        {_LIMIT}""", "", "", meaning="0.25 * (trigamma((1 + df)/2) - trigamma(df/2)) + 0.5/(df * (1 + df)) + 0.5 * ((1 - x^2)/(df + x^2))^2/(1 + df)",
        summary="second derivative of log(dt(x, df)) with respect to df", pieces="bend", points=_T_POINTS),
    # The same for the shares x df1/(x df1 + df2) and df2/(x df1 + df2).
    *_odds("df1", "df2", "df2 * ((x - 1)/all)", "log(x * ((df1 + df2)/all))", "df1 * x/(df1 * x + df2)", "(df1 + df2) * x/(df1 * x + df2)",
        "0.5 * df2^2 * (1 - x)/(x * (df1 * x + df2)^2)"),
    *_odds("df2", "df1", "df1 * ((1 - x)/all)", "log((df1 + df2)/all)", "df2/(df1 * x + df2)", "(df1 + df2)/(df1 * x + df2)",
        "0.5 * df1^2 * (1 - x)/(df1 * x + df2)^2"),
    _difference("dnbinom_size(x, n, p)", """e <- (x * p - n * (1 - p))/n
        rise(n, x) + ifelse(abs(e) < 0.5, log1p(e), log1p(x/n) + log(p))""", "", "trigamma(x + n) - trigamma(n)", "1/p",
        meaning="digamma(x + n) - digamma(n) + log(p)", summary="derivative of log(dnbinom(x, n, p)) with respect to n",
        pieces="logratio rise", points=((2.0, 5.5, 0.3), (40.0, 120.5, 0.75))),
    _difference("dnbinom_mu_size(x, n, m)", """e <- (x - m)/(n + m)
        rise(n, x) + ifelse(abs(e) < 0.5, logless(e), log((n + x)/(n + m)) - e)""", "", "dnbinom_mu_sizes", "(x - m)/(n + m)^2",
        meaning="digamma(x + n) - digamma(n) - log1p(m/n) + (m - x)/(n + m)",
        summary="derivative of log(dnbinom(x, n, mu = m)) with respect to n", pieces="logratio rise logless",
        points=((2.0, 5.5, 1.3), (40.0, 120.5, 38.0))),
    _difference("dnbinom_mu_sizes(x, n, m)", """e <- (x - m)/(n + m)
        bend(n, x) + e * (e/(n + x))""", "", "", "", meaning="trigamma(x + n) - trigamma(n) + x/(n * (n + x)) + ((x - m)/(n + m))^2/(n + x)",
        summary="second derivative of log(dnbinom(x, n, mu = m)) with respect to n", pieces="bend", points=((2.0, 5.5, 1.3), (40.0, 120.5, 38.0))),
)  # fmt: skip
