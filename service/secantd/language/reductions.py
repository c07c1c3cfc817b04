"""Functions that reduce a vector to one number, or a matrix along an axis: sums, products, extremes, means."""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language import structural
from secantd.language.arrays import as_node, is_array, number_of
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names, spread
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, constant, size, total
from secantd.language.values import Nothing, Oriented, Value, Vector

__all__ = ["along", "along_axis", "mean"]


# The parameters of Python's and NumPy's reductions; `start` and `initial` are numbers among the others.
KNOWN = frozenset(
    {"axis", "keepdims", "where", "start", "initial", "dtype", "out", "default", "a", "array", "iterable"}
)
OPTIONS = ("axis", "keepdims", "na.rm", "where")
# The value that leaves a reduction as it is.
NEUTRAL = {"sum": 0.0, "prod": 1.0}


def reduction(op: str, joined: str, numpy: bool = False) -> LibraryFunction:
    name = op.removesuffix("_of")

    def reduce(context: Context, arguments: Arguments, names: Names) -> Value:
        options = {n: a for a, n in zip(arguments, names, strict=True) if n in OPTIONS}
        options = {n: a for n, a in options.items() if not isinstance(a, Nothing)}
        # A type changes no number, and Python's default is the value of no numbers.
        left_out = ("dtype", "out", "default") if context.zero_based else ()
        found = [a for a, n in zip(arguments, names, strict=True) if n not in OPTIONS and n not in left_out]
        if numpy and len(found) == 2:
            options["axis"] = found.pop()
        if not found:
            raise context.error(f"{name}() has no arguments", f"write {name}(x, y)", Reason.UNKNOWN_FUNCTION)
        unknown = next((n for n in names if n == "key" or (n and context.zero_based and n not in KNOWN)), None)
        if unknown is not None:
            hint = f"{name}() takes numbers, axis, keepdims, where and initial"
            raise context.error(f"'{unknown}' is not a parameter of {name}()", hint, Reason.UNKNOWN_FUNCTION)
        if len(found) == 1:
            if "where" in options:
                if op not in NEUTRAL:
                    raise context.error(f"{name}() does not take 'where'", f"write {name}(x[x > 0])")
                found = [apply_rows(context, "ifelse", [options["where"], found[0], context.number(NEUTRAL[op])])]
            if (
                "axis" in options
                and isinstance(found[0], Node)
                and not found[0].shape
                and open_names(context, found[0])
            ):
                learn_rank(context, found[0], 2, f"{name}()")
            # Python's own sum() of a list of vectors is their sum.
            listed = isinstance(found[0], Vector) and not numpy
            whole = found[0] if listed else spread(context, found[0], f"{name}()")
            if "axis" in options:
                return along(context, op, whole, options["axis"], options.get("keepdims"))
            if context.zero_based and not numpy and isinstance(whole, Node) and len(whole.shape) == 2:
                # Python's own functions take the rows of a matrix as elements.
                if op != "sum":
                    raise context.error(f"{name}() compares the rows of a matrix", f"write np.{name}(A)")
                return along(context, op, whole, context.number(0.0), None)
            return total(context, whole, op)
        parts = [total(context, a, op) for a in found]
        if joined in ("add", "mul"):
            return structural.node(context, joined, parts)
        return total(context, Vector(tuple(parts)), op)

    return reduce


def along(context: Context, op: str, value: Value, axis: Value, keepdims: Value | None) -> Value:
    """Return a reduction of a matrix along NumPy's axis; of a vector, along its only one."""
    keeps = keepdims is not None and constant(context, keepdims, "'keepdims'") != 0
    if isinstance(axis, Nothing):
        return whole(context, op, value)
    number = constant(context, axis, "'axis'")
    if isinstance(value, Vector) and number in (0, -1) and not any(is_array(v) for v in value.items):
        return whole(context, op, value)
    array = value if isinstance(value, Oriented) else as_node(context, value, "a reduction")
    rank = 2 if isinstance(array, Oriented) else len(array.shape)
    if not -rank <= number < rank or not number.is_integer():
        raise context.error(f"the axis {number:g} is out of range: the array has {rank} axes")
    if isinstance(array, Oriented):
        # A matrix of one column: along it, one number.
        down = (int(number) % 2 == 0) == array.column
        return context.graph.array("concatenate", total(context, array, op)) if down else array.node
    if rank < 2:
        return total(context, array, op)
    found = along_axis(context, array, int(number) % 2, op)
    return Oriented(found, int(number) % 2 == 1) if keeps else found


def whole(context: Context, op: str, value: Value) -> Value:
    """Return a reduction of all entries."""
    return mean(context, [value], (None,)) if op == "mean" else total(context, value, op)


def along_axis(context: Context, matrix: Node, axis: int, op: str) -> Node:
    """Return a reduction of a matrix along an axis: 0 for each column, 1 for each row.

    Args:
        context: The interpreter.
        matrix: The matrix.
        axis: The axis that is reduced.
        op: sum, mean, prod, max_of, min_of or logsumexp.
    """
    graph = context.graph
    if op in ("sum", "mean"):
        sums = graph.array("column_sums" if axis == 0 else "row_sums", matrix)
        return graph.make("div", sums, number_of(context, matrix.shape[axis])) if op == "mean" else sums
    if op == "prod":
        down = matrix if axis == 0 else graph.array("transpose", matrix)
        return graph.array("pick", graph.array("cumprod", down), payload=(0, -1))
    rows = graph.array("transpose", matrix) if axis == 0 else matrix
    if op == "logsumexp":
        most = graph.array("row_extreme", rows, payload=(1,))
        shifted = graph.make("add", rows, graph.make("neg", graph.array("column", most)))
        return graph.make("add", most, graph.make("log", graph.array("row_sums", graph.make("exp", shifted))))
    return graph.array("row_extreme", rows, payload=(1 if op == "max_of" else -1,))


for short, entry in {
    "sum": ("sum", "add"),
    "prod": ("prod", "mul"),
    "max": ("max_of", "pmax"),
    "min": ("min_of", "pmin"),
}.items():
    # The second argument of NumPy's functions is the axis.
    LIBRARY[f"np.{short}"] = LIBRARY[f"numpy.{short}"] = reduction(*entry, numpy=True)


def reduced(op: str) -> LibraryFunction:
    """Return a function such as np.add.reduce(a, axis=0)."""

    def reduce(context: Context, arguments: Arguments, names: Names) -> Value:
        given = structural.match(context, ["array", "axis"], arguments, names, "reduce()")
        if "array" not in given:
            raise context.error("reduce() has no arguments", "write np.add.reduce(x)", Reason.UNKNOWN_FUNCTION)
        value = spread(context, given["array"], "reduce()")
        if len(arguments) > 1 and "axis" not in given:
            # axis=None
            return total(context, value, op)
        return along(context, op, value, given.get("axis") or context.number(0.0), None)

    return reduce


for ufunc, name in {"add": "sum", "multiply": "prod", "maximum": "max_of", "minimum": "min_of"}.items():
    LIBRARY[f"{ufunc}.reduce"] = reduced(name)
LIBRARY["amax"], LIBRARY["amin"] = LIBRARY["np.max"], LIBRARY["np.min"]
LIBRARY["sum"] = LIBRARY["fsum"] = reduction("sum", "add")
LIBRARY["prod"] = reduction("prod", "mul")
LIBRARY["max"] = reduction("max_of", "pmax")
LIBRARY["min"] = reduction("min_of", "pmin")


@known_as("mean")
@fixed("x", optional=("axis", "keepdims", "na.rm"))
def mean(context: Context, x: Value, axis: Value | None, keepdims: Value | None, na: Value | None) -> Value:
    """Return the mean of the elements of a vector, a data column or a matrix, or along an axis."""
    x = spread(context, x, "mean()")
    if axis is not None:
        return along(context, "mean", x, axis, keepdims)
    count = size(context, x)
    if not isinstance(count, int):
        return context.graph.array("mean", as_node(context, x, "mean()"))
    if count == 1:
        return total(context, x)
    return structural.node(context, "div", [total(context, x), context.number(float(count))])
