"""How long a small call waits while one caller's long text is read, derived and compiled in the same process: ./dev bench loop

Descend and EvaluateStream work in threads of the server: whatever one of them does, the event loop goes on. Beside each long call a
small one is made again and again; its time is that which a caller sees.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Sequence

import grpc
from secant.v1 import descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

from bench.common import Effort, Row, Section, main
from bench.server import server

__all__ = ["measure"]

Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate
# Seconds between two small calls.
PAUSE = 0.002


async def descent(calculus: CalculusServiceStub, text: str, names: Sequence[str]) -> None:
    """Make a long descent."""
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
    """Ask for values and second derivatives at three points."""
    stream = calculus.EvaluateStream()
    setup = evaluate_pb2.EvaluateStreamRequest.Setup(expression=Expression(text=text), order=2)
    await stream.write(evaluate_pb2.EvaluateStreamRequest(setup=setup))
    points = evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name=n, values=[0.1, 0.2, 0.3]) for n in "xy"])
    await stream.write(evaluate_pb2.EvaluateStreamRequest(points=points))
    await stream.read()
    await stream.done_writing()


async def beside(work: str, quick: CalculusServiceStub, long: Awaitable[None]) -> Row:
    """Return how long small calls took while `long` was under way."""
    waits: list[float] = []
    began, task = time.perf_counter(), asyncio.ensure_future(long)
    while not task.done():
        asked = time.perf_counter()
        await quick.Describe(describe_pb2.DescribeRequest())
        waits.append(time.perf_counter() - asked)
        await asyncio.sleep(PAUSE)
    await task
    cuts = statistics.quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else waits * 99
    return Row(
        f"{work}, {time.perf_counter() - began:.1f} s, {len(waits):,} small calls",
        {"median": statistics.median(waits), "99 %": cuts[98], "largest": max(waits)},
    )


def sines(count: int) -> str:
    """Return a text of so many terms."""
    return " + ".join(f"sin({k}*x)*y" for k in range(count))


async def rows(address: str, effort: Effort) -> list[Row]:
    """Return the rows."""
    own = [("grpc.use_local_subchannel_pool", 1)]
    async with grpc.aio.insecure_channel(address, own) as one, grpc.aio.insecure_channel(address, own) as other:
        calculus, quick = CalculusServiceStub(one), CalculusServiceStub(other)
        # The workers are forked meanwhile.
        pause = effort.pick(2.0, 2.0, 0.1)
        await asyncio.sleep(pause)
        found = [await beside("nothing", quick, asyncio.sleep(pause))]
        terms = effort.pick((1_000, 5_000), (1_000,), (20,))
        found += [await beside(f"a descent, {n:,} terms", quick, descent(calculus, sines(n), "xy")) for n in terms]
        names = [f"x{k}" for k in range(effort.pick(500, 100, 5))]
        bowls = " + ".join(f"({name} - {k})^2*exp({name})" for k, name in enumerate(names))
        found.append(await beside(f"a descent, {len(names)} variables", quick, descent(calculus, bowls, names)))
        found += [await beside(f"values with Hessian, {n:,} terms", quick, values(calculus, sines(n))) for n in terms]
        return found


def measure(effort: Effort) -> Section:
    """Return the milliseconds of small calls beside long ones."""
    section = Section(
        "loop", "Small calls beside long ones",
        "One server; one caller's long call, and beside it Describe, again and again, on another connection.", "ms", compared=False,
    )  # fmt: skip
    with server() as address:
        section.rows = asyncio.run(rows(address, effort))
    return section


if __name__ == "__main__":
    main(measure)
