"""SciPy's distributions: stats.gamma.logpdf(x, a, loc, scale) is R's dgamma(x, a, scale = scale, log = TRUE)."""

from typing import Final, NamedTuple

from secantd.expression import Node
from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.registry import Arguments, Names, required_argument
from secantd.language.structural import match
from secantd.language.values import Value

__all__ = ["is_distribution", "of_distribution", "scipy_names"]


class Distribution(NamedTuple):
    """A distribution of SciPy in terms of R's.

    Attributes:
        root: R's name without d, p or q.
        parameters: SciPy's parameters of shape.
        shape: R's arguments made of them.
        loc: R's argument for `loc`; "" where x - loc takes its place.
        scale: R's argument for `scale`; "" where (x - loc)/scale takes its place.
        discrete: Whether it has no scale.
    """

    root: str
    parameters: str = ""
    shape: str = ""
    loc: str = ""
    scale: str = ""
    discrete: bool = False


DISTRIBUTIONS: Final = {
    "norm": Distribution("norm", loc="mean = loc", scale="sd = scale"),
    "cauchy": Distribution("cauchy", loc="location = loc", scale="scale = scale"),
    "logistic": Distribution("logis", loc="location = loc", scale="scale = scale"),
    "uniform": Distribution("unif"),
    "expon": Distribution("exp", scale="rate = 1/scale"),
    "gamma": Distribution("gamma", "a", "shape = a", scale="scale = scale"),
    "weibull_min": Distribution("weibull", "c", "shape = c", scale="scale = scale"),
    "lognorm": Distribution("lnorm", "s", "sdlog = s", scale="meanlog = log(scale)"),
    "beta": Distribution("beta", "a b", "shape1 = a, shape2 = b"),
    "t": Distribution("t", "df", "df = df"),
    "f": Distribution("f", "dfn dfd", "df1 = dfn, df2 = dfd"),
    "chi2": Distribution("chisq", "df", "df = df"),
    "binom": Distribution("binom", "n p", "size = n, prob = p", discrete=True),
    "bernoulli": Distribution("binom", "p", "size = 1, prob = p", discrete=True),
    "poisson": Distribution("pois", "mu", "lambda = mu", discrete=True),
    "nbinom": Distribution("nbinom", "n p", "size = n, prob = p", discrete=True),
}
# SciPy's methods: R's letter, and R's flags.
METHODS: Final = {
    "pdf": ("d", ""), "pmf": ("d", ""), "logpdf": ("d", "log = TRUE"), "logpmf": ("d", "log = TRUE"),
    "cdf": ("p", ""), "sf": ("p", "lower.tail = FALSE"), "logcdf": ("p", "log.p = TRUE"),
    "logsf": ("p", "lower.tail = FALSE, log.p = TRUE"), "ppf": ("q", ""), "isf": ("q", "lower.tail = FALSE"),
}  # fmt: skip
PACKAGES: Final = frozenset({"scipy", "stats", "st", "sp", "jax"})
DENSITIES: Final = {True: ("pmf", "logpmf"), False: ("pdf", "logpdf")}


def is_distribution(name: str) -> bool:
    """Return whether a name is a method of a distribution of SciPy.

    >>> is_distribution("stats.gamma.logpdf"), is_distribution("stats.gamma.pmf"), is_distribution("gamma")
    (True, False, False)
    """
    *packages, distribution, method = ("", *name.split(".")) if "." in name else ("", "", "")
    found = DISTRIBUTIONS.get(distribution)
    if found is None or method not in METHODS or not PACKAGES.issuperset(packages[1:]):
        return False
    return METHODS[method][0] != "d" or method in DENSITIES[found.discrete]


def of_distribution(context: Context, name: str, arguments: Arguments, names: Names) -> Value:
    """Return the value of a method of a distribution.

    Args:
        context: The interpreter.
        name: Its name.
        arguments: The values of the arguments.
        names: Their names.
    """
    distribution, method = name.split(".")[-2:]
    found = DISTRIBUTIONS[distribution]
    parameters = ["x", *found.parameters.split(), "loc", *([] if found.discrete else ["scale"])]
    given = match(context, parameters, arguments, tuple("x" if n in ("k", "q") else n for n in names), f"{name}()")
    for parameter in parameters[: 1 + len(found.parameters.split())]:
        required_argument(context, given.get(parameter), parameter)
    # As defaults they would be printed: dt((x - 0)/1, df)/1.
    used = [n for n, usual in (("loc", 0.0), ("scale", 1.0)) if n in given and not is_number(given[n], usual)]
    return formula(context, text_of(found, method, "loc" in used, "scale" in used), given, elementwise=True)


def is_number(value: Value, number: float) -> bool:
    return isinstance(value, Node) and value.op == "number" and value.value == number


def text_of(found: Distribution, method: str, loc: bool, scale: bool) -> str:
    """Return the text of a method in R notation, of the arguments that are given."""
    letter, flags = METHODS[method]
    arguments = [found.shape, flags]
    shifted = loc and not found.loc and found.root != "unif"
    if found.root == "unif":
        low = "loc" if loc else "0"
        arguments.append(
            f"min = {low}, max = {low} + {'scale' if scale else '1'}" if loc else "max = scale" if scale else ""
        )
    arguments += [found.loc] if loc else []
    arguments += [found.scale] if scale else []
    divided = scale and not found.scale and found.root != "unif"
    x = "x"
    if letter != "q":
        x = "(x - loc)" if shifted else x
        x = f"{x}/scale" if divided else x
    text = f"{letter}{found.root}({', '.join([x, *filter(None, arguments)])})"
    if letter == "q":
        text = f"{text}*scale" if divided else text
        return f"{text} + loc" if shifted else text
    if divided and letter == "d":
        return f"{text} - log(scale)" if "log" in flags else f"{text}/scale"
    return text


def scipy_names(written: str) -> list[str]:
    """Return SciPy's names of a function of R, such as dgamma."""
    found: list[str] = []
    for name, distribution in DISTRIBUTIONS.items():
        for method, (letter, _) in METHODS.items():
            if letter + distribution.root == written and is_distribution(f"{name}.{method}"):
                found += [f"stats.{name}.{method}", f"{name}.{method}"]
    return found
