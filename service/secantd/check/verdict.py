"""The answer about a claim: the verdict, the witnesses, the point where it fails."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from secantd.calculus.results import Formula

__all__ = ["Counterexample", "Judgement", "Verdict", "Witness", "number"]


class Verdict(Enum):
    """The verdict on a claim; values are those of `secant.v1.Verdict`."""

    PROVED = 1
    AGREES = 2
    REFUTED = 3
    UNDECIDED = 4


@dataclass(frozen=True, slots=True)
class Witness:
    """The opinion of one witness: its name, its verdict, and a sentence about what it found."""

    name: str
    verdict: Verdict
    message: str


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point at which a claim fails.

    Attributes:
        position: The position of the variable.
        index: The position of the point in the trial.
        point: The point, by variable: numbers, vectors and matrices.
        claimed: The claim's value, NaN if it has none.
        true: The derivative's value.
    """

    position: int
    index: int
    point: Mapping[str, Any]
    claimed: float
    true: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a claim, and the opinions it is made from.

    Attributes:
        verdict: The verdict.
        message: The verdict as a sentence.
        counterexample: For REFUTED, a point at which claim and derivative differ.
        slip: For REFUTED, the common mistake that explains the claim, as a word; else "".
        witnesses: The opinion of each witness.
        derivatives: The correct derivative, one for each variable; empty where no formula is known.
        variables: The variables of the derivative.
        notices: Remarks for the caller.
    """

    verdict: Verdict
    message: str
    counterexample: Counterexample | None
    slip: str
    witnesses: tuple[Witness, ...]
    derivatives: tuple[Formula, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]

    @property
    def variable(self) -> str:
        """The variable of the partial that fails, or ""."""
        return self.variables[self.counterexample.position] if self.counterexample else ""

    @property
    def witness_point(self) -> tuple[tuple[str, Any], ...]:
        """The point at which it fails, empty if there is none."""
        return tuple(self.counterexample.point.items()) if self.counterexample else ()

    @property
    def claimed_value(self) -> float | None:
        """The claim's value at that point; NaN if it has none."""
        return self.counterexample.claimed if self.counterexample else None

    @property
    def true_value(self) -> float | None:
        """The derivative's value at that point."""
        return self.counterexample.true if self.counterexample else None


def number(value: float, beside: float | None = None) -> str:
    """Return a number with six digits, or with as many as distinguish it from `beside`.

    >>> number(2 / 3), number(1.0), number(1.00000012, beside=1.0)
    ('0.666667', '1', '1.0000001')
    """
    for digits in range(6, 17):
        shown = f"{value:.{digits}g}"
        if beside is None or value == beside or shown != f"{beside:.{digits}g}":
            return shown
    return repr(value)
