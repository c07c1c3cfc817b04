"""Where long work lets go for a moment."""

__all__ = ["EVERY", "checkpoint"]

# Turns of a loop between two checkpoints, some microseconds each.
EVERY = 256


def checkpoint() -> None:
    """Let another thread go on, and let arrive what was raised in this one from outside.

    Both happen where a function of Python begins (CPython's eval breaker). Compiled modules begin none of their
    own: with a long text they would hold the event loop up for a second. This module is never compiled.
    """
