"""The formulas of the comparisons, in R notation, and their points."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["BATCHES", "FAMILIES", "NAMES", "SEEDS", "columns", "family", "point", "python"]

# The formulas of the source material (tests/golden/seeds.tsv), and with respect to which variable.
SEEDS = (
    ("x^2", "x"), ("x^2 + 2*y^2", "y"), ("x^5", "x"), ("sin(x) + cos(x)", "x"), ("(2*x + 1)^4", "x"), ("(x + 2*y^3)^2", "y"),
    ("x1^2*x2 + x1*x2^3", "x1"), ("x^2 + 2*x*y + 3 + cos(x + 2*y)", "x"), ("1 + 2*x + 3*x^2 + 4*exp(x) + 5*log(x)", "x"),
    ("x*exp(x)", "x"), ("exp((x - mu)^2/sigma^2)", "x"), ("x^2 + x*y + y^2", "x"), ("log(x^2 - 2)", "x"), ("exp(2*x^3)", "x"),
)  # fmt: skip
# Text and variables of the formulas that are computed at many points; by hand in by_hand.py.
BATCHES: dict[str, tuple[str, ...]] = {
    "x*exp(-x^2 - y^2)": ("x", "y"),
    "sin(x*y) + cos(x)*y^2": ("x", "y"),
    "100*(y - x^2)^2 + (1 - x)^2": ("x", "y"),
    "log(1 + exp(x + 2*y)) - x": ("x", "y"),
    "a*exp(-b*x)*cos(c*x + d) + a*b": ("a", "b", "c", "d", "x"),
    "-log(s) - (x - m)^2/(2*s^2)": ("m", "s", "x"),
}
# Terms of functions of n variables x0, x1, ...
FAMILIES = {
    "sum of x^2*exp(x)": lambda i: f"x{i}^2*exp(x{i})",
    "chain of squares": lambda i: f"(x{i} - x{i + 1}^2)^2",
}
# Functions that a rival's namespace must have.
NAMES = ("exp", "log", "sin", "cos")


def python(text: str) -> str:
    """Return a formula in Python notation.

    >>> python("x^2")
    'x**2'
    """
    return text.replace("^", "**")


def family(name: str, size: int) -> tuple[list[str], list[str]]:
    """Return the terms and the variables of a function of `size` terms.

    >>> family("chain of squares", 2)
    (['(x0 - x1^2)^2', '(x1 - x2^2)^2'], ['x0', 'x1', 'x2'])
    """
    terms = [FAMILIES[name](i) for i in range(size)]
    return terms, [f"x{i}" for i in range(size + (f"x{size}" in terms[-1]))]


def columns(variables: tuple[str, ...] | list[str], points: int) -> list[NDArray[np.float64]]:
    """Return a column of values for each variable, the same in every process."""
    random = np.random.default_rng(1)
    return [random.uniform(0.2, 1.5, points) for _ in variables]


def point(variables: tuple[str, ...] | list[str]) -> list[float]:
    """Return one point."""
    return [0.3 + 0.4 * (i % 7) / 7 for i in range(len(variables))]
