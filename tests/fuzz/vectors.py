"""Formulas of vectors in which exponentials meet, far out: values and gradients are those of mpmath, entry by entry.

python tests/fuzz/run.py --vectors [--count N] [--seconds S] [--seed N]
"""

import argparse
import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from exponentials import differs
from intervals import Reference, UnsupportedError
from secantd.calculus import derivative, gradient_answer
from secantd.calculus.arrays import entrywise as entries
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Function, Notation, read
from turns import turns

__all__ = ["SHAPES", "check", "formula", "main"]

SHAPES = {"v": VariableShape(("n",)), "w": VariableShape(("n",)), "s": VariableShape(())}
FAR = (0.0, 1.0, -1.0, 0.3, 20.0, -40.0, 100.0, 400.0, -400.0, 709.0, -710.0, 745.0, 800.0, -800.0, 1000.0, -1000.0,
       3000.0)  # fmt: skip
ENTRIES = 3
# The square of a larger slope overflows.
FARTHEST = 1e150


def exponential(chance: Random) -> str:
    u = chance.choice(["v", "w", "s", "-v", "2*v", "v - w", "w - v", "v - s", "v + s", "s/2", "-v^2/2", "3*(v - w)"])
    return chance.choice([*[f"exp({u})"] * 6, f"cosh({u})", f"expm1({u})", f"w*exp({u})", f"2^({u})"])


def reduced(chance: Random) -> str:
    return f"{chance.choice(['sum', 'sum', 'mean'])}({total(chance, (1, 1, 2))})"


def total(chance: Random, counts: tuple[int, ...] = (1, 2, 2, 3)) -> str:
    found = [exponential(chance) for _ in range(chance.choice(counts))]
    if chance.random() < 0.4:
        found.append(chance.choice(["1", "1", "2", "0.5"]))
    return " + ".join(found)


def below(chance: Random) -> str:
    kinds: list[Callable[[], str]] = [
        lambda: reduced(chance),
        lambda: total(chance),
        lambda: f"{reduced(chance)} + {total(chance, (1,))}",
        lambda: f"1 + {reduced(chance)}",
    ]
    return chance.choice(kinds)()


def quotient(chance: Random) -> str:
    power = chance.choice(["", "", "^2", "^1.5", "^0.5"])
    s = below(chance)
    above = chance.choice([exponential(chance), exponential(chance), "w", s, f"({s} + {exponential(chance)})"])
    return f"(({above})/({s}))" + power


def part(chance: Random) -> str:
    q = quotient(chance)
    return chance.choice([q, f"log(abs({q}))", f"log({q})", f"log(1 - {q})", f"sqrt({below(chance)})", f"(1 - {q})",
                          f"log({below(chance)})", f"({below(chance)})*exp(v - s)", f"log(expit(v - {reduced(chance)}))"])  # fmt: skip


def formula(chance: Random) -> str:
    """Return a formula of vectors v and w and a number s, whose value is a number."""
    text = part(chance)
    for _ in range(chance.choice([0, 0, 1])):
        text = chance.choice(["{0} + {1}", "{0} * ({1})", "w*{0} - {1}"]).format(text, part(chance))
    return f"sum({chance.choice(['', 'w*', 'v*'])}({text}))" if chance.random() < 0.8 else f"mean({text}) + sum(0*v)"


def check(text: str, chance: Random, kinds: Counter[str]) -> list[str]:
    """Return what is wrong with the value of a formula and the first entries of its gradient at a point far out."""
    function = read(text, Notation.R, shapes=SHAPES)
    point = {
        name: np.array([chance.choice(FAR) + chance.choice((0.0, 0.25)) for _ in range(ENTRIES)])
        if name != "s"
        else chance.choice(FAR)
        for name in SHAPES
    }
    if chance.random() < 0.3:
        point["w"] = np.array(point["v"])
    at = {name: point[name] for name in function.variables}
    answer = gradient_answer(function, function.variables, at, values_only=True)
    whole = entries.entrywise(function, function.outputs[0], at)
    numbers, names = [answer.value], []
    for name, partial in zip(answer.variables, answer.partials, strict=True):
        numbers.append(float(np.ravel(partial.values if partial.value is None else partial.value)[0]))
        names.append(next(n for n in whole.at if n.startswith(name)))
    found = different_step(function, at, answer, kinds)
    (output,) = whole.function.outputs
    nodes = [output, *[derivative(whole.function.graph, output, n) for n in names]]
    reference = Reference(nodes, whole.at)
    if reference.value(0) is None:
        kinds["without a value"] += 1
        return found
    for k, (number, name) in enumerate(zip(numbers, ["f", *names], strict=True)):
        problem = differs(reference, k, math.nan if number is None else number, answer.notices, kinds)
        if problem:
            found.append(f"by {name}: {problem} at {point}")
    return found


def different_step(function: Function, at: dict[str, Any], answer: Any, kinds: Counter[str]) -> list[str]:
    """Return what differs between the answer of Gradient at a point and the first step of a descent from there."""
    slopes = [np.ravel(p.values if p.value is None else p.value) for p in answer.partials]
    length = float(np.linalg.norm(np.concatenate(slopes).astype(float)))
    if (
        not (answer.value is not None and math.isfinite(answer.value) and 0.0 < length < FARTHEST)
        or answer.value_is_limit
    ):
        return []
    request = DescentRequest(function, tuple(at.items()), method=FixedRate(1e-3), max_steps=1, tolerance=0.0)
    bunches = list(descend(request))
    step, outcome = next(s for b in bunches for s in b.steps), bunches[-1].outcome
    if outcome.notices:
        kinds["a descent with a notice"] += 1
        return []
    kinds["descents compared"] += 1
    close = math.isclose(step.gradient_norm, length, rel_tol=1e-12) and step.value == answer.value
    return (
        []
        if close
        else [
            f"a descent has the value {step.value!r}, slope {step.gradient_norm!r}, not {answer.value!r}, {length!r} at {at}"
        ]
    )


def main(arguments: list[str]) -> int:
    """Check random formulas; return 1 where something is wrong."""
    parser = argparse.ArgumentParser(description="Formulas of vectors in which exponentials meet.")
    parser.add_argument("--count", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    began, done, wrong = time.monotonic(), 0, 0
    kinds: Counter[str] = Counter()
    for done in turns(given.count, given.seconds):
        chance = Random(f"{given.seed} {done}")
        text = formula(chance)
        try:
            problems = check(text, chance, kinds)
        except (UnsupportedError, entries.UnsupportedError) as error:
            problems = []
            kinds[f"not compared: {error}"] += 1
        except CalculusError as error:
            problems = [f"refused: {error}"]
        for problem in problems:
            wrong += 1
            print(f"{done}: {text}\n    {problem}", flush=True)
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} formulas in {took:.0f} s: {wrong or 'all agree'}")
    print("compared with mpmath:", ", ".join([f"{kind} {count:,}" for kind, count in kinds.most_common()]))
    return 1 if wrong else 0
