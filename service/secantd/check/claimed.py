"""A claim as expressions in the graph of its function, one for each variable."""

from collections.abc import Sequence

from secantd.calculus.point import require_numbers
from secantd.errors import CalculusError, Reason
from secantd.expression import Node, graft, symbols
from secantd.language import Function
from secantd.shown import variables_are

__all__ = ["claims", "foreign_names", "grafted", "notices_about_names"]

FIELD = "claimed.text"
# So many names that the function does not have get a notice.
NAMED = 3


def claims(function: Function, claimed: Function, variables: Sequence[str]) -> tuple[Node, ...]:
    """Return the claim's components as nodes of the function's graph, in the order of `variables`.

    Args:
        function: The function.
        claimed: The claim.
        variables: The variables of the derivative.

    Raises:
        CalculusError: INVALID_VALUE unless it has one component for each variable, and if a component has a value
            for each row of data; UNKNOWN_VARIABLE for a name that the function does not have.

    >>> from secantd.language import read
    >>> f = read("x^2*y")
    >>> claims(f, read("c(2*x*y, x^2)"), f.variables)[1] is f.graph.make("pow", f.graph.symbol("x"), f.graph.number(2))
    True
    """
    require_numbers(claimed)
    count, wanted = len(claimed.outputs), len(variables)
    if count != wanted:
        one = wanted == 1
        raise CalculusError(
            Reason.INVALID_VALUE,
            f"the claim has {count} component{'s' * (count != 1)}, but the derivative is with respect to "
            + (f"one variable, {variables[0]}" if one else f"{wanted} variables, {listed(variables)}"),
            "claim a single formula" if one else "claim one formula for each variable, in this order, as in c(2*x, 1)",
            field=FIELD,
            metadata={"name": "claimed"},
        )
    for i, node in enumerate(claimed.outputs):
        if node.rows > 1:
            which = "the claim" if count == 1 else f"component {i + 1} of the claim"
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"{which} has one value for each row of its data, but the derivative is one number",
                "reduce it, for example by sum(...)",
                field=FIELD,
            )
    return tuple(grafted(function, claimed))


def grafted(function: Function, claimed: Function) -> list[Node]:
    """Return the components of a claim as nodes of the function's graph.

    Args:
        function: The function.
        claimed: The claim.
    """
    try:
        return [graft(function.graph, claimed.graph, node, {}) for node in claimed.outputs]
    except CalculusError as error:
        error.field = error.field or "claimed.data"
        raise


def foreign_names(function: Function, claimed: Function, variables: Sequence[str]) -> list[str]:
    """Return the names in a claim that the function does not have, of which no derivative depends.

    Args:
        function: The function.
        claimed: The claim.
        variables: The variables of the derivative.
    """
    known = {*function.variables, *variables, *symbols(function.outputs)}
    return [name for name in symbols(claimed.outputs) if name not in known]


def notices_about_names(function: Function, variables: Sequence[str], foreign: Sequence[str]) -> list[str]:
    """Return a notice about each name in a claim that the function does not have: it may be misspelled.

    Args:
        function: The function.
        variables: The variables of the derivative.
        foreign: The names.
    """
    names = tuple(dict.fromkeys((*function.variables, *variables)))
    return [
        f"'{name}' in the claim is not a variable of the function; {variables_are(names, 'its')}"
        for name in foreign[:NAMED]
    ]


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list."""
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:8]) + (", …" if len(unique) > 8 else "")
