"""Determinants of matrices that are written out."""

from itertools import permutations
from typing import Final

from secantd.language.textbook.trees import Tree

__all__ = ["determinant"]

# The largest determinant that is written out, with six products.
LARGEST: Final = 3


def determinant(matrix: Tree) -> Tree | None:
    """Return a determinant as a sum of products, by Leibniz's formula; None for one that is not small and square."""
    assert isinstance(matrix.value, tuple)
    rows, columns = matrix.value
    place = (matrix.start, matrix.end)
    if rows != columns or rows > LARGEST:
        return None
    terms: list[Tree] = []
    for order in permutations(range(rows)):
        turns = sum(a > b for k, b in enumerate(order) for a in order[:k])
        factors = tuple(matrix.parts[i * rows + j] for i, j in enumerate(order))
        product = Tree("mul", *place, None, factors) if rows > 1 else factors[0]
        terms.append(Tree("minus", *place, None, (product,)) if turns % 2 else product)
    return terms[0] if rows == 1 else Tree("add", *place, None, tuple(terms), bracketed=True)
