"""Points whose values are numbers, vectors and matrices, and the values of expressions there."""

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.calculus.arrays.derivatives import ArrayDerivative
from secantd.calculus.point import check_names, required
from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Slot
from secantd.program import ShapedProgram, compile_shaped
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import quoted

__all__ = ["Point", "Value", "check_finite", "check_point", "derivative_values", "mirror", "unit", "values_at"]

Value = float | NDArray[np.float64]
Point = dict[str, Value]

# Keys: the nodes, and the names of the point.
PROGRAMS: Slot[ShapedProgram] = Slot("programs of arrays")


def check_point(
    function: Function, at: Mapping[str, ArrayLike], variables: Sequence[str] = (), finite: bool = False
) -> Point:
    """Return a point by the names of the function's variables.

    Args:
        function: The function.
        at: A number, a vector or a matrix for each variable.
        variables: Names that the point may contain although the function does not have them.
        finite: Whether NaN and the infinities are refused.

    Raises:
        CalculusError: UNKNOWN_VARIABLE where a variable has no value, or a name is not a variable; INVALID_VALUE.
    """
    found = by_variable(function, at, "at")
    check_names(found, required(function), "at", also=(*variables, *function.lengths))
    point: Point = {}
    for name, value in found.items():
        array = np.asarray(value, dtype=np.float64)
        point[name] = array if array.ndim else float(array)
    if finite:
        check_finite(point, "at")
    return point


def check_finite(values: Mapping[str, Value], field: str) -> None:
    """Raise INVALID_VALUE where an entry is NaN or infinite; `field` of the request holds the values."""
    for i, (name, value) in enumerate(values.items()):
        wrong = np.atleast_1d(value)[~np.isfinite(np.atleast_1d(value))]
        if wrong.size:
            whole = isinstance(value, float)
            headline = f"{quoted(name)} is {wrong[0]}" if whole else f"an entry of {quoted(name)} is {wrong[0]}"
            place = f"{field}[{i}].value{'' if whole else 's'}"
            raise CalculusError(Reason.INVALID_VALUE, headline, "give finite numbers", field=place)


def values_at(
    function: Function, nodes: Sequence[Node], at: Mapping[str, Value], happened: set[str] | None = None
) -> list[Value]:
    """Return the values of nodes at a point, NaN and Inf as IEEE 754 defines them.

    Args:
        function: The function that owns the nodes.
        nodes: The expressions.
        at: A value for each variable.
        happened: Receives "overflow" where a result on the way is too large.

    Raises:
        CalculusError: INVALID_VALUE where a value does not have the shape of its variable.
    """
    with function.lock:
        known = {n.name for n in function.graph.nodes if n.op == "symbol"}
        names = tuple([name for name in at if name in known])
        key = (tuple([n.index for n in nodes]), names)
        program = function.memory.get(PROGRAMS, key, lambda: compile_shaped(function.graph, nodes, names))
    try:
        return list(program({name: at[name] for name in names}, happened))
    except CalculusError as error:
        name = error.metadata.get("variable", "")
        error.field = error.field or (f"at[{list(at).index(name)}]" if name in at else "at")
        raise


def derivative_values(
    function: Function,
    derivatives: Sequence[ArrayDerivative],
    at: Point,
    limits: Limits | None = None,
    happened: set[str] | None = None,
) -> list[Value]:
    """Return the values of derivatives at a point.

    That of a differential is the matrix of its values for the unit changes of the variable: a row for each entry of the
    value, a column for each entry of the variable, both row by row.

    Args:
        function: The function that owns the nodes.
        derivatives: The derivatives.
        at: A value for each variable.
        limits: The limits that apply.
        happened: See `values_at`.

    Raises:
        CalculusError: LIMIT_EXCEEDED; INVALID_VALUE where a value does not have the shape of its variable.
    """
    whole = [d.node for d in derivatives if d.direction is None]
    values = iter(values_at(function, whole, at, happened) if whole else [])
    limits = limits or DEFAULT_LIMITS
    return [
        next(values) if d.direction is None else columns(function, d, d.direction, at, limits, happened)
        for d in derivatives
    ]


def columns(
    function: Function,
    derivative: ArrayDerivative,
    direction: Node,
    at: Point,
    limits: Limits,
    happened: set[str] | None,
) -> Value:
    variable = function.graph.directions[direction.index]
    shape = np.shape(at[variable.name])
    symmetric = variable.name in function.graph.symmetric
    size = prod(shape)
    first = np.ravel(values_at(function, [derivative.node], {**at, direction.name: np.zeros(shape)})[0])
    if size * first.size > limits.matrix_entries:
        headline = f"a matrix of {first.size:,} x {size:,} derivatives has {first.size * size:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name other variables", "variables")
    found = np.empty((first.size, size))
    for k in range(size):
        change = {**at, direction.name: unit(shape, k, symmetric)}
        found[:, k] = np.ravel(values_at(function, [derivative.node], change, happened)[0])
    return found


def mirror(hessian: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a Hessian that is exactly symmetric: the finite entries below the diagonal are those above it."""
    below, left = np.tril_indices(len(hessian), -1)
    pairs = np.isfinite(hessian[below, left]) & np.isfinite(hessian[left, below])
    found = hessian.copy()
    found[below[pairs], left[pairs]] = hessian[left[pairs], below[pairs]]
    return found


def unit(shape: tuple[int, ...], k: int, symmetric: bool) -> NDArray[np.float64]:
    """Return the change of entry k, row by row; that of a symmetric matrix is symmetric."""
    found = np.zeros(shape)
    found.flat[k] = 1.0
    return (found + found.T) / 2 if symmetric else found
