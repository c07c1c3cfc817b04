"""Limits, kinks and overflow of functions of vectors and matrices, and functions of their entries."""

import math

import numpy as np
import pytest
from secantd.calculus import evaluate, gradient_answer, hessian, jacobian
from secantd.calculus.arrays.entrywise import entrywise
from secantd.calculus.arrays.points import values_at
from secantd.language import Function, Notation, read
from secantd.program import compile as compile_program

from .random_formulas import Writer, point

KINK = "f has a kink along {0} at {0} = {1}: the slope is {2} from the left and {3} from the right"
LIMIT = "the value of f is a limit"
OVERFLOW = "f or a derivative overflows at this point"


def test_a_function_of_entries_has_the_values_of_that_of_arrays():
    compared = 0
    for seed in range(150):
        writer = Writer(seed)
        output = writer.formula().node
        at = {name: np.asarray(v) if np.ndim(v) else float(v) for name, v in point(3, 2, seed).items()}
        function = Function(writer.m.graph, (output,), False, tuple(at), Notation.R, arrays=True)
        entries = entrywise(function, output, at)
        if entries is None:
            continue
        (one,) = entries.function.outputs
        names = tuple(entries.at)
        (found,) = compile_program([one], names).point([entries.at[n] for n in names])
        (expected,) = values_at(function, [output], at)
        assert found == pytest.approx(float(expected), rel=1e-9, abs=1e-12, nan_ok=True), seed
        compared += 1
    assert compared > 60


# f, x, the gradient and what a notice begins with. Worked out by hand.
AT = [
    ("sum(abs(x))", [0.0, 1.0], [0.0, 1.0], KINK.format("x[1]", 0, -1, 1)),
    ("max(x)", [1.0, 0.0, 1.0], [0.5, 0.0, 0.5], KINK.format("x[3]", 1, 0, 1)),
    ("sum(pmax(0, 1 - x))", [1.0, 2.0], [-0.5, 0.0], KINK.format("x[1]", 1, -1, 0)),
    ("sqrt(sum(x^2))", [0.0, 0.0], [math.nan, math.nan], KINK.format("x[2]", 0, -1, 1)),
    ("sum(sin(x)/x)", [0.0, 1.0], [0.0, math.cos(1) - math.sin(1)], LIMIT),
    ("sum(x*log(x))", [0.0, 1.0], [-math.inf, 1.0], "f has values on one side of x[1] = 0, x[2] = 1 only"),
    ("sum(exp(x))", [1000.0, 0.0], [math.inf, 1.0], OVERFLOW),
    (
        "sum(sort(x)*c(1, 2, 3))",
        [1.0, 1.0, 0.0],
        [2.0, 3.0, 1.0],
        "arguments of max, min, abs or a comparison are equal",
    ),
    ("sum(x*abs(x))", [0.0, 2.0], [0.0, 4.0], ""),
    ("log(sum(exp(x)))", [1000.0, 0.0], [1.0, 0.0], ""),
    ("sum((exp(x)/sum(exp(x)))*c(1, 2))", [1000.0, 0.0], [0.0, 0.0], ""),
]


@pytest.mark.parametrize(("text", "x", "slopes", "notice"), AT)
def test_every_call_has_the_limits_and_kinks_of_functions_of_vectors(text, x, slopes, notice):
    at = {"x": np.array(x)}
    gradient = gradient_answer(read(text), ["x"], at)
    values = gradient_answer(read(text), ["x"], at, values_only=True)
    rows = jacobian(read(text), ["x"], at)
    evaluated = evaluate(read(text), at, 1, ["x"])
    is_limit = notice == LIMIT or "one side" in notice
    for found, notices, limit in (
        (gradient.partials[0].values, gradient.notices, gradient.value_is_limit),
        (values.partials[0].values, values.notices, values.value_is_limit),
        (np.ravel(rows.rows[0][0].values), rows.notices, rows.values_are_limits == (True,)),
        (evaluated.derivatives[0][1], evaluated.notices, evaluated.limits == (0,)),
    ):
        assert np.ravel(found) == pytest.approx(slopes, rel=1e-12, nan_ok=True)
        # Evaluate says by `limits` which values are limits.
        told = notice if found is not evaluated.derivatives[0][1] or notice != LIMIT else ""
        assert any(n.startswith(told) for n in notices) if told else notices == ()
        assert limit == is_limit


def test_second_derivatives_and_matrices_have_limits_and_kinks_too():
    bent = hessian(read("sum(x*abs(x))"), ["x"], {"x": np.array([0.0, 2.0])})
    assert bent.notices[0].startswith(
        "f has no such derivative with respect to x[1] at x[1] = 0: the derivative of order 2 is -2"
    )
    limit = hessian(read("sum(sin(x)/x)"), ["x"], {"x": np.array([0.0, 1.0])})
    assert limit.rows[0][0].values[0, 0] == pytest.approx(-1 / 3, rel=1e-14)
    assert (limit.rows[0][0].value_is_limit, limit.value_is_limit) == (True, True)
    matrix = gradient_answer(read("sum(A %*% A) + sum(abs(A))"), ["A"], {"A": np.array([[1.0, 0.0], [-2.0, 3.0]])})
    assert matrix.notices[0].startswith(KINK.format("A[1,2]", 0, -1, 1))
    several = jacobian(read("c(sum(x), sum(abs(x)))"), ["x"], {"x": np.array([0.0, 2.0])})
    assert several.notices[0].startswith("f[1]" if len(several.rows) == 1 else "f has a kink along x[1]")


def test_many_kinks_have_a_few_notices_and_large_arrays_one():
    found = gradient_answer(read("sum(abs(x))"), ["x"], {"x": np.zeros(20)}, values_only=True)
    assert found.notices[-1] == "14 further notices of this kind are left out"
    large = gradient_answer(read("sum(abs(x))"), ["x"], {"x": np.zeros(100_000)}, values_only=True)
    assert [n.partition(":")[0] for n in large.notices] == [
        "arguments of max, min, abs or a comparison are equal at this point, or a value is NaN"
    ]
