"""How long a small call waits while one caller's long text is read, derived and compiled in the same process.

./dev bench loop

Descend and EvaluateStream work in threads of the server: whatever one of them does, the event loop goes on. Beside
each long call a small one is made again and again; printed is how long it took, as a caller sees it.
"""

import asyncio
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Sequence

import grpc
from secant.v1 import descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate
# Seconds between two small calls.
PAUSE = 0.002


async def descent(calculus: CalculusServiceStub, text: str, names: Sequence[str]) -> None:
    request = descend_pb2.DescendRequest(
        expression=Expression(text=text),
        start=[Coordinate(variable=name, value=0.5) for name in names],
        fixed_rate=descend_pb2.FixedRate(rate=1e-9),
        max_steps=300,
        trace_every=1000,
    )
    async for _ in calculus.Descend(request):
        pass


async def values(calculus: CalculusServiceStub, text: str) -> None:
    stream = calculus.EvaluateStream()
    setup = evaluate_pb2.EvaluateStreamRequest.Setup(expression=Expression(text=text), order=2)
    await stream.write(evaluate_pb2.EvaluateStreamRequest(setup=setup))
    points = evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name=n, values=[0.1, 0.2, 0.3]) for n in "xy"])
    await stream.write(evaluate_pb2.EvaluateStreamRequest(points=points))
    await stream.read()
    await stream.done_writing()


async def beside(name: str, quick: CalculusServiceStub, long: Awaitable[None]) -> None:
    """Print how long small calls took while `long` was under way."""
    waits: list[float] = []
    began, task = time.perf_counter(), asyncio.ensure_future(long)
    while not task.done():
        asked = time.perf_counter()
        await quick.Describe(describe_pb2.DescribeRequest())
        waits.append(time.perf_counter() - asked)
        await asyncio.sleep(PAUSE)
    await task
    cuts = statistics.quantiles(waits, n=100)
    print(
        f"{name:40s} {time.perf_counter() - began:6.2f} s   {len(waits):5d} small calls, milliseconds: "
        f"median {1e3 * statistics.median(waits):5.1f}, 99 % {1e3 * cuts[98]:6.1f}, most {1e3 * max(waits):6.1f}"
    )


def sines(count: int) -> str:
    return " + ".join(f"sin({k}*x)*y" for k in range(count))


async def measure(address: str) -> None:
    own = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(address, own) as one, grpc.aio.insecure_channel(address, own) as other:
        calculus, quick = CalculusServiceStub(one), CalculusServiceStub(other)
        # The workers are forked meanwhile.
        await asyncio.sleep(2.0)
        await beside("nothing", quick, asyncio.sleep(2.0))
        for count in (1_000, 5_000):
            await beside(f"a descent, {count:,} terms", quick, descent(calculus, sines(count), "xy"))
        names = [f"x{k}" for k in range(500)]
        bowls = " + ".join(f"({name} - {k})^2*exp({name})" for k, name in enumerate(names))
        await beside("a descent, 500 variables", quick, descent(calculus, bowls, names))
        for count in (1_000, 5_000):
            await beside(f"values with Hessian, {count:,} terms", quick, values(calculus, sines(count)))


def main() -> None:
    server = subprocess.Popen(
        [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        asyncio.run(measure(server.stdout.readline().split()[-1]))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
