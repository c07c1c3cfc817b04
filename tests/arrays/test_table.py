"""Formulas of vectors and matrices in R notation, with derivatives that an independent array library computed."""

import numpy as np
import pytest
from secantd.calculus import gradient_answer, hessian, jacobian
from secantd.expression import VariableShape
from secantd.language import read

A0, S0 = [[2, 1], [0.5, 3]], [[2, 0.5], [0.5, 1]]
X0, Y4, B0 = [[1, 0.5], [1, 1], [1, 2], [1, 4]], [1, 2, 3, 5], [0.3, -0.4]
W10, W20 = [[0.1, -0.2], [0.3, 0.4], [-0.5, 0.6]], [[0.7, -0.8, 0.9]]
NORMAL = "-0.5*(log(det(S)) + t(x - m) %*% solve(S, x - m))"
NETWORK = "sum((y - W2 %*% tanh(W1 %*% t(X)))^2)"
PROCESS = 'K <- exp(-outer(t, t, "-")^2/(2*l^2)) + s^2*diag(3); -0.5*(log(det(K)) + t(y) %*% solve(K, y))'
GARCH = """function(w, a, b) {
    h <- mean(r^2); s <- 0
    for (i in 2:length(r)) { h <- w + a*r[i-1]^2 + b*h; s <- s + 0.5*(log(2*pi*h) + r[i]^2/h) }
    s
}"""
LOGISTIC = "sum(z * (X %*% b) - log(1 + exp(X %*% b)))"
REGRESSION = "sum((y - X %*% b)^2)"
POINT = {"S": S0, "x": [1, 2], "m": B0}
LAYERS = {"W1": W10, "W2": W20, "X": X0, "y": Y4}

# formula, point, data, gradients
GRADIENTS = [
    ("t(x) %*% x", {"x": [1, 2]}, {}, {"x": [2, 4]}),
    ("crossprod(x)", {"x": [1, 2]}, {}, {"x": [2, 4]}),
    ("t(x) %*% A %*% x", {"x": [1, 2], "A": A0}, {}, {"x": [7, 13.5], "A": [[1, 2], [2, 4]]}),
    (REGRESSION, {"b": B0}, {"X": X0, "y": Y4}, {"b": [-25.6, -69.5]}),
    (LOGISTIC, {"b": B0}, {"X": X0, "z": [0, 0, 1, 1]}, {"b": [0.408294314244, 3.650748188313]}),
    ("log(det(A))", {"A": A0}, {}, {"A": [[0.545454545455, -0.090909090909], [-0.181818181818, 0.363636363636]]}),
    ("det(A)", {"A": A0}, {}, {"A": [[3, -0.5], [-1, 2]]}),
    ("det(A)", {"A": [[1, 2], [2, 4]]}, {}, {"A": [[4, -2], [-2, 1]]}),
    ("sum(diag(A %*% M))", {"M": S0}, {"A": A0}, {"M": np.transpose(A0)}),
    ("t(a) %*% M %*% b", {"M": A0}, {"a": [1, -1], "b": B0}, {"M": [[0.3, -0.4], [-0.3, 0.4]]}),
    ("t(a) %*% solve(M) %*% b", {"M": A0}, {"a": [1, -1], "b": B0}, {"M": [[-0.15041322314, 0.109917355372], [0.128925619835, -0.094214876033]]}),
    ('norm(x, "2")', {"x": [3, 4]}, {}, {"x": [0.6, 0.8]}),
    ("log(sum(exp(x)))", {"x": [1000, 1001]}, {}, {"x": [0.26894142137, 0.73105857863]}),
    (NORMAL, POINT, {}, {"m": [-0.285714285714, 2.542857142857], "S": [[-0.244897959184, -0.220408163265], [-0.220408163265, 2.661632653061]]}),
    ("sum(cumsum(v) * w)", {"v": Y4}, {"w": [1, 2, 3, 4]}, {"v": [10, 9, 7, 4]}),
    ("sum(diff(v)^2)", {"v": Y4}, {}, {"v": [-2, 0, -2, 4]}),
    ("sum((y - re[g])^2)", {"re": B0}, {"g": [1, 2, 1, 2], "y": Y4}, {"re": [-6.8, -15.6]}),
    ("sum(v[v > 1.5]^2)", {"v": Y4}, {}, {"v": [0, 4, 6, 10]}),
    ("x[1]*sum(x)", {"x": [3, 2]}, {}, {"x": [8, 3]}),
    (NETWORK, LAYERS, {}, {
        "W2": [[8.853423562982, -19.880386716362, -14.05814466954]],
        "W1": [[-14.543562737332, -31.891298263411], [7.075519014766, 10.187997842247], [-11.658794283032, -16.554081214316]],
    }),
    (PROCESS, {"l": 1.3, "s": 0.4}, {"t": [0, 1, 2.5], "y": [0.2, 0.5, -0.1]}, {"l": 0.419409048006, "s": -1.47557095786}),
    (GARCH, {"w": 0.02, "a": 0.1, "b": 0.8}, {"r": [0.1, -0.3, 0.2, 0.5]}, {"w": -8.215130470535, "a": -0.385286636813, "b": -0.864480885363}),
]  # fmt: skip


def arrays(values):
    found = {name: np.asarray(value, dtype=float) for name, value in values.items()}
    return {name: value if value.ndim else float(value) for name, value in found.items()}


def function(text, at, data, variables):
    shapes = {name: VariableShape(np.shape(value)) for name, value in at.items()}
    return read(text, data=arrays(data), shapes=shapes, variables=variables)


@pytest.mark.parametrize(("text", "at", "data", "wanted"), [pytest.param(*c, id=c[0][:40]) for c in GRADIENTS])
def test_gradients_have_the_values_of_an_independent_library(text, at, data, wanted):
    f = function(text, at, data, list(wanted))
    found = gradient_answer(f, list(wanted), arrays(at))
    for partial, (name, value) in zip(found.partials, wanted.items(), strict=True):
        number = partial.value if partial.values is None else partial.values
        np.testing.assert_allclose(number, value, rtol=1e-9, atol=6e-13, err_msg=name)


def test_hessians_have_the_values_of_an_independent_library():
    f = function(LOGISTIC, {"b": B0}, {"X": X0, "z": [0, 0, 1, 1]}, ["b"])
    ((block,),) = hessian(f, ["b"], arrays({"b": B0})).rows
    wanted = [[-0.902054155056, -1.517264934569], [-1.517264934569, -3.944508698552]]
    np.testing.assert_allclose(block.values, wanted, rtol=1e-9, atol=6e-13)
    f = function(REGRESSION, {"b": B0}, {"X": X0, "y": Y4}, ["b"])
    ((block,),) = hessian(f, ["b"], arrays({"b": B0})).rows
    np.testing.assert_allclose(block.values, [[8, 15], [15, 42.5]], rtol=1e-12)


def test_jacobians_have_the_values_of_an_independent_library():
    at = {"A": A0, "x": [1, 2]}
    ((block,),) = jacobian(function("tanh(A %*% x)", at, {}, ["x"]), ["x"], arrays(at)).rows
    wanted = [[0.002681901366, 0.001340950683], [4.520638e-06, 2.712383e-05]]
    np.testing.assert_allclose(block.values, wanted, rtol=2e-7, atol=6e-13)
