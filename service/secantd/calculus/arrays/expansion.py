"""Tangents and Taylor polynomials of scalar functions of arrays, to the second order."""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.algebra.arrays import Arrays, is_zero
from secantd.calculus.arrays.answers import require_number
from secantd.calculus.arrays.derivatives import ArrayDerivative
from secantd.calculus.arrays.exactexpansion import exact_expansion
from secantd.calculus.arrays.functions import constructors, derivative, variable_of
from secantd.calculus.arrays.layouts import literal
from secantd.calculus.arrays.points import Point, Value, check_point, derivative_values, values_at
from secantd.calculus.columnresults import Taylor
from secantd.calculus.contact import Slope, contact_along, contact_notice
from secantd.calculus.exactnumbers import NotExactError
from secantd.calculus.formulas import formula
from secantd.calculus.point import check_order, require_point
from secantd.calculus.results import Contact, Form, Tangent
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node, symbols
from secantd.interrupt import paced
from secantd.language import Function, Notation
from secantd.settings import Limits
from secantd.shown import listed

__all__ = ["array_tangent", "array_taylor"]

# Third derivatives are arrays of rank 3.
HIGHEST_ORDER = 2


def array_tangent(
    function: Function, at: Mapping[str, Any], notations: Sequence[Notation], asked: Form, limits: Limits
) -> Tangent:
    """Return the tangent hyperplane y = c + Σ sum(gᵢ * xᵢ) at a point; `slopes` are the entries of all gradients.

    Args:
        function: A scalar function.
        at: A number, a vector or a matrix for each variable.
        notations: The notations of the equation; empty: the function's own.
        asked: The form of the equation.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where f or a derivative is not finite, or f jumps; UNKNOWN_VARIABLE, INVALID_VALUE.
    """
    output = require_number(function)
    require_point(dict.fromkeys(at, 0.0), "a tangent")
    point = check_point(function, at, () if function.variables else tuple(at), finite=True)
    names = tuple(point)
    notices = list(function.notices)
    gradients = [derivative(function, output, [v]) for v in names]
    height = finite_height(function, output, point)
    slopes = [np.asarray(v) for v in derivative_values(function, gradients, point)]
    flat = tuple(float(s) for slope in slopes for s in slope.ravel())
    if len(flat) > limits.matrix_entries:
        raise limit_exceeded("matrix_entries", f"a tangent of {len(flat):,} entries", limits.matrix_entries, field="at")
    for name, gradient in zip(names, gradients, strict=True):
        for place in paced(list(np.ndindex(np.shape(point[name])))):
            entry = entry_name(name, place)
            slope = slope_along(function, [output, gradient.node], name, place, point)
            kind, left, right = contact_along(slope, float(np.asarray(point[name])[place]), entry)
            if kind is not Contact.TANGENT:
                notices.append(contact_notice(kind, entry, left, right))
                return Tangent(names, None, flat, height, math.nan, kind, None, None, tuple(notices))
    if not all(map(math.isfinite, flat)):
        name = names[next(i for i, s in enumerate(slopes) if not np.isfinite(s).all())]
        headline = f"f has no derivative with respect to '{name}' there"
        raise CalculusError(Reason.UNDEFINED_AT_POINT, headline, "choose another point", field="at")
    with function.lock:
        form = constructors(function)
        intercept = height - math.fsum(float(np.sum(s * point[n])) for n, s in zip(names, slopes, strict=True))
        terms = [
            times(form, literal_of(form, function, n, s), symbol_of(function, n, point))
            for n, s in zip(names, slopes, strict=True)
        ]
        equation = form.light(form.add(form.number(intercept), *terms))
        exact = exact_equation(function, output, point, height, slopes, notices) if asked is Form.EXACT else None
    written = formula(function, equation, notations, limits, form=asked, notices=notices, exact=exact)
    return Tangent(names, written, flat, height, intercept, Contact.TANGENT, None, None, tuple(notices))


def exact_equation(
    function: Function,
    output: Node,
    point: Point,
    height: float,
    slopes: Sequence[NDArray[np.float64]],
    notices: list[str],
) -> Node | None:
    """Return the right side of the equation of a tangent with exact constants, None where one has no exact form."""
    found = exact_expansion(function, output, point, height, slopes, [], notices)
    if found is None:
        return None
    form = constructors(function)
    x = {n: symbol_of(function, n, point) for n in point}
    try:
        constant, gradients = found.around_zero()
        parts = [found.literal(form, g) for g in gradients]
        equation = quadratic(form, tuple(point), x, found.numbers.node(constant), parts, [])
    except NotExactError:
        return None
    if equation.op != "add":
        return equation
    # A negative constant is the last term.
    return form.graph.make("add", *sorted(equation.args, key=is_negative))


def is_negative(term: Node) -> bool:
    return term.op == "neg" or (term.op == "number" and term.value < 0.0)


def finite_height(function: Function, output: Node, point: Point) -> float:
    height = float(values_at(function, [output], point)[0])
    if not math.isfinite(height):
        headline = f"f is not defined at this value of {listed(list(point))}"
        raise CalculusError(Reason.UNDEFINED_AT_POINT, headline, "choose another point", field="at")
    return height


def entry_name(name: str, place: tuple[int, ...]) -> str:
    """Return the name of an entry as errors print it, counting from 1.

    >>> entry_name("A", (0, 1)), entry_name("s", ())
    ('A[1,2]', 's')
    """
    return f"{name}[{','.join(str(i + 1) for i in place)}]" if place else name


def slope_along(function: Function, nodes: Sequence[Node], name: str, place: tuple[int, ...], point: Point) -> Slope:
    """Return the slope and the value of f as functions of an offset of one entry; of both, where the matrix is symmetric."""
    places = {place, place[::-1]} if name in function.graph.symmetric else {place}

    def slope(offset: float) -> tuple[float, float]:
        moved = np.array(point[name], dtype=np.float64)
        for each in places:
            moved[each] += offset
        height, gradient = values_at(function, nodes, {**point, name: moved if moved.ndim else float(moved)})
        return sum(float(np.asarray(gradient)[each]) for each in places), float(height)

    return slope


def symbol_of(function: Function, name: str, point: Point) -> Node:
    """Return the symbol of a variable; one that the function does not have has the shape of its value."""
    return function.graph.symbol(name, np.shape(point[name]))


def literal_of(form: Arrays, function: Function, name: str, value: NDArray[np.float64]) -> Node:
    return literal(form, name, value if value.ndim else float(value), variable_of(function, name).shape)


def times(form: Arrays, a: Node, b: Node) -> Node:
    return form.sum(form.mul(a, b))


def array_taylor(
    function: Function,
    at: Mapping[str, Any],
    order: int,
    notations: Sequence[Notation],
    points: Mapping[str, Any],
    asked: Form,
    limits: Limits,
) -> Taylor:
    """Return the Taylor polynomial f + Σ sum(gᵢ * dᵢ) + 1/2 Σ sum(dᵢ * (Hᵢⱼ %*% dⱼ)) with d = x - x₀.

    Args:
        function: A scalar function of numbers and vectors; to the first order also of matrices.
        at: x₀, a value for each variable.
        order: 0, 1 or 2.
        notations: The notations of the polynomial; empty: the function's own.
        points: A point at which it is compared with f: the whole value of each variable.
        asked: The form of its formulas.
        limits: The limits that apply.

    Raises:
        CalculusError: UNDEFINED_AT_POINT where there is no expansion; INVALID_VALUE, UNKNOWN_VARIABLE.
    """
    output = require_number(function)
    check_order(order, HIGHEST_ORDER)
    require_point(dict.fromkeys(at, 0.0), "a Taylor polynomial")
    point = check_point(function, at, () if function.variables else tuple(at), finite=True)
    elsewhere = check_point(function, points, tuple(point)) if points else None
    names = tuple(point)
    notices = list(function.notices)
    height = finite_height(function, output, point)
    gradients = [derivative(function, output, [v]) for v in names] if order else []
    blocks = [[derivative(function, output, [v, w]) for w in names] for v in names] if order > 1 else []
    if any(d.direction is not None and len(d.direction.shape) + len(d.node.shape) > 2 for row in blocks for d in row):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "a second derivative with respect to a matrix is an array of rank 3 or more",
            "use order 1",
            field="order",
        )
    first = finite(derivative_values(function, gradients, point))
    second = [finite(derivative_values(function, row, point)) for row in blocks]
    with function.lock:
        form = constructors(function)
        values = {n: np.asarray(point[n]) for n in names}
        x = {n: symbol_of(function, n, point) for n in names}
        shifted = {n: form.sub(x[n], literal_of(form, function, n, values[n])) for n in names}
        given = [literal_of(form, function, n, s) for n, s in zip(names, first, strict=False)]
        squares = [
            [block_of(form, n, x[n], x[m], b) for m, b in zip(names, row, strict=True)]
            for n, row in zip(names, second, strict=False)
        ]
        polynomial = quadratic(form, names, shifted, form.number(height), given, squares)
        constant = height - sum(float(np.sum(g * values[n])) for n, g in zip(names, first, strict=False))
        slopes = [np.array(g, dtype=np.float64) for g in first]
        for i, row in enumerate(second):
            for n, block in zip(names, row, strict=True):
                image = product_with(block, values[n], values[names[i]])
                constant += float(np.sum(image * values[names[i]])) / 2
                slopes[i] = slopes[i] - image
        given = [literal_of(form, function, n, s) for n, s in zip(names, slopes, strict=False)]
        expanded = quadratic(form, names, x, form.number(constant), given, squares)
        asks = asked is Form.EXACT
        exact_forms = (
            exact_polynomials(function, output, point, height, first, second, notices) if asks else (None, None)
        )
    in_shifted, in_x = (
        formula(function, p, notations, limits, form=asked, notices=notices, exact=other)
        for p, other in zip((polynomial, expanded), exact_forms, strict=True)
    )
    exact = is_exact(gradients, blocks, output, order)
    of_p, of_f = np.empty(0), np.empty(0)
    if elsewhere is not None:
        found = values_at(function, [polynomial, output], elsewhere)
        of_p, of_f = (np.atleast_1d(np.asarray(v)) for v in found)
    return Taylor(names, (), in_shifted, in_x, exact, of_p, of_f, tuple(notices))


def finite(values: Sequence[Value]) -> list[NDArray[np.float64]]:
    """Return values as arrays; UNDEFINED_AT_POINT where one is not finite."""
    found = []
    for value in values:
        array = np.asarray(value, dtype=np.float64)
        if not np.isfinite(array).all():
            headline = "f has no Taylor expansion there: a derivative does not exist"
            raise CalculusError(Reason.UNDEFINED_AT_POINT, headline, "choose another point", field="at")
        found.append(array)
    return found


def product_with(block: NDArray[np.float64], v: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a block of a Hessian times a vector or number, in the shape of the rows."""
    matrix = block.reshape(rows.size, v.size)
    return (matrix @ v.ravel()).reshape(rows.shape)


def block_of(form: Arrays, name: str, a: Node, b: Node, block: NDArray[np.float64]) -> Node:
    """Return a block of a Hessian as an expression."""
    return literal(form, name, block if block.ndim else float(block), (*a.shape, *b.shape))


def exact_polynomials(
    function: Function,
    output: Node,
    point: Point,
    height: float,
    first: Sequence[NDArray[np.float64]],
    second: Sequence[Sequence[NDArray[np.float64]]],
    notices: list[str],
) -> tuple[Node | None, Node | None]:
    """Return the polynomial in powers of x - x₀ and of x with exact constants, None where one has no exact form."""
    found = exact_expansion(function, output, point, height, first, second, notices)
    if found is None:
        return None, None
    form, names = constructors(function), tuple(point)
    x = {n: symbol_of(function, n, point) for n in names}
    try:
        shifted = {n: form.sub(x[n], found.literal(form, v)) for n, v in zip(names, found.at, strict=True)}
        blocks = [[found.literal(form, b) for b in row] for row in found.blocks]
        constant, slopes = found.around_zero()
        given, moved = ([found.literal(form, g) for g in each] for each in (found.slopes, slopes))
        half = found.numbers.node(found.numbers.rational(Fraction(1, 2)))
        around = quadratic(form, names, shifted, found.numbers.node(found.height), given, blocks, half)
        return around, quadratic(form, names, x, found.numbers.node(constant), moved, blocks, half)
    except NotExactError:
        return None, None


def quadratic(
    form: Arrays,
    names: Sequence[str],
    x: Mapping[str, Node],
    constant: Node,
    slopes: Sequence[Node],
    blocks: Sequence[Sequence[Node]],
    half: Node | None = None,
) -> Node:
    """Return c + Σ sum(gᵢ * xᵢ) + 1/2 Σ sum(xᵢ * (Hᵢⱼ %*% xⱼ)); `half` is 1/2 as it is written."""
    terms = [constant]
    for name, slope in zip(names, slopes, strict=False):
        terms.append(times(form, slope, x[name]))
    for i, row in enumerate(blocks):
        for j in range(i, len(names)):
            a, b, whole = x[names[i]], x[names[j]], row[j]
            image = form.matmul(whole, b) if len(whole.shape) == 2 else form.mul(whole, b)
            square = form.sum(form.mul(a, image))
            terms.append(form.mul(form.number(0.5) if half is None else half, square) if i == j else square)
    # In this order, and no factors pulled out: a polynomial shows its degrees.
    kept = [t for t in terms if not is_zero(t)]
    return form.graph.make("add", *kept) if len(kept) > 1 else (kept[0] if kept else form.zero)


def is_exact(
    gradients: Sequence[ArrayDerivative], blocks: Sequence[Sequence[ArrayDerivative]], output: Node, order: int
) -> bool:
    """Return whether the derivatives of the highest order are constant, so that the polynomial is f."""
    last = [output] if not order else [d.node for d in gradients] if order == 1 else [d.node for r in blocks for d in r]
    return not symbols(last)
