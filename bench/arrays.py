"""Gradients of formulas of vectors and matrices, ours and rivals interleaved in one run. Run: python bench/arrays.py

Rivals are NumPy as a careful person writes it and, where it is installed, JAX (compiled, double precision). Prints the least
time of each and the ratio rival / ours: above 1 we are faster.
"""

import argparse
import itertools
import math
import os
import time
from collections.abc import Callable, Sequence

# As the service sets it for its workers. Two libraries of BLAS, those of NumPy and SciPy, would take turns with theirs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray
from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import gradient_of, reverse_gradient
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.program import ShapedProgram, compile_shaped

Array = NDArray[np.float64]
Values = dict[str, Array]


def regression(v: Values) -> Array:
    """The gradient of sum((y - X b)^2) by b."""
    return -2 * (v["X"].T @ (v["y"] - v["X"] @ v["b"]))


def logistic(v: Values) -> Array:
    """The gradient of the log-likelihood of logistic regression by b."""
    return v["X"].T @ (v["z"] - 1 / (1 + np.exp(-(v["X"] @ v["b"]))))


def normal(v: Values) -> Array:
    """The gradient of the log-likelihood of a normal distribution by its mean."""
    return np.linalg.solve(v["S"], v["y"] - v["m"])


def gaussian_process(v: Values) -> Array:
    """The gradient of log det K + y' K^-1 y by K, symmetric."""
    a = np.linalg.solve(v["K"], v["y"])
    return np.linalg.inv(v["K"]) - np.outer(a, a)


# Text in Python notation, variable, shapes, by hand.
CASES: dict[str, tuple[str, str, dict[str, VariableShape], Callable[[Values], Array]]] = {
    "regression": (
        "np.sum((y - X @ b)**2)", "b",
        {"X": VariableShape(("n", "k")), "b": VariableShape(("k",)), "y": VariableShape(("n",))}, regression,
    ),
    "logistic": (
        "np.sum(z*(X @ b) - np.log(1 + np.exp(X @ b)))", "b",
        {"X": VariableShape(("n", "k")), "b": VariableShape(("k",)), "z": VariableShape(("n",))}, logistic,
    ),
    "normal": (
        "-0.5*(np.linalg.slogdet(S)[1] + (y - m) @ np.linalg.solve(S, y - m))", "m",
        {"S": VariableShape(("p", "p"), True), "y": VariableShape(("p",)), "m": VariableShape(("p",))}, normal,
    ),
    "covariance": (
        "np.linalg.slogdet(K)[1] + y @ np.linalg.solve(K, y)", "K",
        {"K": VariableShape(("p", "p"), True), "y": VariableShape(("p",))}, gaussian_process,
    ),
}  # fmt: skip


def program(name: str) -> ShapedProgram:
    """Return the program of a gradient."""
    text, by, shapes, _ = CASES[name]
    f = read(text, Notation.PYTHON, shapes=shapes)
    variable = next(n for n in f.graph.nodes if n.op == "symbol" and n.name == by)
    return compile_shaped(f.graph, [reverse_gradient(Arrays(f.graph), f.outputs[0], variable)], list(shapes))


def jax_gradient(name: str) -> Callable[[Values], object] | None:
    """Return JAX's gradient, None where it is not installed."""
    try:
        import jax
        import jax.numpy as jnp
    except ImportError:
        return None
    jax.config.update("jax_enable_x64", True)
    text, by, shapes, _ = CASES[name]
    code = compile(text, name, "eval")
    others = [n for n in shapes if n != by]

    def f(at: object, *rest: object) -> object:
        return eval(code, {"np": jnp, by: at, **dict(zip(others, rest, strict=True))})

    gradient = jax.jit(jax.grad(f))
    # As a caller has them: arrays of NumPy in, an array of NumPy out.
    return lambda v: np.asarray(gradient(v[by], *[v[n] for n in others]))


def values(rows: int, columns: int, matrix: int) -> Values:
    """Return a point for all cases."""
    random = np.random.default_rng(1)
    S = random.normal(size=(matrix, matrix))
    S = S @ S.T + matrix * np.eye(matrix)
    return {
        "X": random.normal(size=(rows, columns)),
        "b": random.normal(size=columns),
        "z": (random.uniform(size=rows) < 0.5).astype(float),
        "S": S,
        "K": S,
        "m": random.normal(size=matrix),
    }


def least(
    rivals: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Return the least seconds of each, run in turns."""
    for f in rivals.values():
        f()
    best = dict.fromkeys(rivals, float("inf"))
    for _ in range(rounds):
        for name, f in rivals.items():
            began = clock()
            f()
            best[name] = min(best[name], clock() - began)
    return best


GARCH = """h = np.mean(r**2)
s = 0
for i in range(1, len(r)):
    h = w + a*r[i - 1]**2 + b*h
    s = s + 0.5*(np.log(2*np.pi*h) + r[i]**2/h)
s"""


def garch(r: Array, w: float, a: float, b: float) -> list[float]:
    """Return the value of GARCH(1,1) and its gradient by w, a, b: one loop, as a careful person writes it."""
    rows = r.tolist()
    h = float(np.mean(r**2))
    s = hw = ha = hb = sw = sa = sb = 0.0
    for before, now in itertools.pairwise(rows):
        hw, ha, hb = 1 + b * hw, before * before + b * ha, h + b * hb
        h = w + a * before * before + b * h
        s += 0.5 * (math.log(2 * math.pi * h) + now * now / h)
        slope = 0.5 * (1 / h - now * now / (h * h))
        sw, sa, sb = sw + slope * hw, sa + slope * ha, sb + slope * hb
    return [s, sw, sa, sb]


def loops(sizes: Sequence[int], rounds: int) -> None:
    """Print the times of a loop over data of several lengths, and by which power of the length they grow."""
    f = read(GARCH, Notation.PYTHON)
    form = Arrays(f.graph)
    symbols = {n.name: n for n in f.graph.nodes if n.op == "symbol"}
    gradient = [gradient_of(form, f.outputs[0], symbols[name]) for name in ("w", "a", "b")]
    ours = compile_shaped(f.graph, [f.outputs[0], *gradient], ["r", "w", "a", "b"])
    found = []
    for size in sizes:
        r = np.random.default_rng(1).normal(size=size) * 0.2
        at = {"r": r, "w": 0.02, "a": 0.1, "b": 0.8}
        np.testing.assert_allclose(ours(at), garch(**at), rtol=1e-8)
        rivals = {"ours": lambda at=at: ours(at), "Python by hand": lambda at=at: garch(**at)}
        # One thread computes: its own time does not depend on what else runs.
        best = least(rivals, rounds, time.process_time)
        found.append(best["ours"])
        shown = "   ".join(f"{n} {t * 1e3:8.2f} ms ({t / best['ours']:.2f}x)" for n, t in best.items())
        print(f"  GARCH(1,1), value and gradient, {size:9,} rows: {shown}")
    power = math.log(found[-1] / found[0]) / math.log(sizes[-1] / sizes[0])
    print(f"  ours grows with the power {power:.2f} of the rows")


def main() -> None:
    """Print a line for each case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--columns", type=int, default=10)
    parser.add_argument("--matrix", type=int, default=500, help="rows of S and K")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--loops", type=int, nargs="+", default=[1_000, 10_000, 100_000], help="rows of the loop")
    parser.add_argument("--only-loops", action="store_true")
    arguments = parser.parse_args()
    loops(arguments.loops, arguments.rounds)
    if arguments.only_loops:
        return
    random = np.random.default_rng(2)
    print(
        f"X of {arguments.rows:,} x {arguments.columns}, S and K of {arguments.matrix} rows, {os.cpu_count()} processors"
    )
    for name, (text, by, shapes, hand) in CASES.items():
        at = {**values(arguments.rows, arguments.columns, arguments.matrix)}
        at["y"] = (
            random.normal(size=arguments.matrix if "p" in shapes["y"].dimensions else arguments.rows)
            if "y" in shapes
            else at["z"]
        )
        ours = program(name)
        given = {n: at[n] for n in shapes}
        rivals: dict[str, Callable[[], object]] = {
            "ours": lambda ours=ours, given=given: ours(given)[0],
            "NumPy by hand": lambda hand=hand, given=given: hand(given),
        }
        jax = jax_gradient(name)
        if jax is not None:
            rivals["JAX"] = lambda jax=jax, given=given: jax(given)
        for rival in rivals.values():
            np.testing.assert_allclose(rival(), hand(given), rtol=1e-6, atol=1e-8)
        best = least(rivals, arguments.rounds)
        shown = "   ".join(f"{n} {t * 1e3:8.2f} ms ({t / best['ours']:.2f}x)" for n, t in best.items())
        print(f"  {name:11} {text[:48]:50} by {by}: {shown}")


if __name__ == "__main__":
    main()
