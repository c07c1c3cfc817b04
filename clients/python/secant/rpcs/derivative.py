"""Exact derivatives: differentiate, gradient, jacobian, hessian."""

from collections.abc import Mapping
from functools import partial

from secant.arrays import Points
from secant.call import Call
from secant.expression import Function, Point, coordinates, expression, named
from secant.notebook import asked
from secant.results import derivative as rows
from secant.results import matrix
from secant.results.derivative import Derivative, Gradient
from secant.results.matrix import Hessian, Jacobian
from secant.v1 import derivative_pb2 as pb
from secant.v1 import expression_pb2
from secant.words import FormWord, Notations, number

__all__ = ["differentiate", "gradient", "hessian", "jacobian"]


def differentiate(
    f: Function,
    *variables: str,
    at: Point | None = None,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Derivative]:
    """Return one derivative of a scalar function: ordinary, partial, higher or mixed.

    Args:
        f: The function, a text in R or Python notation or an Expression.
        variables: By what, in order: "x" is ∂f/∂x, "x", "x" is ∂²f/∂x². None where f has only one variable.
        at: Where to evaluate the derivative and f.
        notations: The notations of the answer: "r", "python", "latex" or several. None: as f is written.
        form: "light" (the form R's Deriv prints), "expanded", "factored" or "simplified".
        notation: How `f` is to be read, "r" or "python", where they differ.
        data: Named vectors that `f` may use.

    Raises:
        InvalidArgument: SYNTAX_ERROR, UNKNOWN_FUNCTION, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> import secant
    >>> with secant.local() as s:
    ...     print(s.differentiate("x * exp(x)", "x"))
    (1 + x) * exp(x)
    """
    wanted = asked(notations)
    request = pb.DifferentiateRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=number(expression_pb2.Form, form),
    )
    return Call("Differentiate", request, partial(rows.derivative, notations=wanted))


def gradient(
    f: Function,
    *variables: str,
    at: Point | None = None,
    direction: Point | None = None,
    values_only: bool = False,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Gradient]:
    """Return all first partials of a scalar function, a row 1 x n.

    Args:
        f: The function.
        variables: The order of the partials. None: a function's parameters, else all free variables in order
            of first appearance.
        at: Where to evaluate the partials and f.
        direction: u, of any length but 0: the answer also holds ∇f·u/|u|.
        values_only: No texts, only values at `at`: for partials too long to print.
        notations: As for `differentiate`; so are `form`, `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.

    >>> import secant
    >>> with secant.local() as s:
    ...     slope = s.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1})
    >>> print(slope, slope.values, slope.value)
    [2 * x, 4 * y] [4. 4.] 6.0
    """
    wanted = asked(notations)
    request = pb.GradientRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=number(expression_pb2.Form, form),
        values_only=values_only,
        direction=coordinates(direction),
    )
    return Call("Gradient", request, partial(rows.gradient, notations=wanted))


def jacobian(
    f: Function,
    *variables: str,
    at: Point | None = None,
    inner: Mapping[str, Function] | None = None,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Jacobian]:
    """Return all first partials of a vector function, J[i, j] = ∂fᵢ/∂xⱼ, m x n.

    Args:
        f: A vector function, "c(x*y, x + y)" or "[x*y, x + y]"; a scalar one is taken as m = 1.
        variables: The order of the columns. None: as for `gradient`.
        at: Where to evaluate.
        inner: Inner functions x(t) by the name of the variable of `f` that each defines: the answer is then
            the product df/dx · dx/dt with both factors.
        notations: As for `differentiate`; so are `form`, `notation` (of the inner functions too) and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
    """
    wanted = asked(notations)
    request = pb.JacobianRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=number(expression_pb2.Form, form),
        inner=[pb.Inner(variable=name, expression=expression(g, notation)) for name, g in (inner or {}).items()],
    )
    return Call("Jacobian", request, partial(matrix.jacobian, notations=wanted))


def hessian(
    f: Function,
    *variables: str,
    at: Point | None = None,
    values_only: bool = False,
    notations: Notations = None,
    form: FormWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Hessian]:
    """Return all second partials of a scalar function, n x n, and what their eigenvalues say.

    Args:
        f: The function.
        variables: The order of rows and columns. None: as for `gradient`.
        at: Where to evaluate.
        values_only: No texts, only values at `at`.
        notations: As for `differentiate`; so are `form`, `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
    """
    wanted = asked(notations)
    request = pb.HessianRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=number(expression_pb2.Form, form),
        values_only=values_only,
    )
    return Call("Hessian", request, partial(matrix.hessian, notations=wanted))
