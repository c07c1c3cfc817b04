"""Julia and Stan, which Debian does not have: interpreted by a reader of their grammar, and by their own where they are."""

import math
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from random import Random

import formulas
import interpreter
import numpy as np
import pytest
from running import Case, close, expected, exported_columns, written
from secantd.language import Notation
from test_values import DIFFERENCES, OTHERS, STEP, WITH_DATA, comparable, golden, part, served, table

BOTH = [pytest.param(Notation.JULIA, id="julia"), pytest.param(Notation.STAN, id="stan")]
DIGITS = 1e-13
# Random formulas.
COUNT = 80 if "SECANT_TEST_LONG" in os.environ else 30
# Their log-gamma is the C library's, which has fewer digits near its zeros than Evaluate's.
SMALL = 0.1


def interpreted(case: Case, notation: Notation, order: int) -> list[list[float]]:
    """Return f, its gradient and its Hessian row by row at each point."""
    functions = interpreter.run(written(case, notation, order), julia=notation is Notation.JULIA)
    order = order if case.function.variables else 0
    names = exported_columns(case)
    length = max((len(case.data[n]) for n in names), default=0)
    data = [case.data[n] if len(case.data[n]) == length else np.float64(case.data[n][0]) for n in names]
    found = []
    for point in case.points:
        arguments = [*map(np.float64, point), *data]
        if notation is Notation.JULIA:
            answer = functions["f" + ("", "_gradient", "_hessian")[order]](*arguments)
            parts = answer if order else [answer]
        else:
            parts = [functions["f" + s](*arguments) for s in ("", "_gradient", "_hessian")[: order + 1]]
        found.append(np.concatenate([np.ravel(p) for p in parts]).tolist())
    return found


def compare(cases: list[Case], notation: Notation, order: int) -> list[object]:
    different: list[object] = []
    with np.errstate(all="ignore"):
        for case in cases:
            for point, got, right in zip(
                case.points, interpreted(case, notation, order), expected(case, order), strict=True
            ):
                scale = max(SMALL, *(abs(v) for v in right if math.isfinite(v)), 0.0)
                digits = DIFFERENCES if case.text.startswith("pf_grad_df1_df2") else DIGITS
                if not all(close(a, b, digits, scale) for a, b in zip(got, right, strict=True)):
                    different.append((case.text, point, got, right))
    return different


def half(points: Sequence[Sequence[float]], notation: Notation) -> list[Sequence[float]]:
    """Return all points of one argument; of several, half for Julia and the others for Stan: long code is interpreted slowly."""
    if len(points[0]) == 1 or "SECANT_TEST_LONG" in os.environ:
        return list(points)
    first = notation is Notation.JULIA
    # A chessboard: the points of one first argument come one after the other, and each has some in both halves.
    return [p for k, p in enumerate(points) if (k + k // len(OTHERS)) % 2 == first]


@pytest.mark.parametrize("notation", BOTH)
def test_every_function_that_a_language_has_gets_the_values_of_evaluate(notation):
    cases = []
    for case in served(part(table(), notation), notation, 0):
        row = case.text.partition("(")[0]
        points = [p for p in half(case.points, notation) if comparable(notation, row, p)]
        if notation is Notation.STAN and row in ("digamma", "psigamma"):
            # Stan's own, at a pole.
            points = [p for p in points if p != [0.0]]
        assert points
        cases.append(replace(case, points=points))
    assert len(cases) > 100 / STEP
    assert compare(cases, notation, 0) == []


@pytest.mark.parametrize("notation", BOTH)
@pytest.mark.parametrize("order", [0, 1, 2])
def test_code_with_data_columns_has_the_values_of_evaluate(notation, order):
    assert compare(WITH_DATA, notation, order) == []


@pytest.mark.parametrize("notation", BOTH)
def test_code_for_the_source_material_has_the_values_of_evaluate(notation):
    cases = served(part(golden(), notation), notation, 2)
    assert len(cases) > 50 / STEP
    assert compare(cases, notation, 2) == []


@pytest.mark.parametrize("notation", BOTH)
def test_code_for_random_formulas_has_the_values_of_evaluate(notation):
    chance = Random("three")
    cases = []
    for _ in range(COUNT):
        case = Case(formulas.formula(chance, 4), [])
        case.points = [[chance.uniform(low, 3) for _ in case.function.variables] for low in (-2, 0.1)]
        cases.append(case)
    able = served(cases, notation, 1)
    assert len(able) > COUNT / 2
    assert compare(able, notation, 1) == []


def test_the_interpreter_reads_precedence_as_the_manuals_have_it():
    julia = interpreter.run("f(x, y) = -x^2 - y * 2.0 / x + (x < y ? 1.0 : 2.0)\n", julia=True)["f"]
    assert julia(3.0, 4.0) == -9.0 - 8.0 / 3.0 + 1.0
    stan = "functions {\n  real f(real x, real y) { return -x^2 - y - 1.0 < 0 || x > y ? 2.0^x^2 : 0.0; }\n}\n"
    assert interpreter.run(stan, julia=False)["f"](2.0, 4.0) == 16.0


def test_the_interpreter_refuses_what_would_be_wrong_in_stan():
    halves = "functions {\n  real f(real x) { return x * (1 / 2); }\n}\n"
    with pytest.raises(AssertionError, match="integers divided"):
        interpreter.run(halves, julia=False)["f"](2.0)


@pytest.mark.skipif(shutil.which("stanc") is None, reason="there is no stanc; Stan is interpreted by the tests above")
def test_stanc_takes_the_code(tmp_path):
    for k, case in enumerate([*served(table(), Notation.STAN, 0), *WITH_DATA]):
        path = tmp_path / f"m{k}.stan"
        path.write_text(written(case, Notation.STAN, 1 if case.data else 0))
        done = subprocess.run(["stanc", "--o", "/dev/null", path], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + path.read_text()


@pytest.mark.skipif(shutil.which("julia") is None, reason="there is no julia; Julia is interpreted by the tests above")
def test_julia_computes_what_evaluate_does(tmp_path):
    cases = [c for c in served(golden(), Notation.JULIA, 1) if c.function.variables][:40]
    texts = [(c, written(c, Notation.JULIA, 1, f"f{k}")) for k, c in enumerate(cases)]
    plain = [(k, c, t) for k, (c, t) in enumerate(texts) if "using" not in t]
    lines = [t for _, _, t in plain]
    for k, case, _ in plain:
        for point in case.points:
            arguments = ", ".join(map(repr, map(float, point)))
            lines.append(f"v, g = f{k}_gradient({arguments}); println(join([v; g], ' '))".replace("' '", '" "'))
    (tmp_path / "all.jl").write_text("\n".join(lines))
    done = subprocess.run(["julia", "--startup-file=no", "all.jl"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = iter(done.stdout.splitlines())
    for _, case, _ in plain:
        for right in expected(case, 1):
            got = [float(v) for v in next(rows).split()]
            assert all(close(a, b, DIGITS, 1.0) for a, b in zip(got, right, strict=True)), case.text
