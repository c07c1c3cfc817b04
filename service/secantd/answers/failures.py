"""Exceptions as errors that a caller sees: their message, status and details."""

from secantd.errors import CalculusError, Reason
from secantd.interrupt import InterruptError
from secantd.parts import missing_part
from secantd.settings import Limits

__all__ = [
    "STATUSES",
    "WORD_LENGTH",
    "details_of",
    "error_for",
    "memory_limit",
    "message_of",
    "percent_length",
    "shortened",
]

# gRPC's names of the status codes.
STATUSES = {
    Reason.SYNTAX_ERROR: "INVALID_ARGUMENT",
    Reason.UNKNOWN_FUNCTION: "INVALID_ARGUMENT",
    Reason.UNKNOWN_VARIABLE: "INVALID_ARGUMENT",
    Reason.NOT_DIFFERENTIABLE: "INVALID_ARGUMENT",
    Reason.LIMIT_EXCEEDED: "INVALID_ARGUMENT",
    Reason.INVALID_VALUE: "INVALID_ARGUMENT",
    Reason.UNDEFINED_AT_POINT: "OUT_OF_RANGE",
    Reason.TIME_LIMIT: "RESOURCE_EXHAUSTED",
    Reason.MEMORY_LIMIT: "RESOURCE_EXHAUSTED",
    Reason.BUSY: "RESOURCE_EXHAUSTED",
    Reason.UNAUTHENTICATED: "UNAUTHENTICATED",
    Reason.MISSING_PART: "UNIMPLEMENTED",
    Reason.INTERNAL: "INTERNAL",
}

# HTTP/2 peers take 8 KB of headers. The message travels twice: percent-encoded in grpc-message and, as
# base64 (4/3), in the details beside some 500 bytes of ErrorInfo: 2500 + 4/3·(2500 + 1500) is below 8000.
MESSAGE_BYTES = 2500
WORD_LENGTH = 360

# What makes a call of a method shorter.
SHORTER = {"Descend": "set max_steps, or use a method that takes fewer steps (bfgs, newton)"}


def error_for(error: BaseException, method: str, limits: Limits) -> CalculusError:
    """Return the error that a caller sees. An unforeseen one is logged with an id and without any text of the request.

    Args:
        error: What the method raised.
        method: The name of the method, for the log.
        limits: The limits of the server, for errors that state one.
    """
    if isinstance(error, CalculusError):
        return error
    if isinstance(error, (TimeoutError, InterruptError)):
        headline = f"the call took more than {limits.seconds:g} seconds (limit seconds: {limits.seconds:g})"
        metadata = {"name": "seconds", "limit": f"{limits.seconds:g}"}
        hint = SHORTER.get(method, "ask for less at a time")
        return CalculusError(Reason.TIME_LIMIT, headline, hint, metadata=metadata)
    if isinstance(error, MemoryError):
        return memory_limit()
    if (missing := missing_part(error)) is not None:
        return missing
    # Imported only for a fault.
    import logging
    import secrets
    import traceback

    number = secrets.token_hex(6)
    # The traceback without the exception's text, which may quote the formula.
    frames = "".join(traceback.format_tb(error.__traceback__))
    logging.getLogger("secantd").error("fault %s in %s: %s\n%s", number, method, type(error).__name__, frames)
    headline = f"a fault of the server, logged under {number}"
    return CalculusError(Reason.INTERNAL, headline, metadata={"name": number})


def memory_limit() -> CalculusError:
    """Return the error of a call that exceeds its memory limit."""
    return CalculusError(Reason.MEMORY_LIMIT, "the call needs more memory than it is given", "ask for less at a time")


def message_of(error: CalculusError) -> str:
    """Return the message of an error, as long as a peer takes it."""
    return shortened(str(error))


def details_of(error: CalculusError) -> dict[str, str]:
    """Return the details of an error by name, with the start and end of its place in the text."""
    details = {key: shortened(value, WORD_LENGTH) for key, value in error.metadata.items()}
    if error.span is not None:
        details |= {"start": str(error.span[0]), "end": str(error.span[1])}
    return details


def percent_length(text: str) -> int:
    """Return the length of `text` as grpc-message: printable ASCII but % as it is, other bytes as %XX.

    >>> percent_length("a"), percent_length("%"), percent_length("é")
    (1, 3, 6)
    """
    plain = sum(" " <= c <= "~" and c != "%" for c in text)
    return plain + 3 * (len(text.encode("utf-8", "surrogatepass")) - plain)


def shortened(text: str, bound: int = MESSAGE_BYTES) -> str:
    """Return `text`, cut so that its `percent_length` is at most `bound`.

    >>> shortened("abcdefghijklmnopqrstuvwxyz", 20)
    'abcdefghijk…'
    """
    text = text.encode("utf-8", "replace").decode()
    if percent_length(text) <= bound:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if percent_length(text[:middle]) + percent_length("…") <= bound:
            low = middle
        else:
            high = middle - 1
    return text[:low] + "…"
