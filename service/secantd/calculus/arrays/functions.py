"""Derivatives of a function that was read; its memory keeps them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from secantd.calculus.arrays.derivatives import ArrayDerivative, derivative_of, direction_of
from secantd.calculus.arrays.differentials import differential_of
from secantd.calculus.lightforms import constructors
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function, Slot
from secantd.program import stable_outputs

__all__ = [
    "bounded_depth",
    "computed",
    "constructors",
    "derivative",
    "differential",
    "exact_derivative",
    "gradient",
    "hessian",
    "jacobian",
    "remember",
    "variable_of",
]

# Keys: the node of a derivative. The output that was differentiated, and the variables.
ORIGINS: Slot[tuple[Node, tuple[str, ...]]] = Slot("origins of derivatives of arrays")
# Keys: whether it is exact, output and variables.
DERIVATIVES: Slot[ArrayDerivative] = Slot("derivatives of arrays")


@contextmanager
def bounded_depth() -> Iterator[None]:
    """Refuse expressions whose rules call each other too deeply: transposes and linear maps of a thousand levels."""
    try:
        yield
    except RecursionError:
        raise CalculusError(
            Reason.LIMIT_EXCEEDED,
            "the expression of vectors and matrices is nested too deeply",
            "nest fewer calls and products",
            field="expression.text",
        ) from None


def variable_of(function: Function, name: str) -> Node:
    """Return the symbol of a variable; a number where the function does not have it."""
    return function.graph.symbol(name)


def gradient(function: Function, output: Node, variable: str) -> Node:
    """Return the gradient of a scalar in the light form, in the shape of the variable.

    Args:
        function: The function that owns the nodes.
        output: A scalar.
        variable: The variable, whole.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE.
    """
    return derivative(function, output, [variable]).node


def computed(function: Function, printed: Node) -> Node:
    """Return the output from which numbers are computed in place of the one that is printed; see `program.rescaled`."""
    places = [i for i, output in enumerate(function.outputs) if output is printed]
    return stable_outputs(function)[places[0]] if places else printed


def jacobian(function: Function, output: Node, variable: str) -> ArrayDerivative:
    """Return the derivative of an expression with respect to a variable: a matrix where both are vectors."""
    return derivative(function, output, [variable])


def hessian(function: Function, output: Node, rows: str, columns: str) -> ArrayDerivative:
    """Return the block of a scalar's Hessian with the entries of one variable as rows, those of another as columns."""
    return derivative(function, output, [rows, columns])


def differential(function: Function, output: Node, variable: str) -> ArrayDerivative:
    """Return the change of an expression for a change of a variable, whose symbol is the answer's `direction`."""
    with function.lock, bounded_depth():
        form = constructors(function)
        symbol = variable_of(function, variable)
        direction = direction_of(form, symbol)
        return ArrayDerivative(differential_of(form, output, symbol, direction), direction)


def derivative(function: Function, output: Node, variables: Sequence[str], *, exact: bool = False) -> ArrayDerivative:
    """Return the derivative of an expression with respect to variables, one after the other.

    Args:
        function: The function that owns the nodes.
        output: The expression.
        variables: The variables, whole, each as often as it is differentiated with respect to.
        exact: Whether constants stay as they are: 1/3.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE; INVALID_VALUE where a derivative of a differential would be needed.
    """
    with function.lock, bounded_depth():
        form = constructors(function, exact=exact)
        found = ArrayDerivative(form.light(output) if not variables else output)
        for i, variable in enumerate(variables):
            if found.direction is not None:
                raise CalculusError(
                    Reason.INVALID_VALUE,
                    f"the derivative with respect to {', '.join(variables[:i])} is an array of rank 3 or more",
                    "differentiate fewer times, or with respect to numbers",
                    field="variables",
                )
            key = (exact, output.index, *variables[: i + 1])
            make = partial(derivative_of, form, found.node, variable_of(function, variable))
            found = function.memory.get(DERIVATIVES, key, make)
    if not exact:
        remember(function, found.node, output, variables)
    return found


def remember(function: Function, node: Node, output: Node, variables: Sequence[str]) -> None:
    """Remember of what a node is the derivative, for its exact form."""
    with function.lock:
        function.memory.get(ORIGINS, node.index, lambda: (output, tuple(variables)))


def exact_derivative(function: Function, node: Node) -> Node | None:
    """Return the exact form of a derivative, None if it is not known of what.

    Args:
        function: The function that owns the node.
        node: A derivative, or an expression in the light form.
    """
    with function.lock:
        origin = function.memory.find(ORIGINS, node.index)
    return None if origin is None else derivative(function, *origin, exact=True).node
