"""The gradient of a scalar function of vectors and matrices in reverse mode, graph to graph."""

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.adjoints import contributions
from secantd.calculus.arrays.elementwise import STEPS
from secantd.calculus.arrays.scans import Back
from secantd.expression import Node, reachable, scan_of
from secantd.interrupt import paced

__all__ = ["moving_nodes", "reverse_gradient"]


def moving_nodes(nodes: list[Node], variable: Node) -> set[int]:
    """Return the indices of the nodes that depend on a variable smoothly: masks and ranks made of it do not.

    Args:
        nodes: Nodes, arguments first.
        variable: The variable.
    """
    moving: set[int] = set()
    for node in nodes:
        if node is variable or (node.op not in STEPS and any(a.index in moving for a in node.args)):
            moving.add(node.index)
    return moving


def reverse_gradient(form: Arrays, output: Node, variable: Node) -> Node:
    """Return the derivative of a scalar with respect to a variable, in the variable's shape and the light form.

    Args:
        form: The constructors of the graph.
        output: The scalar.
        variable: A symbol.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.
    """
    output = form.light(output)
    nodes = reachable([output])
    moving = moving_nodes(nodes, variable)
    parts: dict[int, list[Node]] = {output.index: [form.one]}
    # Those of the paths of one recursion are summed by one recursion from the end, when all of them are known.
    first = {node.args: node.index for node in reversed(nodes) if node.op == "scan"}
    paths: dict[tuple[Node, ...], dict[int, Node]] = {}
    for node in paced(reversed(nodes)):
        if node.index not in moving or (node.index not in parts and node.args not in paths):
            continue
        adjoint = form.add(*parts.pop(node.index, []), form.zero)
        if node.op == "scan":
            known = paths.setdefault(node.args, {})
            if not is_zero(adjoint):
                known[scan_of(node).which] = form.full(adjoint, node.shape)
            if node.index != first[node.args] or not known:
                continue
            back = Back(form, node, known)
            for i, argument in enumerate(node.args):
                if argument.index in moving:
                    parts.setdefault(argument.index, []).append(back.part(i))
            continue
        if is_zero(adjoint):
            continue
        if node is variable:
            return symmetrized(form, form.light(form.full(adjoint, node.shape)), variable)
        for argument, part in contributions(form, node, adjoint, moving):
            if not is_zero(part):
                parts.setdefault(argument.index, []).append(part)
    return form.full(form.zero, variable.shape)


def symmetrized(form: Arrays, gradient: Node, variable: Node) -> Node:
    """Return the symmetric G with df = sum(G * dS) for a symmetric variable S, others as they are."""
    if variable.name not in form.graph.symmetric or form.transposition_sign(gradient) == 1:
        return gradient
    return form.mul(form.number(0.5), form.add(gradient, form.transpose(gradient)))
