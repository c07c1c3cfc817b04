"""Formulas of vectors in which exponentials meet have, as they are computed, the value and the slopes of the text."""

from random import Random

import numpy as np
import pytest
from secantd.calculus.arrays.functions import derivative
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.program import compile_shaped
from secantd.program.rescaled import stable_outputs

SHAPES = {"v": VariableShape(("n",)), "w": VariableShape(("n",)), "s": VariableShape(())}
POINT = {"v": np.array([0.3, -1.1, 0.8]), "w": np.array([1.2, 0.4, -0.7]), "s": 0.6}


def exponential(chance):
    u = chance.choice(["v", "w", "s", "-v", "2*v", "v - w", "w - v", "v - s", "v + s", "s/2", "-v^2/2", "3*(v - w)"])
    return chance.choice([*[f"exp({u})"] * 6, f"cosh({u})", f"expm1({u})", f"w*exp({u})", f"2^({u})"])


def reduced(chance):
    return f"{chance.choice(['sum', 'sum', 'mean'])}({total(chance, (1, 1, 2))})"


def total(chance, counts=(1, 2, 2, 3)):
    found = [exponential(chance) for _ in range(chance.choice(counts))]
    if chance.random() < 0.4:
        found.append(chance.choice(["1", "1", "2", "0.5"]))
    return " + ".join(found)


def below(chance):
    return chance.choice([reduced, total, lambda c: f"{reduced(c)} + {total(c, (1,))}", lambda c: f"1 + {reduced(c)}"])(
        chance
    )


def quotient(chance):
    power = chance.choice(["", "", "^2", "^1.5", "^0.5"])
    s = below(chance)
    above = chance.choice([exponential(chance), exponential(chance), "w", s, f"({s} + {exponential(chance)})"])
    return f"(({above})/({s}))" + power


def part(chance):
    q = quotient(chance)
    return chance.choice([q, f"log(abs({q}))", f"log({q})", f"log(1 - {q})", f"sqrt({below(chance)})", f"(1 - {q})",
                          f"log({below(chance)})", f"({below(chance)})*exp(v - s)", f"log(expit(v - {reduced(chance)}))"])  # fmt: skip


def formula(chance):
    text = part(chance)
    for _ in range(chance.choice([0, 0, 1])):
        text = chance.choice(["{0} + {1}", "{0} * ({1})", "w*{0} - {1}"]).format(text, part(chance))
    return f"sum({chance.choice(['', 'w*', 'v*'])}({text}))" if chance.random() < 0.8 else f"mean({text}) + sum(0*v)"


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
