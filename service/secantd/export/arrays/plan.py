"""The straight-line plan of an array program: runs of elementwise operations and single operations on arrays, in order."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from secantd.expression import Graph, Node, Shape, computed_from
from secantd.expression.arrays import ARRAY_OPERATIONS, REDUCTIONS
from secantd.expression.shapes import Length
from secantd.interrupt import checkpoint
from secantd.program.shaped.patterns import shares_of
from secantd.program.stable import logistic_of, ratio_of, softplus_of
from secantd.program.tape import Tape, record

__all__ = ["LEAVES", "SIGNED", "Operation", "Plan", "Run", "masks_in", "plan_of"]

LEAVES = frozenset({"symbol", "data", "number", "length"})
# The payload of "logdet" for log(det(A)), which is NaN where det(A) < 0 and finite where det(A) overflows.
SIGNED = (1,)


@dataclass(frozen=True, slots=True)
class Run:
    """Elementwise operations of one shape that depend on no result of another step at the same stage.

    Attributes:
        shape: Their shape.
        nodes: The operations, arguments first.
        inputs: The values of other steps and the variables that they read; numbers are not among them.
        outputs: The operations whose values others read.
        reductions: Reductions of values of this shape that are computed in the same loop.
    """

    shape: Shape
    nodes: list[Node] = field(default_factory=list)
    inputs: list[Node] = field(default_factory=list)
    outputs: list[Node] = field(default_factory=list)
    reductions: list[Node] = field(default_factory=list)

    def tape(self) -> Tape:
        """Return the tape of one element: its variables are the inputs, its outputs those and what is reduced."""
        graph = Graph()
        made = {n.index: graph.symbol(symbol_of(n)) for n in self.inputs}
        for node in self.nodes:
            args = [graph.number(a.value) if a.op == "number" else made[a.index] for a in node.args]
            made[node.index] = graph.make(node.op, *args)
        wanted = [*self.outputs, *(r.args[0] for r in self.reductions)]
        return record([made[n.index] for n in wanted], [symbol_of(n) for n in self.inputs], {})


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation on arrays."""

    node: Node


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a program.

    Attributes:
        steps: The steps in order.
        outputs: The node of each output.
        nodes: All nodes, arguments first.
        uses: How many steps and outputs read a node, by its index.
        masks: The masks by the names of the lengths that they determine.
    """

    steps: list[Run | Operation]
    outputs: list[Node]
    nodes: list[Node]
    uses: dict[int, int]
    masks: dict[str, Node]


def symbol_of(node: Node) -> str:
    return f"#{node.index}"


def is_elementwise(node: Node) -> bool:
    return not (node.op in LEAVES or node.op in REDUCTIONS or node.op in ARRAY_OPERATIONS)


def plan_of(graph: Graph, outputs: Sequence[Node], *, fused: bool) -> Plan:
    """Return the plan of the outputs.

    Args:
        graph: Their graph, to which nodes are added.
        outputs: Nodes of the graph.
        fused: Whether reductions are computed in the loops of what they reduce.
    """
    stable = Stable(graph)
    wanted = [stable.of(o) for o in outputs]
    masks = stable.masks
    nodes = in_order(graph, wanted, masks)
    stage: dict[int, int] = {}
    steps: dict[tuple[int, object], Run | Operation] = {}
    for node in nodes:
        checkpoint()
        if node.op in LEAVES and not masks_of(node, masks):
            stage[node.index] = 0
            continue
        level = max((stage[m.index] + (m.op not in LEAVES) for m in masks_of(node, masks)), default=0)
        run = is_elementwise(node)
        loop = fused and node.op in REDUCTIONS and bool(node.args[0].shape)
        shape = node.args[0].shape if loop else node.shape
        for a in computed_from(node):
            same = (run or loop) and is_elementwise(a) and a.shape == shape
            level = max(level, stage[a.index] + (not same and a.op not in LEAVES))
        stage[node.index] = level
        if node.op in LEAVES:
            continue
        if not run and not loop:
            steps[level, node.index] = Operation(node)
            continue
        found = steps.setdefault((level, shape), Run(shape))
        assert isinstance(found, Run)
        (found.nodes if run else found.reductions).append(node)
    ordered = [steps[key] for key in sorted(steps, key=lambda k: k[0])]
    uses = used(ordered, [*wanted, *masks.values()])
    return Plan(ordered, wanted, nodes, uses, masks)


def used(steps: Sequence[Run | Operation], outputs: Sequence[Node]) -> dict[int, int]:
    """Fill in the inputs and outputs of runs; return how many steps and outputs read a node."""
    uses: dict[int, int] = {}
    for step in steps:
        if isinstance(step, Run):
            inside = {n.index for n in step.nodes}
            read = dict.fromkeys(a for n in (*step.nodes, *step.reductions) for a in n.args)
            step.inputs.extend(a for a in read if a.index not in inside and a.op != "number")
            needed: Sequence[Node] = step.inputs
        else:
            needed = computed_from(step.node)
        for a in needed:
            uses[a.index] = uses.get(a.index, 0) + 1
    for o in outputs:
        uses[o.index] = uses.get(o.index, 0) + 1
    for step in steps:
        if isinstance(step, Run):
            step.outputs.extend(n for n in step.nodes if uses.get(n.index))
    return uses


def masks_in(shape: Shape) -> list[str]:
    """Return the names of lengths in a shape that masks determine."""
    return [n for d in shape if isinstance(d, Length) for n, _ in d.terms if n.startswith("#")]


def masks_of(node: Node, masks: dict[str, Node]) -> list[Node]:
    """Return the masks whose count a node needs."""
    if node.op == "length":
        return [masks[node.name]] if node.name in masks else []
    return [masks[name] for name in masks_in(node.shape)] if node.op in ARRAY_OPERATIONS else []


def in_order(graph: Graph, outputs: Sequence[Node], masks: dict[str, Node]) -> list[Node]:
    """Return all nodes, each after its arguments and the masks that it needs."""
    order: list[Node] = []
    done: set[int] = set()
    stack = [(o, False) for o in reversed(outputs)]
    while stack:
        node, ready = stack.pop()
        if node.index in done:
            continue
        if ready:
            done.add(node.index)
            order.append(node)
            continue
        stack.append((node, True))
        stack += [(a, False) for a in (*computed_from(node), *masks_of(node, masks)) if a.index not in done]
    return order


class Stable:
    """Nodes with the formulas that lose their value replaced by the operations that keep it, as the program computes them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.made: dict[int, Node] = {}
        self.masks: dict[str, Node] = {}

    def of(self, output: Node) -> Node:
        stack = [output]
        while stack:
            checkpoint()
            node = stack[-1]
            if node.index in self.made:
                stack.pop()
                continue
            parts = self._parts(node)
            missing = [p for p in (*parts, *self._masks(node)) if p.index not in self.made]
            if missing:
                stack += missing
                continue
            stack.pop()
            self.made[node.index] = self._new(node, [self.made[p.index] for p in parts])
            for name in masks_in(node.shape):
                self._keep(name)
            if node.op == "length":
                self._keep(node.name)
        return self.made[output.index]

    def _masks(self, node: Node) -> list[Node]:
        names = [node.name] if node.op == "length" else masks_in(node.shape)
        return [m for name in names if (m := self.graph.mask(name)) is not None]

    def _keep(self, name: str) -> None:
        mask = self.graph.mask(name)
        if mask is not None:
            self.masks[name] = self.made[mask.index]

    def _parts(self, node: Node) -> Sequence[Node]:
        """Return the nodes from which a node is computed."""
        if (u := softplus_of(node)) is not None:
            return [u]
        if (ratio := ratio_of(node)) is not None:
            return ratio[1]
        if (u := logsumexp_of(node)) is not None or (u := matrix_of_log(node)) is not None:
            return [u]
        found = logistic_of(node) or shares_of(node)
        return [*found.arguments, *found.above, *found.below] if found else node.args

    def _new(self, node: Node, parts: Sequence[Node]) -> Node:
        graph, op = self.graph, node.op
        if op in LEAVES:
            return node
        if softplus_of(node) is not None:
            return graph.make("softplus", *parts)
        ratio = ratio_of(node)
        if ratio is not None:
            return graph.make(ratio[0], *parts)
        if logsumexp_of(node) is not None:
            return graph.array("logsumexp", *parts)
        if matrix_of_log(node) is not None:
            return graph.array("logdet", *parts, payload=SIGNED)
        logistic = logistic_of(node)
        found = logistic or shares_of(node)
        if found is not None:
            count, above = len(found.arguments), len(found.above)
            shares = [graph.make("expit", u) if logistic else graph.array("softmax", u) for u in parts[:count]]
            top = self._product([*parts[count : count + above], *shares])
            below = parts[count + above :]
            return graph.make("div", top, self._product(below)) if below else top
        if op in REDUCTIONS and not parts[0].shape:
            return parts[0]
        if op == "select":
            # Its length has the name of the mask as it was.
            return self._same(node, parts)
        return node if all(a is b for a, b in zip(node.args, parts, strict=True)) else graph.again(node, tuple(parts))

    def _same(self, node: Node, parts: Sequence[Node]) -> Node:
        mask = self.graph.masks.get(node.args[1].index)
        if mask is not None:
            self.graph.masks.setdefault(parts[1].index, mask)
        return self.graph.again(node, tuple(parts))

    def _product(self, factors: Sequence[Node]) -> Node:
        return factors[0] if len(factors) == 1 else self.graph.make("mul", *factors)


def logsumexp_of(node: Node) -> Node | None:
    """Return u where a node is log(sum(exp(u)))."""
    total = node.args[0] if node.op == "log" and len(node.args) == 1 else None
    if total is None or total.op != "sum" or total.args[0].op != "exp" or not total.args[0].shape:
        return None
    return total.args[0].args[0]


def matrix_of_log(node: Node) -> Node | None:
    """Return A where a node is log(det(A))."""
    inner = node.args[0] if node.op == "log" and len(node.args) == 1 else None
    return inner.args[0] if inner is not None and inner.op == "det" else None
