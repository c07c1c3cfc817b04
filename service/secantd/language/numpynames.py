"""NumPy's names of operators and conditions, and its functions that cut, join and repeat."""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language import structural
from secantd.language.arrays import as_node, number_of, shape_of
from secantd.language.context import Context
from secantd.language.indexing import attribute, index
from secantd.language.inference import as_array, as_vector
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as, whole_part
from secantd.language.structural import apply_rows, constant, size
from secantd.language.values import Oriented, Slice, Value, Vector

__all__: list[str] = []


def operator(op: str) -> LibraryFunction:
    def applied(context: Context, arguments: Arguments, names: Names) -> Value:
        count = 1 if op == "negative" else 2
        if any(names) or len(arguments) != count:
            takes = "one array" if count == 1 else "two arrays"
            write = ", ".join("xy"[:count])
            raise context.error(f"np.{op}() takes {takes}", f"write np.{op}({write})", Reason.UNKNOWN_FUNCTION)
        if op == "subtract":
            return structural.operate(
                context, "add", [arguments[0], structural.operate(context, "minus", [arguments[1]])]
            )
        return structural.operate(context, OPERATORS[op], arguments)

    return applied


OPERATORS = {
    "add": "add", "multiply": "mul", "divide": "div", "true_divide": "div", "negative": "neg", "greater": ">", "less": "<",
    "greater_equal": ">=", "less_equal": "<=", "equal": "==", "not_equal": "!=",
}  # fmt: skip
for name in (*OPERATORS, "subtract"):
    LIBRARY[f"np.{name}"] = LIBRARY[f"numpy.{name}"] = operator(name)
# torch's names
LIBRARY["np.mul"], LIBRARY["np.div"], LIBRARY["np.sub"] = (
    LIBRARY[f"np.{n}"] for n in ("multiply", "divide", "subtract")
)


@known_as("np.copy", "numpy.copy", "copy")
@fixed("a")
def copy(context: Context, a: Value) -> Value:
    return a


@known_as("astype")
@fixed("a", "dtype")
def as_type(context: Context, a: Value, dtype: Value) -> Value:
    """The values themselves: positions are whole numbers already."""
    return a


@known_as("xor", "np.logical_xor", "numpy.logical_xor")
@fixed("x", "y")
def exclusive_or(context: Context, x: Value, y: Value) -> Value:
    """One of two conditions holds, not both."""
    sides = [apply_rows(context, "!=", [v, context.number(0.0)]) for v in (x, y)]
    return apply_rows(context, "!=", sides)


@known_as("is.nan", "isnan", "is.na")
@fixed("x")
def is_nan(context: Context, x: Value) -> Value:
    return apply_rows(context, "!=", [x, x])


@known_as("isTRUE")
@fixed("x")
def is_true(context: Context, x: Value) -> Value:
    return x


# -- sizes -------------------------------------------------------------------------------------------------------------


@known_as("np.size", "numpy.size")
@fixed("a")
def number_of_entries(context: Context, a: Value) -> Value:
    return number_of(context, size(context, as_array(context, a, "np.size()") if isinstance(a, Node) else a))


@known_as("np.shape", "numpy.shape")
@fixed("a")
def sides(context: Context, a: Value) -> Value:
    found = as_array(context, a, "np.shape()")
    return Vector(tuple(number_of(context, d) for d in shape_of(found)))


@known_as("np.ndim", "numpy.ndim")
@fixed("a")
def dimensions(context: Context, a: Value) -> Value:
    return attribute(context, a, "ndim")


@known_as("torch.size")
@fixed("input", optional=("axis",))
def size_in_torch(context: Context, input: Value, axis: Value | None) -> Value:
    """x.size() and x.size(dim) of a tensor."""
    found = attribute(context, input, "shape")
    return found if axis is None else index(context, [found, axis])


# -- parts -------------------------------------------------------------------------------------------------------------


@known_as("take")
@fixed("a", "indices")
def take(context: Context, a: Value, indices: Value) -> Value:
    return index(context, [a, indices])


@known_as("compress", "extract")
@fixed("condition", "a")
def compress(context: Context, condition: Value, a: Value) -> Value:
    return index(context, [a, condition])


@known_as("delete")
@fixed("arr", "obj")
def delete(context: Context, arr: Value, obj: Value) -> Value:
    """A vector without one entry."""
    node = as_vector(context, as_node(context, arr, "np.delete()"), "np.delete()")
    left_out = whole_part(context, obj, "the position")
    length = node.shape[0]
    if isinstance(length, int) and not -length <= left_out < length:
        raise context.error(f"the index {left_out} is out of range: the length is {length}")
    # The entries before it, and those behind it.
    following = None if left_out == -1 else context.number(left_out + 1.0)
    before = [] if left_out == 0 else [index(context, [node, Slice(None, context.number(float(left_out)), None)])]
    after = (
        [] if following is None or length == left_out + 1 else [index(context, [node, Slice(following, None, None)])]
    )
    return context.graph.array("concatenate", *[as_node(context, v, "np.delete()") for v in (*before, *after)])


@known_as("full_like")
@fixed("a", "fill_value")
def full_like(context: Context, a: Value, fill_value: Value) -> Value:
    ones = LIBRARY["ones_like"](context, [a], (None,))
    return apply_rows(context, "mul", [ones, fill_value])


@known_as("expand_dims")
@fixed("a", "axis")
def expand_dims(context: Context, a: Value, axis: Value) -> Value:
    vector = as_vector(context, as_node(context, a, "np.expand_dims()"), "np.expand_dims()")
    return Oriented(vector, constant(context, axis, "'axis'") in (1, -1))


@known_as("atleast_2d")
@fixed("a")
def at_least_two(context: Context, a: Value) -> Value:
    found = as_array(context, a, "np.atleast_2d()")
    return Oriented(found, False) if isinstance(found, Node) and len(found.shape) == 1 else found


@known_as("vectorize")
@fixed("pyfunc")
def vectorize(context: Context, pyfunc: Value) -> Value:
    """A function itself: operations are entry by entry anyway."""
    return pyfunc
