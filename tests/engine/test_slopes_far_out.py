"""Derivatives that cancel as printed keep their digits far out, in every call. True values: mpmath."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from mpmath import mp, mpf
from secantd.calculus import differentiate, evaluate, gradient_answer, hessian
from secantd.calculus.taylor import taylor
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.language import Notation, read

FAR = [1.3, 2.0, 4.7, 11.9, 12.5, 1e2, 1e3, 1e5, 1e8, 1e12]
DIGITS = 2e-15


def erfcx(x: mpf) -> list[mpf]:
    """Return erfcx and its derivatives: DLMF 7.18.7, 7.12.1 beyond what mpmath computes."""
    f = [mp.exp(x * x) * mp.erfc(x) if x < 1e3 else series(x, -1) * 2 / mp.sqrt(mp.pi)]
    f.append(2 * x * f[0] - 2 / mp.sqrt(mp.pi))
    for k in range(2, 5):
        f.append(2 * x * f[-1] + (2 * k - 2) * f[-2])
    return f


def dawsn(x: mpf) -> list[mpf]:
    f = [mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x) if x < 1e2 else series(x, 1)]
    f.append(1 - 2 * x * f[0])
    for k in range(2, 5):
        f.append(-2 * x * f[-1] - (2 * k - 2) * f[-2])
    return f


def series(x: mpf, sign: int) -> mpf:
    return mp.fsum(sign**k * mp.fac2(2 * k - 1) / (2 ** (k + 1) * x ** (2 * k + 1)) for k in range(40))


TRUE: dict[str, Callable[[mpf], list[mpf]]] = {"erfcx": erfcx, "dawsn": dawsn}


def true(name: str, x: float) -> list[mpf]:
    with mp.workdps(160):
        return TRUE[name](mpf(x))


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("x", FAR)
def test_derivatives_up_to_the_fourth_have_all_digits_far_out(name: str, x: float) -> None:
    f = read(f"{name}(x)")
    for order, expected in enumerate(true(name, x)[1:], 1):
        found = differentiate(f, ["x"] * order, at={"x": x}).derivative.value
        # Near a zero the error is that of the argument.
        slack = 8 * abs(x * true(name, x)[min(order + 1, 4)]) * 1.2e-16 if x < 4 else 0.0
        assert found == pytest.approx(float(expected), rel=DIGITS, abs=float(slack))


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("x", [4.7, 1e3, 1e5, 1e8])
def test_every_call_has_them(name: str, x: float) -> None:
    f = read(f"exp({name}(x))*x")
    value, first, second, *_ = true(name, x)
    slope = float((1 + x * first) * mp.exp(value))
    curve = float((2 * first + x * second + x * first * first) * mp.exp(value))
    assert gradient_answer(f, ["x"], {"x": x}).partials[0].value == pytest.approx(slope, rel=DIGITS)
    assert hessian(f, ["x"], {"x": x}).rows[0][0].value == pytest.approx(curve, rel=2 * DIGITS)
    many = evaluate(f, {"x": np.array([x, 1.0, x])}, 2, ["x"]).derivatives
    assert [d[0] for _, d in many] == pytest.approx([slope, curve], rel=2 * DIGITS)
    (bunch,) = descend(
        DescentRequest(read(f"{name}(x)"), (("x", x),), method=FixedRate(1e-9), max_steps=1, trace_every=1)
    )
    assert bunch.steps[0].gradient_norm == pytest.approx(abs(float(first)), rel=DIGITS)


@pytest.mark.parametrize("name", TRUE)
def test_slopes_at_infinity_and_beside_the_largest_double_have_no_nan(name: str) -> None:
    f = read(f"{name}(x)")
    at = np.array([1e155, 1e300, 1.7e308, math.inf])
    for _, values in evaluate(f, {"x": at}, 2, ["x"]).derivatives:
        assert np.all(np.abs(values) < 1e-307)


@pytest.mark.parametrize("name", TRUE)
def test_printed_formulas_and_taylor_polynomials_keep_the_printed_function(name: str) -> None:
    f = read(f"{name}(x) + log(1 + exp(x))", Notation.PYTHON)
    text = differentiate(f, ["x"]).derivative.text
    assert f"*{name}(x)" in text
    assert "_stable" not in text
    terms = taylor(f, {"x": 0.5}, 9).terms
    assert len(terms) == 10
    log = taylor(read("log(1 + exp(x))"), {"x": 0.5}, 9).terms
    for k in range(5):
        assert terms[k].derivative - log[k].derivative == pytest.approx(float(true(name, 0.5)[k]), rel=1e-12)
