"""The errors of the rows at their points, by each back end, in units in the last place."""

import hashlib
import json
import math
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from secantd.functions import FUNCTIONS

from bench.accuracy.points import COUNT, Point, candidates
from bench.accuracy.truth import Truth, error, true_value

__all__ = [
    "BACK_ENDS", "GOAL", "KEPT", "Measured", "Sample", "back_ends", "checksum", "computed", "condition", "from_json", "measured", "samples",
]  # fmt: skip

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "accuracy.json"
UNRELATED = ("measure.py", "page.py", "values.py", "__main__.py", "reasons.py", "slopes.py", "derivatives.py")
# What the values of a process are called, by its back end.
BACK_ENDS = {"python": {"point": "Python", "batch": "NumPy"}, "c": {"point": "C, one point", "batch": "C"}}
# The relative change of an argument for the condition: small beside all scales, large beside the 2^-70 of a true value.
CHANGE = 2.0**-40


@dataclass(frozen=True)
class Sample:
    """A row's points with their true values, and how many candidates have none that Arb finds in time."""

    op: str
    points: tuple[Point, ...]
    truths: tuple[Truth, ...]
    left_out: int


@dataclass(frozen=True)
class Measured:
    """The errors of one row.

    Attributes:
        sample: Its points.
        errors: The error at each point by back end.
        values: The values that they are of.
        conditions: The condition at each point: by how many units the value changes where arguments change by one; 0 where no
            error is above the goal.
    """

    sample: Sample
    errors: Mapping[str, Sequence[float]]
    values: Mapping[str, Sequence[float]]
    conditions: Sequence[float]

    @property
    def largest(self) -> list[float]:
        """The error at each point by the back end that has the largest one."""
        return [max(e[i] for e in self.errors.values()) for i in range(len(self.sample.points))]

    @property
    def worst(self) -> int:
        largest = self.largest
        return max(range(len(largest)), key=lambda i: largest[i])

    @property
    def median(self) -> float:
        return statistics.median(self.largest)

    @property
    def beyond(self) -> float:
        """The largest error in units of what one unit of the arguments changes, at points above the goal."""
        return max((e / (1 + c) for e, c in zip(self.largest, self.conditions, strict=True) if e > GOAL), default=0.0)


GOAL = 4.0


def sample(op: str) -> Sample:
    """Return the first fifty candidates that have a true value."""
    points: list[Point] = []
    truths: list[Truth] = []
    left_out = 0
    for point in candidates(op):
        if len(points) == COUNT:
            break
        truth = true_value(op, point)
        if truth is None:
            left_out += 1
        else:
            points.append(point)
            truths.append(truth)
    return Sample(op, tuple(points), tuple(truths), left_out)


def samples(ops: Sequence[str], processes: int) -> list[Sample]:
    """Return the samples of rows, computed in so many processes, or as they were kept in `build/`: they take minutes."""
    kept: dict[str, Sample] = {}
    with suppress(OSError, ValueError):
        known, kept_samples = json.loads(KEPT.read_text())
        if known == checksum():
            kept = {s.op: s for s in map(from_json, kept_samples)}
    with ProcessPoolExecutor(processes) as pool:
        for found in pool.map(sample, [op for op in ops if op not in kept]):
            kept[found.op] = found
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps([checksum(), [[s.op, s.points, s.truths, s.left_out] for s in kept.values()]]))
    return [kept[op] for op in ops]


def from_json(found: Sequence[Any]) -> Sample:
    op, points, truths, left_out = found
    return Sample(op, tuple(map(tuple, points)), tuple(Truth(*t) for t in truths), left_out)


def checksum() -> str:
    """Return a checksum of what true values depend on: the modules beside this one, and the textbook formulas."""
    parts = [p.read_bytes() for p in sorted(Path(__file__).parent.glob("*.py")) if p.name not in UNRELATED]
    parts += [f"{f.name} {f.meaning} {f.valid} {f.points}".encode() for f in FUNCTIONS.values()]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def condition(true: Callable[[Point], Truth | None], point: Point, truth: Truth) -> float:
    """Return Σ |x ∂f/∂x / f| by differences of true values, those of `true`; infinite where f is 0."""
    if truth.nearest == 0.0 or not math.isfinite(truth.nearest):
        return math.inf if truth.nearest == 0.0 else 0.0
    total = 0.0
    for i, x in enumerate(point):
        # Towards 0: at the largest one there is another double, and 1 is the last probability.
        near = x * (1 - CHANGE)
        if x == 0.0 or near == x:
            continue
        there = true((*point[:i], near, *point[i + 1 :]))
        if there is None or not math.isfinite(there.nearest):
            continue
        change = (there.nearest - truth.nearest) / truth.nearest
        change += (there.rest * math.ulp(there.nearest) - truth.rest * math.ulp(truth.nearest)) / truth.nearest
        total += abs(change * x / (near - x))
    return total


def conditions(task: tuple[Sample, list[bool]]) -> list[float]:
    own, needed = task
    true = partial(true_value, own.op)
    return [condition(true, p, t) if n else 0.0 for p, t, n in zip(own.points, own.truths, needed, strict=True)]


def back_ends(machine: str) -> list[tuple[str, str]]:
    """Return the back ends and their settings of SECANT_NATIVE; the one in C where `machine` is the file of its extension."""
    return [("python", "off"), *([("c", machine)] if machine else [])]


def computed(all_samples: Iterable[Sample], setting: str, *what: str) -> dict[str, dict[str, list[float]]]:
    """Return the values of the service in a process of its own; `what` is "derivatives" for those."""
    asked = {s.op: [[float(x).hex() for x in p] for p in s.points] for s in all_samples}
    done = subprocess.run(
        [sys.executable, "-m", "bench.accuracy.values", *what],
        cwd=ROOT,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env={**os.environ, "SECANT_NATIVE": setting},
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout)
    return {op: {k: [float.fromhex(v) for v in got] for k, got in kinds.items()} for op, kinds in found.items()}


def measured(all_samples: Sequence[Sample], machine: str, processes: int) -> list[Measured]:
    """Return the errors of all rows; `machine` is the file of the extension in C, "" where there is none."""
    values: dict[str, dict[str, list[float]]] = {s.op: {} for s in all_samples}
    for name, setting in back_ends(machine):
        for op, kinds in computed(all_samples, setting).items():
            for kind, got in kinds.items():
                values[op][BACK_ENDS[name][kind]] = got
    errors = {
        s.op: {k: [error(v, t) for v, t in zip(got, s.truths, strict=True)] for k, got in values[s.op].items()}
        for s in all_samples
    }
    tasks = [(s, [any(e[i] > GOAL for e in errors[s.op].values()) for i in range(len(s.points))]) for s in all_samples]
    with ProcessPoolExecutor(processes) as pool:
        found = list(pool.map(conditions, tasks))
    return [Measured(s, errors[s.op], values[s.op], c) for s, c in zip(all_samples, found, strict=True)]
