"""gzip of messages, with a limit for what a message grows to."""

import asyncio
import zlib

__all__ = ["GZIP", "accepts_gzip", "compressed", "expanded"]

GZIP = "gzip"
# zlib's number for gzip's header and largest window.
WINDOW = 31
# The fastest level: level 6 makes JSON of numbers smaller by a tenth, and takes three times as long.
LEVEL = 1
# Bytes. Smaller messages fit into one packet anyway.
WORTH_IT = 1 << 10
# Bytes. Larger ones take more than a millisecond, for which a thread does them: zlib releases Python's lock.
QUICK_BYTES = 64 << 10


def accepts_gzip(header: str) -> bool:
    """Whether an accept-encoding header allows gzip.

    >>> accepts_gzip("br;q=1.0, gzip;q=0.8"), accepts_gzip("gzip;q=0"), accepts_gzip("br")
    (True, False, False)
    """
    for part in header.split(","):
        name, _, rest = part.partition(";")
        if name.strip().lower() in (GZIP, "*"):
            weight = rest.replace(" ", "").lower().removeprefix("q=")
            return weight.strip("0.") != "" or not weight
    return False


async def compressed(message: bytes) -> bytes | None:
    """Return a message compressed, None if that is not worth it."""
    if len(message) < WORTH_IT:
        return None
    return squeeze(message) if len(message) <= QUICK_BYTES else await asyncio.to_thread(squeeze, message)


def squeeze(message: bytes) -> bytes:
    """Return a message compressed.

    >>> zlib.decompress(squeeze(b"x"), WINDOW)
    b'x'
    """
    return zlib.compress(message, LEVEL, WINDOW)


async def expanded(message: bytes, limit: int) -> bytes | None:
    """Return a message decompressed, None if it would exceed `limit` bytes.

    Raises:
        ValueError: It is no gzip, or it is cut off.
    """
    stream = zlib.decompressobj(WINDOW)
    try:
        found = stream.decompress(message, min(QUICK_BYTES, limit + 1))
        if stream.unconsumed_tail and len(found) <= limit:
            found += await asyncio.to_thread(stream.decompress, stream.unconsumed_tail, limit + 1 - len(found))
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(found) > limit:
        return None
    if not stream.eof:
        raise ValueError("it is cut off")
    if stream.unused_data:
        raise ValueError("bytes follow its end")
    return found
