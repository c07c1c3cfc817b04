"""A claim as expressions beside the function it is about: in one graph, one for each variable."""

from collections.abc import Sequence

from secantd.errors import CalculusError, Reason
from secantd.expression import Node, graft, symbols
from secantd.language import Function

__all__ = ["claims"]

FIELD = "claimed.text"


def claims(function: Function, claimed: Function, variables: Sequence[str]) -> tuple[Node, ...]:
    """Return the claim's components as nodes of the function's graph, in the order of `variables`.

    Raises:
        CalculusError: INVALID_VALUE where it has not one component for each variable, or a component has a value
            for each row of data; UNKNOWN_VARIABLE for a name that the function does not have.

    >>> from secantd.language import read
    >>> f = read("x^2*y")
    >>> claims(f, read("c(2*x*y, x^2)"), f.variables)[1] is f.graph.make("pow", f.graph.symbol("x"), f.graph.number(2))
    True
    """
    count, wanted = len(claimed.outputs), len(variables)
    if count != wanted:
        one = wanted == 1
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the claim has {count} component{'s' * (count != 1)}, and the derivative is by "
            + (f"one variable, {variables[0]}" if one else f"{wanted} variables, {listed(variables)}"),
            "claim one formula" if one else "claim one formula for each variable, in this order, as in c(2*x, 1)",
            field=FIELD,
            metadata={"name": "claimed"},
        )
    known = {*function.variables, *variables, *symbols(function.outputs)}
    for name in symbols(claimed.outputs):
        if name not in known:
            names = listed([v for v in (*function.variables, *variables) if v in known]) or "none"
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the claim uses '{name}', which the function does not have",
                f"the function's variables are {names}; use the same names in the claim",
                field=FIELD,
                metadata={"name": name},
            )
    for i, node in enumerate(claimed.outputs):
        if node.rows > 1:
            which = "the claim" if count == 1 else f"component {i + 1} of the claim"
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{which} has one value for each row of the data, and the derivative is one number",
                "write sum(...) around it",
                field=FIELD,
            )
    try:
        return tuple(graft(function.graph, claimed.graph, node, {}) for node in claimed.outputs)
    except CalculusError as error:
        error.field = error.field or "claimed.data"
        raise


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list."""
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:8]) + (", …" if len(unique) > 8 else "")
