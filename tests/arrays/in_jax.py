"""Values and derivatives by JAX of texts in NumPy's notation. JAX is optional: .venv/bin/pip install jax"""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy import special, stats
from jax.scipy.special import logsumexp

from .golden_arrays import Slopes

__all__ = ["slopes"]

jax.config.update("jax_enable_x64", True)
# Each formula is compiled for one point.
jax.config.update("jax_disable_most_optimizations", True)


class LogAddExp:
    """A function with a method `reduce`."""

    def __call__(self, a, b):
        return jnp.logaddexp(a, b)

    def reduce(self, a, axis=0):
        return logsumexp(jnp.asarray(a), axis=axis)


class LikeNumPy:
    """JAX's arrays under the names that our texts use of NumPy, where JAX has other arguments."""

    logaddexp = LogAddExp()

    def __getattr__(self, name: str) -> Any:
        return getattr(jnp, name)

    def concatenate(self, parts, axis=0):
        return jnp.concatenate([jnp.asarray(p) for p in parts], axis)

    def argsort(self, a, kind="stable"):
        return jnp.argsort(a, stable=True)

    def bincount(self, g, weights, length):
        return jnp.zeros(length).at[g].add(weights)


NAMES = {"np": LikeNumPy(), "scipy": SimpleNamespace(special=special, stats=stats)}


def slopes(
    text: str,
    at: Mapping[str, np.ndarray],
    by: Sequence[str],
    direction: Mapping[str, np.ndarray],
    symmetric: Sequence[str],
    number: bool,
) -> Slopes:
    """Return f, its gradient and the change of the gradient along a direction; of an f that is no number its change.

    Args:
        text: f in NumPy's notation.
        at: The value of each name; whole numbers are indices.
        by: The variables of the derivatives.
        direction: A change of each variable.
        symmetric: The variables that are symmetric matrices: their gradient is the symmetric G with df = sum(G * dS).
        number: Whether f is a number.
    """
    fixed = {name: jnp.asarray(v) for name, v in at.items() if name not in by}
    code = compile(text, "f", "eval")

    def f(x: dict[str, Any]) -> Any:
        x = {name: (v + v.T) / 2 if name in symmetric else v for name, v in x.items()}
        return jnp.asarray(eval(code, {**NAMES, **fixed, **x}), dtype=float)

    point = {name: jnp.asarray(at[name], dtype=float) for name in by}
    step = {name: jnp.asarray(direction[name], dtype=float) for name in by}

    def both(x: dict[str, Any]) -> Any:
        return jax.value_and_grad(f)(x) if number else (f(x), {})

    def along(run: Callable[..., Any]) -> Any:
        return run(lambda x, dx: jax.jvp(both, (x,), (dx,)))(point, step)

    try:
        (value, gradient), (change, changes) = along(jax.jit)
    except (jax.errors.JAXIndexError, jax.errors.JAXTypeError):
        # The entries that a mask chooses, and the way that a condition takes, are known only without compiling.
        (value, gradient), (change, changes) = along(lambda g: g)
    first = np.concatenate([np.ravel(gradient[name]) for name in by]) if gradient else np.zeros(0)
    second = np.concatenate([np.ravel(changes[name]) for name in by]) if gradient else np.ravel(change)
    return Slopes(np.asarray(value), first, second)
