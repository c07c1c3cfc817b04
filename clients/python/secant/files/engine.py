"""The engine of this process, as the files need it: formulas of rows, and its errors as those of a client."""

from collections.abc import Sequence

from secantd.language.notation import Notation
from secantd.rows import BLOCK, Reduction, RowFormula, Sum, sums, values
from secantd.version import __version__

from secant._failures import engine_errors
from secant.expression import Function, Point, coordinates, expression, named
from secant.files.problems import refused

__all__ = ["BLOCK", "VERSION", "Reduction", "RowFormula", "Sum", "engine_errors", "formula_of", "sums", "values"]

VERSION = __version__


def formula_of(
    f: Function, columns: Sequence[str], variables: Sequence[str], order: int, notation: str | None, at: Point | None
) -> tuple[RowFormula, dict[str, float]]:
    """Return the formula of a row, read, and the values of its parameters by their names.

    Raises:
        Error: The text, a variable, or the values of the parameters are not valid.
        TypeError: An argument is of another type.
        ValueError: There is no such notation.
    """
    message = expression(f, notation)
    if message.data or message.shapes or message.data_set:
        raise TypeError("the formula of a row has no data and no shapes: its columns are those of the files")
    twice = next((name for name in variables if list(variables).count(name) > 1), None)
    if twice is not None:
        raise refused(f"the variable '{twice}' is named twice", "name each variable once", "variables")
    chosen = Notation(message.notation) if message.notation else None
    point = {}
    for entry in coordinates(at):
        if not entry.variable:
            raise TypeError(f'`at` must map the parameters to numbers, for example {{"a": 2.0}}; got {at!r}')
        if entry.values or entry.shape:
            raise TypeError(f"the value of {entry.variable} must be a number; got {at!r}")
        point[entry.variable] = entry.value
    with engine_errors():
        formula = RowFormula(message.text, tuple(columns), chosen, named(tuple(variables)), order)
        return formula, formula.compiled().point(point)
