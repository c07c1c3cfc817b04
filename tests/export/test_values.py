"""Exported code, compiled and run: its numbers are those of Evaluate."""

import math
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import formulas
import numpy as np
import pytest
from running import Case, close, expected, in_c, in_node, in_python, in_r, needs_cc, needs_node, needs_r, written
from secantd.errors import CalculusError, Reason
from secantd.functions import FUNCTIONS, Row
from secantd.language import Notation

GOLDEN = Path(__file__).parents[1] / "golden"
LANGUAGES = [
    pytest.param(Notation.C, id="c", marks=needs_cc),
    pytest.param(Notation.PYTHON, id="python"),
    pytest.param(Notation.R, id="r", marks=needs_r),
    pytest.param(Notation.JAVASCRIPT, id="javascript", marks=needs_node),
]
# Libraries of mathematics differ in the last digit, and sums and products carry that on.
DIGITS = 1e-13
# R has its own algorithms for distributions; tests of values list those that keep fewer digits.
DIGITS_OF_R = 2e-11
# Differences magnify the last digits.
DIFFERENCES = 1e-10
# Some units of the last place.
NUDGE = 2e-15
# What is smaller beside ordinary arguments is what rounding left.
SMALL = 1e-4


def ran(notation: Notation, cases: Sequence[Case], order: int, folder: Path) -> list[list[list[float]]]:
    if notation is Notation.C:
        return in_c(cases, order, folder)
    if notation is Notation.JAVASCRIPT:
        return in_node(cases, order, folder)
    return in_python(cases, order) if notation is Notation.PYTHON else in_r(cases, order, folder)


def compare(notation: Notation, cases: Sequence[Case], order: int, folder: Path) -> list[object]:
    """Return what is different; a number that is what is left of larger ones has their digits."""
    digits = DIGITS_OF_R if notation is Notation.R else DIGITS
    different: list[object] = []
    for case, rows in zip(cases, ran(notation, cases, order, folder), strict=True):
        for point, got, right in zip(case.points, rows, expected(case, order), strict=True):
            if notation is Notation.R and order and any(map(math.isinf, right)):
                # R's powers of infinite numbers are its own: (-Inf)^(1/3) is NaN.
                continue
            if notation is Notation.R and re.search(r"\bq[a-z]+\(", case.text) and math.isnan(right[0]):
                # R does not look at the parameters of a quantile of 0 or 1: qnorm(0, 0, -1) is -Inf.
                continue
            scale = max((abs(v) for v in right if math.isfinite(v)), default=0.0)
            scale = max(scale, SMALL)
            near = DIFFERENCES if case.text.startswith("pf_grad_df1_df2") else digits
            if all(close(a, b, near, scale) for a, b in zip(got, right, strict=True)):
                continue
            # sin(8103 * x) loses four digits: what the last digits of the point change is rounding.
            moved = Case(case.text, [[v * (1 + NUDGE) for v in point]], case.data, case.notation)
            changes = [abs(a - b) for a, b in zip(right, expected(moved, order)[0], strict=True)]
            if not all(
                close(a, b, near, scale) or abs(a - b) <= c for a, b, c in zip(got, right, changes, strict=True)
            ):
                different.append((case.text, point, got, right))
    return different


# Every so many formulas for each language: each function of the table is run in one language at least.
STEP = 1 if "SECANT_TEST_LONG" in os.environ else 3
FIRST = {
    Notation.C: 0,
    Notation.PYTHON: 1,
    Notation.R: 2,
    Notation.JULIA: 1,
    Notation.STAN: 2,
    Notation.SQL: 0,
    Notation.JAVASCRIPT: 1,
}


def part(cases: Sequence[Case], notation: Notation) -> Sequence[Case]:
    """Return the formulas that are run in a language."""
    return cases[FIRST[notation] % STEP :: STEP]


@cache
def golden() -> list[Case]:
    """Return the formulas of the source material that are scalars, each at its point and at two others."""
    found = {}
    for name in ("seeds.tsv", "calculus.tsv"):
        lines = [line for line in (GOLDEN / name).read_text().splitlines() if line and not line.startswith("#")]
        for line in lines[1:]:
            row = dict(zip(lines[0].split("\t"), line.split("\t"), strict=True))
            pairs = [p.split("=", 1) for p in row["arguments"].split()]
            data = {n: np.array([float(v) for v in vs.split(",")]) for n, vs in pairs if "," in vs and ":" not in n}
            words = dict(pairs)
            notation = Notation[words["notation"]] if words.get("notation") in ("R", "PYTHON") else None
            case = Case(row["text"], [], data, notation)
            function = case.function
            if len(function.outputs) != 1 or function.outputs[0].rows > 1:
                continue
            at = dict(p.split("=") for p in row["at"].split())
            chance = Random(row["text"])
            points = [[float(at[n]) for n in function.variables]] if set(function.variables) <= set(at) else []
            points += [[chance.uniform(low, 3) for _ in function.variables] for low in (0.1, -3)]
            found.setdefault((row["text"], notation), Case(row["text"], points, data, notation))
    for line in (GOLDEN / "functions.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            text = line.split("\t")[0]
            chance, case = Random(text), Case(text, [])
            points = [[chance.uniform(0.1, 0.9) for _ in case.function.variables] for _ in range(2)]
            found.setdefault((text, None), Case(text, points))
    return list(found.values())


def served(cases: Sequence[Case], notation: Notation, order: int) -> list[Case]:
    """Return the cases that a language can compute."""
    found = []
    for case in cases:
        try:
            written(case, notation, order)
        except CalculusError as error:
            if error.reason not in (Reason.INVALID_VALUE, Reason.NOT_DIFFERENTIABLE):
                raise
        else:
            found.append(case)
    return found


@pytest.mark.parametrize("notation", LANGUAGES)
def test_code_for_the_source_material_has_the_values_of_evaluate(notation, tmp_path):
    cases = part(golden(), notation)
    able = served(cases, notation, 2)
    assert len(able) > 0.7 * len(cases) > 50 / STEP
    assert compare(notation, able, 2, tmp_path) == []


def call_of(row: Row) -> str:
    """Return a call of a function by the variables a, b, c, ..."""
    names = "abcd"[: len(row.parameters)]
    if row.name in ("%%", "%/%"):
        return f"a {row.name} b"
    usual = dict(FUNCTIONS[row.written].flags) if row.written in FUNCTIONS else {}
    flags = [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags if v != usual.get(n)]
    return f"{row.written}({', '.join([*names, *flags])})"


ARGUMENTS = (-2.5, -1.0, 0.0, 0.2, 0.5, 1.0, 3.0, 7.5, 40.0, math.inf, math.nan)
OTHERS = ((0.4, 0.3), (5.0, 1.5), (0.0, 1.0), (-1.0, 0.5))


# Distributions whose probabilities are computed by a quadrature, and quantiles from them.
INTEGRALS = ("gamma", "chisq", "beta", "t", "f", "pois", "binom", "nbinom")


@cache
def table() -> list[Case]:
    """Return every function of the table at ordinary points, edges, and outside its domain."""
    cases = []
    for row in FUNCTIONS.values():
        count = len(row.parameters)
        first = [-math.inf, *ARGUMENTS] if count > 1 else [-math.inf, *ARGUMENTS, -7.25, 1e-10, 20.5, 700.0, 1e6]
        points = [[x] for x in first] if count == 1 else [[x, *o[: count - 1]] for x in first for o in OTHERS]
        if row.written == "psigamma":
            cases += [Case(f"psigamma(a, {n})", [[x] for x in first]) for n in range(4)]
        elif row.written == "round":
            cases.append(Case("round(a)", points=[[x] for x in first]))
        else:
            if (
                "_grad_" in row.name
                or row.written in ("besselI", "besselK")
                or (row.name[0] in "pq" and row.name[1:].split(".")[0] in INTEGRALS)
            ):
                # Long code, which the interpreters of the tests take long for.
                others = [o[: count - 1] for o in (OTHERS[0], OTHERS[3])]
                points = [[x, *o] for x in (-2.5, 0.2, 3.0, math.inf) for o in others]
            if row.written.startswith("bessel"):
                points = [p for p in points if p[1] >= 0 and p[0] != 0 and not math.isinf(p[0])]
            cases.append(Case(call_of(row), points))
    return cases


def comparable(notation: Notation, row: str, point: Sequence[float]) -> bool:
    """Whether a language's own function is what Evaluate computes there."""
    if row == "beta" and math.isnan(point[0]):
        # Evaluate: infinite at b = 0, whatever a is.
        return False
    if notation is not Notation.R:
        return True
    if row == "df" and math.isinf(point[0]):
        # R: NaN for degrees of freedom below 2.
        return False
    # R looks at some arguments before it finds that a parameter is none; its lgamma(1 + x) has few digits near 0.
    return all(p > 0 for p in point[1:]) and not (row == "lfactorial" and 0 < abs(point[0]) < 1e-3)


@pytest.mark.parametrize("notation", LANGUAGES)
def test_every_function_that_a_language_has_gets_the_values_of_evaluate(notation, tmp_path):
    cases = []
    for case in served(part(table(), notation), notation, 0):
        points = [p for p in case.points if comparable(notation, case.text.partition("(")[0], p)]
        assert points
        cases.append(replace(case, points=points))
    assert len(cases) > 100 / STEP
    assert compare(notation, cases, 0, tmp_path) == []


@pytest.mark.parametrize("notation", LANGUAGES)
@pytest.mark.parametrize(("seed", "order"), [("one", 1), ("two", 2)])
def test_code_for_random_formulas_has_the_values_of_evaluate(notation, seed, order, tmp_path):
    chance = Random(seed)
    cases = []
    for _ in range(40):
        text = formulas.formula(chance, 4)
        count = len(Case(text, []).function.variables)
        points = [[chance.uniform(low, 3) for _ in range(count)] for low in (-2, -2, 0.1, 0.1)]
        cases.append(Case(text, points))
    able = served(cases, notation, order)
    assert len(able) > 25
    assert compare(notation, able, order, tmp_path) == []


@pytest.mark.parametrize("notation", LANGUAGES)
def test_slopes_of_probabilities_far_out_keep_their_digits(notation, tmp_path):
    points = [[-31.0], [-40.0], [-1000.0]]
    cases = [Case("pnorm(x, log.p = TRUE)", points), Case("pnorm(-x, lower.tail = FALSE, log.p = TRUE)", points)]
    assert compare(notation, cases, 1, tmp_path) == []


def test_python_code_divides_numbers_by_zero_as_arrays_do():
    case = Case("df(x, 0, 5, log = TRUE) + lbeta(0, x)", [[0.7], [2.0]])
    assert compare(Notation.PYTHON, [case], 1, Path()) == []


Y = np.array([0.3, 2.0, 3.5, 1.0, 1.25])
X = np.array([1.0, 2.0, 3.0, 7.0, -1.5])
WITH_DATA = [
    Case("sum((y - a - b*x)^2)", [[0.3, 1.5], [0.0, 0.0]], {"y": Y, "x": X}),
    Case("-sum(dnorm(y, a + b*x, s, log = TRUE))", [[0.3, 1.5, 0.7], [1.0, 2.0, -1.0]], {"y": Y, "x": X}),
    Case("mean(y)*a + var(x)*b + sd(y*b) + length(x)", [[0.3, 1.5]], {"y": Y, "x": X}),
    Case("max(y*a) + min(y)*a^2 + prod(y*a)", [[1.2], [-2.0]], {"y": Y}),
    Case("m <- mean(x*b); s <- sum((x*b - m)^2); sum(a*(x - m)^3)/s^1.5", [[0.7, 1.3]], {"x": X}),
    Case("sum(ifelse(x > a, (x - a)^2, abs(x)))", [[1.1], [2.0]], {"x": X}),
    Case("sum(y*log(1 + exp(a*x)) - lgamma(y + b))", [[0.4, 2.0], [300.0, 0.5]], {"y": Y, "x": X}),
    Case("sum(dbinom(k, size, p, log = TRUE))", [[0.4], [0.0]], {"k": np.array([1.0, 4.0, 2.0]), "size": np.array([5.0])}),
    Case("sum(a*y)", [[2.0]], {"y": np.array([3.0])}),
    Case("n*y[2] + sum(y)*n", [[2.0]], {"y": Y}),
    Case("sum(i*y + n*x) + t1*value", [[2.0, 3.0, 1.0, 0.5]], {"y": Y, "x": X}),
]  # fmt: skip


@pytest.mark.parametrize("notation", LANGUAGES)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_code_with_data_columns_has_the_values_of_evaluate(notation, order, tmp_path):
    assert compare(notation, WITH_DATA, order, tmp_path) == []


@pytest.mark.parametrize("notation", LANGUAGES)
def test_code_made_with_one_data_set_holds_for_another_of_another_length(notation, tmp_path):
    """The likelihood is written once: its code takes the data of next year."""
    chance = np.random.default_rng(1)
    longer = [
        Case(case.text, case.points, {n: chance.uniform(0.5, 3.0, 11) for n in case.data})
        for case in WITH_DATA
        if "size" not in case.data and "y[2]" not in case.text and len(next(iter(case.data.values()))) > 1
    ]
    for case in longer:
        short = Case(case.text, case.points, {n: v[:3] for n, v in case.data.items()})
        first, second = (written(c, notation, 1).split('"')[-1] for c in (case, short))
        kept = [[line for line in text.splitlines() if "agreed" not in line] for text in (first, second)]
        assert kept[0] == kept[1], case.text
    assert len(longer) == 8


@needs_r
def test_r_code_takes_vectors_and_recycles_them(tmp_path):
    """Also where a partial depends on less than f, and where a condition is one number."""
    import subprocess

    case = Case("function(x, y, z) ifelse(y > 1, x^2*y + 3*z, x + y + z)", [])
    (tmp_path / "f.R").write_text(written(case, Notation.R, 2))
    code = """
    source("f.R")
    x <- c(0.5, 2, -1); z <- c(1, 0, 4)
    for (y in list(2, 0.5, c(2, 0.5, 3))) {
      all <- f(x, y, z)
      stopifnot(identical(dim(attr(all, "gradient")), c(3L, 3L)), identical(dim(attr(all, "hessian")), c(3L, 3L, 3L)))
      stopifnot(identical(colnames(attr(all, "gradient")), c("x", "y", "z")))
      for (i in 1:3) {
        one <- f(x[i], rep_len(y, 3)[i], z[i])
        stopifnot(all.equal(as.numeric(one), as.numeric(all)[i]))
        stopifnot(all.equal(as.numeric(attr(one, "gradient")), as.numeric(attr(all, "gradient")[i, ])))
        stopifnot(all.equal(as.numeric(attr(one, "hessian")), as.numeric(attr(all, "hessian")[i, , ])))
      }
    }
    cat("done")
    """
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.endswith("done"), done.stderr


def test_a_number_that_is_off_by_a_billionth_is_seen(tmp_path):
    case = Case("x^2", [[3.0]])
    assert not close(9.0 * (1 + 1e-9), expected(case, 0)[0][0], DIGITS_OF_R)
    assert compare(Notation.PYTHON, [case], 0, tmp_path) == []
