"""Densities divided by probabilities, the derivatives of logarithms of probabilities, by which programs compute them.

As printed, exp(log f - log F) is a difference of two logarithms that agree in all but the last digits far out.
"""

from collections.abc import Iterator

from secantd.functions.pieces import with_pieces
from secantd.functions.row import Row, row

__all__ = ["HAZARDS"]

# f/F of the standard normal distribution, and the derivative of its logarithm, -(z + f/F), by the continued fraction DLMF 7.9.2, of
# which the second one is what follows z.
_MILLS = """mills <- function(z) {
            far <- z
            for (k in 12:1) far <- z + k/far
            ifelse(z > -30, density(z)/below(z), -far)
        }
        curve <- function(z) {
            far <- z
            for (k in 60:2) far <- z + k/far
            ifelse(z > -6, -(z + density(z)/below(z)), 1/far)
        }
        """
_Z = {"": "z <- {}(q - mean)/sd\n        ", "_log": "z <- {}(log(pmax(q, 0)) - mean)/sd\n        "}


def _mills(log: str, upper: bool) -> Iterator[Row]:
    """Return f/F of the normal distribution, or with "_log" of the log-normal one, and the derivative of its logarithm in z.

    Args:
        log: "" or "_log".
        upper: Whether F is the upper tail.
    """
    tail, sign, other = ("_upper", "-", "") if upper else ("", "", "-")
    name, curve = f"mills{log}{tail}", f"curve{log}{tail}"
    kind = "lnorm" if log else "norm"
    x = "log(q)" if log else "q"
    value, by = ("f/q", "/q") if log else ("f", "")
    # A density that is no double may be one after the division by a small q.
    ratio = "ifelse(z > -30, dlnorm(q, mean, sd)/below(z), mills(pmin(z, -30))/sd/q)" if log else "mills(z)/sd"
    pieces, z = "error below density", _Z[log].format(sign)
    edge = f"ifelse(q > 0, {{}}, {'0' if upper else 'NaN'})" if log else "{}"
    distance = f"(mean - {x})/sd" if upper else f"({x} - mean)/sd"
    points = (
        ((0.3, 0.1, 1.2), (4.4, 0.5, 0.7), (0.001, 0.5, 0.7))
        if log
        else ((0.3, 0.1, 1.2), (-4.4, 0.5, 0.7), (-25.5, 0.5, 0.7), (25.5, 0.5, 0.7))
    )
    less = " - 1" if log else ""
    yield row(
        f"{name}(q, mean, sd)", f"{value} * ({sign}{curve}{less})", f"{other}(f * {curve})", f"-(f * (1/sd + {curve} * ({distance})))",
        summary=f"density by {'upper ' if upper else ''}probability of the {'log-' if log else ''}normal distribution",
        meaning=f"d{kind}(q, mean, sd)/p{kind}(q, mean, sd{', FALSE' if upper else ''})", valid="sd > 0", source="DLMF 7.9.2", points=points,
        stable=with_pieces(pieces, f"{_MILLS}{z}ifelse(sd > 0, {edge.format(ratio)}, NaN)"),
    )  # fmt: skip
    yield row(
        f"{curve}(q, mean, sd)", f"{other}(1/sd^2 + {f'{name} * q' if log else name} * f){by}",
        f"{sign}(1/sd^2 + {f'{name} * q' if log else name} * f)",
        f"(1/sd^2 + {f'{name} * q' if log else name} * f) * ({distance}) - f/sd",
        summary=f"derivative of the logarithm of {name}() with respect to the distance from the mean",
        meaning=f"{other}(({x} - mean)/sd + {sign}sd * {'q * ' if log else ''}d{kind}(q, mean, sd)/p{kind}(q, mean, sd{', FALSE' if upper else ''}))/sd"
        if not upper else f"(({x} - mean)/sd - sd * {'q * ' if log else ''}d{kind}(q, mean, sd)/p{kind}(q, mean, sd, FALSE))/sd",
        valid="sd > 0", source="DLMF 7.9.2", points=points,
        stable=with_pieces(pieces, f"{_MILLS}{z}ifelse(sd > 0, {edge.format('curve(z)/sd')}, NaN)"),
    )  # fmt: skip


# dq/dp for p = log F is F/f at the quantile.
_SLOPE = row(
    "qnorm_slope(p, mean, sd)", "f * (f/sd * qnorm(p, 0, 1, TRUE, TRUE) + 1)", "0", "f/sd",
    summary="derivative of qnorm(p, mean, sd, log.p = TRUE) with respect to p", meaning="exp(p - dnorm(qnorm(exp(p)), log = TRUE)) * sd",
    valid="(p <= 0) & (sd > 0)", source="DLMF 7.9.2", points=((-0.7, 0.1, 1.2), (-4.4, 0.5, 0.7), (-30.5, 0.5, 0.7)),
    stable=with_pieces("error below density", f"{_MILLS}ifelse(sd > 0, sd/mills(qnorm(p, 0, 1, TRUE, TRUE)), NaN)"),
)  # fmt: skip

HAZARDS = (*_mills("", False), *_mills("", True), *_mills("_log", False), *_mills("_log", True), _SLOPE)
