"""A loop over rows of data while its body is read once for all rows: its index, what it reads, and what it fills.

The body runs with numbers, as in a loop that is unrolled. What differs from row to row is a node "local": an element
of a vector at a position that the index determines, or the value of a name before the row. `language/recursions.py`
makes vectors and scans of the results.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from secantd.errors import CalculusError
from secantd.expression import SCALAR, Dimension, Length, Node, minus, plus, reachable
from secantd.language.arrays import as_node, dimension_of
from secantd.language.context import Context
from secantd.language.inference import learn_rank, open_names
from secantd.language.positions import along
from secantd.language.values import Filled, Oriented, Span, Value, Vector

__all__ = ["INDEX", "Lagged", "Rows", "depends", "refused", "vector_of"]

# The name of the loop's index as a length.
INDEX = "@i"
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
    """

    def __init__(self, context: Context, first: Dimension, last: Dimension) -> None:
        self.context = context
        self.first = first
        self.last = last
        self.count = plus(last, minus(first), 1)
        # What the locals stand for: the vector of their values, or an element of a vector that is filled.
        self.columns: dict[int, Node] = {}
        self.lagged: dict[int, Lagged] = {}
        # The locals of carried names.
        self.carried: dict[str, Node] = {}
        # The contents of vectors that are filled, before the loop.
        self.filled: dict[str, Node] = {}
        self._made: dict[object, Node] = {}
        self._depends: dict[int, bool] = {}
        self.index = context.graph.length(Length.named(INDEX))
        # What the name of the loop is: the index, an entry of a vector, or several of them.
        self.item: Value = self.index

    def local(self, key: object) -> Node:
        """Return the local with a key of its own."""
        found = self._made.get(key)
        if found is None:
            graph = self.context.graph
            found = self._made[key] = graph.array("local", payload=(OPEN, len(self._made)), shape=SCALAR)
        return found

    def entry(self, vector: Node) -> Node:
        """Return the local of the entries of a vector that is as long as there are rows."""
        node = self.local((vector, "entry"))
        self.columns[node.index] = vector
        return node

    def depends(self, node: Node) -> bool:
        """Return whether a value differs from row to row."""
        return depends(node, self._depends)

    # -- what the body reads and writes --------------------------------------------------------------------------------

    def element(self, base: Value, at: list[Value]) -> Value | None:
        """Return base[at] where the position depends on the index, None where it does not."""
        if isinstance(base, Filled):
            return self.of_filled(base, at)
        moving = [isinstance(i, Node) and self.depends(i) for i in at]
        if not any(moving):
            if isinstance(base, Node) and base.shape and self.depends(base):
                raise refused(self.context, "an element of a vector that differs from row to row")
            return None
        if len(at) == 2:
            return self.of_matrix(base, at, moving)
        return self.read(self.vector(base), at[0])

    def of_matrix(self, base: Value, at: list[Value], moving: list[bool]) -> Value:
        context = self.context
        axis = moving.index(True)
        other = at[1 - axis]
        if isinstance(base, Node) and not base.shape and open_names(context, base):
            learn_rank(context, base, 2, "an index")
        single = isinstance(other, Node) and not other.shape
        if all(moving) or not isinstance(base, Node) or len(base.shape) != 2 or not single:
            hint = "" if all(moving) or single else "name its columns: X[i, 1]"
            raise refused(context, "a row of a matrix", hint)
        line = along(context, base, 1, other) if axis == 0 else along(context, base, 0, other)
        return self.read(line, at[axis])

    def vector(self, base: Value) -> Node:
        """Return a vector whose elements the loop reads; a variable of which nothing is known is one."""
        context = self.context
        if isinstance(base, Node) and not base.shape:
            if not open_names(context, base):
                raise context.error("a number has no elements", "declare the shape of the variable")
            learn_rank(context, base, 1, "an index")
        if isinstance(base, Vector):
            return vector_of(context, base)
        node = as_node(context, base, "an index")
        if len(node.shape) != 1:
            raise refused(context, "an element of a matrix by one index", "use two indices")
        if self.depends(node):
            raise refused(context, "an element of a vector that differs from row to row")
        return node

    def offset(self, at: Value) -> tuple[int, Dimension]:
        """Return the factor of the index in a position, 1 or -1, and what is added to it."""
        found = dimension_of(self.context, at) if isinstance(at, Node) and not at.shape else None
        factors = [f for name, f in found.terms if name == INDEX] if isinstance(found, Length) else []
        if found is None or factors not in ([1], [-1]):
            raise refused(
                self.context, "a position that is not the loop's index plus or minus a whole number", "write r[i - 1]"
            )
        return factors[0], plus(found, minus(Length(((INDEX, factors[0]),))))

    def read(self, vector: Node, at: Value) -> Node:
        """Return the local of vector[at]."""
        factor, offset = self.offset(at)
        node = self.local((vector, factor, offset))
        if node.index not in self.columns:
            self.columns[node.index] = self.part(vector, factor, offset)
        return node

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

    def of_filled(self, base: Filled, at: list[Value]) -> Node:
        if len(at) != 1:
            raise refused(self.context, "a vector that is filled, with two indices")
        factor, offset = self.offset(at[0])
        if factor != 1 or not isinstance(offset, int):
            raise refused(self.context, "an element of a vector that is filled, at another position than i - k")
        if base.written is not None and base.offset == offset:
            return base.written
        node = self.local((base.name, offset))
        self.lagged[node.index] = Lagged(base.name, offset)
        return node

    def stored(self, base: Value, at: Sequence[Value], value: Value) -> Filled | None:
        """Return a vector that the loop fills after base[at] <- value, None for another vector."""
        if not isinstance(base, Filled):
            return None
        if len(at) != 1:
            raise refused(self.context, "a vector that is filled, with two indices")
        factor, offset = self.offset(at[0])
        if factor != 1 or not isinstance(offset, int) or base.offset not in (None, offset):
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


def refused(context: Context, what: str, hint: str = "") -> CalculusError:
    """Return the error for a loop over data that is not read: `what` is the subject of the sentence."""
    return context.error(
        f"{what} is not part of the language in a loop over data", hint or "declare a short length, or use other words"
    )


def vector_of(context: Context, value: Value) -> Node:
    """Return a vector as a node; equal components in a row are one part of it."""
    if not isinstance(value, Vector):
        node = value.node if isinstance(value, Oriented) else as_node(context, value, "a vector")
        return node if node.shape else context.graph.array("concatenate", node)
    parts: list[tuple[Node, int]] = []
    for item in value.items:
        node = as_node(context, item, "a vector")
        if parts and parts[-1][0] is node and not node.shape:
            parts[-1] = (node, parts[-1][1] + 1)
        else:
            parts.append((node, 1))
    made = [node if n == 1 else context.graph.array("fill", node, shape=(n,)) for node, n in parts]
    if len(made) == 1 and made[0].shape:
        return made[0]
    return context.graph.array("concatenate", *made)
