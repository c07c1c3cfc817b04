"""Tangents, and what is returned where there is none."""

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


@pytest.mark.parametrize(("x", "y"), [(-1.7976931348623157e308, 1.0), (1.7976931348623157e308, 1.0), (1e160, 1e140)])
def test_an_intercept_whose_terms_overflow_is_exact(x, y):
    found = tangent(read("x*y"), {"x": x, "y": y})
    # f - y x - x y
    assert found.intercept == -x * y
    assert found.value == x * y


@pytest.mark.parametrize(("text", "at"), [("x^3", {"x": 5e102}), ("x^2*y", {"x": 1e100, "y": 1.5e108})])
def test_an_intercept_beyond_all_numbers_is_refused(text, at):
    # -2 f
    with pytest.raises(CalculusError, match="the intercept of the tangent is larger") as caught:
        tangent(read(text), at)
    assert caught.value.reason is Reason.UNDEFINED_AT_POINT


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("sign(x)", {"x": 0.0}),
        ("ifelse(x > 1, x + 1, x)", {"x": 1.0}),
        ("floor(x)", {"x": 2.0}),
        ("round(x)", {"x": 0.5}),
        ("x %% 2", {"x": 4.0}),
        ("dunif(x)", {"x": 1.0}),
        ("atan2(x, -1)", {"x": 0.0}),
        ("1e-30*sign(x)", {"x": 0.0}),
        ("y + (x > 1e6)", {"y": 2.0, "x": 1e6}),
    ],
)
def test_where_f_jumps_there_is_no_tangent(text, at):
    with pytest.raises(CalculusError, match="f jumps along x at x = ") as caught:
        tangent(read(text), at)
    assert (caught.value.reason, caught.value.field) == (Reason.UNDEFINED_AT_POINT, "at")


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [
        ("tanh(1e9*x)", 0.0, 1e9),
        ("1e300*x", 1e-300, 1e300),
        ("x^3", 1e-110, 3e-220),
        ("sin(1e9*x)", 1.0, 1e9 * math.cos(1e9)),
        ("trunc(x)", 0.5, 0.0),
        ("dnorm(x)", 30.0, -30 * math.exp(-450) / math.sqrt(2 * math.pi)),
    ],
)
def test_what_is_steep_or_tiny_is_no_jump(text, at, slope):
    assert tangent(read(text), {"x": at}).slopes == (pytest.approx(slope, rel=1e-12),)


@pytest.mark.parametrize(
    ("text", "at", "equation", "slopes", "intercept"),
    [
        ("-x^2", {"x": 3.0}, "9 - 6 * x", (-6.0,), 9.0),
        ("x^2*y - 5*y", {"x": 1.0, "y": -2.0}, "4 - 4 * x - 4 * y", (-4.0, -4.0), 4.0),
        ("x + y - z", {"x": 0.0, "y": 0.0, "z": 0.0}, "x + y - z", (1.0, 1.0, -1.0), 0.0),
        ("-x - y - 2", {"x": 0.0, "y": 1.0}, "-2 - x - y", (-1.0, -1.0), -2.0),
        ("-x^2 - 9", {"x": 0.0}, "-9", (0.0,), -9.0),
        ("0*x", {"x": 2.0}, "0", (0.0,), 0.0),
        ("2*x*y", {"x": 0.0, "y": 3.0}, "6 * x", (6.0, 0.0), 0.0),
    ],
)
def test_the_equation_begins_with_positive_terms_and_leaves_zeros_out(text, at, equation, slopes, intercept):
    answer = tangent(read(text), at)
    assert (answer.equation.text, answer.slopes, answer.intercept) == (equation, slopes, intercept)
    assert (answer.left_slope, answer.right_slope, answer.notices) == (None, None, ())


@pytest.mark.parametrize(
    ("text", "at", "slopes", "notice"),
    [
        ("abs(x)*2.5", {"x": 0.0}, (-2.5, 2.5),
         "a kink along x: the slope is -2.5 from the left and 2.5 from the right, so there is no tangent"),
        ("abs(x) + x/3", {"x": 0.0}, (-2 / 3, 4 / 3),
         "a kink along x: the slope is -0.666667 from the left and 1.33333 from the right, so there is no tangent"),
        ("abs(x - 1000)", {"x": 1000.0}, (-1, 1),
         "a kink along x: the slope is -1 from the left and 1 from the right, so there is no tangent"),
        ("x*abs(y)", {"x": 2.0, "y": 0.0}, (None, None),
         "a kink along y: the slope is -2 from the left and 2 from the right, so there is no tangent"),
        ("punif(x)", {"x": 1.0}, (1, 0),
         "a kink along x: the slope is 1 from the left and 0 from the right, so there is no tangent"),
        ("sqrt(1 - x^2)", {"x": 1.0}, (-math.inf, None), "the tangent along x is vertical"),
        ("sqrt(1 - x^2)", {"x": -1.0}, (None, math.inf), "the tangent along x is vertical"),
        ("abs(x)^0.9", {"x": 0.0}, (-math.inf, math.inf),
         "a cusp along x: the graph is vertical there and turns back"),
        ("y + sqrt(x)", {"y": 1.0, "x": 0.0}, (None, None), "the tangent along x is vertical"),
    ],
)  # fmt: skip
def test_one_notice_names_what_replaces_the_tangent(text, at, slopes, notice):
    answer = tangent(read(text), at)
    assert (answer.left_slope, answer.right_slope) == pytest.approx(slopes, nan_ok=True)
    assert (answer.notices, answer.equation, math.isnan(answer.intercept)) == ((notice,), None, True)


def test_a_curve_that_only_bends_fast_has_a_tangent():
    answer = tangent(read("sqrt(x^2 + 1e-10)"), {"x": 0.0})
    assert (answer.contact, answer.equation.text, answer.value) == (Contact.TANGENT, "1e-05", 1e-5)


def test_a_derivative_that_is_no_number_is_named_by_its_variable():
    with pytest.raises(CalculusError, match="f has no derivative with respect to 'x' there") as caught:
        tangent(read("sqrt(x*y)"), {"x": 0.0, "y": 0.0})
    assert (caught.value.reason, caught.value.field) == (Reason.UNDEFINED_AT_POINT, "at")
