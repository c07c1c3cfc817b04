"""Nesterov's accelerated gradient (1983): momentum, with the gradient taken ahead.

With y = x + momentum v the method v ← momentum v - rate ∇f(y), x ← x + v can be written in y alone. The reported path is y,
where f and ∇f are computed, so that a step needs one gradient.
"""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["Nesterov"]


@dataclass(frozen=True, slots=True)
class Nesterov(Paced):
    """Momentum with the gradient taken at x + momentum v."""

    rate: float = parameter(0.01, ABOVE_0, "The learning rate, in squared units of x per unit of f")
    momentum: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last step that is kept")

    title: ClassVar[str] = "Nesterov's gradient"
    update: ClassVar[Update] = Update(
        lines=(
            "{w} = momentum * {v} - rate * {g}",
            "{x} = {x} + (1.0 + momentum) * {w} - momentum * {v}",
            "{v} = {w}",
        ),
        memory=("v", "w"),
    )
