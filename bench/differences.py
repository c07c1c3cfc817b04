"""The numerical gradient of the notes' x0^2 + x1^2 + ..., 100 variables: one batch against the notes' loop and scipy's approx_derivative.

./dev bench differences
"""

import statistics
import time
from collections.abc import Callable

import numpy as np
from scipy.optimize._numdiff import approx_derivative
from secantd.language import read
from secantd.numeric import Scheme, gradient
from secantd.program import compile as compile_program

SIZE = 100
ROUNDS = 15
H = 1e-4


def notes(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """The gradient as 000-11 and 004-4 compute it."""
    slopes = np.zeros_like(x)
    for i in range(x.size):
        kept = x[i]
        x[i] = kept + H
        above = f(x)
        x[i] = kept - H
        below = f(x)
        slopes[i] = (above - below) / (2 * H)
        x[i] = kept
    return slopes


def main() -> None:
    names = [f"x{i}" for i in range(SIZE)]
    function = read(" + ".join(f"{n}^2" for n in names))
    program = compile_program(function.outputs, names)
    place = np.linspace(0.5, 2.0, SIZE)

    def plain(x: np.ndarray) -> float:
        return float(np.sum(x**2))

    # The notes write their function out, x[0]**2 + x[1]**2; here with a hundred terms.
    terms = eval("lambda x: " + " + ".join(f"x[{i}]**2" for i in range(SIZE)))

    rivals: dict[str, Callable[[], np.ndarray]] = {
        "one batch": lambda: np.array(
            gradient(lambda columns: program.batch(columns)[0], place.tolist(), Scheme.CENTRAL, [H] * SIZE)
        ),
        "the notes' loop, f term by term": lambda: notes(terms, place.copy()),
        "the notes' loop, f by np.sum": lambda: notes(plain, place.copy()),
        "approx_derivative": lambda: approx_derivative(plain, place, method="3-point"),
    }
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(ROUNDS):
        answers = {}
        for name, job in rivals.items():
            began = time.perf_counter()
            answers[name] = job()
            times[name].append(time.perf_counter() - began)
        assert all(np.allclose(a, answers["one batch"], rtol=1e-5, atol=1e-7) for a in answers.values())
    own = statistics.median(times["one batch"])
    for name, found in times.items():
        print(f"{name:32s} {1e3 * statistics.median(found):8.3f} ms   {statistics.median(found) / own:6.1f}x")


if __name__ == "__main__":
    main()
