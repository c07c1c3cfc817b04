"""Formulas with roots, abs, max and min in a form whose derivatives are right at kinks and ties, too.

sqrt(u^2) is abs(u): its derivative as written is u/sqrt(u^2), 0/0 at 0, and its value is Inf from 1.4e154 on. The second
derivative of abs(u)^2 at 0 is 2, that of the factors 0. max(u, v) + log1p(exp(-abs(u - v))) is log(exp(u) + exp(v)), which is
smooth, but for any share w of a tie the rules give w^2 for a second derivative that is w. Each form has the value of what it
replaces to the last digit, except where that overflows or underflows in between: sqrt is correctly rounded, logaddexp and
softplus are computed by the same formula, and terms of a sum with others before or between them keep their places, for these may
cancel: max(x, 0) - x*y + log1p(exp(-abs(x))) is 4e-18 for x = 40 and y = 1.
"""

from collections.abc import Sequence

from secantd.expression import Graph, Node, algebra, reachable
from secantd.functions import KEEPING, PRINTED
from secantd.interrupt import paced

__all__ = ["absolute", "smooth", "without_rows"]

# The longest sum whose terms are compared with each other.
LONGEST = 64
OPERATIONS = frozenset({"erfc", "abs", "sqrt", "pow", "pmax", "pmin", *KEEPING})


def smooth(graph: Graph, outputs: Sequence[Node]) -> tuple[Node, ...]:
    """Return nodes with the same values, and derivatives that are right at more points.

    Args:
        graph: The graph of the nodes.
        outputs: The nodes; those without such formulas are returned as they are.

    >>> from secantd.language import read
    >>> f = read("sqrt(x^2)")
    >>> smooth(f.graph, f.outputs)[0].op
    'abs'
    """
    nodes = reachable(outputs)
    if not any(n.op in OPERATIONS for n in nodes):
        return tuple(outputs)
    plain: dict[int, Node] = {}
    for node in paced(nodes):
        args = tuple([plain[a.index] for a in node.args])
        same = all(a is b for a, b in zip(args, node.args, strict=True))
        # Lengths and steps have the names of their nodes.
        kept = same or node.op in ("scan", "select", "unselect", "length")
        made = node if kept else graph.again(node, args)
        plain[node.index] = replaced(graph, made) or made
    return tuple([plain[o.index] for o in outputs])


def without_rows(graph: Graph, output: Node) -> Node:
    """Return a node with the printed functions in place of those of `KEEPING`, whose derivatives have rows to a fixed order only."""
    nodes = reachable([output])
    if not any(n.op in PRINTED for n in nodes):
        return output
    plain: dict[int, Node] = {}
    for node in paced(nodes):
        args = tuple([plain[a.index] for a in node.args])
        same = all(a is b for a, b in zip(args, node.args, strict=True))
        kept = same or node.op in ("scan", "select", "unselect", "length")
        known = PRINTED.get(node.op)
        plain[node.index] = graph.make(known, *args) if known else node if kept else graph.again(node, args)
    return plain[output.index]


def replaced(graph: Graph, node: Node) -> Node | None:
    """Return what takes the place of a node whose arguments were replaced; None: nothing."""
    if node.op in KEEPING:
        return graph.make(KEEPING[node.op], *node.args)
    if node.op == "log" and node.args[0].op == "erfc" and len(node.args) == 1:
        return graph.make("log_erfc", *node.args[0].args)
    u = absolute(node)
    if u is not None:
        return graph.make("abs", u)
    if node.op == "pow":
        base, exponent = node.args
        if base.op == "abs" and exponent.op == "number" and is_even(exponent.value):
            return graph.make("pow", base.args[0], exponent)
    if node.op == "mul" and 2 <= len(node.args) <= LONGEST:
        return product(graph, node)
    if node.op == "add" and 2 <= len(node.args) <= LONGEST:
        return total(graph, node)
    return None


def absolute(node: Node) -> Node | None:
    """Return u where a node is sqrt(u^2), (u^2)^(1/2) or a root of u * u, and so abs(u)."""
    if node.op == "pow":
        root = node.args[1]
        # 1/2 is a quotient until it is computed.
        half = root.op == "div" and algebra.is_number(root.args[0], 1.0) and algebra.is_number(root.args[1], 2.0)
        if not (half or algebra.is_number(root, 0.5)):
            return None
    elif node.op != "sqrt":
        return None
    square = node.args[0]
    if square.op == "pow" and algebra.is_number(square.args[1], 2.0):
        return square.args[0]
    if square.op == "mul" and len(square.args) == 2 and square.args[0] is square.args[1]:
        return square.args[0]
    return None


def is_even(value: float) -> bool:
    return value > 0.0 and value % 2.0 == 0.0


def product(graph: Graph, node: Node) -> Node | None:
    """Return a product with u * u for abs(u) * abs(u); None where it has no such factors."""
    factors, found = list(node.args), False
    for i, a in enumerate(factors):
        j = next((j for j in range(i + 1, len(factors)) if factors[j] is a), None) if a.op == "abs" else None
        if j is not None:
            factors[i] = factors[j] = a.args[0]
            found = True
    return graph.make("mul", *factors) if found else None


def total(graph: Graph, node: Node) -> Node | None:
    """Return a sum with the derivatives of logaddexp(u, v) for max(u, v) + softplus(-abs(u - v)); None where it has no such terms.

    min(u, v) - softplus(-abs(u - v)) is -logaddexp(-u, -v).
    """
    terms, found = list(node.args), False
    for i, term in enumerate(node.args):
        inner = term.args[0] if term.op == "neg" else term
        if inner.op not in ("pmax", "pmin") or len(inner.args) != 2:
            continue
        u, v = inner.args
        negative = (inner.op == "pmin") != (term.op == "neg")
        for j, other in enumerate(terms):
            if j == i or not is_gap(other, u, v, negative):
                continue
            if inner.op == "pmin":
                u, v = algebra.neg(graph, u), algebra.neg(graph, v)
            if {i, j} == {0, 1}:
                # Both terms have the shape of u - v, so each position may hold the sum.
                parts = [joined(graph, u, v), graph.number(0.0)]
            else:
                parts = [graph.make(op, u, v) for op in ("larger", "excess")]
            terms[i], terms[j] = [algebra.neg(graph, part) for part in parts] if negative else parts
            found = True
            break
    if not found:
        return None
    made = algebra.add(graph, terms)
    return made if made.shape == node.shape and made.rows == node.rows else None


def is_gap(node: Node, u: Node, v: Node, negative: bool) -> bool:
    """Return whether a node is softplus(-abs(u - v)), or its negative."""
    if negative:
        if node.op != "neg":
            return False
        node = node.args[0]
    if node.op != "softplus" or node.args[0].op != "neg" or node.args[0].args[0].op != "abs":
        return False
    gap = node.args[0].args[0].args[0]
    for a, b in ((u, v), (v, u)):
        if gap is a and algebra.is_number(b, 0.0):
            return True
        if gap.op == "add" and len(gap.args) == 2 and gap.args[0] is a and is_opposite(gap.args[1], b):
            return True
        if gap.op == "add" and len(gap.args) == 2 and gap.args[1] is a and is_opposite(gap.args[0], b):
            return True
    return False


def is_opposite(node: Node, v: Node) -> bool:
    return (node.op == "neg" and node.args[0] is v) or (
        node.op == "number" and v.op == "number" and node.value == -v.value
    )


def joined(graph: Graph, u: Node, v: Node) -> Node:
    """Return log(exp(u) + exp(v))."""
    for a, b in ((u, v), (v, u)):
        if algebra.is_number(b, 0.0):
            return graph.make("softplus", a)
    return graph.make("logaddexp", u, v)
