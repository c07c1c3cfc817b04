"""What is counted: numbers that only grow, numbers that are read, and times."""

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable

from secantd.metrics.page import Family, Sample, page

__all__ = ["Counter", "Gauge", "Histogram", "Metrics"]

# Seconds: from what a cached reply takes to the limit `seconds`.
BOUNDS = (0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0)


class Counter:
    """A number for each combination of labels, which only grows."""

    kind = "counter"

    def __init__(self, name: str, said: str, labels: tuple[str, ...] = ()) -> None:
        self.name, self.said, self.labels = name, said, labels
        self._values: dict[tuple[str, ...], float] = {} if labels else {(): 0.0}

    def add(self, amount: float, *labels: str) -> None:
        """Add `amount`, at least 0."""
        self._values[labels] = self._values.get(labels, 0.0) + amount

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value)."""
        for labels, value in list(self._values.items()):
            yield self.name, written(self.labels, labels), value


class Gauge:
    """A number that is asked for when it is read."""

    kind = "gauge"

    def __init__(self, name: str, said: str, read: Callable[[], float]) -> None:
        self.name, self.said, self._read = name, said, read

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value)."""
        yield self.name, "", self._read()


class Histogram:
    """Seconds, counted by how many there are, for each label."""

    kind = "histogram"

    def __init__(self, name: str, said: str, labels: tuple[str, ...] = ()) -> None:
        self.name, self.said, self.labels = name, said, labels
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}

    def add(self, seconds: float, *labels: str) -> None:
        """Count one."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(BOUNDS) + 1)
            self._sums[labels] = 0.0
        counts[bisect_left(BOUNDS, seconds)] += 1
        self._sums[labels] += seconds

    def samples(self) -> Iterable[Sample]:
        """Yield (name, labels, value); each bucket holds those below it as well."""
        for labels, counts in list(self._counts.items()):
            total = 0
            for bound, count in zip((*map(str, BOUNDS), "+Inf"), counts, strict=True):
                total += count
                yield f"{self.name}_bucket", written((*self.labels, "le"), (*labels, bound)), total
            yield f"{self.name}_sum", written(self.labels, labels), self._sums[labels]
            yield f"{self.name}_count", written(self.labels, labels), total


def written(names: tuple[str, ...], values: tuple[str, ...]) -> str:
    """Return labels as the format has them; values are names of ours, which need no escapes.

    >>> written(("method", "code"), ("Gradient", "OK"))
    '{method="Gradient",code="OK"}'
    """
    pairs = ",".join(f'{name}="{value}"' for name, value in zip(names, values, strict=True))
    return f"{{{pairs}}}" if pairs else ""


class Metrics:
    """All that is counted of one server.

    >>> metrics = Metrics()
    >>> metrics.calls.add(1, "Gradient", "OK")
    >>> [line for line in metrics.text().splitlines() if line.startswith("secant_calls_total{")]
    ['secant_calls_total{method="Gradient",code="OK"} 1.0']
    """

    def __init__(self) -> None:
        self.calls = Counter("secant_calls_total", "Calls that ended.", ("method", "code"))
        self.seconds = Histogram("secant_call_seconds", "From a call's begin to its end.", ("method",))
        self.received = Counter("secant_received_bytes_total", "Bytes of requests.")
        self.sent = Counter("secant_sent_bytes_total", "Bytes of replies.")
        self.cached = Counter("secant_cached_replies_total", "Replies given again.")
        self.lag = Histogram("secant_loop_lag_seconds", "How late the event loop came to a due task.")
        # Told of each call that has ended: method, code, seconds.
        self.follow: Callable[[str, str, float], None] | None = None
        self.all: list[Counter | Histogram | Gauge] = [
            self.calls,
            self.seconds,
            self.received,
            self.sent,
            self.cached,
            self.lag,
        ]

    def text(self) -> str:
        """Return the page that Prometheus reads."""
        return page(self.families())

    def families(self) -> list[Family]:
        """Return all that is counted as it stands now."""
        return [Family(each.name, each.kind, each.said, list(each.samples())) for each in self.all]

    async def watch_loop(self, period: float = 0.05) -> None:
        """Count, without end, how late the event loop comes back from sleeps of `period` seconds."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + period
            await asyncio.sleep(period)
            self.lag.add(max(0.0, loop.time() - due))
