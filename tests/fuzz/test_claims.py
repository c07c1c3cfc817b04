"""A few dozen random claims; `./dev fuzz --claims` takes 10 000."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import claims


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_what_check_answers_about_random_claims_is_so(seed):
    for i in range(15):
        text, claimed, found, _ = claims.check(f"test {seed} {i}")
        # How long it takes depends on the machine.
        assert [p for p in found if not p.startswith("took")] == [], f"{text}  ~  {claimed}"


@pytest.mark.parametrize(
    ("text", "claimed", "variable", "verdict"),
    [
        # What is left of a small number beside a large one: found by this fuzz.
        ("sin(exp(y)) + (-(z + 4))", "cos(exp(y)) * exp(y) + x - x", "y", "PROVED"),
        ("exp(x) + (2 * y)^3", "sqrt(exp(x)^2)", "x", "AGREES"),
        # 3/1.5 is exact: a decimal that is moved by rounding would make it 1.
        ("cos((3 %/% 1.5)*(x*z))", "-(2*(z*sin(2*(x*z)))) + 1e-6*x", "x", "REFUTED"),
        ("-((z + 0)*(2 %% 0.5))", "1e-6*x", "z", "REFUTED"),
        # x < 0 has no point with z < x, unless points fill all quadrants.
        ("y*ifelse(z < x, 3, z)", "ifelse(z < x, 2, z)", "y", "REFUTED"),
        # No bound of x alone, and no order of variables, is a domain of these.
        ("x*z + acos(z)", "abs(x - 1/sqrt(1 - z^2))", "z", "REFUTED"),
        ("x %% z + y^0", "abs(-(x %/% z))", "z", "REFUTED"),
        ("1e-200*x^2", "1e-200*x", "x", "REFUTED"),
        ("1e-250*x^2 + y", "1e-250*x", "x", "REFUTED"),
        # A product that depends on x and has a derivative of 0.
        ("floor(x)*ceiling(x) + x^2", "x^3", "x", "REFUTED"),
        # The sign is another for some x below 0 only, where the second derivative of lgamma has a value.
        ("y^2*trigamma(x)", "sqrt((y^2 * psigamma(x, 2))^2)", "x", "REFUTED"),
        # Equal at whole numbers, and at a few points with z < 0.
        ("tanpi(y)^2", "tanpi(y)^3", "y", "REFUTED"),
        ("trigamma(gamma(x)) - digamma(2)/(x + z)",
         "sqrt((0.422784335098467/(x + z)^2 + digamma(x) * gamma(x) * psigamma(gamma(x), 2))^2)", "x", "REFUTED"),
    ],
)  # fmt: skip
def test_what_the_fuzz_found_stays_mended(text, claimed, variable, verdict):
    found = claims.judge(claims.read(text), claims.read(claimed), [variable], witnesses=["exact", "numeric"])
    assert found.verdict.name == verdict, found.message
    assert (found.slip, "holds" in found.message) == ("power_factor" if "1e-2" in text else "", False)
