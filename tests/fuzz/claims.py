"""Random claims about random formulas: whatever Check answers has to be so.

python tests/fuzz/run.py --claims [--count N] [--seconds S] [--seed N]

Claims are right derivatives, derivatives with one change, and formulas that have nothing to do with f. A counterexample has to be one,
an accepted claim has to have the derivative's values at points that Check did not choose, and a named factor, term, sign or domain has to
explain the claim. Values are those of mpmath to 80 digits.
"""

import argparse
import re
import time
import warnings
from collections import Counter
from random import Random
from typing import Any

import exact
from formulas import formula, point
from secantd.calculus.derivative import light_derivative
from secantd.check.judge import judge
from secantd.check.verdict import Judgement, Verdict
from secantd.errors import CalculusError
from secantd.expression import Node, graft, symbols
from secantd.language import Function, Notation, read
from secantd.render import r_text
from secantd.settings import Limits
from turns import turns

__all__ = ["check", "main"]

LIMITS = Limits(check_seconds=2.0, algebra_seconds=1.0)
# More than the time limit: a claim is read, and its mistake named, outside it.
SECONDS = 4.0
# Values are equal, or differ, by these relative differences.
EQUAL, DIFFERENT = 1e-7, 1e-11
# What is left where decimals of 15 digits cancel: 0.666666666666667 - 1/1.5.
DECIMALS = 1e-14
POINTS = 6
Change = tuple[str, tuple[str, ...]]
CHANGES: tuple[Change, ...] = (
    (r" \+ ", (" - ", " * ")), (r" - ", (" + ",)), (r" \* ", (" + ", "/")), (r"/", (" * ",)), (r"\bsin\b", ("cos",)),
    (r"\bcos\b", ("sin",)), (r"\bexp\b", ("log", "sqrt")), (r"\bx\b", ("y", "z", "2")), (r"\by\b", ("x", "w")),
    (r"\b[1-9]\b", ("1", "2", "3", "0.5", "0")), (r"\^2", ("^3", "")), (r"-", ("",)),
)  # fmt: skip
WHOLE = (
    "-({0})",
    "2*({0})",
    "({0}) + 1",
    "({0})^2",
    "abs({0})",
    "({0})*x",
    "({0})/3",
    "sqrt(({0})^2)",
    "({0}) + 1e-6*x",
)
WRITTEN = (
    "({0})",
    "({0})*2/2",
    "({0}) + x - x",
    "(({0})*(x^2 + 1))/(x^2 + 1)",
    "-(-({0}))",
    "({0}) + 0*w",
    "exp(log({0}))",
)


def changed(text: str, chance: Random) -> str:
    """Return a text with one change."""
    for _ in range(6):
        pattern, others = chance.choice(CHANGES)
        found = list(re.finditer(pattern, text))
        if found:
            place = chance.choice(found)
            return text[: place.start()] + chance.choice(others) + text[place.end() :]
    return chance.choice(WHOLE).format(text)


def claim_about(function: Function, variable: str, chance: Random) -> str:
    """Return the text of a claim."""
    kind = chance.random()
    if kind < 0.15:
        return formula(chance, 3)
    right = r_text(light_derivative(function, function.outputs[0], [variable]), 3000)
    if kind < 0.4:
        return chance.choice(WRITTEN).format(right)
    if kind < 0.6:
        return chance.choice(WHOLE).format(right)
    text = r_text(function.outputs[0], 3000) if kind < 0.67 else right
    return changed(text, chance)


def slope_of(node: Node, variable: str, at: dict[str, float]) -> Any:
    """Return the slope, NaN at a kink; `exact.slope` has none where it is 0."""
    mp, h = exact.mp, exact.mp.mpf(10) ** -27
    low, here, high = (exact.value(node, {**at, variable: exact.mp.mpf(at[variable]) + k * h}) for k in (-1, 0, 1))
    left, right = (here - low) / h, (high - here) / h
    return (left + right) / 2 if abs(right - left) <= 1e-9 * max(abs(left), abs(right)) + 1e-9 else mp.nan


def apart(one: Any, other: Any, by: float) -> bool:
    return bool(abs(one - other) > by * max(abs(one), abs(other)) + 1e-30)


def problems(found: Judgement, f: Node, claim: Node, variable: str, chance: Random) -> list[str]:
    """Return what is wrong with an answer."""
    mp, result = exact.mp, []
    counterexample = found.counterexample
    if found.verdict is Verdict.REFUTED:
        assert counterexample is not None
        at = dict(counterexample.point)
        slope, value = slope_of(f, variable, at), exact.value(claim, at)
        if not mp.isfinite(slope):
            result.append(f"refuted at {at}, where there is no derivative")
        elif mp.isfinite(value) and not abs(value - slope) > DIFFERENT * max(abs(value), abs(slope)):
            result.append(f"refuted at {at}, where both are {mp.nstr(slope, 20)}")
    domain = re.search(r"the claim holds for (.*?)( only|, but not everywhere)", found.message)
    for _ in range(POINTS):
        # A change may make a name of a name and a number.
        at = point(chance)
        at |= {name: chance.uniform(-3, 3) for name in symbols([f, claim]) if name not in at}
        height, value = exact.value(f, at), exact.value(claim, at)
        if not (mp.isfinite(height) and mp.isfinite(value)) or abs(height) > 1e15:
            continue
        slope = slope_of(f, variable, at)
        if not mp.isfinite(slope) or abs(slope) > 1e15:
            continue
        here = f"at {at}, where the claim is {mp.nstr(value, 15)} and the derivative {mp.nstr(slope, 15)}"
        if domain is not None:
            condition = re.sub(r"\|(\w+)\|", r"abs(\1)", domain[1]).replace(" and ", " & ")
            condition = re.sub(r"^(\S+) < (\w+) < (\S+)$", r"\1 < \2 & \2 < \3", condition)
            if exact.value(read(condition, Notation.R).outputs[0], at) and apart(value, slope, EQUAL):
                result.append(f"said to hold for {domain[1]}, but not {here}")
            continue
        rounded = abs(value - slope) <= DECIMALS * (1 + abs(height))
        if found.verdict in (Verdict.PROVED, Verdict.AGREES) and apart(value, slope, EQUAL) and not rounded:
            result.append(f"accepted, but wrong {here}")
        factor = re.search(r"the derivative is (\S+) times the claim$", found.message)
        if factor is not None and apart(
            exact.value(read(re.sub(r"\be\b", "exp(1)", factor[1])).outputs[0], {}) * value, slope, 1e-5
        ):
            result.append(f"the factor {factor[1]} is wrong {here}")
        if found.message.endswith("the derivative is minus the claim") and apart(-value, slope, EQUAL):
            result.append(f"the sign is not the mistake {here}")
        if found.slip == "function_itself" and apart(value, height, EQUAL):
            result.append(f"the claim is not the function {here}")
    return result


def check(seed: object) -> tuple[str, str, list[str], str]:
    """Return the formula, the claim, what is wrong with the answer, and how it ended."""
    chance = Random(str(seed))
    text = formula(chance, chance.choice((1, 2, 2, 3)))
    claimed = ""
    try:
        function = read(text, Notation.R)
        if not function.variables:
            return text, "", [], "no variable"
        variable = chance.choice(function.variables)
        claimed = claim_about(function, variable, chance)
        claim = read(claimed, Notation.R)
        witnesses = ["exact", "numeric", "sympy"] if chance.random() < 0.1 else ["exact", "numeric"]
        start = time.process_time()
        found = judge(read(text, Notation.R), claim, [variable], witnesses=witnesses, limits=LIMITS)
        took = time.process_time() - start
    except CalculusError as error:
        return text, claimed, [], error.reason.name
    except Exception as error:
        return text, claimed, [f"a fault: {type(error).__name__}: {error}"], "FAULT"
    late = [f"took {took:.1f} s of processor time"] if took > SECONDS else []
    try:
        node = graft(function.graph, claim.graph, claim.outputs[0], {})
        return text, claimed, late + problems(found, function.outputs[0], node, variable, chance), found.verdict.name
    except exact.UnsupportedError:
        return text, claimed, late, f"{found.verdict.name} (not judged)"


def main(arguments: list[str]) -> int:
    """Check random claims; return 1 where an answer is not so."""
    parser = argparse.ArgumentParser(description="Random claims about random formulas.")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    began, done, wrong = time.monotonic(), 0, 0
    ends: Counter[str] = Counter()
    for done in turns(given.count, given.seconds):
        text, claimed, found, end = check(f"{given.seed} {done}")
        ends[end] += 1
        for problem in found:
            wrong += 1
            print(f"{done}: {text}  ~  {claimed}\n    {problem}", flush=True)
    print(
        f"seed {given.seed}: {done:,} claims in {time.monotonic() - began:.0f} s: {dict(ends)}; {wrong or 'nothing'} wrong"
    )
    return 1 if wrong else 0
