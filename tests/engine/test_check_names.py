"""Which mistake Check names, where it says that a function has no value, and the points that it tries."""

import pytest
from secantd.check.points import candidates
from secantd.check.verdict import Verdict

from .claims import judged


@pytest.mark.parametrize(
    ("text", "claimed", "slip"),
    [
        # 2*x is the derivative without a factor; a constant below the bar is no quotient rule.
        ("exp(-x^2/2)", "-2*x*exp(-x^2/2)", "factor"),
        ("sqrt(x + 1)", "1/sqrt(x + 1)", "power_factor"),
        ("2^x*3^x", "0", ""),
        # Infinite values are not equal, and 0 is no value of f in a claim.
        ("y %% x - acos(x)", "sqrt(7*y) - 0.5/x", ""),
        ("0*z", "1e-6*x", ""),
    ],
)
def test_a_mistake_is_named_only_where_it_explains_the_claim(text, claimed, slip):
    found = judged(text, claimed, "z" if "z" in text else "x")
    assert (found.verdict, found.slip) == (Verdict.REFUTED, slip), found.message


def test_a_derivative_at_the_end_of_a_domain_is_one():
    assert judged("sqrt(x)*x", "1.5*sqrt(x)").notices == ()
    assert judged("x*log(x)", "1 + log(abs(x))").notices == (
        "the claim has a value at x = -1, where the function has no value",
    )


def test_points_fill_all_quadrants():
    for n in (2, 3, 4):
        signs = candidates([], [f"x{i}" for i in range(n)], {}, 700) > 0
        assert len({tuple(column) for column in signs.T.tolist()}) == 2**n
