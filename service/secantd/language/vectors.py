"""Functions that make vectors of numbers."""

import math
from collections.abc import Sequence

from secantd.errors import Reason, limit_exceeded
from secantd.expression import Length, Node, plus, reachable
from secantd.language import structural
from secantd.language.arrays import as_node, dimension_of, flattened, is_array, number_of
from secantd.language.context import Context
from secantd.language.inference import as_vector, learn_rank, open_names, spread
from secantd.language.knownnumbers import computed_numbers
from secantd.language.positions import is_condition, is_mask, places_where
from secantd.language.registry import LIBRARY, Arguments, Names, fixed, known_as, required_argument, whole
from secantd.language.structural import apply_rows, constant, items, match, size
from secantd.language.values import Nothing, Oriented, Span, Value, Vector

__all__ = ["flat", "python_range"]

# Positions of data that are written one by one.
FEW_PLACES = 1000
CONDITIONS = frozenset({"<", "<=", ">", ">=", "==", "!=", "&", "|", "!"})


def flat(context: Context, arguments: Sequence[Value]) -> list[Value]:
    """Return the arguments with each vector replaced by its elements."""
    found: list[Value] = []
    for a in arguments:
        found += a.items if isinstance(a, Vector) else [a]
    return found


@known_as("array", "asarray", "np.tensor")
def array(context: Context, arguments: Arguments, names: Names) -> Value:
    """NumPy's array(): a list of numbers, or a list of rows; a type may follow."""
    if len(arguments) == 1 or (context.zero_based and set(names[1:]) <= {None, "dtype"}):
        value = required_argument(context, arguments[0] if arguments else None, "object")
        return value if is_array(value) or isinstance(value, Vector) else combine(context, [value], names[:1])
    if context.zero_based:
        raise context.error("np.array() takes one list", "write np.array([1, 2])", Reason.UNKNOWN_FUNCTION)
    found = match(context, ["data", "dim", "dimnames"], arguments, names, "array()")
    sides = items(context, required_argument(context, found.get("dim"), "dim"), "the dimensions")
    if len(sides) > 2:
        raise context.error("arrays of rank 3 are not part of the language", "use vectors and matrices")
    data = required_argument(context, found.get("data"), "data")
    if len(sides) == 1:
        return repeat(context, [data, sides[0]], (None, "length.out"))
    return LIBRARY["matrix"](context, [data, *sides], (None, None, None))


@known_as("list")
def listed(context: Context, arguments: Arguments, names: Names) -> Value:
    """A list of values, which may be vectors; one of numbers is a vector."""
    if all(isinstance(a, Node) and not a.shape for a in arguments):
        return combine(context, arguments, names)
    if len(arguments) == 1 and context.zero_based:
        # list(x) of Python
        return arguments[0]
    return Vector(tuple(arguments), tuple(names) if any(names) else ())


@known_as("c")
def combine(context: Context, arguments: Arguments, names: Names) -> Value:
    given = [(a, n) for a, n in zip(arguments, names, strict=True) if not isinstance(a, Nothing)]
    arguments, names = [a for a, _ in given], tuple(n for _, n in given)
    if any(is_array(a) or isinstance(a, Span) for a in arguments):
        parts = [flattened(context, a, 0) for a in arguments]
        return context.graph.array("concatenate", *parts) if len(parts) > 1 else parts[0]
    found: list[Value] = []
    labels: list[str | None] = []
    for a, n in zip(arguments, names, strict=True):
        inside = list(a.items) if isinstance(a, Vector) else [a]
        if isinstance(a, Node) and a.rows > 1 and len(arguments) == 1:
            return a
        if isinstance(a, Node) and a.rows > 1:
            inside = items(context, a, "a vector")
        found += inside
        labels += a.names if isinstance(a, Vector) and a.names else [n] * len(inside)
    return Vector(tuple(found), tuple(labels) if any(labels) else ())


@known_as("rep")
@fixed("x", optional=("times", "each", "length.out"))
def repeat(context: Context, x: Value, times: Value | None, each: Value | None, length_out: Value | None) -> Value:
    if isinstance(x, Node) and not x.shape and each is None:
        wanted = length_out if length_out is not None else times
        length = dimension_of(context, wanted) if isinstance(wanted, Node) else None
        if isinstance(length, Length):
            return context.graph.array("fill", x, shape=(length,))
    found = items(context, x, "a vector")
    if each is not None:
        count = whole(context, each, "'each'")
        found = [v for v in found for _ in range(count)]
    if length_out is not None:
        count = whole(context, length_out, "'length.out'")
        found = [found[i % len(found)] for i in range(count)] if found else []
    elif isinstance(times, Vector):
        counts = [whole(context, t, "'times'") for t in times.items]
        if len(counts) != len(found):
            raise context.error(f"'times' has {len(counts)} entries for {len(found)} numbers")
        whole(context, context.number(sum(counts)), "the length")
        found = [v for v, n in zip(found, counts, strict=True) for _ in range(n)]
    elif times is not None:
        count = whole(context, times, "'times'")
        whole(context, context.number(count * len(found)), "the length")
        found = found * count
    return Vector(tuple(found))


@known_as("rep_len")
@fixed("x", "length.out")
def repeated_to(context: Context, x: Value, length: Value) -> Value:
    return repeat(context, [x, length], (None, "length.out"))


@known_as("seq")
@fixed("from", optional=("to", "by", "length.out"))
def seq(context: Context, start: Value, to: Value | None, by: Value | None, length_out: Value | None) -> Value:
    if to is None:
        start, to = context.number(1.0), start
    if length_out is not None:
        count = whole(context, length_out, "'length.out'")
        first, last = constant(context, start, "from"), constant(context, to, "to")
        step = (last - first) / max(count - 1, 1)
        if not math.isfinite(step):
            raise context.error("a range needs finite bounds and a nonzero step")
        return Vector(tuple(context.number(first + i * step) for i in range(count)))
    return structural.sequence(context, start, to, constant(context, by, "by") if by is not None else None)


@known_as("arange", "np.arange")
def python_range(context: Context, arguments: Arguments, names: Names) -> Value:
    """Return Python's range, which starts at 0 and excludes its end.

    Args:
        context: The interpreter.
        arguments: The start, the end and the step, or the end only.
        names: None for each.
    """
    span = length_range(context, arguments) if not any(names) else None
    if span is not None:
        return span
    if any(names) or not 1 <= len(arguments) <= 3:
        raise context.error("range() takes start, stop, step", "write range(0, 10)", Reason.UNKNOWN_FUNCTION)
    start, *rest = [constant(context, a, "a bound of range()") for a in arguments]
    stop, step = (rest[0], rest[1] if len(rest) > 1 else 1.0) if rest else (start, 1.0)
    if not rest:
        start = 0.0
    if step == 1.0 and start.is_integer() and math.isfinite(stop) and context.rolls(stop - start):
        return Span(int(start), math.ceil(stop) - 1)
    steps = (stop - start) / step if step and all(map(math.isfinite, (start, stop, step))) else -1.0
    if steps <= -1:
        raise context.error("range() needs finite bounds and a step towards its end")
    if steps > context.limits.loop_steps:
        raise limit_exceeded("loop_steps", "a range is too long", context.limits.loop_steps)
    return Vector(tuple(context.number(start + i * step) for i in range(math.ceil(steps))))


def length_range(context: Context, arguments: Arguments) -> Span | None:
    """Return np.arange(n) and np.arange(1, n + 1) for a length n that is not known, else None."""
    bounds = [dimension_of(context, a) if isinstance(a, Node) and not a.shape else None for a in arguments]
    if not 1 <= len(bounds) <= 2 or None in bounds or not any(isinstance(b, Length) for b in bounds):
        return None
    first, last = bounds if len(bounds) == 2 else (0, bounds[0])
    return Span(first, plus(last, -1)) if first is not None and last is not None else None


@known_as("seq_len")
@fixed("length.out")
def seq_len(context: Context, length: Value) -> Value:
    last = dimension_of(context, length) if isinstance(length, Node) else None
    if isinstance(last, Length) or (last is not None and context.rolls(last)):
        return Span(1, last)
    return Vector(tuple(context.number(i + 1.0) for i in range(whole(context, length, "the length"))))


@known_as("seq_along")
@fixed("x")
def seq_along(context: Context, x: Value) -> Value:
    last = size(context, vector_or_number(context, x, "seq_along()"))
    if isinstance(last, Length) or context.rolls(last):
        return Span(1, last)
    return Vector(tuple(context.number(i + 1.0) for i in range(last)))


def vector_or_number(context: Context, x: Value, what: str) -> Value:
    """Return a value; a variable of which nothing is known is a vector."""
    if isinstance(x, Node) and x.op == "symbol" and not x.shape and open_names(context, x):
        learn_rank(context, x, 1, what)
    return x


@known_as("length", "len")
def size_of(context: Context, arguments: Arguments, names: Names) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0], Nothing):
        return context.number(0.0)
    found = match(context, ["x"], arguments, names, "length()")
    x = required_argument(context, found.get("x"), "x")
    x = vector_or_number(context, x, "length()")
    if context.zero_based and isinstance(x, Node) and len(x.shape) == 2:
        return number_of(context, x.shape[0])
    if isinstance(x, Node) and x.op == "select" and is_mask(x.args[1]) and not is_mask_of_data(x.args[1]):
        # How many entries a condition on variables chooses.
        return context.graph.make("sum", x.args[1])
    return number_of(context, size(context, x))


def is_mask_of_data(mask: Node) -> bool:
    return not any(n.op == "symbol" for n in reachable([mask]))


def computed(context: Context, op: str, x: Value, what: str) -> Node | None:
    """Return an operation along a vector; None for vectors of components and data columns."""
    x = spread(context, x, what)
    if not is_array(x) and not isinstance(x, Span):
        return None
    node = as_node(context, x, what)
    if len(node.shape) == 2:
        hint = "use as.vector(), or one column at a time"
        raise context.error(f"{what} of a matrix is not part of the language", hint)
    return context.graph.array(op, node)


@known_as("rev", "flip", "flipud", "reversed")
@fixed("x")
def reverse(context: Context, x: Value) -> Value:
    return computed(context, "reverse", x, "rev()") or Vector(tuple(items(context, x, "a vector")[::-1]))


@known_as("cumsum", "add.accumulate")
@fixed("x", optional=("axis",))
def cumulative_sum(context: Context, x: Value, axis: Value | None) -> Value:
    found = along_axis(context, "cumsum", x, axis)
    return found or computed(context, "cumsum", x, "cumsum()") or cumulate(context, x, "add")


@known_as("cumprod", "multiply.accumulate")
@fixed("x", optional=("axis",))
def cumulative_product(context: Context, x: Value, axis: Value | None) -> Value:
    found = along_axis(context, "cumprod", x, axis)
    return found or computed(context, "cumprod", x, "cumprod()") or cumulate(context, x, "mul")


def running_extreme(context: Context, x: Value, op: str, what: str) -> Value:
    """Return the largest (pmax) or smallest (pmin) entry so far for each entry of a vector."""
    x = spread(context, x, what)
    if not is_array(x) and not isinstance(x, Span) and not (isinstance(x, Node) and x.op == "data"):
        return cumulate(context, x, op)
    node = as_vector(context, as_node(context, x, what), what)
    by = node if op == "pmax" else context.graph.make("neg", node)
    return context.graph.array("gather", node, context.graph.array("record", by))


@known_as("cummax", "maximum.accumulate")
@fixed("x")
def cumulative_maximum(context: Context, x: Value) -> Value:
    return running_extreme(context, x, "pmax", "cummax()")


@known_as("cummin", "minimum.accumulate")
@fixed("x")
def cumulative_minimum(context: Context, x: Value) -> Value:
    return running_extreme(context, x, "pmin", "cummin()")


def along_axis(context: Context, op: str, x: Value, axis: Value | None) -> Node | None:
    """Return an operation of NumPy along an axis of a matrix; None where there is no matrix or no axis."""
    if axis is None or not isinstance(x, Node) or len(x.shape) != 2:
        return None
    number = constant(context, axis, "'axis'")
    if number not in (-2, -1, 0, 1):
        raise context.error(f"the axis {number:g} is out of range: the array has 2 axes")
    if number in (-2, 0):
        return context.graph.array(op, x)
    return context.graph.array("transpose", context.graph.array(op, context.graph.array("transpose", x)))


@known_as("diff")
@fixed("x", optional=("lag", "differences", "axis", "n"))
def differences(
    context: Context, x: Value, lag: Value | None, differences: Value | None, axis: Value | None, n: Value | None
) -> Value:
    lag = lag if n is None else n
    # NumPy's last axis is the default.
    last = context.number(-1.0) if context.zero_based and axis is None else axis
    found = along_axis(context, "diff", x, last) if lag is None and differences is None else None
    if found is not None:
        return found
    if isinstance(lag, Node) and lag.op == "symbol":
        hint = "send the formula itself, for example x^2; the request selects what is computed from it"
        raise context.error("diff() takes differences of a vector; a text has no derivatives", hint)
    step = 1 if lag is None else whole(context, lag, "'lag'")
    if context.zero_based:
        # NumPy's diff(a, n): the second argument is the number of times.
        step, differences = 1, lag if lag is not None else differences
    for _ in range(1 if differences is None else whole(context, differences, "'differences'")):
        x = difference(context, x, step)
    return x


def difference(context: Context, x: Value, lag: int) -> Value:
    x = spread(context, x, "diff()")
    if is_array(x) or isinstance(x, Span):
        node = as_node(context, x, "diff()")
        if len(node.shape) == 2 and context.zero_based:
            raise context.error("np.diff() of a matrix is not part of the language")
        length = node.shape[0]
        if lag < 1:
            raise context.error("'lag' must be at least 1")
        if isinstance(length, int) and length < lag:
            raise context.error(f"diff() with a lag of {lag} needs more than {length} numbers", "give a longer vector")
        if lag == 1:
            return context.graph.array("diff", node)
        later = context.graph.array("slice", node, payload=(lag, 0))
        earlier = context.graph.make("neg", context.graph.array("slice", node, payload=(0, lag)))
        return context.graph.make("add", later, earlier)
    found = items(context, x, "differences")
    if len(found) <= lag or lag < 1:
        raise context.error("diff() needs two numbers or more", "send the formula itself to differentiate it")
    negated = [apply_rows(context, "neg", [v]) for v in found]
    return Vector(tuple(apply_rows(context, "add", [b, a]) for a, b in zip(negated, found[lag:], strict=False)))


@known_as("order", "argsort")
@fixed("x", optional=("kind",))
def order(context: Context, x: Value, kind: Value | None) -> Value:
    """The permutation that sorts x; equal entries keep their order, as in NumPy with kind="stable"."""
    permutation = context.graph.array("order", as_vector(context, spread(context, x, "order()"), "order()"))
    if context.zero_based:
        return context.graph.make("add", permutation, context.number(-1.0))
    return permutation


@known_as("sort", "sorted")
@fixed("x", optional=("decreasing",))
def sort(context: Context, x: Value, decreasing: Value | None) -> Value:
    node = as_vector(context, spread(context, x, "sort()"), "sort()")
    found = context.graph.array("gather", node, context.graph.array("order", node))
    falling = decreasing is not None and constant(context, decreasing, "'decreasing'") != 0
    return context.graph.array("reverse", found) if falling else found


@known_as("which")
@fixed("x")
def which(context: Context, x: Value) -> Value:
    """The positions where a condition holds; as an index they choose what the condition chooses."""
    if isinstance(x, Vector) and x.items:
        tests = [context.constants.get(v.index) if isinstance(v, Node) else None for v in x.items]
        if None not in tests and all(isinstance(v, Node) and v.op in CONDITIONS for v in x.items):
            return Vector(tuple(context.number(i + 1.0) for i, t in enumerate(tests) if t))
    x = spread(context, x, "which()")
    mask = x.node if isinstance(x, Oriented) else as_vector(context, x, "which()") if isinstance(x, Vector) else x
    if not isinstance(mask, Node) or not (is_mask(mask) or is_condition(mask)):
        raise context.error("which() takes a condition", "write x[which(x > 0)]")
    if not mask.shape:
        # A number: the result has one entry or none.
        mask = as_vector(context, Vector((mask,)), "which()")
    known = computed_numbers(context, mask)
    places = [] if known is None else [i + 1.0 for i, v in enumerate(known.tolist()) if v == 1.0]
    if known is not None and len(places) <= FEW_PLACES:
        return Vector(tuple([context.number(i) for i in places]))
    return places_where(context, mask)


def cumulate(context: Context, x: Value, op: str) -> Value:
    found = items(context, x, "a running total")
    results = found[:1]
    for v in found[1:]:
        results.append(apply_rows(context, op, [results[-1], v]))
    return Vector(tuple(results))
