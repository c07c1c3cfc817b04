"""Attributes of R's values: dimensions and names, which change how a value is read, and others, which change no number."""

from secantd.errors import Reason
from secantd.expression import Node
from secantd.language.arrays import as_node
from secantd.language.context import Context
from secantd.language.inference import as_matrix
from secantd.language.registry import LIBRARY, Arguments, Names, fixed, known_as
from secantd.language.structural import apply_rows, items
from secantd.language.values import Nothing, Value

__all__: list[str] = []


def with_sides(context: Context, x: Value, sides: Value) -> Value:
    """Return a vector as a matrix: dim(x) <- c(2, 3)."""
    if isinstance(sides, Nothing):
        return LIBRARY["as.vector"](context, [x], (None,))
    return LIBRARY["array"](context, [LIBRARY["as.vector"](context, [x], (None,)), sides], (None, None))


def with_attribute(context: Context, x: Value, name: Value, value: Value) -> Value:
    """Return a value with an attribute; those that are no sides and no names change no number."""
    if not isinstance(name, str):
        raise context.error("attr() takes the name of an attribute as a text")
    if name == "dim":
        return with_sides(context, x, value)
    if name in ("names", ".Names"):
        return LIBRARY["setNames"](context, [x, value], (None, None))
    if name == "levels":
        raise context.error("the levels of a factor are not changed here", "write factor(g, seq_len(n))")
    return x


@known_as("dim<-")
def replaced_sides(context: Context, arguments: Arguments, names: Names) -> Value:
    base, sides = arguments
    return with_sides(context, base, sides)


@known_as("attr<-")
def replaced_attribute(context: Context, arguments: Arguments, names: Names) -> Value:
    if len(arguments) != 3:
        raise context.error(
            "attr(x, name) <- value takes a name", 'write attr(x, "dim") <- c(2, 2)', Reason.UNKNOWN_FUNCTION
        )
    base, name, value = arguments
    return with_attribute(context, base, name, value)


@known_as("attributes<-", "class<-", "mode<-", "storage.mode<-", "comment<-", "environment<-")
def same(context: Context, arguments: Arguments, names: Names) -> Value:
    """The value itself: classes and types change no number; without attributes a matrix is a vector."""
    call = context.instruction.operand
    if isinstance(call, tuple) and call[0] == "attributes<-":
        if not isinstance(arguments[-1], Nothing):
            raise context.error(
                "attributes(x) <- NULL removes them; others are given one by one", 'write attr(x, "dim") <- c(2, 2)'
            )
        return LIBRARY["unname"](context, [with_sides(context, arguments[0], Nothing())], (None,))
    return arguments[0]


@known_as("diag<-")
def replaced_diagonal(context: Context, arguments: Arguments, names: Names) -> Value:
    """A matrix with other entries on its diagonal."""
    base, value = arguments
    matrix = as_matrix(context, base, "diag()")
    rows, columns = [LIBRARY[name](context, [matrix], (None,)) for name in ("row", "col")]
    new = as_node(context, value, "diag()")
    laid = context.graph.array("column", new) if new.shape else new
    return apply_rows(context, "ifelse", [apply_rows(context, "==", [rows, columns]), laid, matrix])


@known_as("structure")
def structured(context: Context, arguments: Arguments, names: Names) -> Value:
    """A value with attributes: structure(1:4, dim = c(2, 2))."""
    if not arguments or names[0] not in (None, ".Data"):
        raise context.error(
            "structure() takes a value first", "write structure(x, names = ...)", Reason.UNKNOWN_FUNCTION
        )
    found = arguments[0]
    for value, name in zip(arguments[1:], names[1:], strict=True):
        if name is None:
            raise context.error("the attributes of structure() have names", 'write structure(x, class = "a")')
        found = with_attribute(context, found, name, value)
    return found


@known_as("unclass")
@fixed("x")
def unclassed(context: Context, x: Value) -> Value:
    return x


@known_as("aperm")
@fixed("a", optional=("perm",))
def transposed(context: Context, a: Value, perm: Value | None) -> Value:
    """The transpose of a matrix."""
    order = (
        [2.0, 1.0]
        if perm is None
        else [context.constants.get(p.index) for p in items(context, perm, "'perm'") if isinstance(p, Node)]
    )
    if order not in ([2.0, 1.0], [1.0, 2.0]):
        raise context.error("aperm() exchanges the two sides of a matrix", "write t(A)")
    return LIBRARY["t"](context, [a], (None,)) if order == [2.0, 1.0] else a
