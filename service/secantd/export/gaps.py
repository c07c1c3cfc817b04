"""Points at which exported code has other values than Evaluate: 0/0, ties, kinks, and numbers that overflow in between.

Evaluate takes limits from values of f beside a point and computes once more, with many digits, what overflows. Code cannot.
So both are compared at points at which that may matter: zeros of denominators and of arguments of powers and logarithms, ties,
and numbers far out. What differs is found, not proved: a point that no search finds has no notice.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from secantd.calculus import evaluate
from secantd.calculus.numbers import numbers_of
from secantd.calculus.ties import tie_of
from secantd.errors import CalculusError
from secantd.expression import Node, reachable, symbols
from secantd.functions import FUNCTIONS
from secantd.functions.costs import CHEAP, cost
from secantd.language import Function
from secantd.program import Program
from secantd.program import compile as compile_program
from secantd.program.recomputed import recomputed
from secantd.settings import Limits
from secantd.shown import printable, series

__all__ = ["UNSEEN", "gaps", "is_doubtful", "is_long", "near_gaps", "notices_of", "slow_functions"]

Array = NDArray[np.float64]
Columns = Mapping[str, Array]

# Relative differences that users of code do not mind.
CLOSE: Final = 1e-9
# What is this much smaller than other numbers at a point is their rounding; less than TINY is 0 in most libraries.
ROUNDING: Final = 1e-12
TINY: Final = 1e-300
# Values of variables that no zero and no tie depends on: the first two places of the check by differences.
BASES: Final = ((0.7, 1.3, 0.4, 2.1, 1.6), (1.7, 0.6, 2.3, 0.9, 1.2))
# Numbers at which powers, squares and exponentials overflow or underflow.
FAR: Final = (1e200, -1e200, 800.0, -800.0, 1e-200)
# Functions for which more digits far out take milliseconds; for others nothing is looked for there.
QUICK: Final = frozenset(
    {"exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "abs", "sign", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"}
    | {"sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "pmax", "pmin", "ifelse", "softplus", "expit", "logit", "logaddexp"}
    | {"logcosh", "dnorm", "dnorm.log", "dexp", "dexp.log", "dlogis", "dlogis.log"}
)  # fmt: skip
# Bounds of the work: conditions, points, variables that are moved, numbers tried for each, and rows of data.
CONDITIONS, POINTS, VARIABLES, NUMBERS = 16, 10, 6, 12
ROWS: Final = 20
# The longest formula, in nodes; its derivatives may have ten times as many.
LONGEST: Final = 300
# Seconds for limits at a point, and points of one kind that a notice lists.
SECONDS: Final = 1.0
SHOWN: Final = 3
# Arguments of these operations at whose zero the operation or its derivative has no value.
BELOW: Final = frozenset({"log", "log2", "log10", "sqrt", "atan2"})
UNSEEN: Final = (
    "no points were looked for at which the code has other values than Evaluate, such as NaN where it has a limit: {}"
)
SHORT: Final = f"the formula cannot be read with {ROWS} rows of the data"
DOUBTFUL: Final = BELOW | {"div", "abs", "pmax", "pmin", "max_of", "min_of", "ifelse", "sign"}
PARTS: Final = ("the value", "the gradient", "the Hessian")


@dataclass(frozen=True, slots=True)
class Gap:
    """A point and what is different there.

    Attributes:
        at: The variables that matter, and their values.
        kind: "none" where the code is NaN or infinite, "other" where it has another number, "far" where numbers overflow.
        parts: What differs: 0 for the value, 1 for the gradient, 2 for the Hessian.
    """

    at: Mapping[str, float]
    kind: str
    parts: frozenset[int]


def gaps(
    function: Function, order: int, chosen: tuple[str, ...], again: Callable[[Columns], Function] | None, limits: Limits
) -> list[str]:
    """Return notices on the points at which code has other values than Evaluate.

    Args:
        function: A scalar function.
        order: 0, 1 or 2.
        chosen: The variables of the derivatives.
        again: Reads the text with other data: of long columns a few rows are enough.
        limits: The limits that apply.

    >>> from secantd.language import read
    >>> from secantd.settings import DEFAULT_LIMITS
    >>> gaps(read("sin(x)/x"), 0, ("x",), None, DEFAULT_LIMITS)[0].partition(",")[0]
    'the code returns NaN or Inf for the value at points such as x = 0'
    """
    if not function.variables:
        return []
    slow = slow_functions(function)
    if slow:
        return [UNSEEN.format(f"{series(slow)} would take long")] if is_doubtful(function) else []
    if is_long(function, order, chosen):
        return [UNSEEN.format("the formula is long")] if is_doubtful(function) else []
    data = function.graph.columns
    if any(len(column) > ROWS for column in data.values()):
        try:
            if again is None:
                return [UNSEEN.format(SHORT)]
            function = again(shortened(data))
        except CalculusError:
            return [UNSEEN.format(SHORT)]
    return notices_of([*far_gaps(function, order, chosen), *near_gaps(function, order, chosen, limits)])


def far_gaps(function: Function, order: int, chosen: tuple[str, ...]) -> list[Gap]:
    """Return points far out and next to 0 at which code loses what Evaluate computes with more digits."""
    if any(n.op in FUNCTIONS and n.op not in QUICK for n in reachable(function.outputs)):
        return []
    program = numbers_of(function, order, chosen).program
    found: list[Gap] = []
    for name in function.variables[:VARIABLES]:
        for x in FAR:
            at = {**base(function, 0), name: x}
            values = [at[n] for n in program.variables]
            code, right = program.doubles(values), program.point(values)
            # Next to 0 any difference of two numbers loses digits.
            if abs(x) < 1.0:
                right = [math.nan if math.isfinite(a) else b for a, b in zip(code, right, strict=True)]
            parts = different(code, right, len(chosen), 0.0)
            if parts:
                found.append(Gap({name: x}, "far", parts))
                break
    return found


def near_gaps(function: Function, order: int, chosen: tuple[str, ...], limits: Limits, most: int = SHOWN) -> list[Gap]:
    """Return points of the special ones at which code has another value than Evaluate; arguments as for `gaps`.

    Limits take long: after so many points at which code lacks one, `most`, further points without a value are left out.
    """
    program = numbers_of(function, order, chosen).program
    found: list[Gap] = []
    few = replace(limits, algebra_seconds=min(limits.algebra_seconds, SECONDS))
    for at, shown in special_points(function):
        code = program.doubles([at[name] for name in program.variables])
        lost = any(not math.isfinite(a) for a in code)
        if lost and len([g for g in found if g.kind == "none"]) >= most:
            continue
        parts = settled(function, code, at, order, chosen, few)
        if parts:
            found.append(Gap({n: at[n] for n in shown}, "none" if lost else "other", parts))
    return found


def shortened(data: Columns) -> dict[str, Array]:
    """Return a few rows of data, among them some that are not finite, of which limits may depend."""
    rows = max(len(column) for column in data.values())
    long = [column for column in data.values() if len(column) == rows]
    odd = np.flatnonzero(~np.isfinite(np.sum(long, axis=0)))[: ROWS // 2]
    kept = np.sort(np.unique(np.concatenate([odd, np.arange(ROWS - len(odd))])))
    return {name: column[kept] if len(column) == rows else column for name, column in data.items()}


def settled(
    function: Function,
    code: Sequence[float],
    at: Mapping[str, float],
    order: int,
    chosen: tuple[str, ...],
    limits: Limits,
) -> frozenset[int]:
    """Return which parts of what code computes at a point differ from Evaluate.

    Limits of second derivatives take longest: they are looked for only if f and its gradient are the same. If the gradient differs, the
    Hessian does.
    """
    count = len(chosen)
    sizes = (1, 1 + count, len(code))
    missing = frozenset(
        p for p in range(order + 1) if not all(map(math.isfinite, code[sizes[p - 1] * (p > 0) : sizes[p]]))
    )
    found: frozenset[int] = frozenset()
    for k in range(order + 1):
        if k == 2 and found:
            return found | (missing or frozenset({2})) & {2} if 1 in found else found
        right = evaluate(function, {n: np.array([at[n]]) for n in function.variables}, k, chosen, limits=limits)
        row = [float(right.values[0]), *[float(c[0]) for _, c in right.derivatives]]
        parts = different(code[: len(row)], row, count)
        if not parts - found and missing and any("time was too short" in n for n in right.notices):
            return found | missing
        found |= parts
    return found


def different(code: Sequence[float], right: Sequence[float], count: int, rounding: float = ROUNDING) -> frozenset[int]:
    """Return which parts of a row of f, its gradient and its Hessian differ where Evaluate has a number."""
    least = rounding * max([abs(v) for v in right if math.isfinite(v)], default=0.0) + TINY
    rows = enumerate(zip(code, right, strict=True))
    return frozenset(0 if i == 0 else 1 if i <= count else 2 for i, (a, b) in rows if differ(a, b, least))


def differ(code: float, right: float, least: float) -> bool:
    """Return whether code has another number than Evaluate, which has one; differences up to `least` do not count."""
    return math.isfinite(right) and not abs(code - right) <= CLOSE * abs(right) + least


def notices_of(found: Sequence[Gap]) -> list[str]:
    """Return a notice for each kind of point."""
    texts = {
        "none": "the code returns NaN or Inf for {parts} at points such as {places}, where Evaluate returns limits, or means of "
        "slopes at kinks; close to such points the code loses digits",
        "other": "the code has another number than Evaluate for {parts} at points such as {places}, where arguments of max, min, "
        "abs or a comparison are equal",
        "far": "the code loses {parts}, or digits, at points such as {places}, where numbers overflow or underflow in between",
    }
    notices = []
    for kind, text in texts.items():
        same = [g for g in found if g.kind == kind]
        if same:
            parts = series([PARTS[p] for p in sorted(frozenset().union(*[g.parts for g in same]))])
            places = list(dict.fromkeys(place(g.at) for g in same))
            notices.append(text.format(parts=parts, places="; ".join(places[:SHOWN])))
    return notices


def place(at: Mapping[str, float]) -> str:
    shown = [f"{printable(n[:40])} = {v:g}" for n, v in list(at.items())[:4]]
    return ", ".join(shown) + ", ..." * (len(at) > 4)


# -- points


def base(function: Function, which: int) -> dict[str, float]:
    numbers = BASES[which]
    return {name: numbers[i % len(numbers)] for i, name in enumerate(function.variables)}


def special_points(function: Function) -> list[tuple[dict[str, float], list[str]]]:
    """Return points at which a denominator or the like is 0 or arguments are equal, and the variables that matter there."""
    found: dict[tuple[float, ...], tuple[dict[str, float], list[str]]] = {}
    tried = candidates(function)
    for condition in conditions(function):
        names = symbols([condition])
        program = compile_program([condition], names, function.graph.columns)
        for which in range(len(BASES)):
            for first in range(min(len(names), 2)):
                at = root(program, [*names[first:], *names[:first]], base(function, which), tried)
                if at is not None and (condition.rows > 1 or is_exact(program, at)):
                    found.setdefault(tuple(at.values()), (at, decisive(program, at, names)))
            if len(found) >= POINTS:
                return list(found.values())[:POINTS]
    return list(found.values())


def conditions(function: Function) -> list[Node]:
    """Return expressions that are 0 where a value may be lost or a derivative jumps."""
    graph, outputs = function.graph, function.outputs
    found: dict[int, Node] = {}

    def keep(node: Node) -> None:
        if symbols([node]):
            found.setdefault(node.index, node)

    with function.lock:
        for node in reachable(outputs):
            args = node.args
            sides = tie_of(graph, node) if args else None
            if sides is not None:
                zero = sides[1].op == "number" and sides[1].value == 0.0
                keep(sides[0] if zero else graph.make("add", sides[0], graph.make("neg", sides[1])))
            if node.op == "div":
                keep(args[1])
            elif node.op in BELOW or (node.op == "pow" and not is_natural(args[1])):
                keep(args[0])
    return list(found.values())[:CONDITIONS]


def is_doubtful(function: Function) -> bool:
    """Return whether f has an operation at which a value may be lost or a derivative jumps."""
    nodes = reachable(function.outputs)
    return any(n.op in DOUBTFUL or (n.op == "pow" and not is_natural(n.args[1])) for n in nodes)


def is_long(function: Function, order: int, chosen: tuple[str, ...]) -> bool:
    """Return whether f or its derivatives have too many operations to be computed at many points."""
    if len(reachable(function.outputs)) > LONGEST:
        return True
    return len(reachable(numbers_of(function, order, chosen).nodes)) > 10 * LONGEST


def slow_functions(function: Function) -> list[str]:
    """Return the functions in f whose limits would take seconds."""
    rows = [FUNCTIONS[n.op] for n in reachable(function.outputs) if n.op in FUNCTIONS]
    return list(dict.fromkeys(f"{r.written}()" for r in rows if cost(r) > CHEAP or r.written.startswith("bessel")))


def is_natural(node: Node) -> bool:
    return node.op == "number" and node.value > 0 and node.value % 1 == 0


def candidates(function: Function) -> list[float]:
    """Return numbers at which expressions of the formula may be 0: its own, and those of its data."""
    found: list[float] = [0.0, 1.0, -1.0]
    for node in reachable(function.outputs):
        if node.op == "number":
            found += [node.value, -node.value]
    for column in function.graph.columns.values():
        found += np.ravel(column)[:3].tolist()
    return [x for x in dict.fromkeys(found) if math.isfinite(x)][:NUMBERS]


def root(
    program: Program, names: Sequence[str], at: dict[str, float], tried: Sequence[float]
) -> dict[str, float] | None:
    """Return a point at which an expression is exactly 0, found by moving one variable after the other; None if there is none.

    Args:
        program: The expression.
        names: Its variables in the order in which they are moved.
        at: The point at which the search begins.
        tried: Numbers that are tried for each variable.
    """
    at = dict(at)
    moved: dict[str, float] = {}
    for name in names[:VARIABLES]:
        best, least = at[name], math.inf
        others = [at[n] for n in names if n != name]
        for x in [*tried, *others, *crossings(program, {**at}, name)]:
            value = size(program, {**at, name: x})
            if value < least:
                best, least = x, value
            if value == 0.0:
                break
        begun, at[name] = at[name], best
        moved[name] = begun
        if least == 0.0:
            # Others may not have had to move.
            for other, value in moved.items():
                if size(program, {**at, other: value}) == 0.0:
                    at[other] = value
            return at
    return None


def is_exact(program: Program, at: Mapping[str, float]) -> bool:
    """Return whether an expression is 0 at a point with many digits, too: a rounded root is no point of 0/0."""
    exact = recomputed(program.tape, [at[n] for n in program.variables], [0])
    return exact is None or not exact[0].known or exact[0].value == 0.0


def decisive(program: Program, at: Mapping[str, float], names: Sequence[str]) -> list[str]:
    """Return the variables without whose value an expression is not 0 at a point."""
    found = [n for n in names if size(program, {**at, n: at[n] * 1.1 + 0.05}) != 0.0]
    return found or list(names)


def size(program: Program, at: Mapping[str, float]) -> float:
    """Return the smallest absolute value of an expression, which may have rows."""
    with np.errstate(all="ignore"):
        (column,) = program.batch([np.array([at[n]]) for n in program.variables])
    values = np.abs(np.ravel(column))
    values = values[np.isfinite(values)]
    return float(values.min()) if len(values) else math.inf


def crossings(program: Program, at: dict[str, float], name: str) -> Iterable[float]:
    """Yield zeros of an expression along a variable, by the secant method, and the doubles that decimals of 12 digits name."""
    a, b = at[name], at[name] + 0.37
    (fa,), (fb,) = point(program, {**at, name: a}), point(program, {**at, name: b})
    for _ in range(8):
        if not (math.isfinite(fa) and math.isfinite(fb)) or fa == fb:
            return
        a, fa, b = b, fb, b - fb * (b - a) / (fb - fa)
        if not math.isfinite(b):
            return
        (fb,) = point(program, {**at, name: b})
        if fb == 0.0 or abs(b - a) <= 1e-13 * abs(b):
            break
    yield from (b, float(f"{b:.12g}"), math.nextafter(b, math.inf), math.nextafter(b, -math.inf))


def point(program: Program, at: Mapping[str, float]) -> list[float]:
    with np.errstate(all="ignore"):
        (column,) = program.batch([np.array([at[n]]) for n in program.variables])
    values = np.ravel(column)
    return [float(values[0])] if len(values) == 1 else [math.nan]
