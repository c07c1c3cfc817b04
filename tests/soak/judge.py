"""The answers computed in this process, by the engine and without a cache, and what a server may answer instead."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from history import History, Record, Violation
from plan import Request
from secant.v1 import check_pb2, descend_pb2
from secantd.answers.functions import FunctionCache
from secantd.interrupt import InterruptError
from secantd.settings import Limits
from secantd.transport.messages.contract import parse, reply_class
from secantd.transport.messages.failures import status_for
from secantd.transport.messages.jsoncodec import JSON
from secantd.transport.methods import METHODS, Kind, answer

__all__ = ["Answer", "expected", "violation"]

LIMITS = Limits()
# Statuses that end a call by what was done to the server, not by its request.
OUTSIDE = {"UNAVAILABLE", "LOST", "CANCELLED", "DEADLINE_EXCEEDED", "RESOURCE_EXHAUSTED"}
DETAILS = {
    kind.DESCRIPTOR.full_name: kind
    for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest, error_details_pb2.RetryInfo)
}
# Seconds by which clocks of two processes and of a timer may differ.
SLACK = 0.005


@dataclass(frozen=True)
class Answer:
    """The right answer: "OK" and replies, or a status, before which a stream may have replies."""

    code: str
    message: str
    details: bytes
    replies: tuple[bytes, ...]


def expected(request: Request) -> Answer:
    """Return the answer of the engine, which is given a cache of its own."""
    replies: list[bytes] = []
    try:
        for reply in answers(request):
            replies.append(JSON.encode(reply_class(request.method), reply) if request.way == "json" else reply)
    except (Exception, InterruptError) as error:
        status = status_for(error, request.method, LIMITS)
        return Answer(code_pb2.Code.Name(status.code), status.message, status.SerializeToString(), tuple(replies))
    return Answer("OK", "", b"", tuple(replies))


def answers(request: Request) -> Iterator[bytes]:
    """Yield the serialized replies to a request."""
    method, functions = METHODS[request.method], FunctionCache(LIMITS)
    messages = list(request.messages)
    if request.way == "json":
        messages = [JSON.decode(method.request, message) for message in messages]
    if method.kind is Kind.UNARY:
        yield answer(request.method, messages[0], functions)
    elif method.kind is Kind.RESPONSE_STREAMING:
        for reply, _ in method.answer(parse(method.request, messages[0]), functions):
            yield reply
    else:
        conversation = method.answer(functions)
        for message in messages:
            found = conversation.job(parse(method.request, message))()
            if found is not None:
                yield found


def violation(record: Record, right: Answer, history: History) -> Violation | None:
    """Return what is wrong with a record, None if nothing is.

    Args:
        record: A call.
        right: The answer of the engine.
        history: The history, in which everything that was done to the server while the call lasted is recorded.
    """
    reason = fault(record, right, history)
    return None if reason is None else Violation(record, reason)


def fault(record: Record, right: Answer, history: History) -> str | None:
    whole = record.code == right.code and not record.left
    if difference := differs(record, right, whole):
        return None if excused(record, right) else difference
    if whole:
        if record.message != right.message or details(record.details) != details(right.details):
            return f"the status has other words or details than in process: {right.message!r}"
        return None
    if record.left:
        return None
    if record.code not in OUTSIDE:
        return f"{record.code} ({record.message}) instead of {right.code}, whatever was done to the server"
    return status_fault(record, history)


def status_fault(record: Record, history: History) -> str | None:
    """Return why a status is not allowed at its time."""
    seconds, code = record.ended - record.began, record.code
    if code == "DEADLINE_EXCEEDED":
        deadline = record.request.deadline
        if deadline is None:
            return "DEADLINE_EXCEEDED without a deadline"
        # gRPC counts in milliseconds.
        return "DEADLINE_EXCEEDED before the deadline" if seconds < deadline - SLACK else None
    if code == "CANCELLED":
        return "CANCELLED although the caller stayed"
    if code in ("UNAVAILABLE", "LOST"):
        return None if history.during(record, ["kill the server"]) else f"{code} although the server was not killed"
    why = reason_of(record)
    if why == "TIME_LIMIT" or (why == "BUSY" and "starting" in record.message):
        return None if seconds >= LIMITS.seconds - SLACK else f"{why} before the time limit"
    kills = history.during(record, ["kill a worker", "kill the fork server"])
    if why == "MEMORY_LIMIT":
        return None if len(kills) > 1 else f"MEMORY_LIMIT, and {len(kills)} processes were killed meanwhile"
    return f"RESOURCE_EXHAUSTED ({record.message}) with so few callers"


def reason_of(record: Record) -> str:
    """Return the reason in the details of a status."""
    return next((each.reason for each in details(record.details) if hasattr(each, "reason")), "")


def details(status: bytes) -> list[Message]:
    """Return the details of a serialized google.rpc.Status; the entries of their maps have no order."""
    found = []
    for packed in status_pb2.Status.FromString(status).details:
        kind = DETAILS[packed.type_url.rpartition("/")[2]]
        found.append(kind.FromString(packed.value))
    return found


def differs(record: Record, right: Answer, whole: bool) -> str | None:
    """Return how the replies differ from the right ones; if the call is not `whole`, they are to be the first of these."""
    got, wanted = record.replies, right.replies
    if record.request.method == "Descend":
        return differing_steps(record, right, whole)
    if not whole and len(got) < len(wanted):
        wanted = wanted[: len(got)]
    for place, mine, theirs in zip(count(), got, wanted, strict=False):
        if mine != theirs:
            return f"reply {place + 1} of {len(got)} is not that of the engine"
    if len(got) != len(wanted):
        return f"{len(got)} replies instead of {len(wanted)}"
    return None


def differing_steps(record: Record, right: Answer, whole: bool) -> str | None:
    """Return how a descent differs. Its bunches are divided by time: their steps together are what is the same."""
    got, wanted = (joined(record.request, replies) for replies in (record.replies, right.replies))
    if not whole:
        del wanted.steps[len(got.steps) :]
        if not got.HasField("outcome"):
            wanted.ClearField("outcome")
        if not record.replies:
            return None
    if got.SerializeToString(deterministic=True) == wanted.SerializeToString(deterministic=True):
        return None
    if whole and len(got.steps) != len(wanted.steps):
        return f"{len(got.steps)} steps instead of {len(wanted.steps)}"
    return (
        "the outcome is missing"
        if not got.HasField("outcome")
        else "the steps or the outcome are not those of the engine"
    )


def joined(request: Request, replies: tuple[bytes, ...]) -> descend_pb2.DescendResponse:
    """Return the messages of a descent as one."""
    made = descend_pb2.DescendResponse()
    for reply in replies:
        made.MergeFromString(JSON.decode(type(made), reply) if request.way == "json" else reply)
    return made


def excused(record: Record, right: Answer) -> bool:
    """Whether a Check had too little time, because a process was stopped or the machine is busy: then it may be undecided."""
    if record.request.method != "Check" or record.code != "OK" or record.ended - record.began < LIMITS.check_seconds:
        return False
    mine, theirs = (verdict(record.request, replies) for replies in (record.replies[0], right.replies[0]))
    return mine in (theirs, check_pb2.VERDICT_UNDECIDED)


def verdict(request: Request, reply: bytes) -> int:
    """Return the verdict of a reply."""
    made = JSON.decode(check_pb2.CheckResponse, reply) if request.way == "json" else reply
    return check_pb2.CheckResponse.FromString(made).verdict
