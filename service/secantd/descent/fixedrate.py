"""x ← x - rate ∇f."""

from secantd.program.loop import Update

__all__ = ["UPDATE"]

UPDATE = Update(lines=("{x} = {x} - rate * {g}",))
