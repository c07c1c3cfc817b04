"""Quantiles in C, JavaScript, Julia and Stan, which lack them: Newton's method with a largest number of steps, and a search for whole numbers.

The logarithm of a tail is concave in log x for the gamma distribution, and in the log odds of x for the beta distribution. The
algorithm is that of the service (`program.special.quantile`), with tails by quadrature everywhere. The value is that of a step of
Newton's method, so that automatic differentiation finds the derivatives with respect to the parameters.
"""

from collections.abc import Mapping

from secantd.export.definitions import identifier
from secantd.export.language import Template, call
from secantd.export.loops import Dialect, Source, printed
from secantd.program.special.quantile import CHERNOFF, LEAST, MOST, SLACK, STEPS

__all__ = ["CALLS", "helpers"]

_HALF = 0.6931471805599453
# Of the logarithm of a probability: one step of Newton's method squares it. Below -1e12 the slope has few digits.
_NEAR = "1e-9 - 1e-15 * goal"
# Of log x or of log odds: below, the first term of the tail's series has all digits.
_TINY = -650.0
# Twelve squares, eleven halvings of an exponent's range and 54 of the numbers between two powers of 2.
_SEARCH = 100


def _root(value: str, slope: str, sign: str) -> str:
    """Return the lines of Newton's method for log x between two x that enclose it.

    Args:
        value: The logarithm of a tail at x.
        slope: Its derivative with respect to log x, from `value`.
        sign: "<" where it rises, ">" where it falls.
    """
    return f"""let low = {LEAST!r}
        let high = {MOST!r}
        let x = start > low && start < high ? start : 1.0
        let value = 0.0
        let better = 0.0
        repeat {STEPS}
        value = {value}
        better = x * exp((goal - value) / ({slope}))
        if value - goal < {_NEAR} && goal - value < {_NEAR}
        return goal < -1e12 ? x : better
        end
        low = value {sign} goal ? x : low
        high = value {sign} goal ? high : x
        x = better > low && better < high ? better : sqrt(low) * sqrt(high)
        end
        return NaN"""


SHARED = {
    "log_rest": Source(
        ("p",), f"return p > {-_HALF} ? log(-expm1(p)) : log1p(-exp(p))", "log(1 - exp(p))"
    ),
    "gamma_below": Source(
        ("goal", "shape", "start"),
        _root("pgamma.log(x, shape, 1.0)", "exp(poisson(shape, x) + log(shape) - value)", "<"),
    ),
    "gamma_above": Source(
        ("goal", "shape", "start"),
        _root("pgamma.upper.log(x, shape, 1.0)", "-exp(poisson(shape, x) + log(shape) - value)", ">"),
    ),
    # The start is Chernoff's bound: so far out the logarithm is `goal` at most.
    "gamma_quantile": Source(
        ("below", "above", "shape", "rate"),
        f"""if !(shape >= 0.0 && rate > 0.0) || below != below
        return NaN
        end
        if shape == 0.0 || below == -Inf
        return 0.0
        end
        if above == -Inf
        return Inf / rate
        end
        if shape == Inf
        return NaN
        end
        let first = (below + lfactorial(shape)) / shape
        if first < {_TINY}
        return exp(first) / rate
        end
        let goal = below < above ? below : above
        let z = -goal / shape
        let wide = z < 1.0 ? sqrt(2.0 * z) : 1.0 + z
        let v = below < above ? -wide : (z < 1.0 ? wide : log1p(z))
        repeat {CHERNOFF}
        v = v - (expm1(v) - v - z) / (v == 0.0 ? 1.0 : expm1(v))
        end
        let start = shape * exp(v)
        if below < above
        start = exp(first) > start ? exp(first) : start
        return @gamma_below(goal, shape, start) / rate
        end
        return @gamma_above(goal, shape, start) / rate""",
        "The quantile of the gamma distribution from the logarithms of both tails: Newton's method for log x",
    ),
    "beta_root": Source(
        ("goal", "a", "b", "start"),
        _root(
            "x < 1.0 ? pbeta.log(x / (1.0 + x), a, b) : pbeta.upper.log(1.0 / (1.0 + x), b, a)",
            "exp(binomial(a, b, x / (1.0 + x), 1.0 / (1.0 + x), (a - b * x) / (1.0 + x)) + log(a) + logratio(b, a + b) - value)",
            "<",
        ),
    ),
    # I is about x^a/(a B(a, b)) for small x.
    "beta_odds": Source(
        ("below", "above", "a", "b"),
        f"""let first = (below + log(a) + lbeta(a, b)) / a
        let last = (above + log(b) + lbeta(a, b)) / b
        let start = 0.0
        if first < {_TINY}
        return exp(first)
        end
        if last < {_TINY}
        return exp(-last)
        end
        if below < above
        start = first < 0.0 ? exp(first) / -expm1(first) : Inf
        return @beta_root(below, a, b, start < a / b ? start : a / b)
        end
        start = last < 0.0 ? exp(last) / -expm1(last) : Inf
        return 1.0 / @beta_root(above, b, a, start < b / a ? start : b / a)""",
        "x/(1 - x) of the quantile x of the beta distribution, from the logarithms of both tails",
    ),
    "beta_quantile": Source(
        ("below", "above", "a", "b"),
        """if !(a > 0.0 && b > 0.0) || below != below
        return NaN
        end
        if below == -Inf
        return 0.0
        end
        if above == -Inf
        return 1.0
        end
        if a == Inf || b == Inf
        return a == b ? NaN : a == Inf ? 1.0 : 0.0
        end
        let odds = @beta_odds(below, above, a, b)
        return odds > 1.0 ? 1.0 / (1.0 + 1.0 / odds) : odds / (1.0 + odds)""",
    ),
    "f_quantile": Source(
        ("below", "above", "df1", "df2"),
        """if !(df1 > 0.0 && df2 > 0.0 && df1 < Inf && df2 < Inf) || below != below
        return NaN
        end
        if below == -Inf
        return 0.0
        end
        if above == -Inf
        return Inf
        end
        return df2 / df1 * @beta_odds(below, above, 0.5 * df1, 0.5 * df2)""",
    ),
    # The derivative of log P is f/P.
    "normal_quantile": Source(
        ("goal", "chance", "side"),
        f"""if goal == -Inf
        return side * Inf
        end
        let z = chance > 1e-300 ? qnorm(chance, 0.0, 1.0) : -sqrt(-2.0 * goal)
        if chance <= 1e-300
        repeat {CHERNOFF}
        z = z + (goal - pnorm.log(z, 0.0, 1.0)) / mills(z, 0.0, 1.0)
        end
        end
        return -side * z""",
        "The quantile of the normal distribution from the logarithm of the smaller tail, the tail, and its side",
    ),
    # P(|T| > |t|) = I_{n/(n + t²)}(n/2, 1/2), DLMF 8.17.1
    "t_quantile": Source(
        ("goal", "chance", "side", "df"),
        f"""if !(df > 0.0) || goal != goal
        return NaN
        end
        if goal == -Inf || df == Inf
        return @normal_quantile(goal, chance, side)
        end
        let both = goal + {_HALF}
        let first = (both + log(0.5 * df) + lbeta(0.5 * df, 0.5)) / (0.5 * df)
        if first < {_TINY}
        return side * sqrt(df) * exp(-0.5 * first)
        end
        return side * sqrt(df) / sqrt(@beta_odds(both, log1p(-2.0 * chance), 0.5 * df, 0.5))""",
        "The quantile of Student's distribution from the logarithm of the smaller tail, the tail, and its side",
    ),
}  # fmt: skip
# Of the continuous distributions: parameters and the value, from the logarithms of both tails or those of the smaller one.
CONTINUOUS = {
    "gamma": (("shape", "rate"), "@gamma_quantile(below, above, shape, rate)"),
    "chisq": (("df",), "@gamma_quantile(below, above, 0.5 * df, 0.5)"),
    "beta": (("a", "b"), "@beta_quantile(below, above, a, b)"),
    "f": (("df1", "df2"), "@f_quantile(below, above, df1, df2)"),
}
SYMMETRIC = {
    "norm": (
        ("centre", "scale"),
        "scale > 0.0 ? centre + scale * @normal_quantile(GOAL) : scale == 0.0 && p == p ? centre : NaN",
    ),
    "t": (("df",), "@t_quantile(GOAL, df)"),
}
# Of the discrete ones: parameters, the condition on them, the largest number, and the arguments of their tails.
DISCRETE = {
    "pois": (("rate",), "rate >= 0.0", "rate == 0.0 ? 0.0 : Inf", "rate"),
    "binom": (("n", "prob"), "prob >= 0.0 && prob <= 1.0 && n >= 0.0", "rint(n)", "limit, prob"),
    "nbinom": (
        ("n", "prob"),
        "prob > 0.0 && prob <= 1.0 && n >= 0.0",
        "n == 0.0 || prob == 1.0 ? 0.0 : Inf",
        "n, prob",
    ),
    "nbinom.mu": (
        ("n", "mu"),
        "mu >= 0.0 && mu < Inf && n >= 0.0",
        "n == 0.0 || mu == 0.0 ? 0.0 : Inf",
        "n, mu",
    ),
}
TAILS = (("", True, False), (".upper", False, False), (".log", True, True), (".upper.log", False, True))


def _chance(log: bool) -> str:
    """Return the condition on p."""
    return "p <= 0.0" if log else "p >= 0.0 && p <= 1.0"


def _continuous(parameters: tuple[str, ...], value: str, lower: bool, log: bool) -> Source:
    one, other = ("p", "@log_rest(p)") if log else ("log(p)", "log1p(-p)")
    below, above = (one, other) if lower else (other, one)
    lines = f"""if !({_chance(log)})
        return NaN
        end
        let below = {below}
        let above = {above}
        return {value}"""
    return Source(("p", *parameters), lines)


def _symmetric(parameters: tuple[str, ...], value: str, lower: bool, log: bool) -> Source:
    middle = -_HALF if log else 0.5
    chance = f"p < {middle} ? exp(p) : -expm1(p)" if log else "p < 0.5 ? p : 1.0 - p"
    goal = f"p < {middle} ? p : @log_rest(p)" if log else "log(chance)"
    sign = "<" if lower else ">"
    lines = f"""if !({_chance(log)})
        return NaN
        end
        let chance = {chance}
        let goal = {goal}
        let side = p {sign} {middle} ? -1.0 : 1.0
        return {value.replace("GOAL", "goal, chance, side")}"""
    return Source(("p", *parameters), lines)


def _counted(name: str, tail: str, lower: bool, log: bool) -> Source:
    """Return the search for the smallest whole number with P(X ≤ k) ≥ p: squares, then halves of what is between."""
    parameters, valid, limit, arguments = DISCRETE[name]
    none, every = ("-Inf", "0.0") if log else ("0.0", "1.0")
    first, last = (none, every) if lower else (every, none)
    sign = "-" if lower != log else "+"
    lines = f"""if !({_chance(log)}) || !({valid})
        return NaN
        end
        let limit = {limit}
        if p == {last}
        return limit
        end
        if p == {first} || limit <= 0.0
        return 0.0
        end
        let goal = p {sign} {SLACK!r} * p
        let low = -1.0
        let high = limit < 1.0 ? limit : 1.0
        let k = high
        let value = 0.0
        let enclosed = 0.0
        repeat {_SEARCH}
        value = p{name}{tail}(k, {arguments})
        if value != value
        return NaN
        end
        if value {">=" if lower else "<="} goal || k >= limit
        high = k
        enclosed = 1.0
        end
        if k < high || enclosed == 0.0
        low = k
        end
        if enclosed == 0.0
        k = k < 2.0 ? 2.0 : k * k
        k = k == Inf && low < {MOST!r} ? {MOST!r} : k
        k = k < limit ? k : limit
        high = k
        end
        if enclosed == 1.0
        k = low > 1.0 && high > 2.0 * low ? floor(sqrt(low) * sqrt(high)) : floor(low + 0.5 * (high - low))
        if !(k > low && k < high)
        return high
        end
        end
        end
        return NaN"""
    return Source(("p", *parameters), lines)


def _sources() -> dict[str, tuple[Source, bool]]:
    """Return all helpers, each with whether it is an operation."""
    found = {name: (source, False) for name, source in SHARED.items()}
    for tail, lower, log in TAILS:
        for name, (parameters, value) in CONTINUOUS.items():
            found[f"q{name}{tail}"] = _continuous(parameters, value, lower, log), True
        for name, (parameters, value) in SYMMETRIC.items():
            if name == "t" or log:
                found[f"q{name}{tail}"] = _symmetric(parameters, value, lower, log), True
        for name in DISCRETE:
            found[f"q{name}{tail}"] = _counted(name, tail, lower, log), True
    return found


SOURCES = _sources()
# The spelling of the operations.
CALLS: dict[str, Template] = {
    op: call(f"@{identifier(op)}", len(source.parameters)) for op, (source, called) in SOURCES.items() if called
}


def helpers(dialect: Dialect, templates: Mapping[str, Template]) -> dict[str, str]:
    """Return the helpers of a language by name.

    Args:
        dialect: The spelling of lines.
        templates: The spelling of operations.
    """
    return {identifier(op): printed(identifier(op), source, dialect, templates) for op, (source, _) in SOURCES.items()}
