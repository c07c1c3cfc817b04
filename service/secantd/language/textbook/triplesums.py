"""Sums over data in two sums that they depend on: the innermost one is a product of matrices.

The sum over k of w_ik h_kj, within sums over i and j, is the matrix W H. Factors without k are taken out of the sum. What
is left depends on one index, or it is a product of factors of which none has both i and j.
"""

from collections.abc import Sequence

from secantd.language.textbook.doublesums import depends_on, laid
from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree, nodes

__all__ = ["with_products"]


def with_products(totals: Sequence[Tree], within: Sequence[tuple[Tree, Tree]]) -> None:
    """Make sums in sums that depend on further ones products of matrices, in place, where they are.

    Args:
        totals: All sums over data of a text.
        within: Each sum with each one in it that depends on its index.
    """
    around: dict[int, list[Tree]] = {}
    for total, inner in within:
        around.setdefault(id(inner), []).append(total)
    # The sums in sums that depend on others: of these, rows of a matrix are summed.
    deeper = {id(t) for _, inner in within for t in nodes(inner.parts[0])}
    # The sums around one come before it, in the order of the text.
    for total in reversed(totals):
        if id(total) in deeper and id(total) in around:
            make_product(total, around[id(total)])


def make_product(total: Tree, outer: Sequence[Tree]) -> None:
    """Make a sum over k a product of matrices, in place, if it is one.

    Args:
        total: The sum.
        outer: The sums around it that it depends on.
    """
    own = total.value
    assert isinstance(own, Range)
    rows = [t.value.index for t in outer if isinstance(t.value, Range)]
    if own.op != "sum":
        return
    free: list[Tree] = []
    alone: list[Tree] = []
    factors: dict[str, list[Tree]] = {index: [] for index in rows}
    for factor in flat(total.parts[0]):
        found = [index for index in rows if depends_on(factor, index)]
        if not depends_on(factor, own.index):
            free.append(factor)
        elif not found:
            alone.append(factor)
        elif len(found) == 1:
            factors[found[0]].append(factor)
        else:
            return
    place = (total.start, total.end)
    used = [index for index in rows if factors[index]]
    core: Tree
    if len(used) > 2:
        return
    if not used:
        core = Tree("total", *place, own, (product(alone, place),))
    else:
        first = laid(product([*factors[used[0]], *alone], place), used[0], own.index, outer[0])
        if len(used) == 1:
            value = Tree("call", *place, "rowSums", (first,))
        else:
            second = laid(product(factors[used[1]], place), own.index, used[1], outer[0])
            value = Tree("matmul", *place, None, (first, second))
        core = Tree("laid", *place, ("", *used), (value,))
    made = product([*free, core], place)
    total.kind, total.value, total.parts = made.kind, made.value, made.parts


def flat(tree: Tree) -> list[Tree]:
    """Return the factors of a product, in order."""
    found: list[Tree] = []
    stack = [tree]
    while stack:
        part = stack.pop()
        if part.kind == "mul":
            stack.extend(reversed(part.parts))
        else:
            found.append(part)
    return found


def product(factors: Sequence[Tree], place: tuple[int, int]) -> Tree:
    return factors[0] if len(factors) == 1 else Tree("mul", *place, None, tuple(factors))
