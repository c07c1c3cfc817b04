"""Expressions that adjoints and differentials have in common: shifted running products, products of others, triangles."""

from secantd.algebra.arrays import Arrays
from secantd.expression import Node

__all__ = ["before", "halved_triangle", "products_of_others"]


def before(form: Arrays, y: Node, first: Node) -> Node:
    """Return what precedes each entry of a vector, or each row of a matrix: `first`, y[1], ..., y[n - 1].

    Args:
        form: The constructors.
        y: A vector or a matrix.
        first: A number.
    """
    if len(y.shape) == 1 and first is not form.zero:
        return form.apply("slice", [form.apply("concatenate", [first, y])], (0, 1))
    shifted = form.apply("pad", [form.apply("slice", [y], (0, 1))], (1, 0))
    if first is form.zero:
        return shifted
    return form.add(shifted, form.apply("place", [form.fill(first, y.shape[1:])], (0, 0), y.shape))


def products_of_others(form: Arrays, x: Node) -> Node:
    """Return the product of all other entries for each entry, which exists where an entry is 0.

    Args:
        form: The constructors.
        x: A vector or a matrix.
    """
    if len(x.shape) == 2:
        found = products_of_others(form, form.apply("flatten", [x], (0,)))
        return form.apply("reshape", [found], (0,), x.shape)
    turned = form.apply("reverse", [x])
    after = before(form, form.apply("cumprod", [turned]), form.one)
    return form.mul(before(form, form.apply("cumprod", [x]), form.one), form.apply("reverse", [after]))


def halved_triangle(form: Arrays, matrix: Node) -> Node:
    """Return the lower triangle of a square matrix, with half of its diagonal."""
    positions = form.apply("cumsum", [form.ones(matrix.shape[0])])
    below = form.apply(">", [form.lay("column", positions), form.lay("row", positions)])
    half = form.mul(form.number(0.5), form.apply("diagonal", [matrix]))
    return form.add(form.ifelse(below, matrix, form.zero), form.apply("diagonal_matrix", [half]))
