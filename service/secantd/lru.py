"""A cache that drops the least recently used entries when they weigh too much together."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["LRUCache"]

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class LRUCache(Generic[Key, Value]):
    """Values by key, bounded by number and by weight.

    Any thread may call it: each method holds a lock. `weigh` runs under that lock. `interrupt` sets no exception inside
    this module, so that the sum of the weights stays true.

    The entry that was used last is weighed again at the next call, because a value may grow while it is used.

    Args:
        entries: The largest number of entries.
        capacity: The largest weight of all entries together. An entry that is heavier than that is dropped alone.
        weigh: (key, value) -> the weight of an entry, at least 0. Unset, entries weigh nothing.

    >>> cache = LRUCache[str, str](capacity=10, weigh=lambda key, value: len(value))
    >>> cache.put("first", "12345")
    >>> cache.put("second", "12345")
    >>> cache.get("first")
    '12345'
    >>> cache.put("third", "12345")
    >>> cache.get("second") is None
    True
    """

    def __init__(
        self, entries: float = float("inf"), capacity: float = 0, weigh: Callable[[Key, Value], float] | None = None
    ) -> None:
        self._entries = entries
        self._capacity = capacity
        self._weigh = weigh or (lambda key, value: 0)
        self._lock = Lock()
        self._held: OrderedDict[Key, Value] = OrderedDict()
        self._weights: dict[Key, float] = {}
        self._latest: Key | None = None
        self.weight: float = 0

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: Key) -> Value | None:
        """Return the value of `key`, None where there is none."""
        with self._lock:
            self._settle()
            value = self._held.get(key)
            if value is not None:
                self._held.move_to_end(key)
                self._latest = key
            return value

    def put(self, key: Key, value: Value) -> None:
        """Keep a value, in the place of the one that `key` has."""
        with self._lock:
            self._settle()
            self._held[key] = value
            self._held.move_to_end(key)
            self._weights.setdefault(key, 0)
            self._latest = key
            self._settle()

    def _settle(self) -> None:
        """Weigh the entry that was used last, and drop entries while there are too many."""
        key = self._latest
        if key is None or key not in self._held:
            return
        weight = self._weigh(key, self._held[key])
        self.weight += weight - self._weights[key]
        self._weights[key] = weight
        if weight > self._capacity:
            del self._held[key]
            self.weight -= self._weights.pop(key)
        while self._held and (self.weight > self._capacity or len(self._held) > self._entries):
            oldest, _ = self._held.popitem(last=False)
            self.weight -= self._weights.pop(oldest)
