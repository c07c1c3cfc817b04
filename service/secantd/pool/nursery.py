"""The process that workers are forked from: `main([FD, MEMORY, ENTRY, SETUP, *MODULES])`.

It has one thread, and what workers need is imported already, so that a fresh worker is there within
milliseconds; gRPC, which must not be forked once it runs, never runs here. Commands come through the socket
FD, five bytes each: F with a socket attached forks a worker, K and a process number kills one. At the
socket's end, be it because the server was killed, all workers are killed.
"""

import importlib
import os
import signal
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from secantd.pool import frames

__all__ = ["COMMAND", "FORK", "KILL", "main"]

COMMAND = struct.Struct("<cI")
FORK, KILL = b"F", b"K"

Handler = Callable[[bytes], tuple[bool, bytes]]


def main(arguments: Sequence[str]) -> None:
    """Serve commands until the socket ends."""
    number, memory, entry, setup, *modules = arguments
    # Whoever runs the server in a terminal and presses ^C means the server, which then ends this.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    control = socket.socket(fileno=int(number))
    module, _, name = entry.partition(":")
    handler: Handler = getattr(importlib.import_module(module), name)(setup)
    for each in modules:
        with suppress(ImportError):
            importlib.import_module(each)
    workers: set[int] = set()
    while True:
        command, attached, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(command) < COMMAND.size:
            break
        kind, process = COMMAND.unpack(command)
        if kind == FORK:
            child = os.fork()
            if child == 0:
                control.close()
                work(socket.socket(fileno=attached[0]), handler, int(memory))
            os.close(attached[0])
            workers.add(child)
        elif process in workers:
            workers.discard(process)
            end(process)
    for process in workers:
        end(process)


def end(process: int) -> None:
    """Kill and reap a child: its number is not given to another process before that."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


def work(peer: socket.socket, handler: Handler, memory: int) -> NoReturn:
    """Be a worker: answer jobs until the socket ends."""
    code = 1
    try:
        die_with_parent()
        limit_memory(memory)
        frames.send(peer, frames.HELLO, struct.pack("<I", os.getpid()))
        while True:
            _, job = frames.receive(peer)
            answered, body = handler(job)
            frames.send(peer, frames.ANSWER if answered else frames.FAILURE, body)
    except (EOFError, OSError):
        code = 0
    finally:
        # Nothing of the nursery's, such as its buffers, is this process's to clean up.
        os._exit(code)


def die_with_parent() -> None:
    """Have the kernel kill this process when the nursery is killed; Linux only, see prctl(2)."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        death_signal = 1
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)


def limit_memory(memory: int) -> None:
    """Bound the address space to `memory` bytes beyond what is mapped already; 0 is no bound."""
    if not memory:
        return
    # Not on every system; where it is missing there is no bound either.
    with suppress(ImportError, ValueError, OSError):
        import resource

        with open("/proc/self/statm") as file:
            mapped = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
