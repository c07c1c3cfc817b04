"""Derivatives of logarithms of incomplete gamma and beta functions, by which programs compute them.

The density, the smaller tail and its derivative with respect to a shape have the common factor exp(front), which is no double far out:
quotients of them are quotients of integrals (`integrals`), and no difference of two logarithms occurs.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from secantd.functions.integrals import BETA_FIRST, BETA_PIECES, GAMMA_PIECES, GAMMA_PLAIN, INTEGRAL, beta
from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["BETA_TOTAL", "LOGARITHMS", "LOG_TAILS", "TAILS", "quotient", "quotient_row"]

# Whether a probability is the lower one, the end of the names of its rows, its flag, and the sign of its derivative.
TAILS = ((True, "", "", ""), (False, "_upper", ", lower.tail = FALSE", "-"))
# `total` is the smaller tail over exp(front), `first` its derivative with respect to the shape.
_GAMMA_FIRST = """first <- integral(function(s) (gap + s) * exp(h(s)), end)
        first <- ifelse(lower, gap + x * first, a * first)
        """
# The smaller tail over exp(front), next to a derivative that is kept as `first`.
BETA_TOTAL = """first <- total
        whole <- integral(function(s) exp(h(s)), end)
        total <- ifelse(lift > 0, 1 + u * both * whole, ifelse(rare, p/q * (1 + v * both * whole), p * whole))
        """
_A_FIRST = "x <- q\np <- a\nu <- x\nv <- 1 - x\nq <- b"
_B_FIRST = "x <- q\np <- b\nu <- 1 - x\nv <- x\nq <- a"


def quotient(of: str, own: str) -> str:
    """Return `of` times exp(front) over a tail: that is the smaller one, total * exp(front), under the condition `own`, else `known`."""
    return f"ifelse({own}, {of}/total, exp(0.5 * front) * {of} * exp(0.5 * front)/known)"


def quotient_row(
    name: str, call: str, flag: str, text: str, value: str, edge: str, derivatives: tuple[str, ...], **fields: Any
) -> Row:
    """Return the row of a quotient by a probability.

    Args:
        name: The name of the row.
        call: The probability's name after p, with its arguments: "gamma(q, shape, rate)", "nbinom(q, size, mu = mu)".
        flag: Its flag.
        text: Assignments of `total`, `front`, `lower`, `valid` and `inside`.
        value: The quotient.
        edge: Its value at ends of the support and outside.
        derivatives: Texts.
        fields: Other arguments of `row`.
    """
    known = f"known <- p{call.removesuffix(')')}{flag})\n        "
    pieces = GAMMA_PIECES if "poisson(a, x)" in text else BETA_PIECES
    return row(
        f"{name}({call.partition('(')[2].replace('mu = mu', 'mu')}", *derivatives, source="DLMF 8.2.4, 8.17.2, 3.5(v)",
        stable=with_pieces(pieces, f"{INTEGRAL}{known}{text}ifelse(inside, {value}, ifelse(valid, {edge}, NaN))"), **fields,
    )  # fmt: skip


def _gamma(call: str, shape: str, x: str, rate: str, half: str, **fields: Any) -> Iterator[Row]:
    """Return the rows of a distribution that is an incomplete gamma function, for both tails.

    Args:
        call: Its name and parameters.
        shape: The shape in them.
        x: The argument.
        rate: The derivative of the argument with respect to q.
        half: The derivative of the shape with respect to the second parameter.
        fields: Other arguments of `row`.
    """
    own_rate, name = "rate" in call, call.partition("(")[0]
    text = f"pace <- {rate}\n        a <- {shape}\n        x <- {x}\n        given <- a\n        at <- x\n        {GAMMA_PLAIN}"
    for lower, tail, flag, sign in TAILS:
        own = "lower" if lower else "!lower"
        minus, kind = ("-", "") if lower else ("", "upper ")
        by_q, by_shape = f"d{name}_by{tail}", f"p{name}_shape{tail}"
        score, given = f"({shape} - 1)/q - {rate}", f"p{call.removesuffix(')')}{flag})"
        mixed = f"{half}(log({x}) - digamma({shape}))"
        at_zero = "Inf" if lower else "ifelse(given < 1, Inf, ifelse(given == 1, pace, 0))"
        yield quotient_row(
            by_q, call, flag, text, f"pace * {quotient('(a/x)', own)}",
            f"ifelse(at == 0, {at_zero}, {'ifelse(at > 0, 0, NaN)' if lower else 'ifelse(at > 0, pace, 0)'})",
            (f"f * ({score} - {sign}f)", f"f * ({mixed} - {by_shape})", *([f"f * (shape/rate - q - {sign}q/rate * f)"] if own_rate else [])),
            meaning=f"d{call}/{given}", summary=f"density by {kind}probability, {name}", **fields,
        )  # fmt: skip
        mixed = f"{sign}{by_q} * ({mixed} - f)"
        yield quotient_row(
            by_shape, call, flag, f"{text}{_GAMMA_FIRST}", f"{minus}{half}{quotient('first', own)}", "ifelse(at > 0, 0, NaN)" if lower else "0",
            (mixed, f"f * ({half}gammainc_grad_aa({shape}, {x}, relative = TRUE) - f)", *([f"q/rate * ({mixed})"] if own_rate else [])),
            meaning=f"{sign}{half}gammainc_grad_a({shape}, {x})/{given}",
            summary=f"derivative of the logarithm of the {kind}probability with respect to the shape, {name}", **fields,
        )  # fmt: skip


def _beta() -> Iterator[Row]:
    call = "beta(q, a, b)"
    points = ((0.3, 0.7, 2.2), (0.8, 3.1, 1.4), (0.35, 20.5, 31.0))
    scores = {"a": "log(q) - digamma(a) + digamma(a + b)", "b": "log1p(-q) - digamma(b) + digamma(a + b)"}
    fields: dict[str, Any] = {"points": points, "valid": "(a > 0) & (b > 0)"}
    for lower, tail, flag, sign in TAILS:
        by_q, kind, given = f"dbeta_by{tail}", "" if lower else "upper ", f"pbeta(q, a, b{flag})"
        before, end, after = ("NaN", "dbeta(1, a, b)", "0") if lower else ("0", "dbeta(0, a, b)", "NaN")
        yield quotient_row(
            by_q, call, flag, f"edge <- {end}\n        {beta(_A_FIRST, *BETA_FIRST)}{BETA_TOTAL}", quotient("(p/u/v)", "lower" if lower else "!lower"),
            f"ifelse(x == 0, {'Inf' if lower else 'edge'}, ifelse(x == 1, {'edge' if lower else 'Inf'}, ifelse(x < 0, {before}, {after})))",
            (f"f * ((a - 1)/q - (b - 1)/(1 - q) - {sign}f)", *[f"f * ({scores[s]} - pbeta_{s}{tail})" for s in "ab"]),
            meaning=f"dbeta(q, a, b)/{given}", summary=f"density by {kind}probability, beta", **fields,
        )  # fmt: skip
        for s, other in (("a", "b"), ("b", "a")):
            # For the second shape the integral is that of 1 - q, whose lower tail is the upper one of q.
            own, minus = ("lower", "-") if lower == (s == "a") else ("!lower", "")
            twice = f"f * (betainc_grad_{s}{s}(a, b, q, relative = TRUE) - f)"
            ratio = "" if s == "a" else f" * pbeta_a{tail}/f"
            mixed = f"f * (betainc_grad_ab(a, b, q, relative = TRUE){ratio} - pbeta_{other}{tail})"
            yield quotient_row(
                f"pbeta_{s}{tail}", call, flag, f"{beta(_A_FIRST if s == 'a' else _B_FIRST, *BETA_FIRST)}{BETA_TOTAL}",
                f"{minus}{quotient('first', own)}", "0", (f"{sign}{by_q} * ({scores[s]} - f)", *((twice, mixed) if s == "a" else (mixed, twice))),
                meaning=f"{sign}betainc_grad_{s}(a, b, q)/{given}",
                summary=f"derivative of the logarithm of the {kind}probability with respect to {s}, beta", **fields,
            )  # fmt: skip


LOG_TAILS = (
    *_gamma("gamma(q, shape, rate)", "shape", "(q * rate)", "rate", "", points=((0.6, 0.7, 1.3), (4.0, 3.2, 0.4), (30.5, 12.3, 1.1)),
        valid="(shape > 0) & (rate > 0)"),
    *_gamma("chisq(q, df)", "(df/2)", "(q/2)", "0.5", "0.5 * ", points=((0.6, 1.3), (4.0, 5.5), (60.5, 12.3)), valid="df > 0"),
    *_beta(),
)  # fmt: skip
# The derivatives of logarithms of probabilities in them, by the names of their rows.
LOGARITHMS: Mapping[str, tuple[str, ...]] = {
    "pgamma.log": ("dgamma_by", "pgamma_shape", "q/rate * dgamma_by"),
    "pgamma.upper.log": ("-dgamma_by_upper", "pgamma_shape_upper", "-(q/rate * dgamma_by_upper)"),
    "pchisq.log": ("dchisq_by", "pchisq_shape"),
    "pchisq.upper.log": ("-dchisq_by_upper", "pchisq_shape_upper"),
    "pbeta.log": ("dbeta_by", "pbeta_a", "pbeta_b"),
    "pbeta.upper.log": ("-dbeta_by_upper", "pbeta_a_upper", "pbeta_b_upper"),
}
