"""Feeds the service inputs nobody would think of, until it is stopped or has had enough.

    python tests/fuzz/run.py [--count N] [--seconds S] [--seed N] [--keep FOLDER]
    python tests/fuzz/run.py --formulas ...: laws of random formulas instead, see laws.py
    python tests/fuzz/run.py --claims ...: random claims about random formulas, see claims.py
    python tests/fuzz/run.py --arrays ...: derivatives of random formulas of vectors and matrices, see tests/arrays/fuzz.py
    python tests/fuzz/run.py --arrays --against jax ...: the same formulas against JAX, see tests/arrays/against_jax.py
    python tests/fuzz/run.py --exponentials ...: exponentials that meet, far out, against mpmath, see exponentials.py
    python tests/fuzz/run.py --vectors ...: the same for formulas of vectors, see vectors.py
    python tests/fuzz/run.py --pairs ...: whether random and hostile pairs of formulas are equal, in time, see pairs.py
    python tests/fuzz/run.py --grid ...: every field of every request at hard values, over the wire, see grid.py

An input is fine if it is answered or refused by an error of ours in time. What crashes, or hangs on the event loop,
is printed, and with --keep written to a file; a file put into tests/fuzz/corpus is a test from then on.
"""

import argparse
import importlib
import random
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import claims
import exponentials
import grid
import laws
import pairs
import vectors
from inputs import request
from messages import unframed
from secantd.answers.functions import FunctionCache
from secantd.errors import CalculusError, Reason
from secantd.settings import Limits
from secantd.transport.messages.contract import parse
from secantd.transport.methods import METHODS, Kind, answer
from turns import turns

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
    check_seconds=0.3,
)
# Of CPU time, so that nothing seems to hang on a busy machine.
SECONDS = 5.0


class Hanging(BaseException):
    """The call takes too long; no `except Exception` catches it."""


def alarm(*_: object) -> None:
    raise Hanging


def attempt(name: str, raw: bytes, functions: FunctionCache) -> str:
    """Return how a request ends: "OK" or the reason of its error; anything else is raised."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        method = METHODS[name]
        if method.kind is Kind.UNARY:
            answer(name, raw, functions)
        elif method.kind is Kind.RESPONSE_STREAMING:
            for _ in method.answer(parse(method.request, raw), functions):
                pass
        else:
            stream(unframed(raw), functions)
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
    method = METHODS[name]
    return method.kind is not Kind.UNARY or method.quick(parse(method.request, raw))


def stream(messages: list[bytes], functions: FunctionCache) -> None:
    """Answer the messages of EvaluateStream one after another."""
    method = METHODS["EvaluateStream"]
    blocks = method.answer(functions)
    for raw in messages:
        reply = blocks.job(parse(method.request, raw))()
        if reply is not None:
            reply.SerializeToString()


def main() -> int:
    """Return 1 where something was found."""
    if "--arrays" in sys.argv:
        # A package, because pytest imports it as one.
        sys.path.insert(0, str(Path(__file__).parents[2]))
        arrays = importlib.import_module("tests.arrays.fuzz")
        sys.argv.remove("--arrays")
        return int(arrays.main(sys.argv[1:]))
    programs = {
        "--formulas": laws.main,
        "--claims": claims.main,
        "--exponentials": exponentials.main,
        "--grid": grid.main,
        "--pairs": pairs.main,
        "--vectors": vectors.main,
    }
    for flag, program in programs.items():
        if flag in sys.argv:
            sys.argv.remove(flag)
            return program(sys.argv[1:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10**12)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000_000)
    parser.add_argument("--keep", type=Path, help="folder for what is found")
    given = parser.parse_args()
    # NumPy and the reader may warn; that is no answer.
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, alarm)
    functions, ends, found = FunctionCache(LIMITS, 64), Counter[str](), set[str]()
    began, slowest, done = time.monotonic(), (0.0, b""), 0
    try:
        for done in turns(given.count, given.seconds):
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
    except KeyboardInterrupt:
        pass
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} inputs in {took:.0f} s, {done / took:,.0f}/s: {dict(ends)}")
    print(f"slowest: {slowest[0]:.2f} s for {slowest[1]!r}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
