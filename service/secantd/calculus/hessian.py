"""All second partials of a scalar function, and what their eigenvalues say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from secantd.algebra import Form
from secantd.calculus import reverse
from secantd.calculus.answers import Formula
from secantd.calculus.derivative import expect_many, light_derivative
from secantd.calculus.formulas import formula, values_at
from secantd.calculus.point import check_point, chosen_variables, scalar
from secantd.errors import CalculusError, Reason, limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.settings import Limits

__all__ = ["Definiteness", "Hessian", "definiteness", "hessian"]


class Definiteness(Enum):
    """What the signs of the eigenvalues are; values are those of `secant.v1.Definiteness`."""

    UNKNOWN = 0
    POSITIVE = 1
    POSITIVE_SEMI = 2
    INDEFINITE = 3
    NEGATIVE_SEMI = 4
    NEGATIVE = 5
    ZERO = 6


@dataclass(frozen=True, slots=True)
class Hessian:
    """∂²f/∂xᵢ∂xⱼ, shape n x n; `eigenvalues` ascending, empty where they are not known."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Formula, ...], ...]
    value: float | None
    definiteness: Definiteness
    eigenvalues: tuple[float, ...]
    notices: tuple[str, ...]


def hessian(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    values_only: bool = False,
    *,
    limits: Limits | None = None,
) -> Hessian:
    """Return the Hessian of a scalar function.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> h = hessian(read("x^2 + 2*y^2 + x*y"))
    >>> [[p.text for p in row] for row in h.rows], h.definiteness.name
    ([['2', '1'], ['1', '4']], 'POSITIVE')
    """
    limits = limits or Limits()
    notices = list(function.notices)
    output = scalar(function)
    chosen = chosen_variables(function, variables, notices)
    if len(chosen) ** 2 > limits.matrix_entries:
        headline = f"a Hessian of {len(chosen):,} variables has {len(chosen) ** 2:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name fewer variables", "variables")
    if values_only and not at:
        raise CalculusError(Reason.INVALID_VALUE, "values need a point", "give `at`", field="at")
    upper = second_partials(function, output, chosen, values_only)
    value: float | None = None
    numbers: list[float] | None = None
    if at:
        check_point(function, at, chosen)
        value, *numbers = values_at(function, [output, *upper.values()], at)
    elif all(n.op == "number" for n in upper.values()):
        numbers = [n.value for n in upper.values()]
    places = {key: i for i, key in enumerate(upper)}
    rows = []
    written: dict[tuple[int, int], Formula] = {}
    for key, node in upper.items():
        number = numbers[places[key]] if numbers is not None and at else None
        written[key] = (
            Formula("", number, (), form)
            if values_only
            else formula(function, node, notations, limits, number, form, notices)
        )
    size = len(chosen)
    rows = [tuple(written[min(i, j), max(i, j)] for j in range(size)) for i in range(size)]
    matrix = None
    if numbers is not None:
        matrix = np.array([[numbers[places[min(i, j), max(i, j)]] for j in range(size)] for i in range(size)])
    kind, eigenvalues = definiteness(matrix) if matrix is not None and size else (Definiteness.UNKNOWN, ())
    return Hessian(chosen, tuple(rows), value, kind, eigenvalues, tuple(notices))


def second_partials(
    function: Function, output: Node, variables: Sequence[str], values_only: bool
) -> dict[tuple[int, int], Node]:
    """Return the upper triangle, row by row."""
    found: dict[tuple[int, int], Node] = {}
    if values_only:
        with function.lock:
            for i, partial in enumerate(reverse.gradient(function.graph, output, variables)):
                row = reverse.gradient(function.graph, partial, variables[i:])
                found.update({(i, i + j): node for j, node in enumerate(row)})
        return found
    expect_many(function, output, variables)
    for i, first in enumerate(variables):
        expect_many(function, light_derivative(function, output, [first]), variables)
        for j, second in enumerate(variables[i:], i):
            found[i, j] = light_derivative(function, output, [first, second])
    return found


def definiteness(matrix: NDArray[np.float64]) -> tuple[Definiteness, tuple[float, ...]]:
    """Return what a symmetric matrix is, and its eigenvalues.

    An eigenvalue counts as 0 within n ε of the largest: that is what rounding leaves of a singular matrix.
    """
    if not np.isfinite(matrix).all():
        return Definiteness.UNKNOWN, ()
    values = np.linalg.eigvalsh(matrix)
    largest = float(np.abs(values).max(initial=0.0))
    bound = len(values) * np.finfo(float).eps * largest * 4
    positive, negative = bool((values > bound).any()), bool((values < -bound).any())
    zero = bool((np.abs(values) <= bound).any())
    if positive and negative:
        kind = Definiteness.INDEFINITE
    elif positive:
        kind = Definiteness.POSITIVE_SEMI if zero else Definiteness.POSITIVE
    elif negative:
        kind = Definiteness.NEGATIVE_SEMI if zero else Definiteness.NEGATIVE
    else:
        kind = Definiteness.ZERO
    return kind, tuple(float(v) for v in values)
