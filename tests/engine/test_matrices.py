"""Jacobians, Hessians and products of Jacobians."""

import numpy as np
import pytest
import sympy
from secantd.algebra.bridge import Bridge
from secantd.calculus import evaluate, hessian, jacobian
from secantd.calculus.results import Definiteness, Naming
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read


def texts(rows):
    return [[p.text for p in row] for row in rows]


def test_the_jacobian_of_a_linear_map_is_its_matrix():
    answer = jacobian(read("c(-2*x1 + x2, x1 + x2)"))
    assert texts(answer.rows) == [["-2", "1"], ["1", "1"]]
    assert (answer.determinant.text, answer.sign, answer.area_factor) == ("-3", -1, 3.0)


@pytest.mark.parametrize(
    "text",
    [
        "c(x*y, x + y)",
        "c(exp(x)*z, sin(y), x*y*z)",
        "[x**2/y, y*z, z**3]",
        "c(x, y, z, x*y*z + w)",
        "c(r*cos(t), r*sin(t))",
    ],
)
def test_entries_and_determinant_agree_with_sympy(text):
    f = read(text)
    at = {v: 0.7 + 0.3 * i for i, v in enumerate(f.variables)}
    bridge = Bridge(f.graph)
    symbols = [bridge.symbol(v) for v in f.variables]
    matrix = sympy.Matrix([bridge.to(o) for o in f.outputs]).jacobian(symbols)
    values = {s: at[v] for s, v in zip(symbols, f.variables, strict=True)}
    answer = jacobian(f, at=at)
    found = [[p.value for p in row] for row in answer.rows]
    assert np.array(found) == pytest.approx(np.array(matrix.subs(values).evalf(), dtype=float), rel=1e-12)
    if matrix.is_square:
        assert answer.determinant.value == pytest.approx(float(matrix.det().subs(values)), rel=1e-11)
        assert answer.sign == np.sign(answer.determinant.value)


def test_a_large_determinant_is_a_value_without_a_text():
    answer = jacobian(read("c(a*b, b*c, c*d, d*e, e*a)"), at=dict.fromkeys("abcde", 2.0))
    assert answer.determinant.text == ""
    assert answer.determinant.value == pytest.approx(2 * 2.0**5)


def test_a_matrix_that_is_not_square_has_no_determinant():
    answer = jacobian(read("c(x, x^2, x^3)"), at={"x": 2.0})
    assert answer.determinant is answer.sign is answer.area_factor is None
    assert answer.values == (2.0, 4.0, 8.0)


def test_a_composition_is_the_product_of_its_factors():
    inner = [("x1", read("t*cos(t)")), ("x2", read("t*sin(t)"))]
    answer = jacobian(read("exp(x1*x2^2)"), inner=inner, at={"t": 1.0})
    assert answer.rows[0][0].value == pytest.approx(1.52937667339085, rel=1e-14)
    assert [f.name for f in answer.factors] == ["df/d(x1, x2)", "d(x1, x2)/d(t)"]
    outer, second = (texts(f.rows) for f in answer.factors)
    assert outer == [["x2^2 * exp(x1 * x2^2)", "2 * (x1 * x2 * exp(x1 * x2^2))"]]
    assert second == [["cos(t) - t * sin(t)"], ["sin(t) + t * cos(t)"]]


def test_a_variable_that_is_not_replaced_stays_one():
    answer = jacobian(read("x*y"), inner=[("x", read("t^2"))])
    assert answer.variables == ("t", "y")
    assert texts(answer.rows) == [["2 * (t * y)", "t^2"]]


@pytest.mark.parametrize("inner", [[("z", "t")], [("x", "t"), ("x", "t")], [("x", "c(t, t)")]])
def test_a_composition_that_makes_no_sense_is_refused(inner):
    with pytest.raises(CalculusError) as error:
        jacobian(read("x*y"), inner=[(n, read(t)) for n, t in inner])
    assert error.value.field == "inner"


HESSIANS = ["x^2 + 2*y^2 + x*y", "exp(x*y) + z^2*x", "log(x^2 + y^2)", "x^3*y - sin(x*y)", "x/(y + z)"]


@pytest.mark.parametrize("text", HESSIANS)
def test_the_hessian_agrees_with_sympy_and_is_symmetric(text):
    f = read(text)
    at = {v: 0.5 + 0.4 * i for i, v in enumerate(f.variables)}
    bridge = Bridge(f.graph)
    symbols = [bridge.symbol(v) for v in f.variables]
    expected = sympy.hessian(bridge.to(f.outputs[0]), symbols)
    expected = np.array(
        expected.subs({s: at[v] for s, v in zip(symbols, f.variables, strict=True)}).evalf(), dtype=float
    )
    answer = hessian(f, at=at)
    found = np.array([[p.value for p in row] for row in answer.rows])
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-12)
    assert texts(answer.rows) == [list(column) for column in zip(*texts(answer.rows), strict=True)]


@pytest.mark.parametrize("text", HESSIANS)
def test_values_without_texts_are_the_same_values(text):
    at = {v: 0.5 + 0.4 * i for i, v in enumerate(read(text).variables)}
    slow, fast = hessian(read(text), at=at), hessian(read(text), at=at, values_only=True)
    values = [[[p.value for p in row] for row in answer.rows] for answer in (slow, fast)]
    assert np.array(values[0]) == pytest.approx(np.array(values[1]), rel=1e-12)
    assert {p.text for row in fast.rows for p in row} == {""}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x^2 + y^2", Definiteness.POSITIVE),
        ("x^2", Definiteness.POSITIVE),
        ("(x + y)^2", Definiteness.POSITIVE_SEMI),
        ("x*y", Definiteness.INDEFINITE),
        ("-(x - y)^2", Definiteness.NEGATIVE_SEMI),
        ("-x^2 - y^2", Definiteness.NEGATIVE),
        ("x + y", Definiteness.ZERO),
    ],
)
def test_a_constant_hessian_is_classified_without_a_point(text, kind):
    assert hessian(read(text)).definiteness is kind


def test_a_vector_has_no_hessian():
    with pytest.raises(CalculusError, match="use Jacobian instead") as error:
        hessian(read("c(x, y)"))
    assert error.value.reason is Reason.INVALID_VALUE


def test_entries_are_written_in_every_notation_asked_for():
    entry = hessian(read("x^3*y"), notations=[Notation.PYTHON, Notation.LATEX]).rows[0][0]
    assert entry.text == "6*x*y"
    assert entry.renderings == ((Notation.PYTHON, "6*x*y"), (Notation.LATEX, "6 x y"))


@pytest.mark.parametrize("count", [400, 1000])
def test_a_hessian_that_is_too_long_to_print_is_refused_by_its_size_each_time(count):
    function = read("sin(" * count + "x" + ")" * count)
    for _ in range(2):
        with pytest.raises(CalculusError, match="too long to print") as caught:
            hessian(function, naming=Naming.NONE)
        assert caught.value.metadata["name"] == "output_length"
    assert len(hessian(function, [], {"x": 1.0}, values_only=True).rows) == 1


def test_a_hessian_that_is_too_long_as_one_expression_has_named_parts():
    function = read("sin(" * 400 + "x" + ")" * 400)
    ((entry,),) = hessian(function, notations=[Notation.R]).rows
    assert entry.text.startswith(".e1 <- ")
    ((value,),) = hessian(function, [], {"x": 1.0}, values_only=True).rows
    assert evaluate(read(entry.text), {"x": np.array([1.0])}).values[0] == pytest.approx(value.value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "determinant"),
    [
        # 2 (28 - 2) - 1 (7 - 5) + 3 (2 - 20)
        ("c(2*x + y + 3*z, x + 4*y + z, 5*x + 2*y + 7*z)", "-4"),
        # A permutation of three rows is even, of four odd.
        ("c(y, z, x)", "1"),
        ("c(y, z, w, x)", "-1"),
        ("c(x + y, 2*x + 2*y)", "0"),
    ],
)
def test_a_determinant_has_the_signs_of_its_permutations(text, determinant):
    order = sorted(read(text).variables, key="xyzw".index)
    answer = jacobian(read(text), order)
    assert answer.determinant.text == determinant
    assert answer.sign == np.sign(float(determinant))
    assert answer.area_factor == abs(float(determinant))


def test_shapes_are_written_as_in_a_book():
    assert hessian(read("x^2*y")).shape.text == "2 x 2"
    assert (jacobian(read("c(x, y, x*y)")).shape.rows, jacobian(read("c(x, y, x*y)")).shape.columns) == (3, 2)
