"""SciPy's distributions, with loc and scale: the values are SciPy's."""

import numpy as np
import pytest
from scipy import stats
from secantd.calculus import evaluate, gradient_answer
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.language.distributions import DISTRIBUTIONS, METHODS, is_distribution

AT = {"a": 1.3, "b": 2.1, "c": 1.7, "s": 0.8, "df": 4.0, "dfn": 3.5, "dfd": 6.25, "n": 6.0, "p": 0.4, "mu": 2.2}
# The argument of densities, probabilities and quantiles; of discrete distributions a whole number.
CONTINUOUS = {"d": 0.9, "p": 0.9, "q": 0.3}
DISCRETE = {"d": 1.0, "p": 2.0, "q": 0.3}
METHOD_NAMES = [f"{d}.{m}" for d in DISTRIBUTIONS for m in METHODS if is_distribution(f"stats.{d}.{m}")]


@pytest.mark.parametrize("name", METHOD_NAMES)
def test_methods_of_distributions_have_the_values_of_scipy(name):
    distribution = DISTRIBUTIONS[name.partition(".")[0]]
    letter = METHODS[name.partition(".")[2]][0]
    for further in (
        ("", ", loc=1", ", 1")
        if distribution.discrete
        else ("", ", loc=0.25", ", scale=1.6", ", loc=0.25, scale=1.6", ", 0.25", ", 0.25, 1.6", ", 0, 1")
    ):
        text = f"stats.{name}({', '.join(['x', *distribution.parameters.split()])}{further})"
        at = {**AT, "x": (DISCRETE if distribution.discrete else CONTINUOUS)[letter]}
        function = read(text, Notation.PYTHON)
        found = evaluate(function, {v: [at[v]] for v in function.variables})
        assert np.ravel(found.values) == pytest.approx([eval(text, {**at, "stats": stats})], rel=1e-10), text


def test_arguments_are_those_of_scipy():
    assert read("scipy.stats.norm.logpdf(y, loc=m, scale=s)").variables == ("y", "m", "s")
    with pytest.raises(CalculusError, match="'sd' is not a parameter"):
        read("stats.norm.logpdf(y, sd=s)")
    with pytest.raises(CalculusError, match="'a' is missing"):
        read("stats.gamma.logpdf(y)")


@pytest.mark.parametrize("name", [n for n in METHOD_NAMES if not DISTRIBUTIONS[n.partition(".")[0]].discrete])
def test_derivatives_by_place_and_scale_are_those_of_the_values_of_scipy(name):
    parameters = DISTRIBUTIONS[name.partition(".")[0]].parameters.split()
    text = f"stats.{name}({', '.join(['x', *map(str, map(AT.get, parameters))])}, m, w)"
    at = {"x": CONTINUOUS[METHODS[name.partition(".")[2]][0]], "m": 0.25, "w": 1.6}
    found = gradient_answer(read(text, Notation.PYTHON), at=at)
    for variable, got in zip(found.variables, [p.value for p in found.partials], strict=True):
        h = 1e-5
        low, high = (eval(text, {**at, variable: at[variable] + d, "stats": stats}) for d in (-h, h))
        assert got == pytest.approx((high - low) / (2 * h), rel=1e-6, abs=1e-8), variable


@pytest.mark.parametrize("name", METHOD_NAMES)
def test_methods_of_scipy_take_no_flags_of_r(name):
    parameters = DISTRIBUTIONS[name.partition(".")[0]].parameters.split()
    for flag in ("log=True", "lower_tail=False", "log_p=True", "ncp=0"):
        with pytest.raises(CalculusError, match="is not a parameter of"):
            read(f"stats.{name}({', '.join(['x', *parameters, flag])})", Notation.PYTHON)
    with pytest.raises(CalculusError, match="too many arguments"):
        read(f"stats.{name}({', '.join(['x', *parameters, '0', '1', 'True'])})", Notation.PYTHON)
