"""A name that a body uses beside its parameters needs a value as a variable does."""

import numpy as np
import pytest
from secantd.analysis import approximate, extrema
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian, jacobian, tangent, taylor
from secantd.descent import DescentRequest, descend
from secantd.errors import CalculusError, Reason
from secantd.language import read

CALLS = {
    "differentiate": lambda f, at: differentiate(f, ["x"], at),
    "gradient": lambda f, at: gradient_answer(f, [], at),
    "hessian": lambda f, at: hessian(f, [], at),
    "jacobian": lambda f, at: jacobian(f, [], at),
    "taylor": lambda f, at: taylor(f, at, 2),
    "tangent": lambda f, at: tangent(f, at),
    "approximate": lambda f, at: approximate(f, at),
    "evaluate": lambda f, at: evaluate(f, {n: np.array([v]) for n, v in at.items()}, 1),
    "descend": lambda f, at: list(descend(DescentRequest(f, tuple(at.items()), max_steps=5))),
    "extrema": lambda f, at: extrema(f, {n: (v - 1.0, v + 1.0) for n, v in at.items()}),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_free_name_needs_a_value(name):
    call = CALLS[name]
    with pytest.raises(CalculusError, match="no value for 'b'") as caught:
        call(read("function(x) (x - b)^2 + b^2"), {"x": 1.0})
    assert caught.value.reason is Reason.UNKNOWN_VARIABLE
    assert call(read("function(x) (x - b)^2 + b^2"), {"x": 1.0, "b": 2.0})
