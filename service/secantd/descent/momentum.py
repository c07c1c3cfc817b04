"""The heavy ball: v ← momentum v - rate ∇f, x ← x + v (Polyak 1964)."""

from secantd.program.loop import Update

__all__ = ["UPDATE"]

UPDATE = Update(
    lines=("{v} = momentum * {v} - rate * {g}", "{x} = {x} + {v}"),
    memory=("v",),
    parameters=("rate", "momentum"),
)
