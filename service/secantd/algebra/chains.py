"""Long chains of products within products, which are merged in one go."""

from collections.abc import Sequence
from typing import Final

from secantd.expression import Node

__all__ = ["opened", "within_products"]

# The nesting of products from which on they are merged together.
DEEP: Final = 20


def within_products(nodes: Sequence[Node]) -> set[int]:
    """Return the indices of the products deep in a chain that nothing else uses: they are merged at its end.

    Merged level by level, a chain of n products, such as the derivative of n nested calls, would cost O(n²).

    Args:
        nodes: Nodes in topological order.
    """
    if len(nodes) < DEEP:
        return set()
    used: dict[int, int] = {}
    depths: dict[int, int] = {}
    for node in nodes:
        for a in node.args:
            used[a.index] = used.get(a.index, 0) + 1
        if node.op == "mul":
            depths[node.index] = 1 + max(depths.get(a.index, 0) for a in node.args)
    within: set[int] = set()
    for node in reversed(nodes):
        if node.index in within or depths.get(node.index, 0) > DEEP:
            within.update(a.index for a in node.args if a.index in depths and used[a.index] == 1)
    return within


def opened(node: Node, within: set[int]) -> Sequence[Node]:
    """Return the arguments of a node, with the products in `within` replaced by their factors.

    Args:
        node: The node.
        within: The indices of products that are merged with it; see `within_products`.
    """
    if not any(a.index in within for a in node.args):
        return node.args
    found: list[Node] = []
    stack = list(reversed(node.args))
    while stack:
        a = stack.pop()
        if a.index in within:
            stack.extend(reversed(a.args))
        else:
            found.append(a)
    return found
