"""Difference quotients: derivatives from values of f only.

This package and calculus never import each other, so that each can check the other. Formulas: Abramowitz & Stegun, 25.3;
Fornberg, Math. Comp. 51 (1988).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

__all__ = ["SCHEMES", "Scheme", "Stencil", "default_step", "gradient", "quotient", "richardson"]

Array = NDArray[np.float64]
# Values at many points: columns of shape (N,) in, shape (N,) out.
VectorFunction = Callable[[Sequence[Array]], Array]

EPSILON = float(np.finfo(float).eps)


class Scheme(Enum):
    """A formula of numerical differentiation; values are those of `secant.v1.Scheme`."""

    FORWARD = 1
    BACKWARD = 2
    CENTRAL = 3
    FIVE_POINT = 4
    RICHARDSON = 5
    COMPLEX_STEP = 6


@dataclass(frozen=True, slots=True)
class Stencil:
    """Σ weightᵢ f(x + offsetᵢ h)/(divisor h); its error begins with constant · h^order · f^(derivative)."""

    offsets: tuple[int, ...]
    weights: tuple[float, ...]
    divisor: float
    order: int
    derivative: int
    constant: float


SCHEMES: dict[Scheme, Stencil] = {
    Scheme.FORWARD: Stencil((1, 0), (1.0, -1.0), 1.0, 1, 2, 1 / 2),
    Scheme.BACKWARD: Stencil((0, -1), (1.0, -1.0), 1.0, 1, 2, -1 / 2),
    Scheme.CENTRAL: Stencil((1, -1), (1.0, -1.0), 2.0, 2, 3, 1 / 6),
    Scheme.FIVE_POINT: Stencil((-2, -1, 1, 2), (1.0, -8.0, 8.0, -1.0), 12.0, 4, 5, -1 / 30),
}

# Halvings of h in Richardson's table.
ROWS = 6


def default_step(x: float, scheme: Scheme) -> float:
    """Return h for a scheme at x: ε^(1/(p+1)) times |x|, or times 1 near 0; p is the scheme's order.

    It balances truncation O(h^p) with rounding O(ε/h) for a function that varies on the scale of x (Nocedal &
    Wright, Numerical Optimization, 2nd ed., §8.1).

    Args:
        x: The coordinate.
        scheme: The scheme.

    >>> f"{default_step(2.0, Scheme.CENTRAL):.3e}"
    '1.211e-05'
    """
    scale = abs(x) if abs(x) > 1e-8 else 1.0
    if scheme is Scheme.COMPLEX_STEP:
        return 1e-20 * scale
    if scheme is Scheme.RICHARDSON:
        return float(2.0 ** np.round(np.log2(0.05 * scale)))
    return float(EPSILON ** (1 / (SCHEMES[scheme].order + 1))) * scale


def quotient(stencil: Stencil, values: Array, steps: Array) -> Array:
    """Return difference quotients, shape (n,).

    Args:
        stencil: The scheme.
        values: f at x + offsetⱼ h, shape (offsets, n).
        steps: h, shape (n,), in the units of x.

    Terms are added in the order of the stencil, as in (f(x+h) - f(x-h))/(2h).
    """
    total = values[0] * stencil.weights[0]
    for weight, value in zip(stencil.weights[1:], values[1:], strict=True):
        total = total + weight * value
    quotients: Array = total / (stencil.divisor * steps)
    return quotients


def gradient(f: VectorFunction, x: Sequence[float], scheme: Scheme, steps: Sequence[float]) -> list[float]:
    """Return the gradient of f at x by a scheme, all shifted points in one call of f.

    Args:
        f: Values at many points: n columns of shape (N,) to shape (N,).
        x: The point, n numbers.
        scheme: Any scheme except COMPLEX_STEP, which needs complex values of f.
        steps: h for each coordinate, in its units, used as given.

    >>> def square(columns):
    ...     return columns[0] ** 2
    >>> gradient(square, [2.0], Scheme.CENTRAL, [10e-4])
    [3.9999999999995595]
    """
    if scheme is Scheme.RICHARDSON:
        return [richardson(f, x, i, h)[0] for i, h in enumerate(steps)]
    stencil = SCHEMES[scheme]
    width, size = len(stencil.offsets), len(x)
    place, heights = np.asarray(x, float), np.asarray(steps, float)
    points = np.repeat(place[:, None], size * width, axis=1)
    rows = np.repeat(np.arange(size), width)
    points[rows, np.arange(size * width)] = (place[:, None] + np.outer(heights, stencil.offsets)).ravel()
    with np.errstate(all="ignore"):
        slopes: list[float] = quotient(stencil, f(list(points)).reshape(size, width).T, heights).tolist()
    return slopes


def richardson(f: VectorFunction, x: Sequence[float], index: int, step: float) -> tuple[float, float]:
    """Return ∂f/∂x_index extrapolated from central differences at h, h/2, …, and an estimate of its error.

    Richardson, Phil. Trans. A 210 (1911); the entry with the best agreement of its two neighbours is chosen (Ridders,
    Adv. Eng. Software 4, 1982).

    Args:
        f: Values at many points: n columns of shape (N,) to shape (N,).
        x: The point, n numbers.
        index: The position of the variable.
        step: The largest h, in the units of the variable.
    """
    heights = step / 2.0 ** np.arange(ROWS)
    columns = [np.full(2 * ROWS, v) for v in x]
    columns[index] = x[index] + np.concatenate([heights, -heights])
    found = f(columns)
    # Values may overflow or be infinite, and then the slope is NaN.
    with np.errstate(all="ignore"):
        table = [((found[:ROWS] - found[ROWS:]) / (2 * heights)).tolist()]
    best, error = table[0][0], float("inf")
    for level in range(1, ROWS):
        weight = 4.0**level
        row = [(weight * b - a) / (weight - 1) for a, b in zip(table[-1][:-1], table[-1][1:], strict=True)]
        for j, value in enumerate(row):
            gap = max(abs(value - table[-1][j]), abs(value - table[-1][j + 1]))
            if gap <= error:
                best, error = value, gap
        table.append(row)
    return best, error
