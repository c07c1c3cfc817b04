"""One derivative, and all first partials, as formulas."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from secantd.calculus import forward
from secantd.calculus.formulas import Allowance, formula, note_outside_domain, note_texts_without_value
from secantd.calculus.lightforms import is_unwieldy, light_form, light_of, remember_origin
from secantd.calculus.point import check_finite, check_names, check_point, require_point, scalar
from secantd.calculus.results import Derivative, Form, Formula, Gradient, Naming
from secantd.calculus.variables import by_variable, chosen_variables, require_variables
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node, algebra
from secantd.language import Function, Notation, Slot
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["differentiate", "expect_many", "gradient_answer", "light_derivative", "light_form"]

# From so many variables on, a map from each node to the nodes that use it pays.
MANY: Final = 8

# Keys: expression and variable.
DERIVATIVES: Final[Slot[Node]] = Slot("derivatives")
# Keys: output.
USERS: Final[Slot[forward.Users]] = Slot("users of nodes")


def light_derivative(
    function: Function, output: Node, variables: Sequence[str], *, limits: Limits | None = None
) -> Node:
    """Return ∂ⁿoutput/∂x₁…∂xₙ in the light form; derivatives are cached with the function.

    Args:
        function: The function that owns the nodes.
        output: The expression.
        variables: x₁, …, xₙ, each as often as it is differentiated with respect to.
        limits: The limits that apply.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE; LIMIT_EXCEEDED where it is too long to print.
    """
    longest = (limits or DEFAULT_LIMITS).output_length
    with function.lock:
        node = output
        for variable in variables:
            key = (node.index, variable)
            found = function.memory.find(DERIVATIVES, key)
            if found is None:
                found = function.memory.keep(DERIVATIVES, key, derived(function, node, variable, longest))
            elif not is_unwieldy(function, found):
                remember_origin(function, found, node, variable)
            node = found
        return node if variables else light_of(function, node, longest)


def derived(function: Function, node: Node, variable: str, longest: int) -> Node:
    users = function.memory.find(USERS, node.index)
    raw = forward.derivative(function.graph, node, variable, users)
    return light_of(function, raw, longest, origin=node, variable=variable)


def expect_many(function: Function, output: Node, variables: Sequence[str]) -> None:
    """Prepare for derivatives of one output with respect to many variables.

    Args:
        function: The function.
        output: The output.
        variables: The variables of the derivatives.
    """
    if len(variables) > MANY:
        with function.lock:
            if function.memory.find(USERS, output.index) is None:
                function.memory.keep(USERS, output.index, forward.Users(output))


def differentiate(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    *,
    naming: Naming | None = None,
    limits: Limits | None = None,
) -> Derivative:
    """Return one derivative of a scalar function.

    Args:
        function: The function.
        variables: The variables to differentiate with respect to, in order, each as often as it is named; empty: the
            only variable.
        at: A point at which f and the derivative are evaluated.
        notations: The notations of the formula; empty: the function's own.
        form: How far the formula is simplified.
        naming: Which parts of the formula get names; None: the default of `formula`.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE for a vector function, or if `variables` is empty and the function does not have
            exactly one; UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> differentiate(read("x * exp(x)"), ["x"]).derivative.text
    '(1 + x) * exp(x)'
    """
    limits = limits or DEFAULT_LIMITS
    function = function.to_print()
    if function.arrays:
        from secantd.calculus.arrays.answers import Request, array_derivative

        return array_derivative(Request(function, variables, at, notations, form, False, limits, naming))
    notices = list(function.notices)
    output = scalar(function)
    require_variables(function, variables)
    if len(variables) > limits.derivative_order:
        raise limit_exceeded(
            "derivative_order", f"the derivative has order {len(variables)}", limits.derivative_order, field="variables"
        )
    chosen = chosen_variables(function, variables, notices)
    node = light_derivative(function, output, chosen, limits=limits)
    value = derived = None
    are_limits = [False, False]
    if at:
        from secantd.calculus.numbers import derivative_at
        from secantd.calculus.settle import Wanted, settle

        at = check_point(function, at, chosen)
        value, derived = derivative_at(function, chosen, at, node, notices)
        found = [value, derived]
        are_limits = settle(function, [Wanted(output), Wanted(output, chosen)], found, at, notices, limits)
        value, derived = found
        note_outside_domain(notices, value, [derived])
        note_texts_without_value(function, notices, [node], [derived], are_limits[1:], at)
    written = formula(
        function, node, notations, limits, derived, form, notices=notices, value_is_limit=are_limits[1], naming=naming
    )
    return Derivative(written, chosen, value, tuple(notices), value_is_limit=are_limits[0])


def gradient_answer(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    values_only: bool = False,
    direction: Mapping[str, float] | None = None,
    *,
    naming: Naming | None = None,
    limits: Limits | None = None,
) -> Gradient:
    """Return all first partials of a scalar function, shape 1 x n.

    Args:
        function: The function.
        variables: The order of the partials; empty: all variables.
        at: A point at which f and the partials are evaluated.
        notations: The notations of the formulas; empty: the function's own.
        form: How far the formulas are simplified.
        naming: Which parts of the formulas get names; None: the default of `formula`.
        values_only: Whether only numbers are computed, in reverse mode; needs `at`.
        direction: A vector u of finite length above 0, for the directional derivative ∇f·u/|u|.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE for a vector function or a direction of length 0; UNKNOWN_VARIABLE,
            NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> [p.text for p in gradient_answer(read("x^2 + x*y")).partials]
    ['2 * x + y', 'x']
    """
    limits = limits or DEFAULT_LIMITS
    function = function if values_only else function.to_print()
    if function.arrays:
        from secantd.calculus.arrays.answers import Request, array_gradient

        return array_gradient(
            Request(function, variables, at, notations, form, values_only, limits, naming), direction or {}
        )
    notices = list(function.notices)
    output = scalar(function)
    chosen = chosen_variables(function, variables, notices, parted=True)
    nodes: tuple[Node, ...] = ()
    if values_only:
        from secantd.calculus.numbers import partials

        nodes = partials(function, 1, chosen)[1:]
    else:
        expect_many(function, output, chosen)
        nodes = tuple(light_derivative(function, output, [v], limits=limits) for v in chosen)
    towards = unit_direction(chosen, by_variable(function, direction or {}, "direction"))
    along = [directional(function, nodes, chosen, towards)] if towards else []
    value: float | None = None
    norm: float | None = None
    found: list[float] | None = None
    are_limits = [False] * (len(nodes) + 1)
    if at:
        from secantd.calculus.numbers import numbers_at
        from secantd.calculus.settle import settle, wanted_up_to

        at = check_point(function, at, chosen)
        numbers = numbers_at(function, 1, chosen, at, notices=notices)
        are_limits = settle(function, wanted_up_to(output, chosen, 1), numbers, at, notices, limits)
        value, *found = numbers
        norm = math.hypot(*found)
        if towards:
            found.append(sum([u * g for v, g in zip(chosen, found, strict=True) if (u := towards.get(v, 0.0))]))
            are_limits.append(any(are_limits[1:]))
        note_outside_domain(notices, value, found)
        if not values_only:
            note_texts_without_value(function, notices, nodes, found, are_limits[1:], at)
    elif values_only:
        require_point({}, "an answer of values only")
    written = []
    allowance = Allowance(limits)
    for i, node in enumerate((*nodes, *along)):
        number = None if found is None else found[i]
        limit = found is not None and are_limits[i + 1]
        if values_only:
            written.append(Formula("", number, (), form, limit))
        else:
            written.append(
                formula(
                    function,
                    node,
                    notations,
                    limits,
                    number,
                    form,
                    notices=notices,
                    value_is_limit=limit,
                    naming=naming,
                    allowance=allowance,
                )
            )
    last = written.pop() if along else None
    return Gradient(chosen, tuple(written), value, norm, last, tuple(notices), value_is_limit=are_limits[0])


def unit_direction(variables: Sequence[str], direction: Mapping[str, float]) -> dict[str, float]:
    """Return u/|u|; empty where there is no direction."""
    if not direction:
        return {}
    check_names(direction, variables, "direction", "the direction")
    check_finite(direction, "direction")
    length = math.hypot(*direction.values())
    if not 0 < length < math.inf:
        headline = "the direction is 0" if length == 0 else "the direction is too long"
        raise CalculusError(
            Reason.INVALID_VALUE, headline, "give a vector with a finite length above 0", field="direction"
        )
    return {name: value / length for name, value in direction.items()}


def directional(
    function: Function, nodes: Sequence[Node], variables: Sequence[str], towards: Mapping[str, float]
) -> Node:
    """Return ∇f·u for a vector u of length 1."""
    with function.lock:
        graph = function.graph
        form = light_form(function)
        parts = [
            algebra.mul(graph, [graph.number(towards[v]), n])
            for v, n in zip(variables, nodes, strict=True)
            if towards.get(v)
        ]
        return form.of(algebra.add(graph, parts))
