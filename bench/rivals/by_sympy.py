"""SymPy. Its cache is emptied before each run, because a second run would measure the cache."""

from collections.abc import Callable

import sympy
from sympy.core.cache import clear_cache

from bench.rivals import formulas


def before() -> None:
    """Forget earlier answers."""
    clear_cache()


def derivative(text: str, variable: str) -> Callable[[], str]:
    """Return the job from a text to the text of its derivative."""
    source = formulas.python(text)
    return lambda: str(sympy.diff(sympy.parse_expr(source), variable))


def value_and_gradient(text: str, variables: list[str]) -> Callable[[], object]:
    """Return the job from a text to its value and gradient at one point, common parts taken out."""
    at, source = formulas.point(variables), formulas.python(text)

    def job() -> object:
        symbols = [sympy.Symbol(v) for v in variables]
        f = sympy.parse_expr(source)
        return sympy.lambdify(symbols, [f, *[sympy.diff(f, s) for s in symbols]], "math", cse=True)(*at)

    return job


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points, by NumPy, common parts taken out."""
    symbols, outputs = partials(text)
    f, at = sympy.lambdify(symbols, outputs, "numpy", cse=True), formulas.columns(formulas.BATCHES[text], points)
    return lambda: f(*at)


def partials(text: str) -> tuple[list[sympy.Symbol], list[sympy.Expr]]:
    """Return the symbols of a formula, and the formula with its partials."""
    symbols = [sympy.Symbol(v) for v in formulas.BATCHES[text]]
    f = sympy.parse_expr(formulas.python(text))
    return symbols, [f, *[sympy.diff(f, s) for s in symbols]]


def large(family: str, size: int) -> Callable[[], object]:
    """Return the job from the terms of a long text to value and gradient at one point."""
    terms, variables = formulas.family(family, size)
    at = formulas.point(variables)

    def job() -> object:
        symbols = [sympy.Symbol(v) for v in variables]
        f = sympy.Add(*[sympy.parse_expr(formulas.python(t)) for t in terms])
        return sympy.lambdify(symbols, [f, *[sympy.diff(f, s) for s in symbols]], "math")(*at)

    return job


def taylor(text: str, order: int) -> Callable[[], object]:
    """Return the job of the coefficients at x = 0.25 by repeated differentiation."""

    def job() -> object:
        x = sympy.Symbol("x")
        node, found = sympy.parse_expr(formulas.python(text)), []
        for k in range(order + 1):
            found.append(float(node.subs(x, 0.25) / sympy.factorial(k)))
            node = sympy.diff(node, x)
        return found

    return job


def descent(start: float, steps: int, lambdified: bool) -> Callable[[], object]:
    """Return the descent of the source material: x² + 2x + 3, rate 0.01, until the slope is at most 1e-5."""

    def job() -> object:
        x = sympy.Symbol("x")
        f = sympy.parse_expr("x**2 + 2*x + 3")
        if lambdified:
            value, slope = sympy.lambdify(x, f), sympy.lambdify(x, sympy.diff(f, x))
            at, path = start, [(start, value(start))]
            while abs(g := slope(at)) > 1e-5:
                at -= 0.01 * g
                path.append((at, value(at)))
            return [at, len(path) - 1]
        # As in the notes: a derivative is put in and evaluated at each step.
        at, count = start, 0
        while abs(sympy.diff(f, x).subs({x: at})) > 1e-5:
            at, count = at - 0.01 * float(sympy.diff(f, x).subs({x: at})), count + 1
        return [at, count]

    return job
