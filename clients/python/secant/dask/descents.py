"""Descents of sums over rows on a cluster: this process makes the steps, and workers add the rows."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from typing import Any

from secantd.descent import Bunch, DescentRequest
from secantd.engine.connection import require_dask
from secantd.engine.descents import Batches, descend_rows, start_of
from secantd.engine.passes import ClusterPasses, Held, Source
from secantd.rows import RowFormula
from secantd.transport.methods.descend import record

from secant._driven import DrivenDescent
from secant._enums import MethodWord
from secant._failures import engine_errors
from secant.dask.cluster import cluster_of
from secant.dask.data import Data, partitioned
from secant.dask.values import row_formula
from secant.expression import Box, Function
from secant.rpcs.descend import descend as request_of

__all__ = ["descend"]


def descend(
    f: Function,
    data: Data,
    start: Mapping[str, float],
    *,
    method: MethodWord | None = None,
    rate: float | None = None,
    maximize: bool = False,
    max_steps: int = 0,
    tolerance: float | None = None,
    trace_every: int = 0,
    bounds: Box | None = None,
    standard_errors: bool = False,
    batch: int | None = None,
    seed: int = 0,
    skip_missing: bool = False,
    persist: bool = False,
    notation: str | None = None,
    client: Any = None,
    timeout: float | None = None,
    **settings: Any,
) -> DrivenDescent:
    """Return a running minimization of the sum of f over all rows, with respect to its parameters: an iterator of steps.

    This process makes the steps; for each, the workers add the rows (see `gradient`). The methods, the reasons for stopping and
    the advice are those of `Client.descend`.

    Args:
        f: The formula of a row.
        data: As for `gradient`.
        start: A value for each parameter.
        method: The descent method. None: "fixed_rate" if a rate or another setting is given, else "bfgs", with bounds "lbfgs".
            "newton" makes the fewest passes over the rows.
        rate: Learning rate, for the methods that have one.
        maximize: Maximize the sum instead of minimizing it.
        max_steps: Maximum number of steps. 0: the limit `steps` of a server.
        tolerance: Stop when |∇f| ≤ tolerance (Euclidean norm). None: 1e-5. 0: stop only after `max_steps`.
        trace_every: Keep only the first step, every k-th step and the last. 0: every step.
        bounds: An interval (lower, upper) for some parameters, with None for an open end; "lbfgs" only.
        standard_errors: Also return standard errors, from the Hessian; f must be a term of a negative log-likelihood.
        batch: Partitions of each step, a mini-batch, for methods with a rate such as "adam". Each round takes all partitions once, in
            an order that `seed` gives. Their rows should be in random order. None: all.
        seed: The seed of the order of mini-batches.
        skip_missing: Leave out rows in which a column is missing (NaN); without it such rows are an error.
        persist: Keep the columns that f names in the memory of the workers between steps: 8 bytes for each number, together.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        client: A distributed.Client, or the address of a scheduler. Default: the current client.
        timeout: Seconds for all steps together. Tasks that have not begun are then cancelled.
        settings: Settings of the method, as for `Client.descend`.

    Raises:
        InvalidArgument: As for `gradient`; UNKNOWN_VARIABLE if `start` lacks a parameter.
        Unimplemented, ResourceExhausted: As for `gradient`, also from the steps.
        ValueError: There is no such method, an interval is not a pair, or `batch` is less than 1.
        TypeError: The method has no such setting.

    >>> import dask.array as da
    >>> from distributed import Client
    >>> x = da.arange(8.0, chunks=4)
    >>> with Client(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as client:
    ...     fit = descend("(y - a - b*x)^2", {"x": x, "y": 1 + 2*x}, {"a": 0, "b": 0}, method="newton", client=client).result()
    >>> fit.reason, round(fit.point["a"], 9), round(fit.point["b"], 9)
    ('CONVERGED', 1.0, 2.0)
    """
    if batch is not None and batch < 1:
        raise ValueError(f"batch is the number of partitions of a step, at least 1; got {batch}")
    request = request_of(
        f,
        start,
        method=method,
        rate=rate,
        maximize=maximize,
        max_steps=max_steps,
        tolerance=tolerance,
        trace_every=trace_every,
        bounds=bounds,
        standard_errors=standard_errors,
        notation=notation,
        **settings,
    )
    with engine_errors():
        require_dask()
        held = partitioned(data)
        formula = row_formula(f, held.columns, notation)
        point = {name: float(value) for name, value in dict(start).items()}
        # Errors of the text and of the start come now, not with the first step.
        start_of(formula, point)
        plan = record(request, formula.compiled().function, point)
        source = held.source(formula)
    batches = None if batch is None else Batches(source.count, batch, seed)
    bunches = passes(source, formula, plan, batches, skip_missing, persist, client, timeout, held.where)
    return DrivenDescent(request, list(point), bunches)


def passes(
    source: Source,
    formula: RowFormula,
    plan: DescentRequest,
    batches: Batches | None,
    skip: bool,
    persist: bool,
    client: Any,
    timeout: float | None,
    where: Callable[[int], str],
) -> Iterator[Bunch]:
    """Yield the steps; the cluster is left when they end."""
    with ExitStack() as stack:
        cluster = stack.enter_context(cluster_of(client))
        if persist:
            source = cluster.call(partial(Held, cluster.client, source, formula))
        yield from descend_rows(
            formula, ClusterPasses(cluster, source, timeout), plan, batches=batches, skip=skip, where=where
        )
