"""Adam: running means of the gradient and of its square, corrected for their initial value 0.

Kingma, Ba, ICLR 2015, algorithm 1, in the order of operations of its §2.
"""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["Adam"]


@dataclass(frozen=True, slots=True)
class Adam(Paced):
    """Divides a running mean of the gradient by the root of that of its square, both corrected for their initial value 0."""

    rate: float = parameter(0.01, ABOVE_0, "The length of a step, in units of x")
    beta1: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last mean of the gradient that is kept")
    beta2: float = parameter(
        0.999, FROM_0_BELOW_1, "The fraction of the last mean of the squared gradient that is kept"
    )

    title: ClassVar[str] = "Adam"
    update: ClassVar[Update] = Update(
        once=("power1 = power1 * beta1", "power2 = power2 * beta2"),
        lines=(
            "{u} = beta1 * {u} + (1.0 - beta1) * {g}",
            "{w} = beta2 * {w} + (1.0 - beta2) * {g} * {g}",
            "{x} = {x} - rate * ({u} / (1.0 - power1)) / (sqrt({w} / (1.0 - power2)) + 1e-8)",
        ),
        memory=("u", "w"),
        # β₁ᵗ and β₂ᵗ
        counters=(("power1", 1.0), ("power2", 1.0)),
    )
