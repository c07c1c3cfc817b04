"""Fits of formulas to the rows of a table."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secant.errors import InvalidArgument
from secant.sql.database import Source, opened, refused
from secant.sql.engine import Notation, RowSum, Written, engine_errors, table_in_duckdb
from secant.sql.newton import End, Point, newton
from secant.sql.report import Fit

__all__ = ["fit"]

Vector = NDArray[np.float64]
# A parameter belongs to a direction if its part of it is at least this.
PART = 1e-3


def fit(
    f: str,
    source: Any,
    table: str = "data",
    start: Mapping[str, float] | None = None,
    *,
    maximize: bool = True,
    columns: Sequence[str] | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 100,
    skip_missing: bool = False,
    plain_sums: bool = False,
    notation: str | None = None,
    report: Callable[[str], None] | None = None,
) -> Fit:
    """Return the maximum of the sum of f over all rows of a table, by Newton's method, with standard errors.

    Each step is one query, an aggregate SELECT of the sum, its gradient and its Hessian; a step that has to be halved needs more.

    Args:
        f: The formula of a row, such as its log-likelihood. Names of columns are their values; all other names are parameters.
        source: "duckdb:points.db", which is opened for reading only; "duckdb:" for tables that are files; or a connection of duckdb.
        table: The name of the table: "points", "main.points"; a name with a dot, or a file, is in double quotes.
        start: A value for each parameter. None: 0 for each.
        maximize: Maximize the sum; False: minimize it, for a loss. Standard errors take a loss as a negative log-likelihood.
        columns: The names that are columns. None: all columns of the table.
        tolerance: Stop where the next step is not longer than this many standard errors.
        max_steps: Maximum number of steps.
        skip_missing: Leave out rows with NULL or NaN in a column that f names; without it such rows are an error.
        plain_sums: Add with the plain `sum` of the database, which is faster, without compensating the rounding; a notice states it.
        notation: Notation of f, "r" or "python" where they differ, "textbook" or "latex".
        report: Called with a line about each step.

    Raises:
        InvalidArgument: There is no such file, table or column; the formula is not valid, or not finite at the start.
        Unimplemented: MISSING_PART: duckdb is not installed.
        ValueError: The tolerance or the number of steps is negative, or there is no such notation.

    >>> import duckdb
    >>> data = duckdb.connect()
    >>> _ = data.execute("CREATE TABLE flips AS SELECT i % 4 = 0 AS heads FROM range(100) t(i)")
    >>> found = fit("heads * a - log(1 + exp(a))", data, "flips")
    >>> found.reason, round(found.estimates["a"], 6), round(found.standard_errors["a"], 6)
    ('CONVERGED', -1.098612, 0.23094)
    """
    if not tolerance >= 0.0 or max_steps < 0:
        raise ValueError("tolerance and max_steps must not be negative")
    chosen = None if notation is None else Notation[notation.upper()]
    with opened(source) as connection:
        rows = Source(connection, table_in_duckdb(table), table)
        return _Fit(f, rows, columns, chosen, maximize, skip_missing, plain_sums).found(
            start, tolerance, max_steps, report
        )


class _Fit:
    """One fit.

    Args:
        f: The formula of a row.
        source: The table.
        columns: The names that are columns; None: all of the table.
        notation: The notation of the formula.
        maximize: Whether the sum is maximized.
        skip: Whether rows with missing values are left out.
        plain_sums: Whether the rounding of the sums may stay.
    """

    def __init__(
        self,
        f: str,
        source: Source,
        columns: Sequence[str] | None,
        notation: Notation | None,
        maximize: bool,
        skip: bool,
        plain_sums: bool,
    ) -> None:
        lacking = [c for c in columns or () if c not in source.columns]
        if lacking:
            there = ", ".join(list(source.columns)[:10])
            raise refused(
                f"the table {source.shown!r} has no column {lacking[0]!r}", f"its columns are {there}", "columns"
            )
        self.source = source
        self.sign = -1.0 if maximize else 1.0
        self.maximize = maximize
        self.notices: list[str] = []
        with engine_errors():
            self.sum = RowSum(f, tuple(source.columns if columns is None else columns), notation)
            self.columns = self.sum.columns_read
            self.names = self.sum.parameters
            # Errors of the formula come before any query.
            self.written = self._queries(source.shown, plain_sums)
        self.notices += self.written[2].notices
        if not self.names:
            raise refused(
                "the formula has no parameters: all its names are columns",
                "write the parameters with other names",
                "expression.text",
            )
        source.check(self.columns)
        rows, missing = source.count(self.columns)
        if missing and not skip:
            raise source.incomplete(rows, missing)
        if rows == missing:
            raise refused(
                f"the table {source.shown!r} has no rows" + (" without missing values" if rows else ""), field="table"
            )
        self.rows, self.skipped = rows - missing, missing
        if missing:
            whole = source.without(self.columns)
            self.written = self._queries(whole, plain_sums)

    def _queries(self, table: str, plain_sums: bool) -> dict[int, Written]:
        """Return the queries by order."""
        return {order: self.sum.query(table, order, self.names, plain_sums=plain_sums) for order in (0, 2)}

    def found(
        self,
        start: Mapping[str, float] | None,
        tolerance: float,
        max_steps: int,
        report: Callable[[str], None] | None,
    ) -> Fit:
        """Return the result; arguments as for `fit`."""
        x = self._start(start)
        size = len(self.names)

        def objective(at: Vector, order: int) -> tuple[float, Vector, Vector]:
            values = dict(zip(self.names, at.tolist(), strict=True))
            ((f, *derivatives),) = self.source.run(self.written[order].text, self._placeholders(order, values))
            h = np.zeros((size, size))
            g = np.array(derivatives[:size]) if order else np.zeros(size)
            if order == 2:
                upper = np.triu_indices(size)
                h[upper] = derivatives[size:]
                h = h + np.triu(h, 1).T
            return self.sign * f, self.sign * g, self.sign * h

        steps = -1
        end = End("STEPS_SPENT")
        for part in newton(objective, x, tolerance, max_steps):
            if isinstance(part, End):
                end = part
            else:
                point, steps = part, steps + 1
                if report is not None:
                    at = ", ".join(f"{n} = {v:.6g}" for n, v in zip(self.names, part.x, strict=True))
                    report(
                        f"{steps} steps: sum = {self.sign * part.f:.10g}, next step {part.length:.2g} standard errors; {at}"
                    )
        if end.reason == "NOT_FINITE":
            raise self._not_finite(point)
        return self._result(point, end, steps, tolerance)

    def _placeholders(self, order: int, values: Mapping[str, float]) -> dict[str, float]:
        written = self.written[order]
        return {word: values[name] for word, name in zip(written.parameters, written.names, strict=True)}

    def _start(self, start: Mapping[str, float] | None) -> Vector:
        """Return the start, shape (n,), and note names that may be misspelled columns."""
        for name in self.names:
            alike = self.source.alike(name)
            if alike and (start is None or name not in start):
                self.notices.append(f"{name!r} is a parameter; the table has a column {alike!r}")
        if start is None:
            return np.zeros(len(self.names))
        lacking = [n for n in self.names if n not in start]
        unknown = [n for n in start if n not in self.names]
        if lacking:
            alike = self.source.alike(lacking[0])
            hint = (
                f"the table has a column {alike!r}"
                if alike
                else f"add it; the columns of {self.source.shown!r} are {', '.join(self.source.columns)}"
            )
            raise refused(
                f"the start has no value for {lacking[0]!r}, which is no column of {self.source.shown!r}", hint, "start"
            )
        if unknown:
            what = "is a column, not a parameter" if unknown[0] in self.columns else "does not occur in the formula"
            raise refused(f"{unknown[0]!r} in the start {what}", f"the parameters are {', '.join(self.names)}", "start")
        x = np.array([float(start[n]) for n in self.names])
        if not np.all(np.isfinite(x)):
            raise refused("the start is not finite", field="start")
        return x

    def _not_finite(self, point: Point) -> InvalidArgument:
        at = ", ".join(f"{n} = {v:g}" for n, v in zip(self.names, point.x, strict=True))
        what = "the sum" if not math.isfinite(point.f) else "a derivative of the sum"
        return refused(
            f"{what} is not finite at the start ({at})",
            "start elsewhere, for example with 1 for a standard deviation: start s=1",
            "start",
        )

    def _result(self, point: Point, end: End, steps: int, tolerance: float) -> Fit:
        size = len(self.names)
        covariance = inverse(point.h) if end.reason in ("CONVERGED", "STEPS_SPENT", "STALLED") else None
        if covariance is None:
            covariance = np.full((size, size), np.nan)
        errors = np.sqrt(np.diag(covariance))
        if not self.maximize:
            self.notices.append("standard errors take the loss as a negative log-likelihood")
        reason = {"SADDLE": "SINGULAR", "CONCAVE": "DIVERGED"}.get(end.reason, end.reason)
        return Fit(
            estimates=dict(zip(self.names, point.x.tolist(), strict=True)),
            standard_errors=dict(zip(self.names, errors.tolist(), strict=True)),
            covariance=covariance,
            value=self.sign * point.f,
            gradient=self.sign * point.g,
            hessian=self.sign * point.h,
            maximized=self.maximize,
            rows=self.rows,
            skipped=self.skipped,
            steps=steps,
            queries=self.source.queries,
            reason=reason,
            message=self._message(point, end, tolerance),
            notices=tuple(self.notices),
        )

    def _message(self, point: Point, end: End, tolerance: float) -> str:
        """Return how the fit ended, and what to do."""
        # Words of what is looked for, and of the other choice.
        what, other = ("maximum", "minimize") if self.maximize else ("minimum", "maximize")
        if end.reason == "CONVERGED":
            return f"the next step would be {point.length:.2g} standard errors long"
        if end.reason == "STEPS_SPENT":
            return f"the next step would still be {point.length:.2g} standard errors long; allow more steps, or start elsewhere"
        if end.reason == "CONCAVE":
            return (
                f"at no step has the sum the curvature of a {what} in any direction: {other} it, or check the formula"
            )
        involved = self._involved(end.direction)
        if end.reason == "DIVERGED":
            return (
                f"{involved} grow{'s' * (' and ' not in involved)} without end while the sum hardly changes, so there is no {what}; in a "
                "logistic regression the data are separable: leave a column out, or add a penalty"
            )
        if end.reason == "SADDLE":
            return f"the Hessian has the wrong sign in the direction of {involved}: this is no {what}; start elsewhere, or {other}"
        if end.reason == "SINGULAR":
            return (
                f"the Hessian is singular: {involved} cannot be distinguished, because a change of them leaves the sum as it is; "
                "leave one of them out"
            )
        return (
            f"no step improves the sum any more; the next one would be {point.length:.2g} standard errors long, beyond the "
            f"tolerance of {tolerance:g}"
        )

    def _involved(self, direction: Vector | None) -> str:
        """Return the parameters of a direction."""
        if direction is None:
            return "a parameter"
        part = np.abs(direction) / np.max(np.abs(direction))
        found = [n for n, p in zip(self.names, part, strict=True) if p > PART]
        return " and ".join([", ".join(found[:-1]), found[-1]] if len(found) > 1 else found)


def inverse(hessian: Vector) -> Vector | None:
    """Return the inverse of a positive definite matrix, None for another, shape (n, n)."""
    unit = np.sqrt(np.abs(np.diag(hessian)))
    if not np.all(unit > 0.0):
        return None
    try:
        lower = np.linalg.cholesky(hessian / np.outer(unit, unit))
    except np.linalg.LinAlgError:
        return None
    half = np.linalg.inv(lower)
    return np.asarray(half.T @ half / np.outer(unit, unit))
