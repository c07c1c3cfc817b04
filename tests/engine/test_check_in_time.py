"""Findings at fewer points than usual say so, and where the time was sufficient, more time changes nothing."""

import pytest
from secantd.balls import installed
from secantd.check.clock import CUT
from secantd.check.continued import continued
from secantd.check.judge import judge
from secantd.check.trial import Trial
from secantd.check.witness_ball import ball
from secantd.check.witness_exact import Forms, exact
from secantd.check.witness_numeric import numeric
from secantd.interrupt import in_full
from secantd.language import read
from secantd.settings import Limits


class Counted:
    """A clock whose time is up when it was asked so many times."""

    def __init__(self, times):
        self.times, self.left = times, 60.0

    @property
    def over(self):
        self.times -= 1
        return self.times < 0


def trial_of(text, claim, derivative):
    f = read(f"c({text}, {claim}, {derivative})")
    return Trial(f.graph, f.outputs[0], [f.outputs[1]], [f.outputs[2]], ["x"], ["x"], {})


def witnesses():
    yield pytest.param(numeric, "x^3*exp(-x)", "(3*x^2 - x^3)*exp(-x)", id="numeric")
    if installed():
        yield pytest.param(ball, "x^3*exp(-x)", "(3*x^2 - x^3)*exp(-x)", id="ball")
    yield pytest.param(
        lambda trial, clock: (continued(trial, clock).opinion, None), "-atanh(cosh(x))", "1/sinh(x)", id="complex"
    )


@pytest.mark.parametrize(("witness", "f", "claim"), witnesses())
def test_a_finding_at_fewer_points_says_that_the_time_ran_out(witness, f, claim):
    whole, _ = witness(trial_of(f, claim, claim), Counted(1000))
    cut, _ = witness(trial_of(f, claim, claim), Counted(7))
    assert whole.verdict is cut.verdict
    assert CUT not in whole.message
    assert cut.message.endswith(CUT)
    assert "at 7 points" in cut.message


@pytest.mark.parametrize(
    ("f", "claim"),
    [("x^2*sin(x)", "2*x*sin(x) + x^2*cos(x)"), ("log(cosh(x))", "tanh(x)"), ("x^3", "3*x"), ("-atanh(cosh(x))", "1/sinh(x)"),
     ("sqrt(x^2)", "x/sqrt(x^2)"), ("exp(x)*log(x)", "exp(x)*(log(x) + 1/x)")],
)  # fmt: skip
def test_more_time_changes_no_letter_of_an_answer_that_was_not_cut(f, claim):
    answers = []
    for seconds in (30.0, 300.0):
        limits = Limits(check_seconds=seconds)
        found, full = in_full(
            lambda limits=limits: judge(
                read(f), read(claim), ["x"], witnesses=["exact", "ball", "numeric"], limits=limits
            )
        )
        assert full
        answers.append((found.verdict, found.message, found.witnesses, found.notices, found.counterexample))
    assert answers[0] == answers[1]


def test_a_claim_that_is_wrong_at_all_points_is_late_without_a_closer_look():
    f = read("c(x^3, -1, 3*x^2)")
    trial = Trial(f.graph, f.outputs[0], [f.outputs[1]], [f.outputs[2]], ["x"], ["x"], {})
    forms = Forms(f.graph, f.outputs[0], [f.outputs[1]], [f.outputs[2]], ["x"], 60.0)
    found, counterexample = exact(trial, forms, "", [], Counted(0))
    assert counterexample is None
    assert found.message == "the values differ in double precision, and the time ran out before a closer look"
