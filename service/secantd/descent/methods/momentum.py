"""The heavy ball: v ← momentum v - rate ∇f, x ← x + v (Polyak 1964)."""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["Momentum"]


@dataclass(frozen=True, slots=True)
class Momentum(Paced):
    """v ← momentum v - rate ∇f, x ← x + v."""

    rate: float = parameter(0.01, ABOVE_0, "The learning rate, in squared units of x per unit of f")
    momentum: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last step that is kept")

    title: ClassVar[str] = "momentum"
    update: ClassVar[Update] = Update(
        lines=("{v} = momentum * {v} - rate * {g}", "{x} = {x} + {v}"),
        memory=("v",),
    )
