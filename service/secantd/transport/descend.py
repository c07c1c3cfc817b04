"""Descend: the request as the engine's record, bunches of steps as messages."""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from secant.v1 import descend_pb2

from secantd import descent
from secantd.descent import DescentRequest, Steps
from secantd.transport import requests
from secantd.transport.arrays import varint
from secantd.transport.functions import Functions
from secantd.transport.requests import invalid

__all__ = ["METHODS", "bunches"]

# The fields of the oneof `method` and the records of the engine, whose attributes have the names of the
# messages' fields.
METHODS: dict[str, type[Any]] = {
    "fixed_rate": descent.FixedRate,
    "momentum": descent.Momentum,
    "nesterov": descent.Nesterov,
    "adagrad": descent.AdaGrad,
    "rmsprop": descent.RmsProp,
    "adam": descent.Adam,
    "line_search": descent.LineSearch,
    "conjugate_gradient": descent.ConjugateGradient,
    "newton": descent.Newton,
    "bfgs": descent.Bfgs,
    "lbfgs": descent.Lbfgs,
}

DEFAULT_TOLERANCE = 1e-5


def bunches(request: descend_pb2.DescendRequest, functions: Functions) -> Iterator[tuple[bytes, bool]]:
    """Yield the messages that answer Descend, serialized, and whether each is the last."""
    plan = record(request, functions)
    names = [name for name, _ in plan.start]
    for bunch in descent.descend(plan):
        reply = descend_pb2.DescendResponse(variables=names)
        # In the first message only.
        names = []
        if bunch.outcome is not None:
            fill_outcome(reply.outcome, bunch.outcome)
        # Two messages in a row are read as one, their lists one behind the other (protobuf's encoding specification).
        yield reply.SerializeToString() + packed(bunch.steps), bunch.outcome is not None


# Field numbers and wire types of DescendResponse.steps and of Step (protobuf's encoding specification).
STEPS, NUMBER, POINT, VALUE, NORM = 0x0A, 0x08, 0x12, 0x19, 0x21


# No step has this number.
LARGEST = 2**63 - 1


def packed(steps: Steps) -> bytes:
    """Return steps in the wire form of DescendResponse: message objects take ten times as long.

    >>> steps = Steps(np.array([7]), np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> reply = descend_pb2.DescendResponse.FromString(packed(steps))
    >>> reply.steps[0].number, list(reply.steps[0].point), reply.steps[0].value, reply.steps[0].gradient_norm
    (7, [1.0, 2.0], 3.0, 4.0)
    """
    parts: list[bytearray] = []
    begin = 0
    while begin < len(steps):
        # Numbers of as many groups of seven bits make records of one length: an array of bytes.
        groups = max(1, -(-int(steps.numbers[begin]).bit_length() // 7))
        end = int(np.searchsorted(steps.numbers, min(1 << 7 * groups, LARGEST)))
        parts.append(records(steps.numbers[begin:end], steps.rows[begin:end], groups))
        begin = end
    return b"".join(parts)


def records(numbers: NDArray[np.int64], rows: NDArray[np.float64], groups: int) -> bytearray:
    """Return steps whose numbers take `groups` bytes."""
    variables = rows.shape[1] - 2
    blank, kind = layout(groups, variables)
    written = bytearray(blank * len(rows))
    lines = np.frombuffer(written, kind)
    for k in range(groups):
        more = 128 if k < groups - 1 else 0
        lines["number"][:, k] = (numbers >> 7 * k) & 127 | more
    lines["point"] = rows[:, :variables]
    lines["value"] = rows[:, -2]
    lines["norm"] = rows[:, -1]
    return written


@lru_cache(maxsize=64)
def layout(groups: int, variables: int) -> tuple[bytes, np.dtype[np.void]]:
    """Return a step without its numbers, and where they belong in it."""
    point = 8 * variables
    inside = bytes([NUMBER, *[0] * groups, POINT]) + varint(point)
    head = bytes([STEPS]) + varint(len(inside) + point + 18) + inside
    fields = {
        "number": ("u1", (groups,), len(head) - len(inside) + 1),
        "point": ("<f8", (variables,), len(head)),
        "value": ("<f8", (), len(head) + point + 1),
        "norm": ("<f8", (), len(head) + point + 10),
    }
    formats, shapes, offsets = zip(*fields.values(), strict=True)
    kind = np.dtype(
        {
            "names": list(fields),
            "formats": list(zip(formats, shapes, strict=True)),
            "offsets": list(offsets),
            "itemsize": len(head) + point + 18,
        }
    )
    return head + bytes(point) + bytes([VALUE, *bytes(8), NORM, *bytes(8)]), kind


def record(request: descend_pb2.DescendRequest, functions: Functions) -> DescentRequest:
    """Return the engine's record of `request`, checked."""
    start = requests.point(request.start, "start", finite=True)
    tolerance = request.tolerance if request.HasField("tolerance") else DEFAULT_TOLERANCE
    if not 0 <= tolerance < math.inf:
        raise invalid("tolerance", f"the tolerance is {tolerance}", "take a finite number from 0 on")
    for name in ("max_steps", "trace_every", "first_number"):
        if getattr(request, name) < 0:
            raise invalid(name, f"{name} is {getattr(request, name)}", "take a number from 0 on")
    if request.max_steps > functions.limits.steps:
        raise requests.over("steps", f"{request.max_steps:,} steps are asked for", functions.limits, "max_steps")
    starts = requests.columns(request.starts, "starts")
    requests.same_length(starts, "starts")
    # A descent goes from thread to thread.
    function = functions.shared(request.expression)
    requests.require_variables(start, function, "start", what="the start")
    if starts:
        requests.require_variables(starts, function, "starts", what="the list of starts")
    return DescentRequest(
        function=function,
        start=tuple(start.items()),
        maximize=request.maximize,
        method=method(request),
        max_steps=request.max_steps or functions.limits.steps,
        tolerance=tolerance,
        trace_every=request.trace_every,
        bounds=bounds(request, start),
        starts=tuple(starts.items()),
        standard_errors=request.standard_errors,
        first_number=request.first_number,
    )


def method(request: descend_pb2.DescendRequest) -> descent.Method:
    """Return how a step is made; every field that is set must be finite, what it may be the method says."""
    name = request.WhichOneof("method") or "bfgs"
    given = {}
    for descriptor, value in getattr(request, name).ListFields():
        if not math.isfinite(value):
            raise invalid(f"{name}.{descriptor.name}", f"{descriptor.name} is {value}", "take a finite number")
        given[descriptor.name] = value
    made: descent.Method = METHODS[name](**given)
    return made


def bounds(request: descend_pb2.DescendRequest, start: dict[str, float]) -> tuple[descent.Bound, ...]:
    """Return the bounds, each on a variable of the start and in order."""
    found: dict[str, descent.Bound] = {}
    for i, bound in enumerate(request.bounds):
        if bound.variable not in start or bound.variable in found:
            what = "twice bounded" if bound.variable in found else "not a variable of the start"
            raise invalid(f"bounds[{i}].variable", f"{requests.shown(bound.variable)} is {what}")
        lower = bound.lower if bound.HasField("lower") else -math.inf
        upper = bound.upper if bound.HasField("upper") else math.inf
        if not lower <= upper:
            raise invalid(f"bounds[{i}]", f"the interval from {lower} to {upper} is empty", "lower comes first")
        found[bound.variable] = descent.Bound(bound.variable, lower, upper)
    return tuple(found.values())


def fill_outcome(message: descend_pb2.Outcome, outcome: descent.Outcome) -> None:
    """Write `outcome` into its message; None stays unset."""
    for name in ("reason", "regime", "nature"):
        kind = getattr(outcome, name)
        setattr(message, name, kind.value if kind else 0)
    for name in ("message", "steps", "value", "gradient_norm"):
        setattr(message, name, getattr(outcome, name))
    for name in ("curvature", "rate_limit", "predicted_steps", "recommended_rate"):
        if getattr(outcome, name) is not None:
            setattr(message, name, getattr(outcome, name))
    message.point.extend(outcome.point)
    message.standard_errors.extend(outcome.standard_errors)
    for optimum in outcome.optima:
        message.optima.add(
            point=optimum.point,
            value=optimum.value,
            starts=optimum.starts,
            nature=optimum.nature.value if optimum.nature else 0,
        )
