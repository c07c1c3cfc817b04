"""Descents: ours and rivals interleaved in one run. Run: python bench/descent.py [--long]

Prints medians and ratios (rival / ours) of CPU seconds, as the machine may be shared, the cost of a step over the
number of variables with its growth, and with --long the memory of a descent of 10^7 steps.
"""

import argparse
import gc
import itertools
import math
import resource
import statistics
import time
from collections.abc import Callable, Sequence

from secantd.descent import DescentRequest, FixedRate, Outcome, descend, shared
from secantd.language import read
from secantd.program import source

TEXT = "x^2+2*x+3"
START = 0.883646125995533
STEPS = 636
# Steps until everything that is worth it is compiled.
WARM_UP = 200
# Each rival is run so many times before the next one's turn.
RUNNING = 5


def ours(every: int = 0) -> Outcome:
    """Return the outcome of row 002-7, from its text."""
    request = DescentRequest(read(TEXT), (("x", START),), method=FixedRate(0.01), max_steps=100_000, trace_every=every)
    *_, last = descend(request)
    assert last.outcome is not None
    assert last.outcome.steps == STEPS
    return last.outcome


def cold() -> None:
    """The same by a server that has never seen the formula."""
    shared._kept.clear()
    source._kept.cache_clear()
    ours()


def sympy_loop() -> None:
    """The loop of the note: a derivative is put in and evaluated at each step."""
    import sympy

    x = sympy.Symbol("x")
    f = sympy.sympify("x**2 + 2*x + 3")
    at, count = START, 0
    while abs(sympy.diff(f, x).subs({x: at})) > 1e-5:
        at, count = at - 0.01 * float(sympy.diff(f, x).subs({x: at})), count + 1
    assert count == STEPS


def lambdified() -> None:
    """SymPy's derivative compiled once, and a loop in Python that keeps its path."""
    import sympy

    x = sympy.Symbol("x")
    f = sympy.sympify("x**2 + 2*x + 3")
    value, slope = sympy.lambdify(x, f), sympy.lambdify(x, sympy.diff(f, x))
    at, path = START, [(START, value(START))]
    while abs(g := slope(at)) > 1e-5:
        at -= 0.01 * g
        path.append((at, value(at)))
    assert len(path) == STEPS + 1


def by_hand() -> None:
    """The derivative and the loop written out in Python, the path kept."""
    at, path = START, []
    while True:
        g = 2 * at + 2
        path.append((at, at * at + 2 * at + 3, abs(g)))
        if abs(g) <= 1e-5:
            break
        at -= 0.01 * g
    assert len(path) == STEPS + 1


def seconds(f: Callable[[], object]) -> float:
    # As timeit does: a rival's garbage is not collected at another's cost.
    gc.disable()
    begun = time.process_time()
    f()
    taken = time.process_time() - begun
    gc.enable()
    return taken


def interleaved(rivals: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each, run in turns."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for f in rivals.values():
        f()
    for _ in range(rounds):
        gc.collect()
        for name, f in rivals.items():
            times[name] += [seconds(f) for _ in range(RUNNING)]
    return {name: statistics.median(t) for name, t in times.items()}


def step_cost(variables: int, every: int) -> float:
    """Return the seconds of one step of a chained quartic in so many variables, start-up and end left out."""
    names = [f"x{i}" for i in range(variables)]
    text = " + ".join(f"({a} - 1)^2" for a in names)
    text += "".join(f" + 0.1*({a}*{b})^2" for a, b in itertools.pairwise(names))
    f = read(text)
    request = DescentRequest(
        f, tuple((n, 0.5) for n in names), method=FixedRate(1e-6), max_steps=10_000_000, tolerance=0.0,
        trace_every=every,
    )  # fmt: skip
    ended, last, costs = math.inf, 0, []
    for bunch in descend(request):
        if bunch.steps:
            if last >= WARM_UP:
                costs.append((time.process_time() - ended) / (bunch.steps[-1].number - last))
            ended, last = time.process_time(), bunch.steps[-1].number
        if len(costs) >= 30:
            break
    # The fastest bunch: the others shared their core.
    return min(costs)


def growth(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """Return the exponent between the last two sizes."""
    return math.log(costs[-1] / costs[-2]) / math.log(sizes[-1] / sizes[-2])


def long_descent() -> None:
    """Print the memory along 10^7 steps with a trace of every 1000th."""
    request = DescentRequest(
        read("x^2 + 2*y^2"), (("x", 1.0), ("y", 2.0)), method=FixedRate(1e-9), max_steps=10_000_000, tolerance=0.0,
        trace_every=1000,
    )  # fmt: skip
    begun, traced, peaks = time.process_time(), 0, []
    for bunch in descend(request):
        traced += len(bunch.steps)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    taken = time.process_time() - begun
    print(f"10^7 steps in {taken:.1f} s, {taken * 100:.0f} ns each, {traced} traced, {len(peaks)} bunches;")
    print(f"memory {peaks[0] / 1024:.1f} MB at the first bunch, {peaks[-1] / 1024:.1f} MB at the last")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--long", action="store_true", help="10^7 steps and their memory")
    arguments = parser.parse_args()
    medians = interleaved(
        {
            "ours, all 637 steps": ours,
            "ours, never seen": cold,
            "ours, first and last": lambda: ours(1_000_000),
            "loop by hand": by_hand,
            "sympy lambdify": lambdified,
        },
        31,
    )
    medians["the note's sympy loop"] = seconds(sympy_loop)
    base = medians["ours, all 637 steps"]
    print(f"{TEXT}, {STEPS} steps, from text to outcome")
    for name, median in medians.items():
        print(f"  {name:24s} {median * 1e3:10.3f} ms   {median / base:10.2f}x")
    sizes = (1, 10, 100, 1000)
    for label, every in (("a step", 100), ("a traced step", 1)):
        costs = [step_cost(n, every) for n in sizes]
        shown = ", ".join(f"n = {n}: {c * 1e9:,.0f} ns" for n, c in zip(sizes, costs, strict=True))
        print(f"{label}: {shown}; growth {growth(sizes, costs):.2f}")
    if arguments.long:
        long_descent()


if __name__ == "__main__":
    main()
