"""Exported code of the examples of arrays, compiled and run, against the values of an independent library."""

from pathlib import Path

import numpy as np
from array_cases import ArrayCase
from array_runs import in_c, in_python
from running import needs_cc
from secantd.expression import VariableShape

from tests.arrays.golden_arrays import read_rows

# A loop that is exported is written out for its data.
ROWS = [
    row
    for row in read_rows(Path(__file__).parents[1] / "golden" / "array_examples.tsv")
    if row.number and not row.id.startswith("GARCH")
]


def case(row):
    shapes = {n: VariableShape(row.at[n].shape, n in row.symmetric) for n in row.by}
    at = {n: v.tolist() for n, v in row.at.items()}
    return ArrayCase(row.r, row.by, at, shapes, order=1, data=tuple(row.data))


def wrong(found):
    """The rows whose value or gradient is not that of the table."""
    return [
        (row.id, got)
        for row, got in zip(ROWS, found, strict=True)
        if not np.allclose(np.concatenate(got), [row.right.value.item(), *row.right.gradient], rtol=1e-9, atol=1e-9)
    ]


def test_python_code_of_the_examples_has_the_values_of_an_independent_library():
    assert len(ROWS) > 19
    assert wrong(in_python([case(row) for row in ROWS])) == []


@needs_cc
def test_c_code_of_the_examples_has_the_values_of_an_independent_library(tmp_path):
    assert wrong(in_c([case(row) for row in ROWS], tmp_path)) == []
