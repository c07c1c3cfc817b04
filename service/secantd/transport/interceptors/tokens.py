"""Bearer tokens: a file of their SHA-256 sums, read again when it changes.

Each line is a sum in hexadecimal, optionally followed by a blank and a remark such as the owner; # begins a comment. The
tokens themselves are not stored. They must be long random strings: a fast hash protects those, but not passwords.
"""

import hashlib
import hmac
import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import grpc

from secantd.errors import CalculusError, Reason
from secantd.filewatch import FileWatch
from secantd.transport.messages.status import status_of, trailers

__all__ = ["TokenInterceptor", "Tokens", "read_sums"]

log = logging.getLogger("secantd")

# A removed token stays valid for the sum of both: the interval between looks at the file, and the time for which the file
# must be unchanged, since it may be seen half written.
SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_UNCHANGED = 0.5
# Sums that a common mistake leaves in the file; they belong to no token.
NO_TOKEN = {
    hashlib.sha256(b"").digest(): "nothing: the variable or file that the token came from was empty",
    hashlib.sha256(b"\n").digest(): "an empty line: the token was empty, and echo ends a line; use printf %s",
}
LINE = re.compile(r"([0-9a-f]{64})(\s.*)?")


def read_sums(path: Path) -> list[bytes]:
    """Return the sums in a file, at least one. ValueError gives the number of an invalid line, without quoting it."""
    sums = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"{path}, line {number}: not a SHA-256 sum of 64 hexadecimal digits")
        found = bytes.fromhex(match[1])
        if found in NO_TOKEN:
            raise ValueError(f"{path}, line {number}: the SHA-256 sum of {NO_TOKEN[found]}")
        sums.append(found)
    if not sums:
        raise ValueError(f"{path} holds no sum, so nobody could call")
    return sums


class Tokens:
    """The sums of the valid tokens."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._watch = FileWatch([path], SECONDS_BETWEEN_LOOKS, SECONDS_UNCHANGED)
        self._sums = read_sums(path)

    def good(self, header: str) -> bool:
        """Whether an `authorization` header holds a valid token; compared in constant time."""
        if self._watch.changed():
            self._read_again()
        scheme, _, token = header.partition(" ")
        found = hashlib.sha256(token.encode()).digest()
        matches = [hmac.compare_digest(found, each) for each in self._sums]
        return scheme.lower() == "bearer" and bool(token) and any(matches)

    def _read_again(self) -> None:
        # Once for each change, so that an unusable file is logged once.
        try:
            sums = read_sums(self._path)
        except (OSError, ValueError) as error:
            log.warning("the tokens cannot be read again, the ones known so far stay valid: %s", error)
            return
        if self._watch.unchanged():
            self._sums = sums
            log.info("tokens read again", extra={"fields": {"tokens": len(sums)}})

    def refusal(self, headers: Sequence[str]) -> CalculusError | None:
        """Return the error of a call with these `authorization` headers, None if one token comes and is valid."""
        if len(headers) == 1 and self.good(headers[0]):
            return None
        return CalculusError(
            Reason.UNAUTHENTICATED, "the token is missing or wrong", "send 'authorization: Bearer TOKEN'"
        )


class TokenInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Rejects calls without a valid token, except health checks."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        """Return the handler of the call, or the one that rejects it."""
        if details.method.startswith("/grpc.health.v1.Health/"):
            return await continuation(details)
        headers = [value for key, value in details.invocation_metadata or () if key == "authorization"]
        if (refusal := self._tokens.refusal(headers)) is None:
            return await continuation(details)
        # A handler for streams answers calls of every kind without waiting for a message.
        return grpc.stream_stream_rpc_method_handler(denying(refusal))


def denying(refusal: CalculusError) -> Callable[[Any, Any], Awaitable[None]]:
    """Return the handler that ends a call with an error."""

    async def deny(_: Any, context: Any) -> None:
        code, message, trailing = trailers(status_of(refusal))
        await context.abort(code, message, trailing)

    return deny
