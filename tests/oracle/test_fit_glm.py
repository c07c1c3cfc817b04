"""Fits inside a database against R's glm: coefficients and standard errors to 1e-8."""

from typing import Any

import numpy as np
import pytest

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")

from secant.sql import fit  # noqa: E402

LINEAR = "(a + b*x + c*z)"
FAMILIES = {
    "binomial": f"y*{LINEAR} - log(1 + exp({LINEAR}))",
    "poisson": f"y*{LINEAR} - exp({LINEAR})",
}


def sample(family: str, rows: int) -> dict[str, Any]:
    chance = np.random.default_rng(rows)
    x, z = chance.normal(size=rows), chance.uniform(-1, 2, rows)
    linear = 0.4 + 0.8 * x - 0.6 * z
    if family == "binomial":
        return {"x": x, "z": z, "y": (chance.uniform(size=rows) < 1 / (1 + np.exp(-linear))).astype(np.int32)}
    return {"x": x, "z": z, "y": chance.poisson(np.exp(linear)).astype(np.int32)}


@pytest.mark.parametrize("family", list(FAMILIES))
def test_coefficients_and_standard_errors_are_those_of_glm(r: Any, family: str) -> None:
    data = sample(family, 700)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE visits AS SELECT * FROM data")
    frame = r.DataFrame({name: r.FloatVector(values.astype(float)) for name, values in data.items()})
    # The standard errors of glm are those of the step before the last; begun at its own estimates they are those of the estimates.
    call = """function(d, family) {
      tight <- glm.control(1e-15, 100)
      first <- glm(y ~ x + z, family, d, control = tight)
      summary(glm(y ~ x + z, family, d, control = tight, start = coef(first)))$coefficients
    }"""
    table = np.array(r.r(call)(frame, family)).reshape(3, -1)
    found = fit(FAMILIES[family], connection, "visits")
    assert found.reason == "CONVERGED"
    assert found.queries <= 9
    assert list(found.estimates.values()) == pytest.approx(table[:, 0].tolist(), rel=1e-8)
    assert list(found.standard_errors.values()) == pytest.approx(table[:, 1].tolist(), rel=1e-8)


def test_the_scale_of_a_linear_model_is_that_of_lm(r: Any) -> None:
    data = sample("poisson", 300)
    connection = duckdb.connect()
    connection.execute("CREATE TABLE data AS SELECT * FROM data")
    frame = r.DataFrame({name: r.FloatVector(values.astype(float)) for name, values in data.items()})
    coefficients = np.array(r.r("function(d) coef(lm(y ~ x + z, d))")(frame))
    found = fit(f"dnorm(y, {LINEAR}, s, log = TRUE)", connection, start={"a": 0, "b": 0, "c": 0, "s": 2})
    assert [found.estimates[n] for n in "abc"] == pytest.approx(coefficients.tolist(), rel=1e-8)
    sigma = r.r("function(d) { f <- lm(y ~ x + z, d); sqrt(mean(residuals(f)^2)) }")(frame)[0]
    assert found.estimates["s"] == pytest.approx(sigma, rel=1e-8)
