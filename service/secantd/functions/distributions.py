"""Distributions: density (d), probability (p) and quantile (q), a row for each setting of R's flags.

What is known of a family is its score, the derivative of its log density, and how its probability moves with a
parameter; every row follows from these two. With F the probability and f its density,

    ∂F/∂θ = f·s,   ∂log F/∂θ = exp(log f - log F)·s,   ∂q/∂θ = -s(q),   ∂q/∂p = 1/f(q).

Formulas: Johnson, Kotz & Balakrishnan, Continuous Univariate Distributions, 2nd ed.; Johnson, Kemp & Kotz,
Univariate Discrete Distributions, 3rd ed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from secantd.functions.row import Function, row

__all__ = ["DISTRIBUTIONS"]

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions; texts are in x and the names of the parameters.

    Attributes:
        name: R's name behind d, p and q.
        parameters: As in R's signature, with defaults.
        title: What it is called.
        latex: What stands as the index of f and F.
        score: ∂log f/∂x, then by each parameter. "" where none is known.
        slopes: s for each parameter, with ∂F/∂θ = f·s. "" where none is known.
        reason: Why those are not known.
        whole: Why f and F have no derivative by x, for whole numbers; "" else.
        at: The arguments of f in ∂F/∂θ, where they are not F's own.
        exact: Derivatives that have a better text, by the row's name.
        instead: See Function.
        scipy: Its name in scipy.stats, where the parameters are the same.
    """

    name: str
    parameters: str
    title: str
    latex: str
    score: Texts
    slopes: Texts
    reason: str = ""
    whole: str = ""
    at: str = ""
    exact: dict[str, Texts] = field(default_factory=dict)
    instead: tuple[tuple[str, str, str], ...] = ()
    scipy: str = ""

    @property
    def names(self) -> list[str]:
        return [p.partition("=")[0].strip() for p in self.parameters.split(",")]

    def method(self, kind: str) -> str:
        """Return the name in SciPy of a row, "" where there is none."""
        method = METHODS.get(kind, "").replace("pdf", "pmf" if self.whole else "pdf")
        return f"stats.{self.scipy}.{method}" if self.scipy and method else ""

    def call(self, kind: str, x: str, flags: str = "") -> str:
        return f"{kind}{self.name}({', '.join([x, *self.names])}{flags})"


# What stands for the argument of a text.
X = re.compile(r"\bx\b")
TAILS = (("", True, False), (".upper", False, False), (".log", True, True), (".upper.log", False, True))
# SciPy's names, where its parameters are R's; what it has no method for is written as in R.
METHODS = {
    "d": "pdf", "d.log": "logpdf", "p": "cdf", "p.upper": "sf", "p.log": "logcdf", "p.upper.log": "logsf", "q": "ppf",
    "q.upper": "isf",
}  # fmt: skip


def spellings(method: str) -> str:
    """Return the names by which a method of SciPy is read."""
    return f"{method} scipy.{method} {method.removeprefix('stats.')}" if method else ""


def word(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def densities(family: Family) -> Iterator[Function]:
    for name, log in (("", False), (".log", True)):
        own = f"d{family.name}{name}"
        texts = tuple(s and (s if log else "0" if s == "0" else f"f * ({s})") for s in family.score)
        yield row(
            f"d{family.name}(x, {family.parameters}, log = {word(log)})", *family.exact.get(own, texts), name=own,
            summary=f"{'logarithm of the ' if log else ''}density of the {family.title} distribution",
            latex=(r"\ln " if log else "") + f"f_{{{{{family.latex}}}}}" + arguments(family), instead=family.instead,
            unknown=family.whole or family.reason, spelled=family.name == "norm", python=family.method(f"d{name}"), aliases=spellings(family.method(f"d{name}")),
        )  # fmt: skip


def probabilities(family: Family) -> Iterator[Function]:
    for tail, lower, log in TAILS:
        own = f"p{family.name}{tail}"
        at = family.at or ", ".join(["q", *family.names])
        density = f"exp(d{family.name}({at}, log = TRUE) - f)" if log else f"d{family.name}({at})"
        sign = "" if lower else "-"
        by_x = "" if family.whole else f"{sign}{density}"
        texts = (by_x, *[s and f"{sign}({density} * ({X.sub('q', s)}))" for s in family.slopes])
        latex = f"F_{{{{{family.latex}}}}}" + arguments(family)
        latex = latex if lower else rf"\left(1 - {latex}\right)"
        yield row(
            f"p{family.name}(q, {family.parameters}, lower.tail = {word(lower)}, log.p = {word(log)})",
            *family.exact.get(own, texts), name=own, latex=(r"\ln " if log else "") + latex, instead=family.instead,
            summary=f"{'logarithm of the ' if log else ''}probability of {'at most' if lower else 'more than'} q, "
            f"{family.title} distribution", unknown=family.whole or family.reason, python=family.method(f"p{tail}"), aliases=spellings(family.method(f"p{tail}")),
        )  # fmt: skip


def quantiles(family: Family) -> Iterator[Function]:
    for tail, lower, log in TAILS:
        own = f"q{family.name}{tail}"
        by_p = f"exp(p - {family.call('d', 'f', ', log = TRUE')})" if log else f"1/{family.call('d', 'f')}"
        moves = family.exact.get(f"q{family.name}", tuple(s and f"-({X.sub('f', s)})" for s in family.slopes))
        texts = (by_p if lower else f"-({by_p})", *moves)
        if family.whole:
            texts = ("",) * len(texts)
        chance = "{0}" if not log else "e^{{{0}}}"
        chance = chance if lower else f"1 - {chance}"
        yield row(
            f"q{family.name}(p, {family.parameters}, lower.tail = {word(lower)}, log.p = {word(log)})",
            *family.exact.get(own + ".p", texts[:1]), *texts[1:], name=own, instead=family.instead,
            summary=f"quantile of the {family.title} distribution",
            latex=f"F_{{{{{family.latex}}}}}^{{{{-1}}}}" + arguments(family, chance),
            unknown="its values are whole numbers" if family.whole else family.reason, python=family.method(f"q{tail}"), aliases=spellings(family.method(f"q{tail}")),
        )  # fmt: skip


def arguments(family: Family, first: str = "{0}") -> str:
    others = ", ".join(f"{{{i + 1}}}" for i in range(len(family.names)))
    return rf"\left({first} \mid {others}\right)"


_BY_SHAPE = "by its shape the incomplete gamma function is no finite formula of this table (DLMF 8.8)"
_BY_SHAPES = "by its parameters the incomplete beta function is no finite formula of this table (DLMF 8.17)"
_COUNT = "whole numbers move in steps"

FAMILIES = (
    Family("norm", "mean = 0, sd = 1", "normal", r"\mathcal{{N}}",
        ("-((x - mean)/sd^2)", "(x - mean)/sd^2", "(((x - mean)/sd)^2 - 1)/sd"), ("-1", "(mean - x)/sd"),
        exact={"qnorm": ("1", "(f - mean)/sd")}, scipy="norm"),
    Family("lnorm", "meanlog = 0, sdlog = 1", "log-normal", r"\mathrm{{LN}}",
        ("-((1 + (log(x) - meanlog)/sdlog^2)/x)", "(log(x) - meanlog)/sdlog^2",
         "(((log(x) - meanlog)/sdlog)^2 - 1)/sdlog"),
        ("-x", "x * (meanlog - log(x))/sdlog"), exact={"qlnorm": ("f", "f * (log(f) - meanlog)/sdlog")}),
    Family("exp", "rate = 1", "exponential", r"\mathrm{{Exp}}", ("-rate", "1/rate - x"), ("x/rate",)),
    Family("gamma", "shape, rate = 1", "gamma", r"\Gamma",
        ("(shape - 1)/x - rate", "log(rate * x) - digamma(shape)", "shape/rate - x"), ("", "x/rate"), reason=_BY_SHAPE,
        instead=(("scale", "rate", "1/scale"),)),
    Family("chisq", "df", "chi-squared", r"\chi^2", ("(df/2 - 1)/x - 0.5", "0.5 * (log(x/2) - digamma(df/2))"), ("",),
        reason=_BY_SHAPE, scipy="chi2"),
    Family("beta", "shape1, shape2", "beta", r"\mathrm{{Beta}}",
        ("(shape1 - 1)/x - (shape2 - 1)/(1 - x)", "log(x) - digamma(shape1) + digamma(shape1 + shape2)",
         "log1p(-x) - digamma(shape2) + digamma(shape1 + shape2)"), ("", ""), reason=_BY_SHAPES, scipy="beta"),
    Family("t", "df", "Student t", r"t",
        ("-((1 + df) * x/(df + x^2))",
         "0.5 * (digamma((1 + df)/2) - digamma(df/2) - log1p(x^2/df) + (x^2 - 1)/(df + x^2))"), ("",),
        reason=_BY_SHAPES, scipy="t"),
    Family("weibull", "shape, scale = 1", "Weibull", r"\mathrm{{Weibull}}",
        ("(shape * (1 - (x/scale)^shape) - 1)/x", "1/shape + log(x/scale) * (1 - (x/scale)^shape)",
         "shape * ((x/scale)^shape - 1)/scale"), ("x * log(x/scale)/shape", "-(x/scale)")),
    Family("cauchy", "location = 0, scale = 1", "Cauchy", r"\mathrm{{Cauchy}}",
        ("-(2 * (x - location)/(scale^2 + (x - location)^2))", "2 * (x - location)/(scale^2 + (x - location)^2)",
         "((x - location)^2 - scale^2)/(scale * (scale^2 + (x - location)^2))"), ("-1", "(location - x)/scale"),
        exact={"qcauchy": ("1", "(f - location)/scale")}, scipy="cauchy"),
    Family("unif", "min = 0, max = 1", "uniform", r"\mathrm{{U}}", ("0", "1/(max - min)", "-(1/(max - min))"),
        ("(x - max)/(max - min)", "-((x - min)/(max - min))"),
        exact={"qunif": ("(max - f)/(max - min)", "(f - min)/(max - min)")}),
    # 1 - 2F = -tanh(z/2) and f = F(1 - F)/scale: stable at both ends.
    Family("logis", "location = 0, scale = 1", "logistic", r"\mathrm{{Logistic}}",
        ("-(tanh((x - location)/(2 * scale))/scale)", "tanh((x - location)/(2 * scale))/scale",
         "((x - location)/scale * tanh((x - location)/(2 * scale)) - 1)/scale"), ("-1", "(location - x)/scale"),
        exact={
            "plogis.log": tuple(f"{s}plogis(q, location, scale, lower.tail = FALSE)/scale{t}"
                for s, t in (("", ""), ("-", ""), ("", " * ((location - q)/scale)"))),
            "plogis.upper.log": tuple(f"{s}plogis(q, location, scale)/scale{t}"
                for s, t in (("-", ""), ("", ""), ("", " * ((q - location)/scale)"))),
            "qlogis": ("1", "(f - location)/scale"), "qlogis.p": ("scale/(p * (1 - p))",),
            "qlogis.upper.p": ("-(scale/(p * (1 - p)))",), "qlogis.log.p": ("-(scale/expm1(p))",),
            "qlogis.upper.log.p": ("scale/expm1(p)",),
        }, scipy="logistic"),
    # R takes what is within 1e-7 below a whole number as that number.
    Family("pois", "lambda", "Poisson", r"\mathrm{{Pois}}", ("", "(x - lambda)/lambda"), ("-1",), reason=_COUNT,
        whole=_COUNT, at="floor(q + 1e-07), lambda", scipy="poisson"),
    Family("binom", "size, prob", "binomial", r"\mathrm{{Bin}}", ("", "", "(x - size * prob)/(prob * (1 - prob))"),
        ("", "-size"), reason=_COUNT, whole=_COUNT, at="floor(q + 1e-07), size - 1, prob", scipy="binom"),
    Family("nbinom", "size, prob", "negative binomial", r"\mathrm{{NB}}",
        ("", "digamma(x + size) - digamma(size) + log(prob)", "size/prob - x/(1 - prob)"), ("", "size/prob^2"),
        reason=_BY_SHAPES, whole=_COUNT, at="floor(q + 1e-07), size + 1, prob",
        instead=(("mu", "prob", "size/(size + mu)"),), scipy="nbinom"),
)  # fmt: skip

DISTRIBUTIONS = tuple(r for f in FAMILIES for kind in (densities, probabilities, quantiles) for r in kind(f))
