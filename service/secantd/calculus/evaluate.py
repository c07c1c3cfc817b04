"""Values, gradients and Hessians at many points."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import reverse
from secantd.calculus.answers import Evaluation
from secantd.calculus.point import chosen_variables, scalar
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, symbols
from secantd.language import Function
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.settings import Limits

__all__ = ["evaluate"]


def evaluate(
    function: Function,
    columns: Mapping[str, NDArray[np.float64]],
    order: int = 0,
    variables: Sequence[str] = (),
    *,
    limits: Limits | None = None,
) -> Evaluation:
    """Return f, and with order 1 and 2 its first and second partials, at N points.

    Args:
        function: A scalar function.
        columns: One array for each variable, shape (N,); one of shape (1,) stands for all points.
        order: 0, 1 or 2.
        variables: The order of the derivatives; empty: all.
        limits: What is allowed.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE.

    >>> from secantd.language import read
    >>> e = evaluate(read("x^2*y"), {"x": np.array([1.0, 2.0]), "y": np.array([3.0])}, 1)
    >>> e.values, dict(e.derivatives)["x"]
    (array([ 3., 12.]), array([ 6., 12.]))
    """
    chosen = chosen_variables(function, variables, [])
    program, names, inputs = prepared(function, order, chosen)
    count = common_length(columns)
    for name in inputs:
        if name not in columns:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"there is no column for '{name}'",
                f"send a column named {name}",
                field="points",
                metadata={"name": name},
            )
    for name in columns:
        if name not in inputs and name not in function.variables and name not in chosen:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' is not a variable of the expression",
                f"its variables are {', '.join(inputs[:10]) or 'none'}",
                field="points",
                metadata={"name": name},
            )
    results = program.batch({name: np.broadcast_to(columns[name], (count,)) for name in inputs}) if inputs else None
    if results is None:
        results = [np.full(count, v) for v in program.point([])]
    return Evaluation(results[0], tuple(zip(names, results[1:], strict=True)), chosen)


def common_length(columns: Mapping[str, NDArray[np.float64]]) -> int:
    """Return N: the length of all columns but those of length 1."""
    lengths = {len(c) for c in columns.values()}
    longest = max(lengths, default=1)
    if len(lengths - {1}) > 1:
        listed = ", ".join(f"{n}: {len(c):,}" for n, c in list(columns.items())[:10])
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the columns are of different lengths ({listed})",
            "send one value for each point",
            field="points",
        )
    return 0 if 0 in lengths else longest


def prepared(function: Function, order: int, variables: tuple[str, ...]) -> tuple[Program, list[str], list[str]]:
    """Return the program of f and its derivatives, their names, and the variables it reads."""
    if order not in (0, 1, 2):
        raise CalculusError(Reason.INVALID_VALUE, f"the order {order} is not 0, 1 or 2", field="order")
    with function.lock:
        key = ("evaluate", order, variables)
        if key not in function.memory:
            nodes, names = derivatives(function, order, variables)
            if any(n.rows > 1 for n in nodes):
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    "the expression has one value for each row of its data, and a point takes one",
                    "write sum(...) around it, or send the data as points",
                    field="expression.text",
                )
            inputs = symbols(nodes)
            function.memory[key] = (compile_program(nodes, inputs, function.graph.columns), names, inputs)
        found: tuple[Program, list[str], list[str]] = function.memory[key]
        return found


def derivatives(function: Function, order: int, variables: tuple[str, ...]) -> tuple[list[Node], list[str]]:
    """Return f, its partials and the upper triangle of its Hessian, and the names of the derivatives."""
    output = scalar(function)
    nodes: list[Node] = [output]
    names: list[str] = []
    if order:
        first = reverse.gradient(function.graph, output, variables)
        nodes += first
        names += variables
        if order == 2:
            for i, partial in enumerate(first):
                nodes += reverse.gradient(function.graph, partial, variables[i:])
                names += [f"{variables[i]} {v}" for v in variables[i:]]
    return nodes, names
