"""How long the algebra may take: where the caller is on the event loop not at all, else until a deadline."""

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from secantd.errors import TakesLongError

__all__ = ["OutOfTimeError", "deadline", "in_a_hurry", "need_time", "raise_in"]

_hurry: ContextVar[bool] = ContextVar("hurry", default=False)


class OutOfTimeError(BaseException):
    """Raised inside the algebra when its time is up. Not an Exception: SymPy catches those in places."""


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
    state = threading.Lock()
    over = False

    def strike() -> None:
        with state:
            if not over:
                raise_in(here, OutOfTimeError)

    timer = threading.Timer(seconds, strike)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        with state:
            over = True
        timer.cancel()
