"""Matrices, polynomials, tangents, differences, derivations and critical points over the wire: bad input, and forms."""

import math

import pytest
from secant.v1 import derivative_pb2, descend_pb2, expression_pb2, local_pb2

F, At, Bound = expression_pb2.Expression, expression_pb2.Coordinate, descend_pb2.Bound
VALUE, VARIABLE, LIMIT, UNDEFINED = "INVALID_VALUE", "UNKNOWN_VARIABLE", "LIMIT_EXCEEDED", "UNDEFINED_AT_POINT"


def at(**values: float) -> list[At]:
    return [At(variable=name, value=value) for name, value in values.items()]


REFUSED = [
    ("Hessian", derivative_pb2.HessianRequest(expression=F(text="c(x, y)")), VALUE, "expression.text"),
    ("Hessian", derivative_pb2.HessianRequest(expression=F(text="x*y"), at=at(x=1)), VARIABLE, "at"),
    ("Hessian", derivative_pb2.HessianRequest(expression=F(text="x*y"), values_only=True), VALUE, "at"),
    (
        "Hessian",
        derivative_pb2.HessianRequest(expression=F(text="+".join(f"x{i}^2" for i in range(600)))),
        LIMIT,
        "variables",
    ),
    (
        "Jacobian",
        derivative_pb2.JacobianRequest(expression=F(text="c(x, y)"), variables=["x", "x"]),
        VALUE,
        "variables[1]",
    ),
    (
        "Jacobian",
        derivative_pb2.JacobianRequest(
            expression=F(text="x*y"), inner=[derivative_pb2.Inner(variable="z", expression=F(text="t"))]
        ),
        VARIABLE,
        "inner",
    ),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="exp(x)"), at=at(x=0), order=10**6), LIMIT, "order"),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="exp(x)"), at=at(x=0), order=-1), VALUE, "order"),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="exp(x)"), order=2), VALUE, "at"),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="log(x)"), at=at(x=-1), order=2), UNDEFINED, "at"),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="abs(x)"), at=at(x=0), order=2), UNDEFINED, "at"),
    ("Taylor", local_pb2.TaylorRequest(expression=F(text="1/x"), at=at(x=0), order=2), UNDEFINED, "at"),
    ("Tangent", local_pb2.TangentRequest(expression=F(text="log(x)"), at=at(x=-1)), UNDEFINED, "at"),
    ("Tangent", local_pb2.TangentRequest(expression=F(text="x*y"), at=at(x=1)), VARIABLE, "at"),
    ("Tangent", local_pb2.TangentRequest(expression=F(text="x"), at=at(x=math.nan)), VALUE, "at[0].value"),
    ("Approximate", local_pb2.ApproximateRequest(expression=F(text="x^2"), at=at(x=1), step=0), VALUE, "step"),
    ("Approximate", local_pb2.ApproximateRequest(expression=F(text="x^2"), at=at(x=1), step=math.nan), VALUE, "step"),
    ("Approximate", local_pb2.ApproximateRequest(expression=F(text="x^2"), at=at(x=1), step=1e-300), VALUE, "step"),
    ("Approximate", local_pb2.ApproximateRequest(expression=F(text="1/x"), at=at(x=0)), UNDEFINED, "at"),
    (
        "Approximate",
        local_pb2.ApproximateRequest(expression=F(text="x*y"), at=at(x=1, y=1), sweep=True),
        VALUE,
        "sweep",
    ),
    ("Approximate", local_pb2.ApproximateRequest(expression=F(text="x"), at=at(x=1), scheme=99), VALUE, "scheme"),
    ("Explain", derivative_pb2.ExplainRequest(expression=F(text="exp(x)"), by_definition=True), VALUE, "by_definition"),
    ("Explain", derivative_pb2.ExplainRequest(expression=F(text="x*y")), VALUE, "variables"),
    ("Explain", derivative_pb2.ExplainRequest(expression=F(text="x"), variables=["x"] * 10**5), LIMIT, "variables"),
    ("Extrema", local_pb2.ExtremaRequest(expression=F(text="x^2")), VARIABLE, "box"),
    (
        "Extrema",
        local_pb2.ExtremaRequest(expression=F(text="x^2"), box=[Bound(variable="x", lower=0)]),
        VALUE,
        "box[0]",
    ),
    (
        "Extrema",
        local_pb2.ExtremaRequest(expression=F(text="x^2"), box=[Bound(variable="x", lower=1, upper=-1)]),
        VALUE,
        "box[0]",
    ),
    (
        "Extrema",
        local_pb2.ExtremaRequest(expression=F(text="x^2"), box=[Bound(variable="x", lower=0, upper=math.inf)]),
        VALUE,
        "box[0]",
    ),
]


@pytest.mark.parametrize(
    ("method", "request_", "reason", "field"), [pytest.param(*row, id=f"{row[0]}-{i}") for i, row in enumerate(REFUSED)]
)
def test_what_makes_no_sense_is_refused_with_its_reason_and_field(calculus, failure, method, request_, reason, field):
    error = failure(getattr(calculus, method), request_)
    assert (error.reason, error.field) == (reason, field)
    assert error.code == ("OUT_OF_RANGE" if reason == UNDEFINED else "INVALID_ARGUMENT")


@pytest.mark.parametrize(("text", "shape"), [("x*y", "1 x 2"), ("c(x, y, x*y)", "3 x 2"), ("c(x^2)", "1 x 1")])
def test_a_jacobian_has_its_shape(calculus, text, shape):
    reply = calculus.Jacobian(derivative_pb2.JacobianRequest(expression=F(text=text)))
    assert reply.shape.text == shape


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (expression_pb2.FORM_LIGHT, "2 * (1 + x)"),
        (expression_pb2.FORM_EXPANDED, "2 * x + 2"),
        (expression_pb2.FORM_FACTORED, "2 * (x + 1)"),
        (expression_pb2.FORM_SIMPLIFIED, "2 * x + 2"),
    ],
)
def test_the_form_asked_for_comes_from_where_there_is_time_for_it(calculus, form, text):
    request = derivative_pb2.DifferentiateRequest(expression=F(text="(x + 1)^2"), form=form)
    reply = calculus.Differentiate(request)
    assert (reply.derivative.text, reply.derivative.form) == (text, form)


def test_a_quick_call_that_turns_out_to_need_the_algebra_gets_it(calculus):
    reply = calculus.Differentiate(derivative_pb2.DifferentiateRequest(expression=F(text="sin(x)/x"), at=at(x=0)))
    assert (reply.value, reply.derivative.value, reply.derivative.value_is_limit) == (1.0, 0.0, True)


def test_a_kink_is_an_answer_not_an_error(calculus):
    reply = calculus.Tangent(local_pb2.TangentRequest(expression=F(text="abs(x)"), at=at(x=0)))
    assert reply.contact == local_pb2.CONTACT_KINK
    assert (reply.left_slope, reply.right_slope) == (-1, 1)
    assert not reply.HasField("equation")


def test_every_notation_asked_for_is_in_every_part_of_a_derivation(calculus):
    asked = [expression_pb2.NOTATION_PYTHON, expression_pb2.NOTATION_LATEX]
    reply = calculus.Explain(derivative_pb2.ExplainRequest(expression=F(text="sin(x^2)"), notations=asked))
    last = reply.steps[-1]
    for formula in (last.expression, last.result, *[p.formula for p in last.parts], reply.derivative):
        assert [r.notation for r in formula.renderings] == asked
    assert reply.derivative.text == "2*x*cos(x**2)"
