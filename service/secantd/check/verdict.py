"""The answer about a claim: the verdict, the witnesses, the point where it fails."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

from secantd.calculus.results import Certificate, Formula

__all__ = ["Counterexample", "Judgement", "Verdict", "Witness", "constant_text", "number", "point_text"]


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
        order: The order of the derivative; 0: the function itself.
        names: With order 2, the names of the variables of the second derivative that fails.
        certificate: A proof of the verdict, if one was requested and is possible.
    """

    verdict: Verdict
    message: str
    counterexample: Counterexample | None
    slip: str
    witnesses: tuple[Witness, ...]
    derivatives: tuple[Formula, ...]
    variables: tuple[str, ...]
    notices: tuple[str, ...]
    order: int = 1
    names: str = ""
    certificate: Certificate | None = None

    @property
    def variable(self) -> str:
        """The variable of the partial that fails, or ""."""
        if self.names:
            return self.names
        return self.variables[self.counterexample.position] if self.counterexample and self.order else ""

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
    # -0.0 is 0.
    value += 0.0
    for digits in range(6, 17):
        shown = f"{value:.{digits}g}"
        if beside is None or value == beside or shown != f"{beside:.{digits}g}":
            return shown
    return repr(value)


def point_text(point: Mapping[str, float]) -> str:
    """Return a point as text.

    >>> point_text({"x": 1.0, "y": 0.5})
    'x = 1, y = 0.5'
    """
    shown = [f"{name} = {number(value)}" for name, value in list(point.items())[:6]]
    return ", ".join(shown) + (", …" if len(point) > 6 else "")


# Constants that a missing factor may be, in addition to small fractions.
FACTORS = {
    "pi": math.pi, "2 pi": 2 * math.pi, "2/pi": 2 / math.pi, "4/pi": 4 / math.pi, "pi/2": math.pi / 2, "pi/4": math.pi / 4, "log(2)": math.log(2), "log(10)": math.log(10), "180/pi": 180 / math.pi,
    "sqrt(2)": math.sqrt(2), "sqrt(3)": math.sqrt(3), "sqrt(pi)": math.sqrt(math.pi), "sqrt(2 pi)": math.sqrt(2 * math.pi), "e": math.e,
}  # fmt: skip
# The relative difference from a constant below which a number is taken for it.
AGREE = 1e-7


def constant_text(value: float, agree: float = AGREE, largest: int = 60) -> str:
    """Return a constant as a person would write it.

    Args:
        value: The constant.
        agree: The relative difference from the written constant that is allowed.
        largest: The largest denominator of a fraction.

    >>> constant_text(2.0), constant_text(-1/3), constant_text(math.log(2)), constant_text(-2/math.pi), constant_text(math.pi/2), constant_text(0.123456789)
    ('2', '-1/3', 'log(2)', '-2/pi', 'pi/2', '0.123457')
    """
    fraction = Fraction(value).limit_denominator(largest)
    if abs(float(fraction) - value) <= agree * abs(value):
        return str(fraction)
    inverses = {
        (f"1/({text})" if set(text) & set(" /") else f"1/{text}"): 1 / factor for text, factor in FACTORS.items()
    }
    for text, factor in (*FACTORS.items(), *inverses.items()):
        if abs(abs(value) - factor) <= agree * factor:
            return f"-{text}" if value < 0 else text
    return number(value, beside=1.0)
