"""A typed cache that belongs to one function: each module that derives something from it owns a slot."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Generic, TypeVar

__all__ = ["Memory", "Slot"]

T = TypeVar("T")


class Slot(Generic[T]):
    """The key of cached values of one type. The module that makes a slot owns it: no other module has the key.

    Args:
        name: For debugging only; equal names do not make equal slots.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"Slot({self.name!r})"


class Memory:
    """Cached values by slot and key.

    Threads may share it: if two of them make a value at the same time, both get that of the first.

    Attributes:
        lock: Guards the function's graph. Whoever adds nodes to it, also by making or using a cached value, holds the lock.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._values: dict[tuple[Slot[Any], Hashable], Any] = {}

    def find(self, slot: Slot[T], key: Hashable = None) -> T | None:
        """Return a cached value, None if there is none."""
        found: T | None = self._values.get((slot, key))
        return found

    def keep(self, slot: Slot[T], key: Hashable, value: T) -> T:
        """Cache a value, unless another thread has cached one meanwhile; return the cached one."""
        found: T = self._values.setdefault((slot, key), value)
        return found

    def replace(self, slot: Slot[T], key: Hashable, value: T) -> None:
        """Cache a value in the place of the one that is cached."""
        self._values[slot, key] = value

    def get(self, slot: Slot[T], key: Hashable, make: Callable[[], T]) -> T:
        """Return a cached value; if there is none, call `make` and cache its value. An exception is not cached.

        >>> squares: Slot[int] = Slot("squares")
        >>> memory = Memory()
        >>> memory.get(squares, 3, lambda: 9), memory.find(squares, 3), memory.find(squares, 4)
        (9, 9, None)
        """
        at = (slot, key)
        found: T | None = self._values.get(at)
        if found is None:
            # One operation, also where threads compete.
            found = self._values.setdefault(at, make())
        return found
