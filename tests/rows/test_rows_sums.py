"""Sums of formulas over rows: against math.fsum, fractions, and the derivatives of sum(...) over data."""

import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from secantd.calculus import gradient_answer, hessian
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.rows import BLOCK, RowFormula, Sum, reduce_in_order, sums, values
from secantd.rows.compensated import block_sum

RNG = np.random.default_rng(20261128)
ROWS = 3 * BLOCK + 1234
COLUMNS = {name: RNG.normal(size=ROWS) for name in ("x", "y", "z")}

FORMULAS = [
    pytest.param("dnorm(y, m, s, log=TRUE)", {"m": 0.3, "s": 1.7}, id="normal"),
    pytest.param("(y > 0)*(a + b*x) - log1p(exp(a + b*x))", {"a": 0.1, "b": -2.0}, id="logistic"),
    pytest.param("a*sin(b*x) + z", {"a": 2.0, "b": 0.5}, id="sine"),
]


@given(st.lists(st.floats(-1e300, 1e300, allow_subnormal=True), max_size=300))
def test_a_sum_is_that_of_fractions_rounded_once(terms):
    total, rest = block_sum(np.array(terms, dtype=float))
    exact = sum(map(Fraction, terms), Fraction(0))
    if math.isfinite(total) and abs(exact) < Fraction(10) ** 308:
        assert total == float(exact)
        assert abs(Fraction(total) + Fraction(rest) - exact) <= abs(exact) / 2**100


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 4095, 4096, 4097, 9000, BLOCK - 1, BLOCK])
def test_a_sum_of_any_length_is_that_of_fsum(size):
    terms = RNG.normal(size=size) * 10.0 ** RNG.integers(-12, 12, size=size)
    assert block_sum(terms)[0] == math.fsum(terms)


def test_digits_that_cancel_across_a_block_are_kept():
    terms = np.zeros(BLOCK)
    terms[5], terms[40_000], terms[-1] = 1e16, 1.0, -1e16
    assert block_sum(terms)[0] == 1.0


@pytest.mark.parametrize(("text", "at"), FORMULAS)
def test_a_sum_over_rows_is_fsum_of_the_values_of_the_rows(text, at):
    names = tuple(at)
    total = sums(RowFormula(text, tuple(COLUMNS), order=2), COLUMNS, at)
    each = values(RowFormula(text, tuple(COLUMNS), variables=names, order=2), COLUMNS, at)
    expected = [math.fsum(column) for column in (each.values, *each.derivatives)]
    scale = [math.fsum(np.abs(column)) for column in (each.values, *each.derivatives)]
    assert total.rows == ROWS
    for (found, _), wanted, size in zip(total.pairs, expected, scale, strict=True):
        # The values of rows may differ in their last digit: parameters are computed once.
        assert abs(found - wanted) <= 2 * math.ulp(wanted) + 1e-16 * size


@pytest.mark.parametrize(("text", "at"), FORMULAS)
def test_derivatives_of_a_sum_are_those_of_sum_over_data(text, at):
    data = {name: column[:50] for name, column in COLUMNS.items()}
    whole = read(f"sum({text})", None, data)
    total = sums(RowFormula(text, tuple(data), order=2), data, at)
    first = gradient_answer(whole, list(at), at)
    second = hessian(whole, list(at), at)
    assert total.value == pytest.approx(first.value, rel=1e-13)
    assert total.gradient == pytest.approx([p.value for p in first.partials], rel=1e-12)
    assert total.hessian == pytest.approx(
        np.array([[e.value for e in row] for row in second.rows]), rel=1e-11, abs=1e-9
    )


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_the_bits_of_a_sum_do_not_depend_on_the_number_of_workers(workers):
    formula = RowFormula("dnorm(y, m, s, log=TRUE)", ("y",), order=2)
    at = {"m": 0.3, "s": 1.7}
    parts = [{"y": part} for part in np.array_split(COLUMNS["y"], 7)]
    with ThreadPoolExecutor(workers) as pool:
        found = reduce_in_order(pool.map(lambda part: sums(formula, part, at), parts))
    expected = reduce_in_order(sums(formula, part, at) for part in parts)
    assert found.pairs.tobytes() == expected.pairs.tobytes()


def test_blocks_begin_at_the_first_row_whatever_the_columns_are_part_of():
    formula = RowFormula("x*y", ("x", "y"))
    whole = sums(formula, COLUMNS)
    blocks = [
        sums(formula, {name: column[begin : begin + BLOCK] for name, column in COLUMNS.items()})
        for begin in range(0, ROWS, BLOCK)
    ]
    assert whole.pairs.tobytes() == reduce_in_order(blocks).pairs.tobytes()


def test_the_tree_of_partitions_joins_neighbours_first():
    one = Sum((), 0, np.array([[1.0, 0.0]]), 1)
    joined = reduce_in_order([one] * 7)
    assert (joined.value, joined.rows) == (7.0, 7)
    with pytest.raises(ValueError, match="no sums"):
        reduce_in_order([])


def test_a_formula_can_be_pickled_and_is_a_key():
    formula = RowFormula("a*x", ("x", "unused"), order=1)
    again = pickle.loads(pickle.dumps(formula))
    assert again == formula
    assert {formula: 1}[again] == 1
    assert pickle.loads(pickle.dumps(sums(formula, {"x": [1.0, 2.0]}, {"a": 3.0}))).value == 9.0


def test_only_columns_that_the_text_names_are_needed():
    formula = RowFormula("w*(`my y` - m)^2", ("a", "my y", "w", "b"))
    assert formula.needed == ("w", "my y")
    assert formula.parameters == ("m",)
    assert sums(formula, {"my y": [1.0, 3.0], "w": [1.0, 2.0]}, {"m": 2.0}).value == 3.0


def test_a_formula_without_columns_counts_once_for_each_row():
    total = sums(RowFormula("a^2/3", ("x",), order=1), {"x": np.zeros(70_000)}, {"a": 0.1})
    assert total.value == pytest.approx(70_000 * 0.01 / 3, rel=1e-15)
    assert total.gradient == pytest.approx([70_000 * 0.2 / 3], rel=1e-15)


def test_no_rows_add_up_to_zero():
    total = sums(RowFormula("a*x", ("x",), order=2), {"x": []}, {"a": 1.0})
    assert (total.value, total.rows) == (0.0, 0)
    assert not total.hessian.any()


def test_a_missing_value_makes_the_sum_nan_unless_it_is_left_out():
    formula, at = RowFormula("a*x", ("x",), order=1), {"a": 2.0}
    column = np.arange(5.0)
    column[[1, 3]] = math.nan
    total = sums(formula, {"x": column}, at)
    assert math.isnan(total.value)
    assert (total.rows, total.missing, total.failed, total.places) == (5, 2, 0, (1, 3))
    left = sums(formula, {"x": column}, at, skip_missing=True)
    assert (left.value, left.gradient.tolist(), left.missing, left.rows) == (12.0, [6.0], 2, 5)


def test_rows_without_a_finite_value_are_counted_with_their_positions_across_partitions():
    formula = RowFormula("log(x)", ("x",))
    parts = [sums(formula, {"x": part}) for part in ([1.0, 0.0], [2.0, 3.0], [-1.0, 1.0])]
    total = reduce_in_order(parts)
    assert (total.failed, total.missing, total.places, total.rows) == (2, 0, (1, 4), 6)
    assert math.isnan(total.value)


def test_a_row_at_which_the_formula_is_0_over_0_has_its_limit():
    total = sums(RowFormula("sin(x)/x", ("x",)), {"x": [0.0, 1.0]})
    assert total.value == pytest.approx(1.0 + math.sin(1.0), rel=1e-15)
    assert total.failed == 0


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        pytest.param("a*x", {}, "'a' is no column of the data and has no value", id="no-value"),
        pytest.param("a*x", {"a": 1.0, "x": 2.0}, "'x' is a column of the data", id="column-as-parameter"),
        pytest.param("a*x", {"a": 1.0, "c": 2.0}, "which is not in the formula", id="unknown"),
        pytest.param("mean(x)", {}, "no function of the numbers in a row", id="mean"),
        pytest.param("x^2", {}, "nothing to differentiate", id="no-parameters"),
        pytest.param("c(x, a)", {"a": 1.0}, "vector of 2 components", id="vector"),
        pytest.param("a*x +", {"a": 1.0}, "expected a number", id="syntax"),
    ],
)
def test_a_sum_that_cannot_be_computed_is_refused_with_the_reason(text, at, words):
    with pytest.raises(CalculusError, match=words):
        sums(RowFormula(text, ("x",), order=1), {"x": [1.0, 2.0]}, at)


def test_columns_have_one_length():
    formula = RowFormula("x*y", ("x", "y"))
    with pytest.raises(CalculusError, match=r"has 2 values where .y. has 3"):
        sums(formula, {"x": [1.0, 2.0], "y": [1.0, 2.0, 3.0]})
    with pytest.raises(CalculusError, match="one number for each row"):
        sums(formula, {"x": [1.0, 2.0], "y": [1.0]})
    with pytest.raises(CalculusError, match="no column 'y'"):
        sums(formula, {"x": [1.0, 2.0]})


def test_sum_in_a_text_has_a_notice():
    assert "one row" in RowFormula("sum(x, a)", ("x",)).notices[0]


def test_columns_are_words_in_textbook_notation():
    formula = RowFormula("2 height^2 + a x y", ("height", "x", "y", "unused"), Notation.TEXTBOOK)
    assert (formula.needed, formula.parameters) == (("height", "x", "y"), ("a",))
    assert sums(formula, {"height": [1.0, 2.0], "x": [1.0, 1.0], "y": [2.0, 3.0]}, {"a": 1.0}).value == 15.0
