"""Lists and named vectors as R and Python handle them: names, data frames, dictionaries, and functions that return functions."""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language.arrays import is_array
from secantd.language.assignment import with_member
from secantd.language.context import Context
from secantd.language.grammar import REST
from secantd.language.instructions import Arguments as Called
from secantd.language.instructions import Instruction, Instructions, Parameter
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, items, operate
from secantd.language.values import Builtin, Closure, Environment, Nothing, Value, Vector

__all__ = ["SIGNS"]


@known_as("setNames")
def with_names(context: Context, arguments: Arguments, names: Names) -> Value:
    """A vector with names; NULL removes them."""
    if len(arguments) != 2:
        raise context.error(
            "setNames() takes a vector and names", 'write setNames(v, c("a", "b"))', Reason.UNKNOWN_FUNCTION
        )
    base, labels = arguments
    if isinstance(labels, Nothing):
        return unnamed(context, [base], (None,))
    found = labels.items if isinstance(labels, Vector) else (labels,)
    if not all(isinstance(n, str) for n in found):
        raise context.error("names are texts", 'write c("a", "b")')
    values = items(context, base, "the vector that gets names")
    if len(found) > len(values):
        raise context.error(f"{len(found)} names for {len(values)} elements", "give one name for each element")
    labelled = [*found, *[None] * (len(values) - len(found))]
    return Vector(tuple(values), tuple(n if isinstance(n, str) else None for n in labelled))


@known_as("unname")
@fixed("obj")
def unnamed(context: Context, obj: Value) -> Value:
    return Vector(obj.items) if isinstance(obj, Vector) else obj


@known_as("as.list")
@fixed("x")
def as_list(context: Context, x: Value) -> Value:
    """x itself: vectors with names are lists."""
    return x


@known_as("unlist")
@fixed("x", optional=("use.names",))
def unlist(context: Context, x: Value, use: Value | None) -> Value:
    """The elements of a list one after the other; those of vectors within it are numbered."""
    if not isinstance(x, Vector) or not any(isinstance(v, Vector) or is_array(v) for v in x.items):
        return x
    names: list[str | None] = []
    for name, value in zip(x.names or (None,) * len(x.items), x.items, strict=True):
        if isinstance(value, Vector) and (len(value.items) != 1 or value.names):
            inner = value.names or tuple(str(i + 1) for i in range(len(value.items)))
            dot = "." if value.names else ""
            names += [f"{name}{dot}{i}" if name else i if value.names else None for i in inner]
        else:
            names.append(name)
    found = LIBRARY["c"](context, [unlist(context, [v], (None,)) for v in x.items], (None,) * len(x.items))
    if not isinstance(found, Vector) or len(found.items) != len(names):
        return found
    return Vector(found.items, tuple(names) if any(names) else ())


@known_as("data.frame", "dict")
def frame(context: Context, arguments: Arguments, names: Names) -> Value:
    """A list of columns by name."""
    found = [(a, n) for a, n in zip(arguments, names, strict=True) if n not in ("stringsAsFactors", "check.names")]
    return Vector(tuple(a for a, _ in found), tuple(n for _, n in found))


@known_as("quote", "expression")
@fixed("expr")
def quoted(context: Context, expr: Value) -> Value:
    """The formula itself: nothing here is run."""
    return expr


@known_as("as.data.frame")
@fixed("x", optional=("stringsAsFactors",))
def as_frame(context: Context, x: Value, factors: Value | None) -> Value:
    """A list of columns by name; those of a matrix are V1, V2."""
    if isinstance(x, Vector) and any(x.names):
        return x
    node = x if isinstance(x, Node) and len(x.shape) == 2 else None
    columns = node.shape[1] if node is not None else None
    if node is None or not isinstance(columns, int):
        raise context.error(
            "as.data.frame() takes a list of named columns, or a matrix of so many columns",
            "write data.frame(x = x, y = y)",
        )
    items = tuple([context.graph.array("pick", node, payload=(1, j)) for j in range(columns)])
    return Vector(items, tuple([f"V{j + 1}" for j in range(columns)]))


@known_as("modifyList")
@fixed("x", "val")
def modified(context: Context, x: Value, val: Value) -> Value:
    """A list with other values for some names."""
    if not isinstance(val, Vector):
        raise context.error("modifyList() takes two lists")
    for name, value in zip(val.names, val.items, strict=False):
        if name:
            x = with_member(context, x, name, value)
    return x


@known_as("within")
@fixed("data", "expr")
def within(context: Context, data: Value, expr: Value) -> Value:
    """A list with the names that an expression assigns."""
    if not isinstance(data, Vector) or not isinstance(expr, Closure):
        raise context.error("within() takes a list of named values", "write within(list(a = x), b <- a^2)")
    before = {name: item for name, item in zip(data.names, data.items, strict=True) if name}
    inside = Environment(expr.home, values=dict(before))
    context.evaluate(Instructions(expr.body.instructions), inside)
    found: Value = data
    for name, value in inside.values.items():
        if isinstance(value, Node | Vector) and before.get(name) is not value:
            found = with_member(context, found, name, value)
    return found


@known_as("vector")
@fixed("mode", optional=("length",))
def vector(context: Context, mode: Value, length: Value | None) -> Value:
    """A vector of zeros, or an empty list."""
    if mode == "list" or length is None:
        return Vector(())
    if mode not in ("numeric", "double", "integer"):
        raise context.error("vector() makes vectors of numbers", 'write vector("numeric", n)')
    return LIBRARY["numeric"](context, [length], (None,))


@known_as("new.env")
def environment(context: Context, arguments: Arguments, names: Names) -> Value:
    """An empty list, whose names are assigned: e$a <- x."""
    return Vector(())


# -- functions that are values -------------------------------------------------------------------------------------------


@known_as("Negate")
@fixed("f")
def negate(context: Context, f: Value) -> Value:
    """The function that is true where f is not."""
    place = (context.instruction.start, context.instruction.end)
    load = [Instruction("load", name, *place) for name in ("f", REST)]
    body = [*load, Instruction("apply", Called((None,)), *place), Instruction("operator", "!", *place)]
    function = (
        f if isinstance(f, Closure | Builtin) else Builtin(f.name if isinstance(f, Node) and f.op == "symbol" else "")
    )
    return Closure((Parameter(REST, None),), Instructions(body), Environment(values={"f": function}))


@known_as("Vectorize")
@fixed("FUN", optional=("vectorize.args",))
def vectorized(context: Context, function: Value, names: Value | None) -> Value:
    """A function itself: operations are entry by entry anyway."""
    return function


@known_as("try", "tryCatch")
def tried(context: Context, arguments: Arguments, names: Names) -> Value:
    """The value of an expression; what an error would lead to is left out."""
    if not arguments:
        raise context.error("tryCatch() has no arguments", "write the formula itself", Reason.UNKNOWN_FUNCTION)
    context.notices["tryCatch() and try() are left out: where an error would occur, the value is NaN"] = None
    return arguments[0]


def operator(sign: str) -> LibraryFunction:
    def applied(context: Context, arguments: Arguments, names: Names) -> Value:
        if len(arguments) == 1 and sign in "+-":
            return operate(context, "neg", arguments) if sign == "-" else arguments[0]
        if len(arguments) != 2:
            raise context.error(f"`{sign}` takes two arguments", f"write x {sign} y", Reason.UNKNOWN_FUNCTION)
        left, right = arguments
        if sign == "-":
            return operate(context, "add", [left, operate(context, "minus", [right])])
        return operate(context, SIGNS[sign], [left, right])

    return applied


SIGNS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "^": "pow", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "==",
         "!=": "!=", "&": "&", "|": "|", "&&": "&", "||": "|", ":": ":", "%*%": "%*%", "%in%": "%in%"}  # fmt: skip
for sign in SIGNS:
    LIBRARY[sign] = operator(sign)


@known_as("(")
@fixed("x")
def bracket(context: Context, x: Value) -> Value:
    return x


@known_as("isFALSE")
@fixed("x")
def is_false(context: Context, x: Value) -> Value:
    return apply_rows(context, "==", [x, context.number(0.0)])
