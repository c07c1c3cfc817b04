"""Indices: components of names, elements, slices, masks and positions of vectors and matrices."""

from collections.abc import Sequence

from secantd.errors import Reason
from secantd.expression import Node, column_of, shape_text
from secantd.language.arrays import agree, as_node, dimension_of, is_array, number_of, shape_of
from secantd.language.context import Context
from secantd.language.inference import as_vector, has_rows, learn_rank, open_names, usual_rank
from secantd.language.lifting import depends_on_position
from secantd.language.positions import COMPARISONS, along, is_condition, is_mask, mask_of_places, position, python_slice
from secantd.language.products import transpose
from secantd.language.reader import KEPT
from secantd.language.registry import is_function
from secantd.language.structural import constant, items, size
from secantd.language.values import Builtin, Factor, Missing, Oriented, Slice, Value, Vector, Zipped

__all__ = ["NEW_AXIS", "attribute", "index", "member"]


ALL = Missing()
# NumPy's joins that are written as indices: np.c_[x, y].
JOINS = {"np.c_": "column_stack", "np.r_": "concatenate"}


def index(context: Context, arguments: list[Value]) -> Value:
    """Return x[i] or A[i, j]: an element, a part, or the component `x[i]` of a free name.

    Args:
        context: The interpreter.
        arguments: x, then the indices.
    """
    whole = [v.positions if isinstance(v, Factor) and k else v for k, v in enumerate(arguments)]
    base, *at = [(column_of(v) or v) if isinstance(v, Node) else v for v in whole]
    if len(at) > 1 and at[-1] == KEPT:
        kept = index(context, arguments[:-1])
        return with_dimensions(context, kept, at[0]) if len(at) == 3 else kept
    at = [mask_of_places(whole_if_empty(context, i)) for i in at]
    if context.rows is not None:
        found = context.rows.element(base, at)
        if found is not None:
            return found
    crossed = len(at) == 1 and isinstance(at[0], Zipped)
    if isinstance(at[0], Zipped) and len(at) == 1:
        # Of np.ix_: rows and columns. Of np.triu_indices: pairs.
        crossed, at = at[0].crossed, list(at[0].parts)
    if isinstance(base, Node) and base.op == "symbol" and base.name in JOINS and context.zero_based:
        return context.call_now(Builtin(JOINS[base.name]), [Vector(tuple(arguments[1:]))])
    if len(at) == 1 and isinstance(at[0], str):
        return named_member(context, base, at[0])
    if len(at) == 2 and isinstance(at[0], Missing) and isinstance(at[1], str):
        return member(context, base, at[1])
    if len(at) > 2:
        raise context.error("arrays of rank 3 are not part of the language", "use vectors and matrices")
    if len(at) == 1 and by_component(context, base, at[0]):
        return of_components(context, base, at[0])
    if len(at) == 1 and isinstance(at[0], Node) and is_rank(at[0]):
        return at_rank(context, base, at[0])
    for i in at:
        if isinstance(i, Node) and not i.shape and not known_while_read(context, i):
            if isinstance(base, Node) and base.op == "symbol" and is_function(base.name):
                raise context.error(f"'{base.name}' is a function", f"write {base.name}(...)")
            learn_positions(context, i)
            constant(context, i, "an index")
    if isinstance(base, Node) and not base.shape:
        if not open_names(context, base):
            raise context.error("a number has no elements", "declare the shape of the variable")
        masked = isinstance(at[0], Node) and at[0].op in COMPARISONS
        rank = 2 if len(at) == 2 and not new_axis(at) else usual_rank(base) if masked else 1
        learn_rank(context, base, rank, "an index")
    if isinstance(base, Vector) and len(at) == 1 and isinstance(at[0], Slice):
        return Vector(tuple(items(context, base, "a vector")[python_slice(context, at[0], len(base.items))]))
    if new_axis(at):
        return Oriented(as_node(context, base, "an index"), at[1] == NEW_AXIS)
    if isinstance(base, Oriented) and len(at) == 2:
        return index(context, [base.node, at[0] if base.column else at[1]])
    node = as_node(context, base, "an index")
    if len(at) == 1 and len(node.shape) == 2:
        # NumPy: one index chooses rows, but for a mask of the matrix's own shape.
        if context.zero_based and not (is_mask(at[0]) and isinstance(at[0], Node) and len(at[0].shape) == 2):
            return along(context, node, 0, at[0])
        if isinstance(at[0], Node) and len(at[0].shape) == 2 and not is_mask(at[0]):
            return by_pairs(context, node, at[0])
        order = (int(context.zero_based),)
        flat = context.graph.array("flatten", node, payload=order)
        if isinstance(at[0], Node) and len(at[0].shape) == 2:
            at[0] = context.graph.array("flatten", at[0], payload=order)
        return along(context, flat, 0, at[0])
    if len(at) != len(node.shape):
        raise context.error(f"{len(at)} indices for {shape_text(node.shape)}", "give one index for each dimension")
    if len(at) == 1:
        return along(context, node, 0, at[0])
    if (
        context.zero_based
        and not crossed
        and all(isinstance(i, Vector) or (isinstance(i, Node) and i.shape) for i in at)
    ):
        return numpy_pairs(context, node, at)
    numbers = [position(context, i, node.shape[axis]) for axis, i in enumerate(at)]
    if numbers[0] is not None and numbers[1] is not None:
        return context.graph.array("element", node, payload=(numbers[0], numbers[1]))
    if numbers[0] is not None:
        return along(context, along(context, node, 0, at[0]), 0, at[1])
    return along(context, along(context, node, 0, at[0]), 1, at[1])


def is_rank(at: Node) -> bool:
    """Return whether an index is the position of an extreme entry: x[which.max(x)]."""
    moved = at.args[0] if at.op == "add" else at
    return moved.op == "element" and moved.args[0].op == "order"


def at_rank(context: Context, base: Value, at: Node) -> Node:
    """Return the entry of a vector at the position of an extreme entry."""
    graph = context.graph
    vector = as_vector(context, as_node(context, base, "an index"), "an index")
    position_in_r = graph.make("add", at, context.number(1.0)) if context.zero_based else at
    return graph.array(
        "element", graph.array("gather", vector, graph.array("concatenate", position_in_r)), payload=(0,)
    )


def by_pairs(context: Context, node: Node, pairs: Node) -> Node:
    """Return R's A[cbind(i, j)]: one element for each row of a matrix of two columns."""
    if pairs.shape[1] != 2:
        raise context.error(f"a matrix is indexed by {shape_text(pairs.shape)}", "write A[cbind(i, j)]")
    graph = context.graph
    rows, columns = [graph.array("pick", pairs, payload=(1, k)) for k in (0, 1)]
    before = graph.make("add", columns, context.number(-1.0))
    at = graph.make("add", rows, graph.make("mul", before, number_of(context, node.shape[0])))
    return graph.array("gather", graph.array("flatten", node, payload=(0,)), at)


def numpy_pairs(context: Context, node: Node, at: Sequence[Value]) -> Node:
    """Return NumPy's A[i, j] of two lists: one element for each pair of positions."""
    sides = [as_node(context, i, "an index") for i in at]
    if any(is_mask(s) or len(s.shape) != 1 for s in sides):
        raise context.error("two conditions cannot index a matrix together", "write A[rows][:, columns]")
    agree(
        context, "an index", sides[0].shape[0], sides[1].shape[0], [s.shape for s in sides], "use np.ix_(rows, columns)"
    )
    numbers: list[Node] = []
    for axis, side in enumerate(sides):
        length = node.shape[axis]
        known = [context.constants.get(a.index) for a in side.args] if side.op == "concatenate" else []
        if known and None not in known and isinstance(length, int):
            places = [v for v in known if v is not None]
            if not all(v.is_integer() and -length <= v < length for v in places):
                raise context.error(f"an index is out of range: the length is {length}")
            one_based = [context.number(v + 1.0 if v >= 0 else length + v + 1.0) for v in places]
            numbers.append(context.graph.array("concatenate", *one_based))
        else:
            numbers.append(context.graph.make("add", side, context.number(1.0)))
    return by_pairs(context, node, context.graph.array("bind_columns", *numbers))


def learn_positions(context: Context, at: Node) -> None:
    """Learn that an index of which nothing is known is a vector of positions, if nothing is differentiated by it."""
    names = open_names(context, at)
    terms = at.args if at.op == "add" else (at,)
    if len(names) == 1 and names[0] not in context.shapes.variables and any(t.op == "symbol" for t in terms):
        context.shapes.positions.update(names)
        context.shapes.learn(names, 1)


def known_while_read(context: Context, at: Node) -> bool:
    return at.op in COMPARISONS or dimension_of(context, at) is not None or depends_on_position(at)


def with_dimensions(context: Context, found: Value, row: Value) -> Value:
    """Return what A[i, j, drop = FALSE] is: one row or column of a matrix stays a matrix."""
    if not isinstance(found, Node) or len(found.shape) == 2:
        return found
    if not found.shape:
        raise context.error("one element of a matrix is a number here", "leave drop = FALSE out")
    return Oriented(found, not isinstance(row, Node) or bool(row.shape))


def by_component(context: Context, base: Value, at: Value) -> bool:
    """Return whether an element is a component of a name, of a data column or of a vector of components.

    A variable that another part of the text uses as a whole has elements instead.
    """
    indices = at.items if isinstance(at, Vector) else (at,)
    constants = [context.constants.get(i.index) if isinstance(i, Node) else None for i in indices]
    if None in constants:
        return False
    if isinstance(base, Node) and base.op == "symbol":
        # x[-1] is a part of the whole.
        return (
            len(base.shape) < 2
            and base.name not in context.shapes.whole
            and all(c is None or c >= 0 for c in constants)
        )
    return not is_array(base)


NEW_AXIS = Builtin("newaxis")


def new_axis(at: Sequence[Value]) -> bool:
    return len(at) == 2 and NEW_AXIS in at and ALL in at


def whole_if_empty(context: Context, at: Value) -> Value:
    """Return an index; a slice without bounds is the whole axis."""
    return ALL if isinstance(at, Slice) and at.first is at.last is at.step is None else at


def of_components(context: Context, base: Value, at: Value) -> Value:
    """Return an element of a vector of components or a data column, or the component `x[i]` of a free name."""
    if isinstance(at, Vector) and at.items and all(is_condition(i) for i in at.items):
        found = items(context, base, "an element")
        if len(at.items) != len(found):
            raise context.error(f"a mask of {len(at.items)} entries for {len(found)} elements")
        kept = [v for v, i in zip(found, at.items, strict=True) if constant(context, i, "a mask")]
        return Vector(tuple(kept))
    if isinstance(at, Vector):
        left_out = [constant(context, i, "an index") for i in at.items]
        if left_out and max(left_out) < 0 and not context.zero_based:
            return without_elements(context, base, left_out)
        return Vector(tuple(of_components(context, base, i) for i in at.items))
    number = constant(context, at, "an index")
    if not number.is_integer():
        raise context.error("an index must be a whole number")
    written = number
    if number < 0 and not (isinstance(base, Node) and base.op == "symbol"):
        if not context.zero_based:
            return without_elements(context, base, [number])
        number += len(items(context, base, "an element"))
    lowest = 0 if context.zero_based else 1
    if number < lowest:
        hint = "R counts from 1; set the notation to Python to count from 0" if number == 0 else "count from the front"
        raise context.error(f"the index {written:g} is out of range", hint)
    if isinstance(base, Node) and base.op == "symbol":
        size_of_base = base.shape[0] if base.shape else None
        if isinstance(size_of_base, int) and number - lowest >= size_of_base:
            raise context.error(f"the index {number:g} is out of range: the vector has {size_of_base} elements")
        name = f"{base.name}[{number:.0f}]"
        context.write_as(name, base.name, f"{number:.0f}")
        return context.free(name)
    found = items(context, base, "an element")
    if number - lowest >= len(found):
        raise context.error(f"the index {number:g} is out of range: the vector has {len(found)} elements")
    return found[int(number) - lowest]


def without_elements(context: Context, base: Value, numbers: Sequence[float]) -> Vector:
    """Return x[-i]: a vector without some of its elements, as R has it."""
    found = items(context, base, "an element")
    return Vector(tuple(v for i, v in enumerate(found, 1) if -i not in numbers))


def member(context: Context, base: Value, name: str) -> Value:
    """Return x$name: a named element, or the component `x$name` of a free name.

    Args:
        context: The interpreter.
        base: x.
        name: The name after $.
    """
    if isinstance(base, Vector) and name in base.names:
        return base.items[base.names.index(name)]
    if isinstance(base, Node) and base.op == "symbol":
        full = f"{base.name}${name}"
        if full not in context.data and name in context.data:
            # A data frame whose columns are the data.
            context.notices[f"{full} is read as the data column {name}"] = None
            context.frames_of_data.add(base.name)
            return context.free(name)
        if full in context.data:
            context.frames_of_data.add(base.name)
        return context.free(full)
    names = [n for n in base.names if n] if isinstance(base, Vector) else []
    hint = f"the names are {', '.join(names[:10])}" if names else "name the elements: c(a = x, b = y)"
    raise context.error(f"there is no element '{name}'", hint, Reason.UNKNOWN_VARIABLE)


def named_member(context: Context, base: Value, name: str) -> Value:
    """Return x["name"] or x[["name"]]."""
    found = member(context, base, name)
    if isinstance(base, Node) and isinstance(found, Node) and base.op == found.op == "symbol":
        plain = name.isascii() and name.replace("_", "").replace(".", "").isalnum()
        if plain and found.name == f"{base.name}${name}":
            context.write_as(found.name, base.name, f'"{name}"')
    return found


def attribute(context: Context, base: Value, name: str) -> Value:
    """Return x.T, x.shape, x.size or x.ndim of NumPy."""
    if name == "T":
        return transpose(context, base, ".T")
    if isinstance(base, Node) and not base.shape and open_names(context, base):
        learn_rank(context, base, 2 if base.op == "symbol" and base.name[0].isupper() else 1, f".{name}")
    if name == "size":
        return number_of(context, size(context, base))
    if isinstance(base, Node) and usual_rank(base) == 2:
        has_rows(context, base)
    sides = shape_of(base) if isinstance(base, Node | Oriented) else (size(context, base),)
    if name == "ndim":
        return context.number(float(len(sides)))
    return Vector(tuple(number_of(context, side) for side in sides))
