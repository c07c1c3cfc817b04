"""Regressions by both clients: the same digits from R and Python, and those of R's lm() and glm()."""

import numpy as np
import pytest

from .test_r_package import needs_r, rscript  # noqa: F401 (a fixture)

# The model in R, how R fits it, the function to minimize, and what its Hessian is divided by, with the residual variance s2.
MODELS = [
    pytest.param("dist ~ speed, cars", "lm({})", "sum((y - X %*% b)^2)", "2*s2", id="lm"),
    pytest.param("mpg ~ wt + qsec, mtcars", "lm({})", "sum((y - X %*% b)^2)", "2*s2", id="lm of two regressors"),
    pytest.param(
        "am ~ wt, mtcars", "glm({}, family = binomial, epsilon = 1e-14)",
        "-sum(y * (X %*% b) - log(1 + exp(X %*% b)))", "1", id="logistic",
    ),
    pytest.param(
        "breaks ~ wool + tension, warpbreaks", "glm({}, family = poisson, epsilon = 1e-14)",
        "-sum(y * (X %*% b) - exp(X %*% b))", "1", id="Poisson",
    ),
]  # fmt: skip
IN_R = """
library(secant)
secant_connect("ADDRESS")
show <- function(x) cat(sprintf("%a", c(length(x), x)), sep = "\\n")
model <- FIT
X <- unname(model.matrix(model))
y <- as.numeric(model$y)
if (!length(y)) y <- unname(model.response(model.frame(model)))
loss <- function(b) TEXT
b <- unname(coef(descend(loss, rep(0, ncol(X)), method = "newton", tolerance = 1e-7)))
s2 <- sum(residuals(model)^2)/(nrow(X) - ncol(X))
H <- unname(hessian(loss, at = b))
show(t(X)); show(y); show(b); show(H); show(sqrt(diag(solve(H/(SCALE))))); show(s2)
show(coef(model)); show(sqrt(diag(vcov(model))))
"""


def vectors(printed):
    """Return the vectors that R printed, each after its length."""
    numbers = [float.fromhex(line) for line in printed.split()]
    found = []
    while numbers:
        size = int(numbers[0])
        found.append(np.array(numbers[1 : size + 1]))
        numbers = numbers[size + 1 :]
    return found


@pytest.mark.sample(2)
@needs_r
@pytest.mark.parametrize(("model", "fit", "text", "scale"), MODELS)
def test_a_regression_has_the_digits_of_r_s_own_fit_from_both_clients(rscript, ready, model, fit, text, scale):  # noqa: F811
    script = IN_R.replace("ADDRESS", ready.target).replace("FIT", fit.format(model))
    printed = rscript(script.replace("TEXT", text).replace("SCALE", scale))
    X, y, in_r, curvature, errors, s2, estimate, of_estimate = vectors(printed)
    np.testing.assert_allclose(in_r, estimate, rtol=1e-8)
    np.testing.assert_allclose(errors, of_estimate, rtol=1e-7)
    data = {"X": X.reshape(len(y), -1), "y": y}
    end = ready.descend(text, [0.0] * len(in_r), method="newton", tolerance=1e-7, data=data).result().arrays["b"]
    hessian = ready.hessian(text, at=end, data=data).values
    assert end.tolist() == in_r.tolist()
    assert hessian.ravel().tolist() == curvature.tolist()
    divided = hessian / (2 * s2[0] if scale == "2*s2" else 1)
    np.testing.assert_allclose(np.sqrt(np.diag(np.linalg.inv(divided))), of_estimate, rtol=1e-7)
