"""Texts of random formulas of vectors and matrices, from R's and NumPy's notation to numbers, against JAX."""

import math
import os

import numpy as np
import pytest
from secant import rpcs
from secantd.language.notation import Notation

from .against_jax import CLOSE, answered, asked, draw, problems, reply
from .fuzz import alike, run_python
from .golden_arrays import Row, Slopes, direction, read_rows
from .in_r import Text, r_values
from .running import needs_r

ROWS = list(read_rows())
# Formulas of numbers have the functions of math by their short names.
MATH = vars(math)


def test_there_are_300_formulas_of_numbers_vectors_and_matrices():
    assert len({row.python for row in ROWS}) >= 300
    assert {row.at[name].ndim for row in ROWS for name in row.by} == {0, 1, 2}
    assert sum("S" in row.symmetric for row in ROWS) > 20
    for word in (
        "%*%",
        "solve(",
        "det(",
        "exp(",
        "[g]",
        "[order(",
        "sum(",
        "cumsum(",
        "ifelse(",
        "outer(",
        "max(",
        "diff(",
    ):
        assert sum(word in row.r for row in ROWS) > 5, word


def test_values_gradients_and_second_derivatives_are_those_of_jax():
    rows = ROWS if "SECANT_TEST_LONG" in os.environ else ROWS[::6]
    wrong = {row.id: found for row in rows if (found := problems(row, answered(row, Notation.R)))}
    assert wrong == {}


def test_the_notation_of_numpy_gives_the_same_numbers():
    rows = ROWS[::5] if "SECANT_TEST_LONG" in os.environ else ROWS[3::12]
    wrong = {row.id: found for row in rows if (found := problems(row, answered(row, Notation.PYTHON)))}
    assert wrong == {}


def test_printed_gradients_have_the_values_of_jax_in_numpy():
    wrong = []
    for row in [r for r in ROWS if r.number][1::3]:
        text, _, given = asked(row, Notation.R)
        found = reply(rpcs.gradient(text, *row.by, notations=("python",), **given))
        names = {name: v.astype(int) if name == "g" else v for name, v in row.at.items()}
        # A text with a column of one row has a value of one entry.
        values = [run_python(t, names, MATH) for t in found.texts]
        parts = [np.full(row.at[n].shape, v.item()) if v.size == 1 else v for n, v in zip(row.by, values, strict=True)]
        if not alike(np.concatenate([np.ravel(p) for p in parts]), row.right.gradient, CLOSE):
            wrong.append((row.id, text, found.texts))
    assert wrong == []


@needs_r
def test_r_computes_the_values_of_jax():
    texts = [Text(row.id, row.python, row.r, row.right.value, row.at) for row in ROWS]
    wrong = [
        (t.seed, t.text, found)
        for t, (_, found) in zip(texts, r_values(texts), strict=True)
        if isinstance(found, str) or not alike(found, np.ravel(t.value), CLOSE)
    ]
    assert wrong == []


def test_new_formulas_agree_with_jax():
    slopes = pytest.importorskip("tests.arrays.in_jax", reason="JAX is not installed", exc_type=ImportError).slopes
    drawn = [row for number in range(12) if (row := draw(f"test-{number}", number, 2))]
    for row in drawn[:3]:
        row.right = slopes(row.python, row.at, row.by, direction(row), row.symmetric, row.number)
        assert problems(row, answered(row, Notation.R)) == []


def test_a_wrong_number_is_a_problem():
    right = Slopes(np.array(2.0), np.array([1.0]), np.array([0.0]))
    row = Row("", "x^2", "x**2", ["x"], [], [], {"x": np.array(1.0)}, True, right)
    assert problems(row, Slopes(np.array(2.0), np.array([1.0 + 1e-8]), np.array([0.0])))
    assert problems(row, Slopes(np.array(2.0), np.array([1.0, 1.0]), np.array([0.0])))
    assert not problems(row, right)
