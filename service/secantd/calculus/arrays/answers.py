"""Derivatives, gradients, Jacobians and Hessians of functions of arrays as answers: formulas and their values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.arrays.derivatives import ArrayDerivative
from secantd.calculus.arrays.exceptions import note_singular, note_ties
from secantd.calculus.arrays.functions import computed, constructors, derivative, variable_of
from secantd.calculus.arrays.layouts import answer_shape, entries, literal, rows_and_columns
from secantd.calculus.arrays.points import Point, Value, check_finite, check_point, derivative_values, mirror, values_at
from secantd.calculus.definiteness import definiteness
from secantd.calculus.formulas import formula, note, note_outside_domain
from secantd.calculus.point import check_names, component, require_point
from secantd.calculus.results import Definiteness, Derivative, Form, Formula, Gradient, Hessian, Jacobian, Naming, Shape
from secantd.calculus.variables import by_variable, chosen_variables, require_variables
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node, symbols
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = [
    "Request",
    "array_derivative",
    "array_gradient",
    "array_hessian",
    "array_jacobian",
    "number",
    "require_number",
    "second_derivatives",
]


@dataclass(frozen=True, slots=True)
class Request:
    """What all answers share.

    Attributes:
        function: The function.
        variables: The variables that are named, in order; empty: all.
        at: A number, a vector or a matrix for each variable; None or empty: no point.
        notations: The notations of the formulas; empty: the function's own.
        form: The form that is asked for.
        values_only: Whether only numbers are computed.
        limits: The limits that apply.
        naming: Which parts of the formulas get names, as for `formula`.
    """

    function: Function
    variables: Sequence[str]
    at: Mapping[str, Any] | None
    notations: Sequence[Notation]
    form: Form
    values_only: bool
    limits: Limits
    naming: Naming | None = None


class Writer:
    """Writes the formulas of one answer.

    Args:
        request: The request.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.function = request.function
        self.notices = list(request.function.notices)
        self.chosen = chosen_variables(self.function, request.variables, self.notices)
        self.at: Point | None = check_point(self.function, request.at, self.chosen) if request.at else None
        if request.values_only:
            require_point({} if self.at is None else {"": 0.0}, "an answer of values only")

    def computed(self, output: Node, variables: Sequence[str], printed: ArrayDerivative) -> ArrayDerivative:
        """Return the derivative of an output from which its values are computed, given the one that is printed."""
        stable = computed(self.function, output)
        return printed if self.at is None or stable is output else derivative(self.function, stable, variables)

    def values(self, derivatives: Sequence[ArrayDerivative]) -> list[Value | None]:
        """Return the values at the point; None where there is no point."""
        if self.at is None:
            return [None] * len(derivatives)
        return [*derivative_values(self.function, derivatives, self.at, self.request.limits)]

    def value_of(self, output: Node, derivatives: Sequence[Value | None]) -> float | None:
        """Return the value of a scalar at the point; a notice where it has none, but its derivatives have."""
        if self.at is None:
            return None
        if not self.request.values_only:
            note_ties(self.function, output, self.at, self.notices)
        known = [float(entry) for v in derivatives if v is not None for entry in np.ravel(v)]
        if any(map(math.isnan, known)):
            note_singular(self.function, output, self.at, self.notices)
        if output.shape:
            return None
        value = float(values_at(self.function, [computed(self.function, output)], self.at)[0])
        note_outside_domain(self.notices, value, known)
        return value

    def formula(self, found: ArrayDerivative, variable: str, value: Value | None) -> Formula:
        r = self.request
        if found.direction is not None and not r.values_only:
            note(
                self.notices,
                f"the derivative with respect to '{variable}' has no form as a matrix; the formula is the differential, "
                f"the change of the value for a small change {found.direction.name} of '{variable}'"
                + (
                    ""
                    if self.at is None
                    else "; its values are those for a change of one entry, a column for each entry"
                ),
            )
        if r.values_only:
            whole = isinstance(value, np.ndarray)
            return Formula(
                "", None if whole else number(value), (), values=value if isinstance(value, np.ndarray) else None
            )
        return formula(
            self.function, found.node, r.notations, r.limits, value, r.form, notices=self.notices, naming=r.naming
        )


def number(value: Value | None) -> float | None:
    return None if value is None else float(value)


def array_derivative(request: Request) -> Derivative:
    """Return one derivative of a function of arrays, of any shape."""
    function, limits = request.function, request.limits
    require_variables(function, request.variables)
    if len(request.variables) > limits.derivative_order:
        headline = f"the derivative has order {len(request.variables)}"
        raise limit_exceeded("derivative_order", headline, limits.derivative_order, field="variables")
    writer = Writer(request)
    output = component(function)
    found = derivative(function, output, writer.chosen)
    (value,) = writer.values([writer.computed(output, writer.chosen, found)])
    written = writer.formula(found, writer.chosen[-1], value)
    shape = answer_shape(output.shape, found.node.shape if value is None else np.shape(value))
    height = writer.value_of(output, [value])
    return Derivative(written, writer.chosen, height, tuple(writer.notices), shape)


def require_number(function: Function) -> Node:
    """Return the value of a function; INVALID_VALUE where it is a vector or a matrix."""
    output = component(function)
    if output.shape:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression is a vector or a matrix, but this call needs a number",
            "reduce it, for example by sum(...), or use Jacobian",
            field="expression.text",
        )
    return output


# -- gradients -------------------------------------------------------------------------------------------------------


def array_gradient(request: Request, direction: Mapping[str, Any]) -> Gradient:
    """Return the gradient of a scalar function of arrays: for each variable a formula of its shape."""
    function = request.function
    output = require_number(function)
    writer = Writer(request)
    chosen = writer.chosen
    found = [derivative(function, output, [v]) for v in chosen]
    exact = [writer.computed(output, [v], d) for v, d in zip(chosen, found, strict=True)]
    towards = by_variable(function, direction, "direction")
    along = [directional(function, found, chosen, towards)] if direction else []
    values = writer.values([*exact, *([directional(function, exact, chosen, towards)] if direction else [])])
    written = [writer.formula(d, v, value) for d, v, value in zip(found, chosen, values, strict=False)]
    last = writer.formula(along[0], "", values[-1]) if along else None
    norm = None
    shapes = [d.node.shape for d in found]
    if writer.at is not None:
        norm = math.hypot(*[float(np.linalg.norm(np.ravel(v))) for v in values[: len(found)] if v is not None])
        shapes = [np.shape(v) for v in values[: len(found)] if v is not None]
    layout = answer_shape((), shapes[0]) if len(shapes) == 1 and shapes[0] else rows_and_columns(1, entries(shapes))
    height = writer.value_of(output, values)
    return Gradient(chosen, tuple(written), height, norm, last, tuple(writer.notices), layout)


def directional(
    function: Function, gradients: Sequence[ArrayDerivative], variables: Sequence[str], direction: Mapping[str, Any]
) -> ArrayDerivative:
    """Return sum(∇f * u)/|u|."""
    check_names(direction, variables, "direction", "the direction")
    towards: Point = {}
    for name, value in direction.items():
        array = np.asarray(value, dtype=np.float64)
        towards[name] = array if array.ndim else float(array)
    check_finite(towards, "direction")
    length = math.hypot(*[float(np.linalg.norm(np.ravel(v))) for v in towards.values()])
    if not 0 < length < math.inf:
        headline = "the direction is 0" if length == 0 else "the direction is too long"
        raise CalculusError(
            Reason.INVALID_VALUE, headline, "give a vector with a finite length above 0", field="direction"
        )
    with function.lock:
        form = constructors(function)
        terms = []
        for variable, gradient in zip(variables, gradients, strict=True):
            unit = towards[variable] / length
            u = literal(form, variable, unit, variable_of(function, variable).shape)
            terms.append(form.sum(form.mul(u, gradient.node)))
        return ArrayDerivative(form.light(form.add(*terms)))


# -- matrices --------------------------------------------------------------------------------------------------------


def array_jacobian(request: Request) -> Jacobian:
    """Return the derivatives of each component with respect to each variable, blocks of one matrix."""
    function = request.function
    writer = Writer(request)
    chosen = writer.chosen
    blocks = [[derivative(function, f, [v]) for v in chosen] for f in function.outputs]
    exact = [
        writer.computed(f, [v], d)
        for f, row in zip(function.outputs, blocks, strict=True)
        for v, d in zip(chosen, row, strict=True)
    ]
    values = iter(writer.values(exact))
    rows = tuple(
        tuple([writer.formula(d, v, next(values)) for d, v in zip(row, chosen, strict=True)]) for row in blocks
    )
    heights: tuple[float, ...] = ()
    if writer.at is not None:
        found = values_at(function, [computed(function, f) for f in function.outputs], writer.at)
        heights = tuple(float(v) for value in found for v in np.ravel(value))
    sides = [variable_of(function, v).shape for v in chosen]
    height = entries([f.shape for f in function.outputs])
    if writer.at is not None:
        sides = [np.shape(writer.at[v]) if v in writer.at else () for v in chosen]
        height = len(heights)
    layout = rows_and_columns(height, entries(sides))
    determinant, sign, area = square(writer, blocks)
    return Jacobian(chosen, rows, heights, determinant, sign, area, (), tuple(writer.notices), layout)


def square(
    writer: Writer, blocks: Sequence[Sequence[ArrayDerivative]]
) -> tuple[Formula | None, int | None, float | None]:
    """Return the determinant of a Jacobian that is one square matrix, and its sign and size where they are known."""
    found = blocks[0][0] if len(blocks) == len(blocks[0]) == 1 else None
    if found is None or found.direction is not None:
        return None, None, None
    shape = found.node.shape
    if len(shape) != 2 or shape[0] != shape[1]:
        return None, None, None
    with writer.function.lock:
        form = constructors(writer.function)
        node = ArrayDerivative(form.light(form.apply("det", [found.node])))
    (value,) = writer.values([node])
    written = writer.formula(node, "", value)
    size = number(value)
    if size is None or math.isnan(size):
        return written, None, None
    return written, (size > 0) - (size < 0), abs(size)


def array_hessian(request: Request) -> Hessian:
    """Return all second derivatives of a scalar function: a block for each two variables."""
    function = request.function
    output = require_number(function)
    writer = Writer(request)
    chosen = writer.chosen
    shapes = [variable_of(function, v).shape for v in chosen]
    size = entries(shapes)
    if isinstance(size, int) and size**2 > request.limits.matrix_entries:
        headline = f"a Hessian of {size:,} entries of variables has {size**2:,} entries"
        raise limit_exceeded(
            "matrix_entries", headline, request.limits.matrix_entries, "name fewer variables", "variables"
        )
    blocks = second_derivatives(function, output, chosen)
    stable = computed(function, output)
    exact = blocks if stable is output or writer.at is None else second_derivatives(function, stable, chosen)
    values = block_values(writer, exact)
    at = writer.at or {}
    counts = (
        [prod(np.shape(at[v]) if v in at else shape) for v, shape in zip(chosen, shapes, strict=True)] if values else []
    )
    values = symmetric(values, counts) if values else values
    rows = tuple(
        tuple([writer.formula(d, v, value) for d, v, value in zip(row, chosen, numbers, strict=True)])
        for row, numbers in zip(blocks, values if writer.at is not None else no_values(blocks), strict=True)
    )
    whole = assembled(values, counts) if values else None
    kind, eigenvalues = definiteness(whole) if whole is not None and whole.size else (Definiteness.UNKNOWN, ())
    layout = (
        rows_and_columns(size, size) if whole is None else Shape(len(whole), len(whole), f"{len(whole)} x {len(whole)}")
    )
    height = writer.value_of(output, [v for row in values for v in row])
    return Hessian(chosen, rows, height, kind, eigenvalues, tuple(writer.notices), layout)


Blocks = list[list[ArrayDerivative]]


def second_derivatives(function: Function, output: Node, variables: Sequence[str]) -> Blocks:
    """Return the blocks of a Hessian, row by row; those below the diagonal mirror those above."""
    found: Blocks = [[] for _ in variables]
    for i, first in enumerate(variables):
        for j, second in enumerate(variables):
            if j < i and found[j][i].direction is None:
                found[i].append(mirrored(function, found[j][i].node, first, second))
            else:
                found[i].append(derivative(function, output, [first, second]))
    return found


def mirrored(function: Function, block: Node, rows: str, columns: str) -> ArrayDerivative:
    """Return the block below the diagonal: the transpose where both variables are vectors."""
    if len(variable_of(function, rows).shape) != 1 or len(variable_of(function, columns).shape) != 1:
        return ArrayDerivative(block)
    with function.lock:
        form = constructors(function)
        return ArrayDerivative(form.light(form.transpose(block)))


def no_values(blocks: Blocks) -> list[list[Value | None]]:
    return [[None] * len(row) for row in blocks]


def block_values(writer: Writer, blocks: Blocks) -> list[list[Value | None]]:
    """Return the values of blocks at the point, or without one where they are constant; empty where they are unknown."""
    flat = [d for row in blocks for d in row]
    if writer.at is None:
        constant = all(d.direction is None and not symbols([d.node]) for d in flat)
        known = all(isinstance(side, int) for d in flat for side in d.node.shape)
        if not (constant and known):
            return []
        found: list[Value | None] = list(values_at(writer.function, [d.node for d in flat], {}))
    else:
        found = writer.values(flat)
    width = len(blocks)
    return [found[i : i + width] for i in range(0, len(found), width)]


def symmetric(values: list[list[Value | None]], sizes: Sequence[int]) -> list[list[Value | None]]:
    """Return the blocks of a Hessian that is exactly symmetric, given the number of entries of each variable."""
    whole = assembled(values, sizes)
    if whole is None:
        return values
    ends = np.cumsum([0, *sizes]).tolist()
    return [
        [
            part.reshape(v.shape) if isinstance(v, np.ndarray) else float(part.item())
            for v, part in zip(row, np.split(lines, ends[1:-1], axis=1), strict=True)
        ]
        for row, lines in zip(values, np.split(mirror(whole), ends[1:-1]), strict=True)
    ]


def assembled(values: Sequence[Sequence[Value | None]], sizes: Sequence[int]) -> NDArray[np.float64] | None:
    """Return the whole matrix of blocks; None where one has no value.

    Args:
        values: The blocks.
        sizes: The number of entries of each variable.
    """
    blocks = [
        [None if v is None else np.reshape(v, (height, width)) for v, width in zip(row, sizes, strict=True)]
        for row, height in zip(values, sizes, strict=True)
    ]
    known = [[block for block in row if block is not None] for row in blocks]
    if not known or any(len(row) < len(sizes) for row in known):
        return None
    return np.asarray(np.block(known), dtype=np.float64)
