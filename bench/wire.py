"""The 636 steps of 002-7 over gRPC, from text to last message, against an empty call of the same server.

./dev bench wire
"""

import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from secant._channel import ConnectionSettings, channel
from secant.v1 import descend_pb2, describe_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

ROUNDS = 60
# Each call is made so many times before the next one's turn.
RUNNING = 5
START = 0.883646125995533


def request(constant: int, every: int = 0, start: float = START) -> descend_pb2.DescendRequest:
    """Return the descent of the notes; another constant makes a text the server has not seen, another start a path."""
    text = f"x^2 + 2*x + {constant}"
    rate = descend_pb2.FixedRate(rate=0.01)
    return descend_pb2.DescendRequest(
        expression=expression_pb2.Expression(text=text),
        start=[expression_pb2.Coordinate(variable="x", value=start)],
        fixed_rate=rate,
        trace_every=every,
    )


def main() -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    address = server.stdout.readline().split()[-1]
    try:
        with channel(ConnectionSettings(address)) as opened:
            measure(CalculusServiceStub(opened))
    finally:
        server.terminate()
        server.wait()


def measure(calculus: CalculusServiceStub) -> None:
    constants = itertools.count(4)
    # As many steps from each of them.
    starts = (START + k * 1e-9 for k in itertools.count(1))

    def descent(asked: descend_pb2.DescendRequest) -> None:
        *_, last = calculus.Descend(asked)
        assert last.outcome.steps == 636

    rivals: dict[str, Callable[[], object]] = {
        "empty call": lambda: calculus.Describe(describe_pb2.DescribeRequest()),
        "descent, every step": lambda: descent(request(3, 1, next(starts))),
        "descent, every step, a new text": lambda: descent(request(next(constants))),
        "descent, every step, asked before": lambda: descent(request(3)),
        "descent, first and last step": lambda: descent(request(3, 10**6, next(starts))),
    }
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        for name, call in rivals.items():
            for _ in range(RUNNING):
                began = time.perf_counter()
                call()
                times[name].append(time.perf_counter() - began)
    empty = statistics.median(times["empty call"])
    for name, found in times.items():
        print(f"{name:34s} {1e3 * statistics.median(found):7.3f} ms   {statistics.median(found) / empty:5.1f}x")


if __name__ == "__main__":
    main()
