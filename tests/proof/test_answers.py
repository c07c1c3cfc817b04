"""Certificates in the answers of Check, Differentiate and Gradient."""

import re
from dataclasses import replace

import pytest
import secant
from secant import NoticeWarning
from secantd.answers.proofs import in_time
from secantd.calculus.results import Certificate
from secantd.proof.errors import NoCertificateError
from secantd.settings import DEFAULT_LIMITS


@pytest.fixture(scope="module")
def client():
    with secant.local() as found:
        yield found


def test_a_derivative_has_a_certificate_on_request(client):
    plain = client.differentiate("log(x)")
    found = client.differentiate("log(x)", certificate=True)
    assert plain.certificate is None
    assert (found.text, list(found.certificate.hypotheses)) == (plain.text, ["x > 0"])
    assert "is_derive (fun v_x : R => ln v_x) v_x (1 / v_x)." in found.certificate.coq


def test_a_mixed_derivative_has_a_theorem_for_each_step(client):
    coq = client.differentiate("x^2*y^3", "x", "y", certificate=True).certificate.coq
    found = re.findall(r"is_derive \(fun (\w+) : R => (.*?)\) \w+ \((.*)\)\.$", coq, re.MULTILINE)
    assert [x for x, _, _ in found] == ["v_x", "v_y"]
    assert found[0][1] == "v_x ^ 2 * v_y ^ 3"
    assert found[1][1] == found[0][2]


def test_a_gradient_has_a_theorem_for_each_variable(client):
    found = client.gradient("x*exp(y)", certificate=True)
    assert found.certificate.coq.count("\nTheorem ") == 2


def test_constants_are_exact_in_a_certificate_and_a_notice_says_so(client):
    with pytest.warns(NoticeWarning):
        found = client.differentiate("x^(1/3)", certificate=True)
    assert found.text == "0.333333333333333/x^0.666666666666667"
    assert "(1 / (3 * Rpower v_x (2 / 3)))." in found.certificate.coq
    assert (
        "the certificate has the constants of the derivative exactly; decimals that are printed are rounded"
        in found.notices
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gamma(x)", "gamma() has no theory in Coq's libraries of real numbers"),
        ("log(x) + log(-x)", "no point is known at which all hypotheses of the certificate hold"),
        (
            "+".join(["sin(x)"] * 600),
            "the formula has more than 1000 operations and numbers, written out for the certificate",
        ),
    ],
)
def test_what_has_no_certificate_is_answered_with_the_reason(client, text, reason):
    with pytest.warns(NoticeWarning):
        found = client.differentiate(text, "x", certificate=True)
    assert found.certificate is None
    assert f"there is no certificate: {reason}" in found.notices


@pytest.mark.parametrize(
    ("text", "claim", "options", "hypotheses"),
    [
        ("log(x)", "1/x", {}, ["x > 0"]),
        ("sin(x)^2", "2*sin(x)*cos(x)", {}, []),
        ("x^3", "6*x", {"order": 2}, []),
        ("x^2*y", "rbind(c(2*y, 2*x), c(2*x, 0))", {"order": 2}, []),
        ("sin(x)^2", "1 - cos(x)^2", {"order": 0}, []),
        ("log(x*y)", "log(x) + log(y)", {"order": 0, "assume": ["x > 0", "y > 0"]}, ["x > 0", "y > 0"]),
        ("sqrt(a^2*x)", "a/(2*sqrt(x))", {"assume": ["a > 0"], "variables": ["x"]}, ["a > 0", "x > 0"]),
    ],
)
def test_a_claim_that_is_right_has_a_certificate(client, text, claim, options, hypotheses):
    variables = options.pop("variables", [])
    found = client.check(text, claim, *variables, witnesses=["exact", "numeric"], certificate=True, **options)
    assert found.certificate is not None, found.notices
    assert list(found.certificate.hypotheses) == hypotheses
    assert "Theorem" in found.certificate.coq


def test_a_certificate_that_takes_too_long_is_left_out_with_the_reason():
    def endless() -> Certificate:
        while True:
            pass

    with pytest.raises(NoCertificateError, match=r"it took longer than 0\.05 seconds"):
        in_time(replace(DEFAULT_LIMITS, algebra_seconds=0.05), endless)
