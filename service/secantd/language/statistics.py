"""Means, variances and covariances, of all entries or along an axis, and standardized columns."""

from collections.abc import Sequence

from secantd.errors import Reason
from secantd.expression import Node, plus
from secantd.language import structural
from secantd.language.arrays import agree, as_node, number_of
from secantd.language.context import Context
from secantd.language.inference import as_matrix, as_vector, learn_rank, open_names, spread
from secantd.language.reductions import along_axis, mean
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, whole_part
from secantd.language.structural import apply_rows, constant, match, size, total
from secantd.language.values import Oriented, Value, Vector

__all__ = ["variance"]


def centered(context: Context, x: Value) -> Value:
    """Return the differences of all entries from their mean."""
    middle = structural.node(context, "neg", [mean(context, [x], (None,))])  # type: ignore[list-item]
    return apply_rows(context, "add", [x, middle])


def squared(context: Context, x: Value) -> Value:
    return apply_rows(context, "pow", [x, context.number(2.0)])


def variance(context: Context, x: Value, what: str, less: int) -> Node:
    """Return the variance of all entries.

    Args:
        context: The interpreter.
        x: A vector, a data column or a matrix.
        what: The function, for errors.
        less: What the divisor lacks to the number of entries: 1 in R, ddof in NumPy.
    """
    count = size(context, x)
    if isinstance(count, int) and count <= less:
        numbers = ("one number", "two numbers")[less] if less < 2 else f"{less + 1} numbers"
        raise context.error(f"{what} needs {numbers} or more", reason=Reason.UNKNOWN_FUNCTION)
    squares = total(context, squared(context, centered(context, x)))
    return structural.node(context, "div", [squares, number_of(context, plus(count, -less))])


def spread_by_column(context: Context, matrix: Node) -> Node:
    """Return the differences of the entries of a matrix from the means of their columns."""
    means = context.graph.array("row", along_axis(context, matrix, 0, "mean"))
    return context.graph.make("add", matrix, context.graph.make("neg", means))


def variances_along(context: Context, matrix: Node, axis: int, less: int) -> Node:
    """Return the variance of each column (axis 0) or row (axis 1)."""
    down = context.graph.array("transpose", matrix) if axis == 1 else matrix
    squares = context.graph.make("pow", spread_by_column(context, down), context.number(2.0))
    divisor = number_of(context, plus(down.shape[0], -less))
    return context.graph.make("div", context.graph.array("column_sums", squares), divisor)


def is_matrix(value: Value) -> bool:
    return isinstance(value, Node) and len(value.shape) == 2


@known_as("var", "cov")
@fixed("x", optional=("y",))
def variance_in_r(context: Context, x: Value, y: Value | None) -> Value:
    """R's variance of a vector, its covariance with another, or the covariances of the columns of a matrix."""
    x = spread(context, x, "var()")
    if y is None and is_matrix(x):
        return covariances(context, as_matrix(context, x, "var()"))
    if y is None:
        return variance(context, x, "the variance", 1)
    sides = [as_vector(context, v, "cov()") for v in (x, spread(context, y, "cov()"))]
    return covariance(context, sides)


def covariance(context: Context, sides: Sequence[Node]) -> Node:
    a, b = sides
    agree(context, "cov()", a.shape[0], b.shape[0], [a.shape, b.shape])
    products = apply_rows(context, "mul", [centered(context, a), centered(context, b)])
    return context.graph.make("div", total(context, products), number_of(context, plus(a.shape[0], -1)))


def covariances(context: Context, matrix: Node, less: int = 1) -> Node:
    graph = context.graph
    centred = spread_by_column(context, matrix)
    products = graph.array("matmul", graph.array("transpose", centred), centred)
    return graph.make("div", products, number_of(context, plus(matrix.shape[0], -less)))


@known_as("np.cov", "numpy.cov")
@fixed("m", optional=("y", "rowvar", "bias", "ddof"))
def covariance_in_numpy(
    context: Context, m: Value, y: Value | None, rowvar: Value | None, bias: Value | None, ddof: Value | None
) -> Value:
    """NumPy's covariance matrix of the rows of a matrix, or of two vectors."""
    matrix = variables_of(context, m, y, rowvar, "np.cov()")
    less = 1 if ddof is None else whole_part(context, ddof, "'ddof'")
    if bias is not None and constant(context, bias, "'bias'"):
        less = 0
    return covariances(context, matrix, less)


@known_as("np.corrcoef", "numpy.corrcoef")
@fixed("x", optional=("y", "rowvar"))
def correlation_in_numpy(context: Context, x: Value, y: Value | None, rowvar: Value | None) -> Value:
    return correlation(context, [variables_of(context, x, y, rowvar, "np.corrcoef()")], (None,))


def variables_of(context: Context, m: Value, y: Value | None, rowvar: Value | None, what: str) -> Node:
    """Return a matrix with a column for each variable."""
    if y is not None:
        sides = [as_vector(context, as_node(context, v, what), what) for v in (m, y)]
        agree(context, what, sides[0].shape[0], sides[1].shape[0], [s.shape for s in sides])
        return context.graph.array("bind_columns", *sides)
    matrix = as_matrix(context, m, what)
    upright = rowvar is not None and not constant(context, rowvar, "'rowvar'")
    return matrix if upright else context.graph.array("transpose", matrix)


@known_as("cor")
@fixed("x", optional=("y",))
def correlation(context: Context, x: Value, y: Value | None) -> Value:
    """Pearson's correlation of two vectors, or of the columns of a matrix."""
    if y is None:
        found = covariances(context, as_matrix(context, x, "cor()"))
        scale = context.graph.make("sqrt", context.graph.array("diagonal", found))
        laid = [context.graph.array(op, scale) for op in ("column", "row")]
        return context.graph.make("div", found, context.graph.make("mul", *laid))
    sides = [as_vector(context, spread(context, v, "cor()"), "cor()") for v in (x, y)]
    deviations = [context.graph.make("sqrt", variance(context, v, "cor()", 1)) for v in sides]
    return context.graph.make("div", covariance(context, sides), context.graph.make("mul", *deviations))


@known_as("sd")
@fixed("x", optional=("na.rm",))
def deviation(context: Context, x: Value, na: Value | None) -> Value:
    return apply_rows(context, "sqrt", [variance(context, spread(context, x, "sd()"), "sd()", 1)])


def in_numpy(what: str, root: bool) -> LibraryFunction:
    """Return np.var or np.std: of all entries or along an axis, with the divisor n - ddof."""

    def found(context: Context, arguments: Arguments, names: Names) -> Value:
        given = match(context, ["a", "axis", "dtype", "out", "ddof", "keepdims"], arguments, names, what)
        if "a" not in given:
            raise context.error(f"{what} has no arguments", f"write {what[:-1]}x)", Reason.UNKNOWN_FUNCTION)
        axis, ddof = given.get("axis"), given.get("ddof")
        less = 0 if ddof is None else whole_part(context, ddof, "'ddof'")
        x = given["a"]
        if axis is not None and isinstance(x, Node) and not x.shape and open_names(context, x):
            learn_rank(context, x, 2, what)
        x = spread(context, x, what)
        if axis is not None and is_matrix(x):
            matrix = as_matrix(context, x, what)
            number = constant(context, axis, "'axis'")
            if number not in (-2, -1, 0, 1):
                raise context.error(f"the axis {number:g} is out of range: the array has 2 axes")
            value: Value = variances_along(context, matrix, int(number) % 2, less)
        else:
            value = variance(context, x, what, less)
        value = apply_rows(context, "sqrt", [value]) if root else value
        keeps = given.get("keepdims")
        if axis is not None and is_matrix(x) and keeps is not None and constant(context, keeps, "'keepdims'"):
            assert isinstance(value, Node)
            return Oriented(value, whole_part(context, axis, "'axis'") % 2 == 1)
        return value

    return found


LIBRARY["np.var"] = LIBRARY["numpy.var"] = in_numpy("np.var()", root=False)
LIBRARY["np.std"] = LIBRARY["numpy.std"] = in_numpy("np.std()", root=True)


@known_as("average")
@fixed("a", optional=("axis", "weights"))
def average(context: Context, a: Value, axis: Value | None, weights: Value | None) -> Value:
    """NumPy's mean, or weighted mean of a vector."""
    if weights is None:
        return mean(context, [a, *([] if axis is None else [axis])], (None, "axis")[: 1 + (axis is not None)])
    return weighted_mean(context, [a, weights], (None, None))


@known_as("weighted.mean")
@fixed("x", "w")
def weighted_mean(context: Context, x: Value, w: Value) -> Value:
    """sum(x * w)/sum(w)"""
    above = total(context, spread(context, apply_rows(context, "mul", [x, w]), "weighted.mean()"))
    return structural.node(context, "div", [above, total(context, spread(context, w, "weighted.mean()"))])


@known_as("scale")
@fixed("x", optional=("center", "scale"))
def standardized(context: Context, x: Value, center: Value | None, scale: Value | None) -> Value:
    """The columns of a matrix, or a vector as a matrix of one column, minus their means, over their deviations."""
    for flag in (center, scale):
        if flag is not None and constant(context, flag, "'center' and 'scale' of scale()") not in (0.0, 1.0):
            raise context.error(
                "'center' and 'scale' of scale() are TRUE or FALSE here", "use sweep() for other numbers"
            )
    centers, scales = (flag is None or bool(constant(context, flag, "a flag")) for flag in (center, scale))
    x = spread(context, as_node(context, x, "scale()") if isinstance(x, Vector) else x, "scale()")
    matrix = is_matrix(x)
    found = as_matrix(context, x, "scale()") if matrix else as_vector(context, x, "scale()")
    less_than_all = number_of(context, plus(found.shape[0], -1))
    graph = context.graph
    if centers:
        shifted = spread_by_column(context, found) if matrix else centered(context, found)
        assert isinstance(shifted, Node)
        found = shifted
    if scales:
        # Without centers R divides by the root of the mean square.
        squares = graph.make("pow", found, context.number(2.0))
        sums = graph.array("column_sums", squares) if matrix else graph.make("sum", squares)
        deviations = graph.make("sqrt", graph.make("div", sums, less_than_all))
        found = graph.make("div", found, graph.array("row", deviations) if matrix else deviations)
    return found if matrix else Oriented(found, True)
