"""A server of its own process, as any client would find it."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

__all__ = ["server", "server_with_http"]

HOME = Path(__file__).parents[1]


@contextlib.contextmanager
def server(*command: str) -> Iterator[str]:
    """Start a server, yield its address, and end it.

    Args:
        command: Another program that prints "listening on ADDRESS". Default: secantd at a free port.
    """
    with started(command or own(), subprocess.DEVNULL if command else None) as lines:
        yield address(lines)


@contextlib.contextmanager
def server_with_http() -> Iterator[tuple[str, str]]:
    """Start secantd with HTTP, yield its addresses of gRPC and HTTP, and end it."""
    with started([*own(), "--http", "127.0.0.1:0"], None) as lines:
        yield address(lines), address(lines)


def own() -> list[str]:
    """Return the command of secantd at a free port."""
    return [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"]


@contextlib.contextmanager
def started(command: Sequence[str], errors: int | None) -> Iterator[IO[str]]:
    """Start a program, yield its output, and end it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    process = subprocess.Popen(command, env=environment, cwd=HOME, stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        yield process.stdout
    finally:
        process.terminate()
        process.wait()


def address(lines: IO[str]) -> str:
    """Return the address at the end of the next line."""
    line = lines.readline()
    if not line:
        raise RuntimeError("the server has not started")
    return line.split()[-1]
