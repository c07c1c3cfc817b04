"""The formulas of GradBench's evals hello, lse, llsq, kmeans, gmm, ode and det, written anew, with values and gradients by hand.

Definitions: the READMEs of GradBench's evals (MIT). Gaussian mixtures have two dimensions here, and ode four equations.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["EVALS", "ODE", "by_hand", "point"]

Array = NDArray[np.float64]
Point = dict[str, Any]

LSE = """a = np.max(x)
a + np.log(np.sum(np.exp(x - a)))"""
LLSQ = "0.5*np.sum((s - T @ x)**2)"
KMEANS = "np.sum(np.min(np.sum(P**2, axis=1)[:, None] - 2*(P @ C.T) + np.sum(C**2, axis=1), axis=1))"
# Wishart prior: 1 additional degree of freedom, precision 0.7; constants of the prior are the last term.
GAMMA, FREEDOM = 0.7, 1
_N = 2 + FREEDOM + 1
_PRIOR = (
    2 * _N * math.log(GAMMA / math.sqrt(2)) - 0.5 * math.log(math.pi) - math.lgamma(_N / 2) - math.lgamma((_N - 1) / 2)
)
GMM = f"""dx = x[:, None] - mx
dy = y[:, None] - my
u = np.exp(qx)*dx
v = l*dx + np.exp(qy)*dy
B = a - 0.5*(u**2 + v**2) + qx + qy
m = np.max(B, axis=1)
t = np.max(a)
s = np.sum(m + np.log(np.sum(np.exp(B - m[:, None]), axis=1)))
s = s - len(x)*(np.log(2*np.pi) + t + np.log(np.sum(np.exp(a - t))))
s = s - {GAMMA}**2/2*np.sum(np.exp(2*qx) + np.exp(2*qy) + l**2) + {FREEDOM}*np.sum(qx + qy)
s + {_PRIOR!r}*len(a)"""
ODE = 4


def _slopes(name: str, at: str) -> str:
    return f"    {name} = np.array([x0, {', '.join(f'x{i}*{at}[{i - 1}]' for i in range(1, ODE))}])"


# Classical Runge-Kutta; h has an entry for each step.
_ODE = "\n".join(
    [
        f"y = np.zeros({ODE})",
        "for d in h:",
        _slopes("k1", "y"),
        "    u = y + d*k1/2",
        _slopes("k2", "u"),
        "    v = y + d*k2/2",
        _slopes("k3", "v"),
        "    w = y + d*k3",
        _slopes("k4", "w"),
        "    y = y + d*(k1 + 2*k2 + 2*k3 + k4)/6",
        f"y[{ODE - 1}]",
    ]
)
# Text in Python notation, variables of the gradient, dimensions of what is no number.
EVALS: dict[str, tuple[str, tuple[str, ...], dict[str, tuple[str, ...]]]] = {
    "hello": ("x**2", ("x",), {}),
    "lse": (LSE, ("x",), {"x": ("n",)}),
    "llsq": (LLSQ, ("x",), {"x": ("m",), "T": ("n", "m"), "s": ("n",)}),
    "kmeans": (KMEANS, ("C",), {"P": ("n", "d"), "C": ("k", "d")}),
    "gmm": (
        GMM, ("a", "mx", "my", "qx", "qy", "l"),
        {"x": ("n",), "y": ("n",), "a": ("k",), "mx": ("k",), "my": ("k",), "qx": ("k",), "qy": ("k",), "l": ("k",)},
    ),
    "ode": (_ODE, tuple(f"x{i}" for i in range(ODE)), {"h": ("s",)}),
    "det": ("np.linalg.det(A)", ("A",), {"A": ("l", "l")}),
}  # fmt: skip


def point(name: str, size: int) -> Point:
    """Return the point of an eval; `size` is the number of rows or steps, for det of rows of the matrix."""
    random = np.random.default_rng(1)
    if name == "hello":
        return {"x": 3.0}
    if name == "lse":
        return {"x": 10 * random.normal(size=size)}
    if name == "llsq":
        t = np.linspace(-1, 1, size)
        return {"x": random.normal(size=16), "T": np.vander(t, 16, increasing=True), "s": np.sign(t)}
    if name == "kmeans":
        return {"P": random.normal(size=(size, 8)), "C": random.normal(size=(10, 8))}
    if name == "gmm":
        small = {n: random.normal(size=5) for n in ("a", "mx", "my", "qx", "qy", "l")}
        return {"x": random.normal(size=size), "y": random.normal(size=size), **small}
    if name == "ode":
        return {
            **{f"x{i}": float(v) for i, v in enumerate(random.uniform(0.5, 1.5, ODE))},
            "h": np.full(size, 2 / size),
        }
    return {"A": random.normal(size=(size, size)) + 3 * np.eye(size)}


def hello(x: float) -> list[Any]:
    """x²."""
    return [x * x, 2 * x]


def lse(x: Array) -> list[Any]:
    """log sum exp(x)."""
    a = np.max(x)
    e = np.exp(x - a)
    s = np.sum(e)
    return [a + np.log(s), e / s]


def llsq(x: Array, T: Array, s: Array) -> list[Any]:
    """Half the sum of squares of s - T x."""
    r = s - T @ x
    return [0.5 * (r @ r), -(T.T @ r)]


def kmeans(P: Array, C: Array) -> list[Any]:
    """The sum of the squared distances to the nearest centroids."""
    squares = np.einsum("ij,ij->i", P, P)[:, None] - 2 * (P @ C.T) + np.einsum("ij,ij->i", C, C)
    nearest = np.argmin(squares, axis=1)
    belongs = nearest[:, None] == np.arange(len(C))
    return [np.sum(np.min(squares, axis=1)), 2 * (belongs.sum(axis=0)[:, None] * C - belongs.T.astype(float) @ P)]


def gmm(x: Array, y: Array, a: Array, mx: Array, my: Array, qx: Array, qy: Array, l: Array) -> list[Any]:  # noqa: E741
    """The log posterior of a mixture of normal distributions; precision matrices Q'Q, Q = [exp(qx) 0; l exp(qy)]."""
    ex, ey = np.exp(qx), np.exp(qy)
    dx, dy = x[:, None] - mx, y[:, None] - my
    u = ex * dx
    v = l * dx + ey * dy
    B = a - 0.5 * (u**2 + v**2) + qx + qy
    m = np.max(B, axis=1)
    e = np.exp(B - m[:, None])
    rows = e.sum(axis=1)
    w = e / rows[:, None]
    t = np.max(a)
    p = np.exp(a - t)
    value = np.sum(m + np.log(rows)) - len(x) * (np.log(2 * np.pi) + t + np.log(p.sum()))
    value += -(GAMMA**2) / 2 * np.sum(ex**2 + ey**2 + l**2) + FREEDOM * np.sum(qx + qy) + _PRIOR * len(a)
    shares, wv = w.sum(axis=0), w * v
    return [
        value,
        shares - len(x) * p / p.sum(),
        ex * np.sum(w * u, axis=0) + l * wv.sum(axis=0),
        ey * wv.sum(axis=0),
        shares - np.sum(w * u**2, axis=0) - GAMMA**2 * ex**2 + FREEDOM,
        shares - ey * np.sum(wv * dy, axis=0) - GAMMA**2 * ey**2 + FREEDOM,
        -np.sum(wv * dx, axis=0) - GAMMA**2 * l,
    ]


def ode(h: Array, **x: float) -> list[Any]:
    """The last component after all steps, and its gradient: the steps backwards."""
    coefficients = [x[f"x{i}"] for i in range(ODE)]
    begun = [(0.0,) * ODE]
    for d in h.tolist():
        y = begun[-1]
        k1 = _slope(coefficients, y)
        k2 = _slope(coefficients, [p + d * q / 2 for p, q in zip(y, k1, strict=True)])
        k3 = _slope(coefficients, [p + d * q / 2 for p, q in zip(y, k2, strict=True)])
        k4 = _slope(coefficients, [p + d * q for p, q in zip(y, k3, strict=True)])
        begun.append(
            tuple(p + d * (a + 2 * b + 2 * c + e) / 6 for p, a, b, c, e in zip(y, k1, k2, k3, k4, strict=True))
        )
    gradient, ybar = [0.0] * ODE, [0.0] * (ODE - 1) + [1.0]
    for d, y in zip(h.tolist()[::-1], begun[-2::-1], strict=True):
        k1 = _slope(coefficients, y)
        second = [p + d * q / 2 for p, q in zip(y, k1, strict=True)]
        k2 = _slope(coefficients, second)
        third = [p + d * q / 2 for p, q in zip(y, k2, strict=True)]
        fourth = [p + d * q for p, q in zip(y, _slope(coefficients, third), strict=True)]
        bars = [[d * s * v / 6 for v in ybar] for s in (1, 2, 2, 1)]
        into = list(ybar)
        for stage, at, step in ((3, fourth, d), (2, third, d / 2), (1, second, d / 2), (0, y, 0.0)):
            back = _pull(coefficients, at, bars[stage], gradient)
            into = [p + q for p, q in zip(into, back, strict=True)]
            if stage:
                bars[stage - 1] = [p + step * q for p, q in zip(bars[stage - 1], back, strict=True)]
        ybar = into
    return [begun[-1][-1], *gradient]


def _slope(x: list[float], y: Any) -> list[float]:
    return [x[0], *(x[i] * y[i - 1] for i in range(1, ODE))]


def _pull(x: list[float], y: Any, bar: list[float], gradient: list[float]) -> list[float]:
    """Add the adjoint of the coefficients, and return that of the state."""
    gradient[0] += bar[0]
    for i in range(1, ODE):
        gradient[i] += bar[i] * y[i - 1]
    return [*(x[i] * bar[i] for i in range(1, ODE)), 0.0]


def det(A: Array) -> list[Any]:
    """The determinant."""
    d = np.linalg.det(A)
    return [d, d * np.linalg.inv(A).T]


HAND: dict[str, Callable[..., list[Any]]] = {
    "hello": hello, "lse": lse, "llsq": llsq, "kmeans": kmeans, "gmm": gmm, "ode": ode, "det": det,
}  # fmt: skip


def by_hand(name: str, size: int) -> Callable[[], list[Any]]:
    """Return the job of value and gradient of an eval."""
    at, f = point(name, size), HAND[name]
    return lambda: f(**at)
