"""Feeds the service inputs nobody would think of, until it is stopped or has had enough.

    python tests/fuzz/run.py [--count N] [--seconds S] [--seed N] [--keep FOLDER]
    python tests/fuzz/run.py --formulas ...: laws of random formulas instead, see laws.py

An input is fine if it is answered or refused by an error of ours in time. What crashes or hangs is printed, and
with --keep written to a file; a file put into tests/fuzz/corpus is a test from then on.
"""

import argparse
import random
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import laws
from inputs import request
from secantd.errors import CalculusError
from secantd.settings import Limits
from secantd.transport.functions import Functions
from secantd.transport.methods import answer

__all__ = ["LIMITS", "Hanging", "attempt"]

# Small, so that many inputs come to their limits; a call may take this long.
LIMITS = Limits(
    text_length=2000, nodes=20_000, output_length=50_000, loop_steps=2000, derivative_order=6, algebra_seconds=0.3
)
SECONDS = 5.0


class Hanging(BaseException):
    """The call takes too long; no `except Exception` catches it."""


def alarm(*_: object) -> None:
    raise Hanging


def attempt(name: str, raw: bytes, functions: Functions) -> str:
    """Return how a request ends: "OK" or the reason of its error; anything else is raised."""
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        answer(name, raw, functions)
    except CalculusError as error:
        return error.reason.value
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return "OK"


def main() -> int:
    """Return 1 where something was found."""
    if "--formulas" in sys.argv:
        sys.argv.remove("--formulas")
        return laws.main(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=10**12)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    parser.add_argument("--keep", type=Path, help="folder for what is found")
    given = parser.parse_args()
    # NumPy and the reader may warn; that is no answer.
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGALRM, alarm)
    functions, ends, found = Functions(LIMITS, 64), Counter[str](), set[str]()
    began, slowest, done = time.monotonic(), (0.0, b""), 0
    try:
        for done in range(1, given.count + 1):
            name, raw = request(random.Random(f"{given.seed} {done}"))
            start = time.monotonic()
            try:
                ends[attempt(name, raw, functions)] += 1
            except (Exception, Hanging) as error:
                frame = traceback.extract_tb(error.__traceback__)[-1]
                place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
                ends["FOUND"] += 1
                if place not in found:
                    found.add(place)
                    print(f"found: {place}: {name} {raw!r}: {error}", flush=True)
                    if given.keep:
                        given.keep.mkdir(parents=True, exist_ok=True)
                        (given.keep / f"{name}-{given.seed}-{done}").write_bytes(raw)
            slowest = max(slowest, (time.monotonic() - start, raw))
            if time.monotonic() - began > given.seconds:
                break
    except KeyboardInterrupt:
        pass
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} inputs in {took:.0f} s, {done / took:,.0f}/s: {dict(ends)}")
    print(f"slowest: {slowest[0]:.2f} s for {slowest[1]!r}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
