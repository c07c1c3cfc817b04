"""The result of a fit, and its table."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from secant.results.formula import Answer

if TYPE_CHECKING:
    from secant._arrays import Array

__all__ = ["Fit"]


@dataclass(frozen=True, repr=False, slots=True)
class Fit(Answer):
    """A maximum (or minimum) of a sum over the rows of a table.

    Attributes:
        estimates: The parameters.
        standard_errors: The roots of the diagonal of `covariance`; NaN if the Hessian is not definite.
        covariance: The inverse of the observed information, minus the Hessian of the log-likelihood, shape (n, n); NaN as above.
        value: The sum of the formula over all rows.
        gradient: Its gradient, shape (n,).
        hessian: Its Hessian, shape (n, n).
        maximized: Whether the sum was maximized.
        rows: The rows that were added.
        skipped: The rows that were left out because a value is missing.
        steps: The steps of Newton's method.
        queries: The queries that the database answered.
        reason: CONVERGED, STEPS_SPENT, DIVERGED, NOT_FINITE, SINGULAR or STALLED.
        message: The reason in words, and what to do.
        notices: Remarks.
    """

    estimates: Mapping[str, float]
    standard_errors: Mapping[str, float]
    covariance: "Array"
    value: float
    gradient: "Array"
    hessian: "Array"
    maximized: bool
    rows: int
    skipped: int
    steps: int
    queries: int
    reason: str
    message: str
    notices: tuple[str, ...]

    @property
    def converged(self) -> bool:
        """Whether the fit ended at a maximum."""
        return self.reason == "CONVERGED"

    def __str__(self) -> str:
        head = ("", "estimate", "std. error", "z", "Pr(>|z|)")
        lines = [head, *(self._row(name) for name in self.estimates)]
        widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
        table = [
            "  ".join(
                cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(line, widths, strict=True))
            )
            for line in lines
        ]
        what = "maximum" if self.maximized else "minimum"
        rows = f"{self.rows:,} rows" + (f", {self.skipped:,} with missing values left out" if self.skipped else "")
        steps = f"{self.steps} step{'s' * (self.steps != 1)}, {self.queries} queries"
        sum_line = f"{what} of the sum: {self.value!r}; {rows}; {steps}"
        return "\n".join([*table, "", sum_line, f"{self.reason}: {self.message}"])

    def _row(self, name: str) -> tuple[str, ...]:
        estimate, error = self.estimates[name], self.standard_errors[name]
        if not error > 0.0:
            return name, f"{estimate:.7g}", "NaN", "", ""
        z = estimate / error
        return name, f"{estimate:.7g}", f"{error:.7g}", f"{z:.4g}", f"{math.erfc(abs(z) / math.sqrt(2.0)):.4g}"
