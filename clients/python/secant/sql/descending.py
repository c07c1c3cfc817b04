"""Descents of the sum of a formula over all rows of a table: each value with its derivatives is a query."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from secant.sql.database import Source, opened, refused
from secant.sql.engine import Bunch, Notation, RowFormula, RowSum, Sum, Written, descend_rows, engine_errors, record
from secant.sql.engine import table_in_duckdb as quoted_table

if TYPE_CHECKING:
    from secant._driven import DrivenDescent
    from secant._enums import MethodWord
    from secant.expression import Box

__all__ = ["TablePasses", "descend_over"]


class TablePasses:
    """Adds a formula over the rows of a table by queries.

    Args:
        source: The table.
        text: The formula of a row.
        notation: Its notation.
        plain_sums: Whether the rounding of the sums may stay.

    Attributes:
        count: The number of partitions that can be chosen: one, all rows.
    """

    count = 1

    def __init__(self, source: Source, text: str, notation: Notation | None, plain_sums: bool = False) -> None:
        self._source = source
        self._plain_sums = plain_sums
        self._sum = RowSum(text, tuple(source.columns), notation)
        self._columns = self._sum.columns_read
        source.check(self._columns)
        self._rows, self._missing = source.count(self._columns)
        if not self._rows:
            raise refused(f"the table {source.shown!r} has no rows", field="table")
        self._table = ""
        self._queries: dict[tuple[int, tuple[str, ...]], Written] = {}

    @property
    def notices(self) -> tuple[str, ...]:
        """Remarks on the queries so far."""
        return tuple(dict.fromkeys(notice for query in self._queries.values() for notice in query.notices))

    def total(
        self, formula: RowFormula, at: Mapping[str, float], chosen: Sequence[int] | None = None, *, skip: bool = False
    ) -> Sum:
        """Return the sum over all rows.

        Args:
            formula: The formula, for the order and the variables of the derivatives.
            at: The values of the parameters.
            chosen: Not read.
            skip: Whether rows with missing values are left out.
        """
        if self._missing and not skip:
            raise self._source.incomplete(self._rows, self._missing)
        if not self._table:
            self._table = self._source.without(self._columns) if skip and self._missing else self._source.shown
        key = (formula.order, formula.variables)
        if key not in self._queries:
            self._queries[key] = self._sum.query(self._table, *key, plain_sums=self._plain_sums)
        query = self._queries[key]
        values = {word: at[name] for word, name in zip(query.parameters, query.names, strict=True)}
        (row,) = self._source.run(query.text, values)
        pairs = np.zeros((len(row), 2))
        pairs[:, 0] = row
        return Sum(formula.variables, formula.order, pairs, self._rows, self._missing, skipped=skip)


def descend_over(
    f: str,
    source: Any,
    table: str,
    start: Mapping[str, float],
    *,
    method: "MethodWord | None" = None,
    rate: float | None = None,
    maximize: bool = False,
    max_steps: int = 0,
    tolerance: float | None = None,
    trace_every: int = 0,
    bounds: "Box | None" = None,
    standard_errors: bool = False,
    skip_missing: bool = False,
    plain_sums: bool = False,
    notation: str | None = None,
    **settings: Any,
) -> "DrivenDescent":
    """Return a running minimization of the sum of f over all rows of a table, with respect to its parameters: an iterator of steps.

    The methods, the reasons for stopping and the advice are those of `Client.descend`. `fit` needs fewer queries where the sum has a
    Hessian.

    Args:
        f: The formula of a row. Names of columns are their values; all other names are parameters.
        source: "duckdb:points.db", which is opened for reading only; "duckdb:" for tables that are files; or a connection of duckdb.
        table: The name of the table; a name with a dot, or a file, is in double quotes.
        start: A value for each parameter.
        method: The descent method. None: "fixed_rate" if a rate or another setting is given, else "bfgs", with bounds "lbfgs".
        rate: Learning rate, for the methods that have one.
        maximize: Maximize the sum instead of minimizing it.
        max_steps: Maximum number of steps. 0: the limit `steps` of a server.
        tolerance: Stop when |∇f| ≤ tolerance (Euclidean norm). None: 1e-5. 0: stop only after `max_steps`.
        trace_every: Keep only the first step, every k-th step and the last. 0: every step.
        bounds: An interval (lower, upper) for some parameters, with None for an open end; "lbfgs" only.
        standard_errors: Also return standard errors, from the Hessian; f must be a term of a negative log-likelihood.
        skip_missing: Leave out rows with NULL or NaN in a column; without it such rows are an error.
        plain_sums: Add with the plain `sum` of the database, which is faster, without compensating the rounding; a notice
            states it.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        settings: Settings of the method, as for `Client.descend`.

    Raises:
        InvalidArgument: As for `fit`; UNKNOWN_VARIABLE if `start` lacks a parameter.
        Unimplemented: MISSING_PART: duckdb is not installed.
        ValueError: There is no such method, or an interval is not a pair.
        TypeError: The method has no such setting.

    >>> import duckdb
    >>> data = duckdb.connect()
    >>> _ = data.execute("CREATE TABLE points AS SELECT i AS x, 2*i + 1 AS y FROM range(3) t(i)")
    >>> found = descend_over("(y - a - b*x)^2", data, "points", {"a": 0, "b": 0}).result()
    >>> found.reason, round(found.point["a"], 6), round(found.point["b"], 6)
    ('CONVERGED', 1.0, 2.0)
    """
    from secant._driven import DrivenDescent
    from secant.rpcs.descend import descend as request_of

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
    chosen = None if notation is None else Notation[notation.upper()]
    with ExitStack() as held:
        rows = Source(held.enter_context(opened(source)), quoted_table(table), table)
        with engine_errors():
            formula = RowFormula(f, tuple(rows.columns), chosen)
            point = formula.compiled().point({name: float(value) for name, value in dict(start).items()})
            passes = TablePasses(rows, f, chosen, plain_sums)
            plan = record(request, formula.compiled().function, point)
            bunches = descend_rows(formula, passes, plan, skip=skip_missing)
        return DrivenDescent(request, formula.parameters, until_closed(bunches, passes, held.pop_all()))


def until_closed(bunches: Iterator[Bunch], passes: TablePasses, held: ExitStack) -> Iterator[Bunch]:
    """Yield the steps, the outcome with the remarks on the queries; the connection is closed with the last one, or with the iterator."""
    with held:
        for bunch in bunches:
            if bunch.outcome is not None and passes.notices:
                outcome = replace(bunch.outcome, notices=(*bunch.outcome.notices, *passes.notices))
                yield bunch._replace(outcome=outcome)
            else:
                yield bunch
