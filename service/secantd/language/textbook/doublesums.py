"""Sums over data within sums over data: the terms of the inner one are a matrix, whose rows are summed.

In the sum over j within the sum over i, x_i is a matrix with x in each column, y_j for one with y in each row, and
a_ij for the matrix a. The inner sum is then a vector over i, and the outer sum is that of a vector, like any other.
"""

from collections.abc import Sequence
from typing import Final

from secantd.language.textbook.range import Range
from secantd.language.textbook.trees import Tree, nodes

__all__ = ["deepest_sum", "depends_on", "indices_of", "inner_sums", "laid", "with_row_sums"]


# The most sums over data in each other, which may have nothing to do with each other: a product of sums.
DEEPEST: Final = 8


def indices_of(tree: Tree) -> tuple[str, ...]:
    """Return the indices of x_i or a_ij; empty for other trees."""
    if tree.kind not in ("indexed", "pair", "shifted", "laid"):
        return ()
    assert isinstance(tree.value, tuple)
    if tree.kind == "shifted":
        return (tree.value[1],)
    return tree.value[1:]


def deepest_sum(tree: Tree) -> Tree | None:
    """Return a sum over data within more than DEEPEST others, None where there is none."""
    stack = [(tree, 0)]
    while stack:
        found, depth = stack.pop()
        if isinstance(found.value, Range) and found.value.over_data:
            depth += 1
            if depth > DEEPEST:
                return found
        stack.extend((part, depth) for part in found.parts)
    return None


def depends_on(tree: Tree, index: str) -> bool:
    """Return whether an expression contains an index."""
    return any(index in indices_of(t) or (t.kind == "name" and t.value == index) for t in nodes(tree))


def inner_sums(total: Tree) -> list[Tree]:
    """Return the sums over data within a sum over data that depend on its index, in the order of the text."""
    own = total.value
    assert isinstance(own, Range)
    return [
        t
        for t in nodes(total.parts[0])
        if isinstance(t.value, Range)
        and t.value.over_data
        and t.value.index != own.index
        and depends_on(t.parts[0], own.index)
    ]


def with_row_sums(totals: Sequence[Tree]) -> Tree | None:
    """Make sums of the rows of matrices of inner sums, in place; return a sum that is not read, None where all are.

    Args:
        totals: All sums over data of a text.
    """
    found: list[tuple[Tree, str, str, Tree]] = []
    inside: set[int] = set()
    for total in totals:
        assert isinstance(total.value, Range)
        for inner in inner_sums(total):
            assert isinstance(inner.value, Range)
            if id(inner) in inside or id(total) in inside:
                # Three sums in each other.
                return inner
            inside.add(id(inner))
            found.append((inner, total.value.index, inner.value.index, total))
    for inner, down, across, outer in found:
        if any(set(indices_of(t)) - {down, across} for t in nodes(inner.parts[0]) if t.kind == "pair"):
            return inner
        assert isinstance(inner.value, Range)
        body = laid(inner.parts[0], down, across, outer)
        place = (inner.start, inner.end)
        op = inner.value.op
        if op == "sum":
            inner.value, inner.parts = "rowSums", (body,)
        else:
            inner.value, inner.parts = "apply", (body, Tree("number", *place, 1.0), Tree("string", *place, op))
        inner.kind = "call"
    return None


def laid(body: Tree, down: str, across: str, outer: Tree) -> Tree:
    """Return the terms of an inner sum as a matrix, with a row for each `down` and a column for each `across`.

    Args:
        body: The terms.
        down, across: The indices of the outer and of the inner sum.
        outer: The outer sum, whose vectors have the length of the rows.
    """
    inside = list(nodes(body))
    around = [*nodes(outer.parts[0]), *inside]
    vectors = {t.value[1]: t.value[0] for t in around if t.kind == "indexed"}  # type: ignore[index]
    sides = {
        index: (("nrow", "ncol")[k], t)
        for t in around
        if len(indices_of(t)) == 2
        for k, index in enumerate(indices_of(t))
    }
    made: dict[int, Tree] = {}
    for t in reversed(inside):
        place = (t.start, t.end)
        indices = indices_of(t)
        name = Tree("name", *place, t.value[0]) if indices else t  # type: ignore[index]
        if t.kind == "laid":
            name = made[id(t.parts[0])]
        if t.kind == "laid" and len(indices) == 2 and set(indices) == {down, across}:
            made[id(t)] = name if indices == (down, across) else Tree("call", *place, "t", (name,))
        elif indices in ((down,), (across,)):
            made[id(t)] = Tree("call", *place, "as column" if indices == (down,) else "as row", (name,))
        elif len(indices) == 2:
            matrix = Tree("call", *place, "as matrix", (name,))
            made[id(t)] = matrix if indices == (down, across) else Tree("call", *place, "t", (matrix,))
        elif t.kind == "name" and t.value in (down, across) and t.value in vectors:
            vector = Tree("name", *place, vectors[t.value])
            position = Tree("call", *place, "seq_along", (vector,))
            made[id(t)] = Tree("call", *place, "as column" if t.value == down else "as row", (position,))
        elif t.kind == "name" and t.value in (down, across) and t.value in sides:
            function, entry = sides[str(t.value)]
            stem = Tree("name", *place, entry.value[0])  # type: ignore[index]
            matrix = entry.parts[0] if entry.kind == "laid" else Tree("call", *place, "as matrix", (stem,))
            position = Tree("call", *place, "seq_len", (Tree("call", *place, function, (matrix,)),))
            made[id(t)] = Tree("call", *place, "as column" if t.value == down else "as row", (position,))
        else:
            parts = tuple(made[id(p)] for p in t.parts)
            made[id(t)] = Tree(t.kind, *place, t.value, parts, bracketed=t.bracketed)
    return made[id(body)]
