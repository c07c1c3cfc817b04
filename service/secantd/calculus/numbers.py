"""The one program from which every call takes the numbers of a function: f, its gradient and its Hessian.

f is written so that it does not overflow (`program.rescaled`), then differentiated in reverse mode. Formulas that are
printed are derived from the author's text in forward mode; their values at a point are those of this program.
"""

import math
from collections.abc import Mapping
from typing import Final

from secantd.calculus import reverse
from secantd.calculus.formulas import CANCELS, note, values_at
from secantd.calculus.point import require_no_rows
from secantd.expression import Node, reachable, symbols
from secantd.language import Function, Slot
from secantd.program import Program, stable_outputs
from secantd.program import compile as compile_program

__all__ = ["Numbers", "derivative_at", "numbers_at", "numbers_of", "partials"]

OVERFLOWS: Final = "f or a derivative overflows at this point: it is larger than 1.8e308, the largest double"
# The largest derivative of order 3 or more, in nodes: each order multiplies the size.
LARGEST = 20_000

# Keys: the variables.
HIGHER: Slot[tuple[Node, ...]] = Slot("nodes of derivatives of high order")
# Keys: component, order and variables.
NODES: Slot[tuple[Node, ...]] = Slot("nodes of values")
PROGRAMS: Slot["Numbers"] = Slot("programs of values")


class Numbers:
    """The program of f, its partials, and the upper triangle of its Hessian row by row.

    Attributes:
        nodes: The nodes of its values.
        inputs: The variables that they contain.
        program: Computes them.
    """

    def __init__(self, function: Function, order: int, variables: tuple[str, ...], component: int) -> None:
        self.nodes = partials(function, order, variables, component)
        self.inputs = symbols(self.nodes)
        self.program: Program = compile_program(self.nodes, self.inputs, function.graph.columns)

    def missing(self, point: Mapping[str, float]) -> list[str]:
        """Return notices on values at a point that are larger than all doubles, or whose digits cancel."""
        overflows, cancels = self.program.missing([point[name] for name in self.inputs])
        return [OVERFLOWS] * overflows + [CANCELS] * cancels

    def at(self, point: Mapping[str, float]) -> list[float]:
        """Return the values at a point."""
        return self.program.point([point[name] for name in self.inputs])


def partials(function: Function, order: int, variables: tuple[str, ...], component: int = 0) -> tuple[Node, ...]:
    """Return the nodes of f, its partials and the upper triangle of its Hessian, up to an order.

    Args:
        function: The function.
        order: 0, 1 or 2.
        variables: The variables of the derivatives.
        component: Which output is f.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE.
    """

    def make() -> tuple[Node, ...]:
        output = stable_outputs(function)[component]
        nodes = [output]
        first = reverse.gradient(function.graph, output, variables) if order else ()
        nodes += first
        for i, partial in enumerate(first if order == 2 else ()):
            nodes += reverse.gradient(function.graph, partial, variables[i:])
        return tuple(nodes)

    with function.lock:
        return function.memory.get(NODES, (component, order, variables), make)


def numbers_of(function: Function, order: int, variables: tuple[str, ...], component: int = 0) -> Numbers:
    """Return the program of f and its derivatives, made once; see `partials`."""
    key = (component, order, variables)
    return function.memory.get(PROGRAMS, key, lambda: Numbers(function, order, variables, component))


def numbers_at(
    function: Function,
    order: int,
    variables: tuple[str, ...],
    at: Mapping[str, float],
    component: int = 0,
    notices: list[str] | None = None,
) -> list[float]:
    """Return f and its derivatives at a point, NaN and Inf as IEEE 754 defines them.

    Args:
        function: The function that owns the nodes.
        order: 0, 1 or 2.
        variables: The variables of the derivatives.
        at: The value of each variable.
        component: Which output is f.
        notices: Receives notices on values that overflow, or are lost.

    Raises:
        CalculusError: INVALID_VALUE where f has a value for each row of data; NOT_DIFFERENTIABLE.
    """
    require_no_rows([function.outputs[component]], "at")
    numbers = numbers_of(function, order, variables, component)
    found = numbers.at(at)
    if notices is not None and not all(map(math.isfinite, found)):
        for notice in numbers.missing(at):
            note(notices, notice)
    return found


def derivative_at(
    function: Function,
    variables: tuple[str, ...],
    at: Mapping[str, float],
    printed: Node,
    notices: list[str] | None = None,
) -> tuple[float, float]:
    """Return f and ∂ⁿf/∂x₁…∂xₙ at a point.

    Args:
        function: A scalar function.
        variables: x₁, …, xₙ.
        at: The value of each variable.
        printed: The formula of the derivative that an answer prints: the numbers of high order that no program has.
        notices: Receives notices on values that overflow, or are lost.
    """
    if len(variables) <= 2:
        names = tuple(dict.fromkeys(variables))
        # Of f, ∂f/∂x, ∂f/∂y, ∂²f/∂x², ∂²f/∂x∂y, ∂²f/∂y².
        place = 0 if not variables else 1 if len(variables) == 1 else 2 * len(names)
        found = numbers_at(function, len(variables), names, at, notices=notices)
        return found[0], found[place]
    (value,) = numbers_at(function, 0, (), at, notices=notices)
    (found_,) = values_at(function, high_derivative(function, variables) or [printed], at)
    if not math.isfinite(found_):
        (found_,) = values_at(function, [printed], at)
    return value, found_


def high_derivative(function: Function, variables: tuple[str, ...]) -> tuple[Node, ...]:
    """Return a derivative of f as it is computed; empty where the printed formula is as good, or this one is too large."""

    def make() -> tuple[Node, ...]:
        (node,) = stable_outputs(function)
        if node is function.outputs[0]:
            return ()
        for variable in variables:
            (node,) = reverse.gradient(function.graph, node, (variable,))
            if len(reachable([node])) > LARGEST:
                return ()
        return (node,)

    with function.lock:
        return function.memory.get(HIGHER, variables, make)
