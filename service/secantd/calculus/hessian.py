"""All second partials of a scalar function, and the definiteness of the matrix."""

from collections.abc import Mapping, Sequence

from secantd.algebra import Form
from secantd.calculus.derivative import expect_many, light_derivative
from secantd.calculus.formulas import Allowance, formula, note_outside_domain, note_texts_without_value
from secantd.calculus.point import check_point, require_point, scalar
from secantd.calculus.results import Definiteness, Formula, Hessian, Naming
from secantd.calculus.variables import chosen_variables
from secantd.errors import limit_exceeded
from secantd.expression import Node
from secantd.language import Function, Notation
from secantd.settings import DEFAULT_LIMITS, Limits

__all__ = ["hessian"]


def hessian(
    function: Function,
    variables: Sequence[str] = (),
    at: Mapping[str, float] | None = None,
    notations: Sequence[Notation] = (),
    form: Form = Form.LIGHT,
    values_only: bool = False,
    *,
    naming: Naming | None = None,
    limits: Limits | None = None,
) -> Hessian:
    """Return the Hessian of a scalar function.

    Args:
        function: The function.
        variables: The order of rows and columns; empty: all variables.
        at: A point at which f and the second partials are evaluated.
        notations: The notations of the formulas; empty: the function's own.
        form: How far the formulas are simplified.
        naming: Which parts of the formulas get names; None: the default of `formula`.
        values_only: Whether only numbers are computed, in reverse mode; needs `at`.
        limits: The limits that apply.

    Raises:
        CalculusError: INVALID_VALUE, UNKNOWN_VARIABLE, NOT_DIFFERENTIABLE, LIMIT_EXCEEDED.

    >>> from secantd.language import read
    >>> h = hessian(read("x^2 + 2*y^2 + x*y"))
    >>> [[p.text for p in row] for row in h.rows], h.definiteness.name
    ([['2', '1'], ['1', '4']], 'POSITIVE')
    """
    limits = limits or DEFAULT_LIMITS
    function = function if values_only else function.to_print()
    if function.arrays:
        from secantd.calculus.arrays.answers import Request
        from secantd.calculus.arrays.matrices import array_hessian

        return array_hessian(Request(function, variables, at, notations, form, values_only, limits, naming))
    notices = list(function.notices)
    output = scalar(function)
    chosen = chosen_variables(function, variables, notices, parted=True)
    if len(chosen) ** 2 > limits.matrix_entries:
        headline = f"a Hessian of {len(chosen):,} variables has {len(chosen) ** 2:,} entries"
        raise limit_exceeded("matrix_entries", headline, limits.matrix_entries, "name fewer variables", "variables")
    if values_only:
        require_point(at or {}, "an answer of values only")
    upper = second_partials(function, output, chosen, values_only, limits)
    value: float | None = None
    numbers: list[float] | None = None
    are_limits = [False] * (len(upper) + 1)
    if at:
        from secantd.calculus.settle import Wanted, settle

        at = check_point(function, at, chosen)
        numbers = second_values(function, chosen, at, notices)
        wanted = [Wanted(output), *[Wanted(output, (chosen[i], chosen[j])) for i, j in upper]]
        are_limits = settle(function, wanted, numbers, at, notices, limits)
        value, *numbers = numbers
        note_outside_domain(notices, value, numbers)
        if not values_only:
            note_texts_without_value(function, notices, upper.values(), numbers, are_limits[1:], at)
    elif all(n.op == "number" for n in upper.values()):
        numbers = [n.value for n in upper.values()]
    places = {key: i for i, key in enumerate(upper)}
    rows = []
    written: dict[tuple[int, int], Formula] = {}
    allowance = Allowance(limits)
    for key, node in upper.items():
        number = numbers[places[key]] if numbers is not None and at else None
        limit = are_limits[places[key] + 1]
        written[key] = (
            Formula("", number, (), form, limit)
            if values_only
            else formula(
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
    size = len(chosen)
    rows = [tuple(written[min(i, j), max(i, j)] for j in range(size)) for i in range(size)]
    kind = Definiteness.UNKNOWN
    eigenvalues: tuple[float, ...] = ()
    if numbers is not None and size:
        from secantd.calculus.definiteness import definiteness

        kind, eigenvalues = definiteness(
            [[numbers[places[min(i, j), max(i, j)]] for j in range(size)] for i in range(size)]
        )
    return Hessian(chosen, tuple(rows), value, kind, eigenvalues, tuple(notices), value_is_limit=are_limits[0])


def second_values(
    function: Function, variables: tuple[str, ...], at: Mapping[str, float], notices: list[str]
) -> list[float]:
    """Return f and its second partials, the upper triangle row by row, at a point; `notices` as for `numbers_at`."""
    from secantd.calculus.numbers import numbers_at

    value, *found = numbers_at(function, 2, variables, at, notices=notices)
    return [value, *found[len(variables) :]]


def second_partials(
    function: Function, output: Node, variables: tuple[str, ...], values_only: bool, limits: Limits
) -> dict[tuple[int, int], Node]:
    """Return the upper triangle of the Hessian, row by row, by row and column."""
    found: dict[tuple[int, int], Node] = {}
    if values_only:
        from secantd.calculus.numbers import partials

        places = [(i, j) for i in range(len(variables)) for j in range(i, len(variables))]
        return dict(zip(places, partials(function, 2, variables)[1 + len(variables) :], strict=True))
    expect_many(function, output, variables)
    for i, first in enumerate(variables):
        expect_many(function, light_derivative(function, output, [first], limits=limits), variables)
        for j, second in enumerate(variables[i:], i):
            found[i, j] = light_derivative(function, output, [first, second], limits=limits)
    return found
