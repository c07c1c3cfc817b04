"""Functions of scipy.special and NumPy that are formulas have the values of SciPy and mpmath."""

import mpmath
import numpy as np
import pytest
import scipy.special as sp
from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.program import compile as compile_program


def value(text, **at):
    function = read(text, Notation.PYTHON)
    return compile_program(function.outputs, list(at), function.graph.columns).point(list(at.values()))[0]


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("scipy.special.zeta(3)*x", {"x": 1.0}, mpmath.zeta(3)),
        ("scipy.special.zeta(2, q)", {"q": 0.3}, mpmath.zeta(2, 0.3)),
        ("torch.special.zeta(5, q)", {"q": 7.5}, mpmath.zeta(5, 7.5)),
        ("scipy.special.zeta(4, q)", {"q": -1.5}, mpmath.zeta(4, -1.5)),
        ("scipy.special.perm(n, 3)", {"n": 7.0}, 210),
        ("math.perm(n, k)", {"n": 2.0, "k": 3.0}, 0),
        ("scipy.special.poch(z, 2.5)", {"z": 1.5}, mpmath.rf(1.5, 2.5)),
        ("scipy.special.powm1(x, y)", {"x": 1.0000001, "y": 1e-3}, mpmath.powm1(mpmath.mpf(1.0000001), mpmath.mpf(1e-3))),
        ("scipy.special.inv_boxcox1p(y, 0.5)", {"y": 0.7}, sp.inv_boxcox1p(0.7, 0.5)),
        ("scipy.special.multigammaln(a, 3)", {"a": 4.2}, sp.multigammaln(4.2, 3)),
        ("scipy.special.k0e(x)", {"x": 2.0}, mpmath.besselk(0, 2) * mpmath.exp(2)),
        ("scipy.special.k1e(x)", {"x": 30.0}, mpmath.besselk(1, 30) * mpmath.exp(30)),
        ("scipy.special.jn(2, x)", {"x": 2.0}, mpmath.besselj(2, 2)),
        ("scipy.special.eval_legendre(5, x)", {"x": 0.3}, mpmath.legendre(5, 0.3)),
        ("scipy.special.eval_chebyt(7, x)", {"x": 0.3}, mpmath.chebyt(7, 0.3)),
        ("scipy.special.eval_chebyu(4, x)", {"x": 0.3}, mpmath.chebyu(4, 0.3)),
        ("scipy.special.eval_hermite(6, x)", {"x": 0.3}, mpmath.hermite(6, 0.3)),
        ("scipy.special.eval_hermitenorm(3, x)", {"x": 0.3}, 0.3**3 - 3 * 0.3),
        ("scipy.special.eval_laguerre(4, x)", {"x": 0.3}, mpmath.laguerre(4, 0, 0.3)),
        ("scipy.special.eval_laguerre(0, x)", {"x": 0.3}, 1),
        ("math.remainder(x, 2)", {"x": 7.3}, -0.7),
        ("np.interp(x, [0, 1, 3], [1, 3, 2])", {"x": 2.0}, np.interp(2.0, [0, 1, 3], [1, 3, 2])),
        ("np.interp(x, [0, 1, 3], [1, 3, 2])", {"x": -1.0}, 1),
        ("np.interp(x, [0, 1, 3], [1, 3, 2])", {"x": 3.0}, 2),
        ("np.interp(x, [0, 1, 3], [1, 3, 2])", {"x": 9.0}, 2),
        ("np.interp(x, [0, 1, 3], [1, 3, 2], left=-5, right=8)", {"x": 9.0}, 8),
        ("np.interp(x, [0, 1, 3], [1, y, 2])", {"x": 0.5, "y": 4.0}, 2.5),
    ],
)  # fmt: skip
def test_a_function_of_scipy_has_its_values(text, at, expected):
    assert value(text, **at) == pytest.approx(float(expected), rel=1e-12, abs=1e-300)


@pytest.mark.parametrize(
    ("text", "variable", "at", "slope"),
    [
        ("scipy.special.zeta(3, q)", "q", 0.7, lambda q: -3 * mpmath.zeta(4, q)),
        ("scipy.special.eval_legendre(3, x)", "x", 0.4, lambda x: (15 * x**2 - 3) / 2),
        ("scipy.special.poch(z, 2)", "z", 1.3, lambda z: 2 * z + 1),
        ("np.interp(x, [0, 1, 3], [1, 3, 2])", "x", 2.0, lambda _: -0.5),
    ],
)
def test_its_derivative_is_that_of_the_formula(text, variable, at, slope):
    found = differentiate(read(text, Notation.PYTHON), [variable], at={variable: at})
    assert found.derivative.value == pytest.approx(float(slope(at)), rel=1e-12)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("scipy.special.zeta(s)", "must be a constant"),
        ("scipy.special.zeta(1, q)", "whole numbers from 2"),
        ("scipy.special.zeta(2.5, q)", "whole number"),
        ("scipy.special.eval_legendre(n, x)", "must be a constant"),
        ("scipy.special.eval_legendre(1000, x)", "from 0 to 200"),
        ("np.interp(x, [1, 0], [1, 2])", "increasing"),
        ("np.interp(x, [0, 1], [1, 2, 3])", "2 values of x and 3 of y"),
        ("np.interp(x, [0, 1], [1, 2], period=1)", "without a period"),
        ("scipy.special.ellipe(m)", "(ellipe(m) - ellipk(m))/(2*m)"),
        ("scipy.special.hyp2f1(a, b, c, z)", "hyp2f1(a + 1, b + 1, c + 1, z)"),
        ("scipy.special.wofz(x)", "complex numbers"),
        ("np.angle(x)", "complex numbers"),
    ],
)
def test_what_is_not_read_is_refused_with_a_hint(text, part):
    with pytest.raises(CalculusError) as caught:
        read(text, Notation.PYTHON)
    assert part in f"{caught.value.headline} {caught.value.hint}"


def test_nan_to_num_is_left_out_with_a_notice():
    assert "nan_to_num() is left out" in read("np.nan_to_num(x**2, nan=0.0)", Notation.PYTHON).notices[0]
