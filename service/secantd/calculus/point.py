"""Variables and points as a request names them."""

from collections.abc import Mapping, Sequence

from secantd.errors import CalculusError, Reason
from secantd.expression import Node, symbols
from secantd.language import Function

__all__ = ["check_point", "chosen_variables", "scalar"]


def scalar(function: Function) -> Node:
    """Return the only component of a function.

    Raises:
        CalculusError: INVALID_VALUE where the function is a vector.
    """
    if len(function.outputs) == 1:
        return function.outputs[0]
    raise CalculusError(
        Reason.INVALID_VALUE,
        f"the expression is a vector of {len(function.outputs)} components, and this call takes a scalar",
        "use Jacobian",
        field="expression.text",
    )


def chosen_variables(function: Function, variables: Sequence[str], notices: list[str]) -> tuple[str, ...]:
    """Return the variables asked for, or all; a variable that does not occur is noted.

    Raises:
        CalculusError: UNKNOWN_VARIABLE for a data column or a parameter with a default.
    """
    if not variables:
        return function.variables
    for name in variables:
        if name in function.used:
            continue
        if name in function.graph.columns:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE, f"'{name}' is a data column, not a variable", "leave it out", field="variables"
            )
        if name in function.settled:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' has a default and so is no variable",
                "remove the default to differentiate by it",
                field="variables",
                metadata={"name": name},
            )
        parts = [s for s in function.used if s.startswith((name + "[", name + "$"))]
        if parts:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' has components",
                f"name them: {', '.join(sorted(parts)[:5])}",
                field="variables",
            )
        notice = f"'{name}' does not occur in the expression; its derivative is 0"
        if notice not in notices:
            notices.append(notice)
    return tuple(variables)


def check_point(function: Function, at: Mapping[str, float], variables: Sequence[str]) -> None:
    """Raise UNKNOWN_VARIABLE where a point leaves out a variable or names one that is not there."""
    needed = dict.fromkeys((*function.variables, *symbols(function.outputs)))
    for name in needed:
        if name not in at:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the point has no value for '{name}'",
                f"give {name} a value",
                field="at",
                metadata={"name": name},
            )
    for name in at:
        if name not in needed and name not in variables:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"'{name}' is not a variable of the expression",
                f"its variables are {', '.join(list(needed)[:10]) or 'none'}",
                field="at",
                metadata={"name": name},
            )
