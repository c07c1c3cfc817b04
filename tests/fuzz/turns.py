"""The turns of a long run: how far it is stands on standard error, so that a run that is stopped has a count."""

import sys
import time
from collections.abc import Iterator

__all__ = ["turns"]


def turns(count: int, seconds: float) -> Iterator[int]:
    """Count from 1 to `count`, for so many seconds at most; say each minute how many turns are done."""
    began = said = time.monotonic()
    for done in range(1, count + 1):
        yield done
        now = time.monotonic()
        if now - said > 60.0:
            said = now
            print(f"{done:,} of {count:,} in {now - began:.0f} s", file=sys.stderr, flush=True)
        if now - began > seconds:
            return
