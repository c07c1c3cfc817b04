"""Exported code at removable points, kinks and far out: it has the values of Evaluate, or the answer and the code say where not.

The formulas are those of the tests of limits and kinks in tests/engine.
"""

import math
import re
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from running import NAME_IN_C, Case, in_c, in_python, in_r, needs_cc, needs_r
from secantd.calculus import evaluate
from secantd.export import Exported, export
from secantd.export.gaps import gaps
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import DEFAULT_LIMITS

LANGUAGES = [
    pytest.param(Notation.C, id="c", marks=needs_cc),
    pytest.param(Notation.PYTHON, id="python"),
    pytest.param(Notation.R, id="r", marks=needs_r),
]
INF = math.inf
NONE, OTHER, FAR = "the code returns NaN or Inf", "the code has another number", "the code loses"

# The text, the point, and which notice the answer has; "": the code has the values of Evaluate.
ROWS = [
    ("x^3/(exp(x) - 1)", [0.0], NONE),
    ("sin(x)/x", [0.0], NONE),
    ("(1 - cos(x))/x^2", [0.0], NONE),
    ("x/(exp(x) - 1)", [0.0], NONE),
    ("(x^2 - 1)/(x - 1)", [1.0], NONE),
    ("(x^2 - 0.09)/(x - 0.3)", [0.3], NONE),
    ("1/(1/x)", [0.0], NONE),
    ("x*x^0.5", [0.0], NONE),
    ("cos(sqrt(x))", [0.0], NONE),
    ("max(sqrt(x^2 + y^2), 1e-10)", [0.0, 0.0], ""),
    ("v/w*(sin(psi + w*dt) - sin(psi))", [2.0, 0.0, 0.7, 0.1], NONE),
    ("y*sin(x)/x", [3.0, 0.0], NONE),
    ("a*d^b", [3.0, 0.0, 1.5], ""),
    ("log(1 + x)/x", [0.0], NONE),
    ("log(x)/(x - 1)", [1.0], NONE),
    ("1e200*sin(x)/x", [0.0], NONE),
    ("x*log(x)", [0.0], NONE),
    ("ifelse(x == 0, 1, (exp(x) - 1)/x)", [0.0], OTHER),
    ("ifelse(x > -1, sin(x)/x, log(x))", [0.0], NONE),
    # Infinite data: constant in the parameters.
    ("pnorm(Inf, 0, x)", [2.0], ""),
    ("pnorm(-Inf, m, s) + pnorm(Inf, m, s, log = TRUE)", [0.5, 2.0], ""),
    ("dnorm(Inf, m, s) + pweibull(Inf, m, s)", [0.5, 2.0], ""),
    # Kinks.
    ("abs(x)", [0.0], ""),
    ("sqrt(x^2)", [0.0], ""),
    ("sqrt(x^2)", [1e200], ""),
    ("sqrt(x^2)", [-1e200], ""),
    ("sqrt(x^2)", [1e-200], ""),
    ("(x^2)^(1/2)", [0.0], ""),
    ("sqrt(x*x)", [0.0], ""),
    ("3*sqrt((x - 1)^2) + x", [1.0], ""),
    ("abs(x)*abs(x)", [0.0], ""),
    ("abs(x)^2", [0.0], ""),
    ("sqrt(x^2 + y^2)", [0.0, 0.0], NONE),
    ("sqrt((x - 1)^2 + (y - 2)^2)", [1.0, 2.0], NONE),
    ("sqrt(x^2 + y^2)", [1e200, 1.0], FAR),
    ("(x^2)^(1/3)", [0.0], ""),
    # Ties.
    ("max(x, 0) + min(x, 0)", [0.0], ""),
    ("max(a, b)", [2.0, 2.0], ""),
    ("max(x, 1) + log1p(exp(-abs(x - 1)))", [1.0], ""),
    ("max(a, b) + log1p(exp(-abs(a - b)))", [7.0, 7.0], ""),
    ("max(a, b) + log(1 + exp(-abs(b - a)))", [7.0, 7.0], ""),
    ("max(z, 0) - z*y + log(1 + exp(-abs(z)))", [1.0, 0.0], ""),
    ("min(x, 0) - log(1 + exp(-abs(x)))", [0.0], ""),
    ("min(x, y) - log1p(exp(-abs(x - y)))", [3.0, 3.0], ""),
    ("max(x, 0)^2 + min(x, 0)^2", [0.0], OTHER),
    ("max(x, y)^2 + min(x, y)^2", [1.0, 1.0], OTHER),
    ("abs(x)*x", [0.0], ""),
    # Far out.
    ("x^2/(1 + x^2)", [1e200], FAR),
    ("log(1 + exp(x))", [800.0], ""),
    ("exp(x)/(1 + exp(x))", [-800.0], ""),
]  # fmt: skip


@cache
def exported(text: str) -> Exported:
    """Return what Export answers, in all languages."""
    f = read(text)
    return export(f, text, f.variables, [Notation.C, Notation.PYTHON, Notation.R], 2)


def answer(text: str, notation: Notation, order: int = 2) -> Exported:
    f = read(text)
    return export(f, text, f.variables, [notation], order)


def codes(text: str) -> dict[tuple[Notation, int, str], str]:
    """Return the codes of a formula as cases have them."""
    found = {(c.notation, 2, "f"): c.text for c in exported(text).codes}
    found[Notation.C, 2, NAME_IN_C] = re.sub(r"\bf(?=_|\()", NAME_IN_C, found[Notation.C, 2, "f"])
    return found


def evaluated(text: str, point: list[float]) -> list[float]:
    """Return f, its gradient and the whole Hessian by Evaluate, limits included."""
    f = read(text)
    names = f.variables
    e = evaluate(f, {n: np.array([x]) for n, x in zip(names, point, strict=True)}, 2, names)
    known = {k: float(c[0]) for k, c in e.derivatives}
    second = [known.get(f"{a} {b}", known.get(f"{b} {a}", math.nan)) for a in names for b in names]
    return [float(e.values[0]), *[known[n] for n in names], *second]


def kinds(notices: tuple[str, ...]) -> Iterator[str]:
    return (k for k in (NONE, OTHER, FAR) if any(n.startswith(k) for n in notices))


@pytest.mark.parametrize("notation", LANGUAGES)
def test_code_has_the_values_of_evaluate_at_limits_and_kinks_or_a_notice(notation, tmp_path):
    cases = [Case(text, [point], codes=codes(text)) for text, point, _ in ROWS]
    run = {Notation.C: in_c, Notation.R: in_r}.get(notation)
    found = run(cases, 2, tmp_path) if run else in_python(cases, 2)
    wrong = []
    for (text, point, notice), ((got,)) in zip(ROWS, found, strict=True):
        right = evaluated(text, point)
        assert len(right) == len(got)
        scale = max(abs(v) for v in right if math.isfinite(v))
        same = all(
            not math.isfinite(b) or abs(a - b) <= 1e-9 * abs(b) + 1e-12 * scale for a, b in zip(got, right, strict=True)
        )
        if same == bool(notice):
            wrong.append((text, point, got, right))
    assert wrong == []


@pytest.mark.parametrize(("text", "notice"), {text: notice for text, _, notice in reversed(ROWS)}.items())
def test_what_code_lacks_is_a_notice_of_the_answer_and_of_the_code(text, notice):
    found = exported(text)
    assert notice in kinds(found.notices) if notice else NONE not in kinds(found.notices)
    for code in found.codes:
        for n in found.notices:
            assert f"Note: {n}" in code.text


@pytest.mark.parametrize(
    "text", ["x^2 + y", "exp(-x^2/2)", "100*(y - x^2)^2 + (1 - x)^2", "log(1 + exp(x))", "1/x", "lgamma(x)"]
)
def test_code_that_has_the_values_of_evaluate_everywhere_has_no_notice(text):
    assert answer(text, Notation.C).notices == ()


def test_the_notice_names_the_parts_and_the_points():
    (n, *_) = answer("sin(x)/x + y", Notation.C, 1).notices
    assert "for the value and the gradient at points such as x = 0," in n
    (n,) = answer("max(x, 3)^2 + min(x, 3)^2", Notation.C).notices
    assert "for the Hessian at points such as x = 3," in n
    assert answer("max(x, 3)^2 + min(x, 3)^2", Notation.C, 1).notices == ()


def test_a_point_that_is_rounded_is_no_point_without_a_value():
    """3*x - 4 is 0 in double precision at the double next to 4/3, but its value there is not lost."""
    assert not list(kinds(answer("1/(3*x - 4) + abs(7*x - 3)", Notation.C, 1).notices))


def test_formulas_only_have_no_notices_on_code():
    assert answer("sin(x)/x", Notation.LATEX).notices == ()


def test_functions_whose_limits_take_long_have_a_notice_that_none_were_looked_for():
    (n,) = answer("besselJ(x, 1)/x", Notation.C, 0).notices
    assert n.startswith("no points were looked for")
    assert "besselJ()" in n


def test_code_of_a_likelihood_with_infinite_limits_takes_any_data(tmp_path):
    text = "-sum(log(pnorm(b, m, s) - pnorm(a, m, s)))"
    data = {"a": np.array([-INF, 0.0, 1.0, 2.0]), "b": np.array([0.0, 1.0, 2.0, INF])}
    longer = {n: np.concatenate([v, v[::-1], v[:1]]) for n, v in data.items()}
    case = Case(text, [[0.5, 1.0], [1.0, 2.0]], data)
    for d in (data, longer):
        rows = in_python([Case(text, case.points, d, Notation.R)], 1)[0]
        for point, got in zip(case.points, rows, strict=True):
            f = read(text, Notation.R, d)
            e = evaluate(f, {n: np.array([x]) for n, x in zip("ms", point, strict=True)}, 1, ["m", "s"])
            assert got == pytest.approx([e.values[0], *[c[0] for _, c in e.derivatives]], rel=1e-12)
            assert np.isfinite(got).all()


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("sqrt(sum(v^2))", NONE),
        ("sum(sin(v)/v)", NONE),
        ("sum(pmax(v, 0)^2 + pmin(v, 0)^2)", OTHER),
        ("sum(abs(v))", ""),
        ("sum(sqrt(v^2))", ""),
        ("sum(exp(v))", ""),
    ],
)
def test_code_of_vectors_has_these_notices_too(text, notice):
    f = read(text, Notation.R, shapes={"v": VariableShape(("n",))})
    found = export(f, text, ["v"], [Notation.PYTHON], 2)
    assert list(kinds(found.notices)) == ([notice] if notice else [])


@pytest.mark.parametrize("text", ["x*log(x)", "sqrt(abs(x))*sin(x)/x"])
def test_parts_for_which_evaluate_has_no_number_either_are_not_in_the_notice(text):
    (notice, *_) = gaps(read(text), 2, ("x",), None, DEFAULT_LIMITS)
    assert notice.startswith("the code returns NaN or Inf for the value at points such as x = 0,")
