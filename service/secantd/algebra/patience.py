"""How long the algebra may take: where the caller is on the event loop not at all, else until a deadline."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from secantd.errors import TakesLongError

__all__ = ["AGAIN", "OutOfTimeError", "StruckError", "deadline", "in_a_hurry", "need_time", "raise_in"]

_hurry: ContextVar[bool] = ContextVar("hurry", default=False)


# Seconds until an exception is raised again: where it arrives in a callback of a weak reference Python drops it.
AGAIN = 0.2


class StruckError(BaseException):
    """Raised in a thread from outside. Not an Exception: SymPy catches those in places, and it is nothing to recover from."""


class OutOfTimeError(StruckError):
    """Raised inside the algebra when its time is up."""


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Let `need_time` raise TakesLongError inside: the caller will ask again where there is time."""
    token = _hurry.set(True)
    try:
        yield
    finally:
        _hurry.reset(token)


def need_time() -> None:
    """Say that what follows takes more than a moment."""
    if _hurry.get():
        raise TakesLongError


def raise_in(thread: int, exception: type[BaseException]) -> None:
    """Raise an exception in another thread, at its next instruction of Python."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(exception))


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError inside after so many seconds, in whatever thread this is.

    SymPy is Python all through, so an exception set from outside reaches it within a few instructions. It
    needs no process of its own for that; one large integer operation in C is what it cannot interrupt.
    """
    here = threading.get_ident()
    state, over = threading.Lock(), threading.Event()

    def strike() -> None:
        while not over.wait(AGAIN if struck else seconds):
            with state:
                if not over.is_set():
                    struck.append(True)
                    raise_in(here, OutOfTimeError)

    def leave() -> None:
        while not over.is_set():
            try:
                with state:
                    over.set()
            except OutOfTimeError:
                # It came while the work was ending.
                pass

    struck: list[bool] = []
    threading.Thread(target=strike, daemon=True).start()
    try:
        yield
    finally:
        leave()
