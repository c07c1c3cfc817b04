"""The statements of certificates for Lean; there is no Lean here to check their proofs."""

import re

import pytest
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.proof.derivatives import certificate, statements
from secantd.proof.terms import NoCertificateError

from .alike import alike
from .reader import read_file
from .statements import called
from .test_statements import ROWS, ours

NAMES = {"log": "ln", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "pi": "PI"}
STATED = re.compile(
    r"theorem (?P<name>\w+)(?: \((?P<variables>[^)]*) : ℝ\))?(?P<given>(?:\n    \(h\d+ : .*\))*) :\n"
    r"    HasDerivAt \(fun (?P<x>\S+) : ℝ => (?P<f>.*)\) (?P<claim>\S+|\(.*\)) (?P<at>\S+) := by"
)


def as_coq(text):
    """Return a term of Lean in the notation of the reader."""
    text = text.replace("^ (", "** (").replace(" : ℝ)", ")").replace("≠", "<>")
    return re.sub(r"Real\.(\w+)", lambda m: NAMES.get(m[1], m[1]), text)


@pytest.mark.sample(9)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_file_for_lean_states_what_the_file_for_coq_states(row):
    text, variables = row
    f = read(text, Notation.R)
    try:
        claims = ours(f, variables)
        made = certificate(f.graph, statements(f.outputs[0], claims, variables, 1))
    except (NoCertificateError, CalculusError):
        pytest.skip("there is no certificate")
    if not made.lean:
        pytest.skip("there is no file for Lean")
    assert made.lean.startswith("-- Not checked by Secant")
    stated = list(STATED.finditer(made.lean))
    theorems = read_file(made.coq).theorems
    assert [m["name"] for m in stated] == list(theorems)
    names = called(list(dict.fromkeys([*f.variables, *variables])))
    for match, statement, claim, variable in zip(stated, theorems.values(), claims, variables, strict=True):
        assert match["x"] == match["at"] == names[variable]
        assert tuple((match["variables"] or "").split()) == statement.variables
        given = "".join(f"{as_coq(h)} -> " for h in re.findall(r"\(h\d+ : (.*)\)", match["given"]))
        lean = (
            f"{given}is_derive (fun {match['x']} : R => {as_coq(match['f'])}) {match['x']} ({as_coq(match['claim'])})"
        )
        coq = f"Open Scope R_scope.\nTheorem t : forall {' '.join(statement.variables)} : R, {lean}. Proof. Qed."
        read_again = read_file(coq).theorems["t"]
        assert len(read_again.hypotheses) == len(statement.hypotheses)
        assert alike(read_again.conclusion[1][2], f.outputs[0], names)
        assert alike(read_again.conclusion[3], claim, names)


@pytest.mark.parametrize("text", ["abs(x)", "pmax(x, y)", "pnorm(x)", "asinh(x)"])
def test_functions_without_a_rule_have_no_file_for_lean(text):
    f = read(text)
    made = certificate(f.graph, statements(f.outputs[0], ours(f, ["x"]), ["x"], 1))
    assert made.coq
    assert not made.lean
