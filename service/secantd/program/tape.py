"""The tape of expressions: a list of instructions over numbered slots, with constants folded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Node, reachable
from secantd.functions import PRINTED
from secantd.interrupt import paced
from secantd.program import stable
from secantd.program.operations import operation

__all__ = ["Constant", "Tape", "TapeInstruction", "record"]

Constant = float | NDArray[np.float64]

# Powers that are products or roots: faster, and the same in every back end.
POWERS = {-1.0: "reciprocal", 0.5: "sqrt", 2.0: "square", 3.0: "cube", 4.0: "fourth"}
LOGARITHMS = {2.0: "log2", 10.0: "log10"}
# Operations that differ in their derivatives only.
SAME = {"tanh_stable": "tanh", "larger": "pmax", **PRINTED}
# Terms of one instruction: a longer sum is accumulated while its terms are computed, so that few of them are alive.
TERMS = 16


class TapeInstruction(NamedTuple):
    """slot `out` ← op(slots `args`); `rows` is the length of the value."""

    op: str
    args: tuple[int, ...]
    out: int
    rows: int


@dataclass(frozen=True, slots=True)
class Tape:
    """A program for any back end.

    Attributes:
        variables: The names of slots 0, 1, ...
        slots: The number of slots.
        constants: The values of the slots that depend on no variable; data columns have shape (rows,).
        code: The instructions, arguments before their use.
        outputs: One slot for each output.
        rows: The length of each output, 1 for a number.
        uses: How often each slot is read, as an argument or an output.
    """

    variables: tuple[str, ...]
    slots: int
    constants: dict[int, Constant]
    code: tuple[TapeInstruction, ...]
    outputs: tuple[int, ...]
    rows: tuple[int, ...]
    uses: tuple[int, ...]

    @property
    def vectors(self) -> bool:
        """Whether it contains data columns of more than one row."""
        return any(not isinstance(c, float) for c in self.constants.values())


def record(
    outputs: Sequence[Node],
    variables: Sequence[str],
    columns: Mapping[str, NDArray[np.float64]],
    open_columns: Sequence[str] = (),
    *,
    literal: bool = False,
) -> Tape:
    """Return the tape of `outputs` as functions of `variables`; time and size are proportional to the nodes.

    Args:
        outputs: Nodes of one graph.
        variables: The names of the first slots; it contains all symbols of `outputs`.
        columns: Data columns, each of shape (rows,); they become constants.
        open_columns: Names of data columns that become variables instead, in slots after those of `variables`.
        literal: Whether patterns that lose digits are computed as written and not by their stable forms; a stable form
            is itself recorded so.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a symbol is not in `variables`; MISSING_PART: a function has no implementation.
    """
    return _Recorder(outputs, variables, columns, open_columns, literal).tape()


class _Recorder:
    """The walk over the nodes that records one tape."""

    def __init__(
        self,
        outputs: Sequence[Node],
        variables: Sequence[str],
        columns: Mapping[str, NDArray[np.float64]],
        open_columns: Sequence[str],
        literal: bool,
    ) -> None:
        self.literal = literal
        self.outputs = outputs
        self.variables = (*variables, *open_columns)
        self.columns = columns
        self.nodes = reachable(outputs)
        self.position = {name: i for i, name in enumerate(variables)}
        self.open = {name: len(variables) + i for i, name in enumerate(open_columns)}
        self.slots = len(self.variables)
        self.slot: dict[int, int] = {}
        self.constants: dict[int, Constant] = {}
        self.code: list[TapeInstruction] = []
        # A negated term that is used once becomes a subtraction.
        self.single = _used_once(self.nodes, outputs)
        self.pending: dict[int, Node] = {}
        # Long sums and products: the partial result of each, and the pieces that can be added once a node is computed.
        self.partial: dict[int, int] = {}
        self.ready: dict[int, list[tuple[Node, int]]] = {}

    def tape(self) -> Tape:
        for node in self.nodes:
            if node.op in ("add", "mul") and len(node.args) > TERMS:
                self._schedule(node)
        for node in paced(self.nodes):
            if node.op == "neg" and node.index in self.single and not self._constant(node.args[0]):
                self.pending[node.index] = node.args[0]
            elif node.index in self.partial:
                self.slot[node.index] = self.partial[node.index]
            else:
                self.slot[node.index] = self._place(node)
            for long, first in self.ready.pop(node.index, ()):
                self._go_on(long, first)
        return self._pruned()

    def _schedule(self, node: Node) -> None:
        """Record after which node each piece of a long sum or product can be added."""
        last = 0
        for first in range(0, len(node.args), TERMS):
            last = max(last, *[a.index for a in node.args[first : first + TERMS]])
            self.ready.setdefault(last, []).append((node, first))

    def _go_on(self, node: Node, first: int) -> None:
        terms = node.args[first : first + TERMS]
        begun = [self.partial[node.index]] if first else []
        if node.op == "add":
            self.partial[node.index] = self._sum(begun, terms, node.rows)
        else:
            run = (*begun, *[self._read(t) for t in terms])
            self.partial[node.index] = self._emit("mul", run, node.rows) if len(run) > 1 else run[0]

    def _place(self, node: Node) -> int:
        op, args = SAME.get(node.op, node.op), node.args
        if op == "symbol":
            if node.name not in self.position:
                raise CalculusError(
                    Reason.UNKNOWN_VARIABLE,
                    f"there is no value for '{node.name}'",
                    "give a value for it, or make it a variable",
                    metadata={"variable": node.name},
                )
            return self.position[node.name]
        if op == "number":
            return self._keep(node.value)
        if op == "data":
            if node.name in self.open:
                return self.open[node.name]
            values = np.ascontiguousarray(self.columns[node.name], dtype=np.float64)
            return self._keep(values if len(values) != 1 else float(values[0]))
        softplus = None if self.literal else stable.softplus_of(node)
        if softplus is not None:
            return self._emit("softplus", (self._read(softplus),), node.rows)
        ratio = None if self.literal else stable.ratio_of(node)
        if ratio is not None:
            return self._emit(ratio[0], tuple(self._read(a) for a in ratio[1]), node.rows)
        if op == "!=" and args[0] is args[1]:
            return self._emit("missing", (self._read(args[0]),), node.rows)
        if len(args) == 1:
            (a,) = args
            if op in ("add", "mul", "pmax", "pmin") or (a.rows == 1 and operation(op).reduction):
                return self._read(a)
            return self._emit(op, (self._read(a),), node.rows)
        if op == "add":
            return self._sum([], args, node.rows)
        logistic = None if self.literal else stable.logistic_of(node)
        if logistic is not None:
            return self._product(logistic)
        if op == "pow" and self._constant(args[1]):
            exponent = self.constants[self._read(args[1])]
            if isinstance(exponent, float) and exponent in POWERS:
                return self._emit(POWERS[exponent], (self._read(args[0]),), node.rows)
            if isinstance(exponent, float) and exponent == 1.0:
                return self._read(args[0])
        if op == "log" and len(args) == 2:
            base = self.constants.get(self._read(args[1]))
            if isinstance(base, float) and base in LOGARITHMS:
                return self._emit(LOGARITHMS[base], (self._read(args[0]),), node.rows)
            op = "log_base"
        return self._emit(op, tuple(self._read(a) for a in args), node.rows)

    def _sum(self, run: list[int], terms: Sequence[Node], rows: int) -> int:
        """Emit a sum that continues the slots in `run`, left to right, with a subtraction for each negated term."""
        for t in terms:
            negated = self.pending.get(t.index)
            if negated is None or not run:
                run.append(self._read(t))
                continue
            total = run[0] if len(run) == 1 else self._emit("add", tuple(run), rows)
            run = [self._emit("sub", (total, self.slot[negated.index]), rows)]
        return run[0] if len(run) == 1 else self._emit("add", tuple(run), rows)

    def _product(self, parts: stable.Logistic) -> int:
        """Emit a product that contains exp(u)/(1 + exp(u))."""
        above = [(self._read(a), a.rows) for a in parts.above]
        above += [(self._emit("expit", (self._read(u),), u.rows), u.rows) for u in parts.arguments]
        top, rows = self._multiplied(above)
        if not parts.below:
            return top
        bottom, other = self._multiplied([(self._read(b), b.rows) for b in parts.below])
        return self._emit("div", (top, bottom), max(rows, other))

    def _multiplied(self, factors: Sequence[tuple[int, int]]) -> tuple[int, int]:
        """Emit the product of slots, each with its rows; a factor of 1 is left out."""
        rows = max(r for _, r in factors)
        slots = tuple([s for s, _ in factors if not self._is_one(s)]) or (factors[0][0],)
        return (self._emit("mul", slots, rows) if len(slots) > 1 else slots[0]), rows

    def _is_one(self, slot: int) -> bool:
        value = self.constants.get(slot)
        return isinstance(value, float) and value == 1.0

    def _constant(self, node: Node) -> bool:
        return self.slot.get(node.index, -1) in self.constants

    def _read(self, node: Node) -> int:
        found = self.slot.get(node.index)
        if found is None:
            inner = self.pending.pop(node.index)
            found = self.slot[node.index] = self._emit("neg", (self._read(inner),), node.rows)
        return found

    def _new(self) -> int:
        self.slots += 1
        return self.slots - 1

    def _keep(self, value: Constant) -> int:
        slot = self._new()
        self.constants[slot] = value
        return slot

    def _emit(self, op: str, args: tuple[int, ...], rows: int) -> int:
        row = operation(op)
        constants = self.constants
        if all(a in constants for a in args):
            values = [constants[a] for a in args]
            if row.reduction or all(isinstance(v, float) for v in values):
                return self._keep(row.careful(*values))
            with np.errstate(all="ignore"):
                return self._keep(row.array(*values))
        slot = self._new()
        self.code.append(TapeInstruction(op, args, slot, rows))
        return slot

    def _pruned(self) -> Tape:
        """Return the tape without instructions that no output needs."""
        outputs = tuple(self._read(o) for o in self.outputs)
        uses = [0] * self.slots
        for o in outputs:
            uses[o] += 1
        code = []
        for instruction in paced(reversed(self.code)):
            if uses[instruction.out]:
                code.append(instruction)
                for a in instruction.args:
                    uses[a] += 1
        return Tape(
            variables=self.variables,
            slots=self.slots,
            constants={s: v for s, v in self.constants.items() if uses[s]},
            code=tuple(reversed(code)),
            outputs=outputs,
            rows=tuple(o.rows for o in self.outputs),
            uses=tuple(uses),
        )


def _used_once(nodes: Sequence[Node], outputs: Sequence[Node]) -> set[int]:
    """Return the indices of the nodes that are a term of one sum and are used nowhere else."""
    uses: dict[int, int] = {}
    in_sum: set[int] = set()
    for node in paced(nodes):
        for a in node.args:
            uses[a.index] = uses.get(a.index, 0) + 1
            if node.op == "add":
                in_sum.add(a.index)
    for o in outputs:
        uses[o.index] = uses.get(o.index, 0) + 1
    return {i for i in in_sum if uses[i] == 1}
