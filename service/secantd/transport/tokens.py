"""Bearer tokens: a file of their SHA-256 sums, read again when it changes.

A line is the sum in hexadecimal, and after a blank whose token it is; # begins a comment. The tokens
themselves stand nowhere. They have to be long random strings: a fast hash guards those, not passwords.
"""

import hashlib
import hmac
import logging
import os
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import grpc

from secantd.errors import CalculusError, Reason
from secantd.transport.status import status_of, trailers

__all__ = ["TokenInterceptor", "Tokens", "read_sums"]

log = logging.getLogger("secantd")

# How long a token that was taken out of the file may still be good.
SECONDS_BETWEEN_LOOKS = 1.0
LINE = re.compile(r"([0-9a-f]{64})(\s.*)?")


def read_sums(path: Path) -> list[bytes]:
    """Return the sums in a file; ValueError names a line that is none, without repeating it."""
    sums = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"{path}, line {number}: not a SHA-256 sum of 64 hexadecimal digits")
        sums.append(bytes.fromhex(match[1]))
    return sums


class Tokens:
    """Knows which tokens are good."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp = stamp(path)
        self._sums = read_sums(path)
        self._looked = time.monotonic()

    def good(self, header: str) -> bool:
        """Whether an `authorization` header holds one of the tokens; it takes as long for any wrong one."""
        self._look()
        scheme, _, token = header.partition(" ")
        found = hashlib.sha256(token.encode()).digest()
        matches = [hmac.compare_digest(found, each) for each in self._sums]
        return scheme.lower() == "bearer" and any(matches)

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < SECONDS_BETWEEN_LOOKS:
            return
        self._looked = now
        try:
            seen = stamp(self._path)
            if seen != self._stamp:
                self._sums, self._stamp = read_sums(self._path), seen
                log.info("tokens read again", extra={"said": {"tokens": len(self._sums)}})
        except (OSError, ValueError) as error:
            # Half a file, or none while it is replaced: the tokens known stay good until it can be read.
            log.warning("the tokens cannot be read again: %s", error)


def stamp(path: Path) -> tuple[int, int, int]:
    """Return what changes when a file is written or replaced."""
    seen = os.stat(path)
    return seen.st_mtime_ns, seen.st_size, seen.st_ino


class TokenInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Lets no call through without a good token, but those that ask for the server's health."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        # A handler of streams answers calls of every kind without waiting for their messages.
        self._deny = grpc.stream_stream_rpc_method_handler(deny)

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        """Return the handler of the call, or the one that denies it."""
        if details.method.startswith("/grpc.health.v1.Health/"):
            return await continuation(details)
        headers = [value for key, value in details.invocation_metadata or () if key == "authorization"]
        if len(headers) == 1 and self._tokens.good(headers[0]):
            return await continuation(details)
        return self._deny


async def deny(_: Any, context: Any) -> None:
    """End the call: it has no token that is good."""
    error = CalculusError(Reason.UNAUTHENTICATED, "the token is missing or wrong", "send 'authorization: Bearer TOKEN'")
    code, message, trailing = trailers(status_of(error))
    await context.abort(code, message, trailing)
