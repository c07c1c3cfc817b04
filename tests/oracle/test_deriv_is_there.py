"""The witness itself: the R that tests ask is the one that users have."""

import pytest


@pytest.mark.parametrize(
    ("formula", "variable", "answer"),
    [
        pytest.param("x * exp(x)", "x", "(1 + x) * exp(x)", id="product"),
        pytest.param("sin(a * x)", "x", "a * cos(a * x)", id="chain"),
        pytest.param("a * x + B * x", "x", "B + a", id="terms-sorted-by-code-point"),
    ],
)
def test_deriv_answers_in_its_own_form(deriv, formula, variable, answer):
    assert deriv(formula, variable) == answer


def test_r_sorts_names_by_code_point(r):
    assert list(r.r('sort(c("a", "B"))')) == ["B", "a"]
