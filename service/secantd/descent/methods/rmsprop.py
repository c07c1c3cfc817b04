"""RMSProp: a running mean of the squared gradient in place of AdaGrad's sum (Hinton 2012, lecture 6e)."""

from dataclasses import dataclass
from typing import ClassVar

from secantd.descent.methods.method import ABOVE_0, FROM_0_BELOW_1, Paced, parameter
from secantd.program.update import Update

__all__ = ["RmsProp"]


@dataclass(frozen=True, slots=True)
class RmsProp(Paced):
    """Divides the gradient by the root of a running mean of its square."""

    rate: float = parameter(0.01, ABOVE_0, "The length of a step, in units of x")
    decay: float = parameter(0.9, FROM_0_BELOW_1, "The fraction of the last mean of the squared gradient that is kept")

    title: ClassVar[str] = "RMSProp"
    update: ClassVar[Update] = Update(
        lines=(
            "{a} = decay * {a} + (1.0 - decay) * {g} * {g}",
            "{x} = {x} - rate * {g} / (sqrt({a}) + 1e-8)",
        ),
        memory=("a",),
    )
