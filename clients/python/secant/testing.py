"""For tests: that a derivative written by hand is right."""

from collections.abc import Sequence
from functools import cache

from secant.arrays import Points
from secant.client import Client
from secant.embedded import local
from secant.expression import Function, Point
from secant.results import Verdict

__all__ = ["assert_derivative"]


def assert_derivative(
    f: Function,
    claimed: Function,
    *variables: str,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    notation: str | None = None,
    data: Points | None = None,
    client: Client | None = None,
) -> Verdict:
    """Raise AssertionError, with the point where it fails, unless `claimed` is the derivative of `f`.

    Args:
        f: A scalar function.
        claimed: The claim: one formula, or a vector of one for each variable.
        variables: By what; with several, `claimed` is the gradient. None: as for `Client.gradient`.
        at: Where to look first.
        witnesses: As for `Client.check`; so are `notation` and `data`.
        client: Whom to ask; None: a server inside this process, which lives as long as it does.

    Returns:
        The verdict, PROVED or AGREES.

    >>> assert_derivative("x^2 * y", "c(2*x*y, x^2)", witnesses=["exact", "numeric"]).verdict
    'PROVED'
    >>> assert_derivative("x^3", "3*x", witnesses=["numeric"])
    Traceback (most recent call last):
    AssertionError: REFUTED: at x = 2 the claim is 6 and the derivative by x is 12
      numeric  REFUTED    values of f say 12 there, the claim 6
    """
    __tracebackhide__ = True
    found = (client or _own()).check(f, claimed, *variables, at=at, witnesses=witnesses, notation=notation, data=data)
    if not found:
        raise AssertionError(str(found))
    return found


@cache
def _own() -> Client:
    """Return the client of the one server of all tests of this process; the server and its workers end with it."""
    return local()
