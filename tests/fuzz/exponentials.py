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

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

import intervals
from intervals import Reference, UnsupportedError
from secantd.calculus import derivative, differentiate, evaluate, gradient_answer, hessian, jacobian
from secantd.calculus.settle import WITHOUT_VALUE
from secantd.descent import DescentRequest, FixedRate, descend
from secantd.errors import CalculusError
from secantd.language import Function, read
from secantd.settings import Limits
from turns import turns

__all__ = ["EDGES", "FAR", "UnsupportedError", "check", "formula", "main", "point"]

VARIABLES = ("x", "y", "z")
# The agreement of two calls, and of a call with mpmath: a difference beyond needs an explanation.
SAME, EXACT = 1e-12, 1e-13
# Multiples of the error that rounded variables make, and of that which every operation of the formula makes.
OWN, ALL = 100, 30
# Limits are looked for until they are found.
PATIENT = Limits(algebra_seconds=60.0)
SEVERAL = "Evaluate of 7"
# Of so many formulas one is minimized: where a descent ends it is examined, which takes most of the time.
DESCENDS = 8
# Beyond them a double has no value, or few digits: a product with a number that underflows is wrong by some 5e-324.
LARGEST, SMALLEST = sys.float_info.max, 1e-318


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
        lambda: f"({quotient(chance)} * ({total(chance)})^{chance.choice('123')})^{chance.choice(('0.5', '1.5', '2'))}",
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


def near(a: float, b: float, tolerance: float) -> bool:
    if a == b or (a != a and b != b):
        return True
    return abs(a - b) <= tolerance * max(abs(a), abs(b)) + SMALLEST if math.isfinite(a) and math.isfinite(b) else False


def calls(function: Function, names: tuple[str, ...], at: dict[str, float]) -> dict[str, list[float]]:
    """Return f and its gradient from each call."""
    found: dict[str, list[float]] = {}
    answer = gradient_answer(function, names, at, values_only=True, limits=PATIENT)
    found["Gradient of values only"] = [answer.value, *[p.value for p in answer.partials]]  # type: ignore[list-item]
    rows = jacobian(function, names, at, limits=PATIENT)
    found["Jacobian"] = [rows.values[0], *[p.value for p in rows.rows[0]]]  # type: ignore[list-item]
    for count in (1, 7):
        # Of many hard points a batch computes some once more only.
        columns = {n: np.array([1.0] * (count - 1) + [at[n]]) for n in function.variables}
        e = evaluate(function, columns, 1, names, limits=PATIENT)
        found["Evaluate of 1" if count == 1 else SEVERAL] = [
            float(e.values[-1]),
            *[float(d[-1]) for _, d in e.derivatives],
        ]
    single = differentiate(function, names[:1], at, limits=PATIENT)
    found["Differentiate"] = [single.value, single.derivative.value]  # type: ignore[list-item]
    return found


def seconds(
    function: Function, names: tuple[str, ...], at: dict[str, float]
) -> tuple[dict[str, list[float]], tuple[str, ...]]:
    """Return the upper triangle of the Hessian from each call, and the notices."""
    found: dict[str, list[float]] = {}
    notices: tuple[str, ...] = ()
    for values_only in (True, False):
        answer = hessian(function, names, at, values_only=values_only, limits=PATIENT)
        rows, notices = answer.rows, answer.notices
        found[f"Hessian{' of values only' * values_only}"] = [
            rows[i][j].value for i in range(len(names)) for j in range(i, len(names))
        ]  # type: ignore[misc]
    e = evaluate(function, {n: np.array([at[n]]) for n in function.variables}, 2, names, limits=PATIENT)
    found["Evaluate of order 2"] = [float(d[-1]) for _, d in e.derivatives[len(names) :]]
    return found, notices


def check(text: str, at: dict[str, float], kinds: Counter[str] | None = None, descends: bool = True) -> list[str]:
    """Return what is broken about a formula at a point; count the kinds of comparisons with mpmath."""
    kinds = Counter() if kinds is None else kinds
    function = read(text)
    names = tuple(function.variables)
    at = {n: at[n] for n in names}
    if not names:
        return []
    problems = []
    answer = gradient_answer(function, names, at, limits=PATIENT)
    first: list[float] = [answer.value, *[p.value for p in answer.partials]]  # type: ignore[list-item]
    output = function.outputs[0]
    nodes = [output, *[derivative(function.graph, output, n) for n in names]]
    nodes.append(derivative(function.graph, nodes[1], names[0]))
    reference = Reference(nodes, at)
    # Also where what has no root underflows to 0.
    nowhere = reference.value(0) is None
    for name, values in calls(function, names, at).items():
        # Where f has no value, the formula of its derivative may have one.
        count = 1 if nowhere else len(values)
        for k, (a, b) in enumerate(zip(first, values[:count], strict=False)):
            # NumPy's exp() differs from Python's in the last digit, which may be all that is left of a difference.
            alike = near(a, b, SAME) or (name == SEVERAL and not differs(reference, k, b, answer.notices, Counter()))
            lacking = a != a and WITHOUT_VALUE in answer.notices
            if lacking and not differs(reference, k, b, answer.notices, Counter()):
                # Beside others a derivative may be 0 * Inf, and numbers of 50,000 digits have no limit here.
                kinds["NaN with a notice, beside a value of another call"] += 1
            elif not alike:
                problems.append(f"{name}: {values}, but Gradient: {first} at {at}")
                break
    found, notices = seconds(function, names, at)
    second = found.pop("Hessian")
    for name, values in found.items():
        if not nowhere and any(not near(a, b, SAME) for a, b in zip(second, values, strict=True)):
            problems.append(f"{name}: {values}, but Hessian: {second} at {at}")
    if all(map(math.isfinite, first)) and descends:
        request = DescentRequest(function, tuple(at.items()), method=FixedRate(1e-300), max_steps=1, trace_every=1)
        # The first bunch has no steps where a limit is looked for.
        bunches = [b for b in descend(request) if len(b.steps)]
        bunch, step = bunches[0], bunches[0].steps[0]
        # A descent looks for no limits: it ends with a message.
        limits = answer.value_is_limit or any(p.value_is_limit for p in answer.partials)
        if limits and math.isnan(step.value + step.gradient_norm) and bunch.outcome is not None:
            kinds["a limit, of which a descent says that it has no value"] += 1
        elif not near(step.value, first[0], SAME) or not near(step.gradient_norm, math.hypot(*first[1:]), SAME):
            problems.append(f"Descend: {step}, but Gradient: {first} at {at}")
    nowhere = nowhere and math.isnan(first[0])
    for k, (got, name) in enumerate(zip([*first, second[0]], ["f", *names, f"{names[0]} {names[0]}"], strict=True)):
        if nowhere and not math.isfinite(got):
            # The formula of a derivative may have a value where f, and so its derivative, has none: log(-1).
            kinds["a derivative where f has no value"] += 1
            continue
        problem = differs(reference, k, got, answer.notices if k <= len(names) else notices, kinds)
        if problem:
            problems.append(f"by {name}: {problem} at {at}")
    return problems


def differs(reference: Reference, k: int, got: float, notices: Sequence[str], kinds: Counter[str]) -> str:
    """Return how a number differs from that of mpmath, "" where it does not; count the kind of the comparison."""
    value = reference.value(k)
    if value is None:
        kinds["without a value, or not decided"] += 1
        return ""
    mp = intervals.mp
    size = mp.nstr(value, 17) if abs(mp.log10(abs(value) or 1)) < 1e4 else f"10^{mp.nstr(mp.log10(abs(value)), 17)}"
    wrong = f"{got}, not {size}"
    if abs(value) > LARGEST:
        kinds["overflows"] += 1
        if math.isfinite(got):
            return wrong
        return "" if notices else f"{wrong}, without a notice"
    error = abs(value - got) if math.isfinite(got) else mp.inf
    if error <= EXACT * abs(value) + SMALLEST:
        kinds["exact"] += 1
        return ""
    given, every = reference.lost(k)
    if error <= OWN * given:
        kinds["as exact as its variables"] += 1
        return ""
    if given >= abs(value) and near(got, reference.in_doubles(k), SAME):
        # Next to a pole the error of a slope says little: cosh(x) + sinh(y) at x = -y = 20 is 0 in doubles, and 2e-9.
        kinds["not a digit is left of its variables: as the text is in doubles"] += 1
        return ""
    # NaN says that fewer than three digits are left.
    if error <= ALL * every or (not math.isfinite(got) and abs(value) <= 1000 * every):
        kinds["cancels" if math.isfinite(got) else "cancels: NaN with a notice"] += 1
        return "" if math.isfinite(got) or notices else f"{wrong}, without a notice"
    return f"{wrong} (its variables: {mp.nstr(given, 2)}, its terms: {mp.nstr(every, 2)})"


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
    kinds: Counter[str] = Counter()
    for done in turns(given.count, given.seconds):
        chance = Random(f"{given.seed} {done}")
        text = formula(chance)
        for places in (FAR, EDGES):
            at = point(chance, places)
            try:
                problems = check(text, at, kinds, done % DESCENDS == 0)
            except UnsupportedError as error:
                problems = []
                kinds[f"not compared: {error}"] += 1
            except CalculusError as error:
                problems = [f"refused: {error}"]
            for problem in problems:
                broken[problem.partition(":")[0]] += 1
                print(f"{done}: {text}\n    {problem}", flush=True)
    took = time.monotonic() - began
    print(f"seed {given.seed}: {done:,} formulas in {took:.0f} s: {dict(broken) or 'all agree'}")
    print("compared with mpmath:", ", ".join([f"{kind} {count:,}" for kind, count in kinds.most_common()]))
    return 1 if broken else 0
