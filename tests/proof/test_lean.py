"""The statements of certificates for Lean; there is no Lean here to check their proofs."""

import re

import pytest
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.proof.derivatives import certificate, statements
from secantd.proof.errors import NoCertificateError
from secantd.proof.lemmas import LEMMAS
from secantd.proof.mathlib import RULES

from .alike import points_of, value
from .grammar import ReadError
from .lean_reader import read_lean
from .reader import read_file
from .statements import compare_derivative
from .test_statements import ROWS, ours

EVERYTHING = [
    "abs(x - a)*sign(x)",
    "pmax(x, a) - pmin(x, 2)",
    "ifelse(x <= a, x^2, a*x) + ifelse(x < 1, 1, ifelse(x == a, 2, x))",
    "pnorm(x, m, s) + erf(x)",
    "floor(x)*x + ceiling(x/2)",
    "asinh(x) - acosh(x) + atanh(1/x)",
    "asin(x/2) + acos(x) + atan(1/x) + tan(x)",
    "sinh(x)/cosh(2*x) - tanh(x)",
    "a^x + x^a + x^x + x^-3 + 2^-x",
    "sqrt(log(x))*exp(-x)/x",
]


def compare(text, variables, notation=Notation.R):
    """Assert that a file for Lean states the formula, its own derivatives, and the hypotheses of the file for Coq."""
    f = read(text, notation)
    claims = ours(f, variables)
    made = certificate(f.graph, statements(f.outputs[0], claims, variables, 1))
    assert made.lean.startswith("-- Not checked by Secant")
    found, coq = read_lean(made.lean), read_file(made.coq).theorems
    assert list(found) == list(coq)
    again = read(text, notation).outputs[0]
    everything = list(dict.fromkeys([*f.variables, *variables]))
    for statement, other, claim, variable in zip(found.values(), coq.values(), claims, variables, strict=True):
        assert statement.variables == other.variables
        for mine, its in zip(statement.hypotheses, other.hypotheses, strict=True):
            for at in points_of(statement.variables, (), count=12):
                assert value(mine, at) == value(its, at)
        compare_derivative(statement, again, claim, variable, everything)
    return made


@pytest.mark.sample(9)
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_file_for_lean_states_what_was_asked(row):
    try:
        compare(*row)
    except (NoCertificateError, CalculusError):
        pytest.skip("there is no certificate")


@pytest.mark.parametrize("text", EVERYTHING)
def test_each_function_of_a_certificate_has_a_rule_in_lean(text):
    made = compare(text, ["x"])
    # One walk makes both proofs.
    names = [re.findall(r"\bd_(?!eq\b)\w+", file[file.rindex("heorem derivative") :]) for file in (made.lean, made.coq)]
    assert names[0] == names[1]


def arguments(text, name):
    """Return how many variables of a rule are explicit."""
    begin = re.search(rf"(?:theorem|Lemma) {name} (.*?)(?: \(H :| :[ \n])", text, re.DOTALL)[1]
    return sum(len(group.split(":")[0].split()) for group in re.findall(r"\(([^()]*)\)", begin))


def test_rules_of_lean_have_the_arguments_of_those_of_coq():
    in_lean = re.findall(r"theorem (d_\w+)", RULES)
    assert set(in_lean) == {name for name in LEMMAS if name.startswith("d_")} - {"d_eq"}
    for name in in_lean:
        if name != "d_chosen":
            assert arguments(RULES.replace("(U :", "(H :"), name) == arguments(LEMMAS[name], name), name


GOLDEN = """\
theorem derivative (v_x : ℝ)
    (h1 : v_x ≠ (0 : ℝ)) :
    HasDerivAt (fun v_x : ℝ => (abs v_x)) (Real.sign v_x) v_x := by
  have d : HasDerivAt (fun v_x : ℝ => (abs v_x)) ((v_x / (abs v_x)) * (1 : ℝ)) v_x :=
    (d_Rabs _ _ _ (d_id _) h1)
  refine d.congr_deriv ?_
  rw [sign_over v_x h1]
  first
    | with_reducible rfl
    | (field_simp; ring)
    | field_simp
    | ring
    | (simp; ring)
    | (split_ifs <;> first | (field_simp; ring) | field_simp | ring)

end Secant
"""


def lean_of(text, *claims):
    f = read(f"c({', '.join([text, *claims])})")
    return certificate(f.graph, statements(f.outputs[0], f.outputs[1:], ["x"], 1)).lean


def test_a_theorem_has_its_hypotheses_and_the_walk():
    assert lean_of("abs(x)", "sign(x)").endswith(GOLDEN)


@pytest.mark.parametrize(
    ("text", "claim", "condition"),
    [
        ("log(1 + exp(x))", "exp(x)/(1 + exp(x))", "(show (0 : ℝ) < ((1 : ℝ) + (Real.exp v_x)) by side)"),
        ("1/log(x)", "-1/(x*log(x)^2)", "h1"),
        ("asin(x)", "1/sqrt(1 - x^2)", "h1 h2"),
        ("pmax(x, a)", "ifelse(x < a, 0, 1)", "h1"),
    ],
)
def test_conditions_are_hypotheses_or_follow_from_them(text, claim, condition):
    # The theorem names its hypotheses h1, h2, ... too.
    assert condition in lean_of(text, claim).rsplit(" := by\n", 1)[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import Mathlib\n", "import Mathlib\naxiom a : 1 = 2\n"),
        ("theorem derivative", "axiom a : 1 = 2\n\ntheorem derivative"),
        ("theorem derivative", "notation x + y => x * y\n\ntheorem derivative"),
        ("(d_Rabs _ _ _ (d_id _) h1)", "sorry"),
        ("Real.sign v_x) v_x :=", "Real.sign v_x) v_x v_x :="),
        ("(abs v_x)) (Real", "(abs v_x + 1)) (Real"),
    ],
)
def test_a_file_with_more_than_a_certificate_is_not_read(old, new):
    text = lean_of("abs(x)", "sign(x)")
    assert read_lean(text)
    assert old in text
    with pytest.raises(ReadError):
        read_lean(text.replace(old, new))
