"""Packages of Python whose names are read: their constants, and what an import says."""

from typing import Final

__all__ = ["PACKAGES", "VALUES", "constant_of"]

PACKAGES: Final = frozenset(
    """
    math np numpy jnp jax.numpy cmath scipy scipy.constants torch tf tensorflow cupy autograd.numpy anp onp xp mpmath sympy sp
    pytensor.tensor
    """.split()
)
E: Final = 2.718281828459045
VALUES: Final = {
    "e": E, "E": E, "inf": float("inf"), "Inf": float("inf"), "infty": float("inf"), "oo": float("inf"),
    "nan": float("nan"), "NaN": float("nan"), "tau": 6.283185307179586, "euler_gamma": 0.5772156649015329,
}  # fmt: skip


def constant_of(name: str) -> float | str | None:
    """Return the value of a constant by its full name, "pi" for the number pi, None for other names.

    >>> constant_of("jnp.pi"), constant_of("numpy.inf"), constant_of("x.e")
    ('pi', inf, None)
    """
    package, dot, last = name.rpartition(".")
    if not dot or package not in PACKAGES:
        return None
    return "pi" if last == "pi" else VALUES.get(last)
