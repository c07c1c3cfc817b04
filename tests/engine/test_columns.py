"""Stable forms over arrays: the values of the operations one by one, without the branches that no point takes."""

import itertools
import math

import numpy as np
import pytest
from secantd.functions import FUNCTIONS, INNER
from secantd.language import read
from secantd.language.expansion import stable_form
from secantd.program.columns import Columns
from secantd.program.interpret import Interpreter
from secantd.program.operations import OPERATIONS
from secantd.program.tape import record

INF, NAN = math.inf, math.nan
HARD = [
    NAN,
    -INF,
    -1e300,
    -1.5,
    0.0,
    5e-324,
    1e-310,
    1e-17,
    0.3,
    1.0 - 2.0**-53,
    1.0,
    3.0,
    50.0,
    1e8,
    2.0**53,
    1e300,
    INF,
]
# Rows with a stable form; reading them all takes seconds, and each process of tests collects this file.
ROWS = [pytest.param(name, id=name) for name, row in (FUNCTIONS | INNER).items() if row.stable]


def tape_of(text: str):
    form = read(text)
    return record(form.outputs, form.variables, {}, literal=True)


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", ROWS)
def test_columns_are_to_the_last_bit_what_the_operations_give_one_after_the_other(name):
    form = stable_form(name)
    tape = record(form.outputs, form.variables, {}, literal=True)
    count = len(form.variables)
    steps = (1, 1, 1) if count < 3 else (2, 3, 4, 5, 6)
    grid = list(itertools.product(*[HARD[k % 2 :: step] for k, step in zip(range(count), steps, strict=False)]))
    plain = [p for p in grid if all(abs(x) < 1e9 for x in p)]
    with np.errstate(all="ignore"):
        for points in (grid, plain):
            columns = [np.array(c) for c in zip(*points, strict=True)]
            expected = np.broadcast_to(Interpreter(tape, columns=True)(columns)[0], columns[0].shape)
            np.testing.assert_array_equal(Columns(tape)(*columns), expected)


def test_a_branch_that_no_point_takes_is_not_computed(monkeypatch):
    calls = []
    besselj = OPERATIONS["besselJ"]
    counted = type(besselj)(besselj.careful, lambda x, nu, out=None: calls.append(len(x)) or besselj.array(x, nu))
    monkeypatch.setitem(OPERATIONS, "besselJ", counted)
    f = Columns(tape_of("function(x) ifelse(x > 0, sqrt(x), 1 + ifelse(x > -1, besselJ(-x, 0), 2))"))
    np.testing.assert_array_equal(f(np.array([1.0, 4.0])), [1.0, 2.0])
    np.testing.assert_array_equal(f(np.array([-2.0, -3.0])), [3.0, 3.0])
    assert calls == []
    with np.errstate(invalid="ignore"):
        f(np.array([-0.5, 4.0]))
    assert calls == [2]


def test_a_value_that_a_condition_reads_again_is_not_overwritten():
    f = Columns(
        tape_of(
            "function(x) { n <- floor(x)\n m <- ifelse(n >= 0, n + 1, 1)\n ifelse((m > 0) & (n >= 0), m, ifelse(n < 0, 7, 2)) }"
        )
    )
    np.testing.assert_array_equal(f(np.array([-1.0, 2.5])), [7.0, 3.0])


def test_values_that_two_branches_share_are_not_overwritten():
    f = Columns(
        tape_of("function(x, y) { a <- x + y; b <- ifelse(x > 0, a, 0); c <- a * 2; b + c * ifelse(y > 0, b, c) }")
    )
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    np.testing.assert_array_equal(f(x, y), [36.0, 78.0])
    np.testing.assert_array_equal((x, y), [[1.0, 2.0], [3.0, 4.0]])


def test_arguments_are_broadcast_and_never_returned():
    f = Columns(tape_of("function(x, y) ifelse(y > 0, x, y)"))
    x = np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(f(x, np.array([1.0, -1.0, NAN])), [[1.0, -1.0, NAN], [2.0, -1.0, NAN]])
    assert not np.shares_memory(f(x, 1.0), x)
    assert f(2.0, 1.0).shape == ()
    np.testing.assert_array_equal(f(2.0, np.array([1.0, 3.0])), [2.0, 2.0])
