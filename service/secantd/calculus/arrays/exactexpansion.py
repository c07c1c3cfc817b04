"""Tangents and Taylor polynomials of functions of vectors and matrices with exact constants."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.arrays import Arrays
from secantd.calculus import forward
from secantd.calculus.arrays.entrywise import UnsupportedError, entrywise, names_of_entries
from secantd.calculus.arrays.points import Point
from secantd.calculus.exactforms import note_multiples
from secantd.calculus.exactnumbers import Exact, ExactNumbers, NotExactError
from secantd.calculus.exactseries import ExactPoint, constant_at, exact_point
from secantd.expression import Graph, Node
from secantd.language import Function

__all__ = ["ExactExpansion", "exact_expansion"]

# The most constants: a formula with more is read by nobody.
MOST: Final = 400

# An array of exact constants, of which NumPy knows no type.
Constants = Any


class ExactExpansion:
    """f, its gradients and its second derivatives at a point.

    Attributes:
        height: f.
        slopes: The gradient with respect to each variable, in its shape.
        blocks: The second derivatives: for the variables v and w an array of the shape (*shape(v), *shape(w)).
        at: The point.
    """

    def __init__(self, numbers: ExactNumbers, at: list[Constants], height: Exact) -> None:
        self.numbers, self.at, self.height = numbers, at, height
        self.slopes: list[Constants] = []
        self.blocks: list[list[Constants]] = []

    def literal(self, form: Arrays, value: Constants) -> Node:
        """Return constants as an expression: c(1/3, 2/3)."""
        nodes = [self.numbers.node(c) for c in np.asarray(value, dtype=object).ravel(order="F")]
        if not np.shape(value):
            return nodes[0]
        if all(n is nodes[0] for n in nodes):
            return form.fill(nodes[0], np.shape(value))
        joined = form.node("concatenate", *nodes)
        return joined if np.ndim(value) == 1 else form.node("reshape", joined, payload=(0,), shape=np.shape(value))

    def times(self, a: Constants, b: Constants) -> Exact:
        """Return the sum of the products of entries."""
        products = [self.numbers.mul(p, q) for p, q in zip(np.ravel(a).tolist(), np.ravel(b).tolist(), strict=True)]
        return self.numbers.add(products) if products else {}

    def around_zero(self) -> tuple[Exact, list[Constants]]:
        """Return the constant and the slopes of the polynomial in powers of x; those of the second order are the same."""
        scale, add = self.numbers.scale, self.numbers.add
        minus = Fraction(-1)
        parts = [self.height, *[scale(self.times(g, x), minus) for g, x in zip(self.slopes, self.at, strict=False)]]
        slopes = list(self.slopes)
        for i, row in enumerate(self.blocks):
            for x, block in zip(self.at, row, strict=True):
                # The block times x, in the shape of the variable i.
                size = int(np.size(slopes[i]))
                lines = np.asarray(block, dtype=object).reshape(size, -1)
                image = constants([self.times(line, x) for line in lines], np.shape(slopes[i]))
                parts.append(scale(self.times(image, self.at[i]), Fraction(1, 2)))
                pairs = zip(np.ravel(slopes[i]).tolist(), np.ravel(image).tolist(), strict=True)
                slopes[i] = constants([add([s, scale(m, minus)]) for s, m in pairs], np.shape(slopes[i]))
        return add(parts), slopes


def constants(found: Sequence[Exact], shape: tuple[int, ...]) -> Constants:
    """Return constants as an array."""
    made = np.empty(len(found), dtype=object)
    for i, constant in enumerate(found):
        made[i] = constant
    return made.reshape(shape)


def exact_expansion(
    function: Function,
    output: Node,
    point: Point,
    height: float,
    slopes: Sequence[NDArray[np.float64]],
    blocks: Sequence[Sequence[NDArray[np.float64]]],
    notices: list[str],
) -> ExactExpansion | None:
    """Return f and its derivatives at a point as constants; None where one of them has no exact form.

    Args:
        function: The function; the caller holds its lock.
        output: f.
        point: The value of each variable.
        height: f at the point, in numbers.
        slopes: Its gradients.
        blocks: Its second derivatives; empty: not wanted.
        notices: Receives a notice on coordinates that are multiples of pi.
    """
    count = 1 + sum(s.size for s in slopes) + sum(b.size for row in blocks for b in row)
    if count > MOST:
        return None
    try:
        written = entrywise(function, output, point)
    except UnsupportedError:
        return None
    graph, at = written.function.graph, written.at
    (scalar,) = written.function.outputs
    # The constants are written in the function's own graph.
    place = exact_point(function.graph, written.function.outputs, at, everywhere=True)
    if place is None:
        return None
    names = [names_of_entries(name, np.shape(value)) for name, value in point.items()]
    sides = [np.shape(value) for value in point.values()]
    scale = max(
        abs(height), *[float(np.max(np.abs(v), initial=0.0)) for v in (*slopes, *[b for r in blocks for b in r])], 0.0
    )
    ask = Asked(graph, at, place, scale)
    try:
        coordinates = [constants([place.at[n] for n in own], shape) for own, shape in zip(names, sides, strict=True)]
        found = ExactExpansion(place.numbers, coordinates, ask.value(scalar, height))
        first = [[forward.derivative(graph, scalar, n, exact=True) for n in own] for own in names] if slopes else []
        for nodes, values, shape in zip(first, slopes, sides, strict=False):
            found.slopes.append(
                constants([ask.value(n, v) for n, v in zip(nodes, values.ravel().tolist(), strict=True)], shape)
            )
        for nodes, row, shape in zip(first, blocks, sides, strict=False):
            line = []
            for own, block, other in zip(names, row, sides, strict=True):
                derived = [forward.derivative(graph, n, m, exact=True) for n in nodes for m in own]
                values_ = block.ravel().tolist()
                line.append(
                    constants([ask.value(n, v) for n, v in zip(derived, values_, strict=True)], (*shape, *other))
                )
            found.blocks.append(line)
    except NotExactError:
        return None
    note_multiples(place, at, notices)
    return found


class Asked:
    """Expressions of entries whose values are asked for.

    Args:
        graph: The graph of the expressions.
        at: The point in numbers.
        point: The same point in exact numbers.
        scale: The size of the numbers, whose rounding errors the values have.
    """

    def __init__(self, graph: Graph, at: dict[str, float], point: ExactPoint, scale: float) -> None:
        self.graph, self.at, self.point, self.scale = graph, at, point, scale

    def value(self, node: Node, number: float) -> Exact:
        """Return the value of an expression; NotExactError where it has no exact form."""
        found = constant_at(self.graph, node, self.at, self.point, number, self.scale)
        if found is None:
            raise NotExactError
        return found
