"""NumPy as a careful person writes it: values with all partials, and the numbers and gradients of bench/gradbench.py."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.rivals import formulas

Array = NDArray[np.float64]


def mixture(x: Any, y: Any) -> tuple[Any, ...]:
    """x exp(-x² - y²)."""
    e = np.exp(-(x**2) - y**2)
    f = x * e
    return f, e - 2 * x * f, -2 * y * f


def wave(x: Any, y: Any) -> tuple[Any, ...]:
    """sin(x y) + cos(x) y²."""
    xy = x * y
    c, cx, yy = np.cos(xy), np.cos(x), y**2
    return np.sin(xy) + cx * yy, y * c - np.sin(x) * yy, x * c + 2 * cx * y


def rosenbrock(x: Any, y: Any) -> tuple[Any, ...]:
    """100 (y - x²)² + (1 - x)²."""
    a, b = y - x**2, 1 - x
    return 100 * a**2 + b**2, -400 * x * a - 2 * b, 200 * a


def logistic(x: Any, y: Any) -> tuple[Any, ...]:
    """log(1 + exp(x + 2 y)) - x."""
    e = np.exp(x + 2 * y)
    p = e / (1 + e)
    return np.log1p(e) - x, p - 1, 2 * p


def damped(a: Any, b: Any, c: Any, d: Any, x: Any) -> tuple[Any, ...]:
    """a exp(-b x) cos(c x + d) + a b."""
    e, t = np.exp(-b * x), c * x + d
    u = e * np.cos(t)
    f, s = a * u, -a * e * np.sin(t)
    return f + a * b, u + b, a - x * f, x * s, s, c * s - b * f


def normal(m: Any, s: Any, x: Any) -> tuple[Any, ...]:
    """-log(s) - (x - m)²/(2 s²)."""
    z = (x - m) / s
    g = z / s
    return -np.log(s) - 0.5 * z**2, g, (z**2 - 1) / s, -g


HAND: dict[str, Callable[..., tuple[Any, ...]]] = dict(
    zip(formulas.BATCHES, (mixture, wave, rosenbrock, logistic, damped, normal), strict=True)
)


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    at, f = formulas.columns(formulas.BATCHES[text], points), HAND[text]
    return lambda: f(*at)


Values = dict[str, Array]


def array_point(name: str, rows: int, columns: int, matrix: int) -> Values:
    """Return the point of a case of ARRAYS: X of rows x columns, S and K of `matrix` rows."""
    random = np.random.default_rng(1)
    if name in ("regression", "logistic"):
        X, b = random.normal(size=(rows, columns)), random.normal(size=columns)
        y = (random.uniform(size=rows) < 0.5).astype(float)
        return {"X": X, "b": b, "y" if name == "regression" else "z": y}
    S = random.normal(size=(matrix, matrix))
    S = S @ S.T + matrix * np.eye(matrix)
    y = random.normal(size=matrix)
    return {"K": S, "y": y} if name == "covariance" else {"S": S, "y": y, "m": random.normal(size=matrix)}


def regression(X: Array, b: Array, y: Array) -> Array:
    """The gradient of sum((y - X b)^2) by b."""
    return -2 * (X.T @ (y - X @ b))


def logistic_regression(X: Array, b: Array, z: Array) -> Array:
    """The gradient of the log-likelihood of logistic regression by b."""
    return X.T @ (z - 1 / (1 + np.exp(-(X @ b))))


def normal_mean(S: Array, y: Array, m: Array) -> Array:
    """The gradient of the log-likelihood of a normal distribution by its mean."""
    return np.linalg.solve(S, y - m)


def covariance(K: Array, y: Array) -> Array:
    """The gradient of log det K + y' K^-1 y by K, symmetric."""
    a = np.linalg.solve(K, y)
    return np.linalg.inv(K) - np.outer(a, a)


# Text in Python notation, variable, and the gradient by hand.
ARRAYS: dict[str, tuple[str, str, Callable[..., Array]]] = {
    "regression": ("np.sum((y - X @ b)**2)", "b", regression),
    "logistic": ("np.sum(z*(X @ b) - np.log(1 + np.exp(X @ b)))", "b", logistic_regression),
    "normal": ("-0.5*(np.linalg.slogdet(S)[1] + (y - m) @ np.linalg.solve(S, y - m))", "m", normal_mean),
    "covariance": ("np.linalg.slogdet(K)[1] + y @ np.linalg.solve(K, y)", "K", covariance),
}


def arrays(name: str, rows: int, columns: int, matrix: int) -> Callable[[], object]:
    """Return the job of one case of ARRAYS."""
    at, f = array_point(name, rows, columns, matrix), ARRAYS[name][2]
    return lambda: f(**at)


def returns(rows: int) -> Array:
    """Return the data of GARCH."""
    return np.random.default_rng(1).normal(size=rows) * 0.2


def garch(rows: int, w: float, a: float, b: float) -> Callable[[], list[float]]:
    """Return the job of value and gradient of GARCH(1,1) by w, a, b: one loop, as a careful person writes it."""
    r = returns(rows)

    def job() -> list[float]:
        listed = r.tolist()
        h = float(np.mean(r**2))
        s = hw = ha = hb = sw = sa = sb = 0.0
        for before, now in itertools.pairwise(listed):
            hw, ha, hb = 1 + b * hw, before * before + b * ha, h + b * hb
            h = w + a * before * before + b * h
            s += 0.5 * (math.log(2 * math.pi * h) + now * now / h)
            slope = 0.5 * (1 / h - now * now / (h * h))
            sw, sa, sb = sw + slope * hw, sa + slope * ha, sb + slope * hb
        return [s, sw, sa, sb]

    return job
