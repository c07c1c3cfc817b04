"""Invalid requests of figures: each is an error that names its field and has a hint."""

import math

import pytest
from secantd.descent import DescentRequest, FixedRate
from secantd.errors import CalculusError, Reason
from secantd.figure import (
    AreaFigure,
    Canvas,
    ContourFigure,
    CurveFigure,
    DescentFigure,
    ErrorFigure,
    PlotRequest,
    Range,
    SecantFigure,
    SurfaceFigure,
    TaylorFigure,
    plot,
)
from secantd.language import read

NAN, INF = math.nan, math.inf
CURVE = CurveFigure()


def walk(**start):
    return DescentFigure(DescentRequest(read("x + y + z"), tuple(start.items()), method=FixedRate(0.1)))


@pytest.mark.parametrize(
    ("text", "figure", "ranges", "canvas", "reason", "field"),
    [
        pytest.param("x", CURVE, [("x", 2, 1)], (), "INVALID_VALUE", "ranges[0]", id="reversed"),
        pytest.param("x", CURVE, [("x", 1, 1)], (), "INVALID_VALUE", "ranges[0]", id="empty"),
        pytest.param("x", CURVE, [("x", 0, INF)], (), "INVALID_VALUE", "ranges[0].upper", id="infinite"),
        pytest.param("x", CURVE, [("x", NAN, 1)], (), "INVALID_VALUE", "ranges[0].lower", id="NaN"),
        pytest.param("x", CURVE, [("x", 0, None)], (), "INVALID_VALUE", "ranges[0].upper", id="open"),
        pytest.param("x", CURVE, [("x", 0, 1e200)], (), "INVALID_VALUE", "ranges[0]", id="too wide"),
        pytest.param("x", CURVE, [("x", 1e9, 1e9 + 1e-6)], (), "INVALID_VALUE", "ranges[0]", id="too narrow"),
        pytest.param("x", CURVE, [("x", 0, 1), ("x", 0, 1)], (), "INVALID_VALUE", "ranges[1].variable", id="twice"),
        pytest.param("x", CURVE, [("t", 0, 1)], (), "UNKNOWN_VARIABLE", "ranges[0].variable", id="other variable"),
        pytest.param("x", CURVE, [], (1_000_000_000, 480), "LIMIT_EXCEEDED", "width", id="wide"),
        pytest.param("x", CURVE, [], (640, 2**31 - 1), "LIMIT_EXCEEDED", "height", id="high"),
        pytest.param("x", CURVE, [], (-1, 480), "INVALID_VALUE", "width", id="negative"),
        pytest.param("x", CURVE, [], (640, 3), "INVALID_VALUE", "height", id="tiny"),
        pytest.param("x", CURVE, [], (4000, 200), "INVALID_VALUE", "width", id="slender"),
        pytest.param("x*y", CURVE, [], (), "INVALID_VALUE", "expression.text", id="curve of two"),
        pytest.param("x", ContourFigure(), [], (), "INVALID_VALUE", "expression.text", id="contour of one"),
        pytest.param("x*y*z", SurfaceFigure(), [], (), "INVALID_VALUE", "expression.text", id="surface of three"),
        pytest.param("c(x, x^2)", CURVE, [], (), "INVALID_VALUE", "expression.text", id="vector"),
        pytest.param("x*y", AreaFigure(), [], (), "INVALID_VALUE", "expression.text", id="area of a scalar"),
        pytest.param("c(x*y, x)", AreaFigure(), [], (), "INVALID_VALUE", "area.at", id="area without a point"),
        pytest.param("c(x*y, x)", AreaFigure((("x", 1.0),)), [], (), "UNKNOWN_VARIABLE", "area.at", id="half a point"),
        pytest.param(
            "c(x/y, x)",
            AreaFigure((("x", 1.0), ("y", 0.0))),
            [],
            (),
            "UNDEFINED_AT_POINT",
            "area.at",
            id="area at a pole",
        ),
        pytest.param("log(x)", CURVE, [("x", -2, -1)], (), "UNDEFINED_AT_POINT", "ranges", id="nowhere defined"),
        pytest.param("sqrt(-1 - x^2)", CURVE, [], (), "UNDEFINED_AT_POINT", "ranges", id="never defined"),
        pytest.param(
            "log(x + y)",
            ContourFigure(),
            [("x", -2, -1), ("y", -2, -1)],
            (),
            "UNDEFINED_AT_POINT",
            "ranges",
            id="no contour",
        ),
        pytest.param("exp(x^2)", CURVE, [("x", -26, 26)], (), "INVALID_VALUE", "ranges", id="too large to draw"),
        pytest.param("x", CurveFigure((1.0,) * 99), [], (), "LIMIT_EXCEEDED", "curve.tangents_at", id="tangents"),
        pytest.param("x", CurveFigure((0.0, NAN)), [], (), "INVALID_VALUE", "curve.tangents_at[1]", id="NaN tangent"),
        pytest.param("1/x", CurveFigure((0.0,)), [], (), "UNDEFINED_AT_POINT", "curve.tangents_at[0]", id="at a pole"),
        pytest.param("x", SecantFigure(0.0, (1.0, 0.0)), [], (), "INVALID_VALUE", "secant.steps[1]", id="h = 0"),
        pytest.param("x", SecantFigure(1.0, (1e-20,)), [], (), "INVALID_VALUE", "secant.steps[0]", id="h too small"),
        pytest.param("x", SecantFigure(INF), [], (), "INVALID_VALUE", "secant.at", id="secant at Inf"),
        pytest.param(
            "log(x)", SecantFigure(1.0, (-2.0,)), [], (), "UNDEFINED_AT_POINT", "secant.steps[0]", id="secant out"
        ),
        pytest.param("x", SecantFigure(0.0, (1.0,) * 50), [], (), "LIMIT_EXCEEDED", "secant.steps", id="secants"),
        pytest.param("x", TaylorFigure(0.0, (-1,)), [], (), "INVALID_VALUE", "taylor.orders[0]", id="order -1"),
        pytest.param("x", TaylorFigure(0.0, (10**9,)), [], (), "LIMIT_EXCEEDED", "taylor.orders", id="order 10^9"),
        pytest.param("x", TaylorFigure(0.0, tuple(range(40))), [], (), "LIMIT_EXCEEDED", "taylor.orders", id="orders"),
        pytest.param("log(x)", TaylorFigure(0.0), [], (), "UNDEFINED_AT_POINT", "taylor.at", id="no expansion"),
        pytest.param("x*y", ContourFigure(None, 10**6), [], (), "LIMIT_EXCEEDED", "contour.levels", id="levels"),
        pytest.param("x*y", ContourFigure(None, -1), [], (), "INVALID_VALUE", "contour.levels", id="levels below 0"),
        pytest.param("x*y", SurfaceFigure(None, (("x", 1.0),)), [], (), "UNKNOWN_VARIABLE", "surface.at", id="no y"),
        pytest.param(
            "x*y", SurfaceFigure(None, (), "t"), [], (), "UNKNOWN_VARIABLE", "surface.slice_variable", id="slice of t"
        ),
        pytest.param(
            "x/y",
            SurfaceFigure(None, (("x", 1.0), ("y", 0.0))),
            [],
            (),
            "UNDEFINED_AT_POINT",
            "surface.at",
            id="no slice",
        ),
        pytest.param("x", ErrorFigure(0.0, (77,)), [], (), "INVALID_VALUE", "error.schemes[0]", id="scheme 77"),
        pytest.param("sin(1e308*x)", ErrorFigure(0.3), [], (), "INVALID_VALUE", "error.at", id="an error of 1e308"),
        pytest.param("1.7e308*sin(x)", ErrorFigure(0.3), [], (), "INVALID_VALUE", "error.at", id="a slope of 1e308"),
        pytest.param("log(x)", ErrorFigure(0.0), [], (), "UNDEFINED_AT_POINT", "error.at", id="error at a pole"),
        pytest.param("x", ErrorFigure(0.0), [("x", 0, 1)], (), "INVALID_VALUE", "ranges", id="error with ranges"),
        pytest.param(
            "x + y + z", walk(x=0.0, y=0.0, z=0.0), [], (), "INVALID_VALUE", "descent.request.start", id="path of three"
        ),
    ],
)
def test_it_is_refused_with_its_field(text, figure, ranges, canvas, reason, field):
    with pytest.raises(CalculusError) as caught:
        plot(PlotRequest(read(text), figure, tuple(Range(*r) for r in ranges), Canvas(*canvas)))
    error = caught.value
    assert (error.reason, error.field) == (Reason[reason], field)
    assert error.headline
    assert error.hint


def test_a_name_whose_characters_no_font_has_is_drawn_and_not_logged(capfd, caplog):
    plot(PlotRequest(read("`\u115f`^2"), CURVE, (Range("\u115f", -1.0, 1.0),)))
    assert caplog.records == []
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("text", ["5e-324*x*y", "1e-310*(x + y)", "x*0*y"])
def test_contours_of_values_next_to_0_are_drawn(text):
    assert plot(PlotRequest(read(text), ContourFigure(), (Range("x", -2.0, 2.0), Range("y", -2.0, 2.0)))).image
