"""x ← x - rate ∇f."""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, Paced, parameter
from secantd.program.update import Update

__all__ = ["FixedRate"]


@dataclass(frozen=True, slots=True)
class FixedRate(Paced):
    """x ← x - rate ∇f."""

    rate: float = parameter(0.01, ABOVE_0, "The learning rate, in squared units of x per unit of f")

    title: ClassVar[str] = "a fixed rate"
    update: ClassVar[Update] = Update(lines=("{x} = {x} - rate * {g}",))
