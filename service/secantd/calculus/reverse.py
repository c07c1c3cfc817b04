"""All first partials at once, graph to graph, in reverse mode.

The gradient costs a small multiple of the function, whatever the number of variables (Griewank & Walther,
Evaluating Derivatives, 2nd ed., §3.3): each node's adjoint is summed once, from the nodes that use it.
"""

from collections.abc import Sequence

from secantd.calculus.forward import STEPS
from secantd.calculus.rules import partial
from secantd.checkpoint import EVERY, checkpoint
from secantd.expression import REDUCTIONS, Graph, Node, algebra, reachable

__all__ = ["gradient"]


def gradient(graph: Graph, output: Node, variables: Sequence[str]) -> tuple[Node, ...]:
    """Return ∂output/∂xᵢ for each of `variables` as nodes of `graph`; output is one number.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.

    >>> g = Graph()
    >>> x, y = g.symbol("x"), g.symbol("y")
    >>> gradient(g, g.make("mul", x, y), ["x", "y"])
    (#1 symbol('y'), #0 symbol('x'))
    """
    nodes = reachable([output])
    wanted = set(variables)
    moving: set[int] = set()
    for turn, node in enumerate(nodes):
        if not turn % EVERY:
            checkpoint()
        if (node.op == "symbol" and node.name in wanted) or any(a.index in moving for a in node.args):
            moving.add(node.index)
    zero = graph.number(0.0)
    parts: dict[int, list[Node]] = {output.index: [graph.number(1.0)]}
    found: dict[str, Node] = {}
    for turn, node in enumerate(reversed(nodes)):
        if not turn % EVERY:
            checkpoint()
        if node.index not in moving or node.index not in parts:
            continue
        adjoint = algebra.add(graph, parts.pop(node.index))
        if algebra.is_number(adjoint, 0.0):
            continue
        if node.op == "symbol":
            found[node.name] = adjoint
            continue
        guard = None if node.op in ("add", "neg", "ifelse") else condition(graph, adjoint)
        tests, inner = unguarded(adjoint)
        for argument, part in contributions(graph, node, inner, moving):
            part = guarded(graph, tests, part)
            if guard is not None and guard.rows <= part.rows:
                part = graph.make("ifelse", guard, part, zero)
            if argument.rows == 1 and part.rows > 1:
                part = graph.make("sum", part)
            elif argument.rows == 1 and node.rows > 1:
                # The adjoint is the same for all rows, and each of them uses the argument.
                part = algebra.mul(graph, [graph.number(float(node.rows)), part])
            if not algebra.is_number(part, 0.0):
                parts.setdefault(argument.index, []).append(part)
    return tuple(found.get(v, zero) for v in variables)


def condition(graph: Graph, adjoint: Node) -> Node | None:
    """Return under which condition an adjoint can differ from 0, None where it always may.

    What a choice does not take may have no derivative: 0 times NaN would be NaN, where the choice is 0.
    """
    if adjoint.op == "neg":
        return condition(graph, adjoint.args[0])
    if adjoint.op == "add":
        found = [condition(graph, a) for a in adjoint.args]
        known = [c for c in found if c is not None]
        if len(known) < len(found):
            return None
        joined = known[0]
        for c in known[1:]:
            joined = joined if c is joined else graph.make("|", joined, c)
        return joined
    if adjoint.op != "ifelse":
        return None
    test, yes, no = adjoint.args
    if algebra.is_number(no, 0.0):
        taken, inner = test, condition(graph, yes)
    elif algebra.is_number(yes, 0.0):
        taken, inner = graph.make("!", test), condition(graph, no)
    else:
        return None
    return taken if inner is None else graph.make("&", taken, inner)


def unguarded(adjoint: Node) -> tuple[list[tuple[Node, bool]], Node]:
    """Part an adjoint that is 0 on one side of a choice into the choices and what is left.

    0 times the slope of the side that is not taken would be NaN where that side has none: the choice stays outside.
    """
    tests: list[tuple[Node, bool]] = []
    while adjoint.op == "ifelse" and any(algebra.is_number(side, 0.0) for side in adjoint.args[1:]):
        test, yes, no = adjoint.args
        taken = algebra.is_number(no, 0.0)
        tests.append((test, taken))
        adjoint = yes if taken else no
    return tests, adjoint


def guarded(graph: Graph, tests: list[tuple[Node, bool]], part: Node) -> Node:
    zero = graph.number(0.0)
    for test, taken in reversed(tests):
        part = graph.make("ifelse", test, part, zero) if taken else graph.make("ifelse", test, zero, part)
    return part


def contributions(graph: Graph, node: Node, adjoint: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    """Return (argument, adjoint · ∂node/∂argument) for each argument that depends on a variable."""
    op, args = node.op, node.args
    if op == "add":
        return [(a, adjoint) for a in args if a.index in moving]
    if op == "neg":
        return [(args[0], algebra.neg(graph, adjoint))]
    if op == "mul":
        return of_product(graph, args, adjoint, moving)
    if op == "div":
        return of_quotient(graph, node, adjoint, moving)
    if op == "pow":
        return of_power(graph, node, adjoint, moving)
    if op == "ifelse":
        test, yes, no = args
        zero = graph.number(0.0)
        sides = [(yes, graph.make("ifelse", test, adjoint, zero)), (no, graph.make("ifelse", test, zero, adjoint))]
        return [(a, d) for a, d in sides if a.index in moving]
    if op in STEPS:
        return []
    if op in REDUCTIONS:
        return [(args[0], of_reduction(graph, node, adjoint))]
    return [
        (a, algebra.mul(graph, [adjoint, partial(graph, node, i)])) for i, a in enumerate(args) if a.index in moving
    ]


def of_product(graph: Graph, args: tuple[Node, ...], adjoint: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    wanted = [i for i, a in enumerate(args) if a.index in moving]
    if len(wanted) * len(args) <= 64:
        return [(args[i], algebra.mul(graph, [adjoint, *[a for j, a in enumerate(args) if j != i]])) for i in wanted]
    before, after = [adjoint], [graph.number(1.0)]
    for a in args:
        before.append(algebra.mul(graph, [before[-1], a]))
    for a in reversed(args):
        after.append(algebra.mul(graph, [a, after[-1]]))
    count = len(args)
    return [(args[i], algebra.mul(graph, [before[i], after[count - 1 - i]])) for i in wanted]


def of_quotient(graph: Graph, node: Node, adjoint: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    above, below = node.args
    scaled = algebra.div(graph, adjoint, below)
    found = []
    if above.index in moving:
        found.append((above, scaled))
    if below.index in moving:
        found.append((below, algebra.neg(graph, algebra.mul(graph, [scaled, node]))))
    return found


def of_power(graph: Graph, node: Node, adjoint: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    base, exponent = node.args
    found = []
    if base.index in moving:
        less = algebra.add(graph, [exponent, graph.number(-1.0)])
        found.append((base, algebra.mul(graph, [adjoint, exponent, algebra.power(graph, base, less)])))
    if exponent.index in moving:
        found.append((exponent, algebra.mul(graph, [adjoint, node, graph.make("log", base)])))
    return found


def of_reduction(graph: Graph, node: Node, adjoint: Node) -> Node:
    """Return the adjoint of a reduction's rows."""
    (rows,) = node.args
    if node.op == "sum":
        return adjoint
    if node.op == "prod":
        return graph.make("div", graph.make("mul", adjoint, node), rows)
    largest = graph.make("==", rows, node)
    return graph.make("mul", adjoint, graph.make("div", largest, graph.make("sum", largest)))
