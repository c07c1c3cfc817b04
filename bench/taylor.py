"""Taylor to order 10: power-series arithmetic against repeated sympy.diff. Prints the ratio of medians.

./dev bench taylor
"""

import statistics
import time
from collections.abc import Callable

import sympy
from secantd.calculus.jets import coefficients
from secantd.language import read

ORDER = 10
ROUNDS = 5
FORMULAS = {
    "sin(x) + cos(x)": lambda x: sympy.sin(x) + sympy.cos(x),
    "exp(x)*log(1 + x)": lambda x: sympy.exp(x) * sympy.log(1 + x),
    "exp(sin(x))*atan(x)": lambda x: sympy.exp(sympy.sin(x)) * sympy.atan(x),
    "tan(x)/(2 - x)": lambda x: sympy.tan(x) / (2 - x),
    "sqrt(2 + x)*exp(-x^2/2)": lambda x: sympy.sqrt(2 + x) * sympy.exp(-(x**2) / 2),
}


def ours(text: str) -> list[float]:
    """From text to coefficients."""
    f = read(text)
    return coefficients(f.graph, f.outputs[0], "x", {"x": 0.25}, ORDER)


def theirs(make: Callable[[sympy.Symbol], sympy.Expr]) -> list[float]:
    x = sympy.Symbol("x")
    node, found = make(x), []
    for k in range(ORDER + 1):
        found.append(float(node.subs(x, 0.25) / sympy.factorial(k)))
        node = sympy.diff(node, x)
    return found


def timed(job: Callable[[], list[float]]) -> tuple[float, list[float]]:
    # SymPy remembers: a second run would time its cache.
    sympy.core.cache.clear_cache()
    began = time.perf_counter()
    answer = job()
    return time.perf_counter() - began, answer


def main() -> None:
    ratios = []
    for text, make in FORMULAS.items():
        times: list[tuple[float, float]] = []
        for _ in range(ROUNDS):
            mine, a = timed(lambda text=text: ours(text))
            other, b = timed(lambda make=make: theirs(make))
            assert all(abs(p - q) <= 1e-8 * max(1.0, abs(q)) for p, q in zip(a, b, strict=True)), (text, a, b)
            times.append((mine, other))
        mine, other = (statistics.median(t[i] for t in times) for i in (0, 1))
        ratios.append(other / mine)
        print(f"{text:28s} {1e3 * mine:8.2f} ms   sympy.diff {1e3 * other:10.1f} ms   {other / mine:8.0f}x")
    print(f"median ratio, order {ORDER}: {statistics.median(ratios):.0f}x")


if __name__ == "__main__":
    main()
