"""Calls from a process that was forked (`os.fork`, `multiprocessing` with "fork").

gRPC's threads do not exist in a child process. A child can use gRPC only if no channel, server or call was alive at the
fork. Therefore idle channels are closed before a fork, and the next call in either process opens a new one. If anything else
was alive, a call in the child raises an error instead of blocking forever.

GRPC_ENABLE_FORK_SUPPORT is set to 0 when `secant` is imported (`secant/__init__.py`). gRPC's own handlers restart threads in
the child; with a `secant.local()` in the parent, 8 of 25 children were killed by a signal (gRPC 1.85).
"""

import ctypes
import gc
import os
import threading
import weakref
from typing import Any, Protocol

from secant.errors import Error

__all__ = ["Idle", "check", "closed", "generation", "opened", "register"]

MESSAGE = """\
this process was forked while gRPC was running in its parent (a secant.local(), an asyncio client or a call)
  gRPC does not work in such a process
start processes with multiprocessing.get_context("spawn") or "forkserver", or fork before the first call"""


class Idle(Protocol):
    """Something that can be closed before a fork while it is idle."""

    @property
    def busy(self) -> bool:
        """Whether a call uses it."""

    def release(self) -> bool:
        """Close it if it is not busy, and return whether it was closed."""


_idle: "weakref.WeakSet[Idle]" = weakref.WeakSet()
_generation = 0
# Whether this process can make calls; None: not known yet.
_sound: bool | None = True
# Servers and channels of grpc.aio that are open.
_open: "weakref.WeakSet[object]" = weakref.WeakSet()

# Whether something of gRPC was closed since garbage was last collected.
_closed = False
# During a fork: held by the thread that forks, what may not be freed in a child, whether the garbage collector ran before.
_fork = threading.Lock()
_kept: list[object] = []
_collecting = False


def opened(thing: object) -> None:
    """Record a server or a channel of grpc.aio, which keeps a thread in gRPC until it is `closed`."""
    _open.add(thing)


def closed(thing: object | None = None) -> None:
    """Record that a channel or a server was closed, so that garbage is collected before the next fork.

    Args:
        thing: The argument of `opened`; None for a channel that was not recorded.
    """
    global _closed
    _closed = True
    if thing is not None:
        _open.discard(thing)


def generation() -> int:
    """Return the number of forks between the process that imported the client and this one."""
    return _generation


def register(idle: Idle) -> None:
    """Release `idle` before each fork, as long as it exists."""
    _idle.add(idle)


def check() -> None:
    """Return if this process can use gRPC.

    Raises:
        Error: FAILED_PRECONDITION, this process was forked from one in which gRPC was running.
    """
    global _sound
    if _sound is None:
        _sound = not any(isinstance(thing, _kinds()) for thing in gc.get_objects())
    if not _sound:
        raise Error(MESSAGE, status="FAILED_PRECONDITION")


def _kinds() -> tuple[Any, ...]:
    """Return the classes whose objects keep gRPC running, including those of other packages."""
    from grpc._cython import cygrpc

    return cygrpc.Channel, cygrpc.Server, cygrpc.AioChannel, cygrpc.AioServer


def _before() -> None:
    global _closed, _collecting
    for idle in list(_idle):
        _closed |= idle.release()
    if _closed:
        # A stopped server, or a channel in the frames of a caught exception, is part of a reference cycle.
        gc.collect()
        _closed = False
    _fork.acquire()
    _collecting = gc.isenabled()
    if _running():
        # Until the child has kept these objects, it may free none: neither those that only the frames of a thread hold, which
        # is cleared in the child before its handlers run, nor those that its garbage collector finds.
        gc.disable()
        _kept.extend(_objects())


def _after_in_parent() -> None:
    _kept.clear()
    if _collecting:
        gc.enable()
    _fork.release()


def _after_in_child() -> None:
    global _generation, _sound
    _generation += 1
    if _running():
        _sound = False
        for thing in _objects():  # again: threads may have run between the first handler and the fork
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(thing))
    elif _sound:
        _sound = None
    _after_in_parent()


def _running() -> bool:
    return len(_open) > 0 or any(idle.busy for idle in list(_idle))


def _objects() -> list[object]:
    """Return all objects of gRPC: in a child, freeing one can block on a lock that a thread held at the fork."""
    return [
        thing for thing in gc.get_objects() if str(getattr(type(thing), "__module__", None)).startswith("grpc._cython")
    ]


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
