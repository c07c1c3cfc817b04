"""An event loop that does nothing, beside a server's: how late the machine alone makes it.

    python tests/soak/idle.py

It ends when its input does, and prints the shares of its periods that were late by more than 10 and 50 ms.
"""

import asyncio
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

PERIOD = 0.05


async def watch(late):
    """Note how late the loop comes back from each sleep, until standard input ends."""
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(0, over.set)
    while not over.is_set():
        due = loop.time() + PERIOD
        await asyncio.sleep(PERIOD)
        late.append(loop.time() - due)


@contextmanager
def beside():
    """Run one beside the measurement; the function given returns its output after the end."""
    command = [sys.executable, Path(__file__)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    output = []
    try:
        yield lambda: output[0]
    finally:
        output.append(process.communicate()[0].strip())


def main():
    late = []
    asyncio.run(watch(late))
    ten, fifty = (sum(each > bound for each in late) / len(late) for bound in (0.01, 0.05))
    print(f"{ten:.2%} of periods late by more than 10 ms, {fifty:.2%} by 50 ms")


if __name__ == "__main__":
    main()
