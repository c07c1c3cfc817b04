"""A broken or hostile server: every malformed reply is an error with the reason."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import grpc
import numpy as np
import pytest
import secant
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, evaluate_pb2, expression_pb2, local_pb2, plot_pb2

from .messages import formula, outcome, step


def row(*values):
    return expression_pb2.Row(partials=[formula("x", value) for value in values])


def column(*values):
    return expression_pb2.Column(name="x", values=values)


def evaluated(values, derivatives=(), variables=("x",)):
    return evaluate_pb2.EvaluateResponse(values=values, derivatives=derivatives, variables=variables)


XY = {"variables": ["x", "y"]}
AT = {"x": 1.0, "y": 2.0}
POINTS = {"x": [1.0, 2.0, 3.0]}
# (rpc, its arguments, the reply, a part of the error's message)
REPLIES = [
    pytest.param("differentiate", ("x",), derivative_pb2.DifferentiateResponse(), "without derivative", id="no answer"),
    pytest.param(
        "differentiate",
        ("x",),
        derivative_pb2.DifferentiateResponse(derivative=formula("")),
        "a formula without text and value",
        id="an empty formula",
    ),
    pytest.param(
        "differentiate",
        ("x",),
        derivative_pb2.DifferentiateResponse(derivative=formula("1"), value=1.0),
        "only one of f and its derivative has a value",
        id="half of the values",
    ),
    pytest.param(
        "gradient",
        ("x*y",),
        derivative_pb2.GradientResponse(partials=[formula()], **XY),
        "1 partials for 2 variables",
        id="a partial too few",
    ),
    pytest.param(
        "gradient",
        ("x*y",),
        derivative_pb2.GradientResponse(partials=[formula("x", 1.0), formula("y")], value=1.0, **XY),
        "1 values for 2 partials",
        id="a partial without value",
    ),
    pytest.param(
        "jacobian",
        ("c(x, y)",),
        derivative_pb2.JacobianResponse(rows=[row(1, 2), row(3)], **XY),
        "1 partials in a row for 2 variables",
        id="a ragged matrix",
    ),
    pytest.param(
        "jacobian",
        ("c(x, y)",),
        derivative_pb2.JacobianResponse(rows=[row(1, 2), row(3, 4)], values=[1.0], **XY),
        "1 values of f for 2 rows",
        id="values of f",
    ),
    pytest.param(
        "jacobian",
        ("c(x, y)",),
        derivative_pb2.JacobianResponse(factors=[derivative_pb2.Factor(rows=[row(1, 2)], variables=["t"])]),
        "2 partials in a row for 1 variables",
        id="a factor",
    ),
    pytest.param(
        "hessian",
        ("x*y",),
        derivative_pb2.HessianResponse(rows=[row(1, 2)], **XY),
        "1 rows for 2 variables",
        id="a flat matrix",
    ),
    pytest.param(
        "hessian",
        ("x*y",),
        derivative_pb2.HessianResponse(rows=[row(1, 2), row(2, 1)], eigenvalues=[1.0], **XY),
        "1 eigenvalues for 2 variables",
        id="eigenvalues",
    ),
    pytest.param(
        "taylor",
        ("exp(x)", {"x": 0.0}, 1),
        local_pb2.TaylorResponse(polynomial=formula(), expanded=formula(), variables=["x"], terms=[local_pb2.Term()]),
        "0 exponents for 1 variables",
        id="exponents",
    ),
    pytest.param("taylor", ("x", {"x": 0.0}, 1), local_pb2.TaylorResponse(), "without polynomial", id="no polynomial"),
    pytest.param("tangent", ("x", {"x": 0.0}), local_pb2.TangentResponse(), "kind of contact", id="no tangent"),
    pytest.param(
        "tangent",
        ("x*y", AT),
        local_pb2.TangentResponse(equation=formula(), contact="CONTACT_TANGENT", slopes=[1.0], **XY),
        "1 slopes for 2 variables",
        id="slopes",
    ),
    pytest.param(
        "approximate",
        ("x*y", AT),
        local_pb2.ApproximateResponse(partials=[local_pb2.Approximation()], **XY),
        "1 partials for 2 variables",
        id="differences",
    ),
    pytest.param(
        "extrema",
        ("x*y", {"x": (0, 1), "y": (0, 1)}),
        local_pb2.ExtremaResponse(
            critical_points=[descend_pb2.CriticalPoint(point=[expression_pb2.Coordinate(variable="x")])], **XY
        ),
        "coordinates are not those of the variables",
        id="a coordinate too few",
    ),
    pytest.param("check", ("x", "1"), check_pb2.CheckResponse(), "without a verdict", id="no verdict"),
    pytest.param(
        "explain",
        ("x",),
        derivative_pb2.ExplainResponse(derivative=formula("1"), steps=[derivative_pb2.Derivation(depth=2**31 - 1)]),
        "at depth 2147483647 of 1 steps",
        id="gigabytes of blanks",
    ),
    pytest.param(
        "export",
        ("x",),
        derivative_pb2.ExportResponse(codes=[derivative_pb2.Code(notation="NOTATION_R", file_name=".Rprofile")]),
        "file name '.Rprofile'",
        id="a hidden file",
    ),
    pytest.param(
        "export",
        ("x",),
        derivative_pb2.ExportResponse(codes=[derivative_pb2.Code(notation="NOTATION_C", file_name="Makefile")]),
        "file name 'Makefile'",
        id="another kind of file",
    ),
    pytest.param("plot", ("x",), plot_pb2.PlotResponse(media_type="text/html"), "kind 'text/html'", id="no figure"),
    pytest.param(
        "plot",
        ("x",),
        plot_pb2.PlotResponse(media_type="image/png", image=b"<svg/>"),
        "no image/png",
        id="another image",
    ),
    pytest.param("evaluate", ("x", POINTS), evaluated([1.0]), "1 values for 3 points", id="fewer values than points"),
    pytest.param(
        "evaluate", ("x", POINTS), evaluated([1.0] * 4), "4 values for 3 points", id="more values than points"
    ),
    pytest.param(
        "evaluate",
        ("x", POINTS, "x"),
        evaluated([1.0] * 3),
        "0 columns of derivatives for 1 wanted",
        id="no derivatives",
    ),
    pytest.param(
        "evaluate",
        ("x", POINTS, "x"),
        evaluated([1.0] * 3, [column(1.0)]),
        "1 derivatives in a column for 3 points",
        id="one derivative for all points",
    ),
]


def answer_with(faults, rpc, reply):
    name = "".join(word.capitalize() for word in rpc.split("_"))
    faults.answers[name] = lambda request, context: reply


def options(rpc, arguments):
    return {"order": 1} if rpc == "evaluate" and len(arguments) == 3 else {}


@pytest.mark.parametrize(("rpc", "arguments", "reply", "reason"), REPLIES)
def test_a_malformed_reply_raises_an_error_with_the_reason(faults, client, rpc, arguments, reply, reason):
    answer_with(faults, rpc, reply)
    with pytest.raises(secant.Internal, match="the server's reply is malformed") as raised:
        getattr(client, rpc)(*arguments, **options(rpc, arguments))
    assert reason in str(raised.value)
    assert (raised.value.reason, faults.address in str(raised.value)) == ("MALFORMED_REPLY", True)


def test_the_asynchronous_client_looks_at_replies_too(faults):
    answer_with(faults, "evaluate", evaluated([1.0]))
    faults.answers["Descend"] = lambda request, context: iter([descend_pb2.DescendResponse(steps=[step(0, 1.0, 2.0)])])

    async def main():
        async with secant.connect_async(faults.address) as s:
            with pytest.raises(secant.Internal, match="1 values for 3 points"):
                await s.evaluate("x", POINTS)
            with pytest.raises(secant.Internal, match="2 coordinates for 1 variables"):
                await s.descend("x", {"x": 1.0}).result()

    asyncio.run(main())


DESCENTS = [
    pytest.param([{"steps": [step(0, 1.0), step(1, 1.0, 2.0)]}], "2 coordinates for 1 variables", id="a point"),
    # As one array of 4 numbers these had passed for two points of two coordinates.
    pytest.param([{"steps": [step(0), step(1, 1.0, 2.0)]}], "0 coordinates for 1 variables", id="points that add up"),
    pytest.param([{"steps": [step(5, 1.0), step(4, 1.0)]}], "step 4 after step 5", id="going back"),
    pytest.param([{"variables": ["x", "y"]}], "2 variables for 1 coordinates of the start", id="variables"),
    pytest.param([{"outcome": outcome()}], "0 coordinates for 1 variables", id="the outcome"),
    pytest.param([{"outcome": outcome(1.0, reason=0)}], "without its reason", id="no reason"),
    pytest.param(
        [{"outcome": outcome(1.0, standard_errors=[1, 2])}], "2 standard errors for 1 variables", id="standard errors"
    ),
    pytest.param(
        [{"outcome": outcome(1.0, optima=[descend_pb2.Optimum()])}], "0 coordinates for 1 variables", id="an optimum"
    ),
    pytest.param([], "ended without an outcome", id="nothing"),
]


@pytest.mark.parametrize(("replies", "reason"), DESCENTS)
def test_steps_that_cannot_be_a_descent_end_it_with_an_error(faults, client, replies, reason):
    faults.answers["Descend"] = lambda request, context: (descend_pb2.DescendResponse(**fields) for fields in replies)
    with pytest.raises(secant.Internal, match=reason):
        client.descend("x", {"x": 1.0}).result()


STREAMS = [
    pytest.param([{"values": [1.0]}], "1 values for 2 points", id="a value too few"),
    pytest.param([{"values": [1.0, 2.0], "offset": 7}], "begins at 7, after 0 points", id="out of order"),
    pytest.param([{"values": [1.0, 2.0]}], "ended after 2 points, with blocks unanswered", id="a block too few"),
    pytest.param(
        [{"values": [1.0, 2.0]}, {"values": [1.0], "offset": 2}, {"values": [1.0], "offset": 3}],
        "more blocks than were sent",
        id="a block too many",
    ),
]


@pytest.mark.parametrize(("replies", "reason"), STREAMS)
def test_blocks_that_are_not_those_asked_for_end_the_stream_with_an_error(faults, client, replies, reason):
    def answer(requests, context):
        list(requests)
        return (evaluate_pb2.EvaluateStreamResponse(variables=["x"], **fields) for fields in replies)

    faults.answers["EvaluateStream"] = answer
    with pytest.raises(secant.Internal, match=reason):
        list(client.evaluate_stream("x", [{"x": [1.0, 2.0]}, {"x": [3.0]}]))


def test_a_batch_that_lost_a_block_is_no_shorter_answer(faults, client):
    faults.answers["EvaluateStream"] = lambda requests, context: iter([])
    with pytest.raises(secant.Internal, match="blocks unanswered"):
        client.evaluate("x", {"x": np.zeros(500_000)})


def test_bytes_that_are_no_message_are_an_error():
    def describe(request, context):
        return b"\xff\xff"

    server = grpc.server(ThreadPoolExecutor(1))
    handler = grpc.unary_unary_rpc_method_handler(describe)  # no serializer: bytes go as they are
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("secant.v1.CalculusService", {"Describe": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with secant.connect(f"127.0.0.1:{port}") as s, pytest.raises(secant.Internal, match="deserializing"):
        s.describe()
    server.stop(0).wait()


@pytest.mark.parametrize(
    "details",
    [
        pytest.param(b"\xff\xff\xff", id="no status"),
        pytest.param(b"", id="empty"),
        pytest.param(
            status_pb2.Status(code=3, message="no", details=[{"type_url": "x/google.rpc.ErrorInfo", "value": b"\xff"}]),
            id="a detail that is none",
        ),
        pytest.param(
            status_pb2.Status(code=3, message="no", details=[{"type_url": "", "value": b"\xff"}]), id="no type"
        ),
    ],
)
def test_details_that_cannot_be_read_do_not_hide_the_error(faults, client, details):
    trailer = details if isinstance(details, bytes) else details.SerializeToString()

    def refuse(request, context):
        context.set_trailing_metadata((("grpc-status-details-bin", trailer),))
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no")

    faults.answers["Describe"] = refuse
    with pytest.raises(secant.InvalidArgument, match="no"):
        client.describe()


def test_facts_that_are_no_numbers_are_left_out(faults, client):
    status = status_pb2.Status(code=3, message="no")
    for detail in (
        ErrorInfo(reason="SYNTAX_ERROR", metadata={"start": "nan", "end": "1e999", "limit": "many"}),
        BadRequest(),
        RetryInfo(retry_delay={"seconds": -5}),
    ):
        status.details.add().Pack(detail)

    def refuse(request, context):
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "no")

    faults.answers["Describe"] = refuse
    with pytest.raises(secant.InvalidArgument) as raised:
        client.describe()
    error = raised.value
    assert (error.span, error.limit, error.field, error.retry_after) == (None, None, "", None)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("sesame\n", id="a line end"),
        pytest.param("sesame ", id="a blank behind it"),
        pytest.param("sésame", id="not ASCII"),
        pytest.param("a\x00b", id="a zero"),
        pytest.param("", id="empty"),
    ],
)
@pytest.mark.parametrize("connect", [secant.connect, secant.connect_async])
def test_a_token_that_no_header_can_carry_is_refused_where_it_is_given(connect, token):
    with pytest.raises(secant.InvalidArgument, match="printable ASCII") as raised:
        connect("127.0.0.1:1", token=token)
    assert raised.value.field == "token"
    assert not token or token.strip() not in str(raised.value)


@pytest.mark.parametrize(
    "svg",
    [
        b"<svg><script>alert(1)</script></svg>",
        b"<svg onload='alert(1)'/>",
        b"<svg xmlns:x='http://www.w3.org/1999/xlink'><use x:href='https://example.org/a.svg#b'/></svg>",
        b"<svg><foreignObject><p/></foreignObject></svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
        b"<svg",
        b"<svg>\xff</svg>",
    ],
)
def test_a_figure_that_would_run_in_a_notebook_does_not_show_itself(faults, client, svg):
    answer_with(faults, "plot", plot_pb2.PlotResponse(image=svg, media_type="image/svg+xml"))
    figure = client.plot("x")
    assert (figure._repr_svg_(), figure.image) == (None, svg)


def test_the_service_s_own_figures_show_themselves(real):
    for kind, details in [("surface", {}), ("contour", {"arrows": "gradient"})]:
        assert real.plot("x^2 + y^2", kind, **details)._repr_svg_() is not None


@pytest.mark.parametrize(
    "latex", [r"\href{javascript:alert(1)}{x}", r"x$<img src=x onerror=alert(1)>$", r"\\$", r"\def\x{y}"]
)
def test_latex_that_is_more_than_a_formula_does_not_show_itself(faults, client, latex):
    answer_with(faults, "differentiate", derivative_pb2.DifferentiateResponse(derivative=formula(latex)))
    found = client.differentiate("x", notations="latex")
    assert (found.renderings["latex"], found._repr_latex_()) == (latex, None)
