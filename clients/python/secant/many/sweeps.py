"""The calls: descents from many starts, along a profile, and for resampled data."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, TypeAlias

import numpy as np
from secantd.engine.waiting import Within

from secant._arrays import Array, Points, columns
from secant._enums import MethodWord
from secant._failures import engine_errors
from secant.expression import Expression, Function, Point
from secant.many.ends import Ends
from secant.many.work import COLUMNS, Kind, Work, reason_names
from secant.many.workers import on_cluster, on_processes, processors
from secant.rpcs.descend import descend as request_of
from secant.v1 import descend_pb2

__all__ = ["Progress", "bootstrap", "descend", "profile"]

# Called with the number of descents that are done, and of all; True shows a bar on standard error.
Progress: TypeAlias = bool | Callable[[int, int], None]

# Descents of one job: some tens of milliseconds, far more than a job costs; with so many jobs or more, more of them.
SMALLEST, LARGEST, JOBS = 16, 128, 2000


def descend(
    f: Function,
    starts: Points,
    *,
    method: MethodWord | None = None,
    maximize: bool = False,
    workers: int | None = None,
    client: Any = None,
    progress: Progress = False,
    timeout: float | None = None,
    **how: Any,
) -> Ends:
    """Return the ends of descents of f from many starts.

    Args:
        f: A scalar function of numbers, with its data.
        starts: A vector of length k for each variable; a number is repeated k times.
        method: The descent method, as for `Client.descend`.
        maximize: Maximize f instead of minimizing it.
        workers: The number of processes. None: that of the processors.
        client: A distributed.Client or the address of a scheduler, to use a Dask cluster instead of processes.
        progress: Whether to show a bar on standard error; or a function that is called with the number of descents that are done and
            that of all.
        timeout: Seconds for all descents together.
        how: Other arguments of `Client.descend`: `rate`, `max_steps`, `tolerance`, `bounds`, `notation`, `data`, `shapes`, settings
            of the method.

    Raises:
        InvalidArgument: As for `Client.descend`.
        ResourceExhausted: TIME_LIMIT; MEMORY_LIMIT: workers died again and again of the same descents.
        Unimplemented: MISSING_PART: there is no Dask cluster, or it has other versions.
        ValueError: The vectors differ in length, or there are none; `workers` is less than 1.

    >>> ends = descend("(x^2 - 1)^2", {"x": [-2.0, 0.5, 3.0]}, workers=1)
    >>> ends.points.round(6).ravel().tolist(), ends.reasons.tolist()
    ([-1.0, 1.0, 1.0], ['CONVERGED', 'CONVERGED', 'CONVERGED'])
    """
    rows = table(starts, "starts")
    names = list(columns(starts))
    first = dict(zip(names, rows[0].tolist(), strict=True))
    request = checked(f, first, method, maximize, how)
    work = Work(Kind.STARTS, request.SerializeToString(deterministic=True))
    return ends_of(work, rows, tuple(names), maximize, workers, client, progress, timeout)


def profile(
    f: Function,
    start: Point,
    over: Points,
    *,
    method: MethodWord | None = None,
    maximize: bool = False,
    workers: int | None = None,
    client: Any = None,
    progress: Progress = False,
    timeout: float | None = None,
    **how: Any,
) -> Ends:
    """Return the minima of f over its other variables, with some variables held at each of many values.

    Args:
        f: A scalar function of numbers, with its data.
        start: The start of each descent: a value for each variable that is not held.
        over: A vector of length k for each variable that is held; a number is repeated k times.
        method: As for `descend`, like all other arguments.
        maximize: Maximize f, a log-likelihood, instead of minimizing it.
        workers: As for `descend`.
        client: As for `descend`.
        progress: As for `descend`.
        timeout: As for `descend`.
        how: As for `descend`.

    Raises:
        InvalidArgument: As for `descend`; UNKNOWN_VARIABLE: a held variable is none of f.
        ResourceExhausted, Unimplemented, ValueError: As for `descend`.

    >>> found = profile("(x - y)^2 + (x - 3)^2", {"x": 0.0}, over={"y": [1.0, 3.0]}, workers=1)
    >>> found.variables, found.points.round(6).tolist(), found.values.round(6).tolist()
    (('y', 'x'), [[1.0, 2.0], [3.0, 3.0]], [2.0, 0.0])
    """
    rows = table(over, "over")
    held = tuple(columns(over))
    request = checked(f, start, method, maximize, how)
    work = Work(Kind.HELD, request.SerializeToString(deterministic=True), held)
    free = tuple(entry.variable for entry in request.start)
    ends = ends_of(work, rows, free, maximize, workers, client, progress, timeout)
    points = np.concatenate([rows, ends.points], axis=1)
    return Ends((*held, *free), points, ends.values, ends.gradient_norms, ends.reasons, ends.steps, maximize)


def bootstrap(
    f: Function,
    start: Point,
    *,
    replicates: int = 1000,
    seed: int = 0,
    resample: Sequence[str] = (),
    method: MethodWord | None = None,
    maximize: bool = False,
    workers: int | None = None,
    client: Any = None,
    progress: Progress = False,
    timeout: float | None = None,
    **how: Any,
) -> Ends:
    """Return the minima of f for many samples of its data: as many rows, drawn with replacement.

    Sample i is the same for the same seed, whatever the number of samples and of workers. The standard deviation of the points
    estimates the standard errors: `ends.points.std(axis=0, ddof=1)`.

    Args:
        f: A scalar function with data, such as a sum of squares.
        start: The start of each descent.
        replicates: The number of samples.
        seed: The seed of the samples, at least 0.
        resample: The names of the data whose rows are drawn together. Default: all, which have the same number of rows then.
        method: As for `descend`, like all other arguments.
        maximize: Maximize f, a log-likelihood, instead of minimizing it.
        workers: As for `descend`.
        client: As for `descend`.
        progress: As for `descend`.
        timeout: As for `descend`.
        how: As for `descend`; `data` are the vectors and matrices that f uses.

    Raises:
        InvalidArgument, ResourceExhausted, Unimplemented: As for `descend`.
        ValueError: As for `descend`; f has no data, or the data that are resampled differ in their number of rows.

    >>> found = bootstrap("sum((y - m)^2)", {"m": 0.0}, data={"y": [1.0, 2.0, 6.0]}, replicates=4, workers=1)
    >>> found.points.shape, bool(np.all((found.points >= 1) & (found.points <= 6)))
    ((4, 1), True)
    """
    if replicates < 1 or seed < 0:
        raise ValueError(f"replicates is at least 1 and seed at least 0; got {replicates} and {seed}")
    request = checked(f, start, method, maximize, how)
    data = {c.name: c.shape[0] if c.shape else len(c.values) for c in request.expression.data}
    drawn = tuple(resample) or tuple(data)
    unknown = [name for name in drawn if name not in data]
    if unknown or not drawn:
        raise ValueError(f"there are no data {unknown[0]!r} to resample" if unknown else "f has no data to resample")
    if len({data[name] for name in drawn}) > 1:
        sizes = ", ".join(f"{name} has {data[name]}" for name in drawn)
        raise ValueError(f"the data differ in their number of rows: {sizes}\nname those to draw with resample=")
    work = Work(Kind.RESAMPLED, request.SerializeToString(deterministic=True), (), drawn, seed)
    names = tuple(entry.variable for entry in request.start)
    rows = np.arange(float(replicates)).reshape(-1, 1)
    return ends_of(work, rows, names, maximize, workers, client, progress, timeout)


def table(given: Points, what: str) -> Array:
    """Return vectors by name as an array with a column for each, shape (k, n)."""
    vectors = columns(given)
    if not vectors or not all(len(vector) for vector in vectors.values()):
        raise ValueError(f"{what} has no values")
    return np.stack(np.broadcast_arrays(*vectors.values()), axis=1).astype(np.float64)


def checked(
    f: Function, start: Point, method: MethodWord | None, maximize: bool, how: dict[str, Any]
) -> descend_pb2.DescendRequest:
    """Return the request of one descent, without what only one descent has."""
    for name in ("starts", "trace_every", "data_set", "standard_errors", "skip_missing"):
        if name in how:
            raise TypeError(f"many descents take no {name!r}")
    if isinstance(f, Expression) and f.data_set is not None:
        raise TypeError("many descents take no data set")
    request = request_of(f, start, method=method, maximize=maximize, **how)
    if any(entry.values for entry in request.start):
        raise ValueError("many descents are of functions of numbers: give each variable one value")
    return request


def ends_of(
    work: Work,
    rows: Array,
    names: tuple[str, ...],
    maximize: bool,
    workers: int | None,
    client: Any,
    progress: Progress,
    timeout: float | None,
) -> Ends:
    """Return the ends of the descents of all rows."""
    if workers is not None and workers < 1:
        raise ValueError(f"workers is the number of processes, at least 1; got {workers}")
    size = min(max(len(rows) // JOBS, SMALLEST), LARGEST)
    jobs = [rows[begin : begin + size] for begin in range(0, len(rows), size)]
    found = np.empty((len(rows), len(names) + COLUMNS))
    within = Within(timeout)
    with engine_errors():
        # Errors of the request come now, from this process.
        work.check(rows[0])
        done = (
            on_processes(work, jobs, workers or processors(), within)
            if client is None
            else on_cluster(work, jobs, client, within)
        )
        count = 0
        with closing(done), shown(progress, len(rows)) as report:  # type: ignore[type-var]
            for number, ends in done:
                found[number * size : number * size + len(ends)] = ends
                count += len(ends)
                report(count, len(rows))
    n = len(names)
    return Ends(
        names,
        found[:, :n],
        found[:, n],
        found[:, n + 1],
        reason_names(found[:, n + 3]),
        found[:, n + 2].astype(np.int64),
        maximize,
    )


@contextmanager
def shown(progress: Progress, count: int) -> Iterator[Callable[[int, int], None]]:
    """Yield what is called with the number of descents that are done, and of all."""
    if callable(progress):
        yield progress
        return
    if not (progress and sys.stderr.isatty()):
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("descents"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("descents", total=count)
        yield lambda done, of: bar.update(task, completed=done)
