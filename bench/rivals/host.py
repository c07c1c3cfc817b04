"""A rival's process: it makes jobs, times them itself, and answers in lines of JSON, so that the pipe costs no time that is measured.

Run: python -m bench.rivals.host bench.rivals.by_NAME. Requests and replies:

    {"make": "batch", "arguments": {...}}   {"made": 0}
    {"time": 0, "times": 3}                 {"seconds": 0.0012}: those of one of three runs
    {"answer": 0}                           {"answer": [...], "seconds": 0.002}: at most 200 numbers, or a text
    anything that fails                     {"error": "TypeError: ..."}
"""

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.rivals import thinned


def main() -> None:
    """Answer until standard input ends."""
    # What a rival prints belongs to nobody: replies have a channel of their own.
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    try:
        rival = importlib.import_module(sys.argv[1])
    except ImportError as error:
        replies.write(json.dumps({"error": f"cannot be imported: {error}"}) + "\n")
        return
    before = getattr(rival, "before", lambda: None)
    made: list[Callable[[], Any]] = []
    replies.write(json.dumps({"ready": True}) + "\n")
    for line in sys.stdin:
        request = json.loads(line)
        reply: dict[str, Any]
        try:
            if "make" in request:
                made.append(getattr(rival, request["make"])(**request["arguments"]))
                reply = {"made": len(made) - 1}
            elif "time" in request:
                reply = {"seconds": seconds(made[request["time"]], request["times"], before)}
            else:
                before()
                began = time.perf_counter()
                answer = made[request["answer"]]()
                taken = time.perf_counter() - began
                reply = {"answer": answer if isinstance(answer, str) else thinned(answer), "seconds": taken}
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"[:200]}
        replies.write(json.dumps(reply) + "\n")


def seconds(job: Callable[[], Any], times: int, before: Callable[[], None]) -> float:
    """Return the seconds of one of several runs; `before` forgets earlier answers and is not timed."""
    taken = 0.0
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            before()
            began = time.perf_counter()
            job()
            taken += time.perf_counter() - began
    finally:
        gc.enable()
    return taken / times


if __name__ == "__main__":
    main()
