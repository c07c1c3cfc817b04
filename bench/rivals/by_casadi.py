"""CasADi: symbols SX, its gradient, and its virtual machine."""

from collections.abc import Callable

import casadi

from bench.rivals import formulas

SCOPE = {name: getattr(casadi, name) for name in formulas.NAMES}


def value_and_gradient(text: str, variables: list[str]) -> Callable[[], object]:
    """Return the job from a text to its value and gradient at one point."""
    at = formulas.point(variables)

    def job() -> object:
        x = casadi.SX.sym("x", len(variables))
        f = eval(formulas.python(text), {**SCOPE, **{v: x[i] for i, v in enumerate(variables)}})
        value, gradient = casadi.Function("f", [x], [f, casadi.gradient(f, x)])(at)
        return [float(value), gradient.full()]

    return job


def large(family: str, size: int) -> Callable[[], object]:
    """Return the job from the terms of a long text to value and gradient at one point."""
    terms, variables = formulas.family(family, size)
    at = formulas.point(variables)

    def job() -> object:
        x = casadi.SX.sym("x", len(variables))
        scope = {**SCOPE, **{v: x[i] for i, v in enumerate(variables)}}
        f = 0
        for term in terms:
            f += eval(formulas.python(term), scope)
        value, gradient = casadi.Function("f", [x], [f, casadi.gradient(f, x)])(at)
        return [float(value), gradient.full()]

    return job
