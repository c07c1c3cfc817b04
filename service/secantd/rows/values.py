"""Values and derivatives of each row of a block."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from secantd.calculus import evaluate
from secantd.calculus.point import common_length
from secantd.errors import CalculusError, Reason
from secantd.rows.compensated import BLOCK
from secantd.rows.formula import Compiled, RowFormula
from secantd.shown import quoted

__all__ = ["Values", "given_columns", "values"]

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Values of the rows of a block.

    Attributes:
        names: The names of the derivatives: "x" is the one with respect to x, "x y" the one with respect to x and y.
        values: The values, shape (rows,).
        derivatives: An array of shape (rows,) for each name.
        limits: The positions of values that are limits, because the formula is 0/0 there.
        failed: The positions of rows in which a number is not finite.
        notices: Remarks.
    """

    names: tuple[str, ...]
    values: Array
    derivatives: tuple[Array, ...]
    limits: tuple[int, ...]
    failed: NDArray[np.intp]
    notices: tuple[str, ...]


def values(formula: RowFormula, block: Mapping[str, ArrayLike], at: Mapping[str, float] | None = None) -> Values:
    """Return the value of each row of a block, and its derivatives; limits and notices are those of Evaluate.

    Args:
        formula: The formula. Its default variables are all names in the text.
        block: At least the columns that the formula names, each of shape (rows,).
        at: The values of the parameters.

    Raises:
        CalculusError: UNKNOWN_VARIABLE: a parameter has no value, or a column is missing; INVALID_VALUE: columns differ in length.

    >>> found = values(RowFormula("a*x^2", ("x",), variables=("x",), order=1), {"x": [1.0, 2.0]}, {"a": 3.0})
    >>> found.values, found.names, found.derivatives
    (array([ 3., 12.]), ('x',), (array([ 6., 12.]),))
    """
    compiled = formula.compiled()
    point = compiled.point(at or {})
    columns, rows = given_columns(compiled, block)
    variables = compiled.derived(summed=False).variables
    pieces = []
    for begin in range(0, max(rows, 1), BLOCK):
        part = {name: column[begin : begin + BLOCK] for name, column in columns.items()}
        count = min(rows - begin, BLOCK)
        given = {**part, **{name: np.full(1, value) for name, value in point.items()}}
        # A formula without columns has the same value in each row.
        with compiled.lock:
            found = evaluate(compiled.function, given, formula.order, variables)
        numbers = [found.values, *[d for _, d in found.derivatives]] if formula.order else [found.values]
        numbers = [n if len(n) == count else np.repeat(n, count) for n in numbers]
        pieces.append((begin, numbers, found))
    names = tuple(name for name, _ in pieces[0][2].derivatives)
    joined = [np.concatenate(p) for p in zip(*[numbers for _, numbers, _ in pieces], strict=True)]
    finite = np.logical_and.reduce([np.isfinite(n) for n in joined])
    return Values(
        names,
        joined[0],
        tuple(joined[1:]),
        tuple(begin + place for begin, _, found in pieces for place in found.limits),
        np.flatnonzero(~finite),
        tuple(dict.fromkeys(notice for *_, found in pieces for notice in found.notices)),
    )


def given_columns(compiled: Compiled, block: Mapping[str, ArrayLike]) -> tuple[dict[str, Array], int]:
    """Return the columns of a block by the variables of the function, contiguous doubles, and the number of rows.

    Raises:
        CalculusError: UNKNOWN_VARIABLE, INVALID_VALUE.
    """
    found = {}
    for variable, name in compiled.columns.items():
        if name not in block:
            raise CalculusError(
                Reason.UNKNOWN_VARIABLE,
                f"the block has no column {quoted(name)}",
                "give all columns that the formula names",
                field="points",
                metadata={"name": name},
            )
        found[variable] = np.ascontiguousarray(block[name], dtype=np.float64)
        if found[variable].ndim != 1:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"column {quoted(name)} is no vector",
                "give one number for each row",
                field="points",
            )
    if not found:
        return found, max([np.size(column) for column in block.values()], default=0)
    common_length(found)
    lengths = {len(column) for column in found.values()}
    if len(lengths) > 1:
        raise CalculusError(
            Reason.INVALID_VALUE,
            "a column has one value and others have more",
            "give one number for each row",
            field="points",
        )
    return found, lengths.pop()
