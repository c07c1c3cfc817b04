"""Likelihoods descended against R's glm: coefficients and standard errors."""

from typing import Any

import numpy as np
import pytest
from secantd.descent import Bfgs, DescentRequest, Lbfgs, Method, Nature, Newton, Outcome, descend
from secantd.language import read

LOGISTIC = "sum(log1p(exp(a + b*x + c*z)) - y*(a + b*x + c*z))"
POISSON = "sum(exp(a + b*x + c*z) - y*(a + b*x + c*z))"


def columns(family: str) -> dict[str, np.ndarray[Any, np.dtype[np.float64]]]:
    """Return a sample of 200 rows, the same every time."""
    random = np.random.default_rng(11)
    x, z = random.normal(size=200), random.uniform(-1, 2, 200)
    linear = 0.4 + 0.8 * x - 0.6 * z
    if family == "binomial":
        y = (random.uniform(size=200) < 1 / (1 + np.exp(-linear))).astype(float)
    else:
        y = random.poisson(np.exp(linear)).astype(float)
    return {"x": x, "z": z, "y": y}


def fitted(text: str, data: dict[str, Any], method: Method) -> Outcome:
    request = DescentRequest(
        read(text, data=data),
        (("a", 0.0), ("b", 0.0), ("c", 0.0)),
        method=method,
        max_steps=500,
        tolerance=1e-8,
        standard_errors=True,
    )
    *_, last = descend(request)
    assert last.outcome is not None
    return last.outcome


@pytest.mark.parametrize("method", [Newton(), Bfgs(), Lbfgs()], ids=lambda m: type(m).__name__)
@pytest.mark.parametrize(("family", "text"), [("binomial", LOGISTIC), ("poisson", POISSON)])
def test_a_regression_gives_the_coefficients_and_standard_errors_of_glm(
    r: Any, family: str, text: str, method: Method
) -> None:
    data = columns(family)
    frame = r.DataFrame({name: r.FloatVector(values) for name, values in data.items()})
    fit = r.r("function(d, family) summary(glm(y ~ x + z, family, d, control = glm.control(1e-14, 100)))$coefficients")
    table = np.array(fit(frame, family)).reshape(3, -1)
    outcome = fitted(text, data, method)
    assert outcome.nature is Nature.MINIMUM
    assert outcome.point == pytest.approx(table[:, 0].tolist(), rel=1e-6)
    assert outcome.standard_errors == pytest.approx(table[:, 1].tolist(), rel=1e-6)


def test_least_squares_with_its_scale_gives_the_errors_of_lm(r: Any) -> None:
    data = columns("poisson")
    frame = r.DataFrame({name: r.FloatVector(values) for name, values in data.items()})
    table = np.array(r.r("function(d) summary(lm(y ~ x + z, d))$coefficients")(frame)).reshape(3, -1)
    sigma = float(r.r("function(d) summary(lm(y ~ x + z, d))$sigma")(frame)[0])
    outcome = fitted(f"sum((y - a - b*x - c*z)^2)/(2*{sigma!r}^2)", data, Bfgs())
    assert outcome.point == pytest.approx(table[:, 0].tolist(), rel=1e-6)
    assert outcome.standard_errors == pytest.approx(table[:, 1].tolist(), rel=1e-6)
