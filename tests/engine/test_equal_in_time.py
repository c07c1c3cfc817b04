"""Whether two formulas are equal: what is left undone where there is no time."""

import math

import numpy as np
import pytest
from secantd.check.assumptions import Assumptions, read_assumptions
from secantd.check.clock import Clock
from secantd.check.equality.judge import judge_equal
from secantd.check.equality.trial import ValueTrial
from secantd.check.trial import GRACE
from secantd.check.verdict import Verdict
from secantd.errors import CalculusError, Reason
from secantd.interrupt import OutOfTimeError, deadline
from secantd.language import read
from secantd.precise import Digits, UnsupportedError
from secantd.program import compile as compile_program
from secantd.settings import Limits


def trial_of(text, claim, clock, at):
    f = read(f"c({text}, {claim})")
    return ValueTrial(
        f.graph, f.outputs[:1], f.outputs[1:], ["x"], np.array([at]), frozenset(), False, clock, Assumptions()
    )


def test_values_in_doubles_end_with_the_time():
    clock = Clock(-2 * GRACE)
    trial = trial_of("sin(x)", "cos(x)", clock, np.linspace(1, 2, 200))
    assert np.isnan(trial.true).all()
    assert trial.within(lambda: 1, 2) == 2


def test_first_points_are_computed_even_if_the_time_is_up_at_the_others():
    class Short(Clock):
        left = 1.0
        asked = 0

        def left_with(self, grace):
            self.asked += 1
            return 1.0 if self.asked < 2 else 0.0

    trial = trial_of("sin(x)", "cos(x)", Short(1.0), np.linspace(1, 2, 200))
    known = np.isfinite(trial.true[0])
    assert known[:16].all()
    assert not known[16:].any()
    assert trial.true[0, :16].tolist() == np.sin(np.linspace(1, 2, 200)[:16]).tolist()


def test_points_that_are_computed_once_more_end_with_a_deadline():
    program = compile_program(read("qchisq(1e-300, x)*cosh(x)^2").outputs, ["x"], {})
    with pytest.raises(OutOfTimeError), deadline(0.0):
        program.batch([np.linspace(1e6, 2e6, 200)])


def test_quantiles_far_out_leave_the_pair_undecided():
    f, g = read("qchisq(1e-300, x)*cosh(x)^2"), read("qchisq(1e-300, x)*(1 + sinh(x)^2)")
    assumed = read_assumptions(["x > 1e6"], None, Limits())
    found = judge_equal(f, g, assumed=assumed, limits=Limits(check_seconds=0.3))
    assert found.verdict is not Verdict.REFUTED


@pytest.mark.parametrize("text", ["exp(-exp(x))", "psigamma(x, 1000)", "besselJ(2, 1000*x)"])
def test_what_takes_mpmath_long_is_refused_before_it_is_called(text):
    with pytest.raises(UnsupportedError):
        Digits(read(text).outputs[0], {}).value({"x": 1000.0})


def test_derivatives_of_psi_keep_their_values_below_0():
    # mpmath: psi(3, -2.5)
    program = compile_program(read("psigamma(x, 3)").outputs, ["x"], {})
    assert math.isclose(program.point([-2.5])[0], 194.74787621918762, rel_tol=1e-12)


def test_a_recursion_without_end_is_refused_before_it_fills_the_memory():
    with pytest.raises(CalculusError) as caught:
        read("f <- function(n) f(n); f(x)")
    assert caught.value.reason is Reason.LIMIT_EXCEEDED
    assert "10000 calls" in caught.value.headline
    assert read("f <- function(n) if (n <= 0) 0 else n + f(n - 1); f(3000)*x").outputs
