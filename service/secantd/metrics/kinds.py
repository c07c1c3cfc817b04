"""The kinds of metrics: counters, gauges and histograms of times."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable

from secantd.metrics.page import MetricFamily, Sample, page

__all__ = ["Counter", "Gauge", "Histogram", "Metrics", "Reading"]

# Upper bounds of the buckets in seconds: from a cached reply to the limit `seconds`.
BOUNDS = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)


class Counter:
    """A number for each combination of labels, which only increases."""

    kind = "counter"

    def __init__(self, name: str, help: str, labels: tuple[str, ...] = ()) -> None:
        self.name, self.help, self.labels = name, help, labels
        self._values: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}

    def add(self, amount: float, *labels: str) -> None:
        """Add `amount`, at least 0."""
        self._values[labels] = self._values.get(labels, 0.0) + amount

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value)."""
        for labels, value in list(self._values.items()):
            yield self.name, label_text(self.labels, labels), value


class Gauge:
    """A number that is read from a function when the page is made."""

    kind = "gauge"

    def __init__(self, name: str, help: str, read: Callable[[], float]) -> None:
        self.name, self.help, self._read = name, help, read

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value)."""
        yield self.name, "", self._read()


class Reading(Gauge):
    """A number that only increases, read from a function when the page is made."""

    kind = "counter"


class Histogram:
    """Counts of times by bucket, for each combination of labels."""

    kind = "histogram"

    def __init__(self, name: str, help: str, labels: tuple[str, ...] = ()) -> None:
        self.name, self.help, self.labels = name, help, labels
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}

    def add(self, seconds: float, *labels: str) -> None:
        """Count one time."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(BOUNDS) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._sums[labels] += seconds

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value); the buckets are cumulative."""
        for labels, counts in list(self._counts.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                total += count
                yield f"{self.name}_bucket", label_text((*self.labels, "le"), (*labels, bound)), total
            yield f"{self.name}_sum", label_text(self.labels, labels), self._sums[labels]
            yield f"{self.name}_count", label_text(self.labels, labels), total


def label_text(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Return labels in the text format. The values are our own names and need no escapes.

    >>> label_text(("method", "code"), ("Gradient", "OK"))
    '{method="Gradient",code="OK"}'
    """
    pairs = ",".join(f'{name}="{value}"' for name, value in zip(names, values, strict=True))
    return f"{{{pairs}}}" if pairs else ""


class Metrics:
    """The metrics of one server.

    Attributes:
        more: Return further families when the page is made: of the process, which the sum over several treats in its own way.
        follow: Callback(method, code, seconds) after each call, or None; `code` is the name of the status code.

    >>> metrics = Metrics()
    >>> metrics.calls.add(1, "Gradient", "OK")
    >>> [line for line in metrics.text().splitlines() if line.startswith("secant_calls_total{")]
    ['secant_calls_total{method="Gradient",code="OK"} 1.0']
    """

    def __init__(self) -> None:
        self.calls = Counter("secant_calls_total", "Calls that ended.", ("method", "code"))
        self.seconds = Histogram("secant_call_seconds", "Seconds from the begin of a call to its end.", ("method",))
        self.received = Counter("secant_received_bytes_total", "Bytes of requests.")
        self.sent = Counter("secant_sent_bytes_total", "Bytes of replies.")
        self.cached = Counter("secant_cached_replies_total", "Replies from the cache.")
        self.restarts = Counter("secant_restarts_total", "Restarts of the gRPC server inside the process.")
        self.lag = Histogram("secant_loop_lag_seconds", "Seconds by which the event loop was late for a task.")
        self.more: Callable[[], list[MetricFamily]] = list
        self.follow: Callable[[str, str, float], None] | None = None
        self.all: list[Counter | Histogram | Gauge] = [
            self.calls,
            self.seconds,
            self.received,
            self.sent,
            self.cached,
            self.restarts,
            self.lag,
        ]

    def text(self) -> str:
        """Return the page for Prometheus."""
        return page(self.families())

    def families(self) -> list[MetricFamily]:
        """Return all metrics with their current values."""
        own = [MetricFamily(each.name, each.kind, each.help, list(each.samples())) for each in self.all]
        return own + self.more()

    async def watch_loop(self, period: float = 0.05) -> None:
        """Record, until cancelled, how late the event loop returns from sleeps of `period` seconds."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + period
            await asyncio.sleep(period)
            self.lag.add(max(0.0, loop.time() - due))
