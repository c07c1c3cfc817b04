"""Proof, derivation and code: check, explain, export."""

from collections.abc import Sequence
from functools import partial

from secant.arrays import Points
from secant.call import Call
from secant.expression import Function, Point, coordinates, expression, named
from secant.notebook import asked
from secant.results import explanation
from secant.results.check import Verdict, verdict
from secant.results.explanation import Explanation, Export
from secant.v1 import check_pb2, derivative_pb2, expression_pb2
from secant.words import Notations, numbers

__all__ = ["check", "explain", "export"]


def check(
    f: Function,
    claimed: Function,
    *variables: str,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    seconds: float | None = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Verdict]:
    """Tell whether a claimed derivative is right, in bounded time.

    Args:
        f: A scalar function.
        claimed: The claim: one formula, or a vector of one for each variable.
        variables: By what; with several, `claimed` is the gradient. None: as for `gradient`.
        at: Where to look first.
        witnesses: Whom to ask: any of "exact", "sympy", "numeric", "deriv". None: all that are present.
        seconds: For all witnesses together, where the server's own limit is too long.
        notation: Of both, as for `differentiate`; so is `data`.

    Raises:
        InvalidArgument: As for `differentiate`; also where the claim has not one formula for each variable.
    """
    if isinstance(witnesses, str):
        witnesses = (witnesses,)
    request = check_pb2.CheckRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        claimed=expression(claimed, notation, data),
        at=coordinates(at),
        witnesses=witnesses,
        seconds=seconds,
    )
    return Call("Check", request, verdict)


def explain(
    f: Function,
    *variables: str,
    by_definition: bool = False,
    notations: Notations = None,
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Explanation]:
    """Return the derivation of one derivative step by step.

    Args:
        f: A scalar function.
        variables: As for `differentiate`.
        by_definition: From the limit of the difference quotient instead of the rules; polynomials only.
        notations: As for `differentiate`; so are `notation` and `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
    """
    wanted = asked(notations)
    request = derivative_pb2.ExplainRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        notations=wanted,
        by_definition=by_definition,
    )
    return Call("Explain", request, partial(explanation.explanation, notations=wanted))


def export(
    f: Function,
    *variables: str,
    notations: Notations = None,
    order: int | None = None,
    name: str = "",
    notation: str | None = None,
    data: Points | None = None,
) -> Call[Export]:
    """Return code that computes f, its gradient and its Hessian without the service.

    Args:
        f: A scalar function.
        variables: The order of the arguments. None: as for `gradient`.
        notations: The languages: "r", "python", "latex", "c", "julia", "stan" or a list of them.
        order: 0 f, 1 also the gradient, 2 also the Hessian. None: 1.
        name: The name of the function written. "": f.
        notation: As for `differentiate`; so is `data`.

    Raises:
        InvalidArgument: As for `differentiate`.
    """
    request = derivative_pb2.ExportRequest(
        expression=expression(f, notation, data),
        variables=named(variables),
        notations=numbers(expression_pb2.Notation, notations),
        order=order,
        name=name,
    )
    return Call("Export", request, explanation.export)
