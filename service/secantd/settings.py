"""Every limit and default of the server, with its unit and its reason."""

from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["Limits", "Settings", "limit_table"]


def _limit(default: float | str, unit: str, reason: str) -> Any:
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may ask for; beyond a limit the status is INVALID_ARGUMENT, LIMIT_EXCEEDED."""

    text_length: int = _limit(1_000_000, "code points", "a formula of 5000 variables is 100 000 long")
    depth: int = _limit(20_000, "brackets", "open at once: no stack is used, but an answer is due within a second")
    nodes: int = _limit(2_000_000, "nodes", "400 bytes each: memory of one call below 1 GB")
    variables: int = _limit(10_000, "variables", "a Hessian row each")
    output_length: int = _limit(2_000_000, "code points", "an answer has to fit a message of 4 MB")
    message_bytes: int = _limit(4 << 20, "bytes", "gRPC's own default; EvaluateStream has no such bound")
    steps: int = _limit(10_000_000, "steps", "a descent of this length takes seconds")
    loop_steps: int = _limit(100_000, "steps", "loops and calls are written out while a text is read")
    derivative_order: int = _limit(100, "derivatives", "the text of higher derivatives grows fast")
    taylor_order: int = _limit(1_000, "degree", "time grows with its square")
    concurrent_calls: int = _limit(512, "calls", "in flight, before BUSY: throughput falls above some hundreds")
    queue: int = _limit(64, "calls", "waiting for a process or thread for long calls, before BUSY")
    memory: int = _limit(2 << 30, "bytes", "one long call's own, beside what every process has; 0: no bound")
    matrix_entries: int = _limit(250_000, "entries", "a Hessian of 500 variables; values in one message")
    algebra_seconds: float = _limit(5.0, "seconds", "of SymPy in one answer; then the light form is given")
    check_seconds: float = _limit(3.0, "seconds", "of all witnesses in one Check; a caller waits for a verdict")
    seconds: float = _limit(10.0, "seconds", "one call's own time; the caller's deadline may be shorter")


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server is run; the defaults are those of `secantd` without flags."""

    listen: str = _limit("127.0.0.1:50051", "HOST:PORT", "reachable from this machine only; port 0: any free one")
    workers: int = _limit(1, "processes", "that share the port, each a whole server; they balance connections")
    pool: int = _limit(2, "processes", "for calls that may take long; 0: threads, which cannot be stopped")
    threads: int = _limit(2, "threads", "they share one interpreter: more only take turns")
    cache_entries: int = _limit(512, "functions", "read functions kept by content; a large one holds 100 kB")
    reply_cache_bytes: int = _limit(32 << 20, "bytes", "replies kept by request; a small one takes 600 bytes")
    keepalive: float = _limit(60.0, "seconds", "between pings that find a dead peer")
    grace: float = _limit(5.0, "seconds", "what running calls are given when the server stops")
    drain_pause: float = _limit(0.3, "seconds", "balancers see NOT_SERVING before calls are refused")
    reflection: bool = _limit(True, "", "tools such as buf curl learn the contract from the server")
    tls_certificate: str = _limit(
        "", "PEM file", "the server's chain, read again when it is renewed; with tls-key calls are encrypted"
    )
    tls_key: str = _limit("", "PEM file", "the key of tls-certificate")
    client_ca: str = _limit("", "PEM file", "callers have to show a certificate that one of these signed")
    tokens: str = _limit("", "file", "SHA-256 sums of bearer tokens, one a line, read again when it changes")
    metrics: str = _limit("", "HOST:PORT", "where Prometheus finds its page, of all workers together; none: nowhere")
    telemetry: bool = _limit(
        False, "", "spans of calls for OpenTelemetry, sent as OTEL_* variables say; a package more"
    )
    log: str = _limit("faults", "", "one of: faults, calls (a line for each), formulas (and their texts)")
    limits: Limits = field(default_factory=Limits)


def limit_table(limits: Limits) -> list[tuple[str, float, str, str]]:
    """Return (name, value, unit, reason) of each limit.

    >>> limit_table(Limits())[0][:3]
    ('text_length', 1000000, 'code points')
    """
    return [(f.name, getattr(limits, f.name), f.metadata["unit"], f.metadata["reason"]) for f in fields(limits)]
