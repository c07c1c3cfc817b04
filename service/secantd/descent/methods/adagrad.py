"""AdaGrad: each coordinate's step is divided by the root of the sum of its squared gradients.

Duchi, Hazan, Singer, JMLR 12 (2011), with the diagonal matrix of §1.3.
"""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, Paced, parameter
from secantd.program.update import Update

__all__ = ["AdaGrad"]

# Keeps the quotient finite where a partial has always been 0.
SMALL = "1e-10"


@dataclass(frozen=True, slots=True)
class AdaGrad(Paced):
    """Divides the gradient by the root of the sum of its squares."""

    rate: float = parameter(0.1, ABOVE_0, "The length of a step, in units of x")

    title: ClassVar[str] = "AdaGrad"
    update: ClassVar[Update] = Update(
        lines=("{a} = {a} + {g} * {g}", f"{{x}} = {{x}} - rate * {{g}} / (sqrt({{a}}) + {SMALL})"),
        memory=("a",),
    )
