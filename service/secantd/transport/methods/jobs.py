"""Jobs of workers: a call of a unary method in one of the forms on the wire, or the translation of a reply."""

from secantd.answers.functions import FunctionCache
from secantd.transport.messages.contract import reply_class
from secantd.transport.methods.table import METHODS, answer

__all__ = ["AS_JSON", "REPLY_AS_JSON", "job", "method_of"]

# Before the name of a method: request and reply are JSON, or a reply in protobuf's form is to be JSON.
AS_JSON, REPLY_AS_JSON = "json:", "reply:json:"


def method_of(name: str) -> str:
    """Return the method of a job.

    >>> method_of("json:Evaluate"), method_of("Evaluate")
    ('Evaluate', 'Evaluate')
    """
    return name.rpartition(":")[2]


def job(name: str, message: bytes, functions: FunctionCache) -> bytes:
    """Return the result of a job.

    Args:
        name: The name of a method, possibly after AS_JSON or REPLY_AS_JSON.
        message: The request, or the reply to translate.
        functions: The cache of parsed functions.

    Raises:
        CalculusError: The request is invalid or its reply is too large.
    """
    method = method_of(name)
    if method == name:
        return answer(name, message, functions)
    # Few workers have such a job.
    from secantd.transport.messages.jsoncodec import JSON

    kind = reply_class(method)
    if name.startswith(REPLY_AS_JSON):
        return JSON.encode(kind, message)
    return JSON.encode(kind, answer(method, JSON.decode(METHODS[method].request, message), functions))
