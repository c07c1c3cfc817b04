"""What a run with seeded faults does: each call and each disturbance follows from the seed and the call's number.

Requests have few different numbers, so that equal requests meet the caches, and requests that differ in one number only
would show an answer that belongs to another.

Calls are numbered in rounds. Each round begins with groups of calls that are under way at the same time: calls of one method
that differ in one number, streams of equally long columns beside long descents, and long calls whose workers are killed. Then
each other disturbance comes once. The rest of a round is left to chance.
"""

import random
from dataclasses import dataclass
from string import Template

from google.protobuf import text_format
from secantd.transport.messages.contract import SERVICE
from secantd.transport.messages.jsoncodec import JSON
from secantd.transport.methods import METHODS, Kind

__all__ = [
    "DISTURBANCES",
    "GROUP",
    "GROUPS",
    "KILLS",
    "METHOD_WEIGHTS",
    "TEXTS",
    "Disturbance",
    "Request",
    "disturbances_before",
    "request",
    "serialized",
]

# Texts of requests in protobuf's text format; a tuple is a stream. $n and $m are small numbers, $p is a point, $c columns.
AT = 'at { variable: "x" value: $p }'
THERE = f'{AT} at {{ variable: "y" value: $m }}'
CURVE = 'expression { text: "$n*x^2*sin(x) + exp(x/$m)" }'
PLANE = 'expression { text: "x^$n*y + sin($m*y)" }'
START = 'start { variable: "x" value: $p } start { variable: "y" value: $m }'
DATA = 'data { name: "u" values: [1, $n, 3.5] } data { name: "v" values: [$m, 1, 2] }'
TEXTS = {
    "Differentiate": (f'{CURVE} variables: "x" {AT}', f'{PLANE} variables: ["x", "y"] notations: [1, 3]',
                      f'expression {{ text: "sum((u - x - y*v)^2)" {DATA} }} variables: "x" {THERE}', CURVE),
    "Gradient": (f"{PLANE} {THERE}", f"{PLANE} {THERE} values_only: true",
                 f'expression {{ text: "sum((u - x - y*v)^2)" {DATA} }} variables: ["x", "y"] {THERE}'),
    "Jacobian": (f'expression {{ text: "c($n*x*y, x + y^$m)" }} {THERE}',),
    "Hessian": (f"{PLANE} {THERE} notations: 1", f'expression {{ text: "sum(exp(x*u + y*v))" {DATA} }} variables: ["x", "y"] {THERE}'),
    "Taylor": (f"{CURVE} {AT} order: 4", f"{PLANE} {THERE} order: 2"),
    "Tangent": (f"{CURVE} {AT} notations: 1", f"{PLANE} {THERE}"),
    "Approximate": (f'{CURVE} {AT} scheme: 3 step: 1e-5 variables: "x"', f"{PLANE} {THERE} scheme: 5"),
    "Evaluate": (f'{PLANE} points {{ name: "x" values: [$c] }} points {{ name: "y" values: [$d] }} order: 1 variables: ["x", "y"]',
                 f'{CURVE} points {{ name: "x" values: [$c] }}'),
    "EvaluateStream": ((f"setup {{ {CURVE} order: 1 }}", *['points { columns { name: "x" values: [$c] } }'] * 3),
                       (f'setup {{ {PLANE} order: 1 variables: ["x", "y"] }}',
                        *['points { columns { name: "x" values: [$c] } columns { name: "y" values: [$d] } }'] * 2)),
    "Descend": (f'expression {{ text: "(x - $n)^2 + 2*(y - $m)^2" }} {START} fixed_rate {{ rate: 0.01 }} max_steps: 300 trace_every: 1',
                f'expression {{ text: "(x - $n)^2 + 2*(y - $m)^2" }} {START} lbfgs {{ memory: 5 }}',
                f'expression {{ text: "(x - $n)^2/$m + y^2" }} {START} fixed_rate {{ rate: 1e-5 }} max_steps: 6000 trace_every: 1'),
    "Check": (f'{CURVE} variables: "x" claimed {{ text: "$n*(2*x*sin(x) + x^2*cos(x)) + exp(x/$m)/$m" }} witnesses: ["exact", "numeric"]',
              f'{CURVE} variables: "x" claimed {{ text: "$n*x*sin(x) + x^2*cos(x)" }} witnesses: ["exact", "numeric"]'),
    "Explain": (f'{CURVE} variables: "x" notations: 1', f"{CURVE} formats: [1, 3]"),
    "Export": (f'{PLANE} notations: [1, 2] order: 1 name: "f$n"',),
    "Extrema": ('expression { text: "x^3 - $n*x" } box { variable: "x" lower: -$m upper: $m }',),
    "Plot": ('expression { text: "x^$n" } ranges { variable: "x" lower: -2 upper: 2 } curve { tangents_at: 1 } width: 200 height: 160',),
    "Describe": ("",),
}  # fmt: skip
# Texts that a server refuses, with a message that contains a number of the request.
WRONG = {
    "Gradient": ('expression { text: "x + * name$n" }', f'expression {{ text: "log(x)*$n" }} {THERE} direction {{ variable: "z" value: $m }}'),
    "Taylor": (f'expression {{ text: "1/(x - $p) + $n" }} {AT} order: 3',),
    "Descend": (f'expression {{ text: "x^2 + frobnicate$n(y)" }} {START}',),
    "EvaluateStream": ((f"setup {{ {CURVE} }}", 'points { columns { name: "x" values: [$c] } }', 'points { columns { name: "z$n" values: [$c] } }'),),
}  # fmt: skip
METHOD_WEIGHTS = {
    "Differentiate": 10, "Gradient": 10, "Jacobian": 4, "Hessian": 4, "Taylor": 4, "Tangent": 4, "Approximate": 3,
    "Evaluate": 14, "EvaluateStream": 12, "Descend": 14, "Check": 4, "Explain": 3, "Export": 3, "Extrema": 3,
    "Plot": 0.3, "Describe": 1,
}  # fmt: skip
# How calls travel. Bidirectional streams by HTTP/1.1 send all their messages first.
WAYS = {"grpc": 6, "proto": 2, "json": 2}
# What is done to the server, and how often. Processes that are stopped go on later; "slow" ones stop again and again.
DISTURBANCES = {
    "kill a worker": 14, "kill the fork server": 1, "stop a worker": 4, "stop the fork server": 1, "stop the server": 3,
    "slow a worker": 3, "slow the server": 2, "kill the server": 0.5,
}  # fmt: skip
# Calls between two disturbances, on average.
CALLS_BETWEEN = 10
# Calls of a round, and of a group: as many as there are callers.
ROUND, GROUP = 200, 8
POINTS = 0.5, 0.25, 1.5, -2
# The groups at the begin of a round.
GROUPS = "alike", "streams", "long", "long", "alike"
# Calls of a round at whose begin a worker is killed: seven long calls are waiting or being computed.
KILLS = range(2 * GROUP + 7, 4 * GROUP, 2)
# Calls of a round at whose begin one of the other disturbances is made.
OTHERS = range(len(GROUPS) * GROUP + 2, ROUND, 6)
NAN, TINY = "nan", "1e-310"


@dataclass(frozen=True)
class Request:
    """One call: its number, method, serialized messages, and what its caller does.

    Attributes:
        way: "grpc", "proto" (HTTP, binary) or "json" (HTTP).
        deadline: Seconds after which the caller's deadline passes; None for none.
        leave: Replies of a stream after which the caller leaves; for a unary call milliseconds; None to stay.
        pause: Seconds that a slow caller waits before each further message it reads.
    """

    number: int
    method: str
    messages: tuple[bytes, ...]
    way: str = "grpc"
    deadline: float | None = None
    leave: int | None = None
    pause: float = 0.0


@dataclass(frozen=True)
class Disturbance:
    """Something that is done to the server when the call of this number begins.

    Attributes:
        which: Which one of several processes.
        seconds: How long a process is stopped or slow.
    """

    number: int
    kind: str
    which: int
    seconds: float


def request(seed: int, number: int) -> Request:
    """Return the call of a number, the same whenever it is asked for.

    >>> request(7, 3) == request(7, 3), request(7, 3) == request(8, 3)
    (True, False)
    """
    chance = random.Random(f"{seed} call {number}")
    place = number % ROUND
    if place < len(GROUPS) * GROUP:
        return grouped(GROUPS[place // GROUP], number, chance, random.Random(f"{seed} group {number // GROUP}"))
    if chance.random() < 0.08:
        return Request(
            number, *heavy(chance), leave=chance.choice((None, None, 30)), deadline=chance.choice((None, 0.02))
        )
    table = WRONG if chance.random() < 0.08 else TEXTS
    (method,) = chance.choices(list(table), [METHOD_WEIGHTS[name] for name in table])
    (way,) = chance.choices(list(WAYS), list(WAYS.values()))
    messages = serialized(method, chance.choice(table[method]), chance)
    if way == "json":
        messages = tuple(JSON.encode(METHODS[method].request, message) for message in messages)
    deadline, leave, pause = None, None, 0.0
    if way == "grpc" and chance.random() < 0.06:
        if METHODS[method].kind is Kind.UNARY:
            deadline = 10 ** chance.uniform(-3.5, -1)
        else:
            leave = chance.randrange(3)
    elif METHODS[method].kind is not Kind.UNARY and way == "grpc" and chance.random() < 0.1:
        pause = chance.uniform(0, 0.05)
    return Request(number, method, messages, way, deadline, leave, pause)


def grouped(group: str, number: int, chance: random.Random, common: random.Random) -> Request:
    """Return a call of a group, whose caller stays. `common` is equal for all calls of the group."""
    k = number % GROUP
    if group == "long":
        # In pairs of equal calls.
        return Request(number, *heavy(random.Random(f"{common.random()} {k // 2}"), tuple(range(250, 300))))
    if group == "alike":
        method = common.choice(("Gradient", "Hessian", "Taylor", "Tangent"))
        (way,) = common.choices(list(WAYS), list(WAYS.values()))
        text = next(text for text in TEXTS[method] if "$p" in Template(text).safe_substitute())
    else:
        method, way = ("EvaluateStream", "Descend")[k % 2], "grpc"
        text = TEXTS[method][0 if method == "EvaluateStream" else -1]
    numbers = {"n": common.randrange(2, 5), "m": common.randrange(1, 4), "p": POINTS[k % len(POINTS)], "few": 3}
    messages = serialized(method, text, chance, **numbers)
    if way == "json":
        messages = tuple(JSON.encode(METHODS[method].request, message) for message in messages)
    return Request(number, method, messages, way)


def heavy(chance: random.Random, lengths: tuple[int, ...] = (60, 150)) -> tuple[str, tuple[bytes, ...]]:
    """Return a method and a request for a worker, of some hundredths of a second for 100 terms."""
    n = chance.randrange(1, 12)
    terms = " + ".join(f"sin(x*{n + k})*x^{k % 5 + 1}" for k in range(chance.choice(lengths)))
    return "Differentiate", serialized(
        "Differentiate", f'expression {{ text: "{terms}" }} variables: ["x", "x"]', chance
    )


def serialized(method: str, text: str | tuple[str, ...], chance: random.Random, **given: float) -> tuple[bytes, ...]:
    """Return the messages of a request with its numbers filled in, those that are `given` or others."""
    kind = SERVICE.methods_by_name[method].input_type._concrete_class
    few = chance.choice((3, 3, 3, 40, 3000)) if method.startswith("Evaluate") else 3
    numbers = {"n": chance.randrange(2, 5), "m": chance.randrange(1, 4), "p": chance.choice(POINTS), "few": few} | given
    few = numbers.pop("few")
    made = []
    for part in [text] if isinstance(text, str) else text:
        columns = {key: ", ".join(value(chance) for _ in range(few)) for key in ("c", "d")}
        made.append(
            text_format.Parse(Template(part).substitute(numbers, **columns), kind()).SerializeToString(
                deterministic=True
            )
        )
    return tuple(made)


def value(chance: random.Random) -> str:
    """Return a number of a column."""
    return chance.choice((NAN, TINY)) if chance.random() < 0.02 else repr(chance.uniform(-3, 3))


def disturbances_before(seed: int, number: int, kinds: dict[str, float] | None = None) -> list[Disturbance]:
    """Return what is done when the call of a number begins: nothing, or one thing.

    Args:
        seed: The seed.
        number: The number of the call.
        kinds: What may be done, and how often; unset, all of DISTURBANCES.
    """
    chance = random.Random(f"{seed} disturbance {number}")
    weights = DISTURBANCES if kinds is None else kinds
    turn, place = divmod(number, ROUND)
    others = sorted(weights.keys() - {"kill a worker"})
    random.Random(f"{seed} others {turn}").shuffle(others)
    due = dict(zip(OTHERS, others, strict=False))
    if place in KILLS and "kill a worker" in weights:
        kind = "kill a worker"
    elif place in due:
        kind = due[place]
    elif place < KILLS.stop or chance.random() * CALLS_BETWEEN > 1:
        return []
    else:
        (kind,) = chance.choices(list(weights), list(weights.values()))
    return [Disturbance(number, kind, chance.randrange(4), chance.choice((0.02, 0.1, 0.4)))]
