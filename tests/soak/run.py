"""Calls a server of its own for a while, with all that callers do, and holds it to what it promises.

    python tests/soak/run.py [--seconds 300] [--callers 8] [--address HOST:PORT]
    python tests/soak/run.py --seconds 3600     the long run
    python tests/soak/run.py --faults           kills and stops from a seed, and replies compared with the engine's: faults.py

Valid, invalid, huge, cancelled and slow calls come mixed and at random (the seed is printed). Every reply
carries what proves that it belongs to its request, a number that no other request has. At the end: calls,
wrong and lost answers, times, the memory of all the server's processes and how it grew, how late the event loop
was, and the machine's load; exit code 1 where a promise was broken. With --watch also how long the work on the event
loop itself took.
"""

import argparse
import asyncio
import os
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import grpc
import numpy as np
from idle import beside
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub

# The first third fills caches and pools; afterwards memory may grow by so much and by so many MB. A run of less
# than two minutes does little else than fill them.
GROWTH, GROWTH_MB, SHORT_SECONDS = 1.25, 80, 120
Expression, Column, Coordinate = expression_pb2.Expression, expression_pb2.Column, expression_pb2.Coordinate


# Function, claim, and the verdicts that it deserves in any time.
UNSURE = "VERDICT_UNDECIDED"
RIGHT, WRONG = {"VERDICT_PROVED", "VERDICT_AGREES", UNSURE}, {"VERDICT_REFUTED", UNSURE}
CLAIMS = [
    ("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)", RIGHT),
    ("x^2*sin(x)", "2*x*cos(x)", WRONG),
    ("-" * 1000 + "x", "1", RIGHT),
    ("-" * 1000 + "x", "-1", WRONG),
    ("sin(x)^2*exp(x*cos(x))/(1+x^2)", "1", WRONG),
    ("dnorm(x)", "-x*dnorm(x)", RIGHT),
]


@dataclass
class Tally:
    """What was seen."""

    calls: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    # An answer that is not the one to its request, or a status that the request does not deserve.
    wrong: list[str] = field(default_factory=list)
    # No answer at all, by no fault of the request.
    lost: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    # Seconds since the begin, and MB.
    memory: list[tuple[float, float]] = field(default_factory=list)


class Caller:
    """One caller; `token` numbers are its own."""

    def __init__(self, stub, tally, number, seed):
        self.stub, self.tally = stub, tally
        self.random = random.Random(f"{seed} {number}")
        self.next = number * 10_000_000

    def token(self):
        self.next += 1
        return self.next

    def expect(self, right, what):
        if not right:
            self.tally.wrong.append(what)

    async def derivative(self):
        n = self.token()
        request = derivative_pb2.DifferentiateRequest(expression=Expression(text=f"{n} * x"), variables=["x"])
        reply = await self.stub.Differentiate(request, timeout=60)
        self.expect(reply.derivative.text == str(n), f"d/dx {n} x = {reply.derivative.text}")

    async def again(self):
        request = derivative_pb2.DifferentiateRequest(expression=Expression(text="x^3"))
        reply = await self.stub.Differentiate(request, timeout=60)
        self.expect(reply.derivative.text == "3 * x^2", reply.derivative.text)

    async def long_text(self):
        n = self.token()
        text = " + ".join(f"{n + i} * x" for i in range(200))
        point = [Coordinate(variable="x", value=1)]
        request = derivative_pb2.GradientRequest(expression=Expression(text=text), at=point, values_only=True)
        reply = await self.stub.Gradient(request, timeout=60)
        self.expect(reply.partials[0].value == sum(range(n, n + 200)), f"gradient of {n}…: {reply}")

    async def values(self):
        n, count = self.token(), self.random.choice((1, 100, 20_000))
        x = np.arange(count, dtype=float)
        points = [Column(name="x", values=x)]
        request = evaluate_pb2.EvaluateRequest(expression=Expression(text=f"x + {n}"), points=points, order=1)
        reply = await self.stub.Evaluate(request, timeout=60)
        right = np.array_equal(np.array(reply.values), x + n) and reply.derivatives[0].values[-1] == 1
        self.expect(right, f"values of x + {n}")

    async def blocks(self):
        n = self.token()
        setup = evaluate_pb2.EvaluateStreamRequest.Setup(expression=Expression(text=f"{n} * x"))
        stream = self.stub.EvaluateStream(timeout=60)
        await stream.write(evaluate_pb2.EvaluateStreamRequest(setup=setup))
        for i in range(5):
            points = evaluate_pb2.EvaluateStreamRequest.Points(columns=[Column(name="x", values=[i, i + 1])])
            await stream.write(evaluate_pb2.EvaluateStreamRequest(points=points))
            reply = await stream.read()
            self.expect(list(reply.values) == [n * i, n * (i + 1)] and reply.offset == 2 * i, f"block of {n}")
        await stream.done_writing()
        self.expect(await stream.read() is grpc.aio.EOF, "the stream goes on")

    async def descent(self):
        n = self.token()
        reply, numbers = None, []
        async for reply in self.stub.Descend(self.bowl(n, max_steps=200), timeout=60):
            numbers += [step.number for step in reply.steps]
        self.expect(numbers == list(range(len(numbers))), f"steps of {n} out of order")
        self.expect(abs(reply.outcome.point[0] - n) < 1e-3, f"descent to {n} ended at {reply.outcome.point}")

    def bowl(self, n, **fields):
        start = [Coordinate(variable="x", value=n + 1)]
        rate = descend_pb2.FixedRate(rate=0.1)
        expression = Expression(text=f"(x - {n})^2")
        return descend_pb2.DescendRequest(expression=expression, start=start, fixed_rate=rate, **fields)

    async def left(self):
        call = self.stub.Descend(self.bowl(self.token(), max_steps=5_000_000, tolerance=0), timeout=60)
        await call.read()
        await asyncio.sleep(self.random.random() * 0.05)
        call.cancel()

    async def slow_reader(self):
        call = self.stub.Descend(self.bowl(self.token(), max_steps=100_000, tolerance=0), timeout=60)
        for _ in range(4):
            await call.read()
            await asyncio.sleep(0.1)
        call.cancel()

    async def impatient(self):
        text = " + ".join(f"sin(x * {self.token()})" for _ in range(500))
        request = derivative_pb2.DifferentiateRequest(expression=Expression(text=text), variables=["x"] * 3)
        await self.refused(self.stub.Differentiate(request, timeout=0.05), {"DEADLINE_EXCEEDED"})

    async def syntax(self):
        n = self.token()
        request = derivative_pb2.DifferentiateRequest(expression=Expression(text=f"x + * name{n}"))
        message = await self.refused(self.stub.Differentiate(request, timeout=60), {"INVALID_ARGUMENT"})
        self.expect(f"name{n}" in message, f"the error of name{n} is {message!r}")

    async def huge(self):
        text = "(" * self.random.choice((10, 100_000, 1_000_001))
        request = derivative_pb2.DifferentiateRequest(expression=Expression(text=text))
        await self.refused(self.stub.Differentiate(request, timeout=60), {"INVALID_ARGUMENT"})

    async def too_large(self):
        points = [Column(name="x", values=np.zeros(600_000))]
        request = evaluate_pb2.EvaluateRequest(expression=Expression(text="x"), points=points)
        await self.refused(self.stub.Evaluate(request, timeout=60), {"RESOURCE_EXHAUSTED"})

    async def nonsense(self):
        raw = self.random.randbytes(self.random.randrange(200))
        method = self.stub.channel.unary_unary("/secant.v1.CalculusService/Gradient")
        await self.refused(method(raw, timeout=60), {"INVALID_ARGUMENT", "OK"})

    async def refused(self, call, codes):
        """Read a call that is to fail, or may; return the message of its error."""
        try:
            await call
        except grpc.aio.AioRpcError as error:
            name, message = error.code().name, error.details()
        else:
            name, message = "OK", ""
        # A busy server may refuse any call.
        self.expect(name in codes | {"RESOURCE_EXHAUSTED", "OK"}, f"{name}: {message[:100]}")
        return message

    async def checks(self):
        """Claims whose time is short: whatever was found until then is the verdict, and no worker is lost."""
        text, claimed, verdicts = self.random.choice(CLAIMS)
        n = self.token()
        request = check_pb2.CheckRequest(
            expression=Expression(text=f"({text}) + {n}"),
            claimed=Expression(text=claimed),
            variables=["x"],
            seconds=10 ** self.random.uniform(-3, -0.5),
            witnesses=["exact", "sympy", "numeric"],
        )
        reply = await self.stub.Check(request, timeout=60)
        verdict = check_pb2.Verdict.Name(reply.verdict)
        self.expect(verdict in verdicts, f"{claimed} as the derivative of {text}: {verdict}")

    async def run(self, until):
        kinds = {
            self.derivative: 40, self.again: 20, self.values: 12, self.long_text: 8, self.blocks: 4,
            self.descent: 8, self.checks: 4, self.left: 3, self.slow_reader: 0.5, self.impatient: 1, self.syntax: 10,
            self.huge: 1, self.too_large: 0.3, self.nonsense: 5,
        }  # fmt: skip
        while time.monotonic() < until:
            (kind,) = self.random.choices(list(kinds), list(kinds.values()))
            began, code = time.monotonic(), "OK"
            try:
                await kind()
            except grpc.aio.AioRpcError as error:
                code = error.code().name
                message = error.details() or ""
                if code != "RESOURCE_EXHAUSTED" or not any(words in message for words in ("busy", "still starting")):
                    self.tally.lost.append(f"{kind.__name__}: {code}: {(error.details() or '')[:100]}")
            self.tally.calls[kind.__name__] += 1
            self.tally.codes[code] += 1
            self.tally.seconds.setdefault(kind.__name__, []).append(time.monotonic() - began)


def family(process):
    """A process and all its descendants."""
    parents = {}
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def memory(process):
    """MB that a process and its descendants have for themselves, shared pages counted once among them."""
    total = 0
    for each in family(process):
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def metrics(page):
    """The samples of the page of metrics: {name with labels: value}."""
    with urllib.request.urlopen(f"http://{page}/metrics", timeout=5) as reply:
        rows = [line.split() for line in reply.read().decode().splitlines() if not line.startswith("#")]
    return {row[0]: float(row[1]) for row in rows}


def late(samples):
    """Shares of the event loop's periods that were late by more than 10 and 50 ms."""
    rows = {name: value for name, value in samples.items() if "loop_lag_seconds_bucket" in name}
    counts = {name.partition('le="')[2].rstrip('"}'): value for name, value in rows.items()}
    return 1 - counts["0.01"] / counts["+Inf"], 1 - counts["0.05"] / counts["+Inf"]


def free_address():
    """An address that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


async def soak(address, process, seconds, callers, seed):
    """Call `address` for `seconds`; return the tally."""
    tally = Tally()
    options = [("grpc.use_local_subchannel_pool", 1)]
    channels = [grpc.aio.insecure_channel(address, options) for _ in range(min(callers, 4))]
    stubs = [CalculusServiceStub(channel) for channel in channels]
    for stub, channel in zip(stubs, channels, strict=True):
        stub.channel = channel
    await stubs[0].Describe(describe_pb2.DescribeRequest(), wait_for_ready=True, timeout=30)
    began = time.monotonic()
    until = began + seconds
    work = [Caller(stubs[i % len(stubs)], tally, i + 1, seed).run(until) for i in range(callers)]

    async def weigh():
        while time.monotonic() < until:
            tally.memory.append((time.monotonic() - began, memory(process)))
            await asyncio.sleep(max(0.2, min(5.0, seconds / 100)))

    await asyncio.gather(*work, *([weigh()] if process else []))
    await stubs[0].Describe(describe_pb2.DescribeRequest(), timeout=30)
    for channel in channels:
        await channel.close()
    return tally


def report(tally, seconds, seed):
    """Print what was seen; return what was promised and not kept."""
    broken = list(dict.fromkeys(tally.wrong + tally.lost))
    print(f"{'call':<14}{'calls':>8}{'median ms':>12}{'99 % ms':>10}{'most ms':>10}")
    rows = dict(sorted(tally.seconds.items())) | {"all": [t for times in tally.seconds.values() for t in times]}
    for name, times in rows.items():
        times.sort()
        row = statistics.median(times), times[int(len(times) * 0.99)], times[-1]
        print(f"{name:<14}{len(times):>8}" + "".join(f"{1000 * t:>{w}.1f}" for t, w in zip(row, (12, 10, 10))))  # noqa: B905
    total = sum(tally.calls.values())
    print(f"seed {seed}: {total} calls in {seconds:g} s, {total / seconds:.0f}/s, codes {dict(tally.codes)}")
    if len(tally.memory) >= 6:
        third = len(tally.memory) // 3
        megabytes = [each for _, each in tally.memory]
        early, last = max(megabytes[third : 2 * third]), max(megabytes[2 * third :])
        print(f"memory of all processes, at most: {early:.0f} MB in the second third, {last:.0f} MB in the last")
        if seconds >= SHORT_SECONDS and last > early * GROWTH and last > early + GROWTH_MB:
            broken.append(f"memory grew from {early:.0f} to {last:.0f} MB")
        slope, _ = np.polyfit(*np.array(tally.memory[third:]).T, 1)
        print(f"its slope over these two thirds: {60 * slope:+.2f} MB a minute")
    print(f"wrong or swapped answers: {len(tally.wrong)}, lost ones: {len(tally.lost)}")
    return broken


def main(arguments=None):
    """Return the exit code."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if "--faults" in arguments:
        import faults

        arguments.remove("--faults")
        return faults.main(arguments)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    parser.add_argument("--address", help="a server that runs already; its memory is not watched")
    parser.add_argument("--watch", action="store_true", help="print how long the work on the event loop took")
    given = parser.parse_args(arguments)
    if given.address:
        tally = asyncio.run(soak(given.address, None, given.seconds, given.callers, given.seed))
        broken = report(tally, given.seconds, given.seed)
    else:
        page = free_address()
        program = [Path(__file__).with_name("watched.py")] if given.watch else ["-m", "secantd"]
        command = [sys.executable, *program, "--listen", "127.0.0.1:0", "--metrics", page]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            address = process.stdout.readline().split()[-1]
            with beside() as idle:
                tally = asyncio.run(soak(address, process.pid, given.seconds, given.callers, given.seed))
            broken = report(tally, given.seconds, given.seed)
            samples = metrics(page)
            deaths = samples["secant_worker_deaths_total"]
            print(f"workers lost: {deaths:.0f}")
            if deaths:
                broken.append(f"{deaths:.0f} workers were lost")
            ten, fifty = late(samples)
            print(f"event loop: {ten:.2%} of periods late by more than 10 ms, {fifty:.2%} by 50 ms")
            print(f"one that does nothing, beside it: {idle()}")
            print(
                f"load of the machine over the last 15 minutes: {os.getloadavg()[2]:.1f}, at the end {os.getloadavg()[0]:.1f}"
            )
            process.terminate()
            output, _ = process.communicate(timeout=30)
            print(output, end="")
            if process.returncode:
                broken.append(f"the server ended with {process.returncode}")
    for each in broken[:20]:
        print("broken:", each)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
