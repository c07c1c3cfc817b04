"""The fork server, a process from which workers are forked: `main([FD, MEMORY, ENTRY, SETUP, *MODULES])`.

It has one thread and has already imported the modules that workers need, so forking a worker takes milliseconds. gRPC,
which must not be forked once it runs, never runs here. Commands of five bytes come through the socket FD: F with a socket
attached forks a worker, K and a process number kills one. When the socket is closed, for example because the server was
killed, all workers are killed.
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
    """Execute commands until the socket is closed."""
    number, memory, entry, setup, *modules = arguments
    # ^C in a terminal, and its end, are sent to this process too. The server handles them, and then ends this process.
    ignored = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for sent in ignored:
        signal.signal(sent, signal.SIG_IGN)
    # The server blocks them; programs that a worker starts must not inherit that.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ignored)
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
            peer = socket.socket(fileno=attached[0])
            try:
                child = os.fork()
            except OSError:
                # Too many processes or too little memory; the pool tries again later.
                with suppress(OSError):
                    frames.send(peer, frames.FAILURE, b"")
                peer.close()
                continue
            if child == 0:
                control.close()
                work(peer, handler, int(memory))
            peer.close()
            workers.add(child)
        elif process in workers:
            workers.discard(process)
            kill_and_reap(process)
    for process in workers:
        kill_and_reap(process)


def kill_and_reap(process: int) -> None:
    """Kill and reap a child. Its process number is not reused before it is reaped."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


def work(peer: socket.socket, handler: Handler, memory: int) -> NoReturn:
    """Run as a worker: answer jobs until the socket is closed."""
    code = 1
    try:
        die_with_parent()
        limit_memory(memory)
        frames.send(peer, frames.HELLO, struct.pack("<I", os.getpid()))
        while True:
            _, job = frames.receive(peer)
            frames.send(peer, frames.TAKEN, b"")
            answered, body = handler(job)
            frames.send(peer, frames.ANSWER if answered else frames.FAILURE, body)
    except (EOFError, OSError):
        code = 0
    finally:
        # Skip the clean-up of what belongs to the fork server, such as its buffers.
        os._exit(code)


def die_with_parent() -> None:
    """Have the kernel kill this process when the fork server is killed; Linux only, see prctl(2)."""
    with suppress(ImportError, OSError, AttributeError):
        import ctypes

        death_signal = 1
        ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)


def limit_memory(memory: int) -> None:
    """Limit the address space to `memory` bytes beyond what is mapped already; 0: no limit."""
    if not memory:
        return
    # Not available on every system; then there is no limit.
    with suppress(ImportError, ValueError, OSError):
        import resource

        with open("/proc/self/statm") as file:
            mapped = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (mapped + memory, mapped + memory))
