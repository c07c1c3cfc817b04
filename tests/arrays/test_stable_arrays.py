"""Formulas of vectors in which exponentials meet have, as they are computed, the value and the slopes of the text."""

import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from secantd.calculus import evaluate, gradient_answer, hessian, jacobian
from secantd.calculus.arrays.functions import derivative
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.program import compile_shaped
from secantd.program.rescaled import stable_outputs
from secantd.settings import Limits

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from vectors import SHAPES, formula

POINT = {"v": np.array([0.3, -1.1, 0.8]), "w": np.array([1.2, 0.4, -0.7]), "s": 0.6}


def values(function, output):
    nodes = [output, *[derivative(function, output, [v]).node for v in function.variables]]
    found = compile_shaped(function.graph, nodes, function.variables)({n: POINT[n] for n in function.variables})
    return [np.asarray(v, dtype=float) for v in found]


@pytest.mark.sample(10)
@pytest.mark.parametrize("block", range(200))
@pytest.mark.filterwarnings("ignore")
def test_a_formula_of_vectors_is_computed_with_the_value_and_the_slopes_of_its_text(block):
    for n in range(15):
        text = formula(Random(f"{block} {n}"))
        function = read(text, Notation.R, shapes=SHAPES)
        with np.errstate(all="ignore"):
            wanted = values(function, function.outputs[0])
            found = values(function, stable_outputs(function)[0])
        for a, b in zip(found, wanted, strict=True):
            if np.all(np.isfinite(b)):
                np.testing.assert_allclose(a, b, rtol=1e-7, atol=1e-9, err_msg=f"{block} {n}: {text}")


def test_the_logarithm_of_a_softmax_of_a_vector_is_a_vector():
    function = read("sum(w*log(exp(v)/sum(exp(v))))", Notation.R, shapes=SHAPES)
    v, w = POINT["v"], POINT["w"]
    found = dict(zip(["", *function.variables], values(function, stable_outputs(function)[0]), strict=True))
    assert found[""] == pytest.approx(np.sum(w * (v - np.log(np.sum(np.exp(v))))), rel=1e-14)
    assert found["v"] == pytest.approx(w - np.sum(w) * np.exp(v) / np.sum(np.exp(v)), rel=1e-12)


def test_a_vector_over_itself_is_a_vector_of_ones():
    function = read("sum((exp(v) + w)/(exp(v) + w))", Notation.R, shapes=SHAPES)
    assert values(function, stable_outputs(function)[0])[0] == 3.0


def test_a_power_of_a_number_by_a_vector_has_a_gradient():
    function = read("sum(v*(2^(-v)/(1 + sum(v)))^2)", Notation.R, shapes={"v": VariableShape(("n",))})
    v = POINT["v"]
    steps = 1e-6 * np.eye(3)
    above, below = ([np.sum(u * (2**-u / (1 + np.sum(u))) ** 2) for u in (v + sign * steps)] for sign in (1.0, -1.0))
    slopes = (np.array(above) - below) / 2e-6
    assert values(function, function.outputs[0])[1] == pytest.approx(slopes, rel=1e-7)


def written_out(text, n):
    """Return a formula of numbers: sum(...) of vectors entry by entry."""
    return " + ".join(text.format(*[f"{name}{i}" for name in "vw"]) for i in range(1, n + 1))


def flat(partials):
    return np.concatenate([np.ravel(p.values if p.value is None else p.value) for p in partials])


# Sums, with {0} and {1} for the entries of v and w and S for a sum of all; what S is.
FAR_OUT = [
    ("log(abs((exp({1} - {0})/(S + exp(-{0}^2/2)))^0.5))", "expm1({0} - s) + 0.5"),
    ("{1}*({1}/S)^2", "exp(-{0}) + exp({0} - s) + 1"),
    ("({1}*exp(s)/S)", "exp({0} + s) + 1"),
    ("sqrt({0}^2*exp(2*s))/S", "exp({1} - s) + {0}^2"),
]
FAR_POINTS = [
    ([-709.75, 800.25, 800.0], [-709.75, 800.25, 800.0], 100.0),
    ([-710.0, -1000.0, 1000.25], [-40.0, -1.0, 400.0], 1.0),
    ([-709.75, 800.0, -710.0], [1.0, 1000.0, 100.0], 709.0),
    ([0.5, 0.25, -0.3], [1.0, 2.0, -1.0], 0.7),
]


@pytest.mark.parametrize("point", range(len(FAR_POINTS)))
@pytest.mark.parametrize(("term", "inner"), FAR_OUT)
def test_far_out_the_derivatives_by_vectors_are_those_by_their_entries(term, inner, point):
    v, w, s = FAR_POINTS[point]
    whole = f"sum({term.format('v', 'w').replace('S', 'sum(' + inner.format('v', 'w') + ')')})"
    every = written_out(inner, 3)
    entries = written_out(term.replace("S", f"({every})"), 3)
    f, g = read(whole, Notation.R, shapes=SHAPES), read(entries, Notation.R)
    at = {"v": np.array(v), "w": np.array(w), "s": s}
    names = {"v": ("v1", "v2", "v3"), "w": ("w1", "w2", "w3"), "s": ("s",)}
    single = {n: x for name, group in names.items() for n, x in zip(group, np.ravel(at[name]).tolist(), strict=True)}
    used = tuple(n for name in f.variables for n in names[name])
    wanted = gradient_answer(g, used, single, values_only=True)
    numbers = [p.value for p in wanted.partials]
    found = gradient_answer(f, f.variables, at, values_only=True)
    assert found.value == pytest.approx(wanted.value, rel=1e-12, nan_ok=True)
    got = flat(found.partials)
    assert got == pytest.approx(numbers, rel=1e-11, abs=1e-307, nan_ok=True)
    rows = jacobian(f, f.variables, at).rows[0]
    assert flat(rows) == pytest.approx(got, rel=1e-12, nan_ok=True)
    answer = evaluate(f, at, 1, f.variables)
    assert np.concatenate([np.ravel(d) for _, d in answer.derivatives]) == pytest.approx(got, rel=1e-12, nan_ok=True)
    second = hessian(f, ("s",), at, values_only=True).rows[0][0].value
    assert second == pytest.approx(
        hessian(g, ("s",), single, values_only=True).rows[0][0].value, rel=1e-10, abs=1e-307, nan_ok=True
    )


def test_vectors_that_are_too_long_for_more_digits_have_a_notice():
    function = read("sum(1/(1 + v^200*s))", Notation.R, shapes=SHAPES)
    at = {"v": np.linspace(-100.0, 100.0, 5000), "s": 1.0}
    found = gradient_answer(function, ("v",), at, values_only=True)
    assert any("overflows on the way" in n and "digits may be lost" in n for n in found.notices)


def test_second_derivatives_by_too_many_entries_for_more_digits_have_a_notice():
    function = read("sum(1/(1 + v^200*s))", Notation.R, shapes=SHAPES)
    at = {"v": np.linspace(-100.0, 100.0, 61), "s": 1.0}
    found = hessian(function, ("v",), at, values_only=True, limits=Limits(algebra_seconds=0.1))
    assert any("overflows on the way" in n and n.endswith("it takes too long") for n in found.notices)


def test_what_overflows_within_a_function_that_has_its_digits_is_not_noticed():
    function = read("sum(log1p(exp(v)) - w*v)", Notation.R, shapes=SHAPES)
    v = np.linspace(-800.0, 800.0, 1999)
    found = gradient_answer(function, ("v", "w"), {"v": v, "w": v}, values_only=True)
    assert found.notices == ()
    assert found.value == pytest.approx(np.sum(np.logaddexp(0.0, v) - v * v), rel=1e-13)
