"""A program of expressions with shapes: compiled once, run at any values and lengths."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node
from secantd.expression.shapes import SCALAR, Length, Shape
from secantd.interrupt import checkpoint
from secantd.program.shaped.buffers import Plan
from secantd.program.shaped.code import Code
from secantd.program.shaped.lengths import Lengths, as_array, lengths_of
from secantd.program.shaped.lowering import lower
from secantd.program.shaped.patterns import with_cofactors
from secantd.settings import DEFAULT_LIMITS
from secantd.shown import quoted

__all__ = ["ShapedProgram", "compile_shaped"]

Array = NDArray[np.float64]
# The smallest double with all digits.
SMALLEST = float(np.finfo(np.float64).smallest_normal)


class ShapedProgram:
    """Outputs as functions of numbers, vectors and matrices. Any thread may call it; what it keeps changes no value.

    Attributes:
        variables: The names of the variables.
        shapes: Their declared shapes.
    """

    def __init__(
        self,
        code: Code,
        shapes: Mapping[str, Shape],
        symmetric: frozenset[str],
        memory: int,
        least: Mapping[Length, int],
    ) -> None:
        self.variables = code.variables
        self.shapes = dict(shapes)
        self._symmetric = symmetric
        self._memory = memory
        self._least = dict(least)
        self._code = code
        self._plan = Plan(code.code, code.outputs)
        # The first output in the memory of each owner is it; others are copied.
        owners: set[int] = set()
        self._copied: list[bool] = []
        for slot in code.outputs:
            owner = self._plan.owner.get(slot)
            self._copied.append(owner is None or owner in owners)
            owners.update(() if owner is None else (owner,))
        self._start: list[Any] | None = None
        self._checked: Lengths | None = None

    def __call__(self, values: Mapping[str, ArrayLike], happened: set[str] | None = None) -> list[Any]:
        """Return the outputs: floats, and arrays in C order that the caller may change.

        Args:
            values: A number, a vector or a matrix for each variable. Its shape is the declared one; equal names of lengths
                have equal values.
            happened: Receives "overflow" where a result is too large, "underflow" where one is too small to have all digits.

        Raises:
            CalculusError: UNKNOWN_VARIABLE: a variable has no value; INVALID_VALUE: a value is not an array of numbers, or
                its shape does not conform; LIMIT_EXCEEDED: the arrays are too large.

        >>> from secantd.expression.shapes import Length
        >>> g, n = Graph(), Length.named("n")
        >>> A, x = g.symbol("A", (n, n)), g.symbol("x", (n,))
        >>> compile_shaped(g, [g.array("solve", A, x)], ["A", "x"])({"A": [[2, 0], [0, 4]], "x": [1, 1]})
        [array([0.5 , 0.25])]
        """
        found = [self._value(name, values) for name in self.variables]
        lengths = lengths_of(self.shapes, {n: np.shape(v) for n, v in zip(self.variables, found, strict=True)})
        lengths["*"] = 1
        if lengths != self._checked:
            check_least(self._least, lengths)
            self._plan.check(lengths, self._code.products, self._code.masks, self._memory)
            self._checked = dict(lengths)
        if happened is None:
            with np.errstate(all="ignore"):
                return self._run(found, lengths, set())
        with np.errstate(all="ignore", over="call", under="call", call=lambda kind, _: happened.add(kind)):
            return self._run(found, lengths, happened, self._code.growing)

    def _value(self, name: str, values: Mapping[str, ArrayLike]) -> float | Array:
        if name not in values:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"there is no value for {quoted(name)}",
                "give a number, a vector or a matrix for it",
                metadata={"variable": name},
            )
        value = as_array(name, values[name], name in self._symmetric)
        # A number is a vector of length 1.
        return np.array([value]) if isinstance(value, float) and len(self.shapes[name]) == 1 else value

    def _run(
        self,
        found: Sequence[float | Array],
        lengths: Lengths,
        happened: set[str],
        watched: AbstractSet[int] = frozenset(),
    ) -> list[Any]:
        code = self._code
        if self._start is None:
            self._start = self._constants()
        slots = self._start.copy()
        slots[: len(found)] = found
        slots[len(found)] = lengths
        for instruction, into, dropped, _, _ in self._plan.lines:
            checkpoint()
            function, args, out = instruction[:3]
            arguments = [slots[a] for a in args]
            slots[out] = function(*arguments) if into < 0 else function(*arguments, out=slots[into])
            if out in watched and has_few_digits(slots[out]):
                happened.add("underflow")
            for slot in dropped:
                slots[slot] = None
        results = []
        for slot, copied in zip(code.outputs, self._copied, strict=True):
            value = slots[slot]
            if isinstance(value, np.ndarray):
                value = np.array(value, order="C") if copied else np.ascontiguousarray(value)
            results.append(value)
        return results

    def _constants(self) -> list[Any]:
        """Return the slots with the values that depend on no variable and on no length."""
        code = self._code
        slots: list[Any] = [None] * code.slots
        for slot, value in code.constants.items():
            slots[slot] = value
        needed = {a for i in code.code for a in i.args}.union(code.outputs)
        for line in Plan(code.fixed, [i.out for i in code.fixed if i.out in needed]).lines:
            checkpoint()
            arguments = [slots[a] for a in line.instruction.args]
            function = line.instruction.function
            slots[line.instruction.out] = (
                function(*arguments) if line.into < 0 else function(*arguments, out=slots[line.into])
            )
            for slot in line.dropped:
                slots[slot] = None
        return slots


def compile_shaped(
    graph: Graph, outputs: Sequence[Node], variables: Sequence[str], memory: int = DEFAULT_LIMITS.memory
) -> ShapedProgram:
    """Return the program of `outputs` as functions of `variables`.

    Args:
        graph: The graph of the outputs, with its data. Nodes may be added to it.
        outputs: Nodes of the graph.
        variables: Names that contain all symbols of `outputs`; others may tell a length.
        memory: Bytes for all arrays that exist at once; 0: no limit.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a symbol is not in `variables`; MISSING_PART: a function has no implementation.
    """
    declared = {n.name: n.shape for n in graph.nodes if n.op == "symbol"}
    code = lower(graph, with_cofactors(graph, outputs), variables)
    shapes = {name: declared.get(name, SCALAR) for name in variables}
    return ShapedProgram(code, shapes, frozenset(graph.symmetric).intersection(variables), memory, graph.least)


def has_few_digits(value: Any) -> bool:
    """Return whether an entry is so close to 0 that doubles have fewer digits, but not 0."""
    size = np.abs(value)
    return bool(np.any((size < SMALLEST) & (size > 0.0)))


def check_least(least: Mapping[Length, int], lengths: Lengths) -> None:
    """Raise INVALID_VALUE for a length that is known and too short."""
    for dimension, number in least.items():
        if all(name in lengths for name, _ in dimension.terms):
            found = dimension.offset + sum(factor * lengths[name] for name, factor in dimension.terms)
            if found < number:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"a loop of the formula would have {max(found, 0)} rows",
                    "give longer vectors: where they are so short, R's ranges count down",
                )
