"""Assignment to parts of vectors and matrices: x[i] <- v, x[m] <- v, A[i, ] <- v.

The result is a new value: ifelse(chosen, the new entries, the old ones), so that what is replaced may be Inf or NaN.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from secantd.expression import Dimension, Length, Node, minus, plus, shape_text
from secantd.language.arrays import agree, as_node, is_array, number_of
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names, usual_rank
from secantd.language.knownnumbers import computed_numbers
from secantd.language.positions import is_condition, is_mask, mask_of_places, position, python_slice
from secantd.language.registry import whole_part
from secantd.language.structural import apply_rows, constant, items
from secantd.language.values import Environment, Missing, Nothing, Oriented, Promise, Slice, Span, Value, Vector

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["current", "replaced", "store_index", "unpack", "with_member"]


# By how many elements an assignment may make a vector longer.
LONGER: Final = 1000


class Chosen(NamedTuple):
    """The positions of one axis that are assigned to.

    Attributes:
        mask: True at these positions; None for the whole axis.
        before: How many positions are in front of them, if they follow each other.
        after: How many are behind them; None if they do not follow each other.
        places: The positions, counted from 0, if they are known and do not follow each other.
    """

    mask: Node | None
    before: int = 0
    after: int | None = 0
    places: tuple[int, ...] = ()


def store_index(context: Context, environment: Environment, name: str, count: int) -> None:
    """x[i] <- value; the stack holds x, `count` indices and the value."""
    value = context.stack.pop()
    at = [mask_of_places(i) for i in context.stack[-count:]]
    del context.stack[-count:]
    base = current(environment, name, context.stack.pop())
    filled = context.rows.stored(base, at, value) if context.rows is not None else None
    environment.values[name] = replaced(context, base, at, value) if filled is None else filled
    context.stack.append(value)


def current(environment: Environment, name: str, loaded: Value) -> Value:
    """Return the value that a name has now: in S[1, 2] <- S[2, 1] <- x it was loaded before the second assignment."""
    found = environment.values.get(name)
    return loaded if found is None or isinstance(found, Promise) else found


def unpack(context: Context, environment: Environment, names: Sequence[str], value: Value) -> None:
    """Assign the elements of a vector to names, as Python's a, b = value does."""
    if isinstance(value, Node) and not value.shape and value.op == "symbol":
        learn_rank(context, value, 1, "an assignment to several names")
    found = items(context, value, "what is assigned to several names")
    if len(found) != len(names):
        raise context.error(
            f"{len(found)} values for {len(names)} names", "assign to as many names as there are values"
        )
    environment.values.update(zip(names, found, strict=True))
    context.assigned.update(names)


def with_member(context: Context, base: Value, name: str, value: Value) -> Value:
    """Return a list after list$name <- value; NULL removes the element."""
    if isinstance(base, Nothing):
        base = Vector(())
    if not isinstance(base, Vector):
        raise context.error(f"'${name}' is assigned to what is no list", f"make a list first: list({name} = ...)")
    names = list(base.names or (None,) * len(base.items))
    found = list(base.items)
    at = names.index(name) if name in names else len(names)
    if isinstance(value, Nothing):
        return Vector((*found[:at], *found[at + 1 :]), (*names[:at], *names[at + 1 :]))
    found[at : at + 1] = [value]
    names[at : at + 1] = [name]
    return Vector(tuple(found), tuple(names))


def replaced(context: Context, base: Value, at: Sequence[Value], value: Value) -> Value:
    """Return a vector or matrix after x[i] <- value or A[i, j] <- value.

    Args:
        context: The interpreter.
        base: The vector or matrix.
        at: The indices.
        value: The new entries: one number for all, or as many as there are positions.
    """
    if len(at) == 1 and isinstance(at[0], str):
        return with_member(context, base, at[0], value)
    if isinstance(base, Nothing):
        base = Vector(())
    at = [Missing() if isinstance(i, Slice) and i.first is i.last is i.step is None else i for i in at]
    if isinstance(base, Node) and not base.shape and open_names(context, base):
        learn_rank(context, base, 2 if len(at) == 2 else usual_rank(base), "an assignment")
    mask = at[0].node if isinstance(at[0], Oriented) else at[0]
    if len(at) == 1 and isinstance(mask, Vector) and mask.items and all(is_condition(i) for i in mask.items):
        mask = as_node(context, mask, "an index")
    if len(at) == 1 and isinstance(mask, Node) and is_mask(mask):
        return masked(context, base, mask, value)
    if len(at) == 1 and not is_array(base) and not isinstance(base, Span):
        return of_elements(context, base, at[0], value)
    node = as_node(context, base, "an assignment")
    if len(node.shape) == 2 and len(at) == 1 and context.zero_based:
        at = [at[0], Missing()]
    if len(at) != len(node.shape):
        raise context.error(f"{len(at)} indices for {shape_text(node.shape)}", "give one index for each dimension")
    spliced = with_element(context, node, at[0], value) if len(at) == 1 else None
    if spliced is not None:
        return spliced
    chosen = [chosen_along(context, i, side) for i, side in zip(at, node.shape, strict=True)]
    new = as_node(context, value, "an assignment")
    if len(node.shape) == 1:
        inserted = laid_along(context, new, chosen[0], node.shape[0])
        return choice(context, chosen[0].mask, inserted, node)
    return choice(context, mask_of_matrix(context, chosen), in_matrix(context, new, chosen, node), node)


def with_element(context: Context, node: Node, at: Value, value: Value) -> Node | None:
    """Return numeric(n) with other first elements, as loops begin to fill it; None for other vectors."""
    if node.op not in ("fill", "concatenate") or not isinstance(value, Node) or value.shape:
        return None
    number = position(context, at, node.shape[0]) if isinstance(at, Node) and not at.shape else None
    if number is None or number < 0:
        return None
    if node.op == "fill":
        sides = [(number,), (plus(node.shape[0], -number - 1),)]
        before, after = [
            [context.graph.array("fill", node.args[0], shape=side)] if side != (0,) else [] for side in sides
        ]
        return context.graph.array("concatenate", *before, value, *after)
    if any(a.shape for a in node.args[: number + 1]):
        return None
    return context.graph.array("concatenate", *node.args[:number], value, *node.args[number + 1 :])


def choice(context: Context, mask: Node | None, new: Node, old: Node) -> Node:
    if mask is None:
        return new if new.shape else context.graph.array("fill", new, shape=old.shape)
    return context.graph.make("ifelse", mask, new, old)


def masked(context: Context, base: Value, mask: Node, value: Value) -> Value:
    node = as_node(context, base, "an assignment")
    if not isinstance(value, Node) or value.shape:
        inside = as_node(context, value, "an assignment")
        known = computed_numbers(context, mask) if inside.shape else None
        if known is not None and known.shape == mask.shape and len(inside.shape) == 1:
            value = laid_at(context, inside, known)
        elif inside.shape:
            wanted = context.graph.array("select", node, mask).shape[0]
            agree(context, "an assignment", inside.shape[0], wanted, [inside.shape, (wanted,)])
            value = context.graph.array("unselect", inside, mask)
    return apply_rows(context, "ifelse", [mask, value, node])


def laid_at(context: Context, new: Node, mask: "NDArray[np.float64]") -> Node:
    """Return new entries at the places of a mask that is known, down the columns in R and along the rows in NumPy."""
    flat = mask.ravel(order="C" if context.zero_based else "F").tolist()
    count = sum(1 for v in flat if v)
    length = new.shape[0]
    if not isinstance(length, int):
        agree(context, "an assignment", length, count, [new.shape, (count,)])
        length = count
    if not count or count % length:
        raise context.error(f"{length} new entries for {count} positions", "give one for each position")
    places: list[Node] = []
    found = 0
    for v in flat:
        places.append(context.number(float(found % length) + 1.0 if v else 1.0))
        found += bool(v)
    laid = context.graph.array("gather", new, context.graph.array("concatenate", *places))
    if mask.ndim == 1:
        return laid
    return context.graph.array("reshape", laid, payload=(int(context.zero_based),), shape=mask.shape)


def of_elements(context: Context, base: Value, at: Value, value: Value) -> Value:
    """Assign to elements of a vector of components, one by one; x[n + 1] <- v makes it longer."""
    found = items(context, base, "the vector that is assigned to")
    lowest = 0 if context.zero_based else 1
    names = base.names if isinstance(base, Vector) else ()
    if isinstance(at, Node) and not at.shape and (context.zero_based or constant(context, at, "an index") >= 0):
        number = whole_part(context, at, "an index") - lowest
        if context.zero_based and number < 0:
            number += len(found)
        if not 0 <= number <= (len(found) if context.zero_based else len(found) + LONGER):
            raise context.error("the index is out of range", f"the vector has {len(found)} elements")
        # R's vector is longer then, with NA for the elements between.
        found += [context.number(math.nan)] * (number - len(found))
        found[number : number + 1] = [value]
        return Vector(tuple(found), (*names, *[None] * (len(found) - len(names))) if names else ())
    places = places_of(context, at, len(found))
    values = [value] if isinstance(value, Node) and not value.shape else items(context, value, "the new elements")
    if not values or len(places) % len(values):
        raise context.error(f"{len(values)} new elements for {len(places)} positions", "give one for each position")
    for k, place in enumerate(places):
        found[place] = values[k % len(values)]
    return Vector(tuple(found), names)


def places_of(context: Context, at: Value, length: int) -> list[int]:
    """Return constant indices as positions from 0.

    Raises:
        CalculusError: One is not whole, out of range, or not constant.
    """
    if isinstance(at, Missing):
        return list(range(length))
    if isinstance(at, Slice):
        return list(range(length)[python_slice(context, at, length)])
    listed = items(context, at, "the positions")
    if listed and all(is_condition(i) for i in listed) and len(listed) == length:
        return [i for i, test in enumerate(listed) if constant(context, test, "a mask")]
    numbers = [constant(context, i, "an index") for i in listed]
    if not numbers or not all(n.is_integer() for n in numbers):
        raise context.error("an index must be a whole number")
    if not context.zero_based and max(numbers) < 0:
        return [i for i in range(length) if -(i + 1) not in numbers]
    lowest = 0 if context.zero_based else 1
    places = [int(n) - lowest if n >= lowest or not context.zero_based else int(n) + length for n in numbers]
    if min(places) < 0 or max(places) >= length:
        raise context.error(f"an index is out of range: the length is {length}")
    return places


# -- one axis ----------------------------------------------------------------------------------------------------------


def positions_of(context: Context, length: Dimension) -> Node:
    """Return 1, 2, ..., n."""
    ones = context.graph.array("fill", context.number(1.0), shape=(length,))
    return context.graph.array("cumsum", ones)


def compared(context: Context, op: str, length: Dimension, number: Dimension) -> Node:
    return context.graph.make(op, positions_of(context, length), number_of(context, number))


def chosen_along(context: Context, at: Value, length: Dimension) -> Chosen:
    """Return the positions that an index means along an axis."""
    if isinstance(at, Missing):
        return Chosen(None)
    inner = at.node if isinstance(at, Oriented) else at
    if isinstance(inner, Node) and is_mask(inner):
        agree(context, "a mask", length, inner.shape[0], [(length,), inner.shape])
        return Chosen(inner, 0, None)
    if isinstance(at, Span) or (isinstance(at, Slice) and not isinstance(length, int)):
        return in_range(context, *bounds_of(context, at, length), length)
    number = position(context, at, length)
    if number is not None:
        if number < 0:
            place = plus(length, number + 1)
            return Chosen(compared(context, "==", length, place), 0, None, (number,))
        after = length - number - 1 if isinstance(length, int) else None
        return Chosen(compared(context, "==", length, number + 1), number, after, (number,))
    if isinstance(at, Node) and not at.shape:
        # R's x[-i]
        left_out = -whole_part(context, at, "an index")
        return Chosen(compared(context, "!=", length, left_out), 0, None)
    if isinstance(inner, Node) and inner.shape and (inner.op == "data" or inner.op == "symbol"):
        index = context.graph.make("add", inner, context.number(1.0)) if context.zero_based else inner
        counts = context.graph.array(
            "scatter", context.graph.array("fill", context.number(1.0), shape=inner.shape), index, shape=(length,)
        )
        return Chosen(context.graph.make(">", counts, context.number(0.0)), 0, None)
    if isinstance(length, Length):
        listed = [float(whole_part(context, i, "an index")) for i in items(context, at, "the positions")]
        longest = int(max(map(abs, listed), default=0)) + 1
        places = places_of(context, at, longest)
        if not context.zero_based and max(listed) < 0:
            left = [-int(n) for n in listed]
            return Chosen(all_of(context, [compared(context, "!=", length, n) for n in left]), 0, None)
    else:
        places = places_of(context, at, length)
    if not places:
        raise context.error("the selection is empty")
    if places == list(range(places[0], places[-1] + 1)) and isinstance(length, int):
        return in_range(context, places[0], length - places[-1] - 1, length)
    if len(set(places)) < len(places):
        raise context.error("a position is assigned to twice", "name each position once")
    tests = [compared(context, "==", length, p + 1) for p in places]
    mask = tests[0]
    for t in tests[1:]:
        mask = context.graph.make("|", mask, t)
    return Chosen(mask, 0, None, tuple(places))


def all_of(context: Context, tests: Sequence[Node]) -> Node:
    mask = tests[0]
    for t in tests[1:]:
        mask = context.graph.make("&", mask, t)
    return mask


def bounds_of(context: Context, at: Span | Slice, length: Dimension) -> tuple[Dimension, Dimension]:
    """Return how many positions are before and behind a range with bounds that are lengths."""
    if isinstance(at, Span):
        shift = 0 if context.zero_based else 1
        return plus(at.first, -shift), plus(length, minus(at.last), shift - 1)
    if at.step is not None:
        raise context.error("a slice with a step needs a known length", "declare the length of the vector")
    ends = [None if b is None else whole_part(context, b, "a bound of a slice") for b in (at.first, at.last)]
    first, last = ends
    if (first or 0) < 0:
        raise context.error("the bounds of a slice must be known", "declare the length of the vector")
    return first or 0, plus(length, -last) if last is not None and last >= 0 else -(last or 0)


def in_range(context: Context, before: Dimension, after: Dimension, length: Dimension) -> Chosen:
    if not isinstance(before, int) or before < 0 or (isinstance(after, int) and after < 0):
        raise context.error(f"the range does not lie within the length {length}")
    tests = [compared(context, ">", length, before)] if before else []
    tests += [compared(context, "<=", length, plus(length, minus(after)))] if after != 0 else []
    # Where how many are behind is not known, the new entries cannot be laid out.
    return Chosen(all_of(context, tests) if tests else None, before, after if isinstance(after, int) else None)


def laid_along(context: Context, new: Node, chosen: Chosen, length: Dimension) -> Node:
    """Return the new entries at their positions along a vector; one number is the same at all."""
    if not new.shape:
        return new
    if len(new.shape) == 2:
        raise context.error(f"{shape_text(new.shape)} cannot be assigned to a part of a vector")
    graph = context.graph
    if chosen.places and len(chosen.places) > 1:
        agree(context, "an assignment", new.shape[0], len(chosen.places), [new.shape, (len(chosen.places),)])
        at = graph.array("concatenate", *[context.number(p + 1.0) for p in chosen.places])
        return graph.array("scatter", new, at, shape=(length,))
    if chosen.places:
        agree(context, "an assignment", new.shape[0], 1, [new.shape, (1,)])
        return graph.array("element", new, payload=(0,))
    if chosen.after is None:
        if chosen.mask is None or not is_mask(chosen.mask):
            raise context.error("this assignment takes one number", "assign the positions one by one")
        wanted = graph.array("select", positions_of(context, length), chosen.mask).shape[0]
        agree(context, "an assignment", new.shape[0], wanted, [new.shape, (wanted,)])
        return graph.array("unselect", new, chosen.mask)
    wanted = plus(length, -chosen.before - chosen.after)
    agree(context, "an assignment", new.shape[0], wanted, [new.shape, (wanted,)])
    return graph.array("pad", new, payload=(chosen.before, chosen.after)) if chosen.before or chosen.after else new


# -- matrices ----------------------------------------------------------------------------------------------------------


def mask_of_matrix(context: Context, chosen: Sequence[Chosen]) -> Node | None:
    laid = [
        context.graph.array(op, c.mask) for op, c in zip(("column", "row"), chosen, strict=True) if c.mask is not None
    ]
    return all_of(context, laid) if laid else None


def in_matrix(context: Context, new: Node, chosen: Sequence[Chosen], old: Node) -> Node:
    """Return the new entries at their places in a matrix: a number, one row or column, or a block."""
    graph, (rows, columns) = context.graph, chosen
    if not new.shape:
        return new
    if len(new.shape) == 1:
        # A single row or column; R fills several columns one after the other.
        single = [len(c.places) == 1 for c in chosen]
        if not single[0] and not single[1] and not context.zero_based:
            raise context.error("a vector is assigned to several rows and columns", "assign a matrix of their shape")
        axis = 1 if single[0] or (context.zero_based and not single[1]) else 0
        vector = laid_along(context, new, chosen[axis], old.shape[axis])
        return graph.array("row" if axis == 1 else "column", vector) if vector.shape else vector
    for c, side, whole in zip(chosen, new.shape, old.shape, strict=True):
        if c.after is None and len(c.places) != 1:
            raise context.error("a matrix is assigned to rows or columns that do not follow each other")
        wanted = 1 if c.places else plus(whole, -c.before - (c.after or 0))
        agree(context, "an assignment", side, wanted, [new.shape, old.shape])
    if rows.places or columns.places:
        axis = 0 if rows.places else 1
        return in_matrix(context, graph.array("pick", new, payload=(axis, 0)), chosen, old)
    padded = graph.array("pad", new, payload=(rows.before, rows.after or 0)) if rows.before or rows.after else new
    if not columns.before and not columns.after:
        return padded
    turned = graph.array("pad", graph.array("transpose", padded), payload=(columns.before, columns.after or 0))
    return graph.array("transpose", turned)
