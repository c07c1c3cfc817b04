"""Claims about formulas without real values are compared as functions of complex numbers, and never refuted by rounding."""

import cmath

import mpmath
import pytest
from secantd.check.continued import complex_text, operations
from secantd.check.difference import settled
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.language import read
from secantd.precise import Digits
from secantd.settings import Limits

OURS = ["exact", "numeric"]
# A busy machine takes many times longer.
SLOW = Limits(check_seconds=60.0)


def judged(f, claim, *variables, witnesses=OURS):
    return judge(read(f), read(claim), variables or ["x"], witnesses=witnesses, limits=SLOW)


@pytest.mark.parametrize(
    ("f", "claim"),
    [
        # 1/sinh(x) has the integral log(tanh(x/2)), and by tables of integrals this one, of which no value is real.
        ("-atanh(cosh(x))", "1/sinh(x)"),
        ("atanh(sqrt(1 + x^4))/4 - sqrt(1 + x^4)/(4*x^4)", "1/(x^5*sqrt(1 + x^4))"),
        ("asin(2 + x^2)", "2*x*sqrt(-1)/sqrt((x^2 + 2)^2 - 1)*(-1)"),
        ("sqrt(-1 - x^2)", "-x*sqrt(-1 - x^2)/(-1 - x^2)"),
        ("acosh(x/(1 + x^2))*sqrt(-1)", "sqrt(-1)*(1 - x^2)/(1 + x^2)^2/(sqrt(x/(1 + x^2) - 1)*sqrt(x/(1 + x^2) + 1))"),
        ("x*log(-exp(x))", "log(-exp(x)) + x"),
        ("gamma(x + sqrt(-1))", "gamma(x + sqrt(-1))*digamma(x + sqrt(-1))"),
    ],
)
def test_right_claims_without_real_values_agree(f, claim):
    found = judged(f, claim)
    assert found.verdict in (Verdict.AGREES, Verdict.PROVED), found.message
    wrong = judged(f, f"({claim})*1.0001 + 0.0002")
    assert wrong.verdict is Verdict.REFUTED
    assert "in complex numbers, the derivative is" in wrong.message


def test_a_real_claim_is_refuted_by_both_values():
    found = judged("-atanh(cosh(x))", "2/sinh(x)")
    x = found.counterexample.point["x"]
    assert found.counterexample.true == pytest.approx(1 / mpmath.sinh(x))
    assert found.counterexample.claimed == pytest.approx(2 / mpmath.sinh(x))
    assert "f or the claim has no real value" in found.message


def test_a_complex_claim_is_refuted_without_numbers_that_are_none():
    found = judged("sqrt(-1 - x^2)", "3*sqrt(-1 - x^2)")
    assert found.verdict is Verdict.REFUTED
    assert found.counterexample.claimed != found.counterexample.claimed
    x = found.counterexample.point["x"]
    claim = 3 * cmath.sqrt(-1 - x**2)
    assert f"the claim 0 + {claim.imag:.6g}i" in found.message


def test_a_claim_that_is_complex_on_the_way_only_is_not_refuted():
    # exp(2*atanh(1/x)) is (x + 1)/(x - 1), also where atanh(1/x) is not real.
    found = judged("exp(2*atanh(1/x))*sqrt(1 - x)*sqrt(1 - x)", "-1")
    assert found.verdict is not Verdict.PROVED
    found = judged("x - x^3/3", "(1 - x^2)*exp(atanh(2 + x^2))/exp(atanh(2 + x^2))")
    assert found.verdict in (Verdict.AGREES, Verdict.PROVED)


@pytest.mark.parametrize(
    ("f", "claim"),
    [
        # Right for one sign of the root only.
        ("sqrt(-x^2)", "sqrt(-1)"),
        # No functions of complex numbers.
        ("log(-abs(x))", "1/x + 1"),
        ("ifelse(x > 0, log(-1 - x), log(-1 + x))", "2"),
        ("log(-1 - lgamma(x)^2)", "x"),
    ],
)
def test_what_cannot_be_compared_is_undecided(f, claim):
    assert judged(f, claim).verdict is Verdict.UNDECIDED


def test_a_difference_quotient_that_loses_all_digits_refutes_nothing():
    # At a = 10, x = 0.1 the double a*x is 1 + 5e-17: of 1 - 1/(a*x) there are 83 of 100 digits left, and the power of 9/2 of it divides.
    f = (
        "-32/99*(a - 1/x)^3*(1 + 1/(a*x))^(3/2)*(c - a*c*x)^(9/2)/(a^4*(1 - 1/(a*x))^(9/2))"
        " + 9088/3465*(1 + 1/(a*x))^(3/2)*(c - a*c*x)^(9/2)/(a^4*(1 - 1/(a*x))^(9/2)*x^3)"
        " - 768/385*(1 + 1/(a*x))^(3/2)*(c - a*c*x)^(9/2)/(a^3*(1 - 1/(a*x))^(9/2)*x^2)"
        " + 128/231*(1 + 1/(a*x))^(3/2)*(c - a*c*x)^(9/2)/(a^2*(1 - 1/(a*x))^(9/2)*x)"
        " + 2/11*(a - 1/x)^4*(1 + 1/(a*x))^(3/2)*x*(c - a*c*x)^(9/2)/(a^4*(1 - 1/(a*x))^(9/2))"
    )
    found = judge(
        read(f),
        read("exp(atanh(1/(a*x)))*(c - a*c*x)^(9/2)"),
        ["x"],
        {"a": 10.0, "x": 0.1, "c": -1.5},
        OURS,
        limits=SLOW,
    )
    assert found.verdict is not Verdict.REFUTED


@pytest.mark.parametrize("name", ["sqrt", "exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh"])  # fmt: skip
def test_operations_are_those_of_python_on_principal_branches(name):
    of_python = {"expm1": lambda z: cmath.exp(z) - 1, "log1p": lambda z: cmath.log(1 + z)}.get(name) or getattr(
        cmath, name
    )
    for z in (0.3 + 0.4j, -1.7 + 0.2j, 2.5 - 1j, -3 + 0j, 5 + 1j):
        assert complex(operations()[name](mpmath.mpmathify(z))) == pytest.approx(of_python(z), rel=1e-13)


def test_an_order_that_is_a_whole_number_may_be_computed_as_a_complex_one():
    found = judged("psigamma(x + sqrt(-1), 3 + sqrt(-1)^2)", "psigamma(x + sqrt(-1), 3)", witnesses=["numeric"])
    assert found.verdict is Verdict.AGREES


@pytest.mark.parametrize(
    ("value", "text"), [(2, "2"), (mpmath.mpc(0, -1), "0 - 1i"), (mpmath.mpc("0.5", "1e-60"), "0.5")]
)
def test_complex_numbers_are_shown_with_six_digits(value, text):
    assert complex_text(mpmath.mp, value) == text


def test_a_pole_that_rounding_hides_refutes_nothing():
    # At b = 0, F is infinite: its logarithm is atanh(1), which is finite where sqrt(a)*sqrt(a) is not a.
    f = "-a*atanh((a + b*sin(x)^2)/(sqrt(a + b)*sqrt(a + b*sin(x)^4)))/(2*(a + b)^(3/2)) + sqrt(a + b*sin(x)^4)/(2*cos(x)^2*(a + b))"
    found = judge(
        read(f), read("tan(x)^3/sqrt(a + b*sin(x)^4)"), ["x"], {"a": 20.0, "b": 0.0, "x": 3.0}, OURS, limits=SLOW
    )
    assert found.verdict is not Verdict.REFUTED


def test_a_claim_that_is_0_by_cancellation_is_refuted():
    assert judged("x*y", "y*(sin(x)^2 + cos(x)^2 - 1)").verdict is Verdict.REFUTED


def test_equal_values_where_all_variables_are_equal_are_no_agreement():
    # All of these points have a = b, where the factor a - b hides the mistake, and F has hardly any real value elsewhere.
    f = "x*(a - b)*sqrt(-(a - b)^2*(1 + x^2))"
    assert judged(f, "3*x", "x").verdict is not Verdict.AGREES


def test_whole_numbers_that_reading_rounds_are_no_mistake():
    # (u^10/a - (u - x)^10/a)' with terms that cancel, and whole numbers of which a double has 16 digits.
    f = "x*12345678901234567891/12345678901234567890 - x*12345678901234560001/12345678901234560000"
    found = judged(f, "1/12345678901234567890 - 1/12345678901234560000")
    assert found.verdict is not Verdict.REFUTED, found.message


@pytest.mark.parametrize("power", ["5/2", "7/2"])
def test_slopes_that_have_lost_all_digits_on_both_sides_alike_refute_nothing(power):
    # At c = 5, a = 10, x = 0.1 the root of c - c/(a*x)^2 is 1e-8, and its quotient with that of 1 - 1/(a*x)^2 is sqrt(5).
    f = f"x^3*(c - c/(a*x)^2)^({power})/(1 - 1/(a*x)^2)^({power})*(1 - 1/(a*x)^2)^5"
    claim = f"x^2*c^({power})*(3*(1 - 1/(a*x)^2)^5 + 10*(1 - 1/(a*x)^2)^4/(a*x)^2)"
    found = judge(read(f), read(claim), ["x"], {"c": 5.0, "a": 10.0, "x": 0.1}, OURS, limits=SLOW)
    assert found.verdict is not Verdict.REFUTED, found.message


def test_values_that_only_rounding_gives_far_out_are_no_agreement():
    # x^4/sqrt(x^8 - 2) is above 1 at all x, and next to 1 beyond 100, where x^8 - 1 and x^8 - 2 are nearly equal.
    f = "-atanh(x^4/sqrt(x^8 - 2))/4 + x^4*sqrt(x^8 - 2)/8"
    assert judged(f, "x^3*sqrt(x^8 - 1)").verdict is Verdict.REFUTED
    assert judged("(x - 300)^(3/2)", "3*sqrt(x - 300)/2").verdict in (Verdict.AGREES, Verdict.PROVED)
    assert judged("sqrt((x - 300)^3)", "3*sqrt(x - 300)/2").verdict in (Verdict.AGREES, Verdict.PROVED)


@pytest.mark.parametrize(("x", "is_settled"), [(20.0, True), (94.6448, False)])
def test_a_slope_that_does_not_change_within_its_step_is_not_settled(x, is_settled):
    # At 95, tanh(x) is 1 - 6e-83, and atanh() of it is constant within a step of 1e-33, to 100 digits.
    node = read("atanh(sqrt(a)*tanh(x)/sqrt(a + b - b*tanh(x)^2))").outputs[0]
    at = {"a": 3.7, "b": 105.5, "x": x}
    slope = Digits(node, {}).slope("x", at)
    assert settled(lambda n, digits: Digits(n, {}, digits), node, at, 1.0, "x", slope) is is_settled


@pytest.mark.parametrize(
    ("f", "claim"),
    [("c*(g^(2 + x))^(1/log(g))", "c*exp(2 + x)"), ("exp(c*x)*(g^(2 + x))^(c/log(g))", "2*c*exp(c*x)*exp(c*(2 + x))")],
)
def test_values_that_come_through_an_infinite_result_refute_nothing(f, claim):
    # g^(1/log(g)) is e at each positive g, and at 0 computes as 0^0, which is 1.
    found = judge(read(f), read(claim), ["x"], {"g": 0.0, "x": 2.0, "c": 3.0}, OURS, limits=SLOW)
    assert found.verdict in (Verdict.AGREES, Verdict.PROVED), found.message
    assert any("the function has no derivative at" in notice and "g = 0" in notice for notice in found.notices)


@pytest.mark.parametrize(
    ("text", "via_infinity"),
    [("1/(1 + 1/x)", True), ("exp(-1/x^2)", True), ("atan(log(x))", True), ("x/(1 + x)", False), ("min(x, Inf)", False),
     ("ifelse(x == 0, 1, sin(x)/x)", False), ("ifelse(x == 0, 1, 1/x)", False), ("ifelse(x == 0, 2 + 1/(1/x), 1)", True)],
)  # fmt: skip
def test_a_value_through_an_infinite_result_is_known(text, via_infinity):
    digits = Digits(read(text).outputs[0], {})
    digits.value({"x": 0.0})
    assert digits.via_infinity is via_infinity


def test_values_that_overflow_gives_are_no_agreement():
    # (a - 2*a*cosh(x))^(3/2) has no value where sqrt(a) has one, and 1/Inf is 0 where cosh(x) overflows.
    found = judged("sqrt(a)*tanh(x)", "1/(a - 2*a*cosh(x))^(3/2)")
    assert found.verdict is Verdict.REFUTED
    assert "the claim has no value" in found.message
