"""Derivatives, gradients, Jacobians and Hessians of functions of arrays as answers: formulas and their values."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from secantd.calculus.arrays.derivatives import ArrayDerivative
from secantd.calculus.arrays.exceptions import note_singular, note_ties
from secantd.calculus.arrays.functions import computed, constructors, derivative, exact_derivative, variable_of
from secantd.calculus.arrays.layouts import answer_shape, entries, literal, rows_and_columns
from secantd.calculus.arrays.points import Point, Value, check_finite, check_point, derivative_values, values_at
from secantd.calculus.arrays.settling import Block, Settled, settle_arrays
from secantd.calculus.formulas import Allowance, formula, note, note_outside_domain
from secantd.calculus.point import check_names, component, require_point
from secantd.calculus.results import Derivative, Form, Formula, Gradient, Naming
from secantd.calculus.variables import by_variable, chosen_variables, require_variables
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = [
    "Request",
    "Writer",
    "array_derivative",
    "array_gradient",
    "height_is_limit",
    "height_of",
    "number",
    "require_number",
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


# Derivatives of this order on are not looked at for limits.
HIGHER = 3


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
        self.allowance = Allowance(request.limits)
        # Whether a number on the way to a value was too large.
        self.happened = set[str]()
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
        return [*derivative_values(self.function, derivatives, self.at, self.request.limits, self.happened)]

    def settled(self, output: Node, blocks: Sequence[tuple[tuple[str, ...], Value | None]]) -> Settled | None:
        """Return the value and the derivatives of an output at the point, with limits; None without a point.

        Adds a notice if the output has no value although its derivatives have.

        Args:
            output: The output.
            blocks: The derivatives, each with its variables.
        """
        if self.at is None:
            return None
        if not self.request.values_only:
            note_ties(self.function, output, self.at, self.notices)
        (value,) = values_at(self.function, [computed(self.function, output)], self.at, self.happened)
        known = [Block(variables, v) for variables, v in blocks if v is not None]
        if any(bool(np.isnan(v).any()) for v in (value, *[b.value for b in known])):
            note_singular(self.function, output, self.at, self.notices)
        limits = self.request.limits
        found = settle_arrays(self.function, output, value, known, self.at, self.notices, limits, self.happened)
        if not output.shape:
            note_outside_domain(self.notices, float(found.value), [float(e) for v in found.blocks for e in np.ravel(v)])
        return found

    def formula(self, found: ArrayDerivative, variable: str, value: Value | None, is_limit: bool = False) -> Formula:
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
                "",
                None if whole else number(value),
                (),
                value_is_limit=is_limit,
                values=value if isinstance(value, np.ndarray) else None,
            )
        return formula(
            self.function,
            found.node,
            r.notations,
            r.limits,
            value,
            r.form,
            notices=self.notices,
            value_is_limit=is_limit,
            naming=r.naming,
            allowance=self.allowance,
            exact=exact_derivative(self.function, found.node) if r.form is not Form.LIGHT else None,
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
    settled = writer.settled(output, [(writer.chosen, value)] if len(writer.chosen) < HIGHER else [])
    is_limit = False
    if settled is not None and settled.blocks:
        (value,), (is_limit,) = settled.blocks, settled.are_limits
    written = writer.formula(found, writer.chosen[-1], value, is_limit)
    shape = answer_shape(output.shape, found.node.shape if value is None else np.shape(value))
    height = height_of(output, settled)
    return Derivative(
        written, writer.chosen, height, tuple(writer.notices), shape, value_is_limit=height_is_limit(settled, height)
    )


def height_of(output: Node, settled: Settled | None) -> float | None:
    """Return the value of a scalar at the point."""
    return None if settled is None or output.shape else float(settled.value)


def height_is_limit(settled: Settled | None, height: float | None) -> bool:
    return settled is not None and height is not None and settled.values_are_limits == (True,)


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
    settled = writer.settled(output, [((v,), value) for v, value in zip(chosen, values, strict=False)])
    limits = [False] * len(chosen)
    if settled is not None:
        if settled.changed and along:
            values[-1] = along_direction(chosen, settled.blocks, towards)
        values[: len(chosen)], limits = settled.blocks, settled.are_limits
    written = [
        writer.formula(d, v, value, limit) for d, v, value, limit in zip(found, chosen, values, limits, strict=False)
    ]
    last = writer.formula(along[0], "", values[-1]) if along else None
    norm = None
    shapes = [d.node.shape for d in found]
    if writer.at is not None:
        norm = math.hypot(*[float(np.linalg.norm(np.ravel(v))) for v in values[: len(found)] if v is not None])
        shapes = [np.shape(v) for v in values[: len(found)] if v is not None]
    layout = answer_shape((), shapes[0]) if len(shapes) == 1 and shapes[0] else rows_and_columns(1, entries(shapes))
    height = height_of(output, settled)
    return Gradient(
        chosen,
        tuple(written),
        height,
        norm,
        last,
        tuple(writer.notices),
        layout,
        value_is_limit=height_is_limit(settled, height),
    )


def along_direction(variables: Sequence[str], gradients: Sequence[Value], direction: Mapping[str, Any]) -> float:
    """Return sum(∇f * u)/|u|."""
    parts = [np.ravel(np.asarray(direction[v], np.float64)) for v in variables]
    total = sum(float(np.sum(u * np.ravel(g))) for u, g in zip(parts, gradients, strict=True))
    return total / math.hypot(*[float(np.linalg.norm(u)) for u in parts])


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
