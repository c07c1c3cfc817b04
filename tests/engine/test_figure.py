"""What figures show, checked by the data that is drawn."""

import math
import time

import numpy as np
import pytest
from secantd.descent import DescentRequest, FixedRate, Newton
from secantd.figure import (
    AreaFigure,
    Arrows,
    ContourFigure,
    CurveFigure,
    DescentFigure,
    ErrorFigure,
    PlotRequest,
    Range,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
    scene_of,
)
from secantd.figure.scene import Arrow, Contours, Field, Line, Mesh, Points, Region, layers_of
from secantd.language import read

from .figures import descent, request

UP, DOWN = Arrows.GRADIENT, Arrows.NEGATIVE_GRADIENT


def curve(text, lower=-5.0, upper=5.0):
    return scene_of(request(text, CurveFigure(), x=(lower, upper)))


def crosses(line, x):
    """Whether the line is drawn across x: a neighbour on each side, both with a value."""
    after = int(np.searchsorted(line.x, x))
    return bool(np.isfinite(line.y[after - 1]) and np.isfinite(line.y[after]) and line.x[after] > x > line.x[after - 1])


# ---------------------------------------------------------------- curves


@pytest.mark.parametrize(
    ("text", "x"),
    [
        pytest.param("1/x", 0.0, id="odd pole"),
        pytest.param("1/x^2", 0.0, id="even pole"),
        pytest.param("tan(x)", math.pi / 2, id="tan"),
        pytest.param("1/(x - 0.1234567)", 0.1234567, id="pole beside the samples"),
        pytest.param("floor(x)", 2.0, id="step"),
        pytest.param("ifelse(x < 1, 0, 5)", 1.0, id="branch"),
        pytest.param("sqrt(x^2 - 1)", 0.0, id="hole in the domain"),
    ],
)
def test_the_path_has_a_gap_at(text, x):
    (line,) = layers_of(curve(text), Line)
    assert not crosses(line, x)


@pytest.mark.parametrize(
    "text", ["x^2", "abs(x)", "tanh(1000*x)", "exp(-1000*x^2)", "sin(50*x)", "sign(x)*sqrt(abs(x))"]
)
def test_the_path_of_a_continuous_function_is_whole(text):
    (line,) = layers_of(curve(text), Line)
    assert np.isfinite(line.y).all()


def test_a_pole_does_not_flatten_the_curve():
    low, high = curve("1/x").ranges[1]
    assert -10 < low < 0 < high < 10


def test_a_narrow_peak_is_not_cut():
    assert curve("exp(-1000*x^2)").ranges[1][1] > 1


def test_the_curve_begins_where_the_domain_does():
    (line,) = layers_of(curve("sqrt(x)"), Line)
    assert abs(line.x[np.isfinite(line.y)].min()) < 1e-9
    (line,) = layers_of(curve("sqrt(2 - x)"), Line)
    assert line.x[np.isfinite(line.y)].max() == pytest.approx(2, abs=1e-9)


def test_fifty_turns_are_drawn_to_half_a_pixel():
    (line,) = layers_of(curve("sin(50*x)", -3, 3), Line)
    middle = 0.5 * (line.x[1:] + line.x[:-1])
    drawn = 0.5 * (line.y[1:] + line.y[:-1])
    assert np.abs(np.sin(50 * middle) - drawn).max() < 0.005


def test_oscillations_that_cannot_be_drawn_have_a_notice():
    assert "oscillates more often" in curve("sin(100000*x)").notices[0]


def test_without_ranges_the_figure_shows_where_f_is_defined():
    lower, upper = scene_of(request("log(x)", CurveFigure())).ranges[0]
    assert -0.1 < lower <= 0 < upper


def test_a_constant_is_a_line_in_the_middle():
    scene = scene_of(request("3", CurveFigure()))
    low, high = scene.ranges[1]
    assert low < 3 < high
    assert scene.labels[0].plain == "x"


@pytest.mark.parametrize("x", [-1.0, 0.0, 2.0])
def test_a_tangent_touches_with_the_slope_of_the_curve(x):
    scene = scene_of(request("x^3 - 3*x^2 + x", CurveFigure((x,))))
    _, tangent = layers_of(scene, Line)
    slope = 3 * x**2 - 6 * x + 1
    assert np.diff(tangent.y) / np.diff(tangent.x) == pytest.approx(slope)
    assert tangent.y[0] == pytest.approx(x**3 - 3 * x**2 + x + slope * (tangent.x[0] - x))


# 002-4: x + f' rises and x - f' falls, for both signs of f'.
@pytest.mark.parametrize("x", [-3.0, 1.0])
@pytest.mark.parametrize(("arrows", "sign"), [(UP, 1), (DOWN, -1)])
def test_along_the_arrow_f_rises_for_plus_and_falls_for_minus(x, arrows, sign):
    first, below = layers_of(scene_of(request("x^2 + 2*x + 3", CurveFigure((x,), arrows))), Arrow)
    assert sign * (first.head[1] - first.tail[1]) > 0
    assert below.head[0] - below.tail[0] == pytest.approx(first.head[0] - first.tail[0])
    assert math.copysign(1, first.head[0] - x) == math.copysign(1, sign * (2 * x + 2))


def test_where_the_slope_is_zero_there_is_no_arrow():
    assert not layers_of(scene_of(request("x^2", CurveFigure((0.0,), UP))), Arrow)


# 001 (5.3): the slope of the secant of x^2 + 2x + 3 is 2x + 2 + h.
def test_secants_have_the_slope_of_the_difference_quotient_and_turn_into_the_tangent():
    scene = scene_of(request("x^2 + 2*x + 3", SecantFigure(1.0, (2.0, 1.0, 0.5, 0.1))))
    _, *lines = layers_of(scene, Line)
    assert [float(np.diff(each.y)[0] / np.diff(each.x)[0]) for each in lines] == pytest.approx([6, 5, 4.5, 4.1, 4])


# 001 Ex 5.4: T5(4) = 5.53333, T10(4) = -1.34751.
def test_taylor_polynomials_are_drawn_at_the_values_of_the_book():
    scene = scene_of(request("sin(x) + cos(x)", TaylorFigure(0.0)))
    _, t0, t1, t5, t10 = layers_of(scene, Line)
    assert [each.label for each in (t0, t1, t5, t10)] == ["T₀", "T₁", "T₅", "T₁₀"]
    assert t10.y[-1] == pytest.approx(-1.34751, abs=1e-5)
    assert t5.y[-1] == pytest.approx(5.53333, abs=1e-5)
    assert t1.y[0] == pytest.approx(-3)


# ---------------------------------------------------------------- two variables


@pytest.mark.parametrize(("arrows", "sign"), [(UP, 1), (DOWN, -1)])
@pytest.mark.parametrize("text", ["x^2 + 2*y^2", "sin(x)*cos(y)", "1/(1 + x^2 + y^2)"])
def test_arrows_of_the_gradient_point_uphill_and_of_minus_the_gradient_downhill(text, arrows, sign):
    (field,) = layers_of(scene_of(request(text, ContourFigure(arrows))), Field)
    f = read(text)
    from secantd.calculus import evaluate

    short = 1e-3
    before = evaluate(f, {"x": field.x, "y": field.y}).values
    after = evaluate(f, {"x": field.x + short * field.dx, "y": field.y + short * field.dy}).values
    long = np.hypot(field.dx, field.dy) > 0.05
    assert long.any()
    assert (sign * (after - before))[long].min() > 0


def test_arrows_are_perpendicular_to_the_contours_and_the_axes_have_one_scale():
    scene = scene_of(request("x^2 + 2*y^2", ContourFigure(UP)))
    (field,) = layers_of(scene, Field)
    # Along a contour (dx, dy) = (-4y, 2x).
    along = np.column_stack([-4 * field.y, 2 * field.x])
    assert np.abs(np.sum(along * np.column_stack([field.dx, field.dy]), axis=1)).max() < 1e-12
    assert scene.equal


def test_no_arrow_reaches_out_of_the_figure():
    (field,) = layers_of(scene_of(request("x^2 + 2*y^2", ContourFigure(UP))), Field)
    assert np.abs([field.x + field.dx, field.y + field.dy]).max() <= 3


def test_arrows_are_drawn_only_where_f_is_defined():
    (field,) = layers_of(scene_of(request("log(x*y)", ContourFigure(UP))), Field)
    assert (field.x * field.y > 0).all()


def test_axes_of_different_scales_have_a_notice():
    scene = scene_of(request("x^2 + y^2", ContourFigure(UP), x=(-1, 1), y=(-100, 100)))
    assert not scene.equal
    assert "different scales" in scene.notices[0]


def test_no_contour_is_drawn_beyond_a_pole():
    (drawn,) = layers_of(scene_of(request("1/(x^2 + y^2)", ContourFigure())), Contours)
    middle = len(drawn.x) // 2
    assert np.isnan(drawn.z[middle, middle])
    assert np.all(np.diff(drawn.levels) > 0)


# 000-3 and 000-4.
@pytest.mark.parametrize(
    ("x", "y", "value", "slope"),
    [pytest.param(2.0, 1.0, 6.0, 4.0, id="000-3"), pytest.param(-1.0, 2.0, 9.0, -2.0, id="000-4")],
)
def test_the_slice_of_a_surface_has_the_partial_as_slope(x, y, value, slope):
    scene = scene_of(request("x^2 + 2*y^2", SurfaceFigure(at=(("x", x), ("y", y)))))
    cut, tangent = layers_of(scene, Line)
    assert np.all(cut.y == y)
    assert np.nanmax(np.abs(cut.z - (cut.x**2 + 2 * y**2))) < 1e-12
    assert np.diff(tangent.z) / np.diff(tangent.x) == pytest.approx(slope)
    (point,) = layers_of(scene, Points)
    assert point.z == pytest.approx([value])
    assert f"∂f/∂x = {'−' if slope < 0 else ''}{abs(slope):g}" in scene.description


def test_a_slice_along_the_other_variable_holds_the_first():
    figure = SurfaceFigure(at=(("x", 2.0), ("y", 1.0)), slice_variable="y")
    cut, tangent = layers_of(scene_of(request("x^2 + 2*y^2", figure)), Line)
    assert np.all(cut.x == 2)
    assert np.diff(tangent.z) / np.diff(tangent.y) == pytest.approx(4)


def test_a_surface_has_no_walls_where_f_is_not_defined():
    (mesh,) = layers_of(scene_of(request("log(x + y)", SurfaceFigure())), Mesh)
    assert np.isnan(mesh.z).any()
    assert np.isfinite(mesh.z).any()


def test_the_floor_of_arrows_lies_under_the_surface():
    scene = scene_of(request("x^2 + 2*y^2", SurfaceFigure(DOWN)))
    (field,) = layers_of(scene, Field)
    (mesh,) = layers_of(scene, Mesh)
    assert field.z == scene.ranges[2][0] < np.nanmin(mesh.z)


# ---------------------------------------------------------------- descents


# 002-7.
def test_a_descent_on_the_curve_ends_where_the_descent_does():
    scene = scene_of(descent("x^2 + 2*x + 3", {"x": 0.883646125995533}, 0.01))
    _, path = layers_of(scene, Line)
    assert path.x[[0, -1]] == pytest.approx([0.883646125995533, -0.999995047967832], abs=1e-12)
    assert path.y == pytest.approx(path.x**2 + 2 * path.x + 3)
    assert "in 636 steps" in scene.description
    assert all(arrow.head[1] < arrow.tail[1] for arrow in layers_of(scene, Arrow))


# 002-14.
def test_a_descent_on_contours_goes_down_and_stays_in_the_figure():
    scene = scene_of(descent("x^2 + 2*y^2", {"x": 1.0289484412540515, "y": 1.5995244768100338}, 0.01))
    (path,) = layers_of(scene, Line)
    assert np.all(np.diff(path.x**2 + 2 * path.y**2) < 0)
    (left, right), (bottom, top) = scene.ranges
    assert left < path.x.min() < path.x.max() < right
    assert bottom < path.y.min() < path.y.max() < top
    assert scene.equal
    assert "in 606 steps" in scene.description


def test_of_a_descent_that_diverges_the_first_steps_are_drawn():
    scene = scene_of(descent("x^2 + 2*x + 3", {"x": 0.88}, 1.05))
    assert "diverges" in scene.notices[0]
    assert "diverges" in scene.description
    assert max(map(abs, scene.ranges[0])) < 100


def test_steps_that_are_not_along_the_gradient_are_called_by_their_method():
    function = read("x^2 + 2*y^2")
    for method, words in ((Newton(), "Newton's method"), (FixedRate(0.1), "along −∇f")):
        plan = DescentRequest(function, (("x", 1.0), ("y", 1.0)), method=method)
        arrows = layers_of(scene_of(PlotRequest(function, DescentFigure(plan))), Arrow)
        assert words in arrows[0].label


def test_a_descent_that_begins_at_its_end_is_drawn():
    scene = scene_of(descent("x^2 + y^2", {"x": 0.0, "y": 0.0}, 0.1))
    assert scene.ranges == ((-1, 1), (-1, 1))


def test_a_sum_over_long_data_is_drawn_in_time():
    x = np.linspace(0, 1, 200_000)
    function = read("sum((y - a*x - b)^2)", data={"x": x, "y": 2 * x})
    began = time.process_time()
    scene = scene_of(PlotRequest(function, ContourFigure(UP), (Range("a", 0, 4), Range("b", -2, 2))))
    assert time.process_time() - began < 6
    assert layers_of(scene, Contours)


# ---------------------------------------------------------------- errors and areas


# 000-8, and the same table as Approximate's.
def test_the_best_h_of_central_differences_is_near_8e_6_and_its_error_far_below_the_forward_one():
    scene = scene_of(request("exp(x)", ErrorFigure(1.0)))
    forward, central = (each for each in layers_of(scene, Points) if each.label)
    assert 1e-6 < central.x[0] < 2e-5
    assert 1e-9 < forward.x[0] < 1e-7
    assert central.y[0] < 1e-11 < 1e-9 < forward.y[0] < 1e-8
    assert scene.logarithmic


def test_an_error_of_zero_is_drawn_at_the_floor():
    scene = scene_of(request("x^2", ErrorFigure(2.0, (3,))))
    line = layers_of(scene, Line)[0]
    assert np.isfinite(line.y).all()
    assert line.y.min() > 0
    assert "error 0" in scene.description


# 001 (5.60).
def test_the_parallelogram_has_the_area_and_the_sign_of_the_determinant():
    scene = scene_of(request("c(-2*x1 + x2, x1 + x2)", AreaFigure()))
    _, image = layers_of(scene, Region)
    x, y = image.corners.T
    area = 0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)
    assert area == pytest.approx(-3)
    assert "determinant is −3: the orientation is reversed" in scene.description
    assert scene.equal
