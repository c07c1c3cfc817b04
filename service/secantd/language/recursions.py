"""From the results of one row of a loop to vectors and scans over all rows.

The names that a row changes, and the elements of vectors that it fills, are states: a local stands for the value before
the row. States that need each other form a scan; all other results are vectors. What a scan's step computes without its
states becomes an input, so that a step contains only what has to be done row by row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from secantd.expression import (
    ARRAY_OPERATIONS,
    Dimension,
    Length,
    Node,
    input_of,
    minus,
    plus,
    reachable,
    scans,
    state_of,
)
from secantd.interrupt import checkpoint
from secantd.language.carried import entries_of, kind_of
from secantd.language.context import Context
from secantd.language.entrywise import Entries
from secantd.language.rows import Rows
from secantd.language.values import Filled, Nothing, Value

__all__ = ["Recursions"]


class State:
    """A value that one row hands to the next.

    Attributes:
        local: What stands for the value before a row.
        initial: The value before the first row.
        following: The value after a row, made of locals.
        increments: The vector of what the rows add to the value, None where a row does not add something.
        values: The vector of the values after the rows, None for a scan and where rows add.
        path: The vector of all values, beginning with the initial one; made when it is first needed.
    """

    __slots__ = ("following", "increments", "initial", "local", "path", "values")

    def __init__(self, local: Node, initial: Node, following: Node) -> None:
        self.local = local
        self.initial = initial
        self.following = following
        self.increments: Node | None = None
        self.values: Node | None = None
        self.path: Node | None = None


class Recursions:
    """The vectors of one loop.

    Args:
        context: The interpreter.
        rows: The rows.
        entries: The entries of the row's vectors and matrices.
        carried: What the names hand from row to row: for each local its initial value, and its value after a row.
        filled: The vectors that the rows fill, after a row.
    """

    def __init__(
        self,
        context: Context,
        rows: Rows,
        entries: Entries,
        carried: Mapping[Node, tuple[Node, Node]],
        filled: Sequence[Filled],
    ) -> None:
        self.context = context
        self.graph = context.graph
        self.rows = rows
        self.entries = entries
        # The value of each local and of the index in all rows.
        self.columns: dict[int, Node] = dict(rows.columns)
        self.states: dict[int, State] = {}
        self.known: dict[int, frozenset[int]] = {}
        for local, (initial, following) in carried.items():
            self.add(State(local, initial, following))
        for vector in filled:
            self.add_lags(vector)
        for group in self.in_order():
            self.solve(group)

    def add(self, state: State) -> None:
        self.states[state.local.index] = state

    def add_lags(self, filled: Filled) -> None:
        """Make states of the elements of a vector that were filled in earlier rows; others are those before the loop."""
        rows = self.rows
        start = rows.filled[filled.name]
        reads = {i: lag.offset for i, lag in rows.lagged.items() if lag.name == filled.name}
        deepest = 0
        for index, offset in reads.items():
            if filled.offset is None or offset >= filled.offset:
                self.columns[index] = rows.part(start, 1, offset)
            else:
                deepest = max(deepest, filled.offset - offset)
        following = None if filled.written is None else self.entries.number(filled.written)
        for lag in range(1, deepest + 1):
            assert filled.offset is not None
            assert following is not None
            local = rows.local((filled.name, filled.offset - lag))
            self.add(State(local, self.before(start, filled.offset - lag), following))
            following = local

    def position(self, offset: int) -> int:
        """Return the position, from 0, of an element that the first row reads or fills."""
        found = plus(self.rows.first, offset - (not self.context.zero_based))
        if not isinstance(found, int) or found < 0:
            raise self.context.error("the first row of the loop reads an element before the beginning of the vector")
        return found

    def before(self, start: Node, offset: int) -> Node:
        """Return an element of a vector before the loop."""
        position = self.position(offset)
        if isinstance(start.shape[0], int) and position >= start.shape[0]:
            raise self.context.error("the first row of the loop reads an element that has no value yet")
        return element(self.context, start, position)

    # -- which states need each other -----------------------------------------------------------------------------------

    def needs(self, node: Node) -> frozenset[int]:
        """Return the states that an expression depends on."""
        if node.index not in self.known:
            for part in reachable([node]):
                if part.index not in self.known:
                    own = frozenset([part.index]) if part.index in self.states else frozenset()
                    self.known[part.index] = own.union(*[self.known[a.index] for a in part.args])
        return self.known[node.index]

    def in_order(self) -> list[list[State]]:
        """Return the states in groups that need each other, each behind the groups that it needs."""
        needed = {i: set(self.needs(s.following)) for i, s in self.states.items()}
        for middle in needed:
            checkpoint()
            for wanted in needed.values():
                if middle in wanted:
                    wanted |= needed[middle]
        groups: dict[frozenset[int], list[State]] = {}
        for i, state in self.states.items():
            same = frozenset(j for j in needed[i] if i in needed[j]) | {i}
            groups.setdefault(same, []).append(state)
        return sorted(groups.values(), key=lambda g: len(needed[g[0].local.index] | {s.local.index for s in g}))

    def solve(self, group: list[State]) -> None:
        state = group[0]
        local, following = state.local, state.following
        if len(group) > 1:
            self.make_scan(group)
        elif local.index not in self.needs(following):
            state.values = self.full(self.over_rows(following))
        elif following is local:
            state.increments = self.full(self.context.number(0.0))
        else:
            added = self.increment(following, state)
            if added is None:
                self.make_scan(group)
            else:
                state.increments = self.full(self.over_rows(added))

    def increment(self, following: Node, state: State) -> Node | None:
        """Return what a row adds to a state, None where it does something else."""
        if following is state.local:
            return self.context.number(0.0)
        moving = [a for a in following.args if state.local.index in self.needs(a)]
        if following.op == "add" and len(moving) == 1:
            inner = self.increment(moving[0], state)
            others = [a for a in following.args if a is not moving[0]]
            if inner is None or len(others) + 1 < len(following.args):
                return None
            if inner.op == "number" and inner.value == 0.0:
                return others[0] if len(others) == 1 else self.graph.make("add", *others)
            return self.graph.make("add", inner, *others)
        if following.op == "ifelse" and state.local.index not in self.needs(following.args[0]):
            sides = [self.increment(a, state) for a in following.args[1:]]
            if sides[0] is not None and sides[1] is not None:
                return self.graph.make("ifelse", following.args[0], sides[0], sides[1])
        return None

    def make_scan(self, group: list[State]) -> None:
        """Make the scan of states that need each other."""
        own = frozenset(s.local.index for s in group)
        made: dict[int, Node] = {s.local.index: state_of(self.graph, j) for j, s in enumerate(group)}
        inputs: dict[Node, Node] = {}
        for part in reachable([s.following for s in group]):
            if part.index in made or not own & self.needs(part):
                continue
            self.rows.check(part)
            args = leading(self.graph.make, part, [bool(own & self.needs(a)) for a in part.args])
            made[part.index] = self.graph.again(part, tuple([made.get(a.index) or self.input(a, inputs) for a in args]))
        steps = [made.get(s.following.index) or self.input(s.following, inputs) for s in group]
        paths = scans(self.graph, [s.initial for s in group], list(inputs), steps, self.rows.count)
        for state, path in zip(group, paths, strict=True):
            state.path = path
            if state.following.index not in self.states:
                self.columns[state.following.index] = self.graph.array("slice", path, payload=(1, 0))

    def input(self, node: Node, inputs: dict[Node, Node]) -> Node:
        """Return what stands for an expression without states in a step."""
        if is_constant(node):
            return node
        value = self.over_rows(node)
        if value not in inputs:
            inputs[value] = input_of(self.graph, len(inputs))
        return inputs[value]

    # -- vectors --------------------------------------------------------------------------------------------------------

    def over_rows(self, node: Node) -> Node:
        """Return the vector of the values that an expression has in the rows; a number where they are the same."""
        return self.rows.over(node, self.columns, self.before_rows)

    def before_rows(self, local: Node) -> Node:
        """Return the vector of the values of a state before the rows."""
        return self.graph.array("slice", self.path(self.states[local.index]), payload=(0, 1))

    def full(self, value: Node) -> Node:
        return value if value.shape else self.graph.array("fill", value, shape=(self.rows.count,))

    def path(self, state: State) -> Node:
        if state.path is None:
            values = state.values
            if values is None:
                assert state.increments is not None
                running = self.graph.array("cumsum", state.increments)
                values = self.graph.make("add", state.initial, running)
            state.path = self.graph.array("concatenate", state.initial, values)
        return state.path

    # -- after the loop -------------------------------------------------------------------------------------------------

    def last(self, local: Node) -> Node:
        """Return the value of a state after the loop."""
        state = self.states[local.index]
        if state.following is state.local:
            return state.initial
        if state.increments is not None:
            total = self.graph.make("sum", state.increments)
            begins = state.initial.op != "number" or state.initial.value != 0.0
            return self.graph.make("add", state.initial, total) if begins else total
        return self.final(self.path(state) if state.values is None or self.may_be_empty() else state.values)

    def may_be_empty(self) -> bool:
        """Return whether the loop may have no row: R's 2:n counts down instead, which the program rejects."""
        return self.rows.may_be_empty

    def final(self, vector: Node) -> Node:
        return self.graph.array("element", vector, payload=(-1,))

    def temporary(self, value: Value) -> Value:
        """Return the value of a name, which a row assigns before it is read, after the loop."""
        if self.may_be_empty():
            return Nothing()
        kind = kind_of(value)
        if kind is None:
            return Nothing()
        found = [self.over_rows(x) for x in entries_of(self.entries, value)]
        return kind.value(self.graph, [self.final(x) if x.shape else x for x in found])

    def filled(self, filled: Filled) -> Value:
        """Return a vector that was filled, after the loop."""
        start = self.rows.filled[filled.name]
        if filled.offset is None or filled.written is None:
            return start
        written = self.entries.number(filled.written)
        context, first = self.context, self.position(filled.offset)
        length = start.shape[0]
        left: Dimension = plus(length, -first, minus(self.rows.count))
        if isinstance(left, Length) and not isinstance(length, int):
            context.shapes.unify(length, plus(self.rows.count, first))
        if length == first and not context.zero_based:
            # R: an assignment behind the end makes a vector longer.
            left = 0
        if not isinstance(left, int) or left < 0:
            raise context.error(
                f"the loop fills the elements up to {plus(self.rows.count, first)} of a vector of length {length}",
                "make the vector as long as the loop needs",
            )
        state = next((s for s in self.states.values() if s.following is written), None)
        if state is not None and first and state.initial is element(context, start, first - 1):
            parts = [*front(context, start, first - 1), self.path(state)]
        else:
            parts = [*front(context, start, first), self.full(self.over_rows(written))]
        if isinstance(length, int) and left:
            parts.append(self.graph.array("slice", start, payload=(length - left, 0)))
        elif left:
            parts += [self.graph.array("element", start, payload=(i,)) for i in range(-left, 0)]
        return parts[0] if len(parts) == 1 else self.graph.array("concatenate", *parts)


def element(context: Context, vector: Node, position: int) -> Node:
    """Return an element of a vector; one that was given to c() or rep() is itself."""
    if vector.op == "fill":
        return vector.args[0]
    if vector.op == "concatenate":
        before = position
        for part in vector.args:
            size = part.shape[0] if part.shape else 1
            if isinstance(size, Length):
                return element(context, part, before) if part.op == "fill" else default(context, vector, position)
            if before < size:
                return element(context, part, before) if part.shape else part
            before -= size
    return default(context, vector, position)


def default(context: Context, vector: Node, position: int) -> Node:
    return context.graph.array("element", vector, payload=(position,))


def front(context: Context, vector: Node, count: int) -> list[Node]:
    """Return the first elements of a vector as parts of a longer one."""
    return [element(context, vector, i) for i in range(count)]


def is_constant(node: Node) -> bool:
    """Return whether an expression is made of numbers only."""
    return all(n.op in ("number", "pi") or (n.args and n.op not in ARRAY_OPERATIONS) for n in reachable([node]))


def leading(make: Callable[..., Node], node: Node, moving: Iterable[bool]) -> list[Node]:
    """Return the arguments of an operation; those in front of a sum or product that need no state are one."""
    args = list(node.args)
    free = next((i for i, m in enumerate(moving) if m), 0)
    if node.op not in ("add", "mul") or free < 2:
        return args
    return [make(node.op, *args[:free]), *args[free:]]
