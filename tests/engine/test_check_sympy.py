"""The witness SymPy, our algebra and numbers of 100 digits: what each proves and refutes."""

import numpy as np
import pytest
from secantd.calculus.derivative import light_derivative
from secantd.check.assumptions import Assumptions
from secantd.check.equality.proof import by_sympy
from secantd.check.judge import judge
from secantd.check.trial import Difference, Trial
from secantd.check.verdict import Verdict
from secantd.language import read
from secantd.precise import Digits
from secantd.render import r_text
from secantd.settings import Limits

from .claims import AMPLE_TIME, judged, opinions


@pytest.mark.parametrize(
    ("text", "claimed", "variable"),
    [
        ("dnorm(x)", "-x*dnorm(x)", "x"),
        ("pnorm(x, m, s)", "-dnorm(x, m, s)", "m"),
        ("plogis(x)", "plogis(x)*(1 - plogis(x))", "x"),
        ("dgamma(x, a, 1)", "((a - 1)/x - 1)*dgamma(x, a, 1)", "x"),
        ("pgamma(x, a, b)", "dgamma(x, a, b)", "x"),
        ("dexp(x)", "-dexp(x)", "x"),
        ("pbeta(x, 2, 3)", "dbeta(x, 2, 3)", "x"),
        ("pt(x, n)", "dt(x, n)", "x"),
        ("qnorm(p)", "1/dnorm(qnorm(p))", "p"),
        ("softplus(x)", "expit(x)", "x"),
        ("logit(x)", "1/(x*(1 - x))", "x"),
    ],
)
def test_sympy_proves_claims_about_functions_that_it_takes_by_their_meaning(text, claimed, variable):
    found = judged(text, claimed, variable, asked=["sympy"], limits=AMPLE_TIME)
    assert (found.verdict, found.witnesses[0].message) == (
        Verdict.PROVED,
        "SymPy's derivative minus the claim simplifies to 0",
    )
    wrong = judged(text, f"({claimed})*(1 + 1e-3)", variable, asked=["sympy", "numeric"], limits=AMPLE_TIME)
    assert (wrong.verdict, opinions(wrong)["sympy"]) == (Verdict.REFUTED, "REFUTED")


def test_our_algebra_proves_what_is_equal_when_multiplied_out():
    found = judged("(1 + x)^5", "5 + 20*x + 30*x^2 + 20*x^3 + 5*x^4", asked=["exact"])
    assert opinions(found) == {"exact": "PROVED"}
    assert judged("(1 + x)^5", "5 + 20*x + 30*x^2 + 21*x^3 + 5*x^4", asked=["exact"]).verdict is not Verdict.PROVED


def test_a_function_that_sympy_lacks_is_no_obstacle_where_no_variable_is_in_it():
    (opinion,) = judged("qgamma(a, 3)*x^2", "2*x*qgamma(a, 3)", "x", asked=["sympy"], limits=AMPLE_TIME).witnesses
    assert "SymPy has no" not in opinion.message


def test_sympy_refutes_the_partial_that_is_wrong():
    found = judged("x^2*y", "c(2*x*y, 3*x^2)", asked=["sympy", "numeric"], limits=AMPLE_TIME)
    assert (opinions(found)["sympy"], found.variable) == ("REFUTED", "y")
    assert found.witnesses[0].message == "SymPy's derivative is 1 there, and the claim is 3"


def test_sympy_proves_the_gradient_of_a_likelihood_over_data():
    found = judged(
        "sum(dnorm(y, m, s, log = TRUE))", "c(sum(y - m)/s^2, sum((y - m)^2)/s^3 - length(y)/s)", "m", "s",
        data={"y": [1, 2, 4]}, asked=["sympy"], limits=AMPLE_TIME,
    )  # fmt: skip
    assert found.verdict is Verdict.PROVED


def test_numbers_to_100_digits_refute_a_claim_about_a_distribution_that_is_off_by_a_hundred_millionth():
    assert judged("pgamma(x, 2.5, 3)", "dgamma(x, 2.5, 3)*(1 + 1e-8)", asked=["numeric"]).verdict is Verdict.REFUTED
    assert judged("pgamma(x, 2.5, 3)", "dgamma(x, 2.5, 3)", asked=["numeric"]).verdict is Verdict.AGREES
    assert judged("qbeta(p, 2.5, 3)", "1.00000001/dbeta(qbeta(p, 2.5, 3), 2.5, 3)", asked=["numeric"]).verdict is (
        Verdict.REFUTED
    )


def test_data_are_written_out_for_sympy_and_too_many_are_not():
    few = judged(
        "sum((y - a)^2)", "2*length(y)*a - 2*sum(y)", data={"y": [1, 2, 4]}, asked=["sympy"], limits=AMPLE_TIME
    )
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
    assert [w.message for w in found.witnesses][1] == "it ran out of time"


def test_sympy_knows_which_argument_of_a_bessel_function_is_its_order():
    claims = {
        "(besselJ(x, 1) - besselJ(x, 3))/2": Verdict.PROVED,
        "(besselJ(x, 1) + besselJ(x, 3))/2": Verdict.UNDECIDED,
    }
    for claimed, verdict in claims.items():
        assert judged("besselJ(x, 2)", claimed, asked=["sympy"], limits=AMPLE_TIME).verdict is verdict


def test_a_function_that_sympy_lacks_is_not_taken_for_a_constant():
    found = judged("qgamma(x, 3)", "0", asked=["sympy"])
    assert (found.verdict, found.witnesses[0].message) == (Verdict.UNDECIDED, "SymPy has no qgamma()")


def test_a_witness_that_contradicts_rules_and_values_leaves_it_undecided():
    f = read("x^2")
    graph = f.graph
    wrong = graph.symbol("x")
    trial = Trial(graph, f.outputs[0], [wrong], [wrong], ["x"], ["x"], {})
    assert trial.closer_look(0, 0)[0] is Difference.EDGE


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


@pytest.mark.parametrize("text", ["exp(12345*x) - exp(x) + factorial(200*x)", "(1000^1000)^x - x", "x^1001 - sin(x)"])
def test_sympy_is_not_asked_to_factor_polynomials_of_thousands_of_terms(text):
    # Inside of them it cannot be interrupted: a pair was answered two seconds late.
    f = read(text)
    found = by_sympy(f.graph, f.outputs, [f.graph.number(1.0)], Assumptions(), 20.0)
    assert (found.verdict, "powers above 500" in found.message) == (Verdict.UNDECIDED, True)


def test_long_numbers_beside_logarithms_have_names_for_sympy():
    # SymPy wrote 136213710433872*log(7) as the logarithm of 7^136213710433872, and no limit of time ended it.
    text = "exp(log(x) + pweibull(7, z, lower.tail = FALSE))"
    claim = f"-(13.6213710433872*(dweibull(7, z)*{text}/z))"
    found = judge(read(text), read(claim), ["z"], witnesses=["sympy"])
    assert found.verdict in (Verdict.UNDECIDED, Verdict.PROVED)
    assert (
        judge(read("136213.5*x*log(x)"), read("136213.5*log(x) + 136213.5"), ["x"], witnesses=["sympy"]).verdict
        is Verdict.PROVED
    )
