"""One derivative, and all first partials, as formulas."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from secantd.algebra import Light, limit_at
from secantd.calculus import forward, reverse
from secantd.calculus.answers import Derivative, Form, Formula, Gradient
from secantd.calculus.formulas import formula, values_at
from secantd.calculus.point import check_point, chosen_variables, scalar
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node, algebra, symbols
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = ["differentiate", "expect_many", "gradient_answer", "light_derivative"]

# Variables from which on it pays to know which nodes use which.
MANY = 8


def light_derivative(function: Function, output: Node, variables: Sequence[str]) -> Node:
    """Return ∂ⁿoutput/∂x₁…∂xₙ in the light form; what was derived once is kept with the function."""
    with function.lock:
        form: Light = function.memory.setdefault("light", Light(function.graph))
        node = output
        for i, variable in enumerate(variables):
            key = ("derivative", output.index, *variables[: i + 1])
            if key not in function.memory:
                users = function.memory.get(("users", node.index))
                function.memory[key] = form.of(forward.derivative(function.graph, node, variable, users))
            node = function.memory[key]
        return node if variables else form.of(node)


def expect_many(function: Function, output: Node, variables: Sequence[str]) -> None:
    """Make ready for derivatives of one output by many variables."""
    if len(variables) > MANY:
        with function.lock:
            function.memory.setdefault(("users", output.index), forward.Users(output))


def differentiate(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    *,
    limits: Limits | None = None,
) -> Derivative:
    """Return one derivative by `variables` in order, each as often as it is named.

    Raises:
        CalculusError: INVALID_VALUE for a vector function, or where `variables` is empty and there are
            several; UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> differentiate(read("x * exp(x)"), ["x"]).derivative.text
    '(1 + x) * exp(x)'
    """
    limits = limits or Limits()
    notices = list(function.notices)
    output = scalar(function)
    if not variables and len(function.variables) != 1:
        names = ", ".join(function.variables[:10])
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the expression has several variables: {names}" if names else "the expression has no variable",
            "say by which to differentiate" if names else "name one, or write a formula such as x^2",
            field="variables",
        )
    if len(variables) > limits.derivative_order:
        raise limit_exceeded(
            "derivative_order", f"a derivative of order {len(variables)}", limits.derivative_order, field="variables"
        )
    chosen = chosen_variables(function, variables, notices)
    node = light_derivative(function, output, chosen)
    value = derived = None
    limit = False
    if at:
        check_point(function, at, chosen)
        value, derived = values_at(function, [output, node], at)
        if math.isnan(derived):
            found = by_limit(function, node, at, limits)
            limit, derived = found is not None, derived if found is None else found
        if math.isnan(value):
            found = by_limit(function, output, at, limits)
            if found is not None:
                value = found
                notices.append("the value of f is a limit: the formula itself is 0/0 there")
    written = formula(function, node, notations, limits, derived, form, notices)
    if limit:
        written = replace(written, value_is_limit=True)
    return Derivative(written, chosen, value, tuple(notices))


def by_limit(function: Function, node: Node, at: Mapping[str, float], limits: Limits) -> float | None:
    """Return the limit of a node that is NaN at a point, None where there is none or it is not found."""
    inputs = symbols([node])
    if len(inputs) != 1 or not math.isfinite(at[inputs[0]]):
        return None
    with function.lock:
        return limit_at(function.graph, node, inputs[0], at[inputs[0]], limits.algebra_seconds)


def gradient_answer(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    values_only: bool = False,
    direction: Mapping[str, float] | None = None,
    *,
    limits: Limits | None = None,
) -> Gradient:
    """Return all first partials of a scalar function, shape 1 x n.

    Raises:
        CalculusError: INVALID_VALUE for a vector function or a direction of length 0; UNKNOWN_VARIABLE,
            NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> [p.text for p in gradient_answer(read("x^2 + x*y")).partials]
    ['2 * x + y', 'x']
    """
    limits = limits or Limits()
    notices = list(function.notices)
    output = scalar(function)
    chosen = chosen_variables(function, variables, notices)
    if values_only:
        with function.lock:
            nodes = reverse.gradient(function.graph, output, chosen)
    else:
        expect_many(function, output, chosen)
        nodes = tuple(light_derivative(function, output, [v]) for v in chosen)
    along = [directional(function, nodes, chosen, direction)] if direction else []
    value: float | None = None
    found: list[float] | None = None
    if at:
        check_point(function, at, chosen)
        value, *found = values_at(function, [output, *nodes, *along], at)
    elif values_only:
        raise CalculusError(Reason.INVALID_VALUE, "values need a point", "give `at`", field="at")
    written = []
    for i, node in enumerate((*nodes, *along)):
        number = None if found is None else found[i]
        if values_only:
            written.append(Formula("", number, (), form))
        else:
            written.append(formula(function, node, notations, limits, number, form, notices))
    norm = None if found is None else math.hypot(*found[: len(nodes)])
    last = written.pop() if along else None
    return Gradient(chosen, tuple(written), value, norm, last, tuple(notices))


def directional(
    function: Function, nodes: Sequence[Node], variables: Sequence[str], direction: Mapping[str, float]
) -> Node:
    """Return ∇f·u/|u|."""
    for name in direction:
        if name not in variables:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' is not one of the variables",
                field="direction",
                metadata={"name": name},
            )
    length = math.hypot(*direction.values())
    if not 0 < length < math.inf:
        raise CalculusError(Reason.INVALID_VALUE, "a direction has a finite length above 0", field="direction")
    with function.lock:
        graph = function.graph
        form: Light = function.memory.setdefault("light", Light(graph))
        parts = [
            algebra.mul(graph, [graph.number(direction[v] / length), n])
            for v, n in zip(variables, nodes, strict=True)
            if direction.get(v)
        ]
        return form.of(algebra.add(graph, parts))
