"""Fifty hard points of each row, by rule: the same in each run.

Of a function of one variable: 0, denormals, huge numbers, and each of its edges (zeros, poles, ends of its domain, places where
another method takes over) with both neighbours and nearby; then random numbers of its range, uniform in the logarithm, to fifty.
Of others: a draw from all combinations of hard values of each parameter, half of them moved by up to a sixteenth, so that
their digits are not short; the first argument of a distribution is chosen about its mean and in its tails.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence

from secantd.functions import FUNCTIONS

from bench.accuracy.places import DISTRIBUTED, EDGES, SEVERAL, Rule

__all__ = ["COUNT", "candidates"]

COUNT = 50
_ANY = (0.0, 1e-300, 1e-10, 0.01, 0.3, 0.7, 1.0, 1.3, 2.5, 7.5, 31.0, 170.0, 1e4, 1e10, 1e300)
Point = tuple[float, ...]
# By rule more than fifty, as where Arb finds no value in time another point takes the place.
SPARE = 40


def candidates(op: str) -> list[Point]:
    """Return the points of a row in their order; the first fifty that have a true value are its points."""
    row = FUNCTIONS[op]
    draw = random.Random(family(op))
    if op in EDGES:
        own = single(EDGES[op], draw)
    elif kind(op) in SEVERAL:
        own = combined(SEVERAL[kind(op)], draw)
    elif family(op)[1:] not in DISTRIBUTED:
        # A row without a rule of its own.
        own = single(Rule(), draw) if len(row.parameters) == 1 else combined([_ANY] * len(row.parameters), draw)
    else:
        own = distributed(op, draw)
    found: dict[Point, None] = dict.fromkeys(row.points[:3])
    for point in own:
        if len(found) >= COUNT + SPARE:
            break
        found.setdefault(point)
    return list(found)


def family(op: str) -> str:
    """Return the name that rows with different flags have in common, by which they have the same points."""
    name = FUNCTIONS[op].written
    return f"{name}.mu" if ".mu" in op else name


def kind(op: str) -> str:
    """Return the name in the table of rules; derivatives of Bessel functions have the points of the functions."""
    return family(op).split("_grad")[0] if op.startswith("bessel") else family(op)


def single(rule: Rule, draw: random.Random) -> Iterator[Point]:
    """Return the points of a function of one variable."""
    ends = [0.0, 5e-324, 3.1e-310, 1.3e-300, 1.7e-10, 1.1e10, 1.3e300]
    for edge in rule.edges:
        yield from ((x,) for x in (edge, math.nextafter(edge, -math.inf), math.nextafter(edge, math.inf)))
    for x in ends:
        yield (x,)
        if rule.signed and x:
            yield (-x,)
    for edge in rule.edges:
        for part in (1e-9, -1e-9, 0.01, -0.01):
            yield (edge * (1 + part) if edge else part,)
    low, high = map(math.log, rule.range)
    while True:
        x = math.exp(draw.uniform(low, high))
        yield (-x if rule.signed and draw.random() < 0.5 else x,)


def moved(value: float, draw: random.Random) -> float:
    """Return a number, half of the times moved, except a whole one that is small or 0."""
    if value == 0.0 or not math.isfinite(value) or draw.random() < 0.5:
        return value
    return value * (1 + draw.uniform(-1, 1) / 16)


def combined(lists: Sequence[Sequence[float]], draw: random.Random) -> Iterator[Point]:
    """Return combinations of values of each parameter; a tuple is whole numbers, which are not moved."""
    while True:
        yield tuple(v if isinstance(c, tuple) else moved(v, draw) for c in lists for v in [draw.choice(c)])


Place = Callable[[random.Random], Point]


def distributed(op: str, draw: random.Random) -> Iterator[Point]:
    """Return points of a distribution: parameters by rule, and x about the mean and far out, or a probability."""
    row = FUNCTIONS[op]
    name = family(op)[1:]
    rule = DISTRIBUTED[name]
    first = row.written[0]
    log = "log" in op
    while True:
        parameters = tuple(
            v if isinstance(c, tuple) else moved(v, draw) for c in rule.parameters for v in [draw.choice(c)]
        )
        if first == "q":
            x = chance(draw, log)
        else:
            x = rule.first(draw, *parameters)
        if rule.ordered and parameters[0] >= parameters[1]:
            continue
        yield (x, *parameters)


CHANCES = (
    0.0, 1e-300, 1e-100, 1e-17, 1e-9, 1e-4, 0.02, 0.1, 0.26, 0.3, 0.4999999999, 0.5, 0.5000000001, 0.7, 0.9, 0.99, 0.9999, 1 - 1e-9,
    1 - 2.0**-53, 1.0,
)  # fmt: skip


def chance(draw: random.Random, log: bool) -> float:
    """Return a probability, or its logarithm."""
    p = draw.choice(CHANCES)
    if 0.0 < p < 1.0 and draw.random() < 0.5:
        p = p * draw.uniform(0.9, 1.0)
    if not log:
        return p
    far = draw.random()
    if far < 0.1:
        return -draw.choice([1e3, 2.3e4, 1.1e5])
    if far < 0.2:
        return -draw.choice([1e-300, 1e-20, 1e-12])
    return math.log(p) if p else -750.0 * draw.uniform(0.9, 1.1)
