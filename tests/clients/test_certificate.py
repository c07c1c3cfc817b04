"""Certificates and enclosures as clients show them, from replies made by hand; tests/proof has what servers answer."""

import json
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from click.testing import CliRunner
from secant import rpcs
from secant._reply import MalformedReplyError
from secant.command.app import app
from secant.v1 import certificate_pb2, check_pb2, derivative_pb2, evaluate_pb2, expression_pb2

PROOF = certificate_pb2.Certificate(
    coq="Lemma a : True.\nProof. exact I. Qed.\n", lean="-- Lean\n", hypotheses=["x > 0"]
)
COUNTEREXAMPLE = certificate_pb2.Certificate(
    coq="Lemma a : True.\n",
    point=[certificate_pb2.ExactCoordinate(variable="x", value="1/3")],
    claimed_value=certificate_pb2.Interval(lower="0.99", upper="1.01"),
    true_value=certificate_pb2.Interval(lower="2.7182", upper="2.7183"),
)


def derivative(**fields):
    formula = expression_pb2.Formula(text="1/x")
    return derivative_pb2.DifferentiateResponse(derivative=formula, variables=["x"], **fields)


def verdict(**fields):
    return rpcs.check("exp(x)", "x").convert(check_pb2.CheckResponse(verdict="VERDICT_REFUTED", message="no", **fields))


def test_a_certificate_is_files_and_hypotheses(tmp_path):
    found = rpcs.differentiate("log(x)", certificate=True).convert(derivative(certificate=PROOF)).certificate
    assert found.save(tmp_path / "a.v").read_text() == PROOF.coq
    assert found.save(tmp_path / "a.lean").read_text() == PROOF.lean
    assert found.hypotheses == ("x > 0",)
    assert "x > 0" in repr(found)


def test_what_is_not_in_a_certificate_cannot_be_saved(tmp_path):
    found = verdict(certificate=COUNTEREXAMPLE).certificate
    with pytest.raises(ValueError, match="no file for Lean"):
        found.save(tmp_path / "a.lean")
    assert not list(tmp_path.iterdir())


def test_an_answer_without_a_certificate_has_none():
    assert rpcs.differentiate("log(x)").convert(derivative()).certificate is None
    assert verdict().certificate is None


def test_a_counterexample_has_exact_numbers():
    found = verdict(certificate=COUNTEREXAMPLE).certificate
    assert found.point == {"x": Fraction(1, 3)}
    assert found.claimed_value == (Decimal("0.99"), Decimal("1.01"))
    values = json.loads(json.dumps(found.to_dict()))
    assert (values["point"], values["true_value"]) == ({"x": "1/3"}, ["2.7182", "2.7183"])
    assert "2.7182 to 2.7183" in repr(found)


@pytest.mark.parametrize("value", ["", "1/0", "one", "1 2"])
def test_a_number_that_is_none_is_a_malformed_reply(value):
    point = [certificate_pb2.ExactCoordinate(variable="x", value=value)]
    with pytest.raises(MalformedReplyError, match="certificate"):
        verdict(certificate=certificate_pb2.Certificate(coq="a", point=point))


def bounds(name, lower, upper):
    return evaluate_pb2.Bounds(name=name, lower=lower, upper=upper)


def evaluated(*enclosures):
    reply = evaluate_pb2.EvaluateResponse(values=[1.0, 4.0], variables=["x"], enclosures=enclosures)
    reply.derivatives.add(name="x", values=[2.0, 4.0])
    return rpcs.evaluate("x^2", {"x": [1, 2]}, order=1, enclosures=True).convert(reply)


def test_enclosures_are_two_evaluations():
    found = evaluated(bounds("", [0.9, 3.9], [1.1, 4.1]), bounds("x", [1.9, 3.8], [2.1, 4.2]))
    np.testing.assert_array_equal(found.lower.value, [0.9, 3.9])
    np.testing.assert_array_equal(found.upper.gradient, [[2.1], [4.2]])


@pytest.mark.parametrize("enclosures", [(bounds("", [1], [1]),), (bounds("", [1], [1]), bounds("x", [1, 2], [1, 2]))])
def test_enclosures_that_do_not_fit_are_a_malformed_reply(enclosures):
    with pytest.raises(MalformedReplyError, match="for 2"):
        evaluated(*enclosures)


@pytest.mark.parametrize("options", [["-o", "a.csv"], ["--sum"], ["--data-set", "d"]])
def test_enclosures_of_files_are_refused(options):
    points = [] if "--data-set" in options else ["--points", "a.csv"]
    found = CliRunner().invoke(app, ["eval", "x^2", "--enclosures", *points, *options])
    assert found.exit_code == 2
    assert "--enclosures" in found.output or "--data-set goes" in found.output
