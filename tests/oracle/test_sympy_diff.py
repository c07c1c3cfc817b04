"""The derivatives that SymPy's own tests state, checked as claims; those of functions outside the language are counted."""

import sys
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import pytest
import sympy
from secant._sympy import text_of
from secantd.calculus import differentiate
from secantd.check.judge import judge
from secantd.check.verdict import Judgement, Verdict
from secantd.language import Function, Notation, read

sys.path.insert(0, str(Path(__file__).parent))

from sympy_claims import Claim, claims_of, modules

# SymPy 1.14.0: how many derivatives each module states, and how many of them are of real functions that the language has.
COUNTS = {
    "diff": (41, 33), "comb_factorials": (6, 6), "comb_numbers": (1, 0), "complexes": (15, 2),
    "exponential": (2, 1), "hyperbolic": (13, 13), "miscellaneous": (6, 6), "piecewise": (4, 4),
    "trigonometric": (23, 23), "bessel": (12, 4), "beta_functions": (2, 2), "delta_functions": (3, 0),
    "elliptic_integrals": (11, 0), "error_functions": (16, 5), "gamma_functions": (11, 9), "hyper": (10, 0),
    "mathieu": (4, 0), "singularity_functions": (12, 0), "spec_polynomials": (15, 0), "spherical_harmonics": (2, 0),
    "zeta_functions": (5, 0),
}  # fmt: skip


def text_in_python(expression: object) -> str | None:
    """Return an expression of SymPy in Python notation, None if the language does not have it."""
    try:
        return text_of(sympy.sympify(expression))
    except (TypeError, ValueError, sympy.SympifyError):
        return None


def function_of(text: str, variables: list[str]) -> Function:
    function = read(text, Notation.PYTHON)
    # A derivative with respect to a name that does not occur is 0.
    function.declared = frozenset(variables)
    return function


def question(claim: Claim) -> tuple[str, str, list[str]] | None:
    """Return a function, its claimed derivative and the variables; None if it is in functions that the language does not have."""
    text, claimed = text_in_python(claim.function), text_in_python(claim.derivative)
    names = [str(v) for v in claim.variables]
    imaginary = any(s.is_real is False for s in sympy.sympify(claim.function).free_symbols)
    if text is None or claimed is None or not names or imaginary:
        return None
    if len(names) > 1:
        text = differentiate(function_of(text, names), names[:-1], notations=[Notation.PYTHON]).derivative.text
    return text, claimed, names


def verdict(text: str, claimed: str, names: list[str]) -> Judgement:
    return judge(function_of(text, names), read(claimed, Notation.PYTHON), names[-1:], witnesses=["exact", "numeric"])


@pytest.mark.skipif(version("sympy") != "1.14.0", reason="the counts are those of another version of SymPy")
@pytest.mark.parametrize("module", modules())
def test_the_derivatives_that_sympys_tests_state_are_right_and_wrong_with_another_sign(module):
    counts: Counter[str] = Counter()
    asked = [(c.place, *q) for c in claims_of(module, counts) if (q := question(c)) is not None]
    for place, *claim in asked:
        found = verdict(*claim)
        assert found.verdict in (Verdict.PROVED, Verdict.AGREES), (place, claim, found.message)
    for place, text, claimed, names in asked:
        if claimed != "(0)":
            found = verdict(text, f"-{claimed}", names)
            assert found.verdict is Verdict.REFUTED, (place, claimed, found.message)
    assert (counts["stated"], len(asked)) == COUNTS.get(module.rpartition(".test_")[2], (0, 0))


def test_half_of_what_sympy_states_is_of_real_functions_of_the_language():
    assert [sum(column) for column in zip(*COUNTS.values(), strict=True)] == [214, 108]
