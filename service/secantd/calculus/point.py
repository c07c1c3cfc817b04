"""Checks of the points, columns and orders of requests."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from secantd.calculus.variables import by_variable
from secantd.errors import CalculusError, Reason
from secantd.expression import Node
from secantd.language import Function
from secantd.shown import quoted, variables_are

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "check_columns",
    "check_finite",
    "check_names",
    "check_order",
    "check_point",
    "common_length",
    "component",
    "require_no_rows",
    "require_numbers",
    "require_point",
    "required",
    "scalar",
]


# Order 0 is f, 1 adds its gradient, 2 its Hessian.
HIGHEST_ORDER = 2


def scalar(function: Function) -> Node:
    """Return the only component of a function of numbers.

    Raises:
        CalculusError: INVALID_VALUE where the function is a vector, or has variables or parts that are arrays.
    """
    require_numbers(function)
    return component(function)


def component(function: Function) -> Node:
    """Return the only component of a function, a number or an array.

    Raises:
        CalculusError: INVALID_VALUE where the function has several components.
    """
    if len(function.outputs) == 1:
        return function.outputs[0]
    raise CalculusError(
        Reason.INVALID_VALUE,
        f"the expression is a vector of {len(function.outputs)} components, but this call needs a scalar",
        "use Jacobian instead",
        field="expression.text",
    )


def require_no_rows(nodes: Iterable[Node], field: str = "expression.text", otherwise: str = "") -> None:
    """Refuse expressions over data columns that were not reduced.

    Args:
        nodes: The expressions.
        field: The field of the request.
        otherwise: What else the caller can do.

    Raises:
        CalculusError: INVALID_VALUE where an expression has a value for each row.
    """
    if any(n.rows > 1 for n in nodes):
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has one value for each row of its data, but one number is needed",
            f"reduce it, for example by sum(...) or mean(...){otherwise}",
            field=field,
        )


def require_numbers(function: Function) -> None:
    """Raise INVALID_VALUE for a function of vectors or matrices: a call that does not know them would be wrong."""
    if function.arrays:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "the expression has vectors or matrices, but this call takes functions of numbers",
            "name components, for example x[1] and x[2]",
            field="expression.text",
        )


def required(function: Function) -> tuple[str, ...]:
    """Return the names that need a value: the variables, and those that a body uses beside its parameters.

    >>> from secantd.language import read
    >>> required(read("function(x) x*y"))
    ('x', 'y')
    """
    beside = function.used.difference(function.variables)
    return (*function.variables, *sorted(beside)) if beside else function.variables


def check_names(
    given: Iterable[str], needed: Sequence[str], field: str, what: str = "the point", also: Iterable[str] = ()
) -> None:
    """Raise UNKNOWN_VARIABLE unless all of `needed` are given, and no other names than these and `also`.

    Args:
        given: The names in the request, in its order.
        needed: The variables that need a value.
        field: The field of the request that holds the names.
        what: The subject of the error's sentence, such as "the point".
        also: Other names that are allowed.
    """
    names = dict.fromkeys(given)
    known = {*needed, *also}
    for i, name in enumerate(names):
        if name not in known:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"{what} names {quoted(name)}, which is not a variable of the function",
                variables_are(needed, "its") if needed else "it has no variables",
                field=f"{field}[{i}]",
                metadata={"name": name},
            )
    for name in needed:
        if name not in names:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"{what} has no value for {quoted(name)}",
                f"give a value for {quoted(name)}",
                field=field,
                metadata={"name": name},
            )


def check_finite(values: Mapping[str, float], field: str) -> None:
    """Raise INVALID_VALUE where a value is NaN or infinite; `field` of the request holds the values."""
    for i, (name, value) in enumerate(values.items()):
        if not math.isfinite(value):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{quoted(name)} is {value}",
                "give a finite number",
                field=f"{field}[{i}].value",
            )


def check_point(
    function: Function, at: Mapping[str, float], variables: Sequence[str] = (), finite: bool = False
) -> dict[str, float]:
    """Return a point by the names of the function's variables.

    Args:
        function: The function.
        at: The point as in the request.
        variables: Names that the point may contain although the function does not have them.
        finite: Whether NaN and the infinities are refused.

    Raises:
        CalculusError: UNKNOWN_VARIABLE where a variable has no value, or a name is not a variable; INVALID_VALUE.
    """
    point = by_variable(function, at, "at")
    check_names(point, required(function), "at", also=variables)
    if finite:
        check_finite(point, "at")
    return point


def require_point(at: Mapping[str, float], what: str) -> None:
    """Raise INVALID_VALUE if no point is given; `what` needs it, such as "a tangent"."""
    if not at:
        raise CalculusError(Reason.INVALID_VALUE, f"{what} needs a point", "give the point in `at`", field="at")


def check_columns(
    function: Function, columns: "Mapping[str, NDArray[np.float64]]", variables: Iterable[str] = ()
) -> "tuple[dict[str, NDArray[np.float64]], int]":
    """Return columns of points by the names of the function's variables, and the number of points.

    Args:
        function: The function.
        columns: The columns as in the request, each of shape (N,) or (1,).
        variables: Names that the columns may have although the function does not have them.

    Raises:
        CalculusError: UNKNOWN_VARIABLE; INVALID_VALUE where columns have different lengths.
    """
    found = by_variable(function, columns, "points")
    count = common_length(found)
    check_names(found, required(function), "points", "the list of columns", variables)
    return found, count


def common_length(columns: "Mapping[str, NDArray[np.float64]]", field: str = "points") -> int:
    """Return the length of all columns except those of length 1.

    Args:
        columns: The columns, each of shape (N,) or (1,).
        field: The field of the request that holds them.

    Raises:
        CalculusError: INVALID_VALUE where they have different lengths.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    longest = max(lengths, key=lengths.__getitem__, default="")
    most = lengths.get(longest, 1)
    for i, (name, length) in enumerate(lengths.items()):
        if length not in (1, most) and (length or most > 1):
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"column {quoted(name)} has {length} values where {quoted(longest)} has {most}",
                "give all columns the same length",
                field=f"{field}[{i}].values",
            )
    return 0 if 0 in lengths.values() else most


def check_order(order: int, highest: int = HIGHEST_ORDER) -> None:
    """Raise INVALID_VALUE unless 0 <= order <= highest."""
    if not 0 <= order <= highest:
        raise CalculusError(
            Reason.INVALID_VALUE, f"the order is {order}", f"choose an order from 0 to {highest}", field="order"
        )
