"""Products within products: long chains of them are merged at once."""

from collections.abc import Sequence

from secantd.expression import Node

__all__ = ["opened", "within_products"]

# Products within products, from where on they are merged together.
DEEP = 20


def within_products(nodes: Sequence[Node]) -> set[int]:
    """Return the products deep in a chain of products that nothing else uses: they are merged at the chain's end.

    Merged level by level a chain of n derivatives of nested calls would cost n².
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
    """Return the arguments of a node, with those of the products within it in their places."""
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
