"""Offers a server ten times the long calls it can answer; it has to go on answering, and refuse the rest at once.

    python tests/soak/overload.py [--seconds 25] [--times 10]

First as many callers as it has processes find its capacity. Then calls come at ten times that rate, whether
or not the ones before are answered; and so in turns. Printed are the medians of both rates of good answers, and how long
refusals took.
"""

import argparse
import asyncio
import random
import statistics
import subprocess
import sys
import time

import grpc
from secant.v1 import derivative_pb2, describe_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

PROCESSES, QUEUE = 1, 4
# The machine's own speed changes meanwhile.
ROUNDS = 5
chance = random.Random(1)


def long_call():
    """A request that goes to a process, unlike any other and as much work as each."""
    text = " + ".join(f"sin(x * {n})" for n in chance.sample(range(1_000, 10_000), 100))
    return derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text=text), variables=["x"] * 3)


async def capacity(stub, seconds):
    """Return good answers a second of as many callers as there are processes."""
    until, done = time.monotonic() + seconds, 0

    async def call():
        nonlocal done
        while time.monotonic() < until:
            await stub.Differentiate(long_call(), timeout=60)
            done += 1

    await asyncio.gather(*(call() for _ in range(PROCESSES + 1)))
    return done / seconds


async def overload(stub, seconds, rate):
    """Return good answers a second, the times of refusals, and how many ended otherwise."""
    good, refused, other = 0, [], []

    async def call():
        nonlocal good
        began = time.monotonic()
        try:
            await stub.Differentiate(long_call(), timeout=60)
            good += 1
        except grpc.aio.AioRpcError as error:
            if error.code() is grpc.StatusCode.RESOURCE_EXHAUSTED and "busy" in error.details():
                refused.append(time.monotonic() - began)
            else:
                other.append(f"{error.code().name}: {error.details()}")

    tasks, began = [], time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        tasks += [asyncio.create_task(call()) for _ in range(int(now * rate) - len(tasks))]
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    return good / (time.monotonic() - began), refused, other


async def started(stub):
    """Wait until the server's processes are ready: on a busy machine that takes longer than a call waits."""
    for _ in range(120):
        try:
            await stub.Differentiate(long_call(), timeout=60)
            return
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.RESOURCE_EXHAUSTED:
                raise
            await asyncio.sleep(0.5)


async def scenario(address, seconds, times):
    """Return the capacity, good answers a second under overload, refusals' seconds, other ends; rounds take turns."""
    peaks, goods, refused, others = [], [], [], []
    async with grpc.aio.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        await stub.Describe(describe_pb2.DescribeRequest(), wait_for_ready=True, timeout=30)
        await started(stub)
        for _ in range(ROUNDS):
            peaks.append(await capacity(stub, seconds / ROUNDS))
            good, busy, other = await overload(stub, seconds / ROUNDS, times * statistics.median(peaks))
            goods.append(good)
            refused += busy
            others += other
    return statistics.median(peaks), statistics.median(goods), refused, others


def measure(seconds, times):
    """Run the scenario against a server of its own."""
    flags = ["--listen", "127.0.0.1:0", "--pool", str(PROCESSES), "--queue", str(QUEUE)]
    command = [sys.executable, "-m", "secantd", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            return asyncio.run(scenario(process.stdout.readline().split()[-1], seconds, times))
        finally:
            process.terminate()


def main():
    """Return 1 where the promise is broken: 80 % of the capacity, refusals within 50 ms."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--times", type=float, default=10)
    given = parser.parse_args()
    peak, good, refused, other = measure(given.seconds, given.times)
    middle, high = statistics.median(refused), sorted(refused)[int(len(refused) * 0.99)]
    print(f"capacity {peak:.1f}/s; offered {given.times:g} times that: {good:.1f}/s good ({good / peak:.0%})")
    print(f"{len(refused)} got BUSY, median {1000 * middle:.1f} ms, 99 % {1000 * high:.1f} ms; {len(other)} others")
    return 1 if good < 0.8 * peak or middle > 0.05 or other else 0


if __name__ == "__main__":
    sys.exit(main())
