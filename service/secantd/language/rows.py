"""A loop over rows of data while its body is read once for all rows: its index, what it reads, and what it fills.

The body runs with numbers, as in a loop that is unrolled. What differs from row to row is a node "local": an element
of a vector at a position that the index determines, or the value of a name before the row. `language/recursions.py`
makes vectors and scans of the results.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from secantd.expression import (
    ARRAY_OPERATIONS,
    REDUCTIONS,
    SCALAR,
    Dimension,
    Length,
    Node,
    Shape,
    minus,
    plus,
    reachable,
    shape_text,
)
from secantd.language.arrays import as_node, dimension_of, number_of, vector_of
from secantd.language.choices import chosen, replaced
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names
from secantd.language.positions import along, from_one
from secantd.language.rowconditions import INDEX, holds
from secantd.language.rowlimits import CARRIED, CarriedError, refused
from secantd.language.values import Filled, Missing, Oriented, Span, Value, Vector

__all__ = ["Lagged", "Rows", "depends"]

# The first number of the payload of a local that is not yet a state or an input of a scan.
OPEN = 2


@dataclass(frozen=True, slots=True)
class Lagged:
    """An element of a vector that the loop fills, `offset` positions behind the index."""

    name: str
    offset: int


class Rows:
    """The rows of one loop.

    Args:
        context: The interpreter.
        first: The index in the first row.
        last: The index in the last row.
        locals: What stands for values within a row, by its key; a loop that is read again has the same.
    """

    def __init__(self, context: Context, first: Dimension, last: Dimension, locals: dict[object, Node]) -> None:
        self.context = context
        self.first = first
        self.last = last
        self.count = plus(last, minus(first), 1)
        # What the locals stand for: the vector of their values, the matrix whose rows are their values, or an element of
        # a vector that is filled.
        self.columns: dict[int, Node] = {}
        self.lagged: dict[int, Lagged] = {}
        # The locals of the entries of carried names.
        self.carried: dict[str, list[Node]] = {}
        self.state_indices: set[int] = set()
        # Whether there may be no row: R's 2:n counts down instead, which the program rejects.
        self.may_be_empty = False
        # The contents of vectors that are filled, before the loop.
        self.filled: dict[str, Node] = {}
        self._made = locals
        self._depends: dict[int, bool] = {}
        self.index = context.graph.length(Length.named(INDEX))
        # What the name of the loop is: the index, an entry of a vector, or several of them.
        self.item: Value = self.index

    def local(self, key: object, shape: Shape = SCALAR) -> Node:
        """Return the local with a key of its own."""
        found = self._made.get(key)
        if found is None:
            graph = self.context.graph
            found = self._made[key] = graph.array("local", payload=(OPEN, len(self._made)), shape=shape)
        return found

    def state(self, name: str, k: int) -> Node:
        """Return the local of an entry of a carried name."""
        found = self.local((name, "entry", k))
        self.carried.setdefault(name, []).append(found)
        self.state_indices.add(found.index)
        return found

    def states(self, name: str) -> list[Node]:
        """Return the locals of the entries of a carried name."""
        return self.carried.get(name, [])

    def value(self, values: Node) -> Node:
        """Return the local with given values in the rows: a vector of numbers, or a matrix whose rows are vectors."""
        if not values.shape:
            return values
        node = self.local(("value", values), values.shape[1:])
        self.columns[node.index] = values
        return node

    def depends(self, node: Node) -> bool:
        """Return whether a value differs from row to row."""
        return depends(node, self._depends)

    def is_state(self, node: Node) -> bool:
        """Return whether a node is a value of the row before."""
        return node.index in self.state_indices or node.index in self.lagged

    def over(
        self, node: Node, columns: dict[int, Node] | None = None, of_state: Callable[[Node], Node] | None = None
    ) -> Node:
        """Return the vector of the values that a number has in the rows; a number where they are the same.

        Args:
            node: The number, without vectors and matrices that differ from row to row.
            columns: The vectors of nodes that are known already; more are added.
            of_state: Returns the vector of a value of the row before; None: these are refused.
        """
        columns = self.columns if columns is None else columns
        for part in reachable([node]):
            if part.index in columns or not self.depends(part):
                continue
            if part is self.index:
                columns[part.index] = as_node(self.context, Span(self.first, self.last), "a loop")
            elif self.is_state(part):
                if of_state is None:
                    raise refused(self.context, "a position that depends on the row before")
                columns[part.index] = of_state(part)
            else:
                self.check(part)
                columns[part.index] = self.context.graph.make(part.op, *[columns.get(a.index, a) for a in part.args])
        return columns.get(node.index, node)

    def check(self, node: Node) -> None:
        if node.shape or node.op in ARRAY_OPERATIONS or node.op in REDUCTIONS:
            raise refused(
                self.context, "a vector or matrix that differs from row to row", "write its elements as numbers"
            )

    # -- what the body reads and writes --------------------------------------------------------------------------------

    def element(self, base: Value, at: list[Value]) -> Value | None:
        """Return base[at] where the position depends on the index, None where it does not."""
        if isinstance(base, Filled):
            return self.of_filled(base, at)
        moving = [isinstance(i, Node) and self.depends(i) for i in at]
        if not any(moving):
            return None
        if isinstance(base, Node) and not base.shape:
            if not open_names(self.context, base):
                raise self.context.error("a number has no elements", "declare the shape of the variable")
            learn_rank(self.context, base, len(at), "an index")
        if isinstance(base, Oriented) and len(at) == 2:
            along_axis = 0 if base.column else 1
            if not moving[along_axis]:
                return None
            at, moving = [at[along_axis]], [True]
        node = vector_of(self.context, base) if isinstance(base, Vector) else as_node(self.context, base, "an index")
        if len(at) == 1 and len(node.shape) == 2 and self.context.zero_based:
            at, moving = [*at, Missing()], [*moving, False]
        if len(at) != len(node.shape):
            raise refused(self.context, f"an element of {shape_text(node.shape)} by {len(at)} index", "use two indices")
        positions = [i for i, moves in zip(at, moving, strict=True) if isinstance(i, Node) and moves]
        if self.depends(node) or any(self.of_states(i) for i in positions):
            return chosen(self.context, node, at, moving)
        if len(positions) == 2:
            return self.read(*self.pairs(node, positions))
        axis = moving.index(True)
        if len(at) == 2:
            node = along(self.context, node, 1 - axis, at[1 - axis])
            if len(node.shape) == 2 and axis == 1:
                node = self.context.graph.array("transpose", node)
        return self.read(node, positions[0])

    def of_states(self, node: Node) -> bool:
        """Return whether a number depends on values of the row before."""
        return any(self.is_state(n) for n in reachable([node]))

    def pairs(self, node: Node, positions: Sequence[Node]) -> tuple[Node, Node]:
        """Return the entries of a matrix as a vector, and the position in it that two positions mean."""
        context, graph = self.context, self.context.graph
        row, column = [from_one(context, i) for i in positions]
        before = graph.make("mul", graph.make("add", column, context.number(-1.0)), number_of(context, node.shape[0]))
        at = graph.make("add", row, before)
        return graph.array("flatten", node, payload=(0,)), at if not context.zero_based else graph.make(
            "add", at, context.number(-1.0)
        )

    def affine(self, at: Value) -> tuple[int, Dimension] | None:
        """Return the factor of the index in a position, 1 or -1, and what is added to it; None for another position."""
        found = dimension_of(self.context, at) if isinstance(at, Node) and not at.shape else None
        factors = [f for name, f in found.terms if name == INDEX] if isinstance(found, Length) else []
        if found is None or factors not in ([1], [-1]):
            return None
        return factors[0], plus(found, minus(Length(((INDEX, factors[0]),))))

    def offset(self, at: Value) -> tuple[int, Dimension]:
        """Return the factor of the index in a position, 1 or -1, and what is added to it."""
        found = self.affine(at)
        if found is None:
            raise refused(
                self.context, "a position that is not the loop's index plus or minus a whole number", "write r[i - 1]"
            )
        return found

    def read(self, array: Node, at: Node) -> Node:
        """Return the local of an element of a vector, or of a row of a matrix."""
        found = self.affine(at)
        if found is not None:
            return self.value(self.part(array, *found))
        if dimension_of(self.context, at) is not None:
            self.offset(at)
        return self.value(along(self.context, array, 0, self.over(at)))

    def holds(self, condition: Node) -> bool | None:
        """Return whether a condition on the index holds in all rows (True) or in none (False); None for another condition.

        Raises:
            EdgeError: It differs between the first or the last rows and the others.
        """
        return holds(self.context, condition, self.first, self.last)

    # -- parts of vectors ----------------------------------------------------------------------------------------------

    def part(self, vector: Node, factor: int, offset: Dimension) -> Node:
        """Return the entries that the rows read, in the order of the rows."""
        context = self.context
        ends = [plus(end if factor == 1 else minus(end), offset) for end in (self.first, self.last)]
        first, last = ends[::factor]
        length = vector.shape[0]
        if isinstance(length, Length) and isinstance(plus(length, minus(last)), Length):
            # x[i] for i up to length(r) - 1: x is as long as r.
            if isinstance(last, Length) and all(f > 0 for _, f in last.terms):
                context.shapes.unify(Length(length.terms), Length(last.terms))
            elif isinstance(last, int):
                context.shapes.unify(length, plus(last, int(context.zero_based)))
        found = along(context, vector, 0, Span(first, last))
        return found if factor == 1 else context.graph.array("reverse", found)

    def is_short(self, name: str) -> bool:
        """Return whether a vector that is filled has few entries, so that it may be carried as a whole."""
        sides = [side for side in self.filled[name].shape if isinstance(side, int)]
        return len(sides) == len(self.filled[name].shape) and math.prod(sides) <= CARRIED

    def place_in(self, base: Filled, at: Sequence[Value]) -> int:
        """Return the position, relative to the index, of an element of a vector that is filled.

        Raises:
            CarriedError: The position is another one, but the vector is short: it changes as a whole.
        """
        found = self.affine(at[0]) if len(at) == 1 else None
        if found is not None and found[0] == 1 and isinstance(found[1], int):
            return found[1]
        if self.is_short(base.name):
            raise CarriedError(base.name)
        if len(at) != 1:
            raise refused(self.context, "a vector that is filled, with two indices")
        self.offset(at[0])
        raise refused(self.context, "an element of a vector that is filled, at another position than i - k")

    def of_filled(self, base: Filled, at: list[Value]) -> Node:
        offset = self.place_in(base, at)
        if base.written is not None and base.offset == offset:
            return base.written
        node = self.local((base.name, offset))
        self.lagged[node.index] = Lagged(base.name, offset)
        return node

    def stored(self, base: Value, at: Sequence[Value], value: Value) -> Value | None:
        """Return a vector that the loop fills after base[at] <- value, None for another vector."""
        if not isinstance(base, Filled):
            moving = [i for i in at if isinstance(i, Node) and self.depends(i)]
            if any(self.affine(i) is not None for i in moving):
                raise refused(
                    self.context, "an assignment at the loop's index to a vector that also changes as a whole"
                )
            return replaced(self.context, base, at, value) if moving else None
        offset = self.place_in(base, at)
        if base.offset not in (None, offset):
            raise refused(self.context, "assignments to several positions of a vector", "assign to one position, x[i]")
        if not isinstance(value, Node) or value.shape:
            raise refused(self.context, "an assignment of a vector to one element")
        return Filled(base.name, value, offset)

    def either(self, yes: Value, no: Value) -> tuple[Filled, Node, Node] | None:
        """Return a vector that a branch fills, and what its sides assign; None for other values."""
        if not isinstance(yes, Filled) or not isinstance(no, Filled):
            return None
        offset = yes.offset if no.offset is None else no.offset
        assert offset is not None
        if yes.offset not in (None, offset):
            raise refused(self.context, "assignments to several positions of a vector", "assign to one position, x[i]")
        sides = [v.written or self.of_filled(v, [self.at(offset)]) for v in (yes, no)]
        return Filled(yes.name, None, offset), sides[0], sides[1]

    def at(self, offset: int) -> Node:
        return self.context.graph.length(plus(Length.named(INDEX), offset))


def depends(node: Node, known: dict[int, bool]) -> bool:
    """Return whether an expression contains a local or the loop's index."""
    for part in reachable([node]) if node.index not in known else ():
        if part.index not in known:
            # The locals of a scan, which another loop has made, are not open.
            inside = part.payload == INDEX if part.op == "length" else part.op == "local" and is_open(part)
            known[part.index] = inside or any(known[a.index] for a in part.args)
    return known[node.index]


def is_open(local: Node) -> bool:
    return isinstance(local.payload, tuple) and local.payload[0] == OPEN
