"""Tangents, and what stands where there is none."""

import math

import pytest
from secantd.calculus import tangent
from secantd.calculus.tangent import Contact
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read


@pytest.mark.parametrize(
    ("text", "at", "equation", "kind"),
    [
        ("x^3 - 3*x^2 + x", {"x": 0.0}, "x", "line"),
        ("x^3 - 3*x^2 + x", {"x": 1.0}, "1 - 2 * x", "line"),
        ("x^2 + 2*y^2", {"x": 2.0, "y": 1.0}, "4 * x + 4 * y - 6", "plane"),
        ("x*y*z", {"x": 1.0, "y": 1.0, "z": 1.0}, "x + y + z - 2", "hyperplane"),
        ("5", {"x": 0.0}, "5", "line"),
        ("abs(x)*x", {"x": 0.0}, "0", "line"),
        ("sin(1000*x)", {"x": 0.0}, "1000 * x", "line"),
    ],
)
def test_the_equation_is_that_of_the_tangent(text, at, equation, kind):
    answer = tangent(read(text), at)
    assert (answer.equation.text, answer.kind, answer.contact) == (equation, kind, Contact.TANGENT)


@pytest.mark.parametrize(
    ("text", "at", "left", "right"),
    [
        ("abs(x)", 0.0, -1.0, 1.0),
        ("ifelse(x > 1, x^2, x)", 1.0, 1.0, 2.0),
        ("pmax(x, 3 - x)", 1.5, -1.0, 1.0),
        ("abs(sin(x))", 0.0, -1.0, 1.0),
    ],
)
def test_a_kink_is_named_with_the_slopes_on_both_sides(text, at, left, right):
    answer = tangent(read(text), {"x": at})
    assert (answer.contact, answer.equation) == (Contact.KINK, None)
    assert (answer.left_slope, answer.right_slope) == pytest.approx((left, right), abs=1e-6)
    assert "kink" in answer.notices[0]


@pytest.mark.parametrize(
    ("text", "left", "right", "word"),
    [
        ("x^(1/3)", None, math.inf, "vertical"),
        ("sqrt(x)", None, math.inf, "vertical"),
        ("sign(x)*sqrt(abs(x))", math.inf, math.inf, "vertical"),
        ("sqrt(abs(x))", -math.inf, math.inf, "cusp"),
    ],
)
def test_a_vertical_tangent_has_no_equation(text, left, right, word):
    answer = tangent(read(text), {"x": 0.0})
    assert (answer.contact, answer.equation, answer.left_slope, answer.right_slope) == (
        Contact.VERTICAL,
        None,
        left,
        right,
    )
    assert word in answer.notices[0]


def test_a_kink_along_one_of_several_variables_is_found():
    answer = tangent(read("abs(x) + y^2"), {"x": 0.0, "y": 1.0})
    assert answer.contact is Contact.KINK
    assert "along x" in answer.notices[0]


@pytest.mark.parametrize(("text", "at"), [("log(x)", 0.0), ("1/x", 0.0), ("sqrt(x)", -1.0)])
def test_where_f_is_not_defined_there_is_no_tangent(text, at):
    with pytest.raises(CalculusError) as error:
        tangent(read(text), {"x": at})
    assert error.value.reason is Reason.UNDEFINED_AT_POINT


def test_a_point_that_leaves_out_a_variable_is_refused():
    with pytest.raises(CalculusError, match="'y'") as error:
        tangent(read("x*y"), {"x": 1.0})
    assert error.value.reason is Reason.UNKNOWN_VARIABLE


def test_python_notation_is_kept():
    assert tangent(read("x**3 - 3*x**2 + x"), {"x": 1.0}).equation.text == "1 - 2*x"
    assert tangent(read("x**2"), {"x": 1.0}, [Notation.LATEX]).equation.text == "2 x - 1"
