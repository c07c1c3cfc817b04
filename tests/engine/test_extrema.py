"""Critical points: where they are, their kinds, and the notice of a search that may not have found all."""

import math

import mpmath
import numpy as np
import pytest
from secantd.analysis.extrema import extrema
from secantd.calculus.results import Nature
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.settings import Limits

# A busy machine is no reason for another answer.
AMPLE_TIME = Limits(algebra_seconds=60.0)


def kinds(answer):
    return [p.nature.name for p in answer.critical_points]


def places(answer):
    return [tuple(v for _, v in p.point) for p in answer.critical_points]


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("x^3 - 3*x", (-2.0, 2.0), [("MAXIMUM", "-1", 2), ("MINIMUM", "1", -2)]),
        ("x^4", (-1.0, 1.0), [("MINIMUM", "0", 0)]),
        ("-x^4", (-1.0, 1.0), [("MAXIMUM", "0", 0)]),
        ("x^3", (-1.0, 1.0), [("INFLECTION", "0", 0)]),
        ("x^2", (0.0, 2.0), [("MINIMUM", "0", 0)]),
        ("x^2", (-2.0, 0.0), [("MINIMUM", "0", 0)]),
        ("x^2", (1.0, 2.0), []),
        ("exp(x)", (-1.0, 1.0), []),
        ("1/x + x", (-3.0, 3.0), [("MAXIMUM", "-1", -2), ("MINIMUM", "1", 2)]),
        ("sqrt(x)*(1 - x)", (0.0, 1.0), [("MAXIMUM", "1/3", 2 / 3 / math.sqrt(3))]),
        ("abs(x)", (-1.0, 1.0), [("MINIMUM", "0", 0)]),
    ],
)
def test_exact_points_of_one_variable_come_with_kind_formula_and_value(text, box, expected):
    answer = extrema(read(text), {"x": box}, limits=AMPLE_TIME)
    assert [(p.nature.name, p.exact[0].text) for p in answer.critical_points] == [(n, e) for n, e, _ in expected]
    assert [p.value for p in answer.critical_points] == pytest.approx([v for *_, v in expected], abs=1e-15)
    assert answer.complete


def test_inflections_are_where_the_second_derivative_changes_its_sign():
    assert [p.point for p in extrema(read("x^3 - 3*x^2"), {"x": (-1.0, 3.0)}).inflections] == [(("x", 1.0),)]
    assert [p.point for p in extrema(read("x^3"), {"x": (-1.0, 1.0)}).inflections] == [(("x", 0.0),)]
    assert extrema(read("x^4"), {"x": (-1.0, 1.0)}).inflections == ()
    (bend,) = extrema(read("sin(x) + x^2/10"), {"x": (-1.0, 1.0)}).inflections
    assert bend.nature is Nature.INFLECTION
    assert bend.point == (("x", pytest.approx(math.asin(0.2), rel=1e-14)),)


def slope_zero(f, near):
    """Return a zero of f' by mpmath."""
    with mpmath.workdps(40):
        return float(mpmath.findroot(lambda x: mpmath.diff(f, x), near))


@pytest.mark.parametrize(
    ("text", "box", "f", "near"),
    [
        ("gamma(x)", (1.0, 3.0), mpmath.gamma, [(1.46, "MINIMUM")]),
        ("x^x", (0.1, 2.0), lambda x: x**x, [(0.37, "MINIMUM")]),
        # f' has a pole at 0, where it changes its sign as well.
        (
            "log(abs(x)) - x^2 + cos(x)",
            (-3.0, 2.0),
            lambda x: mpmath.log(abs(x)) - x**2 + mpmath.cos(x),
            [(-0.6, "MAXIMUM"), (0.6, "MAXIMUM")],
        ),
        (
            "x*cos(x) + x^2/7",
            (-4.0, 4.0),
            lambda x: x * mpmath.cos(x) + x**2 / 7,
            [(-3.69, "MAXIMUM"), (-0.75, "MINIMUM"), (0.99, "MAXIMUM"), (3.17, "MINIMUM")],
        ),
    ],
)
def test_points_without_a_formula_are_right_to_the_last_digits(text, box, f, near):
    answer = extrema(read(text), {"x": box}, limits=Limits(algebra_seconds=0.2))
    assert kinds(answer) == [kind for _, kind in near]
    assert [x for (x,) in places(answer)] == pytest.approx([slope_zero(f, x) for x, _ in near], rel=1e-14)
    assert not answer.complete
    assert all(p.exact == () for p in answer.critical_points)


def test_a_function_that_is_constant_on_a_part_has_one_notice_and_no_points_there():
    for text in ("5 + 0*x", "pmax(x, 0)^2"):
        answer = extrema(read(text), {"x": (-1.0, 1.0)}, limits=Limits(algebra_seconds=0.2))
        assert answer.critical_points == ()
        assert answer.notices == ("f is constant on a part of the interval; only isolated points are listed",)
        assert not answer.complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x^2 + 2*y^2 + x*y - 3*x", [("MINIMUM", ["12/7", "-(3/7)"])]),
        ("x^2 - y^2", [("SADDLE", ["0", "0"])]),
        ("x^3 - 3*x*y^2", [(None, ["0", "0"])]),
        ("(1 - x)^2 + 100*(y - x^2)^2", [("MINIMUM", ["1", "1"])]),
        ("x^3 - 3*x - y^2", [("MAXIMUM", ["-1", "0"]), ("SADDLE", ["1", "0"])]),
        ("x^2 + y^2 + 20*x", []),
    ],
)
def test_exact_points_of_two_variables_come_with_their_kind(text, expected):
    box = {"x": (-2.0, 2.0), "y": (-2.0, 2.0)}
    answer = extrema(read(text), box, limits=AMPLE_TIME)
    found = [(p.nature and p.nature.name, [e.text for e in p.exact]) for p in answer.critical_points]
    assert (found, answer.complete, answer.inflections) == (expected, True, ())


def test_newtons_method_finds_the_points_of_a_lattice_and_their_kinds():
    half = math.pi / 2
    answer = extrema(read("sin(x)*sin(y)"), {"x": (-2.0, 2.0), "y": (-2.0, 2.0)})
    expected = [(-half, -half), (-half, half), (0, 0), (half, -half), (half, half)]
    assert np.array(places(answer)) == pytest.approx(np.array(expected), abs=1e-12)
    assert kinds(answer) == ["MAXIMUM", "MINIMUM", "SADDLE", "MINIMUM", "MAXIMUM"]
    assert not answer.complete


def test_newtons_method_finds_points_far_from_its_starts_and_none_outside_the_box():
    tilt = math.asin(0.02)
    answer = extrema(read("cos(x) + cos(y) + x/50"), {"x": (-4.0, 4.0), "y": (-4.0, 4.0)})
    expected = [(x, y) for x in (-math.pi - tilt, tilt, math.pi - tilt) for y in (-math.pi, 0, math.pi)]
    assert np.array(places(answer)) == pytest.approx(np.array(expected), abs=1e-12)
    low, high = ["MINIMUM", "SADDLE", "MINIMUM"], ["SADDLE", "MAXIMUM", "SADDLE"]
    assert kinds(answer) == [*low, *high, *low]
    corner = extrema(read("cos(x) + cos(y) + x/50"), {"x": (0.5, 3.0), "y": (-4.0, -3.0)})
    assert corner.critical_points == ()


def test_a_gradient_that_is_nowhere_zero_has_no_points_where_its_hessian_is_singular():
    # f = exp(x + y): the Hessian is singular everywhere, the gradient zero nowhere.
    assert extrema(read("exp(x + y)"), {"x": (-1.0, 1.0), "y": (-1.0, 1.0)}).critical_points == ()


def test_three_variables_are_searched_as_two_are():
    box = dict.fromkeys("xyz", (-1.0, 1.0))
    answer = extrema(read("cosh(x) + cosh(y - 0.25) - cosh(z + 0.5)"), box)
    assert np.array(places(answer)) == pytest.approx(np.array([(0.0, 0.25, -0.5)]), abs=1e-12)
    assert kinds(answer) == ["SADDLE"]


@pytest.mark.parametrize(
    ("text", "box", "expected"),
    [
        ("abs(x) + 0.5*x", (-1.0, 1.0), [("MINIMUM", "0")]),
        ("sqrt(x^2)", (-1.0, 1.0), [("MINIMUM", "0")]),
        ("(x^2)^(1/3)", (-1.0, 1.0), [("MINIMUM", "0")]),
        ("max(x, 0) - 0.5*x", (-1.0, 1.0), [("MINIMUM", "0")]),
        ("max(0, 1 - x) + x^2/10", (-1.0, 3.0), [("MINIMUM", "1")]),
        ("abs(x^2 - 4)", (-3.0, 3.0), [("MINIMUM", "-2"), ("MAXIMUM", "0"), ("MINIMUM", "2")]),
        ("x^2 - 3*abs(x)", (-2.0, 2.0), [("MINIMUM", "-(3/2)"), ("MAXIMUM", "0"), ("MINIMUM", "3/2")]),
        ("exp(-abs(x))", (-1.0, 1.0), [("MAXIMUM", "0")]),
        ("abs(exp(x) - 2) + x/3", (-1.0, 3.0), [("MINIMUM", "log(2)")]),
        ("ifelse(x > 0, x, -2*x)", (-1.0, 1.0), [("MINIMUM", "0")]),
        ("abs(sin(x))", (-2.0, 2.0), [("MAXIMUM", "-(pi/2)"), ("MINIMUM", "0"), ("MAXIMUM", "pi/2")]),
        ("abs(x)*x", (-1.0, 1.0), [("INFLECTION", "0")]),
        ("2*x + abs(x)", (-1.0, 1.0), []),
    ],
)
def test_extrema_at_kinks_and_cusps_are_found_and_the_list_is_complete(text, box, expected):
    answer = extrema(read(text), {"x": box}, limits=AMPLE_TIME)
    assert [(p.nature.name, p.exact[0].text) for p in answer.critical_points] == expected
    assert answer.complete


def test_without_sympy_kinks_and_cusps_are_found_all_the_same_and_the_list_is_not_called_complete():
    for text, at in (("abs(x - 0.3) + 0.1*x^2", 0.3), ("((x - 0.3)^2)^(1/3)", 0.3), ("sqrt((x - 0.3)^2) + x/3", 0.3)):
        answer = extrema(read(text), {"x": (-1.0, 1.0)}, limits=Limits(algebra_seconds=1e-9))
        assert kinds(answer) == ["MINIMUM"]
        assert places(answer)[0] == pytest.approx((at,), abs=1e-12)
        assert not answer.complete


def test_a_hinge_has_its_minimum_at_the_kink_and_is_constant_beyond():
    answer = extrema(read("max(0, 1 - x)"), {"x": (-1.0, 3.0)}, limits=AMPLE_TIME)
    assert [(p.nature.name, p.point) for p in answer.critical_points] == [("MINIMUM", (("x", 1.0),))]
    assert answer.notices == ("f is constant on a part of the interval; only isolated points are listed",)
    assert not answer.complete


def test_jumps_and_poles_are_no_extrema():
    for text in ("1/x", "floor(x + 0.5) + x", "ifelse(x > 0, x, x - 1)", "1/x^3"):
        assert extrema(read(text), {"x": (-1.0, 1.0)}, limits=AMPLE_TIME).critical_points == ()


def test_a_notation_asked_for_is_that_of_the_exact_points():
    (point,) = extrema(read("x^2 - x*sqrt(2)"), {"x": (0.0, 1.0)}, [Notation.LATEX], limits=AMPLE_TIME).critical_points
    assert point.exact[0].text == r"\frac{\sqrt{2}}{2}"


@pytest.mark.parametrize(
    ("box", "reason", "field", "headline"),
    [
        ({}, Reason.INVALID_VALUE, "box", ""),
        ({"x": (0.0, 1.0)}, Reason.UNKNOWN_VARIABLE, "box", "'y'"),
        ({"x": (0.0, 1.0), "y": (1.0, 1.0)}, Reason.INVALID_VALUE, "box[1]", "the interval of 'y' is empty: 1 to 1"),
        ({"x": (2.0, 1.0), "y": (0.0, 1.0)}, Reason.INVALID_VALUE, "box[0]", "the interval of 'x' is empty: 2 to 1"),
        ({"x": (0.0, math.inf), "y": (0.0, 1.0)}, Reason.INVALID_VALUE, "box[0]", "the interval of 'x' is not finite"),
        ({"x": (0.0, 1.0), "y": (math.nan, 1.0)}, Reason.INVALID_VALUE, "box[1]", "the interval of 'y' is not finite"),
    ],
)
def test_a_box_that_is_none_is_refused_with_its_place(box, reason, field, headline):
    with pytest.raises(CalculusError) as caught:
        extrema(read("x^2 + y^2"), box)
    assert caught.value.field.startswith(field)
    assert headline in caught.value.headline
    if headline != "":
        assert caught.value.reason is reason


def test_a_search_in_too_many_variables_is_refused_by_the_limit():
    text = " + ".join(f"cos(x{i})" for i in range(4))
    box = {f"x{i}": (-1.0, 1.0) for i in range(4)}
    with pytest.raises(CalculusError) as caught:
        extrema(read(text), box, limits=Limits(extrema_variables=3))
    assert (caught.value.reason, caught.value.metadata["name"]) == (Reason.LIMIT_EXCEEDED, "extrema_variables")
    assert kinds(extrema(read(text), box, limits=Limits(extrema_variables=4))) == ["MAXIMUM"]


SQUARE = {"x": (-1.0, 2.0), "y": (-2.0, 1.0)}
WIDE = {"x": (-3.0, 3.0), "y": (-3.0, 3.0)}
ROOT = (math.sqrt(5) - 1) / 2
ACKLEY = "-20*exp(-0.2*sqrt((x^2 + y^2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + exp(1) + 20"

# f, the box, and its minima at kinks, worked out by hand.
KINKS = [
    ("abs(x) + abs(y)", SQUARE, [(0, 0)]),
    ("sqrt(x^2 + y^2)", SQUARE, [(0, 0)]),
    ("abs(x - y) + (x - 1/3)^2", SQUARE, [(1 / 3, 1 / 3)]),
    ("max(x, y)^2 + abs(x - 1) + abs(y + 2)", WIDE, [(0.5, -2)]),
    ("max(0, 1 - x - y) + max(0, 1 + x - 2*y) + (x^2 + y^2)/10", WIDE, [(1 / 3, 2 / 3)]),
    ("max(x^2 + y^2 - 1, x + y)", WIDE, [((1 - math.sqrt(3)) / 2, (1 - math.sqrt(3)) / 2)]),
    ("abs(x^2 + y - 1) + abs(x - y) + x/100", WIDE, [(-1 - ROOT, -1 - ROOT), (ROOT, ROOT)]),
    ("abs(x) + (y^2 - 1)^2", WIDE, [(0, -1), (0, 1)]),
    ("10*abs(y - x^2) + abs(1 - x)", WIDE, [(1, 1)]),
    (ACKLEY, SQUARE, [(0, 0)]),
    ("abs(x) + abs(y) + abs(z) + abs(x - y - z)", {**SQUARE, "z": (-1.0, 1.5)}, [(0, 0, 0)]),
    ("abs(x) - abs(y)", SQUARE, []),
]


@pytest.mark.parametrize(("text", "box", "expected"), KINKS)
def test_minima_of_several_variables_at_kinks_are_found(text, box, expected):
    answer = extrema(read(text), box)
    at_kinks = [p for p in answer.critical_points if p.definiteness.name == "UNKNOWN" and p.nature is Nature.MINIMUM]
    found = [tuple(v for _, v in p.point) for p in at_kinks]
    assert found == [pytest.approx(place, abs=1e-12) for place in expected]
    assert not answer.complete


def test_a_maximum_at_a_cusp_and_the_median_line_of_data_are_found():
    (top,) = extrema(read("-abs(x) - sqrt(abs(y))"), SQUARE).critical_points
    assert (top.nature, [v for _, v in top.point]) == (Nature.MAXIMUM, [0.0, 0.0])
    data = {"u": np.array([2.0, -1.0, 0.5, 1.5, 0.2]), "v": np.array([1.0, -1.0, 1.0, 1.0, -1.0])}
    (line,) = extrema(read("mean(abs(v - a - b*u))", data=data), {"a": (-3.0, 3.0), "b": (-3.0, 5.0)}).critical_points
    # Through two of the points.
    assert [v for _, v in line.point] == pytest.approx([-1 / 3, 2 / 3], abs=1e-10)


@pytest.mark.parametrize(
    ("text", "example"),
    [("max(x, y)^2 + abs(x - 1)", "0.75"), ("max(x, 0)^2 + max(y, 0)^2", "0"), ("sin(x - y)", "-1")],
)
def test_a_minimum_along_a_line_is_noticed_with_an_example(text, example):
    answer = extrema(read(text), WIDE)
    assert not [p for p in answer.critical_points if p.nature is Nature.MINIMUM]
    level, lowest = answer.notices[:2]
    assert level == "f is constant along a line or on a part of the box; only isolated points are listed"
    assert lowest.startswith(f"the minimum there is {example}, for example at x = ")
