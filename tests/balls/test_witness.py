"""The witness "ball" of Check: what it refutes is wrong, and what it agrees with is as close as it states."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.balls import installed
from secantd.check import judge as judging
from secantd.check import witness_ball
from secantd.check.difference import Difference
from secantd.check.equality import judge as equality
from secantd.check.equality.judge import judge_equal
from secantd.check.judge import judge
from secantd.check.second import judge_second
from secantd.check.trial import Trial
from secantd.check.verdict import Judgement, Verdict, Witness
from secantd.check.witness_ball import NOT_INSTALLED, decide_rounding, upwards
from secantd.language import read
from secantd.settings import Limits

needs_flint = pytest.mark.skipif(not installed(), reason="python-flint is not installed")
AMPLE = Limits(check_seconds=60)

RIGHT = (
    ("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)"), ("log(1 + exp(x))", "1/(1 + exp(-x))"), ("x^x", "x^x*(log(x) + 1)"),
    ("pgamma(x, 2.5)", "dgamma(x, 2.5)"), ("qgamma(x, 2)", "1/dgamma(qgamma(x, 2), 2)"), ("sqrt(x)", "0.5*x^-0.5"),
    ("besselJ(x, 0)", "-besselJ(x, 1)"), ("lgamma(x)", "digamma(x)"), ("atan2(x, 2)", "2/(x^2 + 4)"), ("x^0.1", "0.1*x^-0.9"),
    # Kinks, edges and jumps are no mistakes.
    ("abs(x)", "sign(x)"), ("max(x, 0.3)", "ifelse(x > 0.3, 1, 0)"), ("ifelse(x < 0.1, x, x^2)", "ifelse(x < 0.1, 1, 2*x)"),
    ("ifelse(x == 1, 1, x)", "1"), ("x %% 0.5", "1"), ("floor(x)*x", "floor(x)"), ("pmin(x, 2)^1.5", "ifelse(x < 2, 1.5*sqrt(x), 0)"),
    # Decimals that were rounded, by less than is copied from a printout.
    ("x/3", "0.333333333333"), ("x*log(10)", "2.302585092994046"), ("x^3*pi", "9.42477796076938*x^2"),
    ("x^(1/3)", "0.333333333333333*x^-0.666666666666667"),
)  # fmt: skip
WRONG = (
    ("x^3", "3*x"), ("x^2*sin(x)", "2*x*sin(x) - x^2*cos(x)"), ("x/3", "0.333"), ("gamma(x)", "gamma(x + 1)"), ("x^x", "x*x^(x - 1)"),
    ("pgamma(x, 2.5)", "dgamma(x, 2.6)"), ("exp(-x)", "exp(-x)"), ("besselJ(x, 0)", "besselJ(x, 1)"), ("log(2*x)", "1/(2*x)"),
    ("x^2", "2*x + 1e-7"),
)  # fmt: skip


def opinion(found: Judgement) -> Witness:
    return next(w for w in found.witnesses if w.name == "ball")


def alone(text: str, claimed: str) -> Judgement:
    return judge(read(text), read(claimed), ["x"], witnesses=["ball"], limits=AMPLE)


@needs_flint
@pytest.mark.parametrize(("text", "claimed"), RIGHT)
def test_right_claims_agree_up_to_a_bound(text: str, claimed: str) -> None:
    found = opinion(alone(text, claimed))
    assert found.verdict is Verdict.AGREES, found
    assert "for certain" in found.message or float(re.findall(r"less than ([^\s,]+)", found.message)[0]) < 1e-8


@needs_flint
@pytest.mark.parametrize(("text", "claimed"), WRONG)
def test_wrong_claims_are_refuted_at_a_point_with_both_values(text: str, claimed: str) -> None:
    found = alone(text, claimed)
    assert (found.verdict, opinion(found).verdict) == (Verdict.REFUTED, Verdict.REFUTED)
    assert found.counterexample is not None
    assert abs(found.counterexample.claimed - found.counterexample.true) > 1e-9
    assert opinion(found).message.startswith("the derivative is certainly ")


@needs_flint
def test_a_difference_that_the_last_digits_of_decimals_explain_is_undecided() -> None:
    assert alone("(1/3 - 0.3333333333333333)*1e16*x", "0").verdict is Verdict.UNDECIDED


EXACT = (
    ("x^3/3", "x^2*9876543211/9876543210"), ("exp(2*x)", "exp(2*x)*(2 + 1/2^35)"), ("sin(3*x)", "cos(3*x)*30000000001/10^10"),
    ("0.5*x^2*log(y)", "x*log(y)*(1 - 1/10^12)"),
)  # fmt: skip


@needs_flint
@pytest.mark.parametrize(("text", "claimed"), EXACT)
def test_a_small_difference_of_exact_numbers_refutes_a_claim(text: str, claimed: str) -> None:
    found = judge(read(text), read(claimed), ["x"], witnesses=["exact", "ball", "numeric"], limits=AMPLE)
    assert {w.verdict for w in found.witnesses} == {found.verdict} == {Verdict.REFUTED}, found
    assert not any("disagrees" in notice for notice in found.notices)
    assert found.slip == ""
    assert found.counterexample is not None
    assert found.counterexample.claimed != found.counterexample.true


@needs_flint
@pytest.mark.parametrize(
    ("text", "claimed"),
    [("x^3/9", "0.3333333333*x^2"), ("x*exp(1)", "2.7182818285"), ("x*98765432109876543211", "98765432109900000000"),
     ("0.1*x^2", "x/5*(1 + 1/20000000000)")],
)  # fmt: skip
def test_a_small_difference_of_numbers_that_may_be_rounded_refutes_nothing(text: str, claimed: str) -> None:
    found = judge(read(text), read(claimed), ["x"], witnesses=["exact", "ball", "numeric"], limits=AMPLE)
    assert found.verdict is Verdict.AGREES, found


@needs_flint
def test_a_slope_that_doubles_do_not_have_refutes_a_claim() -> None:
    found = judge(read("(1e-300*x + 1) - 1"), read("0"), limits=AMPLE)
    assert found.verdict is Verdict.REFUTED
    assert found.message == "at x = 1 the claim is 0, but the derivative with respect to x is 1e-300"
    assert "numeric disagrees with the verdict" in found.notices


@needs_flint
def test_a_tolerance_governs_rounded_claims() -> None:
    found = judge(read("x^2/6"), read("0.333*x"), tolerance=0.01)
    assert found.verdict is Verdict.AGREES
    assert opinion(found).verdict is Verdict.UNDECIDED
    assert judge(read("x^2/6"), read("0.3*x"), tolerance=0.01).verdict is Verdict.REFUTED


@needs_flint
def test_by_default_it_is_asked_between_algebra_and_differences() -> None:
    assert [w.name for w in judge(read("x^3"), read("3*x^2")).witnesses] == ["exact", "ball", "numeric"]
    assert [w.name for w in judge_equal(read("x + x"), read("2*x")).witnesses] == ["exact", "ball", "numeric"]


def test_without_python_flint_it_is_left_out_or_undecided_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (judging, equality, witness_ball):
        monkeypatch.setattr(module, "installed", lambda: False)
    assert [w.name for w in judge(read("x^3"), read("3*x^2")).witnesses] == ["exact", "numeric"]
    assert [w.name for w in judge_equal(read("x + x"), read("2*x")).witnesses] == ["exact", "numeric"]
    found = judge(read("x^3"), read("3*x^2"), witnesses=["ball"])
    assert (found.verdict, opinion(found).message) == (Verdict.UNDECIDED, NOT_INSTALLED)


@needs_flint
def test_vectors_and_matrices_have_no_balls_and_the_reason_is_given() -> None:
    f, g = read("sum(A %*% x)"), read("colSums(A)")
    found = opinion(judge(f, g, ["x"], witnesses=["exact", "ball"]))
    assert (found.verdict, found.message) == (
        Verdict.UNDECIDED,
        "ball arithmetic does not check formulas of vectors and matrices",
    )


@needs_flint
def test_second_derivatives_are_enclosed() -> None:
    right = judge_second(read("x^3*y"), read("rbind(c(6*x*y, 3*x^2), c(3*x^2, 0))"), limits=AMPLE)
    assert opinion(right).verdict is Verdict.AGREES
    wrong = judge_second(read("x^3"), read("3*x"), witnesses=["ball"], limits=AMPLE)
    assert (wrong.verdict, opinion(wrong).verdict) == (Verdict.REFUTED, Verdict.REFUTED)


@needs_flint
@pytest.mark.parametrize(
    ("one", "other"),
    [("sin(x)^2", "1 - cos(x)^2"), ("0.1 + 0.2", "0.3"), ("log(x*y)", "log(x) + log(y)"), ("floor(10*x)", "floor(x/0.1)"),
     ("ifelse(x <= 0.1, 1, 2)", "ifelse(x - 0.1 <= 0, 1, 2)"), ("sqrt(x^2)", "abs(x)"), ("exp(x)^2", "exp(2*x)")],
)  # fmt: skip
def test_equal_formulas_agree(one: str, other: str) -> None:
    found = judge_equal(read(one), read(other), witnesses=["ball"], limits=AMPLE)
    assert opinion(found).verdict is Verdict.AGREES, found


@needs_flint
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("(x + 1)^2", "x^2 + 1"),
        ("1/3", "0.333"),
        ("exp(-80) + x", "x"),
        ("0.1 + 0.2", "0.30000000000000004"),
        ("x", "x + 1e-40"),
    ],
)
def test_formulas_that_differ_are_refuted(one: str, other: str) -> None:
    found = judge_equal(read(one), read(other), witnesses=["ball"], limits=AMPLE)
    assert (found.verdict, opinion(found).verdict) == (Verdict.REFUTED, Verdict.REFUTED), found


@needs_flint
def test_numbers_that_were_rounded_when_they_were_read_are_no_difference() -> None:
    text = "3.14159265358979323846*x"
    found = judge_equal(
        read("pi*x"), read(text), witnesses=["ball"], rounded=frozenset([3.141592653589793]), limits=AMPLE
    )
    assert opinion(found).verdict is not Verdict.REFUTED


@needs_flint
def test_in_no_time_it_is_undecided() -> None:
    found = judge(read("besselJ(x, 2)^9*gamma(x)"), read("x"), witnesses=["ball"], limits=Limits(check_seconds=1e-6))
    assert opinion(found).verdict in (Verdict.UNDECIDED, Verdict.REFUTED)


@needs_flint
@settings(max_examples=40, deadline=None)
@given(st.sampled_from(RIGHT), st.sampled_from((1e-6, -1e-3, 0.5)))
def test_a_claim_that_is_off_by_a_factor_never_agrees(row: tuple[str, str], change: float) -> None:
    text, claimed = row
    found = opinion(alone(text, f"({claimed})*(1 + {change!r})"))
    assert found.verdict is not Verdict.AGREES or claimed in ("0", "floor(x)"), found


@given(st.floats(1e-300, 1e300))
def test_a_bound_is_shown_rounded_up_with_one_digit(value: float) -> None:
    shown = float(upwards(value))
    assert value <= shown * (1 + 1e-15)
    assert shown <= 2 * value * (1 + 1e-12)


@needs_flint
@pytest.mark.parametrize(("claim", "looked"), [("2*x", Difference.EQUAL), ("2*x + 1", Difference.DIFFERENT)])
def test_where_a_closer_look_loses_all_digits_balls_decide(monkeypatch, claim, looked):
    f = read(f"c(x^2, {claim}, 2*x)")
    trial = Trial(f.graph, f.outputs[0], [f.outputs[1]], [f.outputs[2]], ["x"], ["x"], {"x": 3.0})
    monkeypatch.setattr(trial, "compared", lambda i, j: (Difference.DIFFERENT, 6.0, 0.0))
    decide_rounding(trial)
    assert trial.closer_look(0, 0)[0] is looked


@needs_flint
@pytest.mark.parametrize(("claim", "looked"), [("1 - erf(x)", Difference.EQUAL), ("erf(x) - 1", Difference.DIFFERENT)])
def test_balls_are_asked_before_450_digits(monkeypatch, claim, looked):
    # 1 - erf(20) is 5e-176, for which mpmath takes much longer.
    f = read(f"c(x*(1 - erf(x)) - exp(-x^2)/sqrt(pi), {claim}, 1 - erf(x))")
    trial = Trial(f.graph, f.outputs[0], [f.outputs[1]], [f.outputs[2]], ["x"], ["x"], {"x": 20.0})
    decide_rounding(trial)
    used = []
    digits = trial.digits
    monkeypatch.setattr(trial, "digits", lambda node, count=100: used.append(count) or digits(node, count))
    assert trial.closer_look(0, 0)[0] is looked
    assert used
    assert max(used) == 100
