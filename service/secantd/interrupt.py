"""Deadlines, and stopping work when its time is up.

Our own code stops itself: its loops call `checkpoint`, as in `for node in paced(nodes)`. Under a `deadline` a checkpoint
raises InterruptError when the time is up, and the end of the block turns that into OutOfTimeError.

SymPy, mpmath and loops over NumPy's arrays have no checkpoints. An `Interruptible` call of them also gets an
asynchronous exception (PyThreadState_SetAsyncExc), which CPython raises at the thread's next function call or turn
of a loop. That is safe under four rules:

- One thread for the whole process, the timer, sets such exceptions. A call starts no thread.
- The timer reads the thread's number from a cell of the call and sets the exception in one call of C, under the GIL.
  Leaving empties the cell first, so that nothing is set afterwards, and then clears what is pending.
- Nothing is set while the thread imports, logs, takes a lock in `threading`, calls a cache (`lru`), enters or leaves a
  context manager, or finalizes an object: an exception there would leave a half-loaded module or a lock that nobody
  releases. The timer looks again a moment later.
- An exception is repeated until the call has been left: CPython drops one that arrives in a weak reference's callback.

If a call clears an exception that an outer deadline has set, it raises that exception itself when it ends.

mypyc never compiles this module: a compiled function lets no other thread run and gets no exception until it calls a
function of Python, such as `checkpoint`.
"""

import ctypes
import heapq
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from contextvars import ContextVar
from itertools import chain, count, islice
from math import inf
from operator import length_hint
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Final, Generic, TypeVar

__all__ = [
    "EVERY",
    "InterruptError",
    "Interruptible",
    "OutOfTimeError",
    "TakesLongError",
    "checkpoint",
    "cut_short",
    "deadline",
    "in_full",
    "need_time",
    "no_time",
    "paced",
    "run_within",
]

Item = TypeVar("Item")
Result = TypeVar("Result")

# Turns of a loop between two checkpoints, some microseconds each.
EVERY: Final = 256
# Seconds until an exception is repeated, and until the timer looks again at a thread that must not be interrupted now.
AGAIN, SOON = 0.2, 0.001
# Where an exception would break what others rely on.
MODULES = frozenset(
    {
        "_weakrefset",
        "contextlib",
        "importlib._bootstrap",
        "importlib._bootstrap_external",
        "logging",
        "secantd.lru",
        "threading",
    }
)
FUNCTIONS = frozenset({"__del__", "__enter__", "__exit__"})


class InterruptError(BaseException):
    """Raised inside work whose time is up. Not an Exception: SymPy catches those in places."""


class OutOfTimeError(TimeoutError):
    """Raised at the end of a `deadline` block, or by `run_within`, when the work inside was stopped."""


class TakesLongError(Exception):
    """Raised when a call that is being answered on the event loop turns out to take long."""


# -- on the event loop --------------------------------------------------------------------------------------------------

_no_time: ContextVar[bool] = ContextVar("no_time", default=False)


@contextmanager
def no_time() -> Iterator[None]:
    """Make `need_time` raise TakesLongError inside; the event loop then dispatches the call to another place."""
    token = _no_time.set(True)
    try:
        yield
    finally:
        _no_time.reset(token)


def need_time() -> None:
    """Raise TakesLongError when called on the event loop, before work that takes long."""
    if _no_time.get():
        raise TakesLongError


# -- results that depend on the time ------------------------------------------------------------------------------------


class Omissions(threading.local):
    """How often the work of this thread has left something out for want of time."""

    count = 0


_omissions = Omissions()


def cut_short() -> None:
    """Note that something is left out for want of time. The end of a `deadline` notes it by itself."""
    _omissions.count += 1


def in_full(job: Callable[[], Result]) -> tuple[Result, bool]:
    """Return job(), and whether nothing was left out for want of time: otherwise the result may be another one next time.

    >>> in_full(lambda: 1 + 1)
    (2, True)
    >>> in_full(cut_short)
    (None, False)
    """
    before = _omissions.count
    result = job()
    return result, _omissions.count == before


# -- deadlines ----------------------------------------------------------------------------------------------------------


class Deadline:
    """The time at which work has to end, by time.monotonic(), and the deadline around it."""

    __slots__ = ("end", "outer")

    def __init__(self, end: float) -> None:
        self.end = end
        self.outer: Deadline | None = None

    @property
    def over(self) -> bool:
        """Whether it, or one around it, has passed."""
        now = time.monotonic()
        one: Deadline | None = self
        while one is not None:
            if one.end <= now:
                return True
            one = one.outer
        return False


# The innermost deadline of each thread that works under one.
_current: dict[int, Deadline] = {}


@contextmanager
def under(own: Deadline) -> Iterator[None]:
    """Put the block under a deadline; see `deadline`."""
    thread = threading.get_ident()
    own.outer = outer = _current.get(thread)
    _current[thread] = own
    try:
        yield
    except InterruptError:
        if outer is not None and outer.over:
            raise
        cut_short()
        raise OutOfTimeError from None
    finally:
        if outer is None:
            _current.pop(thread, None)
        else:
            _current[thread] = outer
    if outer is not None and outer.over:
        raise InterruptError


def deadline(seconds: float) -> AbstractContextManager[None]:
    """Raise OutOfTimeError at the first checkpoint inside that is reached after so many seconds.

    Deadlines nest: when an outer one has passed, its InterruptError leaves the inner block unchanged.

    >>> with deadline(0.01):
    ...     for _ in paced(count()): pass
    Traceback (most recent call last):
    secantd.interrupt.OutOfTimeError
    """
    return under(Deadline(time.monotonic() + seconds))


def checkpoint() -> None:
    """Let other threads run, and raise InterruptError if the deadline of this thread's work has passed."""
    # Calls are answered on the event loop without a deadline.
    if _current:
        current = _current.get(threading.get_ident())
        if current is not None and current.over:
            raise InterruptError


def paced(items: Iterable[Item]) -> Iterable[Item]:
    """Return the items, with a checkpoint before every EVERY of them; up to so many items are read ahead."""
    if length_hint(items, EVERY + 1) > EVERY:
        return chain.from_iterable(_batches(items))
    # Most formulas are short.
    checkpoint()
    return items


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, EVERY)):
        checkpoint()
        yield batch


# -- work without checkpoints -------------------------------------------------------------------------------------------

# Not `pythonapi.PyThreadState_SetAsyncExc`: that object is shared, and others may declare its arguments.
_set_exception = ctypes.pythonapi["PyThreadState_SetAsyncExc"]
_interrupt = ctypes.py_object(InterruptError)


class Cell(ctypes.c_ulong):
    """The identifier of the thread to interrupt, 0 for none, and whether an exception was set in it."""

    struck = False


class Interruptible(Generic[Result]):
    """A call that can be stopped from any thread, although its work may have no checkpoints.

    Args:
        job: The work, a function without arguments.
        seconds: The time after which it is stopped, counted from now.
    """

    def __init__(self, job: Callable[[], Result], seconds: float = inf) -> None:
        self._job = job
        self._deadline = Deadline(time.monotonic() + seconds)
        # The identifier of the thread while it runs the job, else 0.
        self._cell = Cell(0)

    def __call__(self) -> Result:
        """Return job(); OutOfTimeError if it was stopped, also before it began."""
        thread = threading.get_ident()
        here = ctypes.c_ulong(thread)
        with under(self._deadline):
            try:
                self._cell.value = thread
                checkpoint()
                if self._deadline.end < inf:
                    _timer.add(self._deadline.end, self._cell)
                return self._job()
            finally:
                # CPython raises at calls and backward jumps only, so never before the `try` below.
                self._cell.value = 0
                # One that is pending is replaced by one that arrives here. Clearing it would leave CPython 3.11's flag set:
                # every later check takes the slow way, and under a trace function (pdb, coverage) loops for ever.
                if self._cell.struck:
                    try:
                        _set_exception(here, _interrupt)
                        for _ in (1, 2):
                            pass
                    except InterruptError:
                        pass

    def interrupt(self) -> None:
        """Stop the call, or prevent it from beginning."""
        self._deadline.end = 0.0
        _timer.add(0.0, self._cell)


def run_within(seconds: float, job: Callable[[], Result]) -> Result:
    """Return job(); OutOfTimeError after so many seconds. A single long operation in C is not interrupted.

    Args:
        seconds: The time after which the job is stopped.
        job: A function without arguments.

    >>> run_within(10.0, lambda: 1 + 1)
    2
    """
    return Interruptible(job, seconds)()


class Timer:
    """The thread that sets exceptions when they are due. It starts with the first call that has a deadline."""

    def __init__(self) -> None:
        # Implemented in C, so that no exception can interrupt `put`.
        self._due: SimpleQueue[tuple[float, int, Cell]] = SimpleQueue()
        self._numbers = count()
        self._starting = threading.Lock()
        self._started = False

    def add(self, when: float, cell: Cell) -> None:
        """Interrupt the thread in `cell` from the time `when` on, until the cell is empty."""
        if not self._started:
            self._start()
        self._due.put((when, next(self._numbers), cell))

    def _start(self) -> None:
        with self._starting:
            if not self._started:
                # If no thread can be started, checkpoints still work, and the pool kills workers that take too long.
                with suppress(RuntimeError):
                    threading.Thread(target=self._run, name="secant-timer", daemon=True).start()
                    self._started = True

    def _run(self) -> None:
        heap: list[tuple[float, int, Cell]] = []
        while True:
            # Most calls have ended long before they are due.
            while heap and not heap[0][2].value:
                heapq.heappop(heap)
            wait = max(0.0, heap[0][0] - time.monotonic()) if heap else None
            with suppress(Empty):
                heapq.heappush(heap, self._due.get(timeout=wait))
            now = time.monotonic()
            while heap and heap[0][0] <= now:
                _, number, cell = heapq.heappop(heap)
                if cell.value:
                    heapq.heappush(heap, (now + strike(cell), number, cell))


def strike(cell: Cell) -> float:
    """Interrupt the thread in `cell` unless that would be unsafe; return the seconds until the next attempt."""
    frame = sys._current_frames().get(cell.value)
    if frame is None:
        return SOON
    at = frame.f_lasti
    if not may_be_interrupted(frame):
        return SOON
    # If the thread has not moved, it gets the exception at this place, as no Python code runs between here and the call in C.
    if frame.f_lasti != at:
        return SOON
    cell.struck = True
    _set_exception(cell, _interrupt)
    return AGAIN


GUARDED = Interruptible.__call__.__code__


def may_be_interrupted(top: FrameType) -> bool:
    """Whether no frame up to the innermost interruptible call has to be completed."""
    frame: FrameType | None = top
    while frame is not None and frame.f_code is not GUARDED:
        if frame.f_code.co_name in FUNCTIONS or frame.f_globals.get("__name__") in MODULES:
            return False
        frame = frame.f_back
    return True


_timer = Timer()


def _in_child() -> None:
    """After a fork: the timer's thread is the parent's, and so are the deadlines of its other threads."""
    global _timer
    _timer = Timer()
    _current.clear()


os.register_at_fork(after_in_child=_in_child)
