"""The errors of first derivatives of the rows at the points of their values."""

import hashlib
import json
import math
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path

from secantd.functions import FUNCTIONS

from bench.accuracy.measure import (
    BACK_ENDS,
    GOAL,
    KEPT,
    Measured,
    Sample,
    back_ends,
    checksum,
    computed,
    condition,
    from_json,
)
from bench.accuracy.slopes import slope, slopes, wanted
from bench.accuracy.truth import error

__all__ = ["measured_slopes", "slope_samples"]

KEPT_SLOPES = KEPT.with_name("accuracy-derivatives.json")
# Of a quantile: most are roots, which take a hundred times as long as a formula.
FEW = 12
# Errors of more points are not compared with their condition: the largest ones decide.
MOST = 6


def name_of(op: str, place: int) -> str:
    """Return the name of the sample of a derivative: "pgamma by shape"."""
    return f"{op} by {FUNCTIONS[op].parameters[place]}"


def of_row(own: Sample) -> list[Sample]:
    """Return the true derivatives of a row, a sample for each parameter, without the points that have none."""
    points = own.points[: FEW if FUNCTIONS[own.op].written[0] == "q" else None]
    found = [slopes(own.op, point) for point in points]
    samples = []
    for column, place in enumerate(wanted(own.op)):
        known = [(p, t[column]) for p, t in zip(points, found, strict=True) if t[column] is not None]
        truths = tuple(t for _, t in known if t is not None)
        samples.append(Sample(name_of(own.op, place), tuple(p for p, _ in known), truths, len(points) - len(known)))
    return samples


def slope_samples(values: Sequence[Sample], processes: int) -> list[Sample]:
    """Return the samples of derivatives of rows, computed in so many processes, or as they were kept in `build/`."""
    own = hashlib.sha256(Path(__file__).with_name("slopes.py").read_bytes()).hexdigest() + checksum()
    kept: dict[str, list[Sample]] = {}
    with suppress(OSError, ValueError):
        known, found = json.loads(KEPT_SLOPES.read_text())
        if known == own:
            kept = {op: [from_json(s) for s in samples] for op, samples in found.items()}
    missing = [s for s in values if s.op not in kept and wanted(s.op)]
    with ProcessPoolExecutor(processes) as pool:
        for sample, made in zip(missing, pool.map(of_row, missing), strict=True):
            kept[sample.op] = made
    written = {op: [[s.op, s.points, s.truths, s.left_out] for s in samples] for op, samples in kept.items()}
    KEPT_SLOPES.write_text(json.dumps([own, written]))
    return [s for v in values for s in kept.get(v.op, [])]


def conditions(task: tuple[Sample, list[float]]) -> list[float]:
    """Return the conditions at the points with the largest errors above the goal; infinity stands for those that are not computed."""
    own, errors = task
    op, _, parameter = own.op.partition(" by ")
    place = FUNCTIONS[op].parameters.index(parameter)
    found = [math.inf if e > GOAL else 0.0 for e in errors]
    for i in sorted(range(len(errors)), key=lambda i: -errors[i])[:MOST]:
        if errors[i] > GOAL:
            found[i] = condition(lambda p: slope(op, p, place, {}), own.points[i], own.truths[i])
    return found


def measured_slopes(samples: Sequence[Sample], machine: str, processes: int) -> list[Measured]:
    """Return the errors of derivatives by Evaluate, of each back end; `machine` as for `measured`."""
    rows: dict[str, Sample] = {}
    for s in samples:
        op = s.op.partition(" by ")[0]
        points = dict.fromkeys([*(rows[op].points if op in rows else ()), *s.points])
        rows[op] = Sample(op, tuple(points), (), 0)
    values: dict[str, dict[str, list[float]]] = {s.op: {} for s in samples}
    for back_end, setting in back_ends(machine):
        for op, found in computed(rows.values(), setting, "derivatives").items():
            for place, got in found.items():
                name = name_of(op, int(place))
                if name in values:
                    at = dict(zip(rows[op].points, got, strict=True))
                    own = next(s for s in samples if s.op == name)
                    values[name][BACK_ENDS[back_end]["batch"]] = [at[p] for p in own.points]
    errors = {
        s.op: {k: [error(v, t) for v, t in zip(got, s.truths, strict=True)] for k, got in values[s.op].items()}
        for s in samples
    }
    samples = [s for s in samples if s.points]
    tasks = [(s, [max(e[i] for e in errors[s.op].values()) for i in range(len(s.points))]) for s in samples]
    with ProcessPoolExecutor(processes) as pool:
        found_conditions = list(pool.map(conditions, tasks))
    return [Measured(s, errors[s.op], values[s.op], c) for s, c in zip(samples, found_conditions, strict=True)]
