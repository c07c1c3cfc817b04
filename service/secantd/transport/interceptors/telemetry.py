"""Spans of calls for OpenTelemetry: method, status and duration, but no content of the request.

Destination and sampling are configured by the standard variables of OpenTelemetry, such as
OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER and OTEL_SERVICE_NAME.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any

import grpc
from google.rpc import code_pb2

from secantd.transport.messages.contract import SERVICE
from secantd.version import __version__

__all__ = ["Telemetry", "telemetry"]

# The trace that a call belongs to, from its headers (W3C Trace Context).
parent: ContextVar[Any] = ContextVar("parent", default=None)
# The protocol that carries it, by OpenTelemetry's name.
system: ContextVar[str] = ContextVar("system", default="grpc")
# Those headers.
TRACE = ("traceparent", "tracestate")
# Statuses that are the server's own fault, not the caller's (OpenTelemetry's conventions for gRPC).
FAULTS = frozenset({"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"})
# Seconds that the server waits at its end for a collector that does not answer.
LAST_SECONDS = 1.0


class Telemetry(grpc.aio.ServerInterceptor):  # type: ignore[misc]
    """Creates a span for each call when it ends."""

    def __init__(self, provider: Any) -> None:
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("secantd", __version__)
        self._extract = TraceContextTextMapPropagator().extract
        self._kind, self._error = SpanKind.SERVER, StatusCode.ERROR

    async def intercept_service(self, continuation: Callable[[Any], Awaitable[Any]], details: Any) -> Any:
        """Store the caller's trace in a context variable, which the handler of the call sees too."""
        self.begin("grpc", details.invocation_metadata or ())
        return await continuation(details)

    def begin(self, protocol: str, headers: Iterable[tuple[str, Any]]) -> None:
        """Store the caller's trace for the call that the current task answers.

        Args:
            protocol: OpenTelemetry's name of it: "grpc" or "connect_rpc".
            headers: The headers of the call, names in lower case.
        """
        parent.set(self._extract({key: value for key, value in headers if key in TRACE}))
        system.set(protocol)

    def ended(self, method: str, code: str, seconds: float) -> None:
        """Create the span of a call that ends now and took `seconds`; a callback of `Metrics.follow`."""
        end = time.time_ns()
        attributes = {
            "rpc.system": system.get(),
            "rpc.service": SERVICE.full_name,
            "rpc.method": method,
            "rpc.grpc.status_code": code_pb2.Code.Value(code),
        }
        span = self._tracer.start_span(
            f"{SERVICE.full_name}/{method}", parent.get(), self._kind, attributes, start_time=end - int(seconds * 1e9)
        )
        if code in FAULTS:
            span.set_status(self._error)
        span.end(end)

    async def stop(self) -> None:
        """Send the remaining spans; give up after LAST_SECONDS."""
        # A daemon thread: if the collector is unreachable, shutdown() retries for a minute.
        thread = threading.Thread(target=self._provider.shutdown, daemon=True)
        thread.start()
        await asyncio.to_thread(thread.join, LAST_SECONDS)


def telemetry() -> Telemetry:
    """Return an interceptor that sends spans in batches from a background thread."""
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter()))
    return Telemetry(provider)


def exporter() -> Any:
    """Return OpenTelemetry's exporter over gRPC."""
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter()
