"""Restarts three servers one after another under load; no call may be lost, the kill -9 included.

    python tests/soak/replicas.py [--calls 50000] [--callers 20]

The callers use the Python client as it comes: round robin, health watched, UNAVAILABLE tried again.
"""

import argparse
import asyncio
import signal
import subprocess
import sys
import time

import secant

SERVERS = 3


class Replica:
    """One server, on the same port through all its lives."""

    def __init__(self):
        self.address, self.process = "127.0.0.1:0", None

    def start(self):
        # No processes for long calls: none is made here, and a machine that starts many is no faster.
        command = [sys.executable, "-m", "secantd", "--listen", self.address, "--pool", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split()[-1]

    def stop(self, number):
        self.process.send_signal(number)
        self.process.wait(30)
        self.process.stdout.close()


async def scenario(calls, callers, least=2 * SERVERS):
    """Return (calls made, calls lost with their errors, restarts, at least `least`, and seconds)."""
    replicas = [Replica() for _ in range(SERVERS)]
    for replica in replicas:
        await asyncio.to_thread(replica.start)
    client = secant.connect_async("ipv4:" + ",".join(replica.address for replica in replicas))
    done, lost, over, restarts = 0, [], asyncio.Event(), 0

    async def call(caller):
        nonlocal done
        while not over.is_set():
            number = 2 * (caller * 10**6 + done) + 1
            done += 1
            try:
                answer = await client.differentiate(f"{number} * x", "x")
                if answer.text != str(number):
                    lost.append(f"{number} * x gave {answer.text}")
            except secant.Error as error:
                lost.append(f"{type(error).__name__}: {error}")

    async def restart():
        nonlocal restarts
        number = 0
        while done < calls or number < least:
            replica = replicas[number % SERVERS]
            # Every third is killed, the others drain.
            await asyncio.to_thread(replica.stop, signal.SIGKILL if number % 3 == 2 else signal.SIGTERM)
            await asyncio.to_thread(replica.start)
            # Health has to be seen before the next one goes.
            await asyncio.sleep(0.5)
            number = restarts = number + 1
        over.set()

    began = time.monotonic()
    try:
        await asyncio.gather(restart(), *(call(i + 1) for i in range(callers)))
    finally:
        over.set()
        await client.close()
        for replica in replicas:
            await asyncio.to_thread(replica.stop, signal.SIGKILL)
    return done, lost, restarts, time.monotonic() - began


def main():
    """Return 1 where a call was lost."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=50_000)
    parser.add_argument("--callers", type=int, default=20)
    given = parser.parse_args()
    done, lost, restarts, seconds = asyncio.run(scenario(given.calls, given.callers))
    print(f"{done} calls in {seconds:.0f} s over {restarts} restarts of {SERVERS} servers, {len(lost)} lost")
    for each in lost[:10]:
        print("lost:", each)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
