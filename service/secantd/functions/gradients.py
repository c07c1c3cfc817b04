"""Derivatives of the incomplete gamma and beta functions, and of Student's and the F distribution, with respect to their parameters."""

from collections.abc import Iterator, Sequence
from typing import Any

from secantd.functions.integrals import (
    BETA_FIRST,
    BETA_PIECES,
    GAMMA_FIRST,
    GAMMA_PIECES,
    INTEGRAL,
    beta,
    odds_first,
)
from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["F_FIRST", "F_SECOND", "GRADIENTS", "JOHNSON", "ODDS", "SHAPES_FIRST", "SHAPES_SECOND", "STUDENT"]

SHAPES_FIRST = "p <- a\nq <- b\nu <- x\nv <- 1 - x"
SHAPES_SECOND = "p <- b\nq <- a\nu <- 1 - x\nv <- x"

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


# u and v of the F distribution from x = df1 q/df2, or the logarithm of the one that is no double. q is assigned last.
ODDS = """logx <- log(df1) + log(abs(q)) - log(df2)
        usable <- q > 0
        {} <- usable & (logx < -660)
        {} <- usable & (logx > 660)
        direct <- (df1 * q > 1e-290) & (df1 * q + df2 < Inf)
        top <- ifelse(direct, df1 * q, ifelse(usable, exp(pmin(logx, 660)), -1))
        bottom <- ifelse(direct, df2, 1)
        first <- top/(top + bottom)
        second <- bottom/(top + bottom)
        p <- {}
        q <- {}
        log_u <- -abs(logx)
        u <- ifelse(tiny | huge, 0.5, {})
        v <- ifelse(tiny | huge, 0.5, {})"""
F_FIRST = ODDS.format("tiny", "huge", "0.5 * df1", "0.5 * df2", "first", "second")
F_SECOND = ODDS.format("huge", "tiny", "0.5 * df2", "0.5 * df1", "second", "first")
# u and v of Student's distribution, 1/(1 + x²) and 1 less it, from x = |q|/√df; for infinitely many degrees of freedom it does not change.
STUDENT = """normal <- df == Inf
        df <- ifelse(normal, 1, df)
        side <- -sign(q)
        size <- abs(q)
        logx <- log(size) - 0.5 * log(df)
        x <- size/sqrt(df)
        usable <- (size > 0) & !normal
        tiny <- usable & (logx > 330)
        huge <- usable & (logx < -330)
        log_u <- -2 * abs(logx)
        p <- 0.5 * df
        q <- 0.5
        u <- ifelse(tiny | huge, 0.5, 1/(1 + x * x))
        v <- ifelse(tiny | huge, 0.5, x/(1 + x * x) * x)"""


def _gradient(
    signature: str,
    by_x: Sequence[tuple[str, str]],
    shapes: Sequence[tuple[str, str]],
    by: str,
    text: str,
    pieces: str,
    **fields: Any,
) -> Iterator[Row]:
    """Return the row of a gradient, that of the logarithm of its absolute value, and where its sign varies that of the sign.

    Args:
        signature: The call without flags, such as "gammainc_grad_a(a, x)".
        by_x: The derivatives with respect to the other parameters, a density without its bracket and a factor.
        shapes: The second derivatives, of the gradient and of its logarithm, with respect to the shapes.
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
        form = f"{sign}exp({{}}, log = TRUE) - f) * ({{}})" if log else "{}) * ({})"
        form = f"{signature.replace('_grad_', '_sign_')} * {form}" if log and by == "?" else form
        slopes = [form.format(*b) for b in by_x]
        seconds = [s[log] for s in shapes]
        # Distributions have q first, incomplete functions their shapes.
        slopes = [*slopes, *seconds] if call.partition("(")[2].startswith("q") else [*seconds, *slopes]
        yield row(
            f"{call}, log = {'TRUE' if log else 'FALSE'})", *slopes, name=f"{name}{'.log' if log else ''}",
            summary=f"logarithm of the absolute {title}" if log else f"{title}; not in R",
            latex=rf"\ln\left|{latex}\right|" if log else latex, meaning=f"log(abs({signature}))" if log else meaning,
            stable=with_pieces(pieces, f"{INTEGRAL}{text}ifelse(inside, {value}, ifelse(valid, {outside}, NaN))"), numeric=True, **fields,
        )  # fmt: skip
    if by == "?":
        yield row(
            signature.replace("_grad_", "_sign_"), *["0"] * len(slopes), summary=f"sign of the {title}, also where that is below all doubles",
            latex=rf"\mathrm{{{{sign}}}}\,{latex}", meaning=f"sign({signature})", numeric=True,
            stable=with_pieces(pieces, f"{INTEGRAL}{text}ifelse(inside, sign(total), ifelse(valid, 0, NaN))"), **fields,
        )  # fmt: skip


JOHNSON = "Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed."
GRADIENTS = (
    *_gradient("gammainc_grad_a(a, x)", [("dgamma(x, a, 1", "log(x) - digamma(a)")],
        [("gammainc_grad_aa(a, x)", "gammainc_grad_aa(a, x, relative = TRUE)")], "-", GAMMA_FIRST, GAMMA_PIECES,
        summary="derivative of pgamma(x, a) with respect to a",
        latex=r"\partial_{{a}} P\left({0}, {1}\right)", valid="a > 0", points=((0.7, 0.6), (3.2, 4.0), (20.5, 31.0)),
        source="DLMF 8.2.4, 3.5(v)"),
    *_gradient("betainc_grad_a(a, b, x)", [("dbeta(x, a, b", "log(x) - digamma(a) + digamma(a + b)")],
        [(f"betainc_grad_a{s}(a, b, x)", f"betainc_grad_a{s}(a, b, x, relative = TRUE)") for s in "ab"],
        "-", beta(SHAPES_FIRST, *BETA_FIRST), BETA_PIECES, summary="derivative of pbeta(x, a, b) with respect to a",
        latex=r"\partial_{{a}} I_{{{2}}}\left({0}, {1}\right)", valid="(a > 0) & (b >= 0)",
        points=((0.7, 2.2, 0.3), (3.2, 0.6, 0.9), (20.5, 31.0, 0.35)), source="DLMF 8.17.2, 3.5(v)"),
    *_gradient("betainc_grad_b(a, b, x)", [("dbeta(x, a, b", "log1p(-x) - digamma(b) + digamma(a + b)")],
        [("betainc_grad_ab(a, b, x)",
          "-(betainc_grad_ab(a, b, x, relative = TRUE) * exp(betainc_grad_a(a, b, x, log = TRUE) - f))"),
         ("betainc_grad_bb(a, b, x)", "betainc_grad_bb(a, b, x, relative = TRUE)")],
        "", beta(SHAPES_SECOND, *BETA_FIRST), BETA_PIECES, summary="derivative of pbeta(x, a, b) with respect to b",
        latex=r"\partial_{{b}} I_{{{2}}}\left({0}, {1}\right)", valid="(a >= 0) & (b > 0)",
        points=((0.7, 2.2, 0.3), (3.2, 0.6, 0.9), (20.5, 31.0, 0.35)), source="DLMF 8.17.2, 3.5(v)"),
    *_gradient("pf_grad_df1(q, df1, df2)", [_F_BY_FIRST],
        [(f"pf_grad_df1_df{n}(q, df1, df2)", f"pf_grad_df1_df{n}(q, df1, df2)/pf_grad_df1(q, df1, df2)") for n in "12"],
        "?", odds_first(F_FIRST, "0.5"), BETA_PIECES, summary="derivative of pf(q, df1, df2) with respect to df1",
        meaning="0.5 * betainc_grad_a(df1/2, df2/2, df1 * q/(df1 * q + df2)) + q/df1 * df(q, df1, df2)",
        latex=r"\partial_{{d_1}} F_{{F}}\left({0} \mid {1}, {2}\right)", valid="(df1 > 0) & (df2 > 0)",
        points=((0.7, 2.2, 5.3), (3.2, 8.6, 0.9), (1.5, 31.0, 22.5)), source=JOHNSON),
    *_gradient("pf_grad_df2(q, df1, df2)", [_F_BY_SECOND],
        [(f"pf_grad_df{n}_df2(q, df1, df2)", f"pf_grad_df{n}_df2(q, df1, df2)/pf_grad_df2(q, df1, df2)") for n in "12"],
        "?", odds_first(F_SECOND, "-0.5"), BETA_PIECES, summary="derivative of pf(q, df1, df2) with respect to df2",
        meaning="0.5 * betainc_grad_b(df1/2, df2/2, df1 * q/(df1 * q + df2)) - q/df2 * df(q, df1, df2)",
        latex=r"\partial_{{d_2}} F_{{F}}\left({0} \mid {1}, {2}\right)", valid="(df1 > 0) & (df2 > 0)",
        points=((0.7, 2.2, 5.3), (3.2, 8.6, 0.9), (1.5, 31.0, 22.5)), source=JOHNSON),
    *_gradient("pt_grad_df(q, df)", [_T_BY_FIRST],
        [("pt_grad_df_df(q, df)", "pt_grad_df_df(q, df, relative = TRUE)")], "?", odds_first(STUDENT, "0.25 * side"),
        BETA_PIECES, summary="derivative of pt(q, df) with respect to df", meaning="0.5 * sign(q) * pf_grad_df2(q^2, 1, df)",
        latex=r"\partial_{{d}} F_{{t}}\left({0} \mid {1}\right)", valid="df > 0",
        points=((0.6, 1.3), (-2.0, 5.5), (0.2, 9.0)), source=JOHNSON),
)  # fmt: skip
