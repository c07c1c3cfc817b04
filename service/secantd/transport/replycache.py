"""Replies given before, found by the bytes of the request."""

from collections import OrderedDict

__all__ = ["ReplyCache"]

# What an entry costs beside its bytes: two objects, a key and a place in the table.
OVERHEAD = 300
# Larger requests and replies are not worth their place.
LARGEST = 64 << 10


class ReplyCache:
    """Maps (method, request bytes) to reply bytes, at most `capacity` bytes in all, oldest dropped first.

    Every method is a pure function of its request, so an answer never grows old.

    >>> cache = ReplyCache(1000)
    >>> cache.put("Gradient", b"question", b"answer")
    >>> cache.get("Gradient", b"question")
    b'answer'
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._held: OrderedDict[tuple[str, bytes], bytes] = OrderedDict()
        self._size = 0

    def get(self, method: str, request: bytes) -> bytes | None:
        """Return the reply given before, if it is still here."""
        reply = self._held.get((method, request))
        if reply is not None:
            self._held.move_to_end((method, request))
        return reply

    def put(self, method: str, request: bytes, reply: bytes) -> None:
        """Keep a reply."""
        size = len(request) + len(reply) + OVERHEAD
        if size > LARGEST or size > self._capacity or (method, request) in self._held:
            return
        self._held[method, request] = reply
        self._size += size
        while self._size > self._capacity:
            (_, old), gone = self._held.popitem(last=False)
            self._size -= len(old) + len(gone) + OVERHEAD
