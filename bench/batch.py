"""Batches: value and all partials at many points, ours and rivals interleaved in one run. Run: python bench/batch.py

Prints medians and ratios (rival / ours), and the time over the number of points and over the size of a formula.
"""

import argparse
import math
import statistics
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from secantd.calculus import reverse
from secantd.language import read
from secantd.program import Program, compile

Array = NDArray[np.float64]


def mixture(x: Array, y: Array) -> list[Array]:
    """x exp(-x² - y²) with its partials, as a careful author writes it."""
    e = np.exp(-(x**2) - y**2)
    f = x * e
    return [f, e - 2 * x * f, -2 * y * f]


def wave(x: Array, y: Array) -> list[Array]:
    """sin(x y) + cos(x) y² with its partials."""
    xy = x * y
    c = np.cos(xy)
    cx = np.cos(x)
    return [np.sin(xy) + cx * y**2, y * c - np.sin(x) * y**2, x * c + 2 * cx * y]


def rosenbrock(x: Array, y: Array) -> list[Array]:
    """Rosenbrock's function with its partials."""
    a, b = y - x**2, 1 - x
    return [100 * a**2 + b**2, -400 * x * a - 2 * b, 200 * a]


def logistic(x: Array, y: Array) -> list[Array]:
    """log(1 + exp(x + 2 y)) - x with its partials."""
    e = np.exp(x + 2 * y)
    p = e / (1 + e)
    return [np.log1p(e) - x, p - 1, 2 * p]


CASES: dict[str, Callable[[Array, Array], list[Array]]] = {
    "x*exp(-x^2 - y^2)": mixture,
    "sin(x*y) + cos(x)*y^2": wave,
    "100*(y - x^2)^2 + (1 - x)^2": rosenbrock,
    "log1p(exp(x + 2*y)) - x": logistic,
}


def program(text: str) -> Program:
    """Return the program of value and gradient."""
    f = read(text)
    (output,) = f.outputs
    names = sorted(f.variables)
    return compile([output, *reverse.gradient(f.graph, output, names)], names, f.graph.columns)


def lambdified(text: str) -> Callable[[Array, Array], list[Array]]:
    """Return SymPy's value and gradient for NumPy, common parts taken out."""
    import sympy

    x, y = sympy.symbols("x y")
    f = sympy.sympify(text.replace("^", "**").replace("log1p(", "log(1 + "))
    made: Callable[[Array, Array], list[Array]] = sympy.lambdify(
        (x, y), [f, sympy.diff(f, x), sympy.diff(f, y)], "numpy", cse=True
    )
    return made


def interleaved(rivals: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for f in rivals.values():
        f()
    for _ in range(rounds):
        for name, f in rivals.items():
            begun = time.perf_counter()
            f()
            times[name].append(time.perf_counter() - begun)
    return {name: statistics.median(t) for name, t in times.items()}


def rivals(points: int, rounds: int) -> None:
    random = np.random.default_rng(1)
    x, y = random.uniform(-1, 1, points), random.uniform(-1, 1, points)
    print(f"value and gradient at {points:,} points: ns a point (rival / ours)")
    for text, hand in CASES.items():
        ours, theirs = program(text), lambdified(text)
        order = {"x": x, "y": y}
        for a, b in zip(ours.batch(order), hand(x, y), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)
        medians = interleaved(
            {
                "ours": lambda ours=ours, order=order: ours.batch(order),
                "by hand": lambda hand=hand: hand(x, y),
                "lambdify": lambda theirs=theirs: theirs(x, y),
            },
            rounds,
        )
        shown = "   ".join(
            f"{name} {m / points * 1e9:6.1f} ({m / medians['ours']:.2f}x)" for name, m in medians.items()
        )
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
    parser.add_argument("--points", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=9)
    arguments = parser.parse_args()
    rivals(arguments.points, arguments.rounds)
    sizes()


if __name__ == "__main__":
    main()
