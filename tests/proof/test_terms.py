"""Formulas as terms of Coq, with hypotheses."""

import numpy as np
import pytest
from secantd.language import read
from secantd.proof.errors import NoCertificateError
from secantd.proof.reals import comment, coq_name, coq_text
from secantd.proof.terms import Translation


def translated(text: str, **data: list[float]) -> tuple[str, list[str]]:
    f = read(text, data={k: np.array(v) for k, v in data.items()}) if data else read(text)
    made = Translation(f.graph)
    term = made.of(f.outputs[0])
    return coq_text(term), [h.text for h in made.hypotheses]


@pytest.mark.parametrize(
    ("text", "coq", "hypotheses"),
    [
        ("0.1*x^2", "(1 / 10) * v_x ^ 2", []),
        ("x^-2", "/ v_x ^ 2", ["v_x <> 0"]),
        ("x^(1/3)", "Rpower v_x (1 / 3)", ["0 < v_x"]),
        ("-x^2 - -y", "- v_x ^ 2 - - v_y", []),
        ("a - (b - c)/2", "v_a - (v_b - v_c) / 2", []),
        ("log1p(x)", "ln (1 + v_x)", ["0 < 1 + v_x"]),
        ("log2(x)", "ln v_x / ln 2", ["0 < v_x", "ln 2 <> 0"]),
        ("tan(x)", "tan v_x", ["cos v_x <> 0"]),
        ("ifelse(x > 1, x, 2)", "if_less 1 v_x v_x 2", ["v_x <> 1"]),
        ("floor(x) + ceiling(y)", "floor v_x + - floor (- v_y)", ["floor v_x < v_x", "floor (- v_y) < - v_y"]),
        ("ifelse(x > 0, log(x), -Inf)", "ln v_x", ["0 < v_x"]),
        ("ifelse((x < 0) | (x > b), NaN, x)", "v_x", ["0 < v_x", "v_x < v_b"]),
        ("sin(pi*x)", "sin (PI * v_x)", []),
    ],
)
def test_a_formula_is_a_term_with_the_hypotheses_that_it_needs(text, coq, hypotheses):
    assert translated(text) == (coq, hypotheses)


def test_a_sum_over_data_is_written_out():
    assert translated("sum((y - a*t)^2)", y=[1.0, 2.5], t=[0.5, 3.0])[0] == (
        "(1 - v_a * (1 / 2)) ^ 2 + ((5 / 2) - v_a * 3) ^ 2"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gamma(x)", "gamma() has no theory in Coq's libraries of real numbers"),
        ("besselJ(x, 0)", "besselJ() has no theory in Coq's libraries of real numbers"),
        ("x + Inf", "Inf and NaN are not real numbers"),
        ("x/0", "it divides by 0"),
        ("(-2)^x", "it has a real power of a number that is not positive"),
    ],
)
def test_what_has_no_theory_is_refused_with_the_reason(text, reason):
    with pytest.raises(NoCertificateError) as caught:
        translated(text)
    assert str(caught.value) == reason


def test_a_large_formula_is_refused():
    with pytest.raises(NoCertificateError, match="more than 1000 operations"):
        translated("+".join(["x"] * 600))


NAMES = [
    "x",
    "x.y",
    "x_y",
    "x'2e'y",
    "fun",
    "forall",
    "in",
    "at",
    "R",
    "PI",
    "v_x",
    "X",
    "\N{GREEK SMALL LETTER MU}",
    "a\nb",
    "*)",
]


def test_names_remain_different_and_are_identifiers():
    made = [coq_name(n) for n in NAMES]
    assert len(set(made)) == len(NAMES)
    assert all(n.startswith("v_") and all(c.isascii() and (c.isalnum() or c in "_'") for c in n) for n in made)


@pytest.mark.parametrize("text", ["(*", "*)", "(*)", '"', "((**))", "a\n*)", "*" * 9 + ")"])
def test_no_text_closes_a_comment(text):
    shown = comment(text)
    assert not {"(*", "*)"} & {shown[i : i + 2] for i in range(len(shown))}
    assert not {'"', "\n"} & set(shown)
