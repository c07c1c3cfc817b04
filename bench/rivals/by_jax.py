"""JAX on the processor, compiled, in double precision; its threads as JAX chooses them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.rivals import by_hand, formulas

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")

SCOPE = {name: getattr(jnp, name) for name in formulas.NAMES}


def function(text: str, names: list[str] | tuple[str, ...]) -> Any:
    """Return a function of a formula's variables."""
    return eval(f"lambda {', '.join(names)}: {formulas.python(text)}", dict(SCOPE))


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points: arrays of NumPy in and out."""
    names = formulas.BATCHES[text]
    both = jax.jit(jax.vmap(jax.value_and_grad(function(text, names), argnums=tuple(range(len(names))))))
    at = formulas.columns(names, points)

    def job() -> object:
        value, partials = both(*at)
        return [np.asarray(value), *[np.asarray(p) for p in partials]]

    return job


def value_and_gradient(text: str, variables: list[str]) -> Callable[[], object]:
    """Return the job from a text to its value and gradient at one point."""
    at = formulas.point(variables)

    def job() -> object:
        both = jax.jit(jax.value_and_grad(function(text, variables), argnums=tuple(range(len(variables)))))
        value, partials = both(*at)
        return [float(value), [float(p) for p in partials]]

    return job


def large(family: str, size: int) -> Callable[[], object]:
    """Return the job from the terms of a long text to value and gradient at one point."""
    terms, variables = formulas.family(family, size)
    at = np.array(formulas.point(variables))

    def job() -> object:
        compiled = [compile(formulas.python(t), "text", "eval") for t in terms]

        def f(x: Any) -> Any:
            scope = {**SCOPE, **{v: x[i] for i, v in enumerate(variables)}}
            return sum(eval(t, scope) for t in compiled)

        value, gradient = jax.jit(jax.value_and_grad(f))(at)
        return [float(value), np.asarray(gradient)]

    return job


def arrays(name: str, rows: int, columns: int, matrix: int) -> Callable[[], object]:
    """Return the job of the gradient of one case of by_hand.ARRAYS: arrays of NumPy in, an array of NumPy out."""
    text, by, _ = by_hand.ARRAYS[name]
    at = by_hand.array_point(name, rows, columns, matrix)
    code = compile(text, name, "eval")
    others = [n for n in at if n != by]

    def f(varied: Any, *rest: Any) -> Any:
        return eval(code, {"np": jnp, by: varied, **dict(zip(others, rest, strict=True))})

    gradient = jax.jit(jax.grad(f))
    return lambda: np.asarray(gradient(at[by], *[at[n] for n in others]))
