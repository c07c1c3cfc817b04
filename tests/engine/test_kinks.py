"""Ties of max, min and abs: the derivative does not depend on how a formula is written."""

import itertools

import numpy as np
import pytest
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian
from secantd.language import Notation, read


def partials(text, at, variables=(), values_only=False):
    return [p.value for p in gradient_answer(read(text), variables, at, values_only=values_only).partials]


SOFTPLUS = "max(z, 0) - z*y + log(1 + exp(-abs(z)))"


@pytest.mark.parametrize("values_only", [False, True])
@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("max(x, 0) + min(x, 0)", {"x": 0.0}, [1]),
        ("max(0, x) + min(0, x)", {"x": 0.0}, [1]),
        ("2*max(x, y) - abs(x - y)", {"x": 3.0, "y": 3.0}, [1, 1]),
        (SOFTPLUS, {"z": 0.0, "y": 1.0}, [-0.5, 0]),
        ("min(x, 0) - log(1 + exp(-abs(x)))", {"x": 0.0}, [0.5]),
        ("max(a, b) + log(exp(a - max(a, b)) + exp(b - max(a, b)))", {"a": 2.0, "b": 2.0}, [0.5, 0.5]),
        ("max(a, b) + log1p(exp(-abs(a - b)))", {"a": -1e3, "b": -1e3}, [0.5, 0.5]),
        ("max(a, b)", {"a": 1e308, "b": 1e308}, [0.5, 0.5]),
        ("max(a, b)", {"a": 5e-324, "b": 5e-324}, [0.5, 0.5]),
        ("max(a, b)", {"a": -0.0, "b": 0.0}, [0.5, 0.5]),
        ("max(a, b)", {"a": 5e-324, "b": 0.0}, [1, 0]),
        ("max(a, a)", {"a": 1.0}, [1]),
        ("max(sqrt(a), 1)", {"a": 1.0}, [0.25]),
    ],
)
def test_at_a_tie_both_arguments_share_the_derivative(text, at, expected, values_only):
    assert partials(text, at, values_only=values_only) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("op", ["max", "min"])
@pytest.mark.parametrize("order", list(itertools.permutations("abc")))
@pytest.mark.parametrize(
    ("at", "expected"), [((1, 1, 1), (1 / 3, 1 / 3, 1 / 3)), ((1, 1, 3), None), ((3, 1, 1), None), ((1, 3, 1), None)]
)
def test_equal_arguments_have_equal_shares_in_every_order(op, order, at, expected):
    extreme = (max if op == "max" else min)(at)
    shares = expected or [(v == extreme) / at.count(extreme) for v in at]
    point = dict(zip("abc", map(float, at), strict=True))
    a, b, c = order
    for text in (f"{op}({a}, {b}, {c})", f"{op}({op}({a}, {b}), {c})", f"{op}({a}, {op}({b}, {c}))"):
        for values_only in (False, True):
            assert partials(text, point, "abc", values_only) == pytest.approx(shares, rel=1e-15)


def test_ties_of_many_arguments_are_those_of_the_largest_entry_of_a_vector():
    names = [f"x{i}" for i in range(7)]
    at = dict(zip(names, [2.0, 1.0, 2.0, 2.0, 0.0, 2.0, 1.0], strict=True))
    assert partials(f"max({', '.join(names)})", at, names) == [0.25, 0, 0.25, 0.25, 0, 0.25, 0]


def test_the_hessian_of_logaddexp_written_with_max_is_right_at_a_tie():
    text = "max(a, b) + log(exp(a - max(a, b)) + exp(b - max(a, b)))"
    rows = hessian(read(text), at={"a": 1.0, "b": 1.0}).rows
    assert [[p.value for p in row] for row in rows] == [[0.25, -0.25], [-0.25, 0.25]]


def test_the_side_that_is_not_taken_leaves_no_nan():
    at = {"x": np.array([0.0, 3.0]), "y": np.array([0.0, 4.0])}
    found = dict(evaluate(read("2*max(sqrt(x^2 + y^2), 1e-10)"), at, 1).derivatives)
    assert np.array([found["x"], found["y"]]) == pytest.approx(np.array([[0, 1.2], [0, 1.6]]), rel=1e-15)


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (Notation.R, "ifelse(test = x > 0, yes = 1, no = ifelse(test = x == 0, yes = 0.5, no = 0))"),
        (Notation.PYTHON, "1 if x > 0 else 1/2 if x == 0 else 0"),
        (
            Notation.LATEX,
            r"\begin{cases} 1 & \text{if } x > 0 \\ \frac{1}{2} & \text{if } x = 0 \\ 0 & \text{otherwise} \end{cases}",
        ),
    ],
)
def test_the_derivative_of_max_is_printed_with_its_value_at_a_tie(notation, text):
    assert differentiate(read("pmax(x, 0)"), notations=[notation]).derivative.text == text
