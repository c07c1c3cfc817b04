"""Certificates for claims that are right: what they state, what is refused, and that Coq accepts them."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from accepted import Coq, certificate_of
from right_claims import SEEDS, Case
from secantd.language import read
from secantd.proof.derivatives import certificate, statements
from secantd.proof.errors import NoCertificateError

from .coq import installed

needs_coq = pytest.mark.skipif(not installed(), reason="coq, libcoq-coquelicot and libcoq-interval are not installed")


def certified(text: str, *claims: str, variables: str = "x", order: int = 1) -> tuple[str, tuple[str, ...]]:
    f = read(f"c({', '.join([text, *claims])})")
    made = certificate(f.graph, statements(f.outputs[0], f.outputs[1:], variables.split(), order))
    return made.coq, made.hypotheses


def statement(coq: str) -> str:
    return re.search(r"^Theorem (.|\n)*?\.$", coq, re.MULTILINE)[0]  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "claim", "hypotheses"),
    [
        ("log(x)", "1/x", ("x > 0",)),
        ("log(1 + exp(x))", "exp(x)/(1 + exp(x))", ()),
        ("sqrt(x^2 + 1)", "x/sqrt(x^2 + 1)", ()),
        ("1/(x - a)", "-1/(x - a)^2", ("x - a != 0",)),
        ("abs(x)", "sign(x)", ("x != 0",)),
        ("dnorm(x, m, s)", "-dnorm(x, m, s) * (x - m)/s^2", ("s > 0",)),
        ("log2(x)", "1/(x*log(2))", ("x > 0",)),
    ],
)
def test_hypotheses_are_those_that_do_not_follow_from_others(text, claim, hypotheses):
    assert certified(text, claim)[1] == hypotheses


def test_the_claim_is_stated_as_it_is_given():
    coq, _ = certified("x^2 + x", "x + 1 + x")
    assert statement(coq) == (
        "Theorem derivative : forall v_x : R,\n  is_derive (fun v_x : R => v_x ^ 2 + v_x) v_x (v_x + 1 + v_x)."
    )


def test_a_gradient_has_a_theorem_for_each_variable():
    coq, hypotheses = certified("x*log(y)", "log(y)", "x/y", variables="x y")
    assert re.findall(r"^Theorem (\w+)", coq, re.MULTILINE) == ["derivative_1", "derivative_2"]
    assert hypotheses == ("y > 0",)


@pytest.mark.parametrize(
    ("text", "claim", "reason"),
    [
        ("x^2", "3*x", "the algebra of certificates has no proof of this claim"),
        ("log(x) + log(-x)", "2/x", "no point is known at which all hypotheses of the certificate hold"),
        ("sqrt(-1 - x^2)", "-x/sqrt(-1 - x^2)", "no point is known at which all hypotheses of the certificate hold"),
        (
            "round(x)",
            "0",
            "it applies floor() to a function with jumps, as round() does, and certificates have no rule for that",
        ),
        ("gamma(x)", "gamma(x)*digamma(x)", "gamma() has no theory in Coq's libraries of real numbers"),
        (
            "sin(2*x)/3",
            "0.666666666666667*cos(2*x)",
            "certificates take decimals as exact numbers, and 0.666666666666667 in the claim is rounded",
        ),
        # The denominator is 0 where x is positive.
        ("x", "2*abs(x)/(abs(x) - x)", "the algebra of certificates has no proof of this claim"),
        ("log(-2) + x", "1", "the condition -2 > 0 never holds"),
    ],
)
def test_what_cannot_be_proved_is_refused_with_the_reason(text, claim, reason):
    with pytest.raises(NoCertificateError) as caught:
        certified(text, claim)
    assert str(caught.value) == reason


def test_a_certificate_has_only_the_lemmas_that_it_uses():
    coq, _ = certified("x + 1", "1")
    assert set(re.findall(r"^(?:Lemma|Definition) (\w+)", coq, re.MULTILINE)) <= {
        "d_eq",
        "d_const",
        "d_id",
        "d_add",
        "d_add_c",
    }


# What the walk and the algebra consist of: each rule, relations between arguments, hypotheses that others imply.
ACCEPTED = [
    *[Case("", text, (variable,)) for text, variable in SEEDS],
    Case("", "x^(1/3)*(1 + x)^-2.5", ("x",)),
    Case("", "a^x + x^a + x^x", ("x",)),
    Case("", "tan(x/2)*sinh(x)/cosh(2*x) - tanh(x)", ("x",)),
    Case("", "asin(x/2) + acos(x) + atan(1/x)", ("x",)),
    Case("", "asinh(x) - acosh(x) + atanh(1/x)", ("x",)),
    Case("", "abs(x - a)*sign(x) + max(x, a, 1) - min(x, 2)", ("x",)),
    Case("", "ifelse(x <= a, x^2, a*x)", ("x",)),
    Case("", "pnorm(x, m, s)", ("x", "m", "s")),
    Case("", "plnorm(q, m, s)", ("q",)),
    Case("", "alpha*S/(1 + S/beta)", ("beta",)),
    Case("", "1/(1 + 1/(x + 1/y))", ("x", "y")),
    Case("", "sqrt(x + sqrt(x))", ("x",)),
    Case("", "sum((y - a*exp(-b*t))^2)", ("a", "b"), data='{"t": [0, 1, 2.5], "y": [1, 0.4, 0.1]}'),
    Case("", "sum(dpois(y, exp(a + b*t), TRUE))", ("a", "b"), data='{"t": [0, 1, 2.5], "y": [1, 0, 4]}', notation="R"),
    Case("", "-sign(x)*x + (3 - floor(x))*x^2 - ceiling(x/2)", ("x",)),
    Case("", "x %% y + x %/% y*trunc(y + x)", ("x",)),
    Case("", "dt(x, 3) + dchisq(x, 5)", ("x",)),
    Case("", "dbinom(2, 5, p)*dbeta(p, 2, 3)", ("p",)),
    Case("", "2^x * 3^x * 5^x", ("x",), "30^x * log(30)"),
    Case("", "(1/B)*sqrt(2*V*m/q)", ("B",), "-sqrt(2*V*m/(q*B^4))"),
    Case("", "sin(3*x)*cos(3*x)", ("x",), "3*cos(6*x)"),
    Case("", "sin(5*x + pi/2)*cos(2*x - pi)", ("x",), "7*sin(7*x)/2 + 3*sin(3*x)/2"),
    Case("", "asech(2*x)", ("x",), "-1/(x*sqrt(1 - 4*x^2))"),
    Case("", "pmax(x, 0)^2", ("x",), "x + abs(x)"),
    Case("", "(1 - cos(x))/sin(x)", ("x",), "1/(1 + cos(x))"),
    Case("", "log(x + sqrt(x^2 - 1))", ("x",), "1/sqrt(x^2 - 1)"),
    Case("", "exp(a*x)*exp(b*x)", ("x",), "(a + b)*exp((a + b)*x)"),
    Case("", "`forall`*`in`^2 + sd.log*R*PI", ("in",)),
    Case("", "T*at + F*R", ("at",)),
]


@pytest.fixture(scope="module")
def coq() -> Iterator[Coq]:
    process = Coq()
    yield process
    process.close()


@needs_coq
@pytest.mark.sample(3)
@pytest.mark.parametrize("case", ACCEPTED, ids=lambda c: c.text)
def test_coq_accepts_certificates(case, coq):
    assert coq.accepts(certificate_of(case)) == ""


@needs_coq
@pytest.mark.parametrize(
    ("text", "claims", "variables", "order"),
    [("sin(x)^2", ["1 - cos(x)^2"], "x", 0), ("x^3*y", ["6*x*y", "3*x^2", "3*x^2", "0"], "x y", 2)],
)
def test_coq_accepts_equalities_and_second_derivatives(text, claims, variables, order, coq):
    f = read(f"c({', '.join([text, *claims])})")
    first = [read_into(f, t) for t in ("3*x^2*y", "x^3")] if order == 2 else []
    made = certificate(f.graph, statements(f.outputs[0], f.outputs[1:], variables.split(), order, first))
    assert coq.accepts(made.coq) == ""


def read_into(function, text):
    from secantd.expression import graft

    other = read(text)
    return graft(function.graph, other.graph, other.outputs[0], {})


@needs_coq
def test_a_whole_file_is_accepted_and_assumes_only_the_axioms_of_real_numbers(tmp_path: Path):
    coq, _ = certified("erf(x)*x^1.5", "2*exp(-x^2)/sqrt(pi)*x^1.5 + 1.5*sqrt(x)*erf(x)")
    file = tmp_path / "claim.v"
    file.write_text(coq)
    found = subprocess.run(["coqc", "-w", "none", file], capture_output=True, text=True, check=True)
    axioms = set(re.findall(r"^([\w.]+)\s*:", found.stdout.replace("\n  :", " :"), re.MULTILINE)) - {"Axioms"}
    assert axioms <= {
        "ClassicalDedekindReals.sig_not_dec", "ClassicalDedekindReals.sig_forall_dec", "Classical_Prop.classic",
        "FunctionalExtensionality.functional_extensionality_dep",
    }  # fmt: skip
