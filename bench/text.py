"""Text to the text of its derivative: beside R's Deriv, called in this process, and sympy's diff.

    ./dev bench text [--rounds N]

In each round each of them takes every formula five times running, ours first; R's time is measured inside R, so that
the way to R costs it nothing. What is printed are medians over the rounds and their ratio. Then how the gradient of a
text grows with its variables.
"""

import argparse
import contextlib
import math
import os
import time
from collections.abc import Callable
from statistics import median

import sympy
from secantd.__main__ import collect_garbage_rarely
from secantd.calculus import differentiate, gradient_answer
from secantd.language import Notation, parser, read
from secantd.settings import Limits
from sympy.core.cache import clear_cache

# The formulas of the source material: tests/golden/seeds.tsv.
FORMULAS = (
    ("x^2", "x"), ("x^2 + 2*y^2", "y"), ("x^5", "x"), ("sin(x) + cos(x)", "x"), ("(2*x + 1)^4", "x"), ("(x + 2*y^3)^2", "y"),
    ("x1^2*x2 + x1*x2^3", "x1"), ("x^2 + 2*x*y + 3 + cos(x + 2*y)", "x"), ("1 + 2*x + 3*x^2 + 4*exp(x) + 5*log(x)", "x"),
    ("x*exp(x)", "x"), ("exp((x - mu)^2/sigma^2)", "x"), ("x^2 + x*y + y^2", "x"), ("log(x^2 - 2)", "x"), ("exp(2*x^3)", "x"),
)  # fmt: skip
RUNNING = 5
SIZES = (50, 500, 5000)
# The server makes them once.
LIMITS = Limits()


def ours(text: str, variable: str) -> float:
    """Return the seconds from a text to the text of its derivative; nothing is kept from before."""
    start = time.perf_counter()
    differentiate(read(text, Notation.R, limits=LIMITS), [variable], notations=[Notation.R], limits=LIMITS)
    return time.perf_counter() - start


def by_sympy(text: str, variable: str) -> float:
    """Return sympy's seconds: parse, differentiate, print."""
    clear_cache()
    source = text.replace("^", "**")
    start = time.perf_counter()
    str(sympy.diff(sympy.parse_expr(source), variable))
    return time.perf_counter() - start


def deriv() -> Callable[[str, str], float] | None:
    """Return a function that gives Deriv's seconds, or None where R or Deriv is missing."""
    os.environ.setdefault("RPY2_CFFI_MODE", "ABI")
    with contextlib.suppress(Exception):
        from rpy2 import robjects

        robjects.r('suppressWarnings(library("Deriv"))')
        timed = robjects.r(
            "function(f, x) { s <- Sys.time(); Deriv::Deriv(f, x); as.numeric(Sys.time() - s, units = 'secs') }"
        )
        return lambda text, variable: float(timed(text, variable)[0])
    return None


def compare(rounds: int) -> None:
    rivals: dict[str, Callable[[str, str], float]] = {"sympy diff": by_sympy}
    r = deriv()
    if r is None:
        print("R with its package Deriv is missing: ./dev setup")
    else:
        rivals = {"R Deriv": r, **rivals}
    kind = "pure Python" if parser.__file__.endswith(".py") else "compiled"
    print(f"text to derivative text, {len(FORMULAS)} formulas, {rounds} rounds, microseconds; ours is {kind}")
    print(f"{'formula':42} {'ours':>8} " + " ".join(f"{name:>12} {'ratio':>6}" for name in rivals))
    contestants = {"ours": ours, **rivals}
    times: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for name, contestant in contestants.items():
            for text, variable in FORMULAS:
                took = [contestant(text, variable) for _ in range(RUNNING)]
                # The first round loads what each of them loads when it is first asked.
                if number:
                    times.setdefault((name, text), []).extend(took)
    ratios: dict[str, list[float]] = {name: [] for name in rivals}
    for text, _ in FORMULAS:
        mine = median(times["ours", text])
        line = f"{text:42} {mine * 1e6:8.0f}"
        for name in rivals:
            theirs = median(times[name, text])
            ratios[name].append(theirs / mine)
            line += f" {theirs * 1e6:12.0f} {theirs / mine:6.1f}"
        print(line)
    for name, found in ratios.items():
        print(f"{name}: {median(found):.0f} times ours (median; {min(found):.0f} to {max(found):.0f})")


def growth() -> None:
    """Print how the time of a whole gradient grows with the variables."""
    families = {
        "sum of x*exp(x)": lambda n: "+".join(f"x{i}^2*exp(x{i})" for i in range(n)),
        "chain of squares": lambda n: "+".join(f"(x{i} - x{i + 1}^2)^2" for i in range(n)),
    }
    print("gradient text of n variables, seconds")
    for name, write in families.items():
        times = []
        for n in SIZES:
            text = write(n)
            runs = []
            for _ in range(3 if n > 1000 else 7):
                start = time.perf_counter()
                gradient_answer(read(text, Notation.R), notations=[Notation.R])
                runs.append(time.perf_counter() - start)
            times.append(median(runs))
        exponent = math.log(times[-1] / times[0]) / math.log(SIZES[-1] / SIZES[0])
        shown = ", ".join(f"n = {n}: {t:.3f}" for n, t in zip(SIZES, times, strict=True))
        print(f"{name}: {shown}; grows with exponent {exponent:.2f}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=15)
    rounds = arguments.parse_args().rounds
    # As the server does; the garbage collector is one for all that runs here.
    collect_garbage_rarely()
    compare(rounds)
    growth()
