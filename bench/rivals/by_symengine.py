"""SymEngine, and its compiler by LLVM."""

from collections.abc import Callable

import numpy as np
import symengine

from bench.rivals import formulas


def derivative(text: str, variable: str) -> Callable[[], str]:
    """Return the job from a text to the text of its derivative."""
    source = formulas.python(text)
    return lambda: str(symengine.sympify(source).diff(symengine.Symbol(variable)))


def compiled(f: object, symbols: list[object]) -> Callable[..., object]:
    """Return the function of value and partials by LLVM."""
    outputs = [f, *[f.diff(s) for s in symbols]]  # type: ignore[attr-defined]
    made: Callable[..., object] = symengine.Lambdify(symbols, outputs, backend="llvm", cse=True)
    return made


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points: a row of variables for each point."""
    names = formulas.BATCHES[text]
    f = compiled(symengine.sympify(formulas.python(text)), [symengine.Symbol(v) for v in names])
    rows = np.ascontiguousarray(np.transpose(formulas.columns(names, points)))
    return lambda: np.transpose(f(rows))  # type: ignore[call-overload]


def value_and_gradient(text: str, variables: list[str]) -> Callable[[], object]:
    """Return the job from a text to its value and gradient at one point."""
    at, source = formulas.point(variables), formulas.python(text)
    return lambda: compiled(symengine.sympify(source), [symengine.Symbol(v) for v in variables])(at)


def large(family: str, size: int) -> Callable[[], object]:
    """Return the job from the terms of a long text to value and gradient at one point."""
    terms, variables = formulas.family(family, size)
    at = formulas.point(variables)

    def job() -> object:
        symbols = [symengine.Symbol(v) for v in variables]
        f = symengine.Add(*[symengine.sympify(formulas.python(t)) for t in terms])
        return compiled(f, symbols)(at)

    return job
