"""Certificates of wrong claims: what they state is what was asked, and Coq accepts them."""

import os
from fractions import Fraction

import pytest
import secantd.proof.enclosed
from secantd.calculus.reverse import gradient
from secantd.expression import Graph, graft
from secantd.language import Notation, read
from secantd.proof.counterexample import counterexample_certificate
from secantd.proof.derivatives import first_derivative
from secantd.proof.disjoint import decimal_text
from secantd.proof.errors import NoCertificateError
from secantd.proof.reals import coq_text

from . import coq
from .refutations import refuted
from .statements import compare_refutation
from .wrong_claims import golden, seeds, textbook

# Text, claim, variable, order; at least one for each rule at a point.
SAMPLE = [
    ("x^2*exp(x)", "2*x*exp(x)", "x", 1),
    ("log(x^2 - 2)", "1/(x^2 - 2)", "x", 1),
    ("tan(x*y) + asin(x/9)*acos(y/20)", "y/cos(x*y)", "x", 1),
    ("x^y + 2^-x", "y*x^y", "x", 1),
    ("sinh(x)*tanh(x) + abs(x - 3) + cosh(x)", "cosh(x)", "x", 1),
    ("sqrt(x)*atan(x) - sin(pi*x)/x^3 + cos(x)", "1", "x", 1),
    ("pmax(x, y)*x + pmin(x, y)", "x", "x", 1),
    ("ifelse(x < 1, x^2, 2*x - 1) + sign(x)*x", "1", "x", 1),
    ("ifelse(x <= pmax(1, y), ifelse(x == y, 0, x^2), x^3)", "1", "x", 1),
    ("acosh(x) + atanh(x/7) + asinh(x)", "sign(x)/2", "x", 1),
    ("exp(-(x - mu)^2/(2*sigma^2))/(sigma*sqrt(2*pi))", "1/(sigma*sqrt(2*pi))", "mu", 1),
    ("pnorm(b*x) - pnorm(a*x)", "-(x*dnorm(a*x))*2", "a", 1),
    ("C/(1 + r)^t", "-(C * t/(1 + r)^(1 + t)) + 1e-6", "r", 1),
    ("3", "1e-9", "x", 1),
    ("sin(x)^2", "1 + cos(x)^2", "", 0),
    ("0.1 + 0.2", "0.3 + 1e-15*x", "", 0),
    ("log(abs(x))", "log(x + 0*x)/2", "", 0),
    ("x^4", "12*x", "x", 2),
    ("x^2.5*sinh(y) + abs(x - y)*x", "y", "x", 2),
    ("tan(x*y) + asin(x/9)*acos(y/20)", "y/cos(x*y)", "x", 2),
    ("pnorm(b*x) + erf(x)", "b", "x", 2),
    ("floor(x + 1/2)", "x", "", 0),
    ("round(x)*x + x %% y", "x", "x", 1),
    ("ceiling(x)*x^3 - floor(y)*x", "6*ceiling(x)", "x", 2),
    ("ifelse(x < 1, x^2, 2*x - y) + sign(x)*x/(x - y)", "2 + y", "x", 2),
    ("pmax(x, y)*x^2 + pmin(x, y)^3", "2 + y", "x", 2),
    ("acosh(x) + atanh(x/7) + asinh(x)", "x", "x", 2),
    ("sqrt(x^2 + y^2)/tanh(x) + 1/x", "1", "x", 2),
]


HOSTILE = [
    "forall",
    "Prop",
    "fun",
    "R",
    "PI",
    "exp",
    "v_x",
    "_",
    "x'",
    "µ",
    "名前",
    "a *) Axiom b : 1 = 2. (*",
    'a"b',
    "a\nb",
    "a(*",
    "\u202e",
]


@pytest.fixture(scope="module")
def certificates():
    return {row[:2]: refuted(*row[:3], Notation.R, row[3]) for row in SAMPLE}


def test_a_certificate_states_what_was_asked(certificates):
    # `refuted` compares each statement with formulas that it reads anew.
    assert all(found is not None and found[0].coq for found in certificates.values())


@pytest.mark.skipif(not coq.installed(), reason="Coq is not installed with Coquelicot and Interval")
def test_coq_accepts_certificates_and_rejects_changed_ones(certificates):
    # Loading Coq's libraries takes longer than most certificates, so all are checked in one process.
    shown = list(certificates) if os.environ.get("SECANT_TEST_LONG") else list(certificates)[1::4]
    text = certificates["x^2*exp(x)", "2*x*exp(x)"][0].coq
    (number,) = {part for part in text.split() if part.startswith("(747")}
    wrong = [text.replace("v_x = 1 ->", "v_x = 2 ->"), text.replace(f"{number} / 100)", "(947 / 100)")]
    second = certificates["x^4", "12*x"][0].coq
    assert second.count("(4 * v_x ^ 3)") > 1
    wrong += [second.replace("4 * v_x ^ 3", "5 * v_x ^ 3"), second.replace("R => v_x ^ 4", "R => v_x ^ 5", 1)]
    names = HOSTILE if os.environ.get("SECANT_TEST_LONG") else HOSTILE[-4:-2]
    hostile = [about_name(name).coq for name in names]
    found = coq.accepted([*(certificates[row][0].coq for row in shown), *hostile, *wrong])
    assert dict(zip([*shown, *names], found, strict=False)) == dict.fromkeys([*shown, *names], "")
    assert all(found[-4:])


@pytest.mark.sample(7)
@pytest.mark.parametrize("row", [*seeds(), *textbook(), *golden()], ids=lambda row: f"{row[0]} | {row[1]}")
def test_wrong_claims_of_the_tables_have_certificates_that_state_them(row):
    try:
        refuted(*row)
    except NoCertificateError as error:
        pytest.skip(str(error))


def test_points_are_simple(certificates):
    assert certificates["x^2*exp(x)", "2*x*exp(x)"][2] == {"x": 1}
    assert all(abs(value) <= 1000 for found in certificates.values() for value in found[2].values())


def certificate_of(text, claim, point, variable="x", **how):
    f = read(text, Notation.R)
    theirs = read(claim, Notation.R)
    node = graft(f.graph, theirs.graph, theirs.outputs[0], {})
    partials = gradient(f.graph, f.outputs[0], [variable]) if variable else ()
    along = [variable] if variable else []
    return counterexample_certificate(f.graph, f.outputs[0], node, along, point, partials, **how)


def test_a_point_without_a_simple_neighbour_is_the_double_itself():
    found, _ = certificate_of("sin(1e6*x)", "1e6*cos(1e6*x) + 1e-3", {"x": 0.123456789012345})
    assert Fraction(dict(found.point)["x"]) == Fraction(0.123456789012345) or found.point


@pytest.mark.parametrize(
    ("text", "claim", "point", "reason"),
    [
        ("x^2", "log(-x^2)", {"x": 1.0}, "no point at which"),
        ("x^2", "2*x", {"x": 1.0}, "no point at which"),
        ("log(x) + log(-x)", "1", {"x": 1.0}, "no point at which"),
        ("x^2", "x", {"x": float("inf")}, "not of finite numbers"),
        ("x^2", "x", {}, "no value of x"),
        ("x^2", "x", {"x": [1.0, 2.0]}, "not of vectors and matrices"),
        ("1/(x - x)", "1", {"x": 1.0}, "no point at which"),
    ],
)
def test_a_claim_without_a_point_of_comparison_has_no_certificate(text, claim, point, reason):
    with pytest.raises(NoCertificateError, match=reason):
        certificate_of(text, claim, point)


def test_a_formula_without_theory_has_intervals_only():
    found, notices = certificate_of("gamma(x)", "1", {"x": 2.0})
    assert not found.coq
    assert found.claimed_value == ("1", "1")
    assert (
        Fraction(found.true_value.lower) < Fraction(4228, 10000) < Fraction(found.true_value.upper) + Fraction(1, 10**4)
    )
    assert "gamma() has no theory" in notices[0]


def test_without_ball_arithmetic_a_notice_says_so(monkeypatch):
    monkeypatch.setattr(secantd.proof.enclosed, "installed", lambda: False)
    found, notices = certificate_of("x^2", "x", {"x": 2.0})
    assert found.coq
    assert found.true_value is None
    assert "extra `proof`" in notices[0]
    with pytest.raises(NoCertificateError, match="gamma"):
        certificate_of("gamma(x)", "1", {"x": 2.0})


def test_a_large_formula_is_refused_not_truncated():
    text = " + ".join(f"sin({i}*x)" for i in range(1_000))
    found, notices = certificate_of(text, "1", {"x": 1.0}, limit=1_000)
    assert not found.coq
    assert "more than 1000 operations" in notices[0]


def test_assumptions_hold_at_the_point():
    found, _ = certificate_of("sqrt(x^2)", "2*x", {"x": 0.7}, "", allowed=lambda at: 0.5 < at["x"] < 0.9)
    assert Fraction(1, 2) < Fraction(dict(found.point)["x"]) < Fraction(9, 10)


def test_a_first_derivative_without_a_proof_is_as_the_rules_write_it():
    f = read("c(x^(1/3), 0.333333333333333/x^0.666666666666667)")
    theorem = first_derivative(f.graph, *f.outputs, "x")
    assert coq_text(theorem.claim) == "Rpower v_x (1 / 3) * (1 / 3 * (1 / v_x))"
    assert [h.shown for h in theorem.hypotheses] == ["x > 0"]


def about_name(name):
    g = Graph()
    x = g.symbol(name)
    f, true = g.make("pow", x, g.number(2)), g.make("mul", g.number(2), x)
    found, _ = counterexample_certificate(g, f, x, [name], {name: 3.0}, [true])
    compare_refutation(found, f, x, name)
    return found


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name(name):
    assert about_name(name).point == ((name, "3"),)


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(0), "0"), (Fraction(1, 8), "0.125"), (Fraction(-3), "-3"), (Fraction(10**25), "1e25"), (Fraction(7, 10**30), "7e-30"),
     (Fraction(123456, 100), "1234.56"), (Fraction(1, 100), "0.01")],
)  # fmt: skip
def test_decimals_are_exact(value, text):
    assert decimal_text(value) == text
    assert Fraction(text) == value
