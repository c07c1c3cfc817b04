"""A cache of replies by the bytes of the request."""

from secantd.lru import LRUCache

__all__ = ["ReplyCache"]

# Bytes of an entry besides request and reply: two objects, a key and a slot of the table.
OVERHEAD = 300
# Bytes. A larger entry is not kept: it would displace many small ones.
LARGEST = 64 << 10


class ReplyCache:
    """Maps (method, request bytes) to reply bytes, at most `capacity` bytes in all.

    A reply that was computed in full is a pure function of its request, so it never becomes stale.

    >>> cache = ReplyCache(1000)
    >>> cache.put("Gradient", b"question", b"answer")
    >>> cache.get("Gradient", b"question")
    b'answer'
    """

    def __init__(self, capacity: int) -> None:
        self._held: LRUCache[tuple[str, bytes], bytes] = LRUCache(capacity=capacity, weigh=size)

    def get(self, method: str, request: bytes) -> bytes | None:
        """Return a kept reply, None if there is none."""
        # The hash of large bytes costs as much as a copy of them.
        return self._held.get((method, request)) if len(request) <= LARGEST else None

    def put(self, method: str, request: bytes, reply: bytes) -> None:
        """Keep a reply, unless it is large."""
        if size((method, request), reply) <= LARGEST:
            self._held.put((method, request), reply)


def size(key: tuple[str, bytes], reply: bytes) -> int:
    """Return the bytes that an entry takes."""
    return len(key[1]) + len(reply) + OVERHEAD
