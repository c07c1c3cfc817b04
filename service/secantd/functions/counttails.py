"""Derivatives of logarithms of probabilities of counts, by which programs compute them.

They are incomplete gamma and beta functions: DLMF 8.4.10, 8.17.5. k + 1 is a shape of them, and what is a lower tail of one
distribution is an upper one of another.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from secantd.functions.integrals import BETA_FIRST, GAMMA_PLAIN, beta
from secantd.functions.logtails import BETA_TOTAL, TAILS, quotient, quotient_row
from secantd.functions.row import Row

__all__ = ["COUNT_LOGARITHMS", "COUNT_TAILS"]

WHOLE = "it is defined for whole numbers only"
_K = "floor(q + 1e-07)"
_TEXT = beta("u <- at\nv <- 1 - at", *BETA_FIRST) + BETA_TOTAL


def _edges(before: str, after: str, first: str, last: str) -> str:
    """Return the values where the count is below the support or above it, and at the ends 0 and 1 of the argument."""
    return f"ifelse(count < 0, {before}, ifelse(count >= trials, {after}, ifelse(at == 0, {first}, {last})))"


def _poisson() -> Iterator[Row]:
    given = f"""count <- {_K}
        trials <- Inf
        at <- lambda
        fine <- (count >= 0) & (count < trials)
        a <- ifelse(fine, count + 1, 1)
        x <- lambda
        """
    for lower, tail, flag, sign in TAILS:
        # The lower tail is the upper one of the gamma distribution.
        own, kind = ("!lower", "") if lower else ("lower", "upper ")
        edges = _edges("NaN", "0", "ifelse(count == 0, 1, 0)", "1") if lower else _edges("0", "NaN", "Inf", "0")
        yield quotient_row(
            f"dpois_by{tail}", "pois(q, lambda)", flag, f"{given}{GAMMA_PLAIN}inside <- inside & fine\n        ",
            quotient("(a/x)", own), edges,
            ("", f"f * (({_K} - lambda)/lambda + {sign}f)"), points=((2.0, 1.3), (7.0, 4.4), (3.0, 40.5)), valid="lambda >= 0",
            meaning=f"dpois({_K}, lambda)/ppois(q, lambda{flag})", summary=f"density by {kind}probability, Poisson", unknown=WHOLE,
        )  # fmt: skip


def _binomial() -> Iterator[Row]:
    given = f"""count <- {_K}
        trials <- round(size)
        at <- prob
        fine <- (count >= 0) & (count < trials)
        p <- ifelse(fine, count + 1, 1)
        q <- ifelse(fine, trials - count, 1)
        """
    for lower, tail, flag, sign in TAILS:
        # The lower tail is the upper one of the beta distribution.
        kind = "" if lower else "upper "
        edges = _edges("NaN", "0", "edge", "Inf") if lower else _edges("0", "NaN", "Inf", "edge")
        text = f"{given}edge <- dbeta({'0' if lower else '1'}, p, q)\n        {_TEXT}"
        yield quotient_row(
            f"dbinom_by{tail}", "binom(q, size, prob)", flag, f"{text}inside <- inside & fine\n        ",
            quotient("(p/u/v)", "!lower" if lower else "lower"), edges,
            ("", "", f"f * ({_K}/prob - (size - {_K} - 1)/(1 - prob) + {sign}f)"), points=((2.0, 5.0, 0.3), (0.0, 4.0, 0.6), (30.0, 40.0, 0.2)),
            meaning=f"size * dbinom({_K}, size - 1, prob)/pbinom(q, size, prob{flag})", summary=f"slope by {kind}probability, binomial",
            valid="(prob >= 0) & (prob <= 1) & (size >= 0)", unknown=WHOLE,
        )  # fmt: skip


def _negative() -> Iterator[Row]:
    given = f"""count <- {_K}
        trials <- Inf
        at <- prob
        fine <- (count >= 0) & (count < trials)
        p <- size
        q <- ifelse(fine, count + 1, 1)
        """
    score = f"log(prob) - digamma(size) + digamma(size + {_K} + 1)"
    fields: dict[str, Any] = {
        "points": ((2.0, 5.5, 0.3), (0.0, 4.0, 0.6), (70.0, 5.5, 0.2)), "valid": "(prob > 0) & (prob <= 1) & (size > 0)", "unknown": WHOLE,
    }  # fmt: skip
    for lower, tail, flag, sign in TAILS:
        kind, own, minus = ("", "lower", "-") if lower else ("upper ", "!lower", "")
        edges = _edges("NaN", "0", "Inf", "edge") if lower else _edges("0", "NaN", "edge", "Inf")
        edge = f"edge <- dbeta({'1' if lower else '0'}, p, q)\n        "
        text = f"{_TEXT}inside <- inside & fine\n        "
        call, probability = "nbinom(q, size, prob)", f"pnbinom(q, size, prob{flag})"
        yield quotient_row(
            f"dnbinom_by{tail}", call, flag, f"{given}{edge}{text}", quotient("(p/u/v)", own), edges,
            ("", f"f * ({score} - pnbinom_size{tail})", f"f * ((size - 1)/prob - {_K}/(1 - prob) - {sign}f)"),
            meaning=f"size/prob^2 * dnbinom({_K}, size + 1, prob)/{probability}",
            summary=f"slope by {kind}probability, negative binomial", **fields,
        )  # fmt: skip
        edges = _edges("NaN", "0", "0", "0") if lower else _edges("0", "NaN", "NaN", "NaN")
        yield quotient_row(
            f"pnbinom_size{tail}", call, flag, f"{given}{text}", f"{minus}{quotient('first', own)}", edges,
            ("", f"f * (betainc_grad_aa(size, {_K} + 1, prob, relative = TRUE) - f)", f"{sign}dnbinom_by{tail} * ({score} - f)"),
            meaning=f"{sign}betainc_grad_a(size, {_K} + 1, prob)/{probability}",
            summary=f"derivative of the logarithm of the {kind}probability with respect to the size, negative binomial", **fields,
        )  # fmt: skip


COUNT_TAILS = (*_poisson(), *_binomial(), *_negative())
# The derivatives of logarithms of probabilities in them, by the names of their rows.
COUNT_LOGARITHMS: Mapping[str, tuple[str, ...]] = {
    "ppois.log": ("", "-dpois_by"),
    "ppois.upper.log": ("", "dpois_by_upper"),
    "pbinom.log": ("", "", "-dbinom_by"),
    "pbinom.upper.log": ("", "", "dbinom_by_upper"),
    "pnbinom.log": ("", "pnbinom_size", "dnbinom_by"),
    "pnbinom.upper.log": ("", "pnbinom_size_upper", "-dnbinom_by_upper"),
}
