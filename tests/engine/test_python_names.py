"""Names that only Python has: they decide the notation of a text, and mean what they mean in their packages."""

import numpy as np
import pytest
from secantd.language import Notation

from .arrays_at import value


@pytest.mark.parametrize(
    "text",
    ["np.linalg.norm(v)", "math.sqrt(v[0]**2 + np.sum(v[1:])**2)", "(lambda u: np.sqrt(u @ u))(v)", "v.sum() - len(v)"],
)
def test_a_text_with_names_that_only_python_has_is_read_as_python(text):
    assert value(text, {"v": np.array([3.0, 4.0])}, None) == 5


def test_functions_of_r_with_a_dot_are_no_methods():
    at = {"v": np.array([3.0, 4.0]), "w": np.array([1.0, 3.0])}
    assert value("weighted.mean(v, w) + which.max(v)", at, None) == 5.75


def test_signs_of_r_leave_a_text_with_names_of_python_to_r():
    assert value("np.sqrt(sum(v)^2 - 2*v[1]*v[2])", {"v": np.array([3.0, 4.0])}, None) == 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("np.sum(scipy.special.boxcox(v, 2))", 11.5),
        ("np.sum(scipy.special.xlogy(v, np.ones((2, 2))))", 0),
        ("np.sum(scipy.special.huber(1, v))", 6),
        ("np.sum(jax.nn.gelu(0*v, approximate=False))", 0),
    ],
)
def test_functions_of_scipy_and_jax_with_a_choice_take_vectors(text, expected):
    assert value(text, {"v": np.array([3.0, 4.0])}, Notation.PYTHON) == expected
