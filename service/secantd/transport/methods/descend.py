"""Descend: the request as the engine's record, bunches of steps as messages."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from secant._packed import varint
from secant.v1 import descend_pb2

from secantd import descent
from secantd.answers import requests
from secantd.answers.functions import FunctionCache, Sharing, is_zero_based
from secantd.descent import Bunch, DescentRequest, Steps
from secantd.language import Function
from secantd.transport.messages.records import fill
from secantd.transport.methods.datasets import descent_over_rows, is_over_rows

__all__ = ["bunches", "record", "replies"]

DEFAULT_TOLERANCE = 1e-5


def bunches(request: descend_pb2.DescendRequest, functions: FunctionCache) -> Iterator[tuple[bytes, bool]]:
    """Yield the messages that answer Descend, serialized, and whether each is the last."""
    if is_over_rows(request.expression):
        yield from replies(*descent_over_rows(request, functions, record))
        return
    point = requests.point(request.start, "start", nameless=True)
    # A descent goes from thread to thread.
    with functions.read_at(request.expression, point, at="start", sharing=Sharing.ALL) as (function, start):
        plan = record(request, function, start)
        yield from replies(plan.variables, descent.descend(plan, limits=functions.limits))


def replies(names: Sequence[str], steps: Iterable[Bunch]) -> Iterator[tuple[bytes, bool]]:
    """Yield the messages with bunches of steps, serialized, and whether each is the last.

    Args:
        names: The variables, in the order of a point.
        steps: The bunches.
    """
    for bunch in steps:
        reply = descend_pb2.DescendResponse(variables=names)
        # In the first message only.
        names = []
        if bunch.outcome is not None:
            fill(reply.outcome, bunch.outcome)
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


def record(request: descend_pb2.DescendRequest, function: Function, start: Mapping[str, Any]) -> DescentRequest:
    """Return the engine's record of a descent of `function` from `start`."""
    return DescentRequest(
        function=function,
        start=tuple(start.items()),
        maximize=request.maximize,
        method=method(request),
        max_steps=request.max_steps,
        tolerance=request.tolerance if request.HasField("tolerance") else DEFAULT_TOLERANCE,
        trace_every=request.trace_every,
        bounds=tuple(map(bound, request.bounds)),
        starts=tuple(requests.vectors(request.starts, "starts").items()),
        standard_errors=request.standard_errors,
        first_number=request.first_number,
        zero_based=is_zero_based(request.expression),
    )


def method(request: descend_pb2.DescendRequest) -> descent.Method:
    """Return how a step is made, with the parameters that are given."""
    name = request.WhichOneof("method") or ("lbfgs" if request.bounds else "bfgs")
    return descent.METHODS[name](**{f.name: value for f, value in getattr(request, name).ListFields()})


def bound(message: descend_pb2.Bound) -> descent.Bound:
    """Return the interval of one variable; an end that is not set is infinite."""
    lower = message.lower if message.HasField("lower") else -math.inf
    upper = message.upper if message.HasField("upper") else math.inf
    return descent.Bound(message.variable, lower, upper)
