"""Answers that a small change of the program would make wrong: cases that mutation testing found to be missing."""

import numpy as np
import pytest
from secantd.calculus import taylor
from secantd.check.verdict import Verdict
from secantd.errors import CalculusError
from secantd.language import Notation, read

from .arrays_at import value
from .claims import judged

X = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("text", "notation", "at", "expected"),
    [
        # assignments by a mask: one value for all, or one for each chosen element
        ("v[v > 1] <- 2*v[v > 1]; sum(v * c(1, 10, 100))", Notation.R, {"v": [1.0, 2.0, 3.0]}, 1 + 40 + 600),
        ("v[v > 1] <- 5; sum(v * c(1, 10, 100))", Notation.R, {"v": [1.0, 2.0, 3.0]}, 1 + 50 + 500),
        # whole rows and columns
        ("A[, 2] <- c(10, 20); sum(A * A)", Notation.R, {"A": X}, 1 + 100 + 9 + 16 + 400 + 36),
        ("A[1, ] <- c(7, 8, 9); sum(A * A)", Notation.R, {"A": X}, 49 + 64 + 81 + 16 + 25 + 36),
        # the length of a matrix is the number of its rows in Python, of its entries in R
        ("len(A) + 0*np.sum(A)", Notation.PYTHON, {"A": X}, 2),
        ("length(A) + 0*sum(A)", Notation.R, {"A": X}, 6),
        # slices from and to 0
        ("np.sum(v[0:2])", Notation.PYTHON, {"v": [1.0, 2.0, 4.0]}, 3),
        ("np.sum(v[-2:])", Notation.PYTHON, {"v": [1.0, 2.0, 4.0]}, 6),
        # both axes of two matrices
        ("np.tensordot(A, A, 2)", Notation.PYTHON, {"A": X}, 91),
        # a diagonal in Einstein's notation
        ("np.einsum('ii->', A[:, :2])", Notation.PYTHON, {"A": X}, 6),
    ],
)
def test_vectors_and_matrices_have_the_value_of_numpy_and_r(text, notation, at, expected):
    assert value(text, {n: np.array(v) for n, v in at.items()}, notation) == expected


def test_an_empty_slice_is_refused():
    with pytest.raises(CalculusError, match="empty"):
        value("np.sum(v[:0])", {"v": np.array([1.0, 2.0])}, Notation.PYTHON)


def test_a_vector_of_another_rank_is_refused_by_tensordot():
    f = {"v": np.array([1.0, 2.0]), "A": X}
    with pytest.raises(CalculusError):
        value("np.tensordot(A, v, 2)", f, Notation.PYTHON)


@pytest.mark.parametrize("size", ["1e-12", "1e-150", "1e150"])
def test_a_factor_of_two_is_refuted_at_every_size(size):
    assert judged(f"{size}*x^2", f"{size}*x").verdict is Verdict.REFUTED


def test_a_check_at_infinity_is_refused():
    with pytest.raises(CalculusError, match="finite"):
        judged("x^2", "2*x", at={"x": float("inf")})


def test_whole_derivatives_are_whole_in_a_taylor_polynomial_also_when_they_are_large():
    terms = taylor(read("exp(10*x)"), {"x": 0.0}, 6).terms
    assert [t.derivative for t in terms] == [10.0**k for k in range(7)]


def test_a_claim_with_a_constant_too_much_or_too_little_is_told_so():
    assert "superfluous" in judged("x^2", "2*x + 3").message
    assert "missing" in judged("x^2 + 3*x", "2*x").message
