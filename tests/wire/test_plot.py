"""Plot over the wire."""

import threading

import pytest
from secant.v1 import descend_pb2, expression_pb2, plot_pb2

# Drawing waits for a core on a busy machine, and a worker first imports matplotlib.
AMPLE_TIME = {"timeout": 30}


def asked(text, **figure):
    return plot_pb2.PlotRequest(expression=expression_pb2.Expression(text=text), **figure)


def point(**values):
    return [expression_pb2.Coordinate(variable=name, value=value) for name, value in values.items()]


EVERY = [
    pytest.param(asked("x^2", curve=plot_pb2.CurveFigure(tangents_at=[1])), "tangent at x = 1", id="curve"),
    pytest.param(asked("x^2", secant=plot_pb2.SecantFigure(at=1)), "secants", id="secant"),
    pytest.param(asked("sin(x)", taylor=plot_pb2.TaylorFigure(orders=[3])), "T₃", id="taylor"),
    pytest.param(asked("x^2 + y^2", surface=plot_pb2.SurfaceFigure(arrows=2)), "downhill", id="surface"),
    pytest.param(asked("x^2 + y^2", contour=plot_pb2.ContourFigure(arrows=1)), "uphill", id="contour"),
    pytest.param(asked("exp(x)", error=plot_pb2.ErrorFigure(at=1, schemes=[3])), "central: best h", id="error"),
    pytest.param(asked("c(x*y, x)", area=plot_pb2.AreaFigure(at=point(x=1, y=2))), "parallelogram", id="area"),
    pytest.param(
        asked(
            "x^2 + y^2",
            descent=plot_pb2.DescentFigure(
                request=descend_pb2.DescendRequest(start=point(x=1, y=1), fixed_rate=descend_pb2.FixedRate(rate=0.1))
            ),
        ),
        "descent from",
        id="descent",
    ),
]


@pytest.mark.parametrize(("request_", "words"), EVERY)
def test_every_figure_comes_as_an_image_with_a_description(calculus, request_, words):
    reply = calculus.Plot(request_, **AMPLE_TIME)
    assert reply.media_type == "image/svg+xml"
    assert reply.image.startswith(b"<?xml")
    assert words in reply.description


def test_the_texts_of_a_figure_contain_only_printable_characters(calculus, failure):
    ranges = [descend_pb2.Bound(variable=name, lower=0, upper=1) for name in ("x", "y\x1b\u202e")]
    error = failure(calculus.Plot, asked("x^2", contour=plot_pb2.ContourFigure(), ranges=ranges), **AMPLE_TIME)
    assert error.field == "ranges[1].variable"
    assert error.message.startswith("the name 'y??' contains characters that do not print")


def test_a_png_has_the_pixels_asked_for(calculus):
    request = asked("x^2", curve=plot_pb2.CurveFigure(), format=plot_pb2.IMAGE_FORMAT_PNG, width=320, height=200)
    reply = calculus.Plot(request, **AMPLE_TIME)
    assert reply.media_type == "image/png"
    assert reply.image[16:24] == (320).to_bytes(4, "big") + (200).to_bytes(4, "big")


def test_a_figure_is_not_drawn_where_calls_arrive(calculus):
    """While a figure is drawn, quick calls are answered."""
    from secant.v1 import derivative_pb2

    request = asked("sin(50*x)*exp(cos(x))", curve=plot_pb2.CurveFigure(), width=2000, height=2000, format=2)
    drawing = calculus.future("Plot", request)
    quick = derivative_pb2.GradientRequest(expression=expression_pb2.Expression(text="x^2"))
    assert calculus.Gradient(quick).partials[0].text == "2 * x"
    assert drawing.result().image


@pytest.mark.parametrize(
    ("request_", "reason", "field"),
    [
        pytest.param(asked("x^2"), "INVALID_VALUE", "figure", id="no figure"),
        pytest.param(
            asked("x^2", curve=plot_pb2.CurveFigure(arrows=9)), "INVALID_VALUE", "curve.arrows", id="arrows 9"
        ),
        pytest.param(asked("x^2", curve=plot_pb2.CurveFigure(), format=9), "INVALID_VALUE", "format", id="format 9"),
        pytest.param(
            asked("x^2", curve=plot_pb2.CurveFigure(), width=10**9), "LIMIT_EXCEEDED", "width", id="10^9 pixels"
        ),
        pytest.param(asked("x^", curve=plot_pb2.CurveFigure()), "SYNTAX_ERROR", "expression.text", id="syntax"),
        pytest.param(
            asked("x^2", descent=plot_pb2.DescentFigure()), "UNKNOWN_VARIABLE", "descent.request.start", id="no start"
        ),
        pytest.param(
            asked("x^2", curve=plot_pb2.CurveFigure(), ranges=[descend_pb2.Bound(variable="x", lower=1)]),
            "INVALID_VALUE",
            "ranges[0].upper",
            id="half a range",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_its_field(calculus, failure, request_, reason, field):
    found = failure(calculus.Plot, request_, **AMPLE_TIME)
    assert (found.reason, found.field) == (reason, field)


def test_many_callers_get_the_same_figure(calculus):
    request = asked("x^3 - 3*x^2 + x", curve=plot_pb2.CurveFigure(tangents_at=[0, 1]))
    usual = calculus.Plot(request, **AMPLE_TIME).image
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(calculus.Plot(request, **AMPLE_TIME).image)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [usual] * 4
