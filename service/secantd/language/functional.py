"""Functions that call functions: apply, sapply, Map, Reduce, Filter and their relatives."""

from collections.abc import Sequence

from secantd.errors import Reason
from secantd.expression import Dimension, Length, Node
from secantd.functions import NAMES
from secantd.language import structural
from secantd.language.arrays import is_array
from secantd.language.context import Context
from secantd.language.folds import folded
from secantd.language.indexing import index
from secantd.language.inference import as_matrix, as_vector, learn_rank, open_names, usual_rank
from secantd.language.mapping import Called, each, entries
from secantd.language.matrices import bind
from secantd.language.products import outer
from secantd.language.reductions import along_axis
from secantd.language.registry import LIBRARY, Arguments, Names, fixed, known_as, required_argument, whole_part
from secantd.language.statistics import variances_along
from secantd.language.structural import constant, items, size
from secantd.language.values import Builtin, Closure, Span, Value, Vector, Zipped
from secantd.language.vectors import flat

__all__ = ["OPERATORS", "function_of"]

# Operators that are arguments: Reduce(`+`, x), outer(x, y, "-").
OPERATORS = {"+": "add", "*": "mul", "-": "sub", "/": "div", "^": "pow", "%*%": "%*%",
             **{c: c for c in ("<", "<=", ">", ">=", "==", "!=", "&", "|")}}  # fmt: skip
# Reductions of rows and columns, by the functions that are passed to apply().
OF_ROWS = {"sum": "sum", "mean": "mean", "prod": "prod", "max": "max_of", "min": "min_of"}


def function_of(context: Context, value: Value | None) -> Called:
    """Return a function value: one of the text, a function of the language, or an operator by its sign."""
    name = value if isinstance(value, str) else value.name if isinstance(value, Node) and value.op == "symbol" else ""
    if name in ("[", "[[") and not context.zero_based:
        return lambda *arguments, names=(): element(context, list(arguments))
    if name in OPERATORS:
        return lambda *arguments, names=(): operated(context, OPERATORS[name], arguments)
    if name and (name in NAMES or name in LIBRARY or f"np.{name}" in LIBRARY):
        value = Builtin(name)
    elif isinstance(value, Node) and value.op == "symbol" and value.name.rpartition(".")[0] in ("np", "numpy", "math"):
        value = Builtin(value.name)
    if not isinstance(value, Closure | Builtin):
        raise context.error("expected a function", "write function(z) ...", Reason.UNKNOWN_FUNCTION)
    called = value
    return lambda *arguments, names=(): context.call_now(called, list(arguments), names)


def element(context: Context, arguments: list[Value]) -> Value:
    """Return x[i], as sapply(x, "[", i) has it for each entry; of a number it is the number itself."""
    if len(arguments) == 2 and isinstance(arguments[0], Node) and not arguments[0].shape:
        if constant(context, arguments[1], "an index") != 1:
            raise context.error("a number has one element only")
        return arguments[0]
    return index(context, arguments)


def operated(context: Context, op: str, arguments: Sequence[Value]) -> Value:
    if op == "sub" and len(arguments) == 1:
        return structural.operate(context, "neg", list(arguments))
    if len(arguments) != (1 if op == "!" else 2):
        raise context.error(f"an operator with {len(arguments)} operands", "write function(a, b) a + b")
    if op == "sub":
        first, second = arguments
        return structural.operate(context, "add", [first, structural.operate(context, "minus", [second])])
    return structural.operate(context, op, list(arguments))


# -- each element, each row --------------------------------------------------------------------------------------------


def one_by_one(context: Context, function: Called, columns: Sequence[Sequence[Value]]) -> list[Value]:
    """Return a function of the elements of vectors; shorter ones are repeated."""
    longest = max(map(len, columns)) if all(columns) else 0
    return [function(*[c[i % len(c)] for c in columns]) for i in range(longest)]


def as_list(context: Context, value: Value, what: str) -> Value:
    """Return a value to whose elements a function is applied; a variable of which nothing is known is a vector."""
    if isinstance(value, Node) and not value.shape and open_names(context, value):
        learn_rank(context, value, usual_rank(value), what)
    return value


def collected(context: Context, function: Called, values: Sequence[Value], what: str, *, rows: bool) -> Value:
    """Return a function of each element: a vector, or a matrix where the values are vectors.

    Args:
        context: The interpreter.
        function: The function.
        values: The vectors of its arguments.
        what: The function that is called, for errors.
        rows: Whether vectors are the rows of the result, as in NumPy; else its columns.
    """
    values = [as_list(context, v, what) for v in values]
    found = each(context, function, values, what)
    if found is not None:
        matrix = isinstance(found, Node) and len(found.shape) == 2
        return context.graph.array("transpose", found) if matrix and not rows else found  # type: ignore[arg-type]
    results = one_by_one(context, function, [entries(context, v) for v in values])
    sizes = {size(context, r) for r in results} if any(is_row(r) for r in results) else {1}
    if len(sizes) > 1 and not rows:
        # R: values of several lengths are a list.
        return listed(results, values)
    if len(results) > 1 and all(is_row(r) for r in results):
        return bind(context, results, what, rows=rows)
    found_values = flat(context, results)
    labelled = listed(found_values, values if len(found_values) == len(results) else ())
    first = values[0]
    if not labelled.names and isinstance(first, Vector) and len(first.items) == len(found_values) and not rows:
        # R: the values for texts have the texts as names.
        texts = tuple([t for t in first.items if isinstance(t, str)])
        return Vector(labelled.items, texts if len(texts) == len(found_values) else ())
    return labelled


def listed(results: Sequence[Value], values: Sequence[Value]) -> Vector:
    """Return a list of values with the names of the vector that they were computed from."""
    names = values[0].names if values and isinstance(values[0], Vector) else ()
    return Vector(tuple(results), names if len(names) == len(results) else ())


def in_list(context: Context, function: Called, values: Sequence[Value], what: str) -> Value:
    """Return the list of a function's values; a vector where each of them is a number."""
    if context.zero_based:
        return collected(context, function, values, what, rows=True)
    values = [as_list(context, v, what) for v in values]
    if all(not isinstance(v, Vector) for v in values):
        found = each(context, function, values, what)
        if isinstance(found, Node) and len(found.shape) < 2:
            return found
        if isinstance(found, Node) and isinstance(found.shape[0], Length):
            # A list of vectors, of any length: only sapply() has a value for it.
            raise context.error(f"{what}: a list of vectors needs a known length", "write sapply() for a matrix")
    results = one_by_one(context, function, [entries(context, v) for v in values])
    single = [r.items[0] if isinstance(r, Vector) and len(r.items) == 1 and not r.names else r for r in results]
    return listed(single, values)


def with_more(function: Called, more: Arguments, names: Names) -> Called:
    """Return a function of elements whose further arguments are the same for all."""
    return function if not more else lambda *elements: function(*elements, *more, names=(None,) * len(elements) + names)


def is_row(value: Value) -> bool:
    if isinstance(value, Vector):
        return len(value.items) > 1
    return is_array(value) and not (isinstance(value, Node) and len(value.shape) == 2)


def parts_of_call(
    context: Context, what: str, parameters: Sequence[str], arguments: Arguments, names: Names
) -> tuple[Value, Called]:
    """Return the vector and the function of sapply(X, FUN, ...), with the arguments that follow given to the function."""
    own = {"simplify", "USE.NAMES", "FUN.VALUE"}
    taken: dict[str, Value] = {p: a for a, p in zip(arguments, names, strict=True) if p is not None and p in parameters}
    more: list[tuple[Value, str | None]] = []
    for argument, name in zip(arguments, names, strict=True):
        if name in parameters or name in own:
            continue
        free = [p for p in parameters if p not in taken] if name is None else []
        if free:
            taken[free[0]] = argument
        else:
            more.append((argument, name))
    function = function_of(context, taken.get("FUN"))
    value = required_argument(context, taken.get("X"), "X")
    return value, with_more(function, [a for a, _ in more], tuple(n for _, n in more))


@known_as("sapply", "vapply")
def sapply(context: Context, arguments: Arguments, names: Names) -> Value:
    """The values of a function for each element, as a vector, or as a matrix with a column for each."""
    call = context.instruction.operand
    checked = isinstance(call, tuple) and call[0] == "vapply"
    parameters = ("X", "FUN", "FUN.VALUE") if checked else ("X", "FUN")
    value, function = parts_of_call(context, "sapply()", parameters, arguments, names)
    return collected(context, function, [value], "sapply()", rows=False)


@known_as("lapply")
def lapply(context: Context, arguments: Arguments, names: Names) -> Value:
    """The list of the values of a function."""
    value, function = parts_of_call(context, "lapply()", ("X", "FUN"), arguments, names)
    return in_list(context, function, [value], "lapply()")


@known_as("Map", "map", "mapply")
def mapped(context: Context, arguments: Arguments, names: Names) -> Value:
    """R's Map and mapply, Python's map: a function of the elements of several vectors, one after the other."""
    if len(arguments) < 2:
        raise context.error("Map() takes a function and vectors", reason=Reason.UNKNOWN_FUNCTION)
    place = names.index("FUN") if "FUN" in names else names.index("f") if "f" in names else 0
    function = function_of(context, arguments[place])
    values = [a for i, a in enumerate(arguments) if i != place and names[i] != "SIMPLIFY"]
    word = arguments[place]
    if isinstance(word, Builtin | Node) and (isinstance(word, Builtin) or word.op == "symbol") and word.name == "c":
        lists = [as_list(context, v, "Map()") for v in values]
        if all(isinstance(v, Node) and len(v.shape) == 1 and isinstance(v.shape[0], Length) for v in lists):
            # A list of entries side by side, over which Reduce() goes.
            return Zipped(tuple(lists))
    call = context.instruction.operand
    if isinstance(call, tuple) and call[0] == "mapply":
        return collected(context, function, values, "mapply()", rows=False)
    return in_list(context, function, values, "Map()")


@known_as("apply")
@fixed("X", "MARGIN", "FUN")
def apply_along(context: Context, X: Value, MARGIN: Value, FUN: Value) -> Value:
    """A function of each row (1) or column (2), or of each entry (1:2)."""
    matrix = as_matrix(context, X, "apply()")
    if isinstance(MARGIN, Vector) and len(MARGIN.items) == 2:
        return function_of(context, FUN)(matrix)
    axis = whole_part(context, MARGIN, "MARGIN") - 1
    if axis not in (0, 1):
        raise context.error("MARGIN is 1 for rows or 2 for columns")
    name = FUN.name if isinstance(FUN, Builtin | Node) and not (isinstance(FUN, Node) and FUN.op != "symbol") else ""
    if name in OF_ROWS:
        return along_axis(context, matrix, 1 - axis, OF_ROWS[name])
    if name in ("var", "sd"):
        found = variances_along(context, matrix, 1 - axis, 1)
        return context.graph.make("sqrt", found) if name == "sd" else found
    if axis == 1 and name in ("cumsum", "cumprod"):
        return context.graph.array(name, matrix)
    rows = matrix if axis == 0 else context.graph.array("transpose", matrix)
    side = rows.shape[0]
    function = function_of(context, FUN)
    if each(context, function, [rows], "apply()") is None and (
        isinstance(side, Length) or side > context.limits.loop_steps
    ):
        raise context.error(
            "apply() with this function needs a known number of rows", "declare the shape of the matrix"
        )
    return collected(context, function, [rows], "apply()", rows=False)


@known_as("apply_along_axis")
@fixed("func1d", "axis", "arr")
def numpy_apply(context: Context, func1d: Value, axis: Value, arr: Value) -> Value:
    number = constant(context, axis, "'axis'")
    if number not in (-2, -1, 0, 1):
        raise context.error(f"the axis {number:g} is out of range: the array has 2 axes")
    margin = context.number(1.0 if number % 2 else 2.0)
    found = apply_along(context, [arr, margin, func1d], (None, None, None))
    matrix = isinstance(found, Node) and len(found.shape) == 2 and number % 2
    return context.graph.array("transpose", found) if matrix else found  # type: ignore[arg-type]


# -- one value of all elements ------------------------------------------------------------------------------------------


@known_as("Reduce", "reduce", "functools.reduce")
@fixed("f", "x", optional=("init", "right", "accumulate"))
def fold(
    context: Context, f: Value, x: Value, init: Value | None, right: Value | None, accumulate: Value | None
) -> Value:
    """f(f(x[1], x[2]), x[3]) and so on; the sum and the product of a vector are those of the whole."""
    op = OPERATORS.get(f if isinstance(f, str) else f.name if isinstance(f, Node) and f.op == "symbol" else "")
    backwards = right is not None and constant(context, right, "'right'") != 0
    keeps = accumulate is not None and constant(context, accumulate, "'accumulate'") != 0
    x = as_list(context, x, "Reduce()")
    if op in ("add", "mul") and init is None and not backwards and (is_array(x) or isinstance(x, Span)):
        vector = as_vector(context, x, "Reduce()")
        if keeps:
            return context.graph.array("cumsum" if op == "add" else "cumprod", vector)
        return context.graph.make("sum" if op == "add" else "prod", vector)
    if isinstance(f, Closure) and not backwards:
        found = folded(context, f, x, init, accumulate=keeps)
        if found is not None:
            return found
    function = function_of(context, f)
    given = items(context, x, "a vector")
    values = ([] if init is None else [init]) + (given[::-1] if backwards else given)
    if not values:
        raise context.error("the vector is empty", reason=Reason.UNKNOWN_FUNCTION)
    results = values[:1]
    for v in values[1:]:
        results.append(function(v, results[-1]) if backwards else function(results[-1], v))
    return Vector(tuple(results[::-1] if backwards else results)) if keeps else results[-1]


@known_as("Filter")
@fixed("f", "x")
def filtered(context: Context, f: Value, x: Value) -> Value:
    """The entries of a vector for which a function is true."""
    function = function_of(context, f)
    x = as_list(context, x, "Filter()")
    if isinstance(x, Vector):
        tests = [function(v) for v in x.items]
        numbers = [context.constants.get(t.index) if isinstance(t, Node) else None for t in tests]
        if None not in numbers:
            return Vector(tuple(v for v, n in zip(x.items, numbers, strict=True) if n))
        if any(not isinstance(v, Node) or v.shape for v in x.items):
            raise context.error("Filter() takes a vector of numbers")
    vector = as_vector(context, x, "Filter()")
    mask = each(context, function, [vector], "Filter()")
    if not isinstance(mask, Node):
        raise context.error("Filter() needs a function with a condition as its value", "write x[x > 0]")
    return context.graph.array("select", vector, mask)


@known_as("do.call")
@fixed("what", "args")
def called(context: Context, what: Value, args: Value) -> Value:
    """A function called with the elements of a list."""
    if not isinstance(args, Vector):
        raise context.error("do.call() takes a list of arguments", "write do.call(f, list(x, y))")
    name = what if isinstance(what, str) else what.name if isinstance(what, Node) and what.op == "symbol" else ""
    names = args.names or (None,) * len(args.items)
    if name in LIBRARY:
        return LIBRARY[name](context, list(args.items), tuple(names))
    function = Builtin(name) if name and not isinstance(what, Closure) else what
    return context.call_now(function, list(args.items), tuple(names))


@known_as("outer")
@fixed("X", "Y", optional=("FUN", "no"))
def outer_product(context: Context, X: Value, Y: Value, FUN: Value | None, no: Value | None) -> Value:
    """A function of all pairs of entries; outer(test, y, ifelse, 0) chooses y where the test holds."""
    if FUN is None:
        return outer(context, X, Y, "outer()")
    sides = [context.graph.array(op, as_vector(context, v, "outer()")) for op, v in (("column", X), ("row", Y))]
    extra = [] if no is None else [no]
    found = function_of(context, FUN)(*sides, *extra)
    shape: tuple[Dimension, Dimension] = (sides[0].shape[0], sides[1].shape[1])
    if not isinstance(found, Node) or found.shape != shape:
        raise context.error(
            "the function of outer() must depend on both arguments, entry by entry", 'such as outer(x, y, "-")'
        )
    return found
