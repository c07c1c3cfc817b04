"""The fork server, a process from which workers are forked: `main([FD, MEMORY, ENTRY, SETUP, *MODULES])`.

It has one thread and has imported the handler, so forking a worker takes milliseconds. gRPC, which must not be forked once it
runs, never runs here. Commands of five bytes come through the socket FD: F with a socket attached forks a worker, K and a
process number kills one. When the socket is closed, for example because the server was killed, all workers are killed.

MODULES take long to import, and few jobs need them. They are imported while no command waits; the command L forks a worker when
all are imported. A worker that was forked before imports itself what a job needs.
"""

import gc
import importlib
import os
import select
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NoReturn

from secantd.memory import limit_memory
from secantd.pool import frames

__all__ = ["COMMAND", "FORK", "FORK_LOADED", "GARBAGE", "KILL", "main"]

COMMAND = struct.Struct("<cI")
FORK, FORK_LOADED, KILL = b"F", b"L", b"K"

Handler = Callable[[bytes], tuple[bool, bytes]]
# After so many searches among the younger objects, 6000 at a time, a worker looks at all of them between two jobs.
GARBAGE = 100


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
    workers: set[int] = set()
    left, waiting = deque(modules), list[socket.socket]()

    def fork(peer: socket.socket) -> None:
        try:
            child = os.fork()
        except OSError:
            # Too many processes or too little memory; the pool tries again later.
            with suppress(OSError):
                frames.send(peer, frames.FAILURE, b"")
            peer.close()
            return
        if child == 0:
            for other in (control, *waiting):
                other.close()
            work(peer, handler, int(memory))
        peer.close()
        workers.add(child)

    while True:
        if left and not select.select([control], [], [], 0)[0]:
            with suppress(ImportError):
                importlib.import_module(left.popleft())
            continue
        while waiting and not left:
            fork(waiting.pop())
        command, attached, _, _ = socket.recv_fds(control, COMMAND.size, 1)
        if len(command) < COMMAND.size:
            break
        kind, process = COMMAND.unpack(command)
        if kind == FORK:
            fork(socket.socket(fileno=attached[0]))
        elif kind == FORK_LOADED:
            waiting.append(socket.socket(fileno=attached[0]))
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
        # Searching all of SymPy for garbage takes a tenth of a second or more. What is imported is none, and jobs are not stopped for it.
        gc.freeze()
        gc.set_threshold(2_000, 3, 2_500)
        frames.send(peer, frames.HELLO, struct.pack("<I", os.getpid()))
        while True:
            _, job = frames.receive(peer)
            frames.send(peer, frames.TAKEN, b"")
            answered, body = handler(job)
            frames.send(peer, frames.ANSWER if answered else frames.FAILURE, body)
            if gc.get_count()[2] > GARBAGE:
                gc.collect()
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
