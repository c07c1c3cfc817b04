"""Claims: what the verdict must be whatever the formula, and what each witness says of itself."""

import shutil
import stat
import sys
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.calculus.derivative import light_derivative
from secantd.check import witnesses
from secantd.check.claim import Verdict, judge, session
from secantd.check.claim.clock import Clock
from secantd.check.claim.deriv import Question
from secantd.check.claim.trial import Difference, Trial
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.numeric import Digits
from secantd.render import r_text
from secantd.settings import Limits

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from formulas import formula

OURS = ["exact", "numeric"]
# A busy machine is no reason for another answer.
PATIENT = Limits(check_seconds=60.0, algebra_seconds=60.0)


def judged(text, claimed, *variables, at=None, asked=OURS, data=None, limits=None):
    data = {name: np.array(values, float) for name, values in (data or {}).items()}
    return judge(read(text, data=data), read(claimed, data=data), variables, at, asked, limits=limits)


def opinions(found):
    return {w.name: w.verdict.name for w in found.witnesses}


def random_claim(seed):
    """A random function of the table, one of its variables, and its derivative as text; None where there is none."""
    chance = Random(f"claim {seed}")
    text = formula(chance, 3)
    function = read(text, Notation.R)
    if not function.variables:
        return None
    variable = chance.choice(function.variables)
    try:
        return text, variable, r_text(light_derivative(function, function.outputs[0], [variable]), 5_000)
    except CalculusError:
        return None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_the_true_derivative_is_never_refuted(seed):
    claim = random_claim(seed)
    if claim is not None:
        text, variable, derivative = claim
        found = judged(text, derivative, variable)
        assert found.verdict is not Verdict.REFUTED, (text, variable, derivative, found.message)


# What each makes of a derivative differs from it by a good part of it, unless it is one odd constant.
CHANGES = ("({d}) * 1.00001 + 0.0000314", "-({d}) - 0.512", "2 * ({d}) + 3.1")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 10**6), st.sampled_from(CHANGES))
def test_a_derivative_that_is_off_everywhere_is_never_proved_and_never_agrees(seed, change):
    claim = random_claim(seed)
    if claim is not None:
        text, variable, derivative = claim
        found = judged(text, change.format(d=derivative), variable)
        assert found.verdict in (Verdict.REFUTED, Verdict.UNDECIDED), (text, variable, change, found.message)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10**6))
def test_sympy_proves_no_claim_that_is_off(seed):
    claim = random_claim(seed)
    if claim is not None:
        text, variable, derivative = claim
        found = judged(text, f"({derivative}) + 0.25", variable, asked=["sympy"], limits=Limits(check_seconds=1.0))
        assert found.verdict is not Verdict.PROVED, (text, variable, derivative)


def test_the_same_question_has_the_same_answer():
    assert judged("x^2*sin(y)", "c(2*x*sin(y), x*cos(y))") == judged("x^2*sin(y)", "c(2*x*sin(y), x*cos(y))")


def test_the_point_of_the_caller_is_tried_first():
    found = judged("x^2*y", "c(2*x, x^2)", at={"x": 4.0, "y": 2.5})
    assert found.failure is not None
    assert (found.failure.point, found.failure.claimed, found.failure.true) == ({"x": 4.0, "y": 2.5}, 8.0, 20.0)


def test_the_point_of_the_caller_need_not_hold_what_does_not_occur():
    found = judged("x^2", "c(3*x, 0)", "x", "z", at={"x": 7.0})
    assert found.failure is not None
    assert found.failure.point == {"x": 7.0, "z": 1.0}


def test_a_point_at_which_a_wrong_claim_is_right_is_not_the_last():
    found = judged("x^2", "x^2", at={"x": 2.0})
    assert found.failure is not None
    assert found.failure.point["x"] not in (0.0, 2.0)


def test_the_first_point_that_tells_is_a_readable_one():
    found = judged("x^2*y^3", "c(2*x*y^3, x^2*y^2)")
    assert found.failure is not None
    assert all(v in (1.0, 2.0, 3.0) for v in found.failure.point.values())


def test_both_values_of_a_refuted_claim_are_told_apart_in_words():
    found = judged("x^2", "2.0000001*x")
    assert "the claim is 2.0000001 and the derivative by x is 2" in found.message


@pytest.mark.parametrize(
    ("text", "claimed", "notice"),
    [
        ("x^2", "2*sqrt(x)^2", "the claim has no value at x = -1, where the derivative is -2"),
        ("log(x)", "abs(x)/x^2 + 0*log(x)", ""),
        ("x*log(x)", "1 + log(abs(x))", "the claim has a value at x = -1, where the function has no derivative"),
        ("abs(x)", "ifelse(x >= 0, 1, -1)", "the function has no derivative at x = 0: there nothing was compared"),
        ("cos(ifelse(z == 10, 10, z))", "-sin(ifelse(z == 10, 10, z))*ifelse(z == 10, 0, 1)", "at z = 10 values of f"),
        ("5*x", "5 + 0*y", None),
    ],
)
def test_where_claim_and_derivative_do_not_both_exist_is_noted(text, claimed, notice):
    if notice is None:
        with pytest.raises(CalculusError, match="the claim uses 'y'"):
            judged(text, claimed)
        return
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


def test_without_a_rule_values_decide():
    right = judged("pgamma(2, x)", "(pgamma(2, x + 1e-5) - pgamma(2, x - 1e-5))/2e-5", asked=OURS)
    assert opinions(right)["exact"] == "UNDECIDED"
    assert right.verdict is not Verdict.REFUTED
    assert right.derivatives == ()
    assert judged("pgamma(2, x)", "-x").verdict is Verdict.REFUTED


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
    assert wrong.failure is not None
    assert (wrong.verdict, wrong.variables[wrong.failure.position]) == (Verdict.REFUTED, "x41")


def test_data_are_written_out_for_sympy_and_too_many_are_not():
    few = judged("sum((y - a)^2)", "2*length(y)*a - 2*sum(y)", data={"y": [1, 2, 4]}, asked=["sympy"], limits=PATIENT)
    assert few.verdict is Verdict.PROVED
    many = judged("sum((y - a)^2)", "2*length(y)*a - 2*sum(y)", data={"y": range(5000)}, asked=["sympy", "numeric"])
    assert opinions(many) == {"sympy": "UNDECIDED", "numeric": "AGREES"}


def test_when_sympy_runs_out_of_time_the_others_answer():
    text = "exp(sin(x)*cos(x))*tan(x)^3/(1 + x^2)^(1/3)"
    function = read(text)
    claim = r_text(light_derivative(function, function.outputs[0], ["x"])).replace("sin(x)", "(2*sin(x/2)*cos(x/2))")
    found = judged(text, claim, asked=["exact", "sympy", "numeric"], limits=Limits(algebra_seconds=0.02))
    assert opinions(found) == {"exact": "AGREES", "sympy": "UNDECIDED", "numeric": "AGREES"}
    assert found.verdict is Verdict.AGREES
    assert [w.message for w in found.witnesses][1] == "its time ran out"


def test_sympy_knows_which_argument_of_a_bessel_function_is_its_order():
    claims = {
        "(besselJ(x, 1) - besselJ(x, 3))/2": Verdict.PROVED,
        "(besselJ(x, 1) + besselJ(x, 3))/2": Verdict.UNDECIDED,
    }
    for claimed, verdict in claims.items():
        assert judged("besselJ(x, 2)", claimed, asked=["sympy"], limits=PATIENT).verdict is verdict


def test_what_sympy_has_no_word_for_is_not_taken_for_a_constant():
    found = judged("pbinom(1, 3, x)", "0", asked=["sympy"])
    assert (found.verdict, found.witnesses[0].message) == (Verdict.UNDECIDED, "it has no word for pbinom()")


def test_a_witness_that_contradicts_rules_and_values_leaves_it_undecided():
    f = read("x^2")
    graph = f.graph
    wrong = graph.symbol("x")
    trial = Trial(graph, f.outputs[0], [wrong], [wrong], ["x"], ["x"], {})
    assert trial.looked_at(0, 0)[0] is Difference.EDGE


@pytest.mark.parametrize(
    ("text", "at", "slope"),
    [("x^3", {"x": 2.0}, 12.0), ("sum((y - x)^2)", {"x": 1.0}, -6.0), ("gamma(x)", {"x": 1.0}, -0.5772156649015329)],
)
def test_slopes_to_many_digits_are_right(text, at, slope):
    function = read(text, data={"y": np.array([1.0, 4.0])} if "y" in text else {})
    found = Digits(function.outputs[0], function.graph.columns).slope("x", at)
    assert float(found) == pytest.approx(slope, rel=1e-15)


@pytest.mark.parametrize("text", ["abs(x)", "floor(x)", "sqrt(x)", "ifelse(x > 0, x + 1, x)", "1/x"])
def test_a_kink_a_jump_and_an_edge_have_no_slope(text):
    function = read(text)
    assert not np.isfinite(float(Digits(function.outputs[0], {}).slope("x", {"x": 0.0})))


# -- R's Deriv -----------------------------------------------------------------------------------------------------

needs_deriv = pytest.mark.skipif(not witnesses.deriv_installed(), reason="R with Deriv is not installed: ./dev setup")


@pytest.fixture
def no_session(monkeypatch):
    """A process in which no R waits for questions."""
    fresh = session.Sessions()
    monkeypatch.setattr("secantd.check.claim.deriv.SESSIONS", fresh)
    yield fresh
    while fresh._idle:
        fresh.take().end()


@needs_deriv
def test_deriv_bears_out_what_is_right_and_refutes_what_is_wrong(no_session):
    asked = ["deriv"]
    assert (
        judged("x^2*exp(y)", "c(2*x*exp(y), x^2*exp(y))", asked=asked, limits=PATIENT).witnesses[0].verdict
        is Verdict.AGREES
    )
    assert judged("x^2*exp(x)", "2*x*exp(x)", asked=asked, limits=PATIENT).witnesses[0].verdict is Verdict.REFUTED
    assert len(no_session._idle) == 1
    alone = judged("x^2*exp(x)", "2*x*exp(x)", asked=asked, limits=PATIENT)
    assert alone.verdict is Verdict.UNDECIDED
    assert alone.message.startswith("deriv alone says no: it gets 8.15485 at x = 1")


@needs_deriv
def test_what_deriv_cannot_do_is_not_supported_and_no_disagreement(no_session):
    found = judged("floor(x)*x", "floor(x)", asked=["exact", "deriv"], limits=PATIENT)
    assert found.witnesses[1].verdict is Verdict.UNDECIDED
    assert found.witnesses[1].message.startswith("not supported: ")
    assert found.verdict is Verdict.PROVED


@needs_deriv
def test_deriv_alone_refutes_nothing(no_session):
    # For x below 0 Deriv makes (x^2)^1.5 a power of x: see docs/language.md.
    text = "exp(-(x^2)^1.5)"
    function = read(text)
    claim = r_text(light_derivative(function, function.outputs[0], ["x"]))
    found = judged(text, claim, asked=["exact", "numeric", "deriv"], limits=PATIENT)
    assert opinions(found) == {"exact": "PROVED", "numeric": "AGREES", "deriv": "REFUTED"}
    assert found.verdict is Verdict.PROVED
    assert any(n.startswith("deriv is of another opinion") for n in found.notices)


def test_where_r_is_missing_deriv_is_undecided_and_says_so(monkeypatch):
    monkeypatch.setenv("PATH", "")
    witnesses.deriv_installed.cache_clear()
    try:
        found = judged("x^3", "3*x^2", asked=["exact", "deriv"])
        assert "deriv" not in witnesses.present()
    finally:
        witnesses.deriv_installed.cache_clear()
    assert found.witnesses[1].message == "not installed"
    assert (opinions(found)["deriv"], found.verdict) == ("UNDECIDED", Verdict.PROVED)


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("exec sleep 60", "R was not yet started when the time was over"),
        ("exit 1", "R could not be run"),
        ("echo missing", "not installed"),
        ("read n; echo '! it is too hard'; echo .$n; exec cat > /dev/null", "not supported: it is too hard"),
    ],
)
def test_an_r_that_fails_holds_nobody_up(tmp_path, monkeypatch, no_session, program, message):
    fake = tmp_path / "Rscript"
    fake.write_text(f"#!/bin/sh\n{program}\n")
    fake.chmod(fake.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr("secantd.check.claim.deriv.deriv_installed", lambda: True)
    # A slow start is waited for in its share of the time, and no longer.
    limits = Limits(check_seconds=0.5 if "sleep" in program else 60.0)
    found = judged("x^3", "3*x^2", asked=["exact", "deriv"], limits=limits)
    assert (found.verdict, found.witnesses[1].message) == (Verdict.PROVED, message)


def test_nothing_that_a_caller_wrote_reaches_r(monkeypatch):
    monkeypatch.setattr("secantd.check.claim.deriv.deriv_installed", lambda: False)
    f = read('`system("id")`^2 + `; quit()` * x')
    graph = f.graph
    trial = Trial(graph, f.outputs[0], [graph.symbol("x")], [None], ["x"], f.variables, {})
    text = Question(trial, Clock(1.0)).text(1.0)
    assert text is not None
    assert text.splitlines()[1:4] == ["v1^2 + v2 * v3", "v1 v2 v3", "v3"]
    assert "system" not in text
    assert "quit" not in text


def test_the_program_for_r_is_shipped_beside_the_witness():
    assert session.PROGRAM.is_file()
    assert shutil.which("Rscript") is None or "Deriv::Deriv" in session.PROGRAM.read_text()
