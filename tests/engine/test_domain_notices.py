"""A derivative's formula may have values where f itself has none: the answer has a notice there, and only there."""

import pytest
from secantd.calculus import differentiate, gradient_answer, hessian, jacobian
from secantd.language import read

NOTICE = "f is not defined at this point: the numbers are only those of the derivative's formula"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(lambda f, at: differentiate(f, ["x"], at), id="differentiate"),
        pytest.param(lambda f, at: gradient_answer(f, [], at), id="gradient"),
        pytest.param(lambda f, at: gradient_answer(f, [], at, values_only=True), id="values of a gradient"),
        pytest.param(lambda f, at: jacobian(f, [], at), id="jacobian"),
        pytest.param(lambda f, at: hessian(f, [], at), id="hessian"),
    ],
)
@pytest.mark.parametrize(
    ("text", "x", "outside"),
    [("log(x)", -1.0, True), ("log(x)", 1.0, False), ("sqrt(x)", -1.0, False), ("x*log(x)", 0.5, False)],
)
def test_a_derivative_outside_the_domain_of_f_has_a_notice(answer, text, x, outside):
    assert (NOTICE in answer(read(text), {"x": x}).notices) == outside
