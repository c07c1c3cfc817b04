"""From the nodes of expressions with shapes to instructions over numbered slots.

Patterns that overflow or lose digits as written are computed by stable formulas, as for scalars (`program.stable`). The
matrices of solve, inverse, det and logdet are factored once for all of them and for the transposes.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from secantd.errors import CalculusError, Reason
from secantd.expression import Graph, Node, computed_from, scan_of
from secantd.expression.arrays import ARRAY_OPERATIONS, OF_GIVEN_SHAPE, REDUCTIONS, elementwise
from secantd.expression.shapes import SCALAR, Dimension, Length, Shape
from secantd.interrupt import checkpoint
from secantd.program import stable
from secantd.program.arrays import NaryUfunc, fourth, ifelse, square
from secantd.program.losses import GROWING
from secantd.program.operations import ELEMENTARY, operation
from secantd.program.shaped.code import Code, Instruction
from secantd.program.shaped.factored import Factored
from secantd.program.shaped.lengths import Lengths, Products, length_of, sizes
from secantd.program.shaped.operations import EVALUATORS, FACTORED, REDUCED, Function, Result, logsumexp, quiet, softmax
from secantd.program.shaped.patterns import diagonal_of_product, shares_of, trace_of_product
from secantd.program.shaped.scans import paths_of
from secantd.program.special.logistic import expit
from secantd.program.tape import LOGARITHMS, POWERS, SAME

__all__ = ["lower"]

# Operations that need lengths which their arguments do not tell, and the one that may contradict a length.
SHAPED = OF_GIVEN_SHAPE | {"select"}

# Functions that are as fast where the result takes the place of an argument.
OVER = frozenset(
    {
        np.add,
        np.subtract,
        np.multiply,
        np.divide,
        np.negative,
        np.absolute,
        np.maximum,
        np.minimum,
        square,
        fourth,
        expit,
    }
)


def lower(graph: Graph, outputs: Sequence[Node], variables: Sequence[str]) -> Code:
    """Return the instructions that compute `outputs`.

    Args:
        graph: The graph of the outputs, with its data.
        outputs: Nodes of the graph.
        variables: The names of the first slots; they contain all symbols of `outputs`.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a symbol is not in `variables`; MISSING_PART: a function has no implementation.
    """
    return Lowering(graph, outputs, variables).code()


# The nodes that a node is computed from, and what emits its instructions and returns its slot.
Recipe = tuple[Sequence[Node], Callable[[], int]]


class Lowering:
    """The walk over the nodes that makes one code."""

    def __init__(self, graph: Graph, outputs: Sequence[Node], variables: Sequence[str]) -> None:
        self.graph = graph
        self.outputs = outputs
        self.variables = tuple(variables)
        self.position = {name: i for i, name in enumerate(variables)}
        self.lengths = len(self.variables)
        self.slots = self.lengths + 1
        self.slot: dict[int, int] = {}
        self.constants: dict[int, Any] = {}
        # Slots whose values depend on no variable and on no length.
        self.fixed: set[int] = set()
        self.shapes: dict[int, Shape] = {}
        self.instructions: list[Instruction] = []
        self.factored: dict[int, int] = {}
        # The slots with the paths of all states of a scan.
        self.scans: dict[tuple[Node, ...], int] = {}
        self.masks: dict[str, Dimension] = {}
        self.growing: list[int] = []
        self._products: Products | None = None

    def code(self) -> Code:
        for index, emit in self._in_order():
            checkpoint()
            self.slot[index] = emit()
        return Code(
            variables=self.variables,
            slots=self.slots,
            constants=self.constants,
            fixed=tuple(i for i in self.instructions if i.out in self.fixed),
            code=tuple(i for i in self.instructions if i.out not in self.fixed),
            outputs=tuple(self.slot[o.index] for o in self.outputs),
            products=self.products,
            masks=self.masks,
            growing=frozenset(self.growing),
        )

    @property
    def products(self) -> Products:
        """The names of lengths that `flatten` made, with the lengths that they multiply."""
        if self._products is None:
            found: dict[str, tuple[Dimension, Dimension]] = {}
            for node in self.graph.nodes:
                if node.op == "flatten" and isinstance(node.shape[0], Length):
                    rows, columns = node.args[0].shape
                    if isinstance(rows, Length) and isinstance(columns, Length):
                        found[node.shape[0].terms[0][0]] = (rows, columns)
            self._products = found
        return self._products

    # -- which nodes are needed -----------------------------------------------------------------------------------------

    def _in_order(self) -> Iterator[tuple[int, Callable[[], int]]]:
        """Yield the nodes that are needed, each after those that it needs."""
        recipes: dict[int, Recipe] = {}
        stack = [*self.outputs]
        while stack:
            node = stack[-1]
            if node.index in self.slot:
                stack.pop()
                continue
            masks = self._masks_of(node)
            if node.index not in recipes:
                recipe = recipes[node.index] = self._recipe(node)
                needed = [n for n in (*masks.values(), *recipe[0]) if n.index not in self.slot]
                if needed:
                    stack += needed
                    continue
            stack.pop()
            for name, mask in masks.items():
                self._count(name, mask)
            yield node.index, recipes.pop(node.index)[1]

    def _masks_of(self, node: Node) -> dict[str, Node]:
        """Return the masks whose number of true entries a node needs to know, by the name of that number."""
        names = [node.name] if node.op == "length" else names_of(node.shape) if node.op in SHAPED else []
        return {name: mask for name in names if (mask := self.graph.mask(name)) is not None}

    def _count(self, name: str, mask: Node) -> None:
        """Emit the number of true entries of a mask."""
        if name in self.masks:
            return
        self.masks[name] = mask.shape[0]

        def count(lengths: Lengths, values: Any) -> None:
            found = int(np.count_nonzero(values))
            if lengths.setdefault(name, found) != found:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"an index takes {found} entries, but the formula needs {lengths[name]} of them",
                    "give values that are as long as the part that is taken",
                )

        self._emit(count, (self.lengths, self.slot[mask.index]), SCALAR, Result.NEW)

    # -- recipes --------------------------------------------------------------------------------------------------------

    def _recipe(self, node: Node) -> Recipe:
        op, args, shape = node.op, node.args, node.shape
        if op == "symbol":
            return (), lambda: self._variable(node)
        if op == "number":
            return (), lambda: self._keep(node.value, SCALAR)
        if op == "data":
            return (), lambda: self._keep(np.asarray(self.graph.columns[node.name], dtype=np.float64), shape)
        if op == "length":
            return (), lambda: self._length(node)
        if op in FACTORED:
            return self._of_factored(node, op, args[0], args[1:])
        if op in REDUCTIONS:
            return self._reduction(node)
        if op == "scan":
            return self._scan(node)
        if op in ARRAY_OPERATIONS:
            return self._array(node)
        return self._elementwise(node)

    def _variable(self, node: Node) -> int:
        if node.name not in self.position:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"there is no value for '{node.name}'",
                "give a value for it, or make it a variable",
                metadata={"variable": node.name},
            )
        slot = self.position[node.name]
        self.shapes[slot] = node.shape
        return slot

    def _length(self, node: Node) -> int:
        dimension, products = Length.named(node.name), self.products
        return self._emit(
            lambda lengths: float(length_of(dimension, lengths, products)), (self.lengths,), SCALAR, Result.NEW
        )

    def _of_factored(self, node: Node, op: str, matrix: Node, others: Sequence[Node]) -> Recipe:
        transposed = False
        while matrix.op == "transpose":
            matrix, transposed = matrix.args[0], not transposed
        make = FACTORED[op](transposed)

        def emit() -> int:
            slot = self.factored.get(matrix.index)
            if slot is None:
                slot = self.factored[matrix.index] = self._emit(Factored, self._read([matrix]), SCALAR, Result.VIEW)
            return self._emit(make, (slot, *self._read(others)), node.shape, Result.NEW, mine=True)

        return (matrix, *others), emit

    def _scan(self, node: Node) -> Recipe:
        scan = scan_of(node)
        needed = computed_from(node)

        def emit() -> int:
            slot = self.scans.get(node.args)
            if slot is None:
                slot = self.scans[node.args] = self._sized(
                    paths_of(node), self._read(needed), (len(scan.steps), *node.shape), Result.NEW
                )
            which = scan.which
            return self._emit(lambda paths: paths[which], (slot,), node.shape, Result.VIEW, mine=True)

        return needed, emit

    def _sized(self, f: Function, slots: tuple[int, ...], shape: Shape, result: Result) -> int:
        """Emit a function whose first argument is the shape of its value in numbers."""
        if all(isinstance(d, int) for d in shape):
            known = sizes(shape, {}, {})
            return self._emit(lambda *values: f(known, *values), slots, shape, result, mine=True)
        products = self.products
        return self._emit(
            lambda *values: f(sizes(shape, values[-1], products), *values[:-1]),
            (*slots, self.lengths),
            shape,
            result,
            mine=True,
        )

    def _reduction(self, node: Node) -> Recipe:
        op, (argument,) = node.op, node.args
        if not argument.shape:
            return (argument,), lambda: self.slot[argument.index]
        return (argument,), lambda: self._emit(REDUCED[op], self._read([argument]), SCALAR, Result.NEW)

    def _array(self, node: Node) -> Recipe:
        op, args, shape = node.op, node.args, node.shape
        if op in ("trace", "diagonal") and args[0].op == "matmul" and len(args[0].args[1].shape) == 2:
            # Only the entries that are wanted.
            a, b = args[0].args
            f: Function = trace_of_product if op == "trace" else diagonal_of_product
            return (a, b), lambda: self._emit(f, self._read((a, b)), shape, Result.NEW, mine=True)
        evaluator = EVALUATORS[op]
        f = evaluator.make(node)

        def emit() -> int:
            slots = self._read(args)
            if not evaluator.sized:
                return self._emit(f, slots, shape, evaluator.result, mine=True)
            return self._sized(f, slots, shape, evaluator.result)

        return args, emit

    def _elementwise(self, node: Node) -> Recipe:
        op, args = SAME.get(node.op, node.op), node.args
        if op == "log" and len(args) == 1 and args[0].op == "det":
            return self._of_factored(node, "log det", args[0].args[0], ())
        total = args[0].args[0] if op == "log" and len(args) == 1 and args[0].op == "sum" else None
        if total is not None and total.op == "exp" and total.shape:
            u = total.args[0]
            return (u,), lambda: self._emit(logsumexp, self._read([u]), SCALAR, Result.NEW)
        softplus = stable.softplus_of(node)
        if softplus is not None:
            return (softplus,), lambda: self._apply("softplus", self._read([softplus]))
        ratio = stable.ratio_of(node)
        if ratio is not None:
            return ratio[1], lambda: self._apply(ratio[0], self._read(ratio[1]))
        if len(args) == 1 and op in ("add", "mul", "pmax", "pmin"):
            return args, lambda: self.slot[args[0].index]
        if op == "!=" and args[0] is args[1]:
            return args[:1], lambda: self._apply("missing", self._read(args[:1]))
        if op == "add":
            return [t.args[0] if t.op == "neg" and i else t for i, t in enumerate(args)], lambda: self._sum(args)
        quotient = self._quotient(node)
        if quotient is not None:
            return quotient
        if op in ("mul", "pmax", "pmin"):
            return args, lambda: self._folded(op, self._read(args))
        if op == "pow" and args[1].op == "number" and args[1].value == 1.0:
            return args[:1], lambda: self.slot[args[0].index]
        if op == "pow" and args[1].op == "number" and args[1].value in POWERS:
            return args[:1], lambda: self._apply(POWERS[args[1].value], self._read(args[:1]))
        if op == "log" and len(args) == 2:
            if args[1].op == "number" and args[1].value in LOGARITHMS:
                return args[:1], lambda: self._apply(LOGARITHMS[args[1].value], self._read(args[:1]))
            op = "log_base"
        return args, lambda: self._apply(op, self._read(args))

    def _quotient(self, node: Node) -> Recipe | None:
        """Return the recipe of a product with exp(u)/(1 + exp(u)) or exp(u)/sum(exp(u)) in it."""
        logistic = stable.logistic_of(node)
        if logistic is not None:
            parts, op, shares = logistic, "expit", logistic.arguments
        else:
            found = shares_of(node)
            if found is None:
                return None
            parts, op, shares = found, "softmax", found.arguments

        def emit() -> int:
            inner = [self._share(op, self.slot[u.index]) for u in shares]
            top = self._folded("mul", [*self._read(parts.above), *inner])
            return self._apply("div", (top, self._folded("mul", self._read(parts.below)))) if parts.below else top

        return (*shares, *parts.above, *parts.below), emit

    def _share(self, op: str, slot: int) -> int:
        if op == "expit":
            return self._apply(op, (slot,))
        return self._emit(softmax, (slot,), self.shapes[slot], Result.OVER, mine=True)

    # -- instructions ---------------------------------------------------------------------------------------------------

    def _read(self, nodes: Sequence[Node]) -> tuple[int, ...]:
        return tuple([self.slot[n.index] for n in nodes])

    def _sum(self, terms: Sequence[Node]) -> int:
        """Emit a sum from left to right, with a subtraction for each negated term after the first."""
        total = self.slot[terms[0].index]
        for t in terms[1:]:
            if t.op == "neg":
                total = self._apply("sub", (total, self.slot[t.args[0].index]))
            else:
                total = self._apply("add", (total, self.slot[t.index]))
        return total

    def _folded(self, op: str, slots: Sequence[int]) -> int:
        total = slots[0]
        for slot in slots[1:]:
            total = self._apply(op, (total, slot))
        return total

    def _apply(self, op: str, slots: Sequence[int]) -> int:
        """Emit an elementwise operation."""
        shape = elementwise([self.shapes[s] for s in slots]) if slots else SCALAR
        row = operation(op)
        if op == "pow" or op in GROWING:
            self.growing.append(self.slots)
        if not shape:
            return self._emit(row.careful, tuple(slots), shape, Result.NEW)
        function: Any = row.array
        if isinstance(function, NaryUfunc) and len(slots) == 2:
            function = function.ufunc
        result = Result.OVER if function in OVER else Result.OUT
        # Others may return an argument.
        mine = isinstance(function, np.ufunc) or function in OVER or function in (expit, ifelse)
        return self._emit(function if op in ELEMENTARY else quiet(function), tuple(slots), shape, result, mine)

    def _keep(self, value: Any, shape: Shape) -> int:
        slot = self._new(shape)
        self.constants[slot] = value
        self.fixed.add(slot)
        return slot

    def _new(self, shape: Shape) -> int:
        self.slots += 1
        self.shapes[self.slots - 1] = shape
        return self.slots - 1

    def _emit(
        self, function: Callable[..., Any], args: tuple[int, ...], shape: Shape, result: Result, mine: bool = False
    ) -> int:
        slot = self._new(shape)
        self.instructions.append(Instruction(function, args, slot, shape, result, mine))
        if all(a in self.fixed for a in args):
            self.fixed.add(slot)
        return slot


def names_of(shape: Shape) -> list[str]:
    """Return the names of the lengths in a shape; see `Graph.mask` for those of masks."""
    return [name for d in shape if isinstance(d, Length) for name, _ in d.terms]
