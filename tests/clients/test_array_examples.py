"""The examples of arrays over the wire: numbers to 1e-9, and printed texts run in NumPy and in R."""

import math
from pathlib import Path

import numpy as np
import pytest
from secantd.language.notation import Notation

from tests.arrays.against_jax import asked
from tests.arrays.fuzz import alike
from tests.arrays.golden_arrays import direction, read_rows
from tests.arrays.in_r import Text, r_values
from tests.arrays.running import in_python, needs_r

ROWS = {row.id: row for row in read_rows(Path(__file__).parents[1] / "golden" / "array_examples.tsv")}
# exp(x)/sum(exp(x)), as it is written, overflows there; the service's own numbers do not.
FAR = "log of a large sum"


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON])
def test_numbers_are_those_of_an_independent_library(ready, row, notation):
    text, at, given = asked(row, notation)
    if not text:
        pytest.skip("loops are written in R's notation")
    step = np.concatenate([np.ravel(v) for v in direction(row).values()])
    if row.number:
        found = ready.evaluate(text, at, *row.by, order=2, **given)
        assert alike(found.values[0], row.right.value, 1e-9)
        assert alike(found.gradient[0], row.right.gradient, 1e-9)
        assert alike(found.hessian[0] @ step, row.right.along, 1e-9)
        again = ready.hessian(text, *row.by, at=at, **given)
        assert alike(again.values @ step, row.right.along, 1e-9)
        assert alike(np.ravel(ready.gradient(text, *row.by, at=at, **given).values), row.right.gradient, 1e-9)
    else:
        found = ready.jacobian(text, *row.by, at=at, **given)
        assert alike(found.values @ step, row.right.along, 1e-9)
        assert alike(found.function_values, row.right.value, 1e-9)


def texts_of(service, row):
    """Yield the printed derivatives of a row in R and Python with the values they have to have."""
    text, at, given = asked(row, Notation.R)
    both = {"notations": ("r", "python")}
    if not row.number:
        (found,) = service.jacobian(text, *row.by, at=at, **both, **given).rows
    elif all(row.at[name].ndim < 2 for name in row.by):
        rows = service.hessian(text, *row.by, at=at, **both, **given).rows
        first = service.gradient(text, *row.by, at=at, **both, **given).partials
        found = [*first, *[entry for line in rows for entry in line]]
    else:
        found = service.gradient(text, *row.by, at=at, **both, **given).partials
    for formula in found:
        yield formula.renderings, formula.at_point


@pytest.fixture(scope="module")
def texts(ready):
    return [(row, *found) for row in ROWS.values() for found in texts_of(ready, row)]


def test_printed_derivatives_run_in_numpy(texts):
    wrong = []
    for row, printed, value in texts:
        names = {name: v.astype(int) if name == "g" else v for name, v in row.at.items()}
        found = in_python(printed["python"], {**vars(math), **names})
        if not alike(np.broadcast_to(found, np.shape(value)), value, 1e-9):
            wrong.append((row.id, printed["python"]))
    assert len(texts) > 40
    assert wrong == []


@needs_r
def test_printed_derivatives_run_in_r(texts):
    jobs = [
        Text(row.id, "", f"{{{printed['r']}\n}}", np.asarray(value), row.at)
        for row, printed, value in texts
        if row.id != FAR
    ]
    wrong = [
        (job.seed, job.text, found)
        for job, (_, found) in zip(jobs, r_values(jobs), strict=True)
        if isinstance(found, str) or not alike(found, job.value.ravel("F"), 1e-9)
    ]
    assert wrong == []
