"""Feeds the service inputs nobody would think of, until it is stopped or has had enough.

    python tests/fuzz/run.py [--count N] [--seconds S] [--seed N] [--keep FOLDER]
    python tests/fuzz/run.py --formulas ...: laws of random formulas instead, see laws.py

An input is fine if it is answered or refused by an error of ours in time. What crashes, or hangs on the event loop,
is printed, and with --keep written to a file; a file put into tests/fuzz/corpus is a test from then on.
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
from messages import unframed
from secant.v1 import descend_pb2, evaluate_pb2
from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.transport.descend import bunches
from secantd.transport.evaluatestream import Blocks
from secantd.transport.functions import Functions
from secantd.transport.methods import IMPLEMENTED, UNARY, answer, parse

__all__ = ["LIMITS", "Hanging", "attempt"]

# Small, so that many inputs come to their limits.
LIMITS = Limits(
    text_length=2000,
    nodes=20_000,
    output_length=50_000,
    loop_steps=2000,
    steps=2000,
    derivative_order=6,
    taylor_order=12,
    algebra_seconds=0.3,
)
# Of work: on a machine that is busy elsewhere nothing seems to hang.
SECONDS = 5.0


class Hanging(BaseException):
    """The call takes too long; no `except Exception` catches it."""


def alarm(*_: object) -> None:
    raise Hanging


def attempt(name: str, raw: bytes, functions: Functions) -> str:
    """Return how a request ends: "OK" or the reason of its error; anything else is raised."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        if name == "Descend":
            for _ in bunches(parse(descend_pb2.DescendRequest, raw), functions):
                pass
        elif name == "EvaluateStream":
            stream(unframed(raw), functions)
        elif name in IMPLEMENTED:
            answer(name, raw, functions)
        else:
            raise CalculusError(Reason.MISSING_PART, f"this server does not answer {name} yet")
    except CalculusError as error:
        return error.reason.value
    except Hanging:
        if on_the_loop(name, raw):
            raise
        return Reason.TIME_LIMIT.value
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return "OK"


def on_the_loop(name: str, raw: bytes) -> bool:
    """Whether a request holds up the server; others are answered by a process that is killed in time."""
    return name not in UNARY or UNARY[name].quick(parse(UNARY[name].request, raw))


def stream(messages: list[bytes], functions: Functions) -> None:
    """Answer the messages of EvaluateStream one after another."""
    blocks = Blocks(functions)
    for number, raw in enumerate(messages):
        message = parse(evaluate_pb2.EvaluateStreamRequest, raw)
        if number:
            blocks.job(message)().SerializeToString()
        else:
            blocks.setup(message)
            blocks.read()


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
    signal.signal(signal.SIGPROF, alarm)
    functions, ends, found = Functions(LIMITS, 64), Counter[str](), set[str]()
    began, slowest, done = time.monotonic(), (0.0, b""), 0
    try:
        for done in range(1, given.count + 1):
            name, raw = request(random.Random(f"{given.seed} {done}"))
            start = time.process_time()
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
            slowest = max(slowest, (time.process_time() - start, raw))
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
