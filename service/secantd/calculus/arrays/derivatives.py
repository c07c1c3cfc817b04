"""The derivative of any expression with respect to one variable: an array, or the differential where no array has it."""

from dataclasses import dataclass

from secantd.algebra.arrays import Arrays, by_diagonals, entry_by_entry, is_zero
from secantd.calculus.arrays.differentials import differential_of
from secantd.calculus.arrays.gradient import reverse_gradient
from secantd.calculus.arrays.linearmaps import NoMatrixError, matrix_of
from secantd.expression import Node, reachable

__all__ = ["ArrayDerivative", "derivative_of", "direction_of", "gradient_of", "second_derivative_of"]


@dataclass(frozen=True, slots=True)
class ArrayDerivative:
    """A derivative.

    Attributes:
        node: The derivative, of the shape of the expression followed by that of the variable; or the differential: the
            change of the expression for a change `direction` of the variable.
        direction: The symbol of the change, None where `node` is the derivative itself.
    """

    node: Node
    direction: Node | None = None


def direction_of(form: Arrays, variable: Node) -> Node:
    """Return the symbol of a change of a variable, with a name that the graph does not have.

    >>> from secantd.expression import Graph
    >>> g = Graph()
    >>> direction_of(Arrays(g), g.symbol("x", (3,))).name
    'dx'
    """
    graph = form.graph
    stem = "".join(c for c in variable.name if c.isalnum() or c in "_.")
    taken = {n.name: n for n in graph.nodes if n.op in ("symbol", "data")}
    name = f"d{stem}"
    while name in taken and graph.directions.get(taken[name].index) is not variable:
        name = f"d{name}"
    symbol = graph.symbol(name, variable.shape)
    graph.directions[symbol.index] = variable
    if variable.name in graph.symmetric:
        graph.symmetric.add(name)
    return symbol


def derivative_of(form: Arrays, output: Node, variable: Node) -> ArrayDerivative:
    """Return the derivative of an expression with respect to a variable, in the light form.

    A scalar has a derivative of the variable's shape, a vector one with respect to a number (a vector) or a vector (the
    Jacobian matrix), a matrix one with respect to a number. Others have an array of rank 3 or more: they get the
    differential.

    Args:
        form: The constructors of the graph.
        output: The expression.
        variable: A symbol.

    Raises:
        CalculusError: NOT_DIFFERENTIABLE where a rule is missing.
    """
    if not output.shape:
        return ArrayDerivative(entry_by_entry(form, gradient_of(form, output, variable)))
    if not variable.shape:
        return ArrayDerivative(differential_of(form, output, variable, form.one))
    direction = direction_of(form, variable)
    change = differential_of(form, output, variable, direction)
    if len(output.shape) + len(variable.shape) > 2:
        return ArrayDerivative(change, direction)
    if is_zero(change):
        return ArrayDerivative(form.fill(form.zero, (*output.shape, *variable.shape)))
    try:
        matrix = entry_by_entry(form, form.light(matrix_of(form, change, direction)))
        return ArrayDerivative(by_diagonals(form, matrix))
    except NoMatrixError:
        return ArrayDerivative(change, direction)


def gradient_of(form: Arrays, output: Node, variable: Node) -> Node:
    """Return the derivative of a scalar with respect to a variable, in the shape of the variable and the light form.

    It is made in reverse mode. With respect to a number, recursions over rows are differentiated forward, so that one loop
    computes a derivative, without the path of another one.

    Args:
        form: The constructors of the graph.
        output: A scalar.
        variable: A symbol.
    """
    if not variable.shape and any(n.op == "scan" for n in reachable([output])):
        return differential_of(form, output, variable, form.one)
    return reverse_gradient(form, output, variable)


def second_derivative_of(form: Arrays, output: Node, first: Node, second: Node) -> ArrayDerivative:
    """Return the block of a Hessian: the derivative with respect to `second` of the gradient with respect to `first`.

    Args:
        form: The constructors of the graph.
        output: A scalar.
        first: The symbol of the rows.
        second: The symbol of the columns.
    """
    return derivative_of(form, gradient_of(form, output, first), second)
