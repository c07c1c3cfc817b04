"""Random pairs of formulas: whatever Check answers about their equality has to be so, and in time.

python tests/fuzz/run.py --pairs [--count N] [--seconds S] [--seed N] [--limit SECONDS]

Pairs are a formula and itself written differently, a formula and one with a change, unrelated formulas, and hostile texts that are far
too large or far out; some have assumptions. Values at random points are those of mpmath to 80 digits.
"""

import argparse
import gc
import importlib
import re
import time
import warnings
from collections import Counter
from random import Random
from typing import Any

import exact
from claims import CHANGES, WHOLE, changed
from formulas import formula, point
from hard import FORMULAS
from secant.v1 import check_pb2, expression_pb2
from secantd.answers.functions import FunctionCache
from secantd.errors import CalculusError
from secantd.expression import Node, symbols
from secantd.language import Notation, read
from secantd.pool.forkserver import GARBAGE
from secantd.settings import Limits
from secantd.transport.methods.check import check as answer
from turns import turns

__all__ = ["judged", "main"]

# Values are equal, or differ, by these relative differences.
EQUAL = 1e-30
# Digits for values that differ by little: 1 and 1 + 1e-200.
MORE = 1000
POINTS = 6
WRITTEN = (
    "({0})*2/2", "({0}) + x - x", "-(-({0}))", "({0}) + 0*w", "exp(log({0}))", "({0})*(sin(y)^2 + cos(y)^2)", "sqrt({0})^2",
    "({0})*(x^2 + 1)/(1 + x^2)", "(2*({0}) - ({0}))", "({0})^2/({0})", "log(exp({0}))", "({0})*exp(x)*exp(-x)", "(({0})^3)^(1/3)",
    "(({0}) + y)^2 - 2*y*({0}) - y^2 - ({0})^2 + ({0})", "abs({0})*sign({0})", "({0})*cosh(x)^2 - ({0})*sinh(x)^2", "1/(1/({0}))",
)  # fmt: skip
ASSUMED = (
    "x > 0",
    "y > 0",
    "-1 < x < 1",
    "x >= y",
    "x integer",
    "z integer",
    "z even",
    "x != 0",
    "x^2 + y^2 < 4",
    "y < -1",
    "x > 1e6",
)
HOSTILE = (
    "x^(2^{k})", "(x + y + z + 1)^{k}", "exp({k}*x)", "sin({k}*x)*cos({k}*y)", "factorial({k}*x)", "gamma(x/{k})^{k}", "(1 + 1/{k})^({k}*x)",
    "besselJ(x, {k})", "log(x^{k})", "x^(1/{k})", "floor({k}*x)/{k}", "({k}^{k})^x", "exp(exp({k}*x))", "choose({k}, x)", "pgamma(x, {k})",
    "sum(1:{k})*x", "x %% {k}", "asin(sin({k}*x))", "(x^{k} - 1)/(x - 1)", "1e-{k}*x + 1", "x/{k}/{k}/{k}", "sqrt({k} + sqrt({k} + x))",
    "qnorm(x)^{k}", "lgamma({k}^x)", "tan({k}*atan(x))", "psigamma(x, {k})", "(sqrt(x) + sqrt(y))^{k}", "abs(x - {k})^{k}",
)  # fmt: skip
SIZES = (1, 2, 3, 7, 12, 31, 60, 200, 1000, 12345)


def hostile(chance: Random) -> str:
    """Return a formula that takes long, or that is far out."""
    kind = chance.random()
    if kind < 0.2:
        return chance.choice(FORMULAS)
    made = chance.choice(HOSTILE).replace("{k}", str(chance.choice(SIZES)))
    if kind < 0.5:
        other = chance.choice(HOSTILE).replace("{k}", str(chance.choice(SIZES)))
        return f"({made}){chance.choice((' + ', '*', '/', ' - ', '^'))}({other})"
    if kind < 0.6:
        return "sqrt(1 + " * 40 + made + ")" * 40
    if kind < 0.7:
        return " + ".join(made.replace("x", f"(x + {i})") for i in range(chance.choice((3, 12, 40))))
    return made


def pair(chance: Random) -> tuple[str, str, list[str]]:
    """Return two formulas and assumptions."""
    kind = chance.random()
    assumed = [chance.choice(ASSUMED) for _ in range(chance.choice((0, 0, 0, 1, 2)))]
    if kind < 0.25:
        f = hostile(chance)
        g = chance.choice(WRITTEN).format(f) if chance.random() < 0.5 else hostile(chance)
        return f, g, assumed
    f = formula(chance, chance.choice((1, 2, 2, 3)))
    if kind < 0.65:
        return f, chance.choice(WRITTEN).format(f), assumed
    if kind < 0.8:
        return f, chance.choice(WHOLE).format(f), assumed
    if kind < 0.95 and any(re.search(pattern, f) for pattern, _ in CHANGES):
        return f, changed(f, chance), assumed
    return f, formula(chance, 2), assumed


def apart(one: Any, other: Any, by: float, least: float = 1e-60) -> bool:
    return bool(abs(one - other) > by * max(abs(one), abs(other)) + least)


def node_of(text: str) -> Node | None:
    """Return a formula of numbers, None for others."""
    function = read(text, Notation.R)
    return function.outputs[0] if len(function.outputs) == 1 and not function.arrays else None


def problems(reply: check_pb2.CheckResponse, f: str, g: str, assumed: list[str], chance: Random) -> list[str]:
    """Return what is wrong with an answer."""
    mp, found = exact.mp, []
    one, other = node_of(f), node_of(g)
    if one is None or other is None:
        return []
    if reply.verdict == check_pb2.VERDICT_REFUTED and reply.HasField("claimed_value"):
        at = {c.variable: c.value for c in reply.witness_point}
        # A point is a decimal, as both formulas have it.
        for digits in (exact.DIGITS, MORE):
            with mp.workdps(digits):
                a, b = (exact.value(n, {k: mp.mpf(repr(v)) for k, v in at.items()}) for n in (one, other))
                if not (mp.isfinite(a) and mp.isfinite(b)) or apart(a, b, mp.mpf(10) ** (20 - digits), 0.0):
                    break
        else:
            found.append(f"refuted at {at}, where both are {mp.nstr(a, 20)}")
    if reply.verdict in (check_pb2.VERDICT_PROVED, check_pb2.VERDICT_AGREES) and not assumed:
        for _ in range(POINTS):
            at = {name: chance.uniform(-3, 3) for name in symbols([one, other])} | point(chance)
            a, b = exact.value(one, at), exact.value(other, at)
            if mp.isfinite(a) and mp.isfinite(b) and abs(a) < 1e15 and apart(a, b, EQUAL):
                found.append(f"accepted, but at {at} they are {mp.nstr(a, 15)} and {mp.nstr(b, 15)}")
    return found


def judged(seed: object, limit: float) -> tuple[str, list[str], str, float]:
    """Return the pair, what is wrong with the answer, how it ended, and the seconds of processor time over the limit."""
    chance = Random(str(seed))
    f, g, assumed = pair(chance)
    shown = f"{f[:200]}  ~  {g[:200]}  {assumed}"
    request = check_pb2.CheckRequest(
        expression=expression_pb2.Expression(text=f, notation=expression_pb2.NOTATION_R),
        claimed=expression_pb2.Expression(text=g, notation=expression_pb2.NOTATION_R),
        order=0,
        assumptions=assumed,
        seconds=limit,
    )
    functions = FunctionCache(Limits(algebra_seconds=limit))
    wall, start = time.monotonic(), time.thread_time()
    reply, end = None, ""
    try:
        reply = answer(request, functions)
        end = check_pb2.Verdict.Name(reply.verdict).removeprefix("VERDICT_")
    except CalculusError as error:
        end = error.reason.name
    except Exception as error:
        return shown, [f"a fault: {type(error).__name__}: {error}"], "FAULT", 0.0
    # On a busy machine the wall clock counts what others do.
    late = min(time.monotonic() - wall, time.thread_time() - start) - limit
    if reply is None:
        return shown, [], end, late
    try:
        return shown, problems(reply, f, g, assumed, chance), end, late
    except (exact.UnsupportedError, CalculusError):
        return shown, [], f"{end} (not judged)", late


def main(arguments: list[str]) -> int:
    """Judge random pairs; return 1 where an answer is not so, or late."""
    parser = argparse.ArgumentParser(description="Random pairs of formulas.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--limit", type=float, default=1.0, help="The time limit of a pair, in seconds.")
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    # The fork server of the service has imported it before a worker gets its first call.
    importlib.import_module("sympy")
    # As workers do: a search for garbage through all of SymPy takes longer than the time that may be lost.
    gc.freeze()
    gc.set_threshold(2_000, 3, 2_500)
    began, done, wrong = time.monotonic(), 0, 0
    ends: Counter[str] = Counter()
    latest = (0.0, "")
    for done in turns(given.count, given.seconds):
        if gc.get_count()[2] > GARBAGE:
            gc.collect()
        shown, found, end, late = judged(f"{given.seed} {done}", given.limit)
        ends[end] += 1
        latest = max(latest, (late + given.limit, shown))
        if late > 0.1:
            found.append(f"{late:.2f} s of processor time over the limit")
        for problem in found:
            wrong += 1
            print(f"{done}: {shown}\n    {problem}", flush=True)
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} pairs in {took:.0f} s: {dict(ends)}; {wrong or 'nothing'} wrong")
    print(f"longest: {latest[0]:.2f} s of processor time, limit {given.limit:g} s: {latest[1]}")
    return 1 if wrong else 0
