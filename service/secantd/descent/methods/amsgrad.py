"""AMSGrad: Adam with the maximum of all means of the squared gradient so far, so that step sizes do not grow again.

Reddi, Kale, Kumar, ICLR 2018, algorithm 2, with a constant rate and a constant β₁; as there, the means are not corrected
for their initial value 0.
"""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["AmsGrad"]

# Keeps the quotient 0, and not 0/0, where a partial has always been 0.
SMALL = "1e-8"


@dataclass(frozen=True, slots=True)
class AmsGrad(Paced):
    """Adam with the maximum of all means of the squared gradient so far."""

    rate: float = parameter(0.01, ABOVE_0, "The length of a step, in units of x")
    beta1: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last mean of the gradient that is kept")
    beta2: float = parameter(
        0.999, FROM_0_BELOW_1, "The fraction of the last mean of the squared gradient that is kept"
    )

    title: ClassVar[str] = "AMSGrad"
    update: ClassVar[Update] = Update(
        lines=(
            "{m} = beta1 * {m} + (1.0 - beta1) * {g}",
            "{v} = beta2 * {v} + (1.0 - beta2) * {g} * {g}",
            "{w} = max({w}, {v})",
            f"{{x}} = {{x}} - rate * {{m}} / (sqrt({{w}}) + {SMALL})",
        ),
        memory=("m", "v", "w"),
    )
