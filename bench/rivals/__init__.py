"""Jobs of other programs. Each file `by_NAME.py` runs in the rivals' environment (host.py) and imports nothing of Secant."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

# Numbers of an answer that are compared.
COMPARED = 200


def thinned(answer: object) -> list[float]:
    """Return at most COMPARED numbers of an answer, evenly spaced: of a number, an array, or nested lists of them.

    >>> thinned([1, [2, 3]])
    [1.0, 2.0, 3.0]
    >>> thinned([1.0, list(range(450))])[:3]
    [1.0, 1.0, 3.0]
    """
    pieces: list[Any] = []
    pending = [answer]
    while pending:
        item = pending.pop()
        if hasattr(item, "ravel"):
            pieces.append(item.ravel())
        elif isinstance(item, (list, tuple)):
            if all(isinstance(v, (int, float)) for v in item):
                pieces.append(item)
            else:
                pending.extend(reversed(item))
        else:
            pieces.append([item])
    step = max(1, sum(map(len, pieces)) // COMPARED)
    found, skipped = [], 0
    for piece in pieces:
        found.extend(float(v) for v in piece[skipped::step])
        skipped = (skipped - len(piece)) % step
    return found


def retried(connect: Callable[[], T], seconds: float = 60.0) -> T:
    """Return what `connect` returns as soon as a server that is starting answers it."""
    late = time.monotonic() + seconds
    while True:
        try:
            return connect()
        except Exception:
            if time.monotonic() > late:
                raise
            time.sleep(0.1)
