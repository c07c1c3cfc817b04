"""Second derivatives of the incomplete gamma and beta functions, and of Student's and the F distribution, with respect to their parameters.

By the quadrature of the first derivatives, with (s - E s)^2 - Var s as the factor of the density.
"""

from collections.abc import Iterator
from typing import Any

from secantd.functions.gradients import F_FIRST, F_SECOND, JOHNSON, SHAPES_FIRST, SHAPES_SECOND, STUDENT
from secantd.functions.integrals import (
    BETA_BOTH,
    BETA_MIXED,
    BETA_PIECES,
    BETA_SECOND,
    GAMMA_BOTH,
    GAMMA_PIECES,
    GAMMA_SECOND,
    INTEGRAL,
    beta,
    odds_both,
    odds_second,
)
from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["CURVATURES"]

_THIRD = "derivatives with respect to parameters are known to second order only"


def _curvature(
    signature: str, by_x: str, first: tuple[str, str], text: str, pieces: str, sign: str, **fields: Any
) -> Iterator[Row]:
    """Return the row of a second derivative and, where it is needed for logarithms, that of its quotient by a first one.

    Args:
        signature: The call without flags, such as "gammainc_grad_aa(a, x)".
        by_x: The derivative with respect to the argument that is no shape; "" for none.
        first: The first derivative without its bracket, and a factor of the quotient, by the signs of both; ("", "") where the
            quotient is not needed.
        text: Assignments of `front`, the logarithm of a factor, `total`, the other factor, `valid` and `inside`.
        pieces: The pieces that `text` uses.
        sign: What exp(front) * total is multiplied by.
        fields: Other arguments of `row`.
    """
    call, (name, _, inner) = signature.removesuffix(")"), signature.partition("(")
    count = inner.count(",")
    title, latex, meaning = fields.pop("summary"), fields.pop("latex"), fields.pop("meaning", "")
    at, of = first
    slopes = ("", *[""] * count) if inner.startswith("q") else (*[""] * count, by_x)
    for relative in (False, True) if at else (False,):
        value = f"{sign}exp(front) * total"
        # The two have the factor exp(front) in common where the first one is an integral over the same part.
        shared = relative and "once <-" in text
        if relative:
            value = "total/once" if shared else f"{of}total * exp(front - known)"
        # Before the names of parameters are assigned to.
        known = f"known <- {at}, log = TRUE)\n        " if relative and not shared else ""
        yield row(
            f"{call}, relative = {'TRUE' if relative else 'FALSE'})" if at else signature,
            *(("",) * (count + 1) if relative else slopes), name=f"{name}{'.relative' if relative else ''}",
            summary=f"{title}, divided by {at})" if relative else f"{title}; not in R",
            latex=rf"\frac{{{{{latex}}}}}{{{{{fields['under']}}}}}" if relative else latex,
            meaning=f"{signature}/{at})" if relative else meaning, unknown=_THIRD, numeric=True,
            stable=with_pieces(pieces, f"{INTEGRAL}{known}{text}ifelse(inside, {value}, ifelse(valid, {'NaN' if relative else '0'}, NaN))"),
            **{k: v for k, v in fields.items() if k != "under"},
        )  # fmt: skip


# Of a function that is known to 11 digits, at eight points about the smaller number of degrees of freedom, whose distances are
# small beside those at which it changes: the number itself, the deviation of its estimate, and the inverse of the score.
_F_MIXED = """swapped <- df2 < df1
        d <- ifelse(swapped, df2, df1)
        other <- ifelse(swapped, df1, df2)
        x <- df1 * q
        share <- ifelse(swapped, df2/(x + df2), x/(x + df2))
        score <- 0.5 * (digamma((df1 + df2)/2) - digamma(d/2) + log(share) + 1 - (df1 + df2)/d * share)
        h <- 0.04/((1 + sqrt(d))/d + ifelse(abs(score) < Inf, abs(score), 0))
        weights <- c(4/5, -1/5, 4/105, -1/280)
        total <- 0
        for (j in 1:4) {
            up <- ifelse(swapped, pf_grad_df1(q, df1, df2 + j * h), pf_grad_df2(q, df1 + j * h, df2))
            down <- ifelse(swapped, pf_grad_df1(q, df1, df2 - j * h), pf_grad_df2(q, df1 - j * h, df2))
            total <- total + weights[j] * (up - down)
        }
        valid <- (df1 > 0) & (df2 > 0) & (df1 < Inf) & (df2 < Inf) & (q == q)
        ifelse(valid, ifelse((q > 0) & (q < Inf), total/h, 0), NaN)"""
_SWAPPED = """swapped <- x > (a + 1)/(a + b + 2)
        p <- ifelse(swapped, b, a)
        q <- ifelse(swapped, a, b)
        u <- ifelse(swapped, 1 - x, x)
        v <- ifelse(swapped, x, 1 - x)"""
_LOG_A, _LOG_B = "log(x) - digamma(a) + digamma(a + b)", "log1p(-x) - digamma(b) + digamma(a + b)"
_BETA: dict[str, Any] = {
    "points": ((0.7, 2.2, 0.3), (3.2, 0.6, 0.9), (20.5, 31.0, 0.35)), "source": "DLMF 8.17.2, 3.5(v)",
    "valid": "(a > 0) & (b > 0)",
}  # fmt: skip
_F: dict[str, Any] = {
    "points": ((0.7, 2.2, 5.3), (3.2, 8.6, 0.9), (2.5, 31.0, 22.5)),
    "valid": "(df1 > 0) & (df2 > 0)",
    "source": JOHNSON,
}
# The density and its logarithm's slopes, and those of x = df1 q/(df1 q + df2), for derivatives at fixed q.
_ODDS = """a <- df1/2
        b <- df2/2
        x <- df1 * q/(df1 * q + df2)
        y <- df2/(df1 * q + df2)
        """

CURVATURES = (
    *_curvature("gammainc_grad_aa(a, x)", "dgamma(x, a, 1) * ((log(x) - digamma(a))^2 - trigamma(a))",
        ("gammainc_grad_a(a, x", ""), GAMMA_SECOND + GAMMA_BOTH, GAMMA_PIECES, "-",
        summary="second derivative of pgamma(x, a) with respect to a",
        latex=r"\partial_{{a}}^{{2}} P\left({0}, {1}\right)", under=r"\partial_{{a}} P\left({0}, {1}\right)", valid="a > 0",
        points=((0.7, 0.6), (3.2, 4.0), (20.5, 31.0)), source="DLMF 8.2.4, 3.5(v)"),
    *_curvature("betainc_grad_aa(a, b, x)", f"dbeta(x, a, b) * (({_LOG_A})^2 - trigamma(a) + trigamma(a + b))",
        ("betainc_grad_a(a, b, x", ""), beta(SHAPES_FIRST, *BETA_SECOND) + BETA_BOTH, BETA_PIECES, "-",
        summary="second derivative of pbeta(x, a, b) with respect to a",
        latex=r"\partial_{{a}}^{{2}} I_{{{2}}}\left({0}, {1}\right)", under=r"\partial_{{a}} I_{{{2}}}\left({0}, {1}\right)", **_BETA),
    *_curvature("betainc_grad_ab(a, b, x)", f"dbeta(x, a, b) * (({_LOG_A}) * ({_LOG_B}) + trigamma(a + b))",
        ("betainc_grad_a(a, b, x", "-"), beta(_SWAPPED, *BETA_MIXED) + "total <- ifelse(swapped, -total, total)\n        ",
        BETA_PIECES, "", summary="second derivative of pbeta(x, a, b) with respect to a and b",
        latex=r"\partial_{{a}} \partial_{{b}} I_{{{2}}}\left({0}, {1}\right)",
        under=r"\partial_{{a}} I_{{{2}}}\left({0}, {1}\right)", **_BETA),
    *_curvature("betainc_grad_bb(a, b, x)", f"dbeta(x, a, b) * (({_LOG_B})^2 - trigamma(b) + trigamma(a + b))",
        ("betainc_grad_b(a, b, x", ""), beta(SHAPES_SECOND, *BETA_SECOND) + BETA_BOTH, BETA_PIECES, "",
        summary="second derivative of pbeta(x, a, b) with respect to b",
        latex=r"\partial_{{b}}^{{2}} I_{{{2}}}\left({0}, {1}\right)", under=r"\partial_{{b}} I_{{{2}}}\left({0}, {1}\right)", **_BETA),
    *_curvature("pf_grad_df1_df1(q, df1, df2)", "", ("", ""), odds_second(F_FIRST, "0.25"), BETA_PIECES, "",
        summary="second derivative of pf(q, df1, df2) with respect to df1",
        meaning=_ODDS + f"""s <- {_LOG_A}
        0.25 * betainc_grad_aa(a, b, x) + 0.25 * dbeta(x, a, b) * x * y/a * (2 * s - (1 - a * y + b * x)/a)""",
        latex=r"\partial_{{d_1}}^{{2}} F_{{F}}\left({0} \mid {1}, {2}\right)", **_F),
    row("pf_grad_df1_df2(q, df1, df2)", "", "", "", unknown=_THIRD, numeric=True, stable=_F_MIXED,
        summary="second derivative of pf(q, df1, df2) with respect to df1 and df2; not in R",
        meaning=_ODDS + f"""s <- {_LOG_A}
        0.25 * betainc_grad_ab(a, b, x) + 0.25 * dbeta(x, a, b) * x * y/a * ({_LOG_B} - a/b * s - (a * y - b * x)/b)""",
        latex=r"\partial_{{d_1}} \partial_{{d_2}} F_{{F}}\left({0} \mid {1}, {2}\right)", **_F),
    *_curvature("pf_grad_df2_df2(q, df1, df2)", "", ("", ""), odds_second(F_SECOND, "-0.25"), BETA_PIECES, "",
        summary="second derivative of pf(q, df1, df2) with respect to df2",
        meaning=_ODDS + f"""s <- {_LOG_B}
        0.25 * betainc_grad_bb(a, b, x) - 0.25 * dbeta(x, a, b) * x * y/b * (2 * s - (1 - b * x + a * y)/b)""",
        latex=r"\partial_{{d_2}}^{{2}} F_{{F}}\left({0} \mid {1}, {2}\right)", **_F),
    *_curvature("pt_grad_df_df(q, df)", "", ("pt_grad_df(q, df", ""), odds_second(STUDENT, "0.125 * side") + odds_both("0.25 * side"), BETA_PIECES, "",
        summary="second derivative of pt(q, df) with respect to df", meaning="0.5 * sign(q) * pf_grad_df2_df2(q^2, 1, df)",
        latex=r"\partial_{{d}}^{{2}} F_{{t}}\left({0} \mid {1}\right)", under=r"\partial_{{d}} F_{{t}}\left({0} \mid {1}\right)",
        valid="df > 0", points=((0.6, 1.3), (-2.0, 5.5), (0.2, 9.0)), source=JOHNSON),
)  # fmt: skip
