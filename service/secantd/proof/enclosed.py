"""The intervals of a counterexample by ball arithmetic, which does not depend on our rules of differentiation."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from secantd.balls import Balls, NoBallsError, installed
from secantd.calculus.results import Interval
from secantd.expression import Node
from secantd.proof.disjoint import Bounds, decimal_text, outward
from secantd.proof.errors import NoCertificateError

if TYPE_CHECKING:
    from secantd.balls import Enclosure

__all__ = ["NOT_RUN", "enclosures"]

NOT_RUN: Final = "the certificate has no intervals by ball arithmetic, because python-flint is not installed on the server (extra `proof`)"
# The digits of the intervals; more where they would have a common number.
DIGITS: Final = (17, 34, 68, 136, 300, 700, 1_300)
# Bits for a digit.
BITS: Final = 4


def enclosures(
    output: Node,
    claim: Node,
    variables: Sequence[str],
    at: Mapping[str, Fraction],
    columns: Mapping[str, Any],
    truth: Fraction,
) -> tuple[tuple[Interval, Interval] | None, str]:
    """Return intervals around the claim's and the true value, or None and the reason.

    Args:
        output: f.
        claim: The claim.
        variables: The variables of the derivative: none, one or two.
        at: The point.
        columns: The data.
        truth: The true value by our rules, to many digits.

    Raises:
        NoCertificateError: The intervals have a common number with all digits, or disagree with our rules.
    """
    if not installed():
        return None, NOT_RUN
    try:
        theirs, ours = Balls([claim], columns), Balls([output], columns)
        for digits in DIGITS:
            pair = theirs.at(at, BITS * digits)[0], true_ball(ours, variables, at, BITS * digits)
            both = [bounds_of(ball, digits) for ball in pair]
            claimed, true = both
            if claimed is None or true is None:
                return None, "the certificate has no intervals: ball arithmetic has no bounds of the values there"
            if claimed[1] < true[0] or true[1] < claimed[0]:
                break
        else:
            raise NoCertificateError("ball arithmetic does not separate the claim from the true value")
    except NoBallsError as error:
        return None, f"the certificate has no intervals by ball arithmetic: {error}"
    size = max(abs(truth), Fraction(1))
    if not true[0] - size / 10**12 <= truth <= true[1] + size / 10**12:
        raise NoCertificateError("ball arithmetic disagrees with the derivative by rules")
    return (interval(claimed), interval(true)), ""


def true_ball(balls: Balls, variables: Sequence[str], at: Mapping[str, Fraction], enough: int) -> "Enclosure":
    """Return the enclosure of f or of its derivative, computed from f alone."""
    if not variables:
        return balls.at(at, enough)[0]
    if len(variables) == 1:
        return balls.jet(variables[0], at, enough)[0][1]
    return balls.second(variables[0], variables[1], at, enough)[0]


def bounds_of(ball: "Enclosure", digits: int) -> Bounds | None:
    """Return the bounds of an enclosure rounded outwards to some digits, None where they are not known."""
    exact = ball.fractions()
    return None if exact is None else outward(exact, digits)


def interval(bounds: Bounds) -> Interval:
    """Return bounds as decimals."""
    return Interval(decimal_text(bounds[0]), decimal_text(bounds[1]))
