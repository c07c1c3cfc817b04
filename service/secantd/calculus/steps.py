"""One step of a derivation."""

from dataclasses import dataclass

from secantd.calculus.answers import Formula

__all__ = ["Part", "Step"]


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of what a rule speaks of: u, v, the inner and the outer function."""

    name: str
    formula: Formula


@dataclass(frozen=True, slots=True)
class Step:
    """What is differentiated, by which rule, and what comes out; `depth` 0 is the whole expression."""

    rule: str
    expression: Formula
    result: Formula
    parts: tuple[Part, ...]
    text: str
    depth: int
