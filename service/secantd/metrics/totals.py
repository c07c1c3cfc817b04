"""One metrics page for several servers: each writes its metrics as lines of JSON, and the supervisor adds them up."""

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress

from secantd.metrics.kinds import Metrics
from secantd.metrics.page import MetricFamily, page
from secantd.metrics.process import LARGEST_OF_ALL, SMALLEST_OF_ALL

__all__ = ["Totals", "write_lines"]

# If a server is killed, the counts since its last line are lost.
SECONDS_BETWEEN_LINES = 0.5


async def write_lines(metrics: Metrics, file: int, period: float = SECONDS_BETWEEN_LINES) -> None:
    """Write the metrics as a line to a pipe every `period` seconds, and a last line when cancelled.

    If the reader is slow, lines are skipped.

    Args:
        metrics: The metrics.
        file: The file descriptor of the pipe; it stays open.
        period: Seconds between lines.
    """
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(os.dup(file), "wb", 0))
    try:
        while True:
            if pipe.get_write_buffer_size() == 0:
                pipe.write(json_line(metrics))
            await asyncio.sleep(period)
    finally:
        with suppress(OSError):
            pipe.write(json_line(metrics))
        pipe.close()


def json_line(metrics: Metrics) -> bytes:
    """Return the metrics as one line of JSON."""
    return json.dumps(metrics.families(), separators=(",", ":")).encode() + b"\n"


class Totals:
    """The sum over all servers, including the counts of those that have ended.

    >>> totals = Totals()
    >>> totals.receive(1, b'[["calls","counter","Calls.",[["calls","",2]]],["held","gauge","Held.",[["held","",1]]]]')
    >>> totals.receive(2, b'[["calls","counter","Calls.",[["calls","",3]]],["held","gauge","Held.",[["held","",1]]]]')
    >>> totals.ended(1)
    >>> print(totals.text(), end="")
    # HELP secant_servers Running servers.
    # TYPE secant_servers gauge
    secant_servers 1
    # HELP secant_servers_ended_total Servers that died and were replaced.
    # TYPE secant_servers_ended_total counter
    secant_servers_ended_total 1
    # HELP calls Calls.
    # TYPE calls counter
    calls 5
    # HELP held Held.
    # TYPE held gauge
    held 1
    """

    def __init__(self) -> None:
        self._living: dict[int, list[MetricFamily]] = {}
        self._past: list[MetricFamily] = []
        self._ended = 0

    def receive(self, server: int, line: bytes) -> None:
        """Replace a server's metrics by those of its latest line; an invalid line is ignored."""
        with suppress(ValueError, TypeError):
            self._living[server] = [MetricFamily(*each) for each in json.loads(line)]

    def ended(self, server: int) -> None:
        """Keep the counters and histograms of a server that has ended, but not its gauges."""
        self._ended += 1
        last = self._living.pop(server, [])
        self._past = summed([self._past, [family for family in last if family.kind != "gauge"]])

    def text(self) -> str:
        """Return the page for Prometheus."""
        servers = MetricFamily(
            "secant_servers", "gauge", "Running servers.", [("secant_servers", "", len(self._living))]
        )
        name = "secant_servers_ended_total"
        ended = MetricFamily(name, "counter", "Servers that died and were replaced.", [(name, "", self._ended)])
        return page([servers, ended, *summed([self._past, *self._living.values()])])


def summed(servers: Sequence[Sequence[MetricFamily]]) -> list[MetricFamily]:
    """Return the families with their samples summed over all servers, in order of first appearance.

    >>> [[start]] = [summed([[MetricFamily("process_start_time_seconds", "gauge", "", [("t", "", value)])] for value in (5, 3)])]
    >>> start.samples
    [('t', '', 3)]
    """
    found: dict[str, MetricFamily] = {}
    sums: dict[str, dict[tuple[str, str], float]] = {}
    for families in servers:
        for family in families:
            found.setdefault(family.name, family)
            total = sums.setdefault(family.name, {})
            for name, labels, value in family.samples:
                before = total.get((name, labels))
                if before is None:
                    total[name, labels] = value
                elif family.name in SMALLEST_OF_ALL:
                    total[name, labels] = min(before, value)
                elif family.name in LARGEST_OF_ALL:
                    total[name, labels] = max(before, value)
                else:
                    total[name, labels] = before + value
    return [
        family._replace(samples=[(*key, value) for key, value in sums[name].items()]) for name, family in found.items()
    ]
