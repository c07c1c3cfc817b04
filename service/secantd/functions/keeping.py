"""Functions of the table whose printed derivatives lose digits, and inner rows with the same values and other derivatives.

Programs differentiate the inner rows; printed formulas keep the others.
"""

from collections.abc import Iterator

from secantd.functions.counttails import COUNT_LOGARITHMS
from secantd.functions.distributions import DISTRIBUTIONS, FAMILIES, Family
from secantd.functions.distributions.family import X, densities, probabilities, quantiles
from secantd.functions.logtails import LOGARITHMS
from secantd.functions.oddstails import ODDS_LOGARITHMS
from secantd.functions.row import Row, row
from secantd.functions.special import SPECIAL

__all__ = ["KEEPING", "KEPT", "PRINTED"]


def same_values(printed: Row, *derivatives: str) -> Row:
    """Return the inner row of a printed one: texts of derivatives, in which inner rows of the same parameters are names."""
    given = [f"{name} = {p}" if name else p for name, p in zip(printed.named, printed.parameters, strict=True)]
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in printed.flags]
    call = f"{printed.written}({', '.join([*given, *flags])})"
    return row(
        f"{printed.name}_stable({', '.join(printed.parameters)})", *derivatives, summary=f"{call}, with derivatives that keep their digits",
        meaning=call, stable=call, points=printed.points, source=printed.source, valid=printed.valid, unknown=printed.unknown,
    )  # fmt: skip


def of_family(family: Family) -> Iterator[Row]:
    """Return the inner rows of a family: densities left and right of the support, scores that cancel, and quantiles."""
    for f in densities(family):
        log = f.name.endswith(".log")
        texts = list(f.derivatives)
        for i, name in enumerate(family.names, 1):
            if name in family.scores:
                texts[i] = family.scores[name] if log else f"f * {family.scores[name]}"
        if family.outside and not log:
            texts = [t and f"ifelse({family.outside}, 0, {t})" for t in texts]
        if texts != list(f.derivatives):
            yield same_values(f, *texts)
    if family.standard:
        for f in quantiles(family):
            yield same_values(f, *by_standard(family, f))


def by_standard(family: Family, f: Row) -> tuple[str, ...]:
    """Return the derivatives of a quantile of location and scale from that of location 0 and scale 1, which has more digits."""
    flags = "".join(f", {n} = {'TRUE' if v else 'FALSE'}" for n, v in f.flags)
    z = f"q{family.standard}(p, 0, 1{flags})"
    scale = family.names[-1]
    lower, log = (v for _, v in f.flags)
    if family.standard == "logis":
        return f.derivatives[0], "1", z
    if log and family.standard == "norm":
        slope = "qnorm_slope"
    elif log:
        slope = f"{scale} * exp(p - d{family.standard}({z}, 0, 1, log = TRUE))"
    else:
        slope = f"{scale}/d{family.standard}({z}, 0, 1)"
    if f.derivatives[1] == "f":
        # The quantile is the exponential of one of location and scale.
        slope, z = f"f * ({slope})", f"ifelse(f > 0, f * {z}, 0)"
    return slope if lower else f"-({slope})", f.derivatives[1], z


def of_beta(f: Row) -> Row:
    """Return the inner row of a quantile of the beta distribution: above 1/2 by 1 less it, which has more digits than it."""
    lower, log = (value for _, value in f.flags)
    flags = f"lower.tail = {'FALSE' if lower else 'TRUE'}, log.p = {'TRUE' if log else 'FALSE'}"
    sides = (("f", "shape1, shape2", "ab"), (f"qbeta(p, shape2, shape1, {flags})", "shape2, shape1", "ba"))
    slopes, firsts, seconds = [], [], []
    for x, shapes, names in sides:
        density = f"dbeta({x}, {shapes}, log = TRUE)"
        slopes.append(f"exp(p - {density})" if log else f"1/dbeta({x}, {shapes})")
        first, second = (f"exp(betainc_grad_{n}({shapes}, {x}, log = TRUE) - {density})" for n in names)
        firsts.append(first)
        seconds.append(second)
        if log:
            # x underflows before log p does.
            for texts in (slopes, firsts, seconds):
                texts[-1] = f"ifelse(({x} == 0) & (p < 0), 0, {texts[-1]})"
    slope, first, second = (f"ifelse(f < 0.5, {one}, {other})" for one, other in (slopes, firsts, seconds))
    return same_values(f, slope if lower else f"-{slope}", first, f"-{second}")


def of_logarithm(family: Family, f: Row) -> Row:
    """Return the inner row of the logarithm of a probability that is no double only where f/F has a formula of its own."""
    upper = ".upper" in f.name
    given = ", ".join(["q", *family.names])
    density = f"d{family.name}({given})/p{family.name}({given}{', lower.tail = FALSE' if upper else ''})"
    known = CLOSED_HAZARDS.get(family.name) if upper else None
    texts = [known or density, *[f"{known or density} * ({X.sub('q', s)})" for s in family.slopes]]
    if upper:
        texts = [f"ifelse(q < 0, 0, -({t}))" if known else f"-({t})" for t in texts]
    return same_values(f, *texts)


def of_uniform(f: Row) -> Row:
    """Return the inner row of a quantile of the uniform distribution, which is linear in all but p."""
    lower, log = (value for _, value in f.flags)
    one, other, slope = ("exp(p)", "-expm1(p)", "exp(p) * (max - min)") if log else ("p", "1 - p", "max - min")
    return same_values(f, slope, other, one) if lower else same_values(f, f"-({slope})", one, other)


def of_special(name: str, *derivatives: str) -> Row:
    return same_values(next(f for f in SPECIAL if f.name == name), *derivatives)


# Logarithms of probabilities, by inner rows for f/F.
NORMAL = {
    "pnorm.log": ("mills", "-mills", "mills * ((mean - q)/sd)"),
    "pnorm.upper.log": ("-mills_upper", "mills_upper", "mills_upper * ((q - mean)/sd)"),
    "plnorm.log": ("mills_log", "-(q * mills_log)", "q * mills_log * ((meanlog - log(q))/sdlog)"),
    "plnorm.upper.log": (
        "-mills_log_upper", "q * mills_log_upper", "ifelse(q > 0, q * mills_log_upper * ((log(q) - meanlog)/sdlog), 0)",
    ),
}  # fmt: skip
# f/F of the Cauchy distribution, which is 1/distance where f is no double.
_CAUCHY = (
    "ifelse((location - q)/scale > 1e9, 1/(location - q), dcauchy(q, location, scale)/pcauchy(q, location, scale))"
)
_CAUCHY_UPPER = """ifelse((q - location)/scale > 1e9, 1/(q - location),
    dcauchy(q, location, scale)/pcauchy(q, location, scale, lower.tail = FALSE))"""
CAUCHY = {
    "pcauchy.log": (_CAUCHY, f"-{_CAUCHY}", f"{_CAUCHY} * ((location - q)/scale)"),
    "pcauchy.upper.log": (f"-{_CAUCHY_UPPER}", _CAUCHY_UPPER, f"{_CAUCHY_UPPER} * ((q - location)/scale)"),
}
CLOSED_HAZARDS = {"exp": "rate", "weibull": "shape/scale * (q/scale)^(shape - 1)"}
CLOSED = [family for family in FAMILIES if family.name in ("exp", "weibull", "unif")]
KEPT = (
    of_special("erfcx", "erfcx1"),
    of_special("dawsn", "dawsn1"),
    of_special("choose", "f * choose_n", ""),
    of_special("lchoose", "choose_n", ""),
    of_special("lbeta", "lbeta_a", "lbeta_b"),
    *[
        of_special(f"bessel{kind}.scaled", f"bessel{kind}_scaled1", f"bessel{kind}_grad_nu(x, nu, TRUE)")
        for kind in "IK"
    ],
    of_special("beta", "f * lbeta_a", "f * lbeta_b"),
    *[f for family in FAMILIES for f in of_family(family)],
    *[of_beta(f) for f in DISTRIBUTIONS if f.written == "qbeta"],
    *[of_logarithm(family, f) for family in CLOSED for f in probabilities(family) if f.name.endswith(".log")],
    *[of_uniform(f) for f in DISTRIBUTIONS if f.written == "qunif"],
    *[
        same_values(f, *texts[f.name])
        for texts in (NORMAL, CAUCHY, LOGARITHMS, COUNT_LOGARITHMS, ODDS_LOGARITHMS)
        for f in DISTRIBUTIONS
        if f.name in texts
    ],
)
KEEPING = {f.name.removesuffix("_stable"): f.name for f in KEPT}
# The printed function of each row of KEPT.
PRINTED = {row: name for name, row in KEEPING.items()}
