"""Batches: value and all partials at many points, ours and rivals interleaved in one run. Run: python bench/batch.py

Prints medians and ratios (rival / ours), and the time over the number of points and over the size of a formula. Ours is the machine
in C, or NumPy where there is none; numba, JAX, SymEngine and numexpr take part where they are installed.
"""

import argparse
import importlib
import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from secantd.calculus import reverse
from secantd.language import read
from secantd.program import Program, blocks, compile

Array = NDArray[np.float64]
Values = tuple[Any, ...]
Rival = Callable[[], object]


def mixture(x: Any, y: Any) -> Values:
    """x exp(-x² - y²) with its partials, as a careful author writes it."""
    e = np.exp(-(x**2) - y**2)
    f = x * e
    return f, e - 2 * x * f, -2 * y * f


def wave(x: Any, y: Any) -> Values:
    """sin(x y) + cos(x) y² with its partials."""
    xy = x * y
    c = np.cos(xy)
    cx = np.cos(x)
    return np.sin(xy) + cx * y**2, y * c - np.sin(x) * y**2, x * c + 2 * cx * y


def rosenbrock(x: Any, y: Any) -> Values:
    """Rosenbrock's function with its partials."""
    a, b = y - x**2, 1 - x
    return 100 * a**2 + b**2, -400 * x * a - 2 * b, 200 * a


def logistic(x: Any, y: Any) -> Values:
    """log(1 + exp(x + 2 y)) - x with its partials."""
    e = np.exp(x + 2 * y)
    p = e / (1 + e)
    return np.log1p(e) - x, p - 1, 2 * p


def oscillation(a: Any, b: Any, c: Any, d: Any, x: Any) -> Values:
    """a exp(-b x) cos(c x + d) + a b with its partials."""
    e = np.exp(-b * x)
    u = c * x + d
    p, q = e * np.cos(u), a * e * np.sin(u)
    return a * p + a * b, p + b, a - a * x * p, -x * q, -q, -a * b * p - c * q


def layer(x: Any, y: Any) -> Values:
    """tanh(2 x + y) sqrt(1 + x²) with its partials."""
    t = np.tanh(2 * x + y)
    r = np.sqrt(1 + x**2)
    s = (1 - t**2) * r
    return t * r, 2 * s + t * x / r, s


# Points from which on a careful author uses threads.
MANY = 100_000

CASES: dict[str, Callable[..., Values]] = {
    "x*exp(-x^2 - y^2)": mixture,
    "sin(x*y) + cos(x)*y^2": wave,
    "100*(y - x^2)^2 + (1 - x)^2": rosenbrock,
    "log(1 + exp(x + 2*y)) - x": logistic,
    "a*exp(-b*x)*cos(c*x + d) + a*b": oscillation,
    "tanh(2*x + y)*sqrt(1 + x^2)": layer,
}


def program(text: str) -> Program:
    """Return the program of value and gradient."""
    f = read(text)
    (output,) = f.outputs
    names = sorted(f.variables)
    return compile([output, *reverse.gradient(f.graph, output, names)], names, f.graph.columns)


class WithoutMachine:
    """A program that is evaluated by NumPy."""

    def __init__(self, text: str, columns: Sequence[Array]) -> None:
        self._program = program(text)
        machine = blocks.machine
        blocks.machine = lambda: None
        # The plan of the first call is kept.
        self(columns)
        blocks.machine = machine

    def __call__(self, columns: Sequence[Array]) -> list[Array]:
        return self._program.batch(columns)


def installed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def in_sympy(text: str, names: Sequence[str]) -> tuple[Any, list[Any]]:
    """Return symbols, and f with its partials."""
    import sympy

    symbols = sympy.symbols(list(names))
    f = sympy.sympify(text.replace("^", "**"))
    return symbols, [f, *[sympy.diff(f, s) for s in symbols]]


def lambdified(text: str, names: Sequence[str], columns: Sequence[Array]) -> Rival | None:
    """SymPy's value and gradient for NumPy, common parts taken out."""
    import sympy

    made = sympy.lambdify(*in_sympy(text, names), "numpy", cse=True)
    return lambda: made(*columns)


def by_symengine(text: str, names: Sequence[str], columns: Sequence[Array]) -> Rival | None:
    symengine = installed("symengine")
    if symengine is None:
        return None
    symbols, outputs = in_sympy(text, names)
    made = symengine.Lambdify(symbols, outputs, backend="llvm", cse=True)
    # One row for each point, as it takes them.
    points = np.ascontiguousarray(np.array(columns).T)
    return lambda: made(points)


def by_jax(text: str, names: Sequence[str], columns: Sequence[Array]) -> Rival | None:
    jax = installed("jax")
    if jax is None:
        return None
    jax.config.update("jax_enable_x64", True)
    functions = {n: getattr(jax.numpy, n) for n in ("exp", "sin", "cos", "log", "tanh", "sqrt")}
    f = eval(f"lambda {', '.join(names)}: {text.replace('^', '**')}", functions)
    both = jax.jit(jax.vmap(jax.value_and_grad(f, argnums=tuple(range(len(names))))))
    given = [jax.numpy.asarray(c) for c in columns]
    return lambda: jax.block_until_ready(both(*given))


def by_numba(text: str, names: Sequence[str], columns: Sequence[Array]) -> Rival | None:
    numba = installed("numba")
    if numba is None:
        return None
    f = numba.njit(CASES[text])
    count = len(names) + 1
    arguments, values = ", ".join(names), ", ".join(f"{n}[i]" for n in names)
    source = f"def loop({arguments}, out):\n for i in prange(len(x)):\n  v = f({values})\n"
    source += "".join(f"  out[{k}, i] = v[{k}]\n" for k in range(count))
    scope: dict[str, Any] = {"f": f, "prange": numba.prange}
    exec(source, scope)
    loop = numba.njit(scope["loop"], parallel=len(columns[0]) >= MANY, error_model="numpy")

    def run() -> Array:
        out = np.empty((count, len(columns[0])))
        loop(*columns, out)
        return out

    return run


def by_numexpr(text: str, names: Sequence[str], columns: Sequence[Array]) -> Rival | None:
    numexpr = installed("numexpr")
    if numexpr is None:
        return None
    texts = [str(o) for o in in_sympy(text, names)[1]]
    given = dict(zip(names, columns, strict=True))
    return lambda: [numexpr.evaluate(t, local_dict=given) for t in texts]


RIVALS: dict[str, Callable[[str, Sequence[str], Sequence[Array]], Rival | None]] = {
    "lambdify": lambdified,
    "symengine": by_symengine,
    "jax": by_jax,
    "numba": by_numba,
    "numexpr": by_numexpr,
}


# Seconds of one turn: short calls are repeated, as the first one after another program finds the caches filled with its data.
TURN = 3e-3


def interleaved(rivals: dict[str, Rival], rounds: int) -> dict[str, float]:
    """Return the median seconds of each, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    repeats: dict[str, int] = {}
    for name, f in rivals.items():
        f()
        begun = time.perf_counter()
        f()
        repeats[name] = max(1, int(TURN / (time.perf_counter() - begun)))
    for _ in range(rounds):
        for name, f in rivals.items():
            begun = time.perf_counter()
            for _ in range(repeats[name]):
                # What it returns is released within its own time.
                f()
            times[name].append((time.perf_counter() - begun) / repeats[name])
    return {name: statistics.median(t) for name, t in times.items()}


def rivals(points: int, rounds: int) -> None:
    random = np.random.default_rng(1)
    print(f"value and gradient at {points:,} points: ns a point (rival / ours)")
    for text, hand in CASES.items():
        ours = program(text)
        columns = [random.uniform(-1, 1, points) for _ in ours.variables]
        numpy_only = WithoutMachine(text, columns)
        for a, b, c in zip(ours.batch(columns), numpy_only(columns), hand(*columns), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-14)
            np.testing.assert_allclose(a, c, rtol=1e-10, atol=1e-12)
        runs: dict[str, Rival] = {
            "ours": lambda ours=ours, columns=columns: ours.batch(columns),
            "ours, NumPy": lambda f=numpy_only, columns=columns: f(columns),
            "by hand": lambda hand=hand, columns=columns: hand(*columns),
        }
        for name, make in RIVALS.items():
            made = make(text, ours.variables, columns)
            if made is not None:
                runs[name] = made
        medians = interleaved(runs, rounds)
        shown = "  ".join(f"{name} {m / points * 1e9:.1f} ({m / medians['ours']:.2f}x)" for name, m in medians.items())
        print(f"  {text:30s} {shown}")


def sizes() -> None:
    print("growth")
    ours = program("x*exp(-x^2 - y^2)")
    before = None
    for points in (10, 1_000, 100_000, 1_000_000):
        columns = [np.linspace(-1, 1, points)] * 2
        m = interleaved({"ours": lambda columns=columns: ours.batch(columns)}, 9)["ours"]
        print(f"  {points:9,} points {m * 1e6:10.1f} us {m / points * 1e9:10.1f} ns a point")
    for variables in (10, 100, 1000, 5000):
        names = [f"x{i}" for i in range(variables)]
        f = read(" + ".join(f"sin({a})*{a}^2" for a in names))
        begun = time.perf_counter()
        (output,) = f.outputs
        made = compile([output, *reverse.gradient(f.graph, output, names)], names, f.graph.columns)
        compiled = time.perf_counter() - begun
        m = interleaved({"ours": lambda made=made, names=names: made.point([0.5] * len(names))}, 5)["ours"]
        exponent = math.log(m / before[1]) / math.log(variables / before[0]) if before else math.nan
        before = (variables, m)
        print(
            f"  {variables:5} variables: gradient and tape {compiled * 1e3:8.1f} ms, first points {m * 1e6:9.1f} us,"
            f" exponent {exponent:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--points", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    missing = [n for n in ("symengine", "jax", "numba", "numexpr") if installed(n) is None]
    print(f"back end: {'machine in C' if blocks.machine() is not None else 'NumPy'}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}; not installed: {', '.join(missing) or 'none'}")
    for points in arguments.points:
        rivals(points, arguments.rounds)
    sizes()


if __name__ == "__main__":
    main()
