"""Values, gradients and Hessians of functions of vectors and matrices."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.answers import require_number
from secantd.calculus.arrays.derivatives import direction_of
from secantd.calculus.arrays.functions import computed, constructors, gradient, variable_of
from secantd.calculus.arrays.gradient import reverse_gradient
from secantd.calculus.arrays.points import mirror, unit
from secantd.calculus.arrays.settling import Block, settle_arrays
from secantd.calculus.columnresults import Evaluation
from secantd.calculus.point import check_columns, check_names, required
from secantd.calculus.settle import MANY, VALUE_IS_LIMIT
from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, limit_exceeded
from secantd.expression import Node, reachable, symbols
from secantd.language import Function, Slot
from secantd.program import ShapedProgram, compile_shaped
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["array_evaluation", "names_of", "takes_arrays"]


class Direction(NamedTuple):
    """A change of a variable: the name of its symbol, and whether it is a symmetric matrix."""

    name: str
    symmetric: bool


class Prepared(NamedTuple):
    """The program of f, its gradient and products with its Hessian.

    Attributes:
        program: Computes f, then a gradient for each variable, then for each pair of variables the derivative by the second
            of the change of f along the direction of the first: a row of their block of the Hessian, if it is a unit.
        directions: The direction of each variable; None for a number.
    """

    program: ShapedProgram
    directions: tuple[Direction | None, ...]


# Keys: order and variables.
PREPARED: Slot[Prepared] = Slot("programs of values of arrays")


def takes_arrays(function: Function) -> bool:
    """Return whether a variable of a function is a vector or a matrix; otherwise only its data may be."""
    return bool(function.lengths) or any(n.op == "symbol" and n.shape for n in reachable(function.outputs))


def array_evaluation(
    function: Function,
    values: Mapping[str, Any],
    order: int,
    variables: tuple[str, ...],
    *,
    limits: Limits | None = None,
    beside: bool = True,
) -> Evaluation:
    """Return f, and with order 1 and 2 its first and second partials.

    Args:
        function: A scalar function.
        values: If a variable is a vector or a matrix, the value of each variable at one point; else a column of N numbers
            for each variable.
        order: 0, 1 or 2.
        variables: The variables of the derivatives, in order.
        limits: The limits that apply.
        beside: Whether limits and kinks are looked for.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.
    """
    limits = limits or DEFAULT_LIMITS
    output = require_number(function)
    names = names_of(variables, order)
    prepared = function.memory.get(
        PREPARED, (order, variables), lambda: prepare(function, output, order, variables, limits)
    )
    if takes_arrays(function):
        point = by_variable(function, values, "points")
        check_names(point, required(function), "points", "the list of columns", (*variables, *function.lengths))
        happened = set[str]()
        numbers = at_point(prepared, point, variables, order, limits, happened)
        places, remarks = list[int](), list[str]()
        if beside:
            numbers, with_limit = settled(function, output, numbers, variables, order, point, remarks, limits, happened)
            places = [0] if with_limit else []
        parts = [np.atleast_1d(part) for part in numbers]
    else:
        columns, count = check_columns(function, values, variables)
        points = np.broadcast_arrays(*columns.values(), np.empty(count))[:-1]
        rows, places, remarks = list[list[Any]](), list[int](), list[str]()
        for k, values_there in enumerate(zip(*[column.tolist() for column in points], strict=True)):
            point = dict(zip(columns, values_there, strict=True))
            happened = set[str]()
            row = at_point(prepared, point, variables, order, limits, happened)
            if beside and k < MANY:
                row, with_limit = settled(function, output, row, variables, order, point, remarks, limits, happened)
                places += [k] if with_limit else []
            rows.append(row)
        parts = list(np.array(rows, np.float64).reshape(len(rows), 1 + len(names)).T)
    shown = tuple(n for n in remarks if n != VALUE_IS_LIMIT)
    return Evaluation(parts[0], tuple(zip(names, parts[1:], strict=True)), variables, tuple(places), shown)


def settled(
    function: Function,
    output: Node,
    numbers: list[Any],
    variables: Sequence[str],
    order: int,
    point: Mapping[str, Any],
    notices: list[str],
    limits: Limits,
    happened: set[str],
) -> tuple[list[Any], bool]:
    """Return f and its derivatives with limits, and whether there are any."""
    blocks = [Block(v, value) for v, value in zip(derivatives_up_to(variables, order), numbers[1:], strict=True)]
    at = {name: np.asarray(v, np.float64) if np.ndim(v) else float(v) for name, v in point.items()}
    found = settle_arrays(function, output, numbers[0], blocks, at, notices, limits, happened)
    return [found.value, *found.blocks], any(found.values_are_limits) or any(found.are_limits)


def names_of(variables: Sequence[str], order: int) -> list[str]:
    """Return the names of the derivatives: x, y, then x x, x y, y y."""
    return [" ".join(v) for v in derivatives_up_to(variables, order)]


def derivatives_up_to(variables: Sequence[str], order: int) -> list[tuple[str, ...]]:
    """Return the variables of each derivative."""
    first: list[tuple[str, ...]] = [(v,) for v in variables] if order else []
    return first + ([(v, w) for i, v in enumerate(variables) for w in variables[i:]] if order > 1 else [])


def prepare(function: Function, output: Node, order: int, variables: tuple[str, ...], limits: Limits) -> Prepared:
    graph = function.graph
    form = constructors(function)
    output = computed(function, output)
    found = [variable_of(function, name) for name in variables]
    gradients = [gradient(function, output, name) for name in variables] if order else []
    nodes = [output, *gradients]
    directions: list[Direction | None] = [None] * len(variables)
    for i, along in enumerate(gradients if order > 1 else ()):
        if found[i].shape:
            direction = direction_of(form, found[i])
            directions[i] = Direction(direction.name, found[i].name in graph.symmetric)
            along = form.sum(form.mul(along, direction))
        nodes += [reverse_gradient(form, along, x) for x in found[i:]]
    # Also variables that occur in no derivative, but tell a length.
    inputs = dict.fromkeys([*symbols(nodes), *symbols(function.outputs), *(d.name for d in directions if d)])
    return Prepared(compile_shaped(graph, nodes, list(inputs), limits.memory), tuple(directions))


def at_point(
    prepared: Prepared,
    point: Mapping[str, Any],
    variables: Sequence[str],
    order: int,
    limits: Limits,
    happened: set[str],
) -> list[Any]:
    """Return f, the gradient by each variable, and the blocks of the Hessian, row by row, as many as are asked for."""
    shapes = [np.shape(point.get(name, 0.0)) for name in variables]
    sizes = [prod(shape) for shape in shapes]
    if order > 1 and sum(sizes) ** 2 > limits.matrix_entries:
        headline = f"a Hessian of variables with {sum(sizes):,} entries has {sum(sizes) ** 2:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name fewer variables", "variables")
    program, directions = prepared
    still = {d.name: np.zeros(shape) for d, shape in zip(directions, shapes, strict=True) if d is not None}
    values = {**point, **still}
    found = run(program, values, happened)
    if not order:
        return found
    n = len(variables)
    first = [whole(value, shape) for value, shape in zip(found[1 : n + 1], shapes, strict=True)]
    blocks: list[Any] = []
    end = n + 1
    for i, direction in enumerate(directions if order > 1 else ()):
        span = slice(end, end + n - i)
        end = span.stop
        if direction is None:
            rows = [found[span]]
        else:
            units = (unit(shapes[i], k, direction.symmetric) for k in range(sizes[i]))
            rows = [run(program, {**values, direction.name: change}, happened)[span] for change in units]
        for j, column in enumerate(zip(*rows, strict=True), i):
            block = np.array([whole(value, shapes[j]).ravel() for value in column])
            if i == j:
                block = mirror(block)
            blocks.append(block if shapes[i] or shapes[j] else block[0, 0])
    return [found[0], *first, *blocks]


def run(program: ShapedProgram, values: Mapping[str, Any], happened: set[str]) -> list[Any]:
    try:
        return program(values, happened)
    except CalculusError as error:
        names = list(values)
        name = error.metadata.get("variable", "")
        error.field = error.field or (f"points[{names.index(name)}]" if name in names else "points")
        raise


def whole(value: Any, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return a derivative in the shape of its variable: that by a variable that does not occur is the number 0."""
    return np.broadcast_to(np.asarray(value, np.float64), shape)
