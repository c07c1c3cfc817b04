"""The engine of this process, as the files need it: formulas of rows, and its errors as those of a client."""

from collections.abc import Mapping, Sequence
from typing import Any

from secantd.language.notation import Notation
from secantd.rows import BLOCK, Reduction, RowFormula, Sum, sums, values
from secantd.version import __version__

from secant._failures import engine_errors

__all__ = ["BLOCK", "VERSION", "Reduction", "RowFormula", "Sum", "engine_errors", "formula_of", "sums", "values"]

VERSION = __version__


def formula_of(
    f: str, columns: Sequence[str], variables: Sequence[str], order: int, notation: str | None, at: Mapping[str, Any]
) -> tuple[RowFormula, dict[str, float]]:
    """Return the formula of a row, read, and the values of its parameters by their names.

    Raises:
        Error: The text, a variable, or the values of the parameters are not valid.
    """
    chosen = None if notation is None else Notation[notation.upper()]
    with engine_errors():
        formula = RowFormula(f, tuple(columns), chosen, tuple(variables), order)
        return formula, formula.compiled().point(at)
