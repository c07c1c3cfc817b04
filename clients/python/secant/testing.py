"""Assertions for tests: check a hand-written derivative."""

from collections.abc import Sequence
from functools import cache

from secant._arrays import Points
from secant._embedded import local
from secant.client import Client
from secant.expression import Function, Point
from secant.results import Verdict
from secant.shapes import Shapes

__all__ = ["assert_derivative"]


def assert_derivative(
    f: Function,
    claimed: Function,
    *variables: str,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
    client: Client | None = None,
) -> Verdict:
    """Return the verdict if `claimed` is the derivative of `f`, and raise AssertionError otherwise.

    Args:
        f: A scalar function.
        claimed: The claimed derivative: one formula, or a vector with one formula for each variable.
        variables: The variables to differentiate with respect to; with several, `claimed` is the gradient. Default: as
            for `Client.gradient`.
        at: A point to try first.
        witnesses: As for `Client.check`.
        notation: "r", "python", "textbook" or "latex", of both functions.
        data: Vectors and matrices that both functions may use, by name.
        shapes: Shapes of variables, as in `Expression`.
        client: The client to use. Default: one of a server inside this process, which runs until the process ends.

    Returns:
        The verdict, PROVED or AGREES.

    Raises:
        AssertionError: The claim is refuted (the message has a point where it fails) or undecided.
        Error: The call failed; a subclass.

    >>> assert_derivative("x^2 * y", "c(2*x*y, x^2)", witnesses=["exact", "numeric"]).verdict
    'PROVED'
    >>> assert_derivative("x^3", "3*x", witnesses=["numeric"])
    Traceback (most recent call last):
    AssertionError: REFUTED: at x = 2 the claim is 6, but the derivative with respect to x is 12
      numeric  REFUTED    differences of f give 12 there, and the claim is 6
    """
    __tracebackhide__ = True
    found = (client or _own()).check(
        f, claimed, *variables, at=at, witnesses=witnesses, notation=notation, data=data, shapes=shapes
    )
    if not found:
        raise AssertionError(str(found))
    return found


@cache
def _own() -> Client:
    """Return a client of the server for all assertions of this process; it runs until the process ends."""
    return local()
