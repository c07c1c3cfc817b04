"""What programs do beside computing: messages, checks of types, and what R and Python say of a value.

Messages are left out with a notice. The questions have an answer while the text is read: a value is a number, or nothing.
"""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.functions import NAMES
from secantd.language.context import Context
from secantd.language.instructions import Instructions
from secantd.language.registry import LIBRARY, Arguments, LibraryFunction, Names, fixed, known_as
from secantd.language.structural import apply_rows, identity
from secantd.language.values import Builtin, Closure, Factor, Nothing, Oriented, Span, Value, Vector

__all__: list[str] = []


@known_as(
    "print", "cat", "message", "warning", "warnings.warn", "library", "require", "suppressPackageStartupMessages", "set.seed",
    "flush.console", "on.exit", "flush", "options", "rm", "ls", "gc", "requireNamespace", "graphics.off",
)  # fmt: skip
def skipped(context: Context, arguments: Arguments, names: Names) -> Value:
    """A function that prints, warns or loads a package: nothing of the formula depends on it."""
    call = context.instruction.operand
    name = call[0] if isinstance(call, tuple) and isinstance(call[0], str) else "print"
    context.notices[f"{name}() is left out: it computes nothing"] = None
    return arguments[0] if name == "print" and arguments and not context.zero_based else Nothing()


def answered(holds: type | tuple[type, ...]) -> LibraryFunction:
    def ask(context: Context, arguments: Arguments, names: Names) -> Value:
        # Not by `fixed`, for which NULL leaves an argument out.
        if len(arguments) != 1:
            raise context.error("this function takes one argument", reason=Reason.UNKNOWN_FUNCTION)
        return context.number(float(isinstance(arguments[0], holds)))

    return ask


LIBRARY["is.null"] = answered(Nothing)
LIBRARY["is.character"] = answered(str)
LIBRARY["is.numeric"] = LIBRARY["is.double"] = answered((Node, Vector, Oriented, Span))
LIBRARY["is.list"] = answered(Vector)


LIBRARY["is.factor"] = answered(Factor)
LIBRARY["is.vector"] = answered((Node, Vector, Span))


@known_as("is.function", "callable")
@fixed("x")
def is_function(context: Context, x: Value) -> Value:
    """Whether x is a function: of the text, or of the language by its name."""
    named = isinstance(x, Node) and x.op == "symbol" and (x.name in NAMES or x.name in LIBRARY)
    return context.number(float(named or isinstance(x, Closure | Builtin)))


@known_as("inherits")
@fixed("x", "what")
def inherits(context: Context, x: Value, what: Value) -> Value:
    """Whether x has a class: a value here is a number, a list or a function, and never an error."""
    classes: dict[str, type | tuple[type, ...]] = {
        "numeric": (Node, Span), "factor": Factor, "function": (Closure, Builtin), "character": str,
        "NULL": Nothing,
    }  # fmt: skip
    if not isinstance(what, str) or (what not in classes and what not in ("try-error", "error", "simpleError")):
        raise context.error("inherits() asks for a class that is not part of the language", "remove the question")
    return context.number(float(what in classes and isinstance(x, classes[what])))


@known_as("anyNA")
@fixed("x")
def any_missing(context: Context, x: Value) -> Value:
    return LIBRARY["any"](context, [apply_rows(context, "!=", [x, x])], (None,))


@known_as("names")
@fixed("x")
def names_of(context: Context, x: Value) -> Value:
    """The names of the elements of a list."""
    if isinstance(x, Node) and x.op == "symbol" and not x.shape and copies_elements(context, x.name):
        # As attach(as.list(par)), for a list that is not known: what has no value is an element of it.
        context.frames[-1].environment.members += (x.name,)
        return Vector(())
    if not isinstance(x, Vector) or not any(x.names):
        raise context.error("names() takes a list or a vector with names", "write c(a = x, b = y)")
    return Vector(tuple(n or "" for n in x.names))


def copies_elements(context: Context, name: str) -> bool:
    """Return whether the names of a list are for a loop that only assigns its elements: assign(nm, par[[nm]])."""
    if not context.before_loop():
        return False
    frame = context.frames[-1]
    loop = frame.code.instructions[frame.at].operand
    assert isinstance(loop, tuple)
    each, body = loop
    assert isinstance(body, Instructions)
    found = [(i.op, i.operand[0] if isinstance(i.operand, tuple) else i.operand) for i in body.instructions]
    return found == [("load", each), ("load", name), ("load", each), ("index", 1), ("call", "assign")]


@known_as("is.finite", "isfinite")
@fixed("x")
def is_finite(context: Context, x: Value) -> Value:
    """Whether a number is neither infinite nor NaN."""
    return present_and(context, "<", x)


@known_as("is.infinite", "isinf")
@fixed("x")
def is_infinite(context: Context, x: Value) -> Value:
    """Whether a number is infinite."""
    return present_and(context, "==", x)


def present_and(context: Context, op: str, x: Value) -> Value:
    """Return how the size of a number compares with infinity; FALSE where the number is NaN."""
    bounded = apply_rows(context, op, [apply_rows(context, "abs", [x]), context.number(float("inf"))])
    there = apply_rows(context, "!", [apply_rows(context, "!=", [x, x])])
    return apply_rows(context, "&", [bounded, there])


@known_as("identical")
def identical(context: Context, arguments: Arguments, names: Names) -> Value:
    found = identity(context, "is", arguments) if len(arguments) == 2 else None
    if found is None:
        raise context.error("identical() compares two values", reason=Reason.UNKNOWN_FUNCTION)
    return found


@known_as("as.integer", "int")
@fixed("x")
def as_integer(context: Context, x: Value) -> Value:
    """A number without its fraction; a condition is 1 or 0."""
    if isinstance(x, Factor):
        return x.positions
    if isinstance(x, Node) and x.op in ("<", "<=", ">", ">=", "==", "!=", "&", "|", "!"):
        return x
    return apply_rows(context, "trunc", [as_number(context, [x], (None,))])


@known_as("as.logical", "bool")
@fixed("x")
def as_logical(context: Context, x: Value) -> Value:
    """Whether a number is not 0."""
    return apply_rows(context, "!=", [x, context.number(0.0)])


@known_as("float", "as.numeric", "as.double", "float64")
@fixed("x")
def as_number(context: Context, x: Value) -> Value:
    """x itself; the number that a text such as "inf" names."""
    if isinstance(x, Factor):
        return x.positions
    if not isinstance(x, str):
        return x
    try:
        return context.number(float({"NA": "nan"}.get(x, x)))
    except ValueError:
        raise context.error(f'"{x}" is not a number', "write the number itself") from None


@known_as("match.arg")
@fixed("arg", optional=("choices",))
def match_arg(context: Context, arg: Value, choices: Value | None) -> Value:
    """The first of several texts, or the text itself."""
    return arg.items[0] if isinstance(arg, Vector) and arg.items else arg
