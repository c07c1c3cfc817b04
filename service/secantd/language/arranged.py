"""Functions that combine a matrix with a vector along one side, and that replace, count, pad and append entries."""

from secantd.expression import Dimension, Length, Node
from secantd.language.arrays import agree, as_node, number_of
from secantd.language.assignment import replaced
from secantd.language.context import Context
from secantd.language.inference import as_array, as_matrix, as_vector
from secantd.language.knownnumbers import known_numbers
from secantd.language.linear import binary_operator
from secantd.language.matrices import count
from secantd.language.registry import LIBRARY, fixed, known_as, whole, whole_part
from secantd.language.structural import apply_rows, constant, items, size
from secantd.language.values import Builtin, Closure, Factor, Oriented, Span, Value, Vector

__all__ = ["scattered"]


@known_as("sweep")
@fixed("x", "MARGIN", "STATS", optional=("FUN",))
def sweep(context: Context, x: Value, MARGIN: Value, STATS: Value, FUN: Value | None) -> Value:
    """An operator between a matrix and a vector: one entry for each row (1) or column (2)."""
    matrix, vector = as_matrix(context, x, "sweep()"), as_vector(context, STATS, "sweep()")
    axis = whole_part(context, MARGIN, "MARGIN") - 1
    if axis not in (0, 1):
        raise context.error("MARGIN is 1 for rows or 2 for columns")
    agree(context, "sweep()", matrix.shape[axis], vector.shape[0], [matrix.shape, vector.shape])
    laid = context.graph.array("row" if axis else "column", vector)
    op = binary_operator(context, FUN, "sweep()", "-")
    if op == "sub":
        op, laid = "add", context.graph.make("neg", laid)
    return context.graph.make(op, matrix, laid)


@known_as("replace")
@fixed("x", "list", "values")
def replace(context: Context, x: Value, list: Value, values: Value) -> Value:
    return replaced(context, x, [list], values)


@known_as("tabulate")
@fixed("bin", optional=("nbins",))
def tabulate(context: Context, bin: Value, nbins: Value | None) -> Value:
    import numpy as np

    if isinstance(bin, Factor):
        return tabulate(context, [bin.positions, bin.count if nbins is None else nbins], (None, None))
    if nbins is None:
        # As many as the largest position needs.
        numbers = known_numbers(context, bin, "tabulate()")
        nbins = context.number(max(1.0, float(np.max(numbers, initial=1.0))))
    positions = as_vector(context, bin, "tabulate()")
    ones = context.graph.array("fill", context.number(1.0), shape=positions.shape)
    return scattered(context, ones, positions, nbins, "'nbins'")


def scattered(context: Context, values: Node, positions: Node, length: Value, what: str) -> Node:
    agree(context, "a sum by groups", values.shape[0], positions.shape[0], [values.shape, positions.shape])
    return context.graph.array("scatter", values, positions, shape=(count(context, length, what), *values.shape[1:]))


@known_as("factor", "as.factor")
@fixed("x", optional=("levels", "labels"))
def factor(context: Context, x: Value, levels: Value | None, labels: Value | None) -> Value:
    """Positions among the levels 1, 2, ..., n: the groups of tapply()."""
    import numpy as np

    if isinstance(x, Factor) and levels is None:
        return x
    if levels is None:
        numbers = known_numbers(context, x, "factor()")
        found = [float(n) for n in np.unique(numbers[~np.isnan(numbers)])]
        levels = Vector(tuple(context.number(n) for n in found))
    if isinstance(levels, Span):
        from_one = levels.first == 1
    else:
        listed = [context.constants.get(i.index) for i in items(context, levels, "the levels") if isinstance(i, Node)]
        from_one = listed == [float(i) for i in range(1, len(listed) + 1)]
    if not from_one:
        raise context.error("the levels must be 1, 2, ..., n", "write factor(match(g, c(...)), seq_len(n))")
    length = size(context, levels)
    count_of = context.graph.length(length) if isinstance(length, Length) else context.number(float(length))
    words = () if isinstance(length, Length) else tuple(str(i + 1) for i in range(length))
    return Factor(as_vector(context, x, "factor()"), count_of, words)


@known_as("tapply")
@fixed("X", "INDEX", "FUN", optional=("default",))
def sums_by_group(context: Context, X: Value, INDEX: Value, FUN: Value, default: Value | None) -> Value:
    """The sums, means or sizes of groups; groups without entries are 0 where `default` is."""
    name = FUN.name if isinstance(FUN, Builtin) or (isinstance(FUN, Node) and FUN.op == "symbol") else ""
    empty = None if default is None else constant(context, default, "'default'")
    given = isinstance(INDEX, Factor)
    if isinstance(INDEX, Factor) and name == "sum" and empty == 0:
        values = as_vector(context, X, "tapply()")
        return scattered(context, values, INDEX.positions, INDEX.count, "the number of levels")
    positions = INDEX.positions if isinstance(INDEX, Factor) else INDEX
    if isinstance(FUN, Closure) and not given:
        # The value for each part, as sapply() has it.
        return LIBRARY["sapply"](context, [LIBRARY["split"](context, [X, INDEX], (None, None)), FUN], (None, None))
    if name in ("sum", "mean", "length") and isinstance(positions, Node) and positions.op == "data":
        # All groups have entries.
        full = float(levels_of(context, positions, "tapply()"))
        if isinstance(INDEX, Factor) and context.constants.get(INDEX.count.index) != full:
            raise context.error("tapply(): a level has no entries, so its value is missing", "write default = 0")
        count = context.number(full)
        sums = scattered(context, as_vector(context, X, "tapply()"), positions, count, "the number of levels")
        numbers = tabulate(context, [positions, count], (None, None))
        return sums if name == "sum" else numbers if name == "length" else apply_rows(context, "div", [sums, numbers])
    hint = (
        "write sapply(split(x, g), f)"
        if not given and name != "sum"
        else "write tapply(x, factor(g, seq_len(n)), sum, default = 0)"
    )
    raise context.error("tapply() sums the entries of groups, or has their means or sizes", hint)


def levels_of(context: Context, groups: Node, what: str) -> int:
    """Return the number n of the groups 1, 2, ..., n of a data column, all of which have entries."""
    import numpy as np

    values = np.unique(context.graph.columns[groups.name])
    if not np.array_equal(values, np.arange(1.0, len(values) + 1.0)):
        raise context.error(
            f"{what}: the groups of '{groups.name}' are not 1, 2, ..., n", "number them, or write factor(g, seq_len(n))"
        )
    return len(values)


@known_as("rowsum")
@fixed("x", "group")
def row_sums_by_group(context: Context, x: Value, group: Value) -> Value:
    """The sums of the rows of each group, a row for each group."""
    values = as_array(context, x, "rowsum()")
    node = values.node if isinstance(values, Oriented) else values
    positions = as_vector(context, group, "rowsum()")
    count: Dimension | None = None
    last = positions.args[-1] if positions.op == "concatenate" else positions
    if positions.op == "data":
        count = levels_of(context, positions, "rowsum()")
    elif last.op == "cumsum" and last.args[0].op == "fill":
        # 1, 2, ..., n behind the groups: each has an entry.
        count = last.shape[0]
    if count is None and positions.op == "concatenate":
        # The same with a number of groups that is known.
        parts = [b for a in positions.args for b in (a.args if a.op == "concatenate" else (a,))]
        numbers = [context.constants.get(p.index) for p in parts if not p.shape]
        if numbers and numbers == [i + 1.0 for i in range(len(numbers))]:
            count = len(numbers)
    if count is None:
        raise context.error("rowsum(): how many groups there are is not known", "send the groups as data")
    sums = scattered(context, node, positions, number_of(context, count), "the number of groups")
    return Oriented(sums, True) if len(sums.shape) == 1 else sums


@known_as("bincount")
@fixed("x", optional=("weights", "minlength"))
def bincount(context: Context, x: Value, weights: Value | None, minlength: Value | None) -> Value:
    """NumPy's counts, or sums of weights, at positions that count from 0."""
    if minlength is None:
        column = x.args[0] if isinstance(x, Node) and x.op == "add" else x
        if isinstance(column, Node) and column.op == "data":
            # As many as the largest position needs.
            shift = 0.0 if column is x else constant(context, x.args[1], "the shift") if isinstance(x, Node) else 0.0
            largest = float(context.graph.columns[column.name].max()) + shift
            minlength = context.number(max(largest, 0.0) + 1.0)
    if minlength is None:
        raise context.error("np.bincount() needs the length of its value", "write np.bincount(g, w, minlength=n)")
    positions = as_vector(context, apply_rows(context, "add", [x, context.number(1.0)]), "np.bincount()")
    if weights is None:
        return tabulate(context, [positions, minlength], (None, None))
    return scattered(context, as_vector(context, weights, "np.bincount()"), positions, minlength, "'minlength'")


@known_as("pad")
@fixed("array", "pad_width")
def pad(context: Context, array: Value, pad_width: Value) -> Value:
    """Zeros before and after a vector or the rows of a matrix."""
    node = as_node(context, array, "np.pad()")
    hint = "write np.pad(x, (before, after)), or np.pad(A, ((before, after), (0, 0))) for rows"
    if len(node.shape) == 2:
        # A list of two pairs is read as a matrix of numbers.
        bound = pad_width.args[0] if isinstance(pad_width, Node) and pad_width.op == "transpose" else None
        pairs = [*bound.args] if bound is not None and bound.op == "bind_columns" else []
        if len(pairs) != 2 or any(
            len(p.args) != 2 or constant(context, a, "a width") for p in pairs[1:] for a in p.args
        ):
            raise context.error("np.pad() adds rows to a matrix", hint)
        widths: tuple[Value, ...] = pairs[0].args
    else:
        widths = pad_width.items if isinstance(pad_width, Vector) else (pad_width, pad_width)
    if len(widths) != 2 or not node.shape:
        raise context.error("np.pad() takes a vector or a matrix, and two widths", hint)
    return context.graph.array(
        "pad", node, payload=(whole(context, widths[0], "a width"), whole(context, widths[1], "a width"))
    )


@known_as("append")
@fixed("x", "values")
def append(context: Context, x: Value, values: Value) -> Value:
    return context.graph.array("concatenate", *[as_node(context, v, "append()") for v in (x, values)])
