"""Comprehensions and what they run over, zip and enumerate; with and local, which evaluate an argument themselves."""

from secantd.expression import Node, plus
from secantd.language.arrays import as_node
from secantd.language.context import Context
from secantd.language.grammar import COMPREHENSION
from secantd.language.mapping import called_for_each, entries
from secantd.language.positions import is_mask
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, whole
from secantd.language.structural import constant, items, size
from secantd.language.values import Builtin, Closure, Environment, Span, Value, Vector, Zipped

__all__: list[str] = []


@known_as("with")
@fixed("data", "expr")
def with_list(context: Context, data: Value, expr: Value) -> Value:
    """An expression with the elements of a list as variables."""
    if isinstance(data, Node) and data.op == "symbol" and isinstance(expr, Closure):
        # The elements of a variable: with(as.list(par), a*b) means par$a and par$b.
        inside = Environment(expr.home)
        inside.members = (data.name,)
        return context.evaluate(expr.body, inside)
    if isinstance(data, Vector) and isinstance(expr, Closure) and data.items and not any(data.names):
        lists = [v.name for v in data.items if isinstance(v, Node) and v.op == "symbol" and not v.shape]
        if len(lists) == len(data.items):
            # with(as.list(c(y, par)), ...) of a model: the state and the parameters.
            inside = Environment(expr.home)
            inside.members = tuple(lists)
            return context.evaluate(expr.body, inside)
    if not isinstance(data, Vector) or not data.names or not isinstance(expr, Closure):
        raise context.error("with() takes a list of named values", "write with(list(a = x), ...), or send data by name")
    values = {name: item for name, item in zip(data.names, data.items, strict=True) if name}
    return context.evaluate(expr.body, Environment(expr.home, values=dict(values)))


@known_as("local")
@fixed("expr")
def local(context: Context, expr: Value) -> Value:
    return context.evaluate(expr.body, Environment(expr.home)) if isinstance(expr, Closure) else expr


@known_as("zip")
def zipped(context: Context, arguments: Arguments, names: Names) -> Value:
    return Zipped(tuple(arguments))


@known_as("enumerate")
@fixed("iterable", optional=("start",))
def enumerated(context: Context, iterable: Value, start: Value | None) -> Value:
    length = size(context, iterable)
    first = 0 if start is None else whole(context, start, "'start'")
    if isinstance(length, int) and not context.rolls(length):
        return Zipped((Vector(tuple(context.number(float(first + i)) for i in range(length))), iterable))
    return Zipped((Span(first, plus(length, first - 1)), iterable))


@known_as(COMPREHENSION)
def comprehension(context: Context, arguments: Arguments, names: Names) -> Value:
    """The values of a function for the entries of an iterable, if a condition holds."""
    iterable, function, *condition = arguments
    assert isinstance(function, Closure)
    parts: list[Value] = list(iterable.parts) if isinstance(iterable, Zipped) else [iterable]
    if len(parts) == 1 < len(function.parameters):
        rows = [items(context, row, "an element") for row in entries(context, iterable)]
        parts = [Vector(column) for column in zip(*rows, strict=False)]
    if len(parts) != len(function.parameters):
        raise context.error(f"{len(function.parameters)} names for {len(parts)} vectors", "write for x, y in zip(a, b)")
    if condition:
        parts = chosen(context, parts, called_for_each(context, condition[0], parts, "the comprehension"))
    values = called_for_each(context, function, parts, "the comprehension")
    if isinstance(values, Vector) and values.items and all(isinstance(v, Vector) for v in values.items):
        return context.call_now(Builtin("["), list(values.items))
    return values


def chosen(context: Context, parts: list[Value], mask: Value) -> list[Value]:
    """Return the entries of vectors for which a condition holds."""
    conditions = mask.items if isinstance(mask, Vector) else ()
    known = [context.constants.get(c.index) if isinstance(c, Node) else None for c in conditions]
    if isinstance(mask, Vector) and None not in known:
        columns = [items(context, p, "a vector") for p in parts]
        return [Vector(tuple(v for v, c in zip(column, known, strict=True) if c)) for column in columns]
    taken = as_node(context, mask, "a condition")
    if not is_mask(taken):
        raise context.error("the condition behind 'if' must be a comparison", "write if x > 0")
    return [context.graph.array("select", as_node(context, p, "a condition"), taken) for p in parts]


@known_as("ix_")
@fixed("rows", "columns")
def crossed(context: Context, rows: Value, columns: Value) -> Value:
    """The index of all rows with all columns: A[np.ix_(rows, columns)]."""
    return Zipped((rows, columns), crossed=True)


def triangle(upper: bool) -> LibraryFunction:
    """The index of a triangle, row by row: A[np.triu_indices(n)]."""

    @fixed("n", optional=("k",))
    def places(context: Context, n: Value, k: Value | None) -> Value:
        count = whole(context, n, "'n'")
        shift = 0.0 if k is None else constant(context, k, "'k'")
        pairs = [(i, j) for i in range(count) for j in range(count) if (j - i >= shift if upper else j - i <= shift)]
        return Zipped(tuple(Vector(tuple(context.number(float(p[axis])) for p in pairs)) for axis in (0, 1)))

    return places


LIBRARY["triu_indices"] = triangle(True)
LIBRARY["tril_indices"] = triangle(False)


@known_as("diag_indices")
@fixed("n")
def diagonal_places(context: Context, n: Value) -> Value:
    numbers = Vector(tuple(context.number(float(i)) for i in range(whole(context, n, "'n'"))))
    return Zipped((numbers, numbers))
