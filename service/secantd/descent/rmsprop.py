"""RMSProp: a running mean of the squared gradient in place of AdaGrad's sum (Hinton 2012, lecture 6e)."""

from secantd.program.loop import Update

__all__ = ["UPDATE"]

UPDATE = Update(
    lines=(
        "{a} = decay * {a} + (1.0 - decay) * {g} * {g}",
        "{x} = {x} - rate * {g} / (sqrt({a}) + 1e-8)",
    ),
    memory=("a",),
    parameters=("rate", "decay"),
)
