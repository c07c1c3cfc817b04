"""Answers in MathML, the notation of pages."""

import xml.etree.ElementTree as ET

import grpc
import pytest
from secant.v1 import derivative_pb2, expression_pb2

MATHML = expression_pb2.NOTATION_MATHML
SPACE = "{http://www.w3.org/1998/Math/MathML}"


def expression(text):
    return expression_pb2.Expression(text=text)


@pytest.mark.parametrize(
    "text",
    ["x^2/3", 'exp(-x^2/2)*`<b>&"`', "ifelse(x > 0, x, -x)", "sqrt(abs(x))", "sum((y - x)^2)", "sin(x)^2 + log(x)"],
)
def test_a_derivative_is_one_element_of_well_formed_xml(calculus, text):
    asked = derivative_pb2.DifferentiateRequest(expression=expression(text), variables=["x"], notations=[MATHML])
    if text.startswith("sum"):
        asked.expression.data.add(name="y", values=[1, 2])
    found = ET.fromstring(calculus.Differentiate(asked).derivative.text)
    assert found.tag == f"{SPACE}math"
    assert {e.tag.removeprefix(SPACE) for e in found.iter()} <= set(
        "math mrow mi mn mo mfrac msup msub msubsup msqrt mtext mtable mtr mtd munder mover mspace".split()
    )


def test_it_stands_beside_other_notations(calculus):
    asked = derivative_pb2.GradientRequest(
        expression=expression("x^2*y"), notations=[expression_pb2.NOTATION_R, MATHML]
    )
    partial = calculus.Gradient(asked).partials[0]
    assert partial.text == "2 * (x * y)"
    assert [r.notation for r in partial.renderings] == [expression_pb2.NOTATION_R, MATHML]
    assert "".join(ET.fromstring(partial.renderings[1].text).itertext()) == "2xy"


@pytest.mark.parametrize("method", ["Explain", "Export"])
def test_steps_and_code_are_not_written_in_it(calculus, method):
    asked = getattr(derivative_pb2, f"{method}Request")(expression=expression("x^2"), notations=[MATHML])
    with pytest.raises(grpc.RpcError) as caught:
        getattr(calculus, method)(asked)
    assert "formulas are not written in MATHML" in caught.value.details()


def test_formulas_are_not_read_in_it(calculus):
    asked = derivative_pb2.DifferentiateRequest(expression=expression("x^2"))
    asked.expression.notation = MATHML
    with pytest.raises(grpc.RpcError) as caught:
        calculus.Differentiate(asked)
    assert caught.value.code() is grpc.StatusCode.INVALID_ARGUMENT
