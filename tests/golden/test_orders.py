"""Derivatives of Bessel functions with respect to the order.

The values of orders.tsv are central differences with a step of 1e-20 of mpmath's functions, computed with 100 digits. `scale` is what an
error is compared with: the value, and where J and Y oscillate the root of the sum of both squares.
"""

from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import differentiate, hessian
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.program.operations import OPERATIONS

LINES = [line.split("\t") for line in (Path(__file__).parent / "orders.tsv").read_text().splitlines()][1:]
DIGITS = 1e-11


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


def test_the_mixed_derivative_is_printed_and_that_in_the_order_alone_is_refused_with_the_reason() -> None:
    function = read("besselK(x, n)")
    mixed = "-(0.5 * (besselK_grad_nu(x, 1 + n) + besselK_grad_nu(x, n - 1)))"
    assert differentiate(function, ["n", "x"]).derivative.text == mixed
    with pytest.raises(CalculusError, match="known to first order only"):
        hessian(function, ["x", "n"])


def test_at_the_edges_are_limits() -> None:
    edges = {
        "besselJ_grad_nu": (-np.inf, 0.0, 0.0), "besselY_grad_nu": (-np.pi / 2, -np.inf, 0.0),
        "besselI_grad_nu": (-np.inf, 0.0, -np.inf), "besselK_grad_nu": (0.0, np.inf, 0.0),
    }  # fmt: skip
    for name, values in edges.items():
        for (x, nu), value in zip(((0.0, 0.0), (0.0, 1.5), (np.inf, 1.5)), values, strict=True):
            assert OPERATIONS[name].careful(x, nu) == value, (name, x, nu)
        assert all(np.isnan(OPERATIONS[name].careful(*at)) for at in ((-1.0, 1.0), (np.nan, 1.0), (1.0, np.nan)))
