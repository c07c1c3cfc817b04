"""Every limit and default of the server, with its unit and a text for `secantd --help` and Describe.

A text begins with a noun phrase for what is limited or set; a second sentence gives the consequence or the reason.
"""

from dataclasses import dataclass, field, fields
from typing import Any

__all__ = ["DEFAULT_LIMITS", "Limits", "Settings", "limit_table"]


def _limit(default: float | str | tuple[str, ...], unit: str, reason: str) -> Any:
    return field(default=default, metadata={"unit": unit, "reason": reason})


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one call. Exceeding one is the error INVALID_ARGUMENT with the reason LIMIT_EXCEEDED, unless its text names another."""

    text_length: int = _limit(
        1_000_000,
        "code points",
        "Maximum length of a formula's text in code points. A formula of 5000 variables has about 100 000",
    )
    depth: int = _limit(20_000, "brackets", "Maximum bracket nesting")
    nodes: int = _limit(
        2_000_000,
        "nodes",
        "Maximum size of a formula's graph. A node takes about 400 bytes, so a call stays below 1 GB",
    )
    variables: int = _limit(10_000, "variables", "Maximum number of variables")
    output_length: int = _limit(
        2_000_000, "code points", "Maximum length of a printed answer in code points, which has to fit into one message"
    )
    message_bytes: int = _limit(
        4 << 20, "bytes", "Maximum size of one message. EvaluateStream splits longer data into several messages"
    )
    steps: int = _limit(10_000_000, "steps", "Maximum number of steps of a descent. One of this length takes seconds")
    loop_steps: int = _limit(100_000, "steps", "Maximum number of loop iterations and calls while a text is parsed")
    nested_calls: int = _limit(50, "calls", "Maximum nesting of calls from sapply or Reduce into functions of the text")
    derivative_order: int = _limit(
        100, "order", "Maximum order of a derivative. The text of higher derivatives grows fast"
    )
    taylor_order: int = _limit(1_000, "degree", "Maximum degree of a Taylor polynomial. The time grows with its square")
    taylor_terms: int = _limit(2_000, "terms", "Maximum number of terms of a Taylor polynomial in several variables")
    derivation_steps: int = _limit(400, "steps", "Maximum number of steps of a derivation")
    enclosure_points: int = _limit(
        1_000, "points", "Maximum number of points with enclosures. Each takes about a millisecond for each derivative"
    )
    certificate_nodes: int = _limit(
        1_000,
        "nodes",
        "Maximum size of a formula in a certificate, written out. Coq takes seconds for one of this size",
    )
    extrema_variables: int = _limit(
        5, "variables", "Maximum number of variables for Extrema. The grid of starting points grows exponentially"
    )
    figure_pixels: int = _limit(
        4_000, "pixels", "Maximum width and height of an image in pixels. 16 megapixels take a second and 64 MB"
    )
    figure_tangents: int = _limit(12, "tangents", "Maximum number of tangents in a figure")
    figure_steps: int = _limit(6, "secants", "Maximum number of secants in a figure")
    figure_orders: int = _limit(4, "polynomials", "Maximum number of Taylor polynomials in a figure")
    figure_levels: int = _limit(50, "contours", "Maximum number of contours in a figure")
    concurrent_calls: int = _limit(
        512,
        "calls",
        "Maximum number of active calls; further ones fail with BUSY. Throughput falls above some hundreds",
    )
    connection_streams: int = _limit(
        100, "streams", "Maximum number of open streams per connection; further calls wait at the client"
    )
    waiting_streams: int = _limit(
        512, "streams", "Maximum number of streams that wait for their caller. Each may hold one message"
    )
    unread_bytes: int = _limit(
        256 << 20, "bytes", "Maximum size of all replies that callers have not read yet, before connections are closed"
    )
    idle_seconds: float = _limit(300.0, "seconds", "Maximum time that a stream waits for its caller to send or to read")
    queue: int = _limit(
        64, "calls", "Maximum number of calls that wait for a worker process or thread; further ones fail with BUSY"
    )
    memory: int = _limit(
        2 << 30, "bytes", "Maximum memory of one long call, in addition to that of an idle worker. 0: no limit"
    )
    matrix_entries: int = _limit(
        250_000,
        "entries",
        "Maximum number of matrix entries or values in one message. 250 000 is a Hessian of 500 variables",
    )
    array_entries: int = _limit(
        10_000_000,
        "entries",
        "Maximum number of entries of a vector or matrix whose shape is declared. A length that is a name has no limit",
    )
    table_entries: int = _limit(
        1_000,
        "entries",
        "Maximum number of points of an interpolation, and of breaks or levels. Each is a term of a formula",
    )
    algebra_seconds: float = _limit(
        5.0, "seconds", "Time limit for SymPy in one answer. After it, the light form is returned"
    )
    check_seconds: float = _limit(3.0, "seconds", "Time limit for all witnesses of one Check together")
    seconds: float = _limit(
        10.0, "seconds", "Time limit of one call. A shorter deadline of the caller takes precedence"
    )


# Limits() sets one attribute after another, which takes as long as reading a short formula.
DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a server; the defaults are those of `secantd` without flags."""

    listen: str = _limit(
        "127.0.0.1:50051",
        "HOST:PORT",
        "Address to listen on. The default accepts connections from this machine only; port 0 selects a free port",
    )
    workers: int = _limit(
        1, "processes", "Number of server processes that share the port. The kernel distributes connections among them"
    )
    pool: int = _limit(
        2, "processes", "Number of worker processes for long calls. 0: use threads, which cannot be killed"
    )
    threads: int = _limit(
        2,
        "threads",
        "Number of threads for descents and streams. They share one interpreter, so more do not compute faster",
    )
    cache_entries: int = _limit(512, "functions", "Parsed functions to cache (a large one takes about 100 kB)")
    reply_cache_bytes: int = _limit(
        32 << 20, "bytes", "Size of the cache of replies (a small reply takes about 600 bytes)"
    )
    keepalive: float = _limit(60.0, "seconds", "Time between pings that detect dead connections")
    connection_idle: float = _limit(
        1800.0, "seconds", "Time without calls after which a connection is closed. Clients reconnect by themselves"
    )
    grace: float = _limit(5.0, "seconds", "Time for active calls to finish when the server stops")
    drain_pause: float = _limit(
        0.3, "seconds", "Time between reporting NOT_SERVING to load balancers and rejecting calls"
    )
    reflection: bool = _limit(True, "", "gRPC reflection, from which tools such as buf curl learn the contract")
    tls_certificate: str = _limit(
        "",
        "FILE",
        "The server's certificate chain (PEM), reloaded when it changes. Enables TLS together with --tls-key",
    )
    tls_key: str = _limit("", "FILE", "The private key of --tls-certificate (PEM)")
    client_ca: str = _limit(
        "", "FILE", "CA certificates (PEM) for mutual TLS: clients must present a certificate that one of them signed"
    )
    tokens: str = _limit(
        "", "FILE", "SHA-256 sums of the accepted bearer tokens, one per line, reloaded when the file changes"
    )
    http: str = _limit(
        "",
        "HOST:PORT",
        "Address of HTTP: the same methods by the Connect protocol, their reference at /docs/. Needs the extra 'http'",
    )
    http_origins: tuple[str, ...] = _limit(
        (),
        "ORIGIN",
        "Origin whose pages may call by HTTP, such as https://example.org. May be given more than once",
    )
    http_connections: int = _limit(
        1000,
        "connections",
        "Maximum number of connections of HTTP. A new one replaces the one that has been idle longest",
    )
    metrics: str = _limit("", "HOST:PORT", "Address of the Prometheus metrics page, which covers all server processes")
    data_sets: tuple[str, ...] = _limit(
        (),
        "NAME=PATH",
        "Parquet files that callers may name as a data set, for example rows=data/*.parquet. May be given more than once",
    )
    engine: str = _limit(
        "",
        "dask://HOST:PORT",
        "Scheduler of the Dask cluster that adds the rows of data sets. Its workers must be able to read the files. Needs the extra 'dask'",
    )
    telemetry: bool = _limit(
        False, "", "OpenTelemetry spans of calls, configured by OTEL_* variables. Needs the extra 'telemetry'"
    )
    log: str = _limit(
        "faults",
        "LEVEL",
        "What to log: faults, calls (also one line per call) or formulas (also the text of each formula)",
    )
    limits: Limits = field(default_factory=Limits)


def limit_table(limits: Limits) -> list[tuple[str, float, str, str]]:
    """Return (name, value, unit, reason) of each limit.

    >>> limit_table(Limits())[0][:3]
    ('text_length', 1000000, 'code points')
    """
    return [(f.name, getattr(limits, f.name), f.metadata["unit"], f.metadata["reason"]) for f in fields(limits)]
