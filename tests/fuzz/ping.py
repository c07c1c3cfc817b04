"""A second caller of a server under attack: python tests/fuzz/ping.py ADDRESS [PID]

It asks for a small derivative, another one each time, 20 times a second, until its standard input ends. It then prints
one object of JSON: how many calls, the median and the largest time in milliseconds, and each stall: a call that took
longer than 100 ms, or failed, as [start, end, process seconds, end of the call]. Start and end are seconds of the
machine's monotonic clock; process seconds are what the server PID computed meanwhile (all its threads), so that a
stall of a busy machine can be distinguished from one of the server. Without PID they are unknown (null).
"""

import json
import os
import statistics
import sys
import threading
import time
from pathlib import Path

import grpc
from secant.v1 import derivative_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

__all__ = ["STALL", "processor_time"]

STALL = 0.1
PAUSE = 0.05
DEADLINE = 30.0


def processor_time(pid: int | None, *, children: bool = False) -> float | None:
    """Return the seconds that a process has computed, all its threads together, to 10 ms.

    With `children` also what its children have computed, and theirs, those that have ended included.
    """
    if pid is None:
        return None
    ticks, waiting = 0, [pid]
    while waiting:
        process = waiting.pop()
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            # utime, stime, and cutime, cstime of children that have ended (proc(5)).
            ticks += sum(map(int, fields[11 : 15 if children else 13]))
            if children:
                for thread in Path(f"/proc/{process}/task").iterdir():
                    waiting += map(int, (thread / "children").read_text().split())
        except OSError:
            # It has ended meanwhile.
            continue
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Call until standard input ends."""
    address, pid = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None
    over = threading.Event()

    def watch() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=watch, daemon=True).start()
    times, stalls = [], []
    with grpc.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        number = 0
        while not over.is_set():
            number += 1
            request = derivative_pb2.DifferentiateRequest(variables=["x"])
            request.expression.text = f"x^2 + {number}"
            before, began, end = processor_time(pid), time.monotonic(), "OK"
            try:
                stub.Differentiate(request, timeout=DEADLINE)
            except grpc.RpcError as error:
                end = error.code().name
            after, done = processor_time(pid), time.monotonic()
            times.append(done - began)
            if done - began > STALL or end != "OK":
                computed = None if before is None or after is None else round(after - before, 2)
                stalls.append([began, done, computed, end])
            over.wait(PAUSE)
    median = statistics.median(times) if times else 0.0
    print(
        json.dumps(
            {"calls": len(times), "median": 1e3 * median, "worst": 1e3 * max(times, default=0), "stalls": stalls}
        )
    )


if __name__ == "__main__":
    main()
