"""Laws that hold for every formula, whatever it is: reading and printing, light forms, derivatives.

python tests/fuzz/run.py --formulas [--count N] [--seconds S] [--seed N]
"""

import argparse
import math
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import exact
from formulas import formula, point
from secantd.algebra import light
from secantd.calculus import derivative, gradient
from secantd.calculus.derivative import light_derivative
from secantd.expression import Node, algebra, reachable
from secantd.language import Notation, read
from secantd.program import compile as compile_program
from secantd.render import python_text, r_text
from turns import turns

__all__ = ["LAWS", "BrokenError", "check", "main"]

# Derivatives are compared to so many digits: numbers of the light form are folded as doubles.
AGREE = 1e-8


class BrokenError(AssertionError):
    """A law does not hold."""


def same(a: Any, b: Any) -> bool:
    """Whether two numbers agree; NaN agrees with NaN."""
    mp = exact.mp
    if mp.isnan(a) or mp.isnan(b):
        return bool(mp.isnan(a) and mp.isnan(b))
    if mp.isinf(a) or mp.isinf(b):
        return a == b
    return bool(abs(a - b) <= AGREE * max(abs(a), abs(b)) + 1e-11)


def texts_are_read_back(text: str, chance: Random) -> None:
    """What is printed reads as what it was, in both notations."""
    node = read(text, Notation.R).outputs[0]
    for notation, printer in ((Notation.R, r_text), (Notation.PYTHON, python_text)):
        printed = printer(node)
        again = read(printed, notation).outputs[0]
        text = printer(again)
        # R's text for softplus begins with a sign and has brackets, which a negative number would not have: there the text that
        # is read back has to stay the same.
        kept = printer(read(text, notation).outputs[0]) if "(-plogis(" in printed else printed
        if text != kept:
            raise BrokenError(f"{notation.name}: {printed} is read back as {text}")
        for _ in range(2):
            at = point(chance)
            if not same(exact.value(node, at), exact.value(again, at)):
                raise BrokenError(f"{notation.name}: {printed} is worth something else at {at}")


def the_light_form_is_worth_the_same(text: str, chance: Random) -> None:
    """Light forms change no value, at 0 and below 0 neither; where there was none there may be one."""
    function = read(text, Notation.R)
    node = function.outputs[0]
    form = light(function.graph, node)
    for _ in range(4):
        at = point(chance, edges=True)
        before = exact.value(node, at)
        if not exact.mp.isfinite(before):
            continue
        after = exact.value(form, at)
        if not same(before, after) and not at_an_edge(node, form, at) and not by_rounding(node, form, at):
            raise BrokenError(
                f"{text} is {exact.mp.nstr(before, 20)}, its light form {r_text(form)} {exact.mp.nstr(after, 20)} at {at}"
            )


def at_an_edge(node: Node, form: Node, at: dict[str, float]) -> bool:
    """Whether two forms differ by rounding at the edge of a domain only: 2/3 as a double makes sqrt(2 + 2/3*z) NaN at -3."""
    beside = {name: v + 1e-6 * (i + 1) for i, (name, v) in enumerate(at.items())}
    return all(at.values()) and same(exact.value(node, beside), exact.value(form, beside))


def by_rounding(node: Node, form: Node, at: dict[str, float]) -> bool:
    """Whether two forms are worth the same in doubles: constants are folded to what doubles make of them."""
    variables = list(at)
    before, after = compile_program([node, form], variables).point([at[v] for v in variables])
    return math.isclose(before, after, rel_tol=1e-12)


def derivatives_are_slopes(text: str, chance: Random) -> None:
    """Forward mode, reverse mode and the light form are the slope that a difference quotient to 80 digits finds."""
    function = read(text, Notation.R)
    node, graph = function.outputs[0], function.graph
    if not function.variables:
        return
    variable = chance.choice(function.variables)
    forms = {
        "forward": derivative(graph, node, variable),
        "reverse": gradient(graph, node, [variable])[0],
        "light": light_derivative(function, node, [variable]),
    }
    for _ in range(3):
        at = point(chance)
        height = exact.value(node, at)
        # A huge value leaves no digits for differences; below 0 a power has no slope by its exponent.
        if not exact.mp.isfinite(height) or abs(height) > 1e15 or powers_of_negatives(node, variable, at):
            continue
        expected = exact.slope(node, variable, at)
        if not exact.mp.isfinite(expected) or abs(expected) > 1e15:
            continue
        for name, form in forms.items():
            found = exact.value(form, at)
            if not same(found, expected):
                raise BrokenError(
                    f"{name}: d/d{variable} {text} is {exact.mp.nstr(expected, 20)}, "
                    f"{r_text(form, 500, cut=True)} {exact.mp.nstr(found, 20)} at {at}"
                )


def powers_of_negatives(node: Node, variable: str, at: dict[str, float]) -> bool:
    """Whether a base below 0 has a power that the variable is in."""
    moving: set[int] = set()
    for part in reachable([node]):
        if (part.op == "symbol" and part.name == variable) or any(a.index in moving for a in part.args):
            moving.add(part.index)
        if part.op == "pow" and part.args[1].index in moving and not exact.value(part.args[0], at) > 0:
            return True
    return False


def derivatives_are_linear(text: str, chance: Random) -> None:
    """(a f + b g)' = a f' + b g', and (f g)' = f' g + f g', as values."""
    function = read(f"c({text}, sin({text}) + x*y)", Notation.R)
    graph, (f, g) = function.graph, function.outputs
    df, dg = (derivative(graph, h, "x") for h in (f, g))
    a, b = graph.number(3.0), graph.number(-0.5)

    def total(*terms: list[Node]) -> Node:
        return algebra.add(graph, [algebra.mul(graph, t) for t in terms])

    pairs = [
        (derivative(graph, total([a, f], [b, g]), "x"), total([a, df], [b, dg])),
        (derivative(graph, graph.make("mul", f, g), "x"), total([df, g], [f, dg])),
    ]
    at = point(chance)
    for left, right in pairs:
        one, other = exact.value(left, at), exact.value(right, at)
        if not exact.mp.isnan(other) and not same(one, other):
            raise BrokenError(f"{text}: {r_text(left)} is not {r_text(right)} at {at}")


LAWS = (texts_are_read_back, the_light_form_is_worth_the_same, derivatives_are_slopes, derivatives_are_linear)


def check(text: str, seed: object) -> list[str]:
    """Return what is broken about one formula; a law that mpmath cannot judge is passed over."""
    found = []
    for law in LAWS:
        try:
            law(text, Random(f"{seed} {law.__name__}"))
        except exact.UnsupportedError:
            continue
        except BrokenError as broken:
            found.append(f"{law.__name__}: {broken}")
    return found


def main(arguments: list[str]) -> int:
    """Check laws of random formulas; return 1 where one does not hold."""
    parser = argparse.ArgumentParser(description="Laws of random formulas.")
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    began, done, slowest = time.monotonic(), 0, (0.0, "")
    broken: Counter[str] = Counter()
    for done in turns(given.count, given.seconds):
        chance = Random(f"{given.seed} {done}")
        text = formula(chance, chance.choice((2, 3, 3, 4)))
        start = time.monotonic()
        for problem in check(text, done):
            broken[problem.partition(":")[0]] += 1
            print(f"{done}: {text}\n    {problem}", flush=True)
        slowest = max(slowest, (time.monotonic() - start, text))
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} formulas in {took:.0f} s, {len(LAWS)} laws: {dict(broken) or 'all hold'}")
    print(f"slowest: {slowest[0]:.2f} s for {slowest[1]}")
    return 1 if broken else 0
