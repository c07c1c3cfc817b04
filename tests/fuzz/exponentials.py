"""Formulas in which exponentials meet, far out: all calls have the same numbers, and these are those of mpmath.

python tests/fuzz/run.py --exponentials [--count N] [--seconds S] [--seed N]
"""

import argparse
import math
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import exact
from secantd.calculus import derivative, differentiate, evaluate, gradient_answer, hessian, jacobian
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.errors import CalculusError
from secantd.expression import Node
from secantd.language import Function, read

__all__ = ["check", "formula", "main", "point"]

VARIABLES = ("x", "y", "z")
# Digits of mpmath: 1 - 1/(1 + exp(-x)) needs x/2.3 of them.
DIGITS = (60, 700, 3000)
# The agreement of two calls, and of a call with mpmath: exp(u) has the rounding error of u.
SAME, EXACT = 1e-12, 1e-8
# What may be lost where the terms of a formula cancel.
CANCELLED = 1e-11


class BrokenError(AssertionError):
    """Numbers differ."""


# -- formulas


def exponent(chance: Random) -> str:
    # exp(x - x) - 1 loses all digits as it is written.
    a, b = chance.sample(VARIABLES, 2)
    return chance.choice((
        a, a, a, f"-{a}", f"-{a}", f"2*{a}", f"{a} - {b}", f"{a} + {b}", f"-({a} + 1)", f"{a}/2", f"-{a}^2/2", f"3*({a} - {b})",
    ))  # fmt: skip


def exponential(chance: Random) -> str:
    u = exponent(chance)
    return chance.choice(
        (
            *[f"exp({u})"] * 8,
            f"2^({u})",
            f"10^({u})",
            f"cosh({u})",
            f"sinh({u})",
            f"expm1({u})",
            f"exp({u})*{chance.choice(VARIABLES)}",
        )
    )


def terms(chance: Random) -> list[str]:
    """Return the terms of a sum of exponentials and numbers."""
    found = [exponential(chance) for _ in range(chance.choice((1, 1, 2, 2, 3)))]
    if chance.random() < 0.6:
        found.insert(chance.randrange(2), chance.choice(("1", "1", "1", "2", "0.5", "-1")))
    return found


def total(chance: Random) -> str:
    return " + ".join(terms(chance))


def quotient(chance: Random) -> str:
    below = terms(chance)
    several = " + ".join(chance.sample(below, min(2, len(below))))
    others = ("1", exponential(chance), chance.choice(VARIABLES) + "^3", several)
    above = chance.choice((*[chance.choice(below)] * 3, *others))
    power = chance.choice(("", "", "", "^2", "^3", "^0.5"))
    return f"({above})/({' + '.join(below)}){power}"


def part(chance: Random) -> str:
    kind: Callable[[], str] = chance.choice((
        lambda: f"log({total(chance)})", lambda: f"log({total(chance)})", lambda: quotient(chance), lambda: quotient(chance),
        lambda: f"log({quotient(chance)})", lambda: f"log(1 - {quotient(chance)})", lambda: f"(1 - {quotient(chance)})",
        lambda: f"tanh({exponent(chance)})", lambda: f"log(cosh({exponent(chance)}))", lambda: f"sqrt({total(chance)})",
        lambda: f"log1p(exp({exponent(chance)}))", lambda: f"({total(chance)})*exp({exponent(chance)})",
        lambda: chance.choice(VARIABLES), lambda: f"expit({exponent(chance)})", lambda: f"log(expit({exponent(chance)}))",
    ))  # fmt: skip
    return kind()


def formula(chance: Random) -> str:
    """Return a formula of x, y and z."""
    text = part(chance)
    for _ in range(chance.choice((0, 0, 1, 2))):
        text = chance.choice(("{0} + {1}", "{0} - {1}", "{0} * ({1})", "({0})/2 + {1}")).format(text, part(chance))
    return text


# 700 to 1e4, where exponentials overflow; ties and zeros.
FAR = (0.0, 0.0, 1.0, -1.0, 0.3, -2.5, 20.0, -20.0, 37.5, -40.0, 100.0, -100.0, 354.0, 400.0, -400.0, 709.0, 710.0, -710.0, 745.0,
       -745.0, -746.0, 800.0, -800.0, 1000.0, -1000.0, 1001.0, 3000.0, -3000.0)  # fmt: skip
EDGES = (*FAR, 1e5, -1e5, 1e17, 1e154, -1e154, 1e300, 1e308, -1e308, 5e-324, 1e-300, 1e-17)


def point(chance: Random, places: Sequence[float] = FAR) -> dict[str, float]:
    """Return a point far out, with ties."""
    at = {v: chance.choice(places) + chance.choice((0.0, 0.0, 0.25, 1e-3)) for v in VARIABLES}
    if chance.random() < 0.3:
        at["y"] = at["x"]
    return at


# -- laws


def near(a: float, b: float, tolerance: float, slack: float = 0.0) -> bool:
    if a == b or (a != a and b != b):
        return True
    return abs(a - b) <= tolerance * max(abs(a), abs(b)) + slack if math.isfinite(a) and math.isfinite(b) else False


def calls(function: Function, names: tuple[str, ...], at: dict[str, float]) -> dict[str, list[float]]:
    """Return f and its gradient from each call."""
    found: dict[str, list[float]] = {}
    answer = gradient_answer(function, names, at)
    found["Gradient"] = [answer.value, *[p.value for p in answer.partials]]  # type: ignore[list-item]
    answer = gradient_answer(function, names, at, values_only=True)
    found["Gradient of values only"] = [answer.value, *[p.value for p in answer.partials]]  # type: ignore[list-item]
    rows = jacobian(function, names, at)
    found["Jacobian"] = [rows.values[0], *[p.value for p in rows.rows[0]]]  # type: ignore[list-item]
    for count in (1, 7):
        e = evaluate(function, {n: np.full(count, at[n]) for n in function.variables}, 1, names)
        found[f"Evaluate of {count}"] = [float(e.values[-1]), *[float(d[-1]) for _, d in e.derivatives]]
    single = differentiate(function, names[:1], at)
    found["Differentiate"] = [single.value, single.derivative.value]  # type: ignore[list-item]
    return found


def check(text: str, at: dict[str, float], exactly: bool = True) -> list[str]:
    """Return what is broken about a formula at a point."""
    function = read(text)
    names = tuple(function.variables)
    at = {n: at[n] for n in names}
    if not names:
        return []
    problems = []
    found = calls(function, names, at)
    first = found.pop("Gradient")
    for name, values in found.items():
        wrong = [(a, b) for a, b in zip(first, values, strict=False) if math.isfinite(b) and not near(a, b, SAME)]
        if wrong:
            problems.append(f"{name}: {values}, but Gradient: {first} at {at}")
    second = [[p.value for p in row] for row in hessian(function, names, at).rows]
    again = [[p.value for p in row] for row in hessian(function, names, at, values_only=True).rows]
    flat = [(a, b) for r, s in zip(second, again, strict=True) for a, b in zip(r, s, strict=True)]
    if any(math.isfinite(b) and not near(a, b, SAME) for a, b in flat):  # type: ignore[arg-type]
        problems.append(f"Hessian: {second} {again} at {at}")
    if all(map(math.isfinite, first)):
        request = DescentRequest(function, tuple(at.items()), method=FixedRate(1e-300), max_steps=1, trace_every=1)
        step = next(iter(descend(request))).steps[0]
        if not near(step.value, first[0], SAME) or not near(step.gradient_norm, math.hypot(*first[1:]), SAME):
            problems.append(f"Descend: {step}, but Gradient: {first} at {at}")
    if exactly:
        output = function.outputs[0]
        nodes = [output, *[derivative(function.graph, output, n) for n in names]]
        nodes += [derivative(function.graph, nodes[1], names[0])]
        for node, got, name in zip(nodes, [*first, second[0][0]], ["f", *names, f"{names[0]} {names[0]}"], strict=True):
            problem = differs(node, got, at)  # type: ignore[arg-type]
            # 0 * exp(800), where rounding made the 0: NaN says that the value is lost.
            if problem and not (math.isnan(got) and " * " in text):  # type: ignore[arg-type]
                problems.append(f"by {name}: {problem} at {at}")
    return problems


def differs(node: Node, got: float, at: dict[str, float]) -> str:
    """Return how a number differs from that of mpmath, "" where it does not."""
    mp = exact.mp
    before = mp.dps
    known = None
    try:
        for digits in DIGITS:
            mp.dps = digits
            value = exact.value(node, at)
            if known is not None and mp.isfinite(value) and abs(value - known) <= abs(value) * mp.mpf(1e-17):
                break
            known = value
        else:
            return ""
        if not mp.isfinite(value) or abs(value) > mp.mpf(1e308):
            return ""
        if abs(value) < mp.mpf(1e-290):
            return "" if abs(got) < 1e-280 else f"{got}, not {mp.nstr(value, 17)}"
        if math.isfinite(got) and abs(value - got) <= EXACT * abs(value) + CANCELLED:
            return ""
        return f"{got}, not {mp.nstr(value, 17)}"
    finally:
        mp.dps = before


def main(arguments: list[str]) -> int:
    """Check random formulas; return 1 where something is broken."""
    parser = argparse.ArgumentParser(description="Formulas in which exponentials meet.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    began, done = time.monotonic(), 0
    broken: Counter[str] = Counter()
    for done in range(1, given.count + 1):
        chance = Random(f"{given.seed} {done}")
        text = formula(chance)
        for places in (FAR, EDGES):
            at: Any = point(chance, places)
            try:
                problems = check(text, at, places is FAR)
            except exact.UnsupportedError:
                continue
            except CalculusError as error:
                problems = [f"refused: {error}"]
            for problem in problems:
                broken[problem.partition(":")[0]] += 1
                print(f"{done}: {text}\n    {problem}", flush=True)
        if time.monotonic() - began > given.seconds:
            break
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} formulas in {took:.0f} s: {dict(broken) or 'all agree'}")
    return 1 if broken else 0
