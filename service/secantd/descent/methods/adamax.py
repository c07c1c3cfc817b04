"""Adamax: Adam with an exponentially weighted infinity norm in place of the root of the mean square.

Kingma, Ba, ICLR 2015, §7.1, algorithm 2.
"""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["Adamax"]

# Keeps the quotient 0, and not 0/0, where a partial has always been 0.
SMALL = "1e-300"


@dataclass(frozen=True, slots=True)
class Adamax(Paced):
    """Divides a running mean of the gradient by the exponentially weighted maximum of its absolute value."""

    rate: float = parameter(0.002, ABOVE_0, "The length of a step, in units of x")
    beta1: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last mean of the gradient that is kept")
    beta2: float = parameter(
        0.999, FROM_0_BELOW_1, "The fraction of the last maximum of the gradient's absolute value that is kept"
    )

    title: ClassVar[str] = "Adamax"
    update: ClassVar[Update] = Update(
        once=("power1 = power1 * beta1",),
        lines=(
            "{m} = beta1 * {m} + (1.0 - beta1) * {g}",
            "{u} = max(beta2 * {u}, abs({g}))",
            f"{{x}} = {{x}} - rate / (1.0 - power1) * {{m}} / max({{u}}, {SMALL})",
        ),
        memory=("m", "u"),
        # β₁ᵗ
        counters=(("power1", 1.0),),
    )
