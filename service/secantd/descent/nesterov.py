"""Nesterov's accelerated gradient (1983): momentum, with the gradient taken ahead.

With y = x + momentum v the method v ← momentum v - rate ∇f(y), x ← x + v is one in y alone, and y is the path
that is reported, as it is where f and ∇f are computed: one gradient for each step.
"""

from secantd.program.loop import Update

__all__ = ["UPDATE"]

UPDATE = Update(
    lines=(
        "{w} = momentum * {v} - rate * {g}",
        "{x} = {x} + (1.0 + momentum) * {w} - momentum * {v}",
        "{v} = {w}",
    ),
    memory=("v", "w"),
    parameters=("rate", "momentum"),
)
