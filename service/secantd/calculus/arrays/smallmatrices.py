"""Determinants, inverses and solutions of small matrices of expressions, written out: Cramer's rule.

Quotients by the determinant are 0/0 where a matrix is singular and the whole has a limit.
"""

from typing import Any, Final

import numpy as np

from secantd.expression import Graph, Node

__all__ = ["LARGEST", "adjugate", "determinant", "inverse"]

# An array of nodes, of which NumPy knows no type.
Nodes = Any

# The most rows: the determinant of 4 has 24 products, that of 5 has 120.
LARGEST: Final = 4


def determinant(graph: Graph, a: Nodes) -> Node:
    """Return the determinant of an n x n array of nodes by expansion along its first row.

    Args:
        graph: The graph of the nodes.
        a: The matrix.

    >>> from secantd.render import r_text
    >>> g = Graph()
    >>> a = np.empty((2, 2), object)
    >>> a[0], a[1] = [g.symbol("a"), g.symbol("b")], [g.symbol("c"), g.symbol("d")]
    >>> r_text(determinant(g, a))
    'a * d - b * c'
    """
    if not len(a):
        return graph.number(1.0)
    if len(a) == 1:
        entry: Node = a[0, 0]
        return entry
    terms: list[Node] = []
    for j in range(len(a)):
        term = graph.make("mul", a[0, j], determinant(graph, without(a, 0, j)))
        terms.append(graph.make("neg", term) if j % 2 else term)
    return graph.make("add", *terms)


def adjugate(graph: Graph, a: Nodes) -> Nodes:
    """Return the matrix that is the inverse times the determinant.

    Args:
        graph: The graph of the nodes.
        a: The matrix.
    """
    found = np.empty(a.shape, dtype=object)
    for i, j in np.ndindex(*a.shape):
        minor = determinant(graph, without(a, j, i))
        found[i, j] = graph.make("neg", minor) if (i + j) % 2 else minor
    return found


def inverse(graph: Graph, a: Nodes) -> Nodes:
    """Return the inverse of an n x n array of nodes.

    Args:
        graph: The graph of the nodes.
        a: The matrix.
    """
    below, found = determinant(graph, a), adjugate(graph, a)
    for place in np.ndindex(*found.shape):
        found[place] = graph.make("div", found[place], below)
    return found


def without(a: Nodes, i: int, j: int) -> Nodes:
    return np.delete(np.delete(a, i, axis=0), j, axis=1)
