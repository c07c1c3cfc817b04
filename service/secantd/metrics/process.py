"""Metrics of the process and of the build, with the names of Prometheus' own clients."""

import os
import platform
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

from secantd.expression import graph
from secantd.metrics.kinds import label_text
from secantd.metrics.page import MetricFamily
from secantd.version import __version__

__all__ = ["LARGEST_OF_ALL", "SMALLEST_OF_ALL", "process_families"]

# Of several processes, these are not added up.
SMALLEST_OF_ALL = frozenset({"process_start_time_seconds", "process_max_fds"})
LARGEST_OF_ALL = frozenset({"secant_build_info"})

STAT, FILES = Path("/proc/self/stat"), Path("/proc/self/fd")
# proc_pid_stat(5): the fields after the name of the program, of which the first is `state`.
STARTED, VIRTUAL, RESIDENT = 19, 20, 21


def process_families() -> list[MetricFamily]:
    """Return the metrics of this process. Without /proc (macOS) those that are read from it are left out.

    >>> [each.name for each in process_families()][:2]
    ['secant_build_info', 'process_cpu_seconds_total']
    """
    usage = resource.getrusage(resource.RUSAGE_SELF)
    found = [
        family("secant_build_info", "gauge", "The build, a constant 1.", 1, BUILD),
        family(
            "process_cpu_seconds_total",
            "counter",
            "CPU time of the server, without its workers.",
            usage.ru_utime + usage.ru_stime,
        ),
        family("process_max_fds", "gauge", "Limit of open files.", resource.getrlimit(resource.RLIMIT_NOFILE)[0]),
    ]
    with suppress(OSError, ValueError, IndexError):
        # The name of the program is in brackets and may contain spaces.
        fields = STAT.read_text().rpartition(")")[2].split()
        seconds_since_boot = int(fields[STARTED]) / os.sysconf("SC_CLK_TCK")
        started = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) + seconds_since_boot
        found += [
            family("process_start_time_seconds", "gauge", "Unix time at which the server started.", round(started, 2)),
            family("process_virtual_memory_bytes", "gauge", "Virtual memory of the server.", int(fields[VIRTUAL])),
            family(
                "process_resident_memory_bytes",
                "gauge",
                "Memory of the server, without its workers.",
                int(fields[RESIDENT]) * resource.getpagesize(),
            ),
        ]
    # Without a free file it cannot be opened.
    with suppress(OSError):
        found.append(family("process_open_fds", "gauge", "Open files.", sum(1 for _ in FILES.iterdir())))
    return found


def family(name: str, kind: str, help: str, value: float, labels: str = "") -> MetricFamily:
    """Return a metric with one value."""
    return MetricFamily(name, kind, help, [(name, labels, value)])


def build() -> str:
    """Return the labels of the build."""
    compiled = str(not graph.__file__.endswith(".py")).lower()
    return label_text(
        ("version", "python", "implementation", "compiled"),
        (__version__, platform.python_version(), sys.implementation.name, compiled),
    )


BUILD = build()
