"""Assertions for tests: a derivative that was found by hand, and two formulas that are to be equal.

In pytest they are also the fixtures `assert_derivative` and `assert_equal`, which use the server of the fixture `secant`; see
`secant.pytest_plugin`.
"""

from collections.abc import Callable, Sequence

from secant import _functions
from secant._arrays import Points
from secant.client import Client
from secant.errors import Error
from secant.expression import Function, Point
from secant.results import Verdict
from secant.shapes import Shapes

__all__ = ["assert_derivative", "assert_equal"]


def assert_derivative(
    f: Function,
    claimed: Function,
    *variables: str,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    order: int | None = None,
    assume: str | Sequence[str] = (),
    tolerance: float | None = None,
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
        order: 1 for the first derivative, 2 for the second. None: 1.
        assume: Assumptions about variables, such as "x > 0".
        tolerance: The relative difference up to which a claim is accepted at points, as for rounded decimals.
        notation: "r", "python", "textbook" or "latex", of both functions.
        data: Vectors and matrices that both functions may use, by name.
        shapes: Shapes of variables, as in `Expression`.
        client: The client to use. Default: that of the functions of the module, see `secant.use`.

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
      f = x^3
      claimed = 3*x
    """
    __tracebackhide__ = True
    return _true(
        lambda: (client.check if client else _functions.check)(
            f,
            claimed,
            *variables,
            at=at,
            witnesses=witnesses,
            order=order,
            assume=assume,
            tolerance=tolerance,
            notation=notation,
            data=data,
            shapes=shapes,
        ),
        {"f": f, "claimed": claimed},
    )


def assert_equal(
    f: Function,
    g: Function,
    *names: str,
    assume: str | Sequence[str] = (),
    tolerance: float | None = None,
    at: Point | None = None,
    witnesses: Sequence[str] = (),
    notation: str | None = None,
    data: Points | None = None,
    shapes: Shapes | None = None,
    client: Client | None = None,
) -> Verdict:
    """Return the verdict if the formulas `f` and `g` are equal, and raise AssertionError otherwise.

    Args:
        f: A formula.
        g: The other formula.
        names: Names that are variables in both formulas; only textbook notation and LaTeX need them.
        assume: Assumptions about variables, such as "x > 0".
        tolerance: The relative difference up to which they are accepted as equal at points.
        at: A point to try first.
        witnesses: As for `Client.equal`.
        notation: "r", "python", "textbook" or "latex", of both formulas.
        data: Vectors and matrices that both formulas may use, by name.
        shapes: Shapes of variables, as in `Expression`.
        client: The client to use. Default: as for `assert_derivative`.

    Raises:
        AssertionError: They differ (the message has a point and both values), or it is undecided.
        Error: The call failed; a subclass.

    >>> assert_equal("(x + 1)^2", "x^2 + 2*x + 1").verdict
    'PROVED'
    >>> assert_equal("sqrt(x^2)", "x", witnesses=["numeric"])
    Traceback (most recent call last):
    AssertionError: REFUTED: at x = -1 the claim is -1, but the function is 1; the claim holds for x > 0 only
      numeric  REFUTED    the function is 1 there, and the claim is -1
      f = sqrt(x^2)
      g = x
    """
    __tracebackhide__ = True
    return _true(
        lambda: (client.equal if client else _functions.equal)(
            f,
            g,
            *names,
            assume=assume,
            tolerance=tolerance,
            at=at,
            witnesses=witnesses,
            notation=notation,
            data=data,
            shapes=shapes,
        ),
        {"f": f, "g": g},
    )


def _true(ask: Callable[[], Verdict], compared: dict[str, Function]) -> Verdict:
    """Return a verdict that is PROVED or AGREES, and raise AssertionError for another one."""
    __tracebackhide__ = True
    try:
        found = ask()
    except Error as error:
        # Without the frames of the client: what is wrong is in the message.
        raise error.with_traceback(None) from None
    if not found:
        raise AssertionError("\n  ".join([str(found), *[f"{name} = {formula}" for name, formula in compared.items()]]))
    return found
