"""Descents of sums over files: coefficients and standard errors are those of R's glm, and of a descent of sum(...) over data."""

import shutil
import subprocess

import numpy as np
import pytest
import secant
from secant.files import descending

from .commands import inside

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

RNG = np.random.default_rng(11)
X, Z = RNG.normal(size=500), RNG.normal(size=500)
Y = (RNG.random(500) < 1 / (1 + np.exp(-(0.3 + X - 0.5 * Z)))).astype(float)
LOSS = "log1p(exp(a + b*x + c*z)) - y*(a + b*x + c*z)"
START = {"a": 0.0, "b": 0.0, "c": 0.0}

GLM = """
d <- read.csv(commandArgs(TRUE))
m <- glm(y ~ x + z, binomial, d)
# The standard errors of glm() are those before its last step.
m <- glm(y ~ x + z, binomial, d, start = coef(glm(y ~ x + z, binomial, d, start = coef(m))))
cat(sprintf("%.17g\\n", summary(m)$coefficients[, 1:2]))
"""


@pytest.fixture
def files(tmp_path):
    for k, part in enumerate(np.array_split(np.arange(500), 3)):
        pq.write_table(pa.table({"x": X[part], "y": Y[part], "z": Z[part]}), tmp_path / f"{k}.parquet")
    return tmp_path


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R")
def test_a_logistic_regression_has_the_coefficients_and_standard_errors_of_glm(files, tmp_path):
    table = np.column_stack([X, Y, Z])
    np.savetxt(tmp_path / "d.csv", table, fmt="%.17g", delimiter=",", header="x,y,z", comments="")
    done = subprocess.run(["Rscript", "-e", GLM, tmp_path / "d.csv"], capture_output=True, text=True, check=True)
    numbers = [float(line) for line in done.stdout.split()]
    (tmp_path / "d.csv").unlink()
    fit = secant.descend_over(LOSS, files, START, method="newton", standard_errors=True, tolerance=1e-9).result()
    assert fit.reason == "CONVERGED"
    assert list(fit.point.values()) == pytest.approx(numbers[:3], rel=1e-8)
    assert fit.standard_errors.tolist() == pytest.approx(numbers[3:], rel=1e-8)


@pytest.mark.parametrize("method", ["newton", "bfgs", "lbfgs", "conjugate_gradient", "adam"])
def test_a_descent_over_files_ends_where_one_over_data_ends(files, method):
    with secant.local() as s:
        expected = s.descend(f"sum({LOSS})", START, data={"x": X, "y": Y, "z": Z}, method="newton").result()
    how = {"rate": 0.05, "max_steps": 2000} if method == "adam" else {}
    with secant.descend_over(LOSS, files, START, method=method, **how) as descent:
        steps = list(descent)
        fit = descent.result()
    assert fit.reason == "CONVERGED"
    assert len(steps) == fit.steps + 1
    assert list(fit.point.values()) == pytest.approx(list(expected.point.values()), abs=1e-6)


def test_rows_that_do_not_fit_into_memory_are_read_again_with_the_same_result(files, monkeypatch):
    first = secant.descend_over(LOSS, files, START, method="newton").result()
    monkeypatch.setattr(descending, "KEPT", 100)
    assert secant.descend_over(LOSS, files, START, method="newton").result().point == first.point


def test_missing_rows_are_an_error_or_left_out(files):
    pq.write_table(
        pa.table({"x": [None, 1.0], "y": [1.0, 1.0], "z": [0.0, None]}, pa.schema([(n, pa.float64()) for n in "xyz"])),
        files / "3.parquet",
    )
    with pytest.raises(secant.InvalidArgument, match=r"2 of 502 rows have missing values \(NaN\), first in row 501"):
        secant.descend_over(LOSS, files, START).result()
    assert secant.descend_over(LOSS, files, START, skip_missing=True).result().reason == "CONVERGED"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        pytest.param({"a": 0, "b": 0}, "'c' is no column of the data and has no value", id="missing"),
        pytest.param({**START, "d": 0}, "'d', which is not in the formula", id="unknown"),
        pytest.param({**START, "x": 0}, "'x' is a column", id="column"),
    ],
)
def test_the_start_names_the_parameters(files, start, words):
    with pytest.raises(secant.InvalidArgument, match=words):
        secant.descend_over(LOSS, files, start)


def test_the_command_fits_the_rows_of_files(files):
    fit = secant.descend_over(LOSS, files, START, method="newton").result()
    args = ["--points", str(files), "--start", "a=0,b=0,c=0", "--method", "newton"]
    found = inside("descend", LOSS, *args, "--standard-errors")
    assert found.returncode == 0
    assert f"a = {fit.point['a']!r}" in found.stdout
    assert "standard_errors" in found.stdout.replace(" ", "_")
    found = inside("descend", LOSS, "--start", "a=0,b=0,c=0", "--skip-missing")
    assert (found.returncode, "needs --points" in found.stderr) == (2, True)
    found = inside("descend", LOSS, *args, "--shape", "a=n")
    assert (found.returncode, "neither --data nor --shape" in found.stderr) == (2, True)
