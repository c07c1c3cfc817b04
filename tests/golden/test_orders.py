"""Derivatives of Bessel functions with respect to the order, and second ones.

The values of orders.tsv are central differences with a step of 1e-20 of mpmath's functions, computed with 100 digits; second ones with
one of 1e-25 and 150 digits. `scale` is what an error is compared with: the value, where J and Y oscillate the root of the sum of both
squares, and at the zeros of the second derivative of I the function divided by x.
"""

from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import differentiate, gradient_answer, hessian
from secantd.descent import DescentRequest, Newton, descend
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.program.operations import OPERATIONS

LINES = [line.split("\t") for line in (Path(__file__).parent / "orders.tsv").read_text().splitlines()][1:]
DIGITS = 2e-11


@pytest.mark.parametrize("name", list(dict.fromkeys(line[0] for line in LINES)))
def test_a_derivative_with_respect_to_the_order_has_eleven_digits(name: str) -> None:
    mine = [(*map(float, at.split()), float(value), float(scale)) for n, at, value, scale in LINES if n == name]
    assert len(mine) > 80
    x, nu, value, scale = np.array(mine).T
    with np.errstate(all="ignore"):
        error = np.abs(OPERATIONS[name].array(x, nu) - value) / scale
    assert np.max(error) < DIGITS, (x[np.argmax(error)], nu[np.argmax(error)])
    for at in range(0, len(mine), 4):
        assert abs(OPERATIONS[name].careful(float(x[at]), float(nu[at])) - value[at]) < DIGITS * scale[at], (
            x[at],
            nu[at],
        )


@pytest.mark.parametrize(
    ("text", "notation", "derivative"),
    [
        ("besselJ(x, n)", Notation.R, "besselJ_grad_nu(x, n)"),
        ("besselY(2, n)^2", Notation.R, "2 * (besselY(2, n) * besselY_grad_nu(2, n))"),
        ("besselI(x, n, TRUE)", Notation.R, "besselI_grad_nu(x, n, expon.scaled = TRUE)"),
        ("besselK(x, 2*n)", Notation.R, "2 * besselK_grad_nu(x, 2 * n)"),
        ("jv(n, x)", Notation.PYTHON, "besselJ_grad_nu(x, n)"),
        ("kve(n, x)", Notation.PYTHON, "besselK_grad_nu(x, n, expon_scaled=True)"),
    ],
)
def test_derivatives_with_respect_to_the_order_are_named(text: str, notation: Notation, derivative: str) -> None:
    found = differentiate(read(text, notation), ["n"])
    assert found.derivative.text == derivative
    (notice,) = found.notices
    assert "is computed numerically" in notice


def test_second_derivatives_with_respect_to_the_order_are_named_and_third_ones_refused_with_the_reason() -> None:
    function = read("besselK(x, n)")
    mixed = "-(0.5 * (besselK_grad_nu(x, 1 + n) + besselK_grad_nu(x, n - 1)))"
    assert differentiate(function, ["n", "x"]).derivative.text == mixed
    assert differentiate(function, ["n", "n"]).derivative.text == "besselK_grad_nu_nu(x, n)"
    scaled = differentiate(read("besselI(x, n, TRUE)"), ["n", "n"]).derivative.text
    assert scaled == "besselI_grad_nu_nu(x, n, expon.scaled = TRUE)"
    with pytest.raises(CalculusError, match="known to second order only"):
        differentiate(function, ["n", "n", "n"])


@pytest.mark.parametrize(
    "text",
    [
        "besselJ(x, n)", "besselY(x, n)", "besselI(x, n)", "besselK(x, n)", "besselI(x, n, TRUE)", "besselK(x, n, expon.scaled = TRUE)",
        "besselJ(x, n)^2 * besselK(x, -n)",
    ],
)  # fmt: skip
@pytest.mark.parametrize("at", [(1.7, 0.6), (0.3, 4.2), (12.0, 2.5), (2.5, -1.3), (2.0, 0.0)])
def test_a_hessian_with_respect_to_argument_and_order_is_the_slope_of_the_gradient(
    text: str, at: tuple[float, float]
) -> None:
    function, names = read(text), ["x", "n"]
    point = dict(zip(names, at, strict=True))
    matrix = np.array([[entry.value for entry in row] for row in hessian(function, names, point).rows])

    def gradient_at(name: str, change: float) -> np.ndarray:
        answer = gradient_answer(function, names, {**point, name: point[name] + change})
        return np.array([entry.value for entry in answer.partials])

    for i, name in enumerate(names):
        # Richardson's extrapolation of central differences
        near, far = ((gradient_at(name, h) - gradient_at(name, -h)) / (2 * h) for h in (1e-3, 2e-3))
        np.testing.assert_allclose(matrix[i], (4 * near - far) / 3, rtol=1e-6, atol=1e-8 * np.abs(matrix).max())


def test_newtons_method_finds_an_order() -> None:
    """The order at which K(2) is 0.5, and the smallest K of negative and positive orders, at 0."""
    (*_, last) = descend(DescentRequest(read("(besselK(2, n) - 0.5)^2"), {"n": 2.5}, method=Newton()))
    assert last.outcome is not None
    assert OPERATIONS["besselK"].careful(2.0, last.outcome.point[0]) == pytest.approx(0.5, abs=1e-6)
    (*_, last) = descend(DescentRequest(read("besselK(2, n)"), {"n": 0.5}, method=Newton()))
    assert last.outcome is not None
    assert last.outcome.point[0] == pytest.approx(0, abs=1e-6)


def test_at_the_edges_are_limits() -> None:
    edges = {
        "besselJ_grad_nu": (-np.inf, 0.0, 0.0), "besselY_grad_nu": (-np.pi / 2, -np.inf, 0.0),
        "besselI_grad_nu": (-np.inf, 0.0, -np.inf), "besselK_grad_nu": (0.0, np.inf, 0.0),
    }  # fmt: skip
    for name, values in edges.items():
        for (x, nu), value in zip(((0.0, 0.0), (0.0, 1.5), (np.inf, 1.5)), values, strict=True):
            assert OPERATIONS[name].careful(x, nu) == value, (name, x, nu)
        assert all(np.isnan(OPERATIONS[name].careful(*at)) for at in ((-1.0, 1.0), (np.nan, 1.0), (1.0, np.nan)))


def test_second_derivatives_at_the_edges_are_limits() -> None:
    edges = {
        "besselJ_grad_nu_nu": (np.inf, 0.0, 0.0), "besselY_grad_nu_nu": (-np.inf, -np.inf, 0.0),
        "besselI_grad_nu_nu": (np.inf, 0.0, -np.inf), "besselK_grad_nu_nu": (np.inf, np.inf, 0.0),
    }  # fmt: skip
    for name, values in edges.items():
        for (x, nu), value in zip(((0.0, 0.0), (0.0, 1.5), (np.inf, 1.5)), values, strict=True):
            assert OPERATIONS[name].careful(x, nu) == value, (name, x, nu)
        assert all(np.isnan(OPERATIONS[name].careful(*at)) for at in ((-1.0, 1.0), (np.nan, 1.0), (1.0, np.nan)))


def test_far_out_modified_functions_are_their_asymptotic_expansions() -> None:
    """One term of DLMF 10.40.1 and 10.40.2, and its derivatives; SciPy's functions end at 1e9."""
    nu = 2.0
    for x in (1e12, 1e20, 1e100, 1e150, 1e200, 1e308):
        i, k = 1 / np.sqrt(2 * np.pi) / np.sqrt(x), np.sqrt(np.pi / 2) / np.sqrt(x)
        expected = {
            "besselI.scaled": i, "besselK.scaled": k, "besselI_grad_nu.scaled": -nu / x * i, "besselK_grad_nu.scaled": nu / x * k,
            "besselI_grad_nu_nu.scaled": -i / x, "besselK_grad_nu_nu.scaled": k / x,
        }  # fmt: skip
        for name, value in expected.items():
            assert OPERATIONS[name].careful(x, nu) == pytest.approx(value, rel=1e-11, abs=1e-305), (name, x)
            assert OPERATIONS[name].careful(x, 0.3) > 0 if name in ("besselI.scaled", "besselK.scaled") else True
        assert OPERATIONS["besselI"].careful(x, nu) == np.inf
        assert OPERATIONS["besselK"].careful(x, nu) == 0
