"""Records of calls and of what was done to the server meanwhile, and the shortest piece that shows a fault."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from plan import Disturbance, Request
from secantd.shown import printable
from secantd.transport.methods import METHODS

__all__ = ["Deed", "History", "Record", "Violation"]

LONGEST = 240


@dataclass(frozen=True)
class Record:
    """A call as its caller saw it.

    Attributes:
        request: The call.
        began: Seconds since the begin of the run.
        ended: Likewise.
        code: The name of gRPC's status, "OK" for a reply, "LOST" for a connection of HTTP that ended early.
        message: The message of the status.
        details: The serialized google.rpc.Status; b"" where there is none.
        replies: The replies, serialized; in JSON where the call was.
        left: Whether the caller left before the end.
    """

    request: Request
    began: float
    ended: float
    code: str
    message: str = ""
    details: bytes = b""
    replies: tuple[bytes, ...] = ()
    left: bool = False


@dataclass
class Deed:
    """A disturbance as it happened; `target` is a process number, 0 where there was none of the kind."""

    disturbance: Disturbance
    target: int
    began: float
    ended: float


@dataclass(frozen=True)
class Violation:
    """A record that contradicts the answer computed in process, with the reason."""

    record: Record
    reason: str


@dataclass
class History:
    """All that happened in a run."""

    seed: int
    records: list[Record] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    def during(self, record: Record, kinds: Iterable[str] = ()) -> list[Deed]:
        """Return the deeds whose time meets that of a call, all or those of some kinds."""
        wanted = set(kinds)
        return [
            deed
            for deed in self.deeds
            if deed.target and deed.began <= record.ended and deed.ended >= record.began
            and (not wanted or deed.disturbance.kind in wanted)
        ]  # fmt: skip

    def piece(self, violation: Violation, others: Iterable[Record] = ()) -> Iterator[str]:
        """Yield the lines of the shortest piece of the history that shows a violation.

        Args:
            violation: The violation.
            others: Calls whose right answer is the reply of this one.
        """
        record = violation.record
        yield f"seed {self.seed}, call {record.request.number}: {violation.reason}"
        yield from self.shown(record)
        for other in others:
            yield "  it is the answer to"
            yield from self.shown(other)
        deeds = self.during(record)
        for deed in deeds:
            yield f"  meanwhile, {deed.began:.3f} to {deed.ended:.3f} s: {deed.disturbance.kind}"
        if not deeds:
            yield "  meanwhile nothing was done to the server"

    def shown(self, record: Record) -> Iterator[str]:
        """Yield the lines of one call."""
        request = record.request
        yield f"  call {request.number}, {request.method} by {request.way}, {record.began:.3f} to {record.ended:.3f} s"
        for message in request.messages:
            yield f"    request {line(request, message)}"
        yield f"    {record.code} {shortened(record.message)}".rstrip() + f", {len(record.replies)} replies"


def line(request: Request, message: bytes) -> str:
    """Return a request in one line."""
    if request.way == "json":
        return shortened(message.decode())
    return shortened(" ".join(str(METHODS[request.method].request.FromString(message)).split()))


def shortened(text: str) -> str:
    """Return a text in one line that is not too long."""
    text = printable(text.replace("\n", " | "))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
