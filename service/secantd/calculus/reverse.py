"""All first partials at once in reverse mode, graph to graph.

The cost of the gradient is a small multiple of that of the function, for any number of variables (Griewank & Walther,
Evaluating Derivatives, 2nd ed., §3.3): each node's adjoint is summed once, over the nodes that use it.
"""

import math
from collections.abc import Sequence

from secantd.calculus.forward import STEPS
from secantd.calculus.rules import choice, partial
from secantd.expression import REDUCTIONS, Graph, Node, algebra, in_order, symbols
from secantd.functions import FUNCTIONS, KEEPING
from secantd.interrupt import paced

__all__ = ["gradient"]

# Densities and probabilities; they are constant where their first argument is infinite.
DISTRIBUTIONS = frozenset(
    name
    for printed, row in FUNCTIONS.items()
    if printed[0] in "dp" and row.parameters[0] in ("x", "q") and row.written not in ("digamma", "psigamma")
    for name in (printed, KEEPING.get(printed, printed))
)


def gradient(graph: Graph, output: Node, variables: Sequence[str]) -> tuple[Node, ...]:
    """Return ∂output/∂xᵢ for each of `variables` as nodes of `graph`.

    Args:
        graph: The graph of `output` and of the result.
        output: A scalar expression.
        variables: The variables xᵢ.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.

    >>> g = Graph()
    >>> x, y = g.symbol("x"), g.symbol("y")
    >>> gradient(g, g.make("mul", x, y), ["x", "y"])
    (#1 symbol('y'), #0 symbol('x'))
    """
    nodes = in_order(output)
    wanted = set(variables)
    moving: set[int] = set()
    for node in paced(nodes):
        if (node.op == "symbol" and node.name in wanted) or any(a.index in moving for a in node.args):
            moving.add(node.index)
    zero = graph.number(0.0)
    parts: dict[int, list[Node]] = {output.index: [graph.number(1.0)]}
    found: dict[str, Node] = {}
    conditions: dict[int, Node | None] = {}
    fixed = infinite_rows(graph, nodes)
    for node in paced(reversed(nodes)):
        if node.index not in moving or node.index not in parts:
            continue
        adjoint = algebra.add(graph, parts.pop(node.index))
        if algebra.is_number(adjoint, 0.0):
            continue
        if node.index in fixed:
            adjoint = graph.make("ifelse", fixed[node.index], adjoint, zero)
        if node.op == "symbol":
            found[node.name] = adjoint
            continue
        guard = None if node.op in ("add", "neg", "ifelse") else condition(graph, adjoint, conditions)
        test, inner = unguarded(graph, adjoint)
        for argument, part in contributions(graph, node, inner, moving):
            rows = part.rows if test is None else max(part.rows, test.rows)
            # The guard implies the test.
            choice = guard if guard is not None and guard.rows <= rows else test
            if choice is not None:
                part = graph.make("ifelse", choice, part, zero)
            if argument.rows == 1 and part.rows > 1:
                part = graph.make("sum", part)
            elif argument.rows == 1 and node.rows > 1:
                # The adjoint is the same for all rows, and each of them uses the argument.
                part = algebra.mul(graph, [graph.number(float(node.rows)), part])
            if not algebra.is_number(part, 0.0):
                parts.setdefault(argument.index, []).append(part)
    return tuple(found.get(v, zero) for v in variables)


def condition(graph: Graph, adjoint: Node, known: dict[int, Node | None]) -> Node | None:
    """Return the condition under which an adjoint can differ from 0, None if it always can.

    The side of `ifelse` that is not taken may have a derivative of NaN, and 0 * NaN would be NaN.

    Args:
        graph: The graph of the adjoint.
        adjoint: The adjoint.
        known: The conditions of other adjoints, by index; those found here are added. Adjoints contain each other, so that
            without this cache the same ones would be visited many times.
    """
    waiting = [adjoint]
    while waiting:
        node = waiting[-1]
        if node.index not in known:
            unknown = [part for part in may_be_conditional(node) if part.index not in known]
            if unknown:
                waiting.extend(unknown)
                continue
            known[node.index] = joined(graph, node, known)
        waiting.pop()
    return known[adjoint.index]


def may_be_conditional(node: Node) -> Sequence[Node]:
    """Return the arguments of an adjoint whose conditions make up its own."""
    if node.op in ("neg", "add"):
        return node.args
    side = taken(node)
    return () if side is None else (node.args[1 if side else 2],)


def joined(graph: Graph, node: Node, known: dict[int, Node | None]) -> Node | None:
    """Return the condition of an adjoint, given those of its arguments in `known`."""
    if node.op in ("neg", "add"):
        whole: Node | None = None
        for part in node.args:
            one = known[part.index]
            if one is None:
                return None
            whole = one if whole is None or whole is one else graph.make("|", whole, one)
        return whole
    if (side := taken(node)) is None:
        return None
    test = node.args[0] if side else graph.make("!", node.args[0])
    inner = known[node.args[1 if side else 2].index]
    return test if inner is None else graph.make("&", test, inner)


def taken(node: Node) -> bool | None:
    """For `ifelse(test, d, 0)` return True, for `ifelse(test, 0, d)` False, for other nodes None."""
    if node.op != "ifelse":
        return None
    if algebra.is_number(node.args[2], 0.0):
        return True
    return False if algebra.is_number(node.args[1], 0.0) else None


def unguarded(graph: Graph, adjoint: Node) -> tuple[Node | None, Node]:
    """Strip `ifelse(test, d, 0)` wrappers from an adjoint; return one joint test and d, so that 0 * NaN never arises.

    Nested wrappers are joined into one test: the adjoints of a chain of them would grow with each link.
    """
    test: Node | None = None
    while (side := taken(adjoint)) is not None:
        one = adjoint.args[0] if side else graph.make("!", adjoint.args[0])
        test = one if test is None else graph.make("&", test, one)
        adjoint = adjoint.args[1 if side else 2]
    return test, adjoint


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
    if op in DISTRIBUTIONS and args[0].index not in moving:
        return of_distribution(graph, node, adjoint, moving)
    return [(a, of_call(graph, node, i, adjoint)) for i, a in enumerate(args) if a.index in moving]


def of_call(graph: Graph, node: Node, position: int, adjoint: Node) -> Node:
    """Return adjoint · ∂node/∂(argument `position`) of a function of the table; pmax and pmin choose like `ifelse`."""
    chosen = choice(graph, node, position)
    if chosen is None:
        return algebra.mul(graph, [adjoint, partial(graph, node, position)])
    shared = algebra.mul(graph, [adjoint, graph.make("ifelse", chosen.tie, chosen.share, graph.number(1.0))])
    return graph.make("ifelse", chosen.test, shared, graph.number(0.0))


def of_distribution(graph: Graph, node: Node, adjoint: Node, moving: set[int]) -> list[tuple[Node, Node]]:
    """Return the adjoints of the parameters of a density or probability at a constant, 0 where that is infinite.

    pnorm(Inf, m, s) is 1 for all m and s, but dnorm(Inf, m, s) * (Inf - m) is 0 * Inf.
    """
    found = [(a, of_call(graph, node, i, adjoint)) for i, a in enumerate(node.args) if a.index in moving]
    point = node.args[0]
    if point.op == "number":
        finite = None if math.isfinite(point.value) else graph.make("!=", node, node)
    else:
        finite = finite_rows(graph, point) if graph.columns and not symbols([point]) else None
    if finite is None:
        return found
    return [(a, graph.make("ifelse", finite, part, graph.number(0.0))) for a, part in found]


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
        part = algebra.mul(graph, [adjoint, exponent, algebra.power(graph, base, less)])
        smooth = exponent.op == "number" and exponent.value >= 1.0
        found.append((base, part if smooth else unless_zero(graph, base, part, moving)))
    if exponent.index in moving:
        part = algebra.mul(graph, [adjoint, node, graph.make("log", base)])
        if base.op != "number" or base.value == 0.0:
            # 0^v is 0 for all v > 0, but 0 * log(0) is NaN.
            positive = graph.make("<=", exponent, graph.number(0.0))
            test = graph.make("|", graph.make("!=", base, graph.number(0.0)), positive)
            part = graph.make("ifelse", test, part, graph.number(0.0))
        found.append((exponent, part))
    return found


def unless_zero(graph: Graph, base: Node, part: Node, moving: set[int]) -> Node:
    """Return the adjoint of the base of a power, 0 where a factor that does not move is 0.

    (t/x)^p is constant in x where t = 0, but its adjoint may be Inf there and 0 * Inf is NaN.
    """
    stack, constant = [base], []
    while stack:
        node = stack.pop()
        if node.index not in moving:
            constant += [node] if node.op != "number" else []
        elif node.op in ("mul", "neg", "div"):
            stack += node.args[:1] if node.op == "div" else node.args
    for factor in constant:
        part = graph.make("ifelse", graph.make("!=", factor, graph.number(0.0)), part, graph.number(0.0))
    return part


def infinite_rows(graph: Graph, nodes: Sequence[Node]) -> dict[int, Node]:
    """Return the conditions under which sums and products are not infinite because of data, by the index of their node.

    log(dose) - log(x) is -Inf for all x where the dose is 0, so it does not change with x, but 0 * Inf is NaN.
    """
    found: dict[int, Node] = {}
    finite: dict[int, Node | None] = {}
    variable: set[int] = set()
    for node in nodes if graph.columns else ():
        if node.op == "symbol" or any(a.index in variable for a in node.args):
            variable.add(node.index)
        if node.index in variable and node.op in ("add", "mul", "neg", "div"):
            tests = []
            for a in node.args if node.op != "div" else node.args[:1]:
                if a.index in variable:
                    tests += [found[a.index]] if a.index in found else []
                elif a.rows > 1:
                    if a.index not in finite:
                        finite[a.index] = finite_rows(graph, a)
                    test = finite[a.index]
                    tests += [] if test is None else [test]
            for test in dict.fromkeys(tests):
                known = found.get(node.index)
                found[node.index] = test if known is None else graph.make("&", known, test)
    return found


def finite_rows(graph: Graph, constant: Node) -> Node | None:
    """Return the condition that a column without variables is finite, None if all its entries are."""
    import numpy as np

    from secantd.program import compile as compile_program

    values = compile_program([constant], [], graph.columns).batch({})[0]
    return graph.make("<", graph.make("abs", constant), graph.number(math.inf)) if np.isinf(values).any() else None


def of_reduction(graph: Graph, node: Node, adjoint: Node) -> Node:
    """Return the adjoint of the rows of a reduction."""
    (rows,) = node.args
    if node.op == "sum":
        return adjoint
    if node.op == "prod":
        return graph.make("div", graph.make("mul", adjoint, node), rows)
    largest = graph.make("==", rows, node)
    return graph.make("mul", adjoint, graph.make("div", largest, graph.make("sum", largest)))
