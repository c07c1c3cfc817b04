"""Certificates of refuted claims in the answers of Check."""

import warnings
from fractions import Fraction

import pytest
import secant
from secantd.language import read

from .statements import compare_refutation


@pytest.fixture(scope="module")
def client():
    with secant.local(seconds=60.0) as found:
        yield found


def refuted(client, f, claimed, *variables, **how):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = client.check(f, claimed, *variables, certificate=True, **how)
    assert found.verdict == "REFUTED", str(found)
    return found


class Record:
    """A certificate with the fields of the engine's record."""

    def __init__(self, certificate):
        self.coq = certificate.coq
        self.point = [(name, str(value)) for name, value in certificate.point.items()]
        self.true_value = self.claimed_value = None


@pytest.mark.parametrize(
    ("f", "claimed", "variables", "how", "stated"),
    [
        ("x^2*exp(x)", "2*x*exp(x)", ["x"], {}, ("x^2*exp(x)", "2*x*exp(x)", "x")),
        ("x^2*y", "c(2*x*y, x)", ["x", "y"], {}, ("x^2*y", "x", "y")),
        ("sin(x)", "x", None, {}, ("sin(x)", "x", "")),
        ("x^4", "12*x", ["x"], {"order": 2}, ("x^4", "12*x", "x", "x")),
        (
            "log(x)*y^2",
            "rbind(c(-y^2/x^2, 3*y/x), c(2*y/x, 2*log(x)))",
            ["x", "y"],
            {"order": 2},
            ("log(x)*y^2", "3*y/x", "y", "x"),
        ),
        ("x**3", "3*x", ["x"], {"notation": "python"}, ("x^3", "3*x", "x")),
    ],
)
def test_the_certificate_is_about_the_component_that_fails(client, f, claimed, variables, how, stated):
    if variables is None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = client.equal(f, claimed, certificate=True)
    else:
        found = refuted(client, f, claimed, *variables, **how)
    output, claim = (read(text).outputs[0] for text in stated[:2])
    compare_refutation(Record(found.certificate), output, claim, stated[2], before="".join(stated[3:]))
    if found.certificate.true_value is not None:
        (low, high), (least, most) = found.certificate.true_value, found.certificate.claimed_value
        assert Fraction(low) <= Fraction(high)
        assert high < least or most < low


def test_the_point_satisfies_the_assumptions(client):
    found = refuted(client, "sqrt(x^2)", "2*x", order=0, assume=["x > 0.2", "x < 0.9"])
    assert Fraction(1, 5) < found.certificate.point["x"] < Fraction(9, 10)


@pytest.mark.parametrize(
    ("f", "claimed", "variables", "how", "reason"),
    [
        ("x^2", "x", ["x"], {"tolerance": 0.01}, "a claim with a tolerance is not exact"),
        ("t(x) %*% x", "x", ["x"], {"shapes": {"x": "n"}}, "not of vectors and matrices"),
        ("x^2", "log(-1 - x^2)", ["x"], {}, "no point at which"),
    ],
)
def test_what_cannot_be_certified_has_a_notice_with_the_reason(client, f, claimed, variables, how, reason):
    found = refuted(client, f, claimed, *variables, **how)
    assert found.certificate is None
    assert any(reason in notice for notice in found.notices), found.notices


def test_functions_without_theory_have_intervals_only(client):
    found = refuted(client, "besselJ(x, 0)", "besselJ(x, 1)", "x")
    assert not found.certificate.coq
    assert found.certificate.true_value[0] < 0 < found.certificate.claimed_value[0]
    assert any("only intervals by ball arithmetic" in notice for notice in found.notices)


def test_a_request_without_a_certificate_has_none(client):
    assert client.check("x^2", "x").certificate is None
