"""What all comparisons share: how much is measured, taking turns, sections of rows, and how they are printed."""

import argparse
import gc
import json
import math
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, TypeVar

import numpy as np

from bench.rivals import thinned

__all__ = [
    "OURS", "Cell", "Effort", "RivalError", "Row", "Section", "agree", "exponent", "from_json", "here", "main", "printed", "repeats", "shown",
    "table", "turns", "written",
]  # fmt: skip

T = TypeVar("T")
# The column that ratios refer to.
OURS = "Secant"
# A time in seconds, or the reason why there is none.
Cell = float | str
# Rounds without which a median says nothing.
FEWEST = 3
# Seconds of a turn at least: the first run after another program finds the caches filled with its data.
TURN = 4e-3
# Seconds from which on a first run shows how long a job takes: its preparations do not matter.
LONG = 0.1
UNITS = {"ns": 1e9, "us": 1e6, "ms": 1e3, "s": 1.0}


class RivalError(Exception):
    """A rival has no answer. The message is the reason that the table shows: "not installed"."""


class Effort(Enum):
    """How much is measured: TINY for tests, QUICK within three minutes, FULL within twelve."""

    FULL = 0
    QUICK = 1
    TINY = 2

    def pick(self, full: T, quick: T, tiny: T) -> T:
        """Return the argument of this effort.

        >>> Effort.QUICK.pick(1_000_000, 100_000, 1_000)
        100000
        """
        return (full, quick, tiny)[self.value]


@dataclass(frozen=True)
class Row:
    """One piece of work.

    Attributes:
        work: What is computed.
        cells: Seconds of each contestant, or the reason why there are none; those of Secant have names that begin with OURS.
    """

    work: str
    cells: Mapping[str, Cell]


@dataclass
class Section:
    """The rows of one comparison.

    Attributes:
        name: The file: `./dev bench NAME` repeats it.
        title: The heading in the page.
        about: What is measured, in sentences.
        unit: "ns", "us", "ms" or "s", in which times are printed.
        rows: The rows.
        each: What the times are divided by, for the heading: "point".
        goals: Ratios rival / Secant that are aimed at, by rival.
        notes: Further sentences with measured numbers, such as growth exponents.
        compared: Whether ratios are meaningful.
        references: Contestants that do less work than Secant, such as an empty program: their ratios are not summed up.
    """

    name: str
    title: str
    about: str
    unit: str
    rows: list[Row] = field(default_factory=list)
    each: str = ""
    goals: Mapping[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    compared: bool = True
    references: Sequence[str] = ()

    @property
    def contestants(self) -> list[str]:
        """Return all columns, in the order in which they first occur."""
        return list(dict.fromkeys(name for row in self.rows for name in row.cells))

    def ratios(self, contestant: str, ours: str = OURS) -> list[float]:
        """Return time of a contestant / time of Secant for each row that has both.

        >>> s = Section("s", "", "", "ms", [Row("a", {"Secant": 1.0, "B": 3.0}), Row("b", {"Secant": 1.0, "B": "no"})])
        >>> s.ratios("B")
        [3.0]
        """
        found = []
        for row in self.rows:
            theirs, own = row.cells.get(contestant), row.cells.get(ours)
            if isinstance(theirs, float) and isinstance(own, float) and own:
                found.append(theirs / own)
        return found


def repeats(seconds: float) -> int:
    """Return how often a job that takes so many seconds runs in a turn.

    >>> repeats(0.001), repeats(2.0)
    (4, 1)
    """
    return max(1, math.ceil(TURN / max(seconds, 1e-9)))


def here(job: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> Callable[[], float]:
    """Return a function that runs a job of this process, several times if it is short, and returns the seconds of one."""
    times = 0

    def run() -> float:
        nonlocal times
        # As timeit does: a contestant's garbage is not collected at another's cost.
        gc.disable()
        try:
            if not times:
                began = clock()
                job()
                first = clock() - began
                if first > LONG:
                    times = 1
                    return first
                began = clock()
                job()
                times = repeats(clock() - began)
            began = clock()
            for _ in range(times):
                job()
            return (clock() - began) / times
        finally:
            gc.enable()

    return run


def turns(
    contestants: Mapping[str, Callable[[], float] | str], rounds: int, seconds: float = math.inf, fewest: int = FEWEST
) -> dict[str, Cell]:
    """Return the median seconds of each contestant; in each round all of them run once, in turns.

    Args:
        contestants: Functions that return seconds, or reasons why there is none. A RivalError ends one contestant's part.
        rounds: How many rounds at most, after one that is not counted.
        seconds: After so many seconds no further round begins,
        fewest: if there were so many.

    >>> turns({"a": lambda: 2.0, "b": "not installed"}, 3)
    {'a': 2.0, 'b': 'not installed'}
    """
    times: dict[str, list[float]] = {name: [] for name in contestants}
    reasons: dict[str, str] = {name: job for name, job in contestants.items() if isinstance(job, str)}
    began = time.perf_counter()
    for number in range(rounds + 1):
        if number > fewest and time.perf_counter() - began > seconds:
            break
        gc.collect()
        for name, job in contestants.items():
            if name in reasons or isinstance(job, str):
                continue
            try:
                times[name].append(job())
            except RivalError as error:
                reasons[name] = str(error)
    return {name: reasons[name] if name in reasons else statistics.median(t[1:] or t) for name, t in times.items()}


def agree(answers: Mapping[str, Any], reference: Any, relative: float = 1e-9, absolute: float = 1e-12) -> None:
    """Raise AssertionError where an answer differs from the reference, both thinned as the rivals thin theirs.

    Args:
        answers: Numbers, arrays or lists of them, by contestant.
        reference: The right ones.
        relative: The largest relative difference.
        absolute: The largest difference where the right number is near 0.
    """
    right = thinned(reference)
    for name, answer in answers.items():
        np.testing.assert_allclose(thinned(answer), right, relative, absolute, err_msg=f"{name} differs")


def exponent(sizes: Sequence[float], times: Sequence[Cell]) -> float:
    """Return by which power of the size the time grows from the first to the last size that has a time; NaN for fewer than two.

    >>> exponent([10, 100, 1000], [1.0, 10.0, "not finished"])
    1.0
    """
    found = [(n, t) for n, t in zip(sizes, times, strict=True) if isinstance(t, float)]
    if len(found) < 2:
        return math.nan
    (small, fast), (large, slow) = found[0], found[-1]
    return math.log(slow / fast) / math.log(large / small)


def shown(cell: Cell, unit: str) -> str:
    """Return a cell as printed: three significant digits in the unit.

    >>> shown(0.0012345, "ms"), shown(0.25, "ms"), shown("not installed", "ms")
    ('1.23', '250', 'not installed')
    """
    if isinstance(cell, str):
        return cell
    value = cell * UNITS[unit]
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def written(ratio: float) -> str:
    """Return a ratio as printed.

    >>> written(0.0034), written(0.9), written(12.3), written(4321.0)
    ('0.0034x', '0.90x', '12x', '4,321x')
    """
    if ratio < 0.0995:
        return f"{ratio:.2g}x"
    return f"{ratio:.2f}x" if ratio < 9.995 else f"{ratio:,.0f}x"


def table(section: Section) -> list[list[str]]:
    """Return the cells of a section as text, the head first: times, and behind each the ratio to Secant."""
    lines = [["", *section.contestants]]
    for row in section.rows:
        line = [row.work]
        own = row.cells.get(OURS)
        for name in section.contestants:
            cell = row.cells.get(name, "")
            text = shown(cell, section.unit)
            if (
                section.compared
                and not name.startswith(OURS)
                and isinstance(cell, float)
                and isinstance(own, float)
                and own
            ):
                text += f" ({written(cell / own)})"
            line.append(text)
        lines.append(line)
    return lines


def printed(section: Section) -> str:
    """Return a section as it is printed in a terminal."""
    lines = table(section)
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    unit = section.unit + (f" per {section.each}" if section.each else "")
    ratio = "; in brackets: time / Secant's" if section.compared else ""
    head = f"{section.title}: {unit}{ratio}"
    body = [
        "  ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    ]
    return "\n".join([head, *(f"  {line}" for line in body), *(f"  {note}" for note in section.notes)])


def main(measure: Callable[[Effort], Section]) -> None:
    """Measure one section and print it."""
    parser = argparse.ArgumentParser(
        description=sys.modules[measure.__module__].__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer rounds")
    parser.add_argument("--json", action="store_true", help="print the section as JSON, for bench/report.py")
    given = parser.parse_args()
    section = measure(Effort.QUICK if given.quick else Effort.FULL)
    print(json.dumps(asdict(section)) if given.json else printed(section))


def from_json(text: str) -> Section:
    """Return the section that `main` printed as JSON."""
    found = json.loads(text)
    rows = [Row(**row) for row in found["rows"]]
    return Section(**{**found, "rows": rows, "references": tuple(found["references"])})
