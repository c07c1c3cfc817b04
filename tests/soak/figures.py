"""Prints the figures of docs/operations.md that are a matter of speed: python tests/soak/figures.py"""

import asyncio
import itertools
import os
import statistics
import subprocess
import sys
import time

import grpc
from idle import beside
from run import free_address, late, soak
from secant.v1 import derivative_pb2, describe_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

number = itertools.count(1)


def small(text):
    return derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text=text), variables=["x"])


async def rate(stub, text, callers=32, seconds=3.0):
    """Calls a second of so many callers on one connection."""
    until, done = time.monotonic() + seconds, 0

    async def call():
        nonlocal done
        while time.monotonic() < until:
            await stub.Differentiate(small(text()), timeout=30)
            done += 1

    await asyncio.gather(*(call() for _ in range(callers)))
    return done / seconds


async def killing(rounds=20):
    """Milliseconds from the cancel of a job to the death of its process, and those of a job's round trip."""
    from secantd.pool import Pool
    from secantd.transport.calls import dispatch

    pool = Pool(f"{dispatch.__name__}:handler", "{}", 1, 4, 0, ["sympy"])
    deaths, trips = [], []
    try:
        await pool.start()
        job = b"Differentiate\0" + small("x^2").SerializeToString()
        for _ in range(200):
            began = time.perf_counter()
            await pool.run(job, 10)
            trips.append(time.perf_counter() - began)
        endless = b"Differentiate\0" + small("+".join(f"sin(x*{i})" for i in range(20_000))).SerializeToString()
        for _ in range(rounds):
            while not pool._idle.qsize():
                await asyncio.sleep(0.01)
            worker = pool._idle._queue[-1].process
            task = asyncio.create_task(pool.run(endless, 60))
            await asyncio.sleep(0.05)
            began = time.perf_counter()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            while alive(worker):
                await asyncio.sleep(0.001)
            deaths.append(time.perf_counter() - began)
    finally:
        await pool.stop()
    return [1000 * t for t in deaths], [1e6 * t for t in trips]


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def scenario(address, page, process):
    async with grpc.aio.insecure_channel(address) as channel:
        stub = CalculusServiceStub(channel)
        await stub.Describe(describe_pb2.DescribeRequest(), wait_for_ready=True, timeout=30)
        print(f"small calls, each new:      {await rate(stub, lambda: f'{next(number)}*x^2'):8.0f}/s")
        print(f"small calls, all the same:  {await rate(stub, lambda: 'x^2'):8.0f}/s")
    deaths, trips = await killing()
    print(f"a job's way through a process: median {statistics.median(trips):.0f} us")
    print(f"a cancelled job's process is gone after {statistics.median(deaths):.1f} ms, at most {max(deaths):.1f} ms")
    with beside() as idle:
        await soak(address, process, 10, 8, 1)
    ten, fifty = late(page)
    print(f"event loop under the soak's mix: {ten:.2%} of periods late by more than 10 ms, {fifty:.2%} by 50 ms")
    print(f"one that does nothing, beside it: {idle()}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f}")


def main():
    began = time.monotonic()
    page = free_address()
    flags = ["--listen", "127.0.0.1:0", "--metrics", page]
    with subprocess.Popen([sys.executable, "-m", "secantd", *flags], stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split()[-1]
        print(f"ready after {time.monotonic() - began:.2f} s")
        try:
            asyncio.run(scenario(address, page, process.pid))
        finally:
            began = time.monotonic()
            process.terminate()
            process.wait(30)
            print(f"drained in {time.monotonic() - began:.2f} s")


if __name__ == "__main__":
    main()
