"""Blocks that are read while earlier ones are computed."""

import queue
import threading
from collections.abc import Generator, Iterator
from typing import TypeVar

__all__ = ["ahead"]

T = TypeVar("T")

# Blocks that wait: more would take memory only.
WAITING = 2
# Seconds between two looks whether the reader is still needed.
LOOK = 0.1


def ahead(items: Iterator[T]) -> Generator[T, None, None]:
    """Yield the items of an iterator, which runs in a thread of its own; closing this one ends it."""
    waiting: queue.Queue[tuple[T | None, BaseException | None]] = queue.Queue(WAITING)
    ended = threading.Event()

    def put(item: T | None, error: BaseException | None) -> None:
        while not ended.is_set():
            try:
                waiting.put((item, error), timeout=LOOK)
                return
            except queue.Full:
                continue

    def run() -> None:
        try:
            for item in items:
                put(item, None)
                if ended.is_set():
                    return
            put(None, StopIteration())
        except BaseException as error:
            put(None, error)
        finally:
            # A generator may have a thread of its own.
            close = getattr(items, "close", None)
            if close is not None:
                close()

    thread = threading.Thread(target=run, name="secant-files", daemon=True)
    thread.start()
    try:
        while True:
            item, error = waiting.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            assert item is not None
            yield item
    finally:
        ended.set()
        thread.join()
