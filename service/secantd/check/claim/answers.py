"""What is said of a claim: the verdict, the witnesses, the point where it fails."""

from dataclasses import dataclass
from enum import Enum

from secantd.calculus.answers import Formula

__all__ = ["Failure", "Judgement", "Verdict", "Witness", "number"]


class Verdict(Enum):
    """What is known of a claim; values are those of `secant.v1.Verdict`."""

    PROVED = 1
    AGREES = 2
    REFUTED = 3
    UNDECIDED = 4


@dataclass(frozen=True, slots=True)
class Witness:
    """One opinion: whose, what, and what it did and found."""

    name: str
    verdict: Verdict
    message: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Where a claim fails: the variable's position, the point's number, the point, and both values there; a claim's may
    be NaN."""

    position: int
    index: int
    point: dict[str, float]
    claimed: float
    true: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim, and who bears it out.

    Attributes:
        verdict: The verdict.
        message: It as a sentence.
        failure: For REFUTED where they differ.
        slip: For REFUTED which customary slip explains the claim, a word; else "".
        witnesses: What each witness says.
        derivatives: The right derivative, one for each variable; empty where no formula is known.
        variables: By what.
        notices: What a reader should know.
    """

    verdict: Verdict
    message: str
    failure: Failure | None
    slip: str
    witnesses: tuple[Witness, ...]
    derivatives: tuple[Formula, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]


def number(value: float, beside: float | None = None) -> str:
    """Return a number to six digits, or to as many as tell it from the one it stands beside.

    >>> number(2 / 3), number(1.0), number(1.00000012, beside=1.0)
    ('0.666667', '1', '1.0000001')
    """
    for digits in range(6, 17):
        shown = f"{value:.{digits}g}"
        if beside is None or value == beside or shown != f"{beside:.{digits}g}":
            return shown
    return repr(value)
