"""Elements of short vectors and matrices at positions that differ from row to row of a loop over data."""

import math
from collections.abc import Sequence
from itertools import product

from secantd.expression import Node, shape_text
from secantd.language.arrays import as_node, vector_of
from secantd.language.context import Context
from secantd.language.positions import position
from secantd.language.rowlimits import CARRIED, refused
from secantd.language.values import Missing, Oriented, Value, Vector

__all__ = ["chosen", "replaced"]


def chosen(context: Context, node: Node, at: Sequence[Value], moving: Sequence[bool]) -> Value:
    """Return the elements of a vector or matrix at a position, by a choice between all places; NaN outside.

    Args:
        context: The interpreter.
        node: The vector or matrix.
        at: The indices.
        moving: For each index whether it differs from row to row.
    """
    found: list[Node] = []
    every = at_places(context, node, at, moving)
    for k in range(len(every[0][1]) if every else 0):
        value: Node = context.number(math.nan)
        for test, entries in reversed(every):
            value = context.graph.make("ifelse", test, entries[k], value)
        found.append(value)
    return found[0] if all(isinstance(i, Node) for i in at) else context.graph.array("concatenate", *found)


def at_places(
    context: Context, node: Node, at: Sequence[Value], moving: Sequence[bool]
) -> list[tuple[Node, list[Node]]]:
    """Return for each place that a position may mean the test that it is, and the entries there."""
    graph, shape = context.graph, sides_of(context, node)
    axes = [axis for axis, moves in enumerate(moving) if moves]
    fixed = {}
    for axis, i in enumerate(at):
        if not moving[axis] and not isinstance(i, Missing):
            number = position(context, i, shape[axis])
            if number is None:
                raise refused(context, "a part of a vector or matrix that differs from row to row")
            fixed[axis] = number % shape[axis]
    choices = [[fixed[a]] if a in fixed else [*range(side)] for a, side in enumerate(shape)]
    lowest = 0 if context.zero_based else 1
    found: dict[tuple[int, ...], tuple[Node, list[Node]]] = {}
    for place in product(*choices):
        key = tuple(place[a] for a in axes)
        if key not in found:
            tests = []
            for a in axes:
                i = at[a]
                assert isinstance(i, Node)
                tests.append(graph.make("==", i, context.number(float(place[a] + lowest))))
            found[key] = (tests[0] if len(tests) == 1 else graph.make("&", *tests), [])
        found[key][1].append(graph.array("element", node, payload=place))
    return [*found.values()]


def sides_of(context: Context, node: Node) -> tuple[int, ...]:
    """Return the shape of an array whose elements are chosen by a position."""
    shape = tuple([side for side in node.shape if isinstance(side, int)])
    if len(shape) < len(node.shape) or math.prod(shape) > CARRIED:
        raise refused(
            context,
            f"an element of {shape_text(node.shape)} at a position that depends on data",
            f"use vectors and matrices of at most {CARRIED} entries, of known size",
        )
    return shape


def replaced(context: Context, base: Value, at: Sequence[Value], value: Value) -> Value:
    """Return a vector or matrix after base[at] <- value, at a position that depends on data.

    Args:
        context: The interpreter.
        base: The vector or matrix.
        at: The indices.
        value: The new entry.
    """
    graph = context.graph
    node = vector_of(context, base) if isinstance(base, Vector) else as_node(context, base, "an assignment")
    if len(at) != len(node.shape) or not all(isinstance(i, Node) for i in at):
        raise refused(context, "an assignment to a row of a matrix at a position that depends on data")
    if not isinstance(value, Node) or value.shape:
        raise refused(context, "an assignment of a vector to one element")
    every = at_places(context, node, at, [True] * len(at))
    valid = every[0][0]
    for test, _ in every[1:]:
        valid = graph.make("|", valid, test)
    nan = context.number(math.nan)
    # At a position outside, R would make the vector longer.
    entries = [graph.make("ifelse", test, value, graph.make("ifelse", valid, old[0], nan)) for test, old in every]
    if isinstance(base, Vector):
        return Vector(tuple(entries), base.names)
    made = graph.array("concatenate", *entries)
    made = made if len(node.shape) == 1 else graph.array("reshape", made, payload=(1,), shape=node.shape)
    return Oriented(made, base.column) if isinstance(base, Oriented) else made
