"""Claims: the verdict on them, whatever the formula, and the finding of each witness."""

import os
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from secantd.calculus.derivative import light_derivative
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.render import r_text
from secantd.settings import Limits

from .claims import OURS, judged, opinions

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))


from formulas import formula

# Random claims of a test.
EXAMPLES = 60 if "SECANT_TEST_LONG" in os.environ else 20


def random_claim(seed):
    """Return a random function of the table, one of its variables, and its derivative as text.

    Where a function has no variable or no known derivative, hypothesis draws another seed.
    """
    chance = Random(f"claim {seed}")
    text = formula(chance, 3)
    function = read(text, Notation.R)
    assume(function.variables)
    variable = chance.choice(function.variables)
    try:
        return text, variable, r_text(light_derivative(function, function.outputs[0], [variable]), 5_000)
    except CalculusError:
        reject()


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**6))
def test_the_true_derivative_is_never_refuted(seed):
    text, variable, derivative = random_claim(seed)
    found = judged(text, derivative, variable)
    assert found.verdict is not Verdict.REFUTED, (text, variable, derivative, found.message)


# What each makes of a derivative differs from it by a good part of it, unless it is one odd constant.
CHANGES = ("({d}) * 1.00001 + 0.0000314", "-({d}) - 0.512", "2 * ({d}) + 3.1")


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**6), st.sampled_from(CHANGES))
def test_a_derivative_that_is_off_everywhere_is_never_proved_and_never_agrees(seed, change):
    text, variable, derivative = random_claim(seed)
    found = judged(text, change.format(d=derivative), variable)
    assert found.verdict in (Verdict.REFUTED, Verdict.UNDECIDED), (text, variable, change, found.message)


@settings(max_examples=EXAMPLES)
@given(st.integers(0, 10**6))
def test_sympy_proves_no_claim_that_is_off(seed):
    text, variable, derivative = random_claim(seed)
    found = judged(text, f"({derivative}) + 0.25", variable, asked=["sympy"], limits=Limits(check_seconds=1.0))
    assert found.verdict is not Verdict.PROVED, (text, variable, derivative)


def test_the_same_question_has_the_same_answer():
    first, again = (judged("x^2*sin(y)", "c(2*x*sin(y), x*cos(y))") for _ in range(2))
    assert replace(first, derivatives=()) == replace(again, derivatives=())
    assert [d.text for d in first.derivatives] == [d.text for d in again.derivatives]


def test_the_point_of_the_caller_is_tried_first():
    found = judged("x^2*y", "c(2*x, x^2)", at={"x": 4.0, "y": 2.5})
    assert found.counterexample is not None
    assert (found.counterexample.point, found.counterexample.claimed, found.counterexample.true) == (
        {"x": 4.0, "y": 2.5},
        8.0,
        20.0,
    )


def test_the_point_of_the_caller_need_not_hold_what_does_not_occur():
    f = read("x^2")
    f.declared = frozenset({"z"})
    found = judge(f, read("c(3*x, 0)"), ("x", "z"), {"x": 7.0})
    assert found.counterexample is not None
    assert found.counterexample.point == {"x": 7.0, "z": 1.0}


def test_a_point_at_which_a_wrong_claim_is_right_is_not_the_last():
    found = judged("x^2", "x^2", at={"x": 2.0})
    assert found.counterexample is not None
    assert found.counterexample.point["x"] not in (0.0, 2.0)


def test_the_first_counterexample_is_a_readable_point():
    found = judged("x^2*y^3", "c(2*x*y^3, x^2*y^2)")
    assert found.counterexample is not None
    assert all(v in (1.0, 2.0, 3.0) for v in found.counterexample.point.values())


def test_the_message_prints_enough_digits_to_distinguish_both_values_of_a_refuted_claim():
    found = judged("x^2", "2.0000001*x")
    assert "the claim is 2.0000001, but the derivative with respect to x is 2" in found.message


@pytest.mark.parametrize(
    ("text", "claimed", "notice"),
    [
        ("x^2", "2*sqrt(x)^2", "the claim has no value at x = -1, where the derivative is -2"),
        ("log(x)", "abs(x)/x^2 + 0*log(x)", ""),
        ("x*log(x)", "1 + log(abs(x))", "the claim has a value at x = -1, where the function has no value"),
        (
            "abs(x)",
            "ifelse(x >= 0, 1, -1)",
            "the function has no derivative at x = 0, so the claim was not compared there",
        ),
        (
            "cos(ifelse(z == 10, 10, z))",
            "-sin(ifelse(z == 10, 10, z))*ifelse(z == 10, 0, 1)",
            "at z = 10 differences of f",
        ),
        ("5*x", "5 + 0*y", "'y' in the claim is not a variable of the function; its variable is 'x'"),
        # Doubles overflow on the way to the derivative.
        ("1/(1 + exp(-x))", "exp(-x)/(1 + exp(-x))^2", ""),
        ("1/(1 + exp(-x))", "1/(1 + exp(-x))*(1 - 1/(1 + exp(-x)))", ""),
        ("exp(x)/(exp(x) + 2)", "2*exp(x)/(exp(x) + 2)^2", ""),
        ("sqrt((x - 2)^2)", "sign(x - 2)", "the claim has a value at x = 2, where the function has no derivative"),
    ],
)
def test_where_claim_and_derivative_do_not_both_exist_is_noted(text, claimed, notice):
    found = judged(text, claimed)
    assert found.verdict in (Verdict.PROVED, Verdict.AGREES), found.message
    assert any(n.startswith(notice) for n in found.notices) if notice else found.notices == ()


def test_a_claim_is_not_refuted_where_doubles_overflow_on_the_way():
    found = judged("log(1 + exp(x))", "exp(x)/(1 + exp(x))")
    assert found.verdict in (Verdict.PROVED, Verdict.AGREES)
    assert found.notices == ()


def test_zero_by_identity_is_not_refuted_by_rounding():
    for text, claimed in (("sin(x)^2 + cos(x)^2", "0"), ("3*x", "3 + (sqrt(2)^2 - 2)"), ("x", "1 + sin(pi)")):
        assert judged(text, claimed, asked=["numeric"]).verdict is Verdict.AGREES, text
    assert judged("5", "sin(pi)", "x").verdict is not Verdict.REFUTED


@pytest.mark.parametrize("x", [20.0, 1.0])
def test_a_claim_that_cancels_in_doubles_is_not_refuted_by_them(x):
    # 12,345 rows are too many for values to 100 digits.
    found = judged("sum(1:12345)*x", "sum(1:12345)*(cosh(x)^2 - sinh(x)^2)", "x", at={"x": x})
    assert found.verdict in (Verdict.PROVED, Verdict.AGREES)
    assert judged("sum(1:12345)*x", "sum(1:12345)*cosh(x)^2", "x", at={"x": x}).verdict is Verdict.REFUTED


def test_without_a_rule_values_decide(monkeypatch):
    # As if no derivative with respect to the order were known.
    monkeypatch.setattr(
        "secantd.check.judge.exact_partials", lambda graph, output, names: ([None] * len(names), "none")
    )
    right = judged("besselJ(2, x)", "(besselJ(2, x + 1e-5) - besselJ(2, x - 1e-5))/2e-5", asked=OURS)
    assert opinions(right)["exact"] == "UNDECIDED"
    assert right.verdict is not Verdict.REFUTED
    assert right.derivatives == ()
    assert judged("besselJ(2, x)", "-x").verdict is Verdict.REFUTED


def test_a_gradient_of_many_variables_is_tried_along_directions_and_the_wrong_partial_found():
    names = [f"x{i}" for i in range(60)]
    text, claim = (
        "+".join(f"{n}^2*{i + 1}" for i, n in enumerate(names)),
        [f"{2 * i + 2}*{n}" for i, n in enumerate(names)],
    )
    right = judged(text, f"c({', '.join(claim)})")
    assert (right.verdict, opinions(right)["numeric"]) == (Verdict.PROVED, "AGREES")
    claim[41] = "85*x41"
    wrong = judged(text, f"c({', '.join(claim)})", asked=["numeric"])
    assert wrong.counterexample is not None
    assert (wrong.verdict, wrong.variables[wrong.counterexample.position]) == (Verdict.REFUTED, "x41")


def test_a_claim_of_zero_is_not_explained_by_a_second_derivative():
    found = judged("x + y", "c(1, 0)")
    assert (found.verdict, found.slip, found.variable) == (Verdict.REFUTED, "", "y")


def test_a_term_is_quoted_in_the_notation_of_the_function():
    found = judge(read("x**3 + 5*x**2", Notation.PYTHON), read("3*x**2 + 2*x", Notation.PYTHON), witnesses=OURS)
    assert found.message.endswith("the derivative of 5*x**2 is 5 times that in the claim")


def test_a_claim_about_another_variable_than_the_requested_one_is_named_as_the_mistake():
    found = judged("x^3*y", "x^3", "x")
    assert (found.slip, found.variable) == ("other_variable", "x")
    assert found.message.endswith("with respect to y, not x")


def test_a_claim_without_a_value_is_refuted_at_a_point_where_the_derivative_has_one():
    found = judged("sqrt(x)", "log(-x)")
    assert found.counterexample is not None
    place = found.counterexample
    assert place.claimed != place.claimed
    assert place.true == pytest.approx(0.5 / place.point["x"] ** 0.5, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "claimed", "variables", "verdict", "names"),
    [
        ("x*y", "c(k, 1)", [], Verdict.REFUTED, "variables are 'x', 'y'"),
        ("3", "k", ["x"], Verdict.REFUTED, "variable is 'x'"),
        ("3", "k - k", ["x"], Verdict.PROVED, "variable is 'x'"),
        ("*".join(f"v{i}" for i in range(9)), "k", ["v8"], Verdict.REFUTED, "'v6', 'v7', …"),
        ("x^2", "2*x + 0*k", ["x"], Verdict.PROVED, "variable is 'x'"),
        ("x^2", "2*x*k/k", ["x"], Verdict.PROVED, "variable is 'x'"),
        ("x^2", "2*k", ["x"], Verdict.REFUTED, "variable is 'x'"),
    ],
)
def test_a_claim_with_a_name_that_the_function_lacks_is_decided(text, claimed, variables, verdict, names):
    found = judged(text, claimed, *variables)
    assert found.verdict is verdict, found.message
    assert any(n.startswith("'k' in the claim is not a variable of the function") and names in n for n in found.notices)
    if verdict is Verdict.REFUTED:
        assert found.counterexample is not None
        assert found.counterexample.point["k"] == found.counterexample.claimed / (2 if "2*" in claimed else 1)


def test_a_point_may_have_a_value_for_a_name_that_only_the_claim_has():
    assert judged("x^2", "2*k", at={"x": 3.0, "k": 5.0}).message.startswith("at x = 3, k = 5 the claim is 10")


ON_A_DOMAIN = [
    ("sqrt(2*V*m/q)/B", "sqrt(m/(2*V*q*B^2))", "V", "AGREES", "for m > 0 and q > 0 and B > 0, but not everywhere"),
    (
        "ifelse(abs(r) <= d, 0.5*r^2, d*(abs(r) - 0.5*d))",
        "pmax(-d, pmin(d, r))",
        "r",
        "AGREES",
        "for d > 0, but not everywhere",
    ),
    ("sqrt(a^2)*x", "a", "x", "AGREES", "for a > 0 only"),
    ("asin(2*x*sqrt(1 - x^2))", "2/sqrt(1 - x^2)", "x", "AGREES", "for |x| < 1/sqrt(2) only"),
    ("asin(2*x/(1 + x^2))", "2/(1 + x^2)", "x", "AGREES", "for |x| < 1 only"),
    ("sqrt(a^2)*x", "-a", "x", "REFUTED", "for a < 0 only"),
    ("sqrt(x^2)", "1", "x", "REFUTED", "for x > 0 only"),
    ("abs(x^2 - 1)", "2*x", "x", "REFUTED", "for |x| > 1 only"),
    ("abs(x - 3)", "1", "x", "REFUTED", "for x > 3 only"),
    ("pmin(pmax(x, -1), 1)", "1", "x", "REFUTED", "for |x| < 1 only"),
    ("pmax(x, y)", "1", "x", "REFUTED", "for x > y only"),
    ("sqrt(x^2*y^2)", "y", "x", "REFUTED", "for x*y > 0 only"),
    ("ifelse(x > 50, x^2, x)", "1", "x", "REFUTED", "for x < 50 only"),
    ("abs(sin(x))", "cos(x)", "x", "REFUTED", "for 0 < x < pi, but not everywhere"),
    ("acos(cos(x))", "1", "x", "REFUTED", "for 0 < x < pi, but not everywhere"),
    ("asin(sin(x))", "1", "x", "AGREES", "for |x| < pi/2, but not everywhere"),
    ("pmin(x, y, z)", "1", "x", "REFUTED", "for x < y and x < z only"),
    ("abs(x)*y", "y", "x", "REFUTED", "for x > 0 only"),
    # Points with two negative coordinates show it.
    ("sqrt(y*z - x^2)", "abs(z/sqrt(y*z - x^2)/2)", "y", "AGREES", "for z > 0 only"),
    # Right up to the next value that is tried is no bound.
    ("3*y*exp(y)", "abs((3 + 3*y)*exp(y))", "y", "REFUTED", "for y > -1 only"),
    # Wrong between the limits of two pieces only.
    ("ifelse(z < 1.5, x, y)", "ifelse(z < 1.3, 0, 1)", "y", "REFUTED", ""),
    # In doubles both are 1 from 20 on, both are 0 from 30 on, and nearly equal around 0.
    ("log(cosh(x))", "1", "x", "REFUTED", ""),
    ("exp(-x^2)", "0", "x", "REFUTED", ""),
    ("x^2/2", "sin(x)", "x", "REFUTED", ""),
    # Right for some z between the test points, whatever they are, and wrong there for other y or w.
    ("z - y + ifelse(y >= 1, z, y)", "1 + ifelse(w >= 1, 1, 0)", "z", "REFUTED", ""),
    ("sin(y + z)", "abs(cos(y + z))", "y", "REFUTED", ""),
]


@pytest.mark.parametrize(("text", "claimed", "variable", "verdict", "domain"), ON_A_DOMAIN)
def test_the_domain_on_which_a_claim_holds_is_named(text, claimed, variable, verdict, domain):
    found = judged(text, claimed, variable)
    assert found.verdict.name == verdict, found.message
    named = f"the claim holds {domain}"
    if verdict == "AGREES":
        assert found.message.startswith(f"{named}; there ")
        assert any(n.startswith(f"{named}: at ") and "and the derivative is" in n for n in found.notices)
        assert found.counterexample is None
    elif domain:
        assert found.slip == "domain"
        assert found.message.endswith(named)
    else:
        assert "holds" not in found.message


def test_an_error_bound_above_all_values_is_no_agreement():
    # exp(exp(10)) is above 1e9000, and so was the bound of the claim's error.
    found = judged("4^4*x^2", "expm1(-x)/exp(exp(10))", "x")
    assert found.verdict.name == "REFUTED"
    assert found.counterexample.true == 512.0


@pytest.mark.parametrize(
    ("text", "claimed"), [("sqrt(-(z - 4)^2)*y", "log1p(log(z/4))"), ("sqrt(-(z - 5)^2)*y", "z - 5")]
)
def test_one_point_at_which_both_are_0_is_no_agreement(text, claimed):
    # In complex numbers, the derivative is sqrt(-(z - 4)^2) and none of the claims.
    found = judge(read(text), read(claimed), ["y"], witnesses=["exact", "numeric"])
    assert found.verdict.name in ("UNDECIDED", "REFUTED"), found.message


def test_a_gradient_may_hold_on_a_domain_of_its_parameters_only():
    found = judged("sqrt(a^2)*x*y", "c(a*y, a*x)", "x", "y", asked=["exact", "sympy", "numeric"])
    assert found.message.startswith("the claim holds for a > 0 only; there ")
    assert opinions(found) == {"exact": "AGREES", "sympy": "UNDECIDED", "numeric": "AGREES"}
    assert judged("sqrt(a^2)*x*y", "c(a*y, a*y)", "x", "y").verdict is Verdict.REFUTED


HARD = [
    ("x^2", "2*x", {"x": 5e-324}, "PROVED"),
    ("x*5e-324", "1", {"x": 5e-324}, "REFUTED"),
    ("2**2**2**2**2**2*x", "2**2**2**2**2**2", {}, "PROVED"),
    ("2^2^2^2^2^2*x", "1", {}, "UNDECIDED"),
    ("NaN*x", "1", {}, "UNDECIDED"),
    ("x", "NaN*x", {}, "REFUTED"),
    ("1e308*x*10", "Inf", {}, "UNDECIDED"),
    ("x", "x^1e308", {}, "REFUTED"),
    ("^".join(["2"] * 300) + "*x", "1", {}, "UNDECIDED"),
    # SymPy would put 1e17 over 2.5 where the claim fails.
    ("expm1(x/1e17) + dnorm(sinh(0.1), log1p(x))", "(x + 3)^choose(1e17, x)", {}, "REFUTED"),
]


@pytest.mark.parametrize(("text", "claimed", "at", "verdict"), HARD)
def test_a_claim_with_hard_numbers_gets_a_verdict(text, claimed, at, verdict):
    found = judge(read(text), read(claimed), ["x"], at, ["exact", "numeric", "sympy"], limits=Limits(check_seconds=60))
    assert found.verdict.name == verdict


@pytest.mark.parametrize("seconds", [1e-6, 1e-3, 3e-3, 1e-2])
@pytest.mark.parametrize(("text", "claimed"), [("x^2*sin(x) + 1e7", "2*x*cos(x)"), ("x^3*y", "c(3*x*y, x^2)")])
def test_a_wrong_claim_never_agrees_however_short_the_time(text, claimed, seconds):
    # At 0 both claims are right; every other point needs a closer look, for which there may be no time.
    verdict = judged(text, claimed, limits=Limits(check_seconds=seconds)).verdict
    assert verdict in (Verdict.REFUTED, Verdict.UNDECIDED)
