"""Exact derivatives: differentiate, gradient, jacobian, hessian."""

from collections.abc import Mapping
from functools import partial

from secant._arrays import Points
from secant._call import Call
from secant._enums import FormWord, NamingWord, Notations, enum_value
from secant._given import function_of
from secant._notebook import requested_notations
from secant.expression import Function, Point, coordinates, expression, named
from secant.results import derivative as rows
from secant.results import matrix
from secant.results.derivative import Derivative, Gradient
from secant.results.matrix import Hessian, Jacobian
from secant.shapes import Shapes
from secant.v1 import derivative_pb2 as pb
from secant.v1 import expression_pb2

__all__ = ["differentiate", "gradient", "hessian", "jacobian"]


def differentiate(
    f: Function,
    *variables: str,
    at: Point | None = None,
    notations: Notations = None,
    form: FormWord | None = None,
    naming: NamingWord | None = None,
    certificate: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Derivative]:
    """Return one derivative of a scalar function: ordinary, partial, higher or mixed.

    Args:
        f: The function, a string in R or Python notation or an Expression.
        variables: The variables to differentiate with respect to, in order: "x" is ∂f/∂x, "x", "x" is ∂²f/∂x². Default:
            the only variable of f.
        at: Point at which the derivative and f are evaluated: a number, vector or matrix for each variable, by name, or
            alone for a function of one variable. None: no values.
        notations: Notations of the answer: "r", "python", "latex" or several of them. None: that of f.
        form: "light" (the form that R's Deriv prints), "exact" (the same with exact constants also in R notation: 1/3),
            "expanded", "factored" or "simplified". None: "light".
        naming: "author" writes the assignments of f that the answer uses before it, as a block; "repeated" also names parts
            that occur more than once; "none" gives one expression. None: "author" for functions of vectors and matrices,
            "none" for functions of numbers.
        certificate: Whether to give a proof that can be checked without Secant, see `Certificate`.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex". None: R and Python are accepted.
        data: Vectors and matrices that f may use, by name. These names are not variables.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: SYNTAX_ERROR, UNKNOWN_FUNCTION, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.
        Error: The call failed otherwise; another subclass, such as Unavailable or DeadlineExceeded.

    >>> import secant
    >>> print(secant.differentiate("x * exp(x)", "x"))
    (1 + x) * exp(x)
    >>> found = secant.differentiate("x^3", "x", "x", at=2)
    >>> found.value, found.derivative
    (8.0, 12.0)
    """
    wanted = requested_notations(notations)
    request = pb.DifferentiateRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
        naming=enum_value(expression_pb2.Naming, naming),
        certificate=certificate,
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
    naming: NamingWord | None = None,
    certificate: bool = False,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Gradient]:
    """Return all first partial derivatives of a scalar function, a row of shape 1 x n.

    Args:
        f: The function.
        variables: The order of the partials. Default: the parameters of f if it is written as a function, else all free
            variables in order of first appearance.
        at: Point at which the partials and f are evaluated, one entry for each variable. None: no values.
        direction: A vector u ≠ 0, one entry for each variable: the answer also has ∇f·u/|u|.
        values_only: Return only values at `at`, no formulas: for partials that are too long to print.
        notations: Notations of the answer. None: that of f.
        form: "light", "exact", "expanded", "factored" or "simplified". None: "light".
        naming: "none", "author" or "repeated", as for `differentiate`.
        certificate: Whether to give a proof that can be checked without Secant, see `Certificate`.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> found = secant.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1})
    >>> print(found, found.gradient, found.value)
    [2 * x, 4 * y] [4. 4.] 6.0
    """
    wanted = requested_notations(notations)
    request = pb.GradientRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
        naming=enum_value(expression_pb2.Naming, naming),
        values_only=values_only,
        direction=coordinates(direction),
        certificate=certificate,
    )
    return Call("Gradient", request, partial(rows.gradient, notations=wanted, request=request))


def jacobian(
    f: Function,
    *variables: str,
    at: Point | None = None,
    inner: Mapping[str, Function] | None = None,
    notations: Notations = None,
    form: FormWord | None = None,
    naming: NamingWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Jacobian]:
    """Return all first partial derivatives of a vector function, J[i, j] = ∂fᵢ/∂xⱼ, of shape m x n.

    Args:
        f: A vector function, "c(x*y, x + y)" or "[x*y, x + y]"; for a scalar function, m = 1.
        variables: The order of the columns. Default: as for `gradient`.
        at: Point at which J and f are evaluated, one entry for each variable. None: no values.
        inner: Inner functions x(t), by the variable of f that each one replaces: the answer is then the product
            df/dx · dx/dt, with both factors.
        notations: Notations of the answer. None: that of f.
        form: "light", "exact", "expanded", "factored" or "simplified". None: "light".
        naming: "none", "author" or "repeated", as for `differentiate`.
        notation: Notation of f and of the inner functions, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> found = secant.jacobian("c(x*y, x + y)", at={"x": 2, "y": 3})
    >>> found.jacobian, found.value, str(found.determinant)
    (array([[3., 2.],
           [1., 1.]]), array([6., 5.]), 'y - x')
    """
    wanted = requested_notations(notations)
    request = pb.JacobianRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
        naming=enum_value(expression_pb2.Naming, naming),
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
    naming: NamingWord | None = None,
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
) -> Call[Hessian]:
    """Return all second partial derivatives of a scalar function, of shape n x n, and with a point their eigenvalues.

    Args:
        f: The function.
        variables: The order of rows and columns. Default: as for `gradient`.
        at: Point at which the Hessian and f are evaluated, one entry for each variable. None: no values.
        values_only: Return only values at `at`, no formulas.
        notations: Notations of the answer. None: that of f.
        form: "light", "exact", "expanded", "factored" or "simplified". None: "light".
        naming: "none", "author" or "repeated", as for `differentiate`.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        data: Vectors that f may use, by name.
        shapes: Shapes of variables, as in `Expression`.

    Raises:
        InvalidArgument: As for `differentiate`.
        ResourceExhausted: TIME_LIMIT, MEMORY_LIMIT.

    >>> import secant
    >>> found = secant.hessian("x^2 * y", at={"x": 1, "y": 2})
    >>> found.hessian, found.definiteness
    (array([[4., 2.],
           [2., 0.]]), 'INDEFINITE')
    """
    wanted = requested_notations(notations)
    if isinstance(f, Gradient):
        # The Hessian is that of the function of the gradient.
        variables = variables or f.variables
        f = function_of(f)
    request = pb.HessianRequest(
        expression=expression(f, notation, data, shapes),
        variables=named(variables),
        at=coordinates(at),
        notations=wanted,
        form=enum_value(expression_pb2.Form, form),
        naming=enum_value(expression_pb2.Naming, naming),
        values_only=values_only,
    )
    return Call("Hessian", request, partial(matrix.hessian, notations=wanted, request=request))
