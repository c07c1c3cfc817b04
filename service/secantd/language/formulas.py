"""Functions that are formulas: each is a text of the language in R notation, with its parameters as variables."""

from functools import cache

from secantd.errors import CalculusError
from secantd.expression import Node
from secantd.language.arrays import agree, number_of
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix, as_vector
from secantd.language.instructions import Instructions
from secantd.language.parser import parse
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, required_argument
from secantd.language.structural import apply_rows, match
from secantd.language.tablecalls import truth
from secantd.language.values import Environment, Value

__all__ = ["formula"]

# Names, parameters and the formula. A parameter is a vector or a matrix where it says so.
FORMULAS = (
    ("Mod", "z", "abs(z)"),
    ("reciprocal", "x", "1/x"),
    ("ediff1d", "ary: vector", "diff(ary)"),
    ("stats.laplace.logpdf", "x, loc, scale", "-log(2*scale) - abs(x - loc)/scale"),
    ("stats.laplace.pdf", "x, loc, scale", "exp(-abs(x - loc)/scale)/(2*scale)"),
    ("cbrt", "x", "sign(x)*abs(x)^(1/3)"),
    ("exp2", "x", "2^x"),
    ("sinc", "x", "where(x == 0, 1, sin(pi*x)/(pi*x))"),
    ("xlogy", "x, y", "where(x == 0, 0, x*log(y))"),
    ("xlog1py", "x, y", "where(x == 0, 0, x*log1p(y))"),
    ("polygamma", "n, x", "psigamma(x, n)"),
    ("heaviside", "x1, x2", "where(x1 < 0, 0, where(x1 == 0, x2, 1))"),
    ("log1m_exp", "x", "log1mexp(-x)"),
    ("logSumExp", "lx: vector", "logsumexp(lx)"),
    ("IQR", "x: vector", "quantile(x, 0.75) - quantile(x, 0.25)"),
    ("ptp", "a: vector", "max(a) - min(a)"),
)
QUADRATIC = "sum((x - center)*solve(cov, x - center))"
QUADRATICS = "(function(d) rowSums(d*t(solve(cov, t(d)))))(sweep(x, 2, center))"
LOG_DENSITY = "-0.5*(k*log(2*pi) + logdet(sigma) + q)"
KINDS = {"vector": as_vector, "matrix": as_matrix}


@cache
def code_of(text: str) -> Instructions:
    return parse(text)


def formula(context: Context, text: str, values: dict[str, Value], *, elementwise: bool = False) -> Value:
    """Return the value of a text in R notation. An error has the place of the call.

    Args:
        context: The interpreter.
        text: The text.
        values: The values of its variables.
        elementwise: Whether the caller's notation decides how vectors and matrices are combined, entry by entry.
    """
    place, zero_based = context.instruction, context.zero_based
    context.zero_based = zero_based and elementwise
    try:
        return context.evaluate(code_of(text), Environment(values=dict(values)))
    except CalculusError as error:
        error.span = (place.start, place.end)
        raise
    finally:
        context.zero_based = zero_based


def of_formula(name: str, parameters: str, text: str) -> LibraryFunction:
    kinds = {p.partition(": ")[0]: p.partition(": ")[2] for p in parameters.split(", ")}

    def call(context: Context, arguments: Arguments, names: Names) -> Value:
        found = match(context, list(kinds), arguments, names, f"{name}()")
        values: dict[str, Value] = {}
        for parameter, kind in kinds.items():
            value = required_argument(context, found.get(parameter), parameter)
            values[parameter] = KINDS[kind](context, value, f"{name}()") if kind else value
        sides = [v.shape for p, v in values.items() if kinds[p] == "vector" and isinstance(v, Node)]
        for side in sides[1:]:
            agree(context, f"{name}()", sides[0][0], side[0], sides)
        return formula(context, text, values, elementwise=not any(kinds.values()))

    return call


for row in FORMULAS:
    LIBRARY[row[0]] = of_formula(*row)


@known_as("mahalanobis")
@fixed("x", "center", "cov")
def mahalanobis(context: Context, x: Value, center: Value, cov: Value) -> Value:
    """R's squared distance of a vector, or of each row of a matrix."""
    point = as_array(context, x, "mahalanobis()", 1)
    middle = as_array(context, center, "mahalanobis()", 1)
    values: dict[str, Value] = {"x": point, "center": middle, "cov": as_matrix(context, cov, "mahalanobis()")}
    if isinstance(point, Node) and len(point.shape) == 2:
        return formula(context, QUADRATICS, {**values, "center": as_vector(context, center, "mahalanobis()")})
    return formula(context, QUADRATIC, {**values, "x": as_vector(context, point, "mahalanobis()")})


@known_as("dmvnorm")
@fixed("x", "mean", "sigma", optional=("log",))
def normal_density(context: Context, x: Value, mean: Value, sigma: Value, log: Value | None) -> Value:
    """The density of the multivariate normal distribution at a vector, or at each row of a matrix."""
    cov = as_matrix(context, sigma, "dmvnorm()")
    squares = mahalanobis(context, [x, mean, cov], (None,) * 3)
    values: dict[str, Value] = {"q": squares, "k": number_of(context, cov.shape[0]), "sigma": cov}
    found = formula(context, LOG_DENSITY, values)
    return found if log is not None and truth(context, log, "'log'") else apply_rows(context, "exp", [found])


@known_as("stats.multivariate_normal.logpdf", "multivariate_normal.logpdf")
@fixed("x", "mean", "cov")
def normal_log_density(context: Context, x: Value, mean: Value, cov: Value) -> Value:
    return normal_density(context, [x, mean, cov, context.number(1.0)], (None,) * 4)


@known_as("stats.multivariate_normal.pdf", "multivariate_normal.pdf")
@fixed("x", "mean", "cov")
def scipy_normal_density(context: Context, x: Value, mean: Value, cov: Value) -> Value:
    return normal_density(context, [x, mean, cov], (None,) * 3)
