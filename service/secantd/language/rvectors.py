"""Functions of R that make vectors, search in them, and round numbers that are known."""

from typing import Final

from secantd.expression import Length, Node
from secantd.language.context import Context
from secantd.language.formulas import formula
from secantd.language.functional import function_of
from secantd.language.inference import as_vector, spread
from secantd.language.knownnumbers import known_numbers
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, whole
from secantd.language.structural import apply_rows, constant, items, size
from secantd.language.values import Nothing, Value, Vector

__all__ = ["RECURSIVE"]

# signif() of a variable: the last digit has the place that the size of the number gives it.
FEWER_DIGITS: Final = "where(x == 0, 0, round(x, last - floor(log10(abs(x)))))"
# The tolerance of all.equal().
TOLERANCE: Final = 1.5e-8


def zeros(what: str) -> LibraryFunction:
    @fixed(optional=("length",))
    def call(context: Context, length: Value | None) -> Value:
        return LIBRARY["numeric"](context, [context.number(0.0) if length is None else length], (None,))

    return call


for name in ("double", "integer", "logical"):
    LIBRARY[name] = zeros(name)


def found_at(context: Context, f: Value, x: Value, right: Value | None, what: str) -> int | None:
    """Return the position of the first entry, or the last one, for which a function is true; None for no entry."""
    function = function_of(context, f)
    entries = items(context, x, f"what {what} looks through")
    last = right is not None and constant(context, right, "'right'") != 0
    places = range(len(entries) - 1, -1, -1) if last else range(len(entries))
    return next((i for i in places if constant(context, function(entries[i]), f"the condition of {what}")), None)


@known_as("Position")
@fixed("f", "x", optional=("right",))
def position_of(context: Context, f: Value, x: Value, right: Value | None) -> Value:
    found = found_at(context, f, x, right, "Position()")
    return context.number(float("nan") if found is None else found + 1.0)


@known_as("Find")
@fixed("f", "x", optional=("right",))
def entry_of(context: Context, f: Value, x: Value, right: Value | None) -> Value:
    found = found_at(context, f, x, right, "Find()")
    return Nothing() if found is None else items(context, x, "what Find() looks through")[found]


@known_as("replicate")
@fixed("n", "expr", optional=("simplify",))
def replicated(context: Context, n: Value, expr: Value, simplify: Value | None) -> Value:
    """A value several times: nothing here is random."""
    if not isinstance(expr, Node) or expr.shape:
        raise context.error("replicate() repeats a number", "write rep(x, times = n) for a vector")
    return LIBRARY["rep"](context, [expr, n], (None, "times"))


@known_as("all.equal")
@fixed("target", "current", optional=("tolerance",))
def nearly_equal(context: Context, target: Value, current: Value, tolerance: Value | None) -> Value:
    """Whether two numbers differ by no more than the tolerance, relative to the first one."""
    if not all(isinstance(v, Node) and not v.shape for v in (target, current)):
        raise context.error("all.equal() compares two numbers", "write max(abs(x - y)) < 1e-8 for vectors")
    bound: Value = context.number(TOLERANCE) if tolerance is None else tolerance
    gap = apply_rows(context, "abs", [apply_rows(context, "add", [target, apply_rows(context, "neg", [current])])])
    side = apply_rows(context, "abs", [target])
    # Where the first number is as small as the tolerance, R compares the difference itself.
    small = apply_rows(context, "<=", [side, bound])
    scale = apply_rows(context, "ifelse", [small, context.number(1.0), side])
    return apply_rows(context, "<", [gap, apply_rows(context, "mul", [bound, scale])])


@known_as("mad")
@fixed("x", optional=("center", "constant"))
def median_deviation(context: Context, x: Value, center: Value | None, factor: Value | None) -> Value:
    """The median distance from the median, times 1.4826."""
    middle = LIBRARY["median"](context, [x], (None,)) if center is None else center
    gaps = apply_rows(context, "abs", [apply_rows(context, "add", [x, apply_rows(context, "neg", [middle])])])
    scale = context.number(1.4826) if factor is None else factor
    return apply_rows(context, "mul", [scale, LIBRARY["median"](context, [gaps], (None,))])


# -- rounding ----------------------------------------------------------------------------------------------------------


@known_as("signif")
@fixed("x", optional=("digits",))
def significant(context: Context, x: Value, digits: Value | None) -> Value:
    """Numbers with fewer digits."""
    count = 6 if digits is None else max(1, whole(context, digits, "'digits'"))
    known = isinstance(x, Vector) or (isinstance(x, Node) and (x.op in ("data", "pi") or x.index in context.constants))
    if not known:
        return formula(context, FEWER_DIGITS, {"x": x, "last": context.number(count - 1.0)}, elementwise=True)
    return rounded(context, x, "signif()", lambda v: float(f"{v:.{count - 1}e}"))


@known_as("zapsmall")
@fixed("x", optional=("digits",))
def without_small(context: Context, x: Value, digits: Value | None) -> Value:
    """Numbers that are known, where those that are small beside the largest one are 0."""
    count = 7 if digits is None else whole(context, digits, "'digits'")
    known = known_numbers(context, x, "zapsmall()") if isinstance(x, Vector) else None
    largest = max([abs(v) for v in known.tolist() if v == v], default=0.0) if known is not None else 0.0
    scale = len(f"{int(largest)}") - 1 if largest >= 1.0 else 0
    places = max(0, count - (scale if largest > 0 else 0))
    return rounded(context, x, "zapsmall()", lambda v: round(v, places))


def rounded(context: Context, x: Value, what: str, f: object) -> Value:
    """Return a function of numbers that are known; a rounded variable has the derivative 0, which nobody means."""
    assert callable(f)
    if isinstance(x, Node) and not x.shape:
        number = context.constants.get(x.index)
        if number is None and x.op == "pi":
            number = 3.141592653589793
        if number is not None:
            return context.number(f(number))
    elif isinstance(x, Vector) or (isinstance(x, Node) and x.op == "data"):
        return Vector(
            tuple(
                [
                    context.number(f(v)) if v == v else context.number(v)
                    for v in known_numbers(context, x, what).tolist()
                ]
            )
        )
    raise context.error(
        f"{what} of a variable is constant between jumps, so that its derivative is 0",
        "leave the rounding out of the formula",
    )


# -- recursions --------------------------------------------------------------------------------------------------------

RECURSIVE = "filter of a time series"
RECURSION = "{y <- x; y[1] <- x[1] + a*y0; for (i in 2:length(x)) y[i] <- x[i] + a*y[i - 1]; y}"
LONGER = "{y <- x; for (i in 1:length(x)) { s <- x[i]; for (j in 1:p) s <- s + a[j]*(if (i > j) y[i - j] else y0[j - i + 1]); y[i] <- s }; y}"


@known_as("filter")
def filter_in_both(context: Context, arguments: Arguments, names: Names) -> Value:
    """Python's filter(f, x), or R's filter(x, a, method = "recursive")."""
    return LIBRARY["Filter" if context.zero_based else RECURSIVE](context, arguments, names)


@known_as(RECURSIVE)
@fixed("x", "filter", optional=("method", "sides", "circular", "init"))
def filtered(
    context: Context, x: Value, coefficients: Value, method: Value | None, sides: Value | None, circular: Value | None,
    init: Value | None,
) -> Value:  # fmt: skip
    """R's filter(x, a, method = "recursive"): y[i] = x[i] + a[1]*y[i - 1] + a[2]*y[i - 2] + ..."""
    if not isinstance(method, str) or not method or not "recursive".startswith(method):
        raise context.error(
            "filter() has missing values at the ends", "write embed(x, 2) %*% c(a, b) for a*x[i] + b*x[i - 1]"
        )
    vector = as_vector(context, spread(context, x, "filter()"), "filter()")
    given = items(context, coefficients, "the coefficients of filter()")
    before = [context.number(0.0)] * len(given) if init is None else items(context, init, "'init'")
    if len(before) != len(given) or not given:
        raise context.error(f"'init' has {len(before)} entries for {len(given)} coefficients", "give as many")
    if len(given) == 1:
        if size(context, vector) == 1:
            return apply_rows(context, "add", [vector, apply_rows(context, "mul", [given[0], before[0]])])
        return formula(context, RECURSION, {"x": vector, "a": given[0], "y0": before[0]})
    if isinstance(vector.shape[0], Length):
        raise context.error("filter() with several coefficients needs a known length", "send data for the vector")
    values: dict[str, Value] = {"x": Vector(tuple(items(context, vector, "filter()"))), "a": Vector(tuple(given)),
                                "y0": Vector(tuple(before)), "p": context.number(float(len(given)))}  # fmt: skip
    return formula(context, LONGER, values)
