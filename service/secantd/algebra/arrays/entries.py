"""Short vectors and matrices entry by entry: c(2 * x[1], 0) for 2 * x[1] * c(1, 0)."""

from secantd.algebra.arrays.arrays import Arrays
from secantd.expression import ARRAY_OPERATIONS, REDUCTIONS, Node, reachable

__all__ = ["entry_by_entry", "has_shifted_rows"]

# The longest vector, and the most entries of a matrix, that are written out.
LONGEST, MOST = 5, 16
# Entries that are not in one expression for all places: what makes a text longer than its entries.
SINGLE = frozenset({"unit", "place"})
# Operations on the rows of an identity matrix.
ROWS = frozenset({"slice", "pad", "diff", "pick", "reverse"})


class NoEntriesError(Exception):
    """An expression has no entries that are shorter than the whole."""


def entry_by_entry(form: Arrays, node: Node) -> Node:
    """Return a vector or matrix of few entries, some of which have expressions of their own, as these expressions.

    Args:
        form: The constructors of the graph.
        node: An expression in the light form; what is not short, or the same for all entries, is returned as it is.
    """
    sides = [d for d in node.shape if isinstance(d, int)]
    if not sides or len(sides) < len(node.shape) or not has_single_entries(node):
        return node
    if (len(sides) == 1 and sides[0] > LONGEST) or (len(sides) == 2 and sides[0] * sides[1] > MOST) or 0 in sides:
        return node
    places = (
        [(i,) for i in range(sides[0])]
        if len(sides) == 1
        else [(i, j) for i in range(sides[0]) for j in range(sides[1])]
    )
    found = Entries(form)
    try:
        entries = [form.light(found.of(node, place)) for place in places]
    except NoEntriesError:
        return node
    vector = form.apply("concatenate", entries)
    return form.light(vector if len(sides) == 1 else form.apply("reshape", [vector], (1,), node.shape))


def has_single_entries(node: Node) -> bool:
    """Return whether some entries of a value have expressions of their own."""
    return any(n.op in SINGLE or moves_rows(n) for n in arrays_below(node))


def has_shifted_rows(node: Node) -> bool:
    """Return whether a matrix is made of rows of the identity matrix that are moved or left out."""
    return any(moves_rows(n) for n in arrays_below(node))


def moves_rows(node: Node) -> bool:
    return node.op in ROWS and len(node.args[0].shape) == 2 and of_identity(node)


def arrays_below(node: Node) -> list[Node]:
    """Return a value and the vectors and matrices of which it is made, but not those that only a number of it contains."""
    stack, seen = [node], dict[int, Node]()
    while stack:
        top = stack.pop()
        if top.shape and top.index not in seen:
            seen[top.index] = top
            stack += top.args
    return list(seen.values())


def of_identity(node: Node) -> bool:
    return any(n.op in ("identity", "diagonal_matrix") for n in reachable([node]))


class Entries:
    """The entries of the expressions of one graph.

    Args:
        form: The constructors.
    """

    def __init__(self, form: Arrays) -> None:
        self.form = form
        self.known: dict[tuple[int, tuple[int, ...]], Node] = {}

    def of(self, x: Node, place: tuple[int, ...]) -> Node:
        """Return the entry of an expression at a place, which counts from 0.

        Raises:
            NoEntriesError: The entries are not shorter than the whole.
        """
        if not x.shape:
            return x
        key = (x.index, place)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.made(x, place)
        return found

    def made(self, x: Node, place: tuple[int, ...]) -> Node:
        form, op, args = self.form, x.op, x.args
        payload = x.payload if isinstance(x.payload, tuple) else ()
        first = place[0]
        if op in ("symbol", "data"):
            return form.apply("element", [x], place)
        if op not in ARRAY_OPERATIONS and op not in REDUCTIONS:
            if len(x.shape) == 1 and any(a.shape and a.shape != x.shape for a in args):
                raise NoEntriesError
            return form.apply(op, [self.of(a, place) for a in args])
        if op == "fill":
            return args[0]
        if op == "column":
            return self.of(args[0], place[:1])
        if op == "row":
            return self.of(args[0], place[1:])
        if op == "outer":
            return form.mul(self.of(args[0], place[:1]), self.of(args[1], place[1:]))
        if op == "transpose":
            return self.of(args[0], place[::-1])
        if op == "identity":
            return form.one if first == place[1] else form.zero
        if op == "diagonal_matrix":
            return self.of(args[0], place[:1]) if first == place[1] else form.zero
        if op == "unit":
            here = all(i == self.within(p, side) for i, p, side in zip(place, payload, x.shape, strict=True))
            return args[0] if here else form.zero
        if op == "place":
            axis, index = payload
            here = place[axis] == self.within(index, x.shape[axis])
            return self.of(args[0], (place[1 - axis],)) if here else form.zero
        if op == "pick":
            axis, index = payload
            at = self.within(index, args[0].shape[axis])
            return self.of(args[0], (at, first) if axis == 0 else (first, at))
        if op == "slice":
            return self.of(args[0], (first + payload[0], *place[1:]))
        if op == "pad":
            at = first - payload[0]
            length = self.within(0, args[0].shape[0], length=True)
            return self.of(args[0], (at, *place[1:])) if 0 <= at < length else form.zero
        if op == "diff":
            after = self.of(args[0], (first + 1, *place[1:]))
            return form.add(after, form.neg(self.of(args[0], place)))
        if op == "concatenate":
            return self.part(args, first)
        if op == "bind_columns":
            return self.column(args, place)
        if op == "reshape" and len(x.shape) == 2 and len(args[0].shape) == 1:
            rows, columns = (self.within(0, side, length=True) for side in x.shape)
            return self.of(args[0], (place[1] * rows + first if payload == (0,) else first * columns + place[1],))
        raise NoEntriesError

    def part(self, args: tuple[Node, ...], i: int) -> Node:
        """Return an entry of c(...)."""
        for a in args:
            length = self.within(0, a.shape[0], length=True) if a.shape else 1
            if i < length:
                return self.of(a, (i,))
            i -= length
        raise NoEntriesError

    def column(self, args: tuple[Node, ...], place: tuple[int, ...]) -> Node:
        """Return an entry of cbind(...)."""
        row, i = place
        for a in args:
            width = self.within(0, a.shape[1], length=True) if len(a.shape) == 2 else 1
            if i < width:
                return self.of(a, (row, i)[: len(a.shape)])
            i -= width
        raise NoEntriesError

    def within(self, index: int, side: object, *, length: bool = False) -> int:
        """Return a position that counts from 0, for one that may count from the end; or the length itself."""
        if not isinstance(side, int):
            raise NoEntriesError
        return side if length else index % side
