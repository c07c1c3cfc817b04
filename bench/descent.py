"""Descents: x² + 2x + 3 in 636 steps, and the time of a step by the number of variables: ./dev bench descent

`python -m bench.descent --long` also prints the memory along 10^7 steps.
"""

import itertools
import math
import resource
import sys
import time
from contextlib import ExitStack

from secantd.descent import DescentRequest, FixedRate, Outcome, descend
from secantd.language import read
from secantd.program import source

from bench.common import OURS, Effort, Row, Section, exponent, here, main, turns
from bench.environments import enter, rival

__all__ = ["measure"]

START = 0.883646125995533
STEPS = 636
# Steps until everything that is worth it is compiled.
WARM_UP = 200
CONSTANTS = itertools.count(4)


def ours(every: int = 0, text: str = "x^2+2*x+3") -> Outcome:
    """Return the outcome of the descent in the source material, from its text."""
    request = DescentRequest(read(text), (("x", START),), method=FixedRate(0.01), max_steps=100_000, trace_every=every)
    *_, last = descend(request)
    assert last.outcome is not None
    assert last.outcome.steps == STEPS
    return last.outcome


def cold() -> None:
    """The same by a server that has never seen the formula."""
    source._kept.cache_clear()
    ours(text=f"x^2+2*x+{next(CONSTANTS)}")


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


def step_cost(variables: int, every: int, bunches: int) -> float:
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
        if len(costs) >= bunches:
            break
    # The fastest bunch: the others shared their core.
    return min(costs)


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


def measure(effort: Effort) -> Section:
    """Return the milliseconds of the descent, and the time of a step in sentences."""
    section = Section(
        "descent", "Descents",
        f"`x^2+2*x+3` from {START} with rate 0.01: {STEPS} steps, from the text to the outcome, all steps recorded. `a new text`: compiled "
        "code that Secant keeps is dropped before each run. The loop of the source material puts each point into SymPy's expression.",
        "ms", goals={"SymPy lambdify": 6, "SymPy, the notes' loop": 900},
    )  # fmt: skip
    with ExitStack() as stack:
        there = stack.enter_context(rival("by_sympy", "sympy"))

        def right(answer: list[float]) -> None:
            assert answer[1] == STEPS

        contestants = {
            OURS: here(ours),
            f"{OURS}, a new text": here(cold),
            f"{OURS}, first and last step": here(lambda: ours(1_000_000)),
            "Python by hand": here(by_hand),
            "SymPy lambdify": enter(there, "descent", right, start=START, steps=STEPS, lambdified=True),
            "SymPy, the notes' loop": (
                "left out" if effort is Effort.TINY
                else enter(there, "descent", right, once=0.2, start=START, steps=STEPS, lambdified=False)
            ),
        }  # fmt: skip
        section.rows.append(
            Row(f"{STEPS} steps", turns(contestants, effort.pick(31, 9, 1), effort.pick(10.0, 4.0, 0.1)))
        )
    sizes = effort.pick((1, 10, 100, 1000), (1, 10, 100), (1, 3))
    for label, every in (("A step", 100), ("A traced step", 1)):
        costs = [step_cost(n, every, effort.pick(30, 10, 1)) for n in sizes]
        shown = ", ".join(f"{n:,} variables {c * 1e9:,.0f} ns" for n, c in zip(sizes, costs, strict=True))
        section.notes.append(f"{label}: {shown}; growth from {sizes[-2]} on: {exponent(sizes[-2:], costs[-2:]):.2f}.")
    return section


if __name__ == "__main__":
    if "--long" in sys.argv:
        sys.argv.remove("--long")
        long_descent()
    main(measure)
