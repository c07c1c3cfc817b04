"""Families of distributions, and the rows of the table that follow from each.

Derivatives follow from the score, the derivative of the log density, and from the derivative of the probability with
respect to a parameter. With F the probability and f its density,

    ∂F/∂θ = f·s,   ∂log F/∂θ = exp(log f - log F)·s,   ∂q/∂θ = -s(q),   ∂q/∂p = 1/f(q).

Where no s is known but ∂F/∂θ is a function g of the table, of which the table also has log|g|,

    ∂F/∂θ = g,   ∂log F/∂θ = ±exp(log|g| - log F),   ∂q/∂θ = ∓exp(log|g(q)| - log f(q)).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from secantd.functions.row import Row, row

__all__ = ["Family", "X", "densities", "probabilities", "quantiles", "rows"]

Texts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """A family of distributions.

    Texts are formulas in x, q or p, R's name of the first argument, and in the names of the parameters.

    Attributes:
        name: R's name after d, p and q.
        parameters: The parameters of R's signature, with defaults.
        title: Its name in a sentence.
        latex: The index of f and F.
        score: ∂log f/∂x, then with respect to each parameter. "" where none is known.
        slopes: s for each parameter, with ∂F/∂θ = f·s. "" where none is known.
        valid: The condition on the parameters.
        density: The textbook formula of f where x is in the `support`, and its logarithm.
        below: The textbook formula of F; "" where each witness has it. Of a whole-number family in k, q rounded down.
        above: That of 1 - F.
        quantile: The textbook formula of the quantile of p; "" where each witness has it.
        upper: That of the quantile of 1 - p.
        points: Where the density is smooth: x and the parameters.
        stable: The stable forms by the row's prefix and its flags: "d", "d.log", "p.upper.log".
        support: Where the density is not 0; "": everywhere. Of a whole-number family in k, x rounded.
        start: Where F is 0; "": nowhere. Of a whole-number family in k.
        end: Where F is 1.
        reason: Why derivatives are not known.
        whole: Why f and F have no derivative by x, for whole numbers; "" else.
        at: The arguments of f in ∂F/∂θ, where they are not F's own.
        gradients: ∂F/∂θ for parameters without s: its sign, "-", "", "sign(q)", or "?" where it varies, a positive factor, "" or
            "0.5 * ", and the call of a function of the table without its bracket, whose sign that is.
        exact: Derivatives that have a better text, by the row's name.
        places: R's parameters in R's order, separated by blanks, where R has more than `parameters`. `ncp` is 0.
        variant: What the rows' names have after `name`, for a second parametrization of a family: ".mu".
        outside: Where the density is 0 and its score need not exist: "x < 0".
        scores: Inner rows that programs take for a score with respect to a parameter, where the text of `score` loses digits.
        standard: R's name of the family, or of that of the logarithm, where the parameters are a location and a scale: "norm".
        instead: See Row.
        scipy: Its name in scipy.stats, where the parameters are the same.
        source: Where the formulas are from.
    """

    name: str
    parameters: str
    title: str
    latex: str
    score: Texts
    slopes: Texts
    valid: str
    density: tuple[str, str]
    below: str
    above: str
    quantile: str
    upper: str
    points: tuple[tuple[float, ...], ...]
    stable: Mapping[str, str]
    support: str = ""
    start: str = ""
    end: str = ""
    reason: str = ""
    whole: str = ""
    at: str = ""
    gradients: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    exact: Mapping[str, Texts] = field(default_factory=dict)
    places: str = ""
    variant: str = ""
    outside: str = ""
    scores: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    instead: tuple[tuple[str, str, str, str], ...] = ()
    scipy: str = ""
    source: str = ""

    @property
    def names(self) -> list[str]:
        return [p.partition("=")[0].strip() for p in self.parameters.split(",")]

    def method(self, kind: str) -> str:
        """Return the name in SciPy of a row, "" where there is none."""
        method = METHODS.get(kind, "").replace("pdf", "pmf" if self.whole else "pdf")
        return f"stats.{self.scipy}.{method}" if self.scipy and method else ""

    def call(self, kind: str, x: str, flags: str = "") -> str:
        places = self.places.split() or self.names
        given = [p if p == place else f"{p} = {p}" for p, place in zip(self.names, places, strict=False)]
        return f"{kind}{self.name}({', '.join([x, *given])}{flags})"

    def fields(self, first: str) -> dict[str, Any]:
        """Return the fields that all rows have, with `first` as the name of the first parameter."""
        title = f"the non-central {self.title} distribution is not known: '{NCP}' must be 0"
        return {
            "places": (first, *self.places.split()) if self.places else (), "instead": self.instead,
            "only": ((NCP, 0.0, title),) if NCP in self.places.split() else (), "valid": self.valid, "source": self.source,
        }  # fmt: skip


# R's non-centrality parameter.
NCP = "ncp"
# The first argument in a text.
X = re.compile(r"\bx\b")
P = re.compile(r"\bp\b")
Q = re.compile(r"\bq\b")
TAILS = (("", True, False), (".upper", False, False), (".log", True, True), (".upper.log", False, True))
# Probabilities and logarithms of them at which quantiles are tested.
CHANCES = (0.3, 0.82, 0.04)
LOG_CHANCES = (-1.2039728043259361, -0.19845093872383832, -3.2188758248682006)
# R takes what is within 1e-7 of a whole number, or below it, as that number.
ROUNDED = "k <- floor(x + 1/2)\n"
ROUNDED_DOWN = "k <- floor(q + 1e-07)\n"
COUNTED = "(abs(x - k) <= 1e-07 * pmax(1, abs(x))) & (k >= 0)"
# SciPy's names, where its parameters are R's; what it has no method for is written as in R.
METHODS = {
    "d": "pdf", "d.log": "logpdf", "p": "cdf", "p.upper": "sf", "p.log": "logcdf", "p.upper.log": "logsf", "q": "ppf",
    "q.upper": "isf",
}  # fmt: skip


def rows(family: Family) -> Iterator[Row]:
    """Return the ten rows of a family."""
    yield from densities(family)
    yield from probabilities(family)
    yield from quantiles(family)


def spellings(method: str) -> str:
    """Return the names by which a method of SciPy is read."""
    return f"{method} scipy.{method} {method.removeprefix('stats.')}" if method else ""


def word(value: bool) -> str:
    return "TRUE" if value else "FALSE"


def densities(family: Family) -> Iterator[Row]:
    support = " & ".join(s for s in (COUNTED if family.whole else "", family.support) if s)
    for name, log in (("", False), (".log", True)):
        own = f"d{family.name}{family.variant}{name}"
        texts = tuple(s and (s if log else "0" if s == "0" else f"f * ({s})") for s in family.score)
        formula = family.density[log]
        formula = f"ifelse({support}, {formula}, {'-Inf' if log else '0'})" if support else formula
        yield row(
            f"d{family.name}(x, {family.parameters}, log = {word(log)})", *family.exact.get(own, texts), name=own,
            summary=f"{'logarithm of the ' if log else ''}density of the {family.title} distribution",
            latex=(r"\ln " if log else "") + f"f_{{{{{family.latex}}}}}" + arguments(family),
            unknown=family.whole or family.reason, spelled=family.name == "norm", python=family.method(f"d{name}"),
            aliases=spellings(family.method(f"d{name}")), meaning=(ROUNDED if family.whole else "") + formula,
            stable=family.stable.get(f"d{name}", ""), points=family.points, **family.fields("x"),
        )  # fmt: skip


def probabilities(family: Family) -> Iterator[Row]:
    for tail, lower, log in TAILS:
        own = f"p{family.name}{family.variant}{tail}"
        at = family.at or ", ".join(["q", *family.names])
        density = f"exp(d{family.name}({at}, log = TRUE) - f)" if log else f"d{family.name}({at})"
        sign = "" if lower else "-"
        by_x = "" if family.whole else f"{sign}{density}"
        texts = (by_x, *[s and times(density, X.sub("q", s), lower) for s in family.slopes])
        texts = by_gradients(family, texts, "f" if log else "", lower)
        latex = f"F_{{{{{family.latex}}}}}" + arguments(family)
        latex = latex if lower else rf"\left(1 - {latex}\right)"
        yield row(
            f"p{family.name}(q, {family.parameters}, lower.tail = {word(lower)}, log.p = {word(log)})",
            *family.exact.get(own, texts), name=own, latex=(r"\ln " if log else "") + latex,
            summary=f"{'logarithm of the ' if log else ''}probability of {'at most' if lower else 'more than'} q, "
            f"{family.title} distribution", unknown=family.whole or family.reason, python=family.method(f"p{tail}"),
            aliases=spellings(family.method(f"p{tail}")), meaning=probability(family, lower, log),
            stable=family.stable.get(f"p{tail}", ""), points=family.points, **family.fields("q"),
        )  # fmt: skip


def by_gradients(family: Family, texts: Texts, less: str, same: bool, at: str = "q") -> Texts:
    """Return the derivatives of a probability or a quantile with those that follow from `gradients` filled in.

    Args:
        family: The family.
        texts: The derivative with respect to the first argument, and to each parameter.
        less: The logarithm of what the gradient is divided by, "" for 1.
        same: Whether the sign is that of the gradient.
        at: The first argument of the probability.
    """
    found = list(texts)
    for i, name in enumerate(family.names, 1):
        if name in family.gradients:
            sign, factor, call = family.gradients[name]
            call = Q.sub(at, call)
            if less and sign in ("?", "sign(q)"):
                sign = f"{call.replace('_grad_', '_sign_')})" if sign == "?" else Q.sub(at, sign)
                found[i] = f"{sign} * {factor}exp({call}, log = TRUE) - {less})"
                found[i] = found[i] if same else f"-({found[i]})"
            elif less:
                positive = (sign == "") == same
                found[i] = f"{factor}exp({call}, log = TRUE) - {less})"
                found[i] = found[i] if positive else f"-({found[i]})"
            else:
                found[i] = f"{factor}{call})" if same else f"-({factor}{call}))"
    return tuple(found)


def times(density: str, slope: str, lower: bool) -> str:
    """Return the product of a density and a slope, for the upper tail with the other sign."""
    if slope == "-1":
        return f"-{density}" if lower else density
    return f"{density} * ({slope})" if lower else f"-({density} * ({slope}))"


def probability(family: Family, lower: bool, log: bool) -> str:
    """Return the textbook formula of a probability or of its logarithm, "" where it is a primitive."""
    formula = family.below if lower else family.above
    if not formula and not log:
        return ""
    formula = formula or family.call("p", "q", f", lower.tail = {word(lower)}")
    formula = f"log({formula})" if log else formula
    none, every = ("-Inf", "0") if log else ("0", "1")
    first, last = (none, every) if lower else (every, none)
    formula = f"ifelse({family.end}, {last}, {formula})" if family.end else formula
    formula = f"ifelse({family.start}, {first}, {formula})" if family.start else formula
    return (ROUNDED_DOWN if family.whole else "") + formula


def quantiles(family: Family) -> Iterator[Row]:
    for tail, lower, log in TAILS:
        own = f"q{family.name}{family.variant}{tail}"
        by_p = f"exp(p - {family.call('d', 'f', ', log = TRUE')})" if log else f"1/{family.call('d', 'f')}"
        moves = family.exact.get(f"q{family.name}", tuple(s and f"-({X.sub('f', s)})" for s in family.slopes))
        texts = (by_p if lower else f"-({by_p})", *moves)
        texts = by_gradients(family, texts, family.call("d", "f", ", log = TRUE"), False, "f")
        if family.whole:
            texts = ("",) * len(texts)
        chance = "{0}" if not log else "e^{{{0}}}"
        chance = chance if lower else f"1 - {chance}"
        chances = LOG_CHANCES if log else CHANCES
        yield row(
            f"q{family.name}(p, {family.parameters}, lower.tail = {word(lower)}, log.p = {word(log)})",
            *family.exact.get(own + ".p", texts[:1]), *texts[1:], name=own,
            summary=f"quantile of the {family.title} distribution",
            latex=f"F_{{{{{family.latex}}}}}^{{{{-1}}}}" + arguments(family, chance),
            unknown="its values are whole numbers" if family.whole else family.reason, python=family.method(f"q{tail}"),
            aliases=spellings(family.method(f"q{tail}")), meaning=quantile(family, lower, log),
            unlike="the smallest whole number that reaches p is counted, not computed" if family.whole else "",
            stable=family.stable.get(f"q{tail}", ""),
            points=tuple((p, *a[1:]) for p, a in zip(chances, family.points, strict=False)),
            **family.fields("p") | {"valid": f"{'p <= 0' if log else '(p >= 0) & (p <= 1)'} & {family.valid}"},
        )  # fmt: skip


def quantile(family: Family, lower: bool, log: bool) -> str:
    """Return the textbook formula of a quantile, "" where it is a primitive or there is none."""
    formula = family.quantile if lower else family.upper
    if family.whole or not (formula or log):
        return ""
    formula = formula or family.call("q", "p", f", lower.tail = {word(lower)}")
    return P.sub("exp(p)", formula) if log else formula


def arguments(family: Family, first: str = "{0}") -> str:
    others = ", ".join(f"{{{i + 1}}}" for i in range(len(family.names)))
    return rf"\left({first} \mid {others}\right)"
