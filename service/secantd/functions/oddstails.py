"""Derivatives of logarithms of `pf`, `pt`, and `pnbinom` with a mean, by which programs compute them.

They are incomplete beta functions at fixed odds over a shape (`odds_first` in `integrals`): DLMF 8.17.1, 8.17.5.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from secantd.functions.counttails import WHOLE
from secantd.functions.gradients import F_FIRST, F_SECOND, ODDS, STUDENT
from secantd.functions.integrals import BETA_PLAIN, FAR, beta, odds_first, odds_second
from secantd.functions.logtails import BETA_TOTAL, TAILS, quotient, quotient_row
from secantd.functions.row import Row

__all__ = ["ODDS_LOGARITHMS", "ODDS_TAILS"]

_ENDS = """total <- ifelse(tiny | huge, 1, total)
        lower <- (tiny | lower) & !huge
        """


def _plain(given: str) -> str:
    """Return assignments of the smaller tail and of `first`, the derivative with respect to the logarithm of the odds."""
    return f"{beta(given, *BETA_PLAIN)}{FAR}{_ENDS}first <- ifelse(huge, q, p)\n        "


def _first(given: str, factor: str) -> str:
    return f"{odds_first(given, factor)}{BETA_TOTAL}{_ENDS}"


def _second(given: str, factor: str) -> str:
    return f"{odds_second(given, factor)}{BETA_TOTAL}{_ENDS}"


def _f() -> Iterator[Row]:
    call = "f(q, df1, df2)"
    fields: dict[str, Any] = {
        "points": ((0.5, 1.5, 4.25), (2.0, 5.5, 7.25), (3.2, 0.9, 31.0)),
        "valid": "(df1 > 0) & (df2 > 0)",
    }
    for lower, tail, flag, sign in TAILS:
        kind, same, other = ("", "lower", "!lower") if lower else ("upper ", "!lower", "lower")
        by, probability = f"df_by{tail}", f"pf(q, df1, df2{flag})"
        yield quotient_row(
            by, call, flag, f"left <- 0.5 * df1\n        at <- q\n        {_plain(F_FIRST)}", quotient("first", same),
            "ifelse(at <= 0, left, 0)" if lower else "ifelse(at <= 0, 0, NaN)",
            (f"ifelse(q < Inf, f/q * (0.5 * df1 * (1 - q) * (df2/(df1 * q + df2)) - {sign}f), 0)", *[f"f * (df_{n} - pf_{n}{tail})" for n in ("df1", "df2")]),
            meaning=f"q * df(q, df1, df2)/{probability}", summary=f"q times the density by {kind}probability, F", **fields,
        )  # fmt: skip
        for n, o, given, factor, own in (("df1", "df2", F_FIRST, "", same), ("df2", "df1", F_SECOND, "-", other)):
            twice, mixed = (
                f"pf_{n}_{n}{tail} - f^2",
                f"{sign}(pf_grad_df1_df2(q, df1, df2)/{probability}) - f * pf_{o}{tail}",
            )
            yield quotient_row(
                f"pf_{n}{tail}", call, flag, f"at <- q\n        {_first(given, f'{factor}0.5')}", f"{sign}{quotient('first', own)}",
                "ifelse(at > 0, 0, NaN)" if lower else "ifelse(at < Inf, 0, NaN)",
                (f"{sign}(df_by{tail}/q * (df_{n} - f))", *((twice, mixed) if n == "df1" else (mixed, twice))),
                meaning=f"{sign}pf_grad_{n}(q, df1, df2)/{probability}",
                summary=f"derivative of the logarithm of the {kind}probability with respect to {n}, F", **fields,
            )  # fmt: skip
            yield quotient_row(
                f"pf_{n}_{n}{tail}", call, flag, _second(given, f"{factor}0.25"), f"{sign}{quotient('first', own)}", "0", ("", "", ""),
                meaning=f"{sign}pf_grad_{n}_{n}(q, df1, df2)/{probability}",
                summary=f"second derivative of the {kind}probability with respect to {n}, divided by it, F", **fields,
            )  # fmt: skip


def _student() -> Iterator[Row]:
    call = "t(q, df)"
    fields: dict[str, Any] = {"points": ((0.6, 1.3), (-2.0, 5.5), (4.5, 12.5), (-0.2, 9.0)), "valid": "df > 0"}
    half = "total <- 0.5 * total\n        "
    for lower, tail, flag, sign in TAILS:
        kind, own = ("", "lower & (side > 0)") if lower else ("upper ", "lower & (side < 0)")
        by, probability = f"dt_by{tail}", f"pt(q, df{flag})"
        # Near 0 the density has more digits than exp(front).
        edge = f"distance <- abs(q)\n        plain <- dt(q, df)/{probability}\n        edge <- exp(dt(q, df, log = TRUE) - pt(q, df{flag}, log.p = TRUE))\n        "
        yield quotient_row(
            by, call, flag, f"{edge}{_plain(STUDENT)}{half}",
            f"ifelse({own}, first/distance/total, plain)", "edge",
            (f"f * (-(q * ((1 + df)/(df + q^2))) - {sign}f)", f"f * (dt_df - pt_df{tail})"),
            meaning=f"dt(q, df)/{probability}", summary=f"density by {kind}probability, Student's", **fields,
        )  # fmt: skip
        yield quotient_row(
            f"pt_df{tail}", call, flag, f"{_first(STUDENT, '0.25 * side')}{half}", f"{sign}{quotient('first', own)}", "0",
            (f"{sign}(dt_by{tail} * (dt_df - f))", f"pt_df_df{tail} - f^2"), meaning=f"{sign}pt_grad_df(q, df)/{probability}",
            summary=f"derivative of the logarithm of the {kind}probability with respect to df, Student's", **fields,
        )  # fmt: skip
        yield quotient_row(
            f"pt_df_df{tail}", call, flag, f"{_second(STUDENT, '0.125 * side')}{half}", f"{sign}{quotient('first', own)}", "0", ("", ""),
            meaning=f"{sign}pt_grad_df_df(q, df)/{probability}",
            summary=f"second derivative of the {kind}probability with respect to df, divided by it, Student's", **fields,
        )  # fmt: skip


def _mean() -> Iterator[Row]:
    call = "nbinom(q, size, mu = mu)"
    fields: dict[str, Any] = {
        "points": ((2.0, 5.5, 1.3), (0.0, 4.0, 2.6), (40.0, 5.5, 12.5)), "valid": "(mu > 0) & (size > 0)", "unknown": WHOLE,
    }  # fmt: skip
    count = "(floor(q + 1e-07) + 1)"
    # The odds are size/mu.
    odds = f"count <- {count}\n        df1 <- size\n        df2 <- mu\n        q <- 1\n        "
    odds += ODDS.format("tiny", "huge", "size", "ifelse(count > 0, count, -1)", "first", "second")
    score = f"log(size/(size + mu)) + digamma(size + {count}) - digamma(size) + (mu - {count})/(size + mu)"
    for lower, tail, flag, sign in TAILS:
        kind, own = ("", "lower") if lower else ("upper ", "!lower")
        by, probability = f"dnbinom_mu_by{tail}", f"pnbinom(q, size, mu = mu{flag})"
        edge = "ifelse(count > 0, 0, NaN)" if lower else "0"
        yield quotient_row(
            by, call, flag, _plain(odds), quotient("first", own), edge,
            ("", f"f * ({score} - pnbinom_mu_size{tail})", f"f/mu * (({count} - mu) * (size/(size + mu)) + {sign}f)"),
            meaning=f"mu * dnbinom(floor(q + 1e-07), size + 1, mu = (size + 1) * (mu/size))/{probability}",
            summary=f"mean times slope by {kind}probability, negative binomial", **fields,
        )  # fmt: skip
        yield quotient_row(
            f"pnbinom_mu_size{tail}", call, flag, _first(odds, "1"), f"{sign}{quotient('first', own)}",
            edge if lower else "ifelse(mu > 0, 0, NaN)",
            ("", f"pnbinom_mu_sizes{tail} - f^2", f"-{sign}(dnbinom_mu_by{tail}/mu * ({score} - f))"),
            meaning=f"{sign}2 * pf_grad_df1({count}/mu, 2 * size, 2 * {count})/{probability}",
            summary=f"derivative of the logarithm of the {kind}probability with respect to the size, negative binomial", **fields,
        )  # fmt: skip
        yield quotient_row(
            f"pnbinom_mu_sizes{tail}", call, flag, _second(odds, "1"), f"{sign}{quotient('first', own)}", edge, ("", "", ""),
            meaning=f"{sign}4 * pf_grad_df1_df1({count}/mu, 2 * size, 2 * {count})/{probability}",
            summary=f"second derivative of the {kind}probability with respect to the size, divided by it, negative binomial", **fields,
        )  # fmt: skip


ODDS_TAILS = (*_f(), *_student(), *_mean())


def _inside(condition: str, slope: str, printed: str) -> str:
    """Return a derivative that is the printed one at ends of the support."""
    return f"ifelse({condition}, {slope}, {printed})"


_F_EDGE = "{}exp(df(q, df1, df2, log = TRUE) - f)"
_MEAN_EDGE = "{}exp(dnbinom(floor(q + 1e-07), size + 1, mu = (size + 1) * (mu/size), log = TRUE) - f)"
# The derivatives of logarithms of probabilities in them, by the names of their rows.
ODDS_LOGARITHMS: Mapping[str, tuple[str, ...]] = {
    "pf.log": (_inside("q > 0", "df_by/q", _F_EDGE.format("")), "pf_df1", "pf_df2"),
    "pf.upper.log": (_inside("q > 0", "-(df_by_upper/q)", _F_EDGE.format("-")), "pf_df1_upper", "pf_df2_upper"),
    "pt.log": ("dt_by", "pt_df"),
    "pt.upper.log": ("-dt_by_upper", "pt_df_upper"),
    "pnbinom.mu.log": ("", "pnbinom_mu_size", _inside("mu > 0", "-(dnbinom_mu_by/mu)", _MEAN_EDGE.format("-"))),
    "pnbinom.mu.upper.log": (
        "",
        "pnbinom_mu_size_upper",
        _inside("mu > 0", "dnbinom_mu_by_upper/mu", _MEAN_EDGE.format("")),
    ),
}
