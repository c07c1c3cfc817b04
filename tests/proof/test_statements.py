"""What certificates of right claims state is what was asked."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.calculus.derivative import light_derivative
from secantd.calculus.lightforms import exact_form
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.proof.derivatives import certificate, statements
from secantd.proof.errors import NoCertificateError

from .reader import read_file
from .right_claims import SEEDS
from .statements import compare_derivative
from .wrong_claims import TESTS, rows

BOOK = [(row["text"], row["variables"].split()) for row in rows(TESTS / "oracle" / "textbook.tsv")]
ROWS = [(text, [variable]) for text, variable in SEEDS] + BOOK


def ours(f, variables):
    return [exact_form(f, light_derivative(f, f.outputs[0], [v])) for v in variables]


def compare(text, variables, order=1, data=None, notation=None):
    """Compare the certificate of our own derivatives with the formula, which is read anew; False if there is none."""
    columns = {name: np.array(values) for name, values in (data or {}).items()}
    f = read(text, notation, data=columns)
    variables = variables or list(f.variables)
    try:
        claims = ours(f, variables) if order else [f.outputs[0]]
        made = certificate(f.graph, statements(f.outputs[0], claims, variables, order))
    except (NoCertificateError, CalculusError):
        return False
    theorems = read_file(made.coq).theorems
    again = read(text, notation, data=columns)
    names = ["derivative"] if len(variables) == 1 else [f"derivative_{i}" for i, _ in enumerate(variables, 1)]
    assert list(theorems) == (names if order else ["equality"])
    # The claims are nodes of an answer; the formula is that of the author.
    for (_, statement), claim, variable in zip(theorems.items(), claims, variables, strict=False):
        everything = list(dict.fromkeys([*f.variables, *variables]))
        compare_derivative(statement, again.outputs[0], claim, variable if order else "", everything, columns)
    return True


@pytest.mark.sample(6)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_certificate_states_the_formula_and_its_derivatives(row):
    if not compare(*row, notation=Notation.R):
        pytest.skip("there is no certificate")


def test_sums_over_data_are_stated_term_by_term():
    data = {"y": [1.0, 0.25, 3.0], "t": [0.1, 2.0, -1.5]}
    assert compare("sum((y - a*exp(b*t))^2)", ["a", "b"], data=data)
    assert compare("prod(1 + a*t)", ["a"], data=data)


COUNTS = {"y": [1.0, 0.0, 4.0], "t": [0.0, 0.5, 2.0]}
CONSTANT = [
    ("dpois(3, l)", ["l"]), ("dpois(0, l, TRUE)", ["l"]), ("dbinom(5, 5, p)", ["p"]), ("dnbinom(2, 3, p)", ["p"]), ("dgeom(3, p)", ["p"]),
    ("dbeta(x, 2, 3)", ["x"]), ("dgamma(x, 3, 2)", ["x"]), ("x^5/factorial(5) + choose(5, 2)*x", ["x"]), ("floor(-7/2)*x", ["x"]), ("dt(x, 3)", ["x"]), ("dchisq(x, 5, log = TRUE)", ["x"]),
    ("sum(dpois(y, exp(a + b*t), TRUE))", ["a", "b"]), ("sum(dbinom(y, 10, expit(a + b*t), TRUE))", ["b"]),
]  # fmt: skip


@pytest.mark.parametrize("row", CONSTANT, ids=lambda row: row[0])
def test_functions_of_whole_constants_are_numbers(row):
    assert compare(*row, data=COUNTS if "sum" in row[0] else None, notation=Notation.R)


@pytest.mark.parametrize("text", ["x^2", "log(x)/y", "ifelse(x < y, x, y^2)"])
def test_an_equality_states_both_sides(text):
    assert compare(text, [], order=0)


LEAVES = st.sampled_from(["x", "y", "2", "0.5", "3", "pi", "0.1"])
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "/"]), inner, inner).map(lambda t: f"({t[1]} {t[0]} {t[2]})"),
        st.tuples(
            st.sampled_from("exp log sqrt sin cos tan atan tanh abs asin log1p pnorm softplus".split()), inner
        ).map(lambda t: f"{t[0]}({t[1]})"),
        st.tuples(inner, st.sampled_from(["2", "3", "-1", "0.5", "-2", "y", "1", "0"])).map(
            lambda t: f"({t[0]})^{t[1]}"
        ),
        inner.map(lambda t: f"(-{t})"),
        st.tuples(inner, inner, inner).map(lambda t: f"ifelse(x > {t[0]}, {t[1]}, {t[2]})"),
    ),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None)
@given(FORMULAS)
def test_random_formulas_are_stated_as_they_were_written(text):
    # Numbers that divide by 0 are refused while they are read.
    with suppress(CalculusError):
        compare(f"x*0 + {text}", ["x"], notation=Notation.R)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("is_derive (fun v_x : R => v_x ^ 2 + ln v_x)", "is_derive (fun v_x : R => 0 + 0)"),
        ("v_x ^ 2 + ln v_x", "v_x ^ 2 - ln v_x"),
        ("v_x ^ 2 + ln v_x", "v_x ^ 3 + ln v_x"),
        ("0 < v_x ->", "v_x < v_x ->"),
        ("0 < v_x ->", "0 = 1 ->"),
        ("Theorem derivative", "Theorem derivatives"),
    ],
)
def test_a_certificate_with_another_statement_is_found(old, new):
    f = read("c(x^2 + log(x), 2*x + 1/x)")
    made = certificate(f.graph, statements(f.outputs[0], f.outputs[1:], ["x"], 1))
    theorems = read_file(made.coq).theorems
    compare_derivative(theorems["derivative"], *f.outputs, "x", ["x"])
    assert old in made.coq
    other = read_file(made.coq.replace(old, new, 1)).theorems
    with pytest.raises((AssertionError, KeyError)):
        compare_derivative(other["derivative"], *f.outputs, "x", ["x"])
