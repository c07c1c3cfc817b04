"""A server of its own process, as any client would find it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

__all__ = ["server"]

HOME = Path(__file__).parents[1]


@contextlib.contextmanager
def server(*command: str) -> Iterator[str]:
    """Start a server, yield its address, and end it.

    Args:
        command: Another program that prints "listening on ADDRESS". Default: secantd at a free port.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    process = subprocess.Popen(
        command or [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"],
        env=environment, cwd=HOME, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if command else None, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            raise RuntimeError("the server has not started")
        yield line.split()[-1]
    finally:
        process.terminate()
        process.wait()
