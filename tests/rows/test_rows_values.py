"""Values of formulas at the rows of a block: those of Evaluate, with limits and notices."""

import math

import numpy as np
import pytest
from secantd.calculus import evaluate
from secantd.language import read
from secantd.rows import BLOCK, RowFormula, values


def test_values_are_those_of_evaluate_across_blocks():
    rows = BLOCK + 10
    x = np.random.default_rng(1).normal(size=rows)
    found = values(RowFormula("sin(a*x)", ("x",), order=2), {"x": x}, {"a": 2.0})
    expected = evaluate(read("sin(a*x)"), {"x": x, "a": np.array([2.0])}, 2)
    assert found.names == tuple(name for name, _ in expected.derivatives) == ("a", "x", "a a", "a x", "x x")
    assert np.array_equal(found.values, expected.values)
    for column, (_, wanted) in zip(found.derivatives, expected.derivatives, strict=True):
        assert np.array_equal(column, wanted)


def test_limits_and_rows_without_a_value_have_their_positions():
    x = np.ones(BLOCK + 5)
    x[BLOCK + 2], x[3], x[BLOCK + 4] = 0.0, math.nan, math.inf
    found = values(RowFormula("sin(x)/x", ("x",)), {"x": x})
    assert found.limits == (BLOCK + 2,)
    assert found.failed.tolist() == [3, BLOCK + 4]


def test_a_formula_of_parameters_has_one_value_for_each_row():
    found = values(RowFormula("a^2", ("x",), order=1), {"x": [1.0, 2.0]}, {"a": 3.0})
    assert found.values.tolist() == [9.0, 9.0]
    assert found.derivatives[0].tolist() == [6.0, 6.0]


def test_no_rows_have_no_values():
    found = values(RowFormula("a*x", ("x",), order=1), {"x": []}, {"a": 3.0})
    assert (len(found.values), [len(d) for d in found.derivatives]) == (0, [0, 0])


def test_names_with_blanks_and_names_that_python_reads_as_one_are_columns():
    assert values(RowFormula("`a b` + x", ("x", "a b")), {"x": [1.0], "a b": [2.0]}).values.tolist() == [3.0]
    python = RowFormula("lambda ﬁ: ﬁ**2", ("ﬁ",))
    assert values(python, {"ﬁ": [3.0]}).values.tolist() == [9.0]


def test_a_column_named_as_a_parameter_with_a_default_has_a_notice():
    formula = RowFormula("function(x, a = 2) a*x", ("x", "a"))
    assert formula.needed == ("x",)
    assert "'a' has its default" in formula.notices[0]


def test_text_columns_of_numbers_are_refused_by_numpy():
    with pytest.raises(ValueError, match="could not convert"):
        values(RowFormula("x^2", ("x",)), {"x": ["one"]})
