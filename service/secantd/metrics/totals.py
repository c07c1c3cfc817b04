"""One page for several servers: each tells what it has counted, a line at a time, and the supervisor adds up."""

import asyncio
import json
import os
from collections.abc import Sequence
from contextlib import suppress

from secantd.metrics.kinds import Metrics
from secantd.metrics.page import Family, page

__all__ = ["Totals", "tell"]

# Between two lines of a server. One that is killed takes what it counted since its last line with it.
SECONDS_BETWEEN_LINES = 0.5


async def tell(metrics: Metrics, file: int, period: float = SECONDS_BETWEEN_LINES) -> None:
    """Write a line of what is counted to a pipe every `period` seconds, and a last one when cancelled.

    Who does not read holds up nobody: a line that the pipe has no room for is left out.
    """
    loop = asyncio.get_running_loop()
    pipe, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(os.dup(file), "wb", 0))
    try:
        while True:
            if pipe.get_write_buffer_size() == 0:
                pipe.write(line(metrics))
            await asyncio.sleep(period)
    finally:
        with suppress(OSError):
            pipe.write(line(metrics))
        pipe.close()


def line(metrics: Metrics) -> bytes:
    """Return what is counted as one line of JSON."""
    return json.dumps(metrics.families(), separators=(",", ":")).encode() + b"\n"


class Totals:
    """The sum over servers that come and go: what one has counted stays counted when it is gone.

    >>> totals = Totals()
    >>> totals.hear(1, b'[["calls","counter","Calls.",[["calls","",2]]],["held","gauge","Held.",[["held","",1]]]]')
    >>> totals.hear(2, b'[["calls","counter","Calls.",[["calls","",3]]],["held","gauge","Held.",[["held","",1]]]]')
    >>> totals.gone(1)
    >>> print(totals.text(), end="")
    # HELP secant_servers Servers that run.
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
        self._living: dict[int, list[Family]] = {}
        self._past: list[Family] = []
        self._ended = 0

    def hear(self, server: int, said: bytes) -> None:
        """Take a server's line; the one before it is forgotten. What is no line changes nothing."""
        with suppress(ValueError, TypeError):
            self._living[server] = [Family(*each) for each in json.loads(said)]

    def gone(self, server: int) -> None:
        """Keep what a server that has ended counted; what it held is gone with it."""
        self._ended += 1
        last = self._living.pop(server, [])
        self._past = added([self._past, [family for family in last if family.kind != "gauge"]])

    def text(self) -> str:
        """Return the page that Prometheus reads."""
        servers = Family("secant_servers", "gauge", "Servers that run.", [("secant_servers", "", len(self._living))])
        name = "secant_servers_ended_total"
        ended = Family(name, "counter", "Servers that died and were replaced.", [(name, "", self._ended)])
        return page([servers, ended, *added([self._past, *self._living.values()])])


def added(told: Sequence[Sequence[Family]]) -> list[Family]:
    """Return families with their samples added up, in the order in which they are first seen."""
    found: dict[str, Family] = {}
    sums: dict[str, dict[tuple[str, str], float]] = {}
    for families in told:
        for family in families:
            found.setdefault(family.name, family)
            total = sums.setdefault(family.name, {})
            for name, labels, value in family.samples:
                total[name, labels] = total.get((name, labels), 0) + value
    return [
        family._replace(samples=[(*key, value) for key, value in sums[name].items()]) for name, family in found.items()
    ]
