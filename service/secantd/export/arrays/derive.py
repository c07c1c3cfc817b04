"""f and its derivatives as one graph of arrays, if possible for data of any length."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import derivative_of, gradient_of
from secantd.errors import CalculusError, Reason
from secantd.export.arrays.plan import SIGNED
from secantd.expression import Graph, Length, Node, Shape, VariableShape, reachable
from secantd.expression.shapes import shape_text
from secantd.language import Function
from secantd.program import stable_outputs
from secantd.shown import quoted

__all__ = ["Argument", "ArrayDerived", "ReadShaped", "derive_arrays"]

# Reads the text again with other data and with shapes of further names.
ReadShaped = Callable[[Mapping[str, NDArray[np.float64]], Mapping[str, VariableShape]], Function]


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of the written functions.

    Attributes:
        name: Its name in the formula.
        shape: Its shape.
        data: Whether it is data.
        symmetric: Whether it is a symmetric matrix.
    """

    name: str
    shape: Shape
    data: bool
    symmetric: bool


@dataclass(frozen=True, slots=True)
class ArrayDerived:
    """The nodes from which code is written.

    Attributes:
        graph: Their graph.
        value: f.
        gradient: The derivative with respect to each variable, of its shape.
        hessian: The second derivatives by the positions i <= j of two variables: the rows are those of the first.
        arguments: First the variables of the derivatives, then all others, then the data.
        partials: The number of variables of the derivatives.
        fixed: Whether data have the lengths of the request, and the code is valid for these lengths only.
    """

    graph: Graph
    value: Node
    gradient: tuple[Node, ...]
    hessian: Mapping[tuple[int, int], Node]
    arguments: tuple[Argument, ...]
    partials: int
    fixed: bool = False

    @property
    def by(self) -> tuple[Argument, ...]:
        """The variables of the derivatives."""
        return self.arguments[: self.partials]

    def outputs(self, order: int) -> list[Node]:
        """Return f, its gradient and the blocks of its Hessian, row by row, up to an order."""
        found = [self.value]
        if order >= 1:
            found += self.gradient
        return found + [self.hessian[place] for place in sorted(self.hessian)] if order == 2 else found


def derive_arrays(
    function: Function, order: int, chosen: Sequence[str], again: ReadShaped | None = None
) -> ArrayDerived:
    """Return f and its derivatives with respect to `chosen`.

    Args:
        function: A scalar function with arrays.
        order: 0, 1 or 2.
        chosen: The variables of the derivatives.
        again: Reads the text with other data; without it the code is valid for the lengths of these data only.

    Raises:
        CalculusError: INVALID_VALUE: f is no number, or its second derivatives are no matrices; NOT_DIFFERENTIABLE.
    """
    with function.lock:
        found = derived(function, order, chosen, tuple(function.graph.columns))
    if not any(a.data for a in found.arguments):
        return found
    general = with_open_data(function, order, chosen, again) if again is not None else None
    return general or ArrayDerived(
        found.graph, found.value, found.gradient, found.hessian, found.arguments, found.partials, fixed=True
    )


def with_open_data(function: Function, order: int, chosen: Sequence[str], again: ReadShaped) -> ArrayDerived | None:
    """Return the derivatives with data of any length, None if the text needs the numbers in them or their lengths."""
    data = function.graph.columns
    shapes = {}
    for name, values in data.items():
        sides = ("length",) if values.ndim == 1 else ("nrow", "ncol")
        shapes[name] = VariableShape(tuple(f"{side}({name})" for side in sides))
    try:
        other = again({}, shapes)
        if not other.arrays or len(other.outputs) != 1:
            return None
        return derived(other, order, chosen, tuple(data))
    except CalculusError:
        return None


def derived(function: Function, order: int, chosen: Sequence[str], data: Sequence[str]) -> ArrayDerived:
    (value,) = stable_outputs(function)
    if value.shape:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the expression is {shape_text(value.shape)}, but one number is needed",
            "reduce it, for example by sum(...)",
            field="expression.text",
        )
    graph = function.graph
    form = Arrays(graph)
    declared = {n.name: n for n in graph.nodes if n.op in ("symbol", "data")}
    symbols = [declared.get(name) or graph.symbol(name) for name in chosen]
    gradient = tuple(gradient_of(form, value, s) for s in symbols) if order else ()
    hessian: dict[tuple[int, int], Node] = {}
    for i in range(len(symbols) if order == 2 else 0):
        for j in range(i, len(symbols)):
            hessian[i, j] = second(form, gradient[i], symbols[i], symbols[j])
    if order:
        value = shared(form, value)
    nodes = reachable([value, *gradient, *hessian.values()])
    used = {n.name for n in nodes if n.op in ("symbol", "data")}
    used |= measured(nodes, [n for n in declared.values() if n.name in used or n.name in chosen], declared.values())
    others = [n for n in (*function.variables, *sorted(used)) if n not in data]
    names = dict.fromkeys([*chosen, *others, *(n for n in data if n in used)])
    arguments = [
        Argument(n, declared[n].shape if n in declared else (), n in data, n in graph.symmetric) for n in names
    ]
    return ArrayDerived(graph, value, gradient, hessian, tuple(arguments), len(symbols))


def measured(nodes: Iterable[Node], given: Iterable[Node], declared: Iterable[Node]) -> set[str]:
    """Return the variables of which the code uses only the lengths.

    Args:
        nodes: What the code computes.
        given: The variables that it uses.
        declared: All variables.
    """
    lengths = names_of_lengths(given)
    wanted = names_of_lengths(nodes) | {n.name for n in nodes if n.op == "length"}
    found = set[str]()
    for variable in declared:
        sides = names_of_lengths([variable])
        if (sides & wanted) - lengths:
            lengths |= sides
            found.add(variable.name)
    return found


def names_of_lengths(nodes: Iterable[Node]) -> set[str]:
    return {name for n in nodes for d in n.shape if isinstance(d, Length) for name, _ in d.terms}


def shared(form: Arrays, value: Node) -> Node:
    """Return f in the form of its derivatives, so that the code computes common parts once.

    The light form of log(det(A)) is log|det(A)|: the code keeps NaN for a negative determinant.
    """
    operations = {node.op for node in reachable([value])}
    if {"det", "logdet"} <= operations:
        return value
    light = form.light(value)
    if "det" not in operations:
        return light
    graph = form.graph
    made: dict[int, Node] = {}
    for node in reachable([light]):
        parts = tuple([made[a.index] for a in node.args])
        if node.op == "logdet":
            made[node.index] = graph.array("logdet", *parts, payload=SIGNED)
        else:
            made[node.index] = node if parts == node.args else graph.again(node, parts)
    return made[light.index]


def second(form: Arrays, gradient: Node, first: Node, variable: Node) -> Node:
    """Return one block of the Hessian."""
    if len(first.shape) + len(variable.shape) > 2:
        matrix = first if len(first.shape) == 2 else variable
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the second derivatives with respect to the matrix {quoted(matrix.name)} do not form a matrix",
            "request order 1, or name other variables",
            field="order",
        )
    found = derivative_of(form, gradient, variable)
    if found.direction is not None:
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the second derivatives with respect to {quoted(first.name)} and {quoted(variable.name)} "
            "have no formula as a matrix",
            "request order 1",
            field="order",
        )
    return found.node
