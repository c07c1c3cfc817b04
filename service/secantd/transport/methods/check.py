"""Check."""

import math
import time
from dataclasses import replace

from secant.v1 import check_pb2, expression_pb2

from secantd.check.judge import judge
from secantd.check.witnesses import WITNESSES
from secantd.shown import quoted
from secantd.transport.messages import requests
from secantd.transport.messages.functions import FunctionCache, Sharing
from secantd.transport.messages.records import fill

__all__ = ["check"]

# The least time for the witnesses, however long it took to read the texts.
LEAST = 1e-3


def check(request: check_pb2.CheckRequest, functions: FunctionCache) -> check_pb2.CheckResponse:
    """Answer Check."""
    start = time.monotonic()
    limits = functions.limits
    names = requests.variables(request.variables, limits)
    for i, name in enumerate(request.witnesses):
        if name not in WITNESSES:
            hint = "known are " + ", ".join(WITNESSES)
            raise requests.invalid(f"witnesses[{i}]", f"there is no witness {quoted(name)}", hint)
    if request.HasField("seconds"):
        if not 0 < request.seconds < math.inf:
            raise requests.invalid("seconds", f"the time is {request.seconds:g} seconds", "take a number above 0")
        limits = replace(limits, check_seconds=min(request.seconds, limits.check_seconds))
    # Its graph grows by the claim, and an algebra that runs out of time leaves it half done.
    point = requests.point(request.at, "at", nameless=True)
    new = Sharing.NONE
    with (
        functions.read_at(request.expression, point, names, sharing=new) as (function, at),
        functions.read_at(
            with_data(request),
            point,
            names,
            field="claimed",
            sharing=new,
            known=function.shapes() if function.arrays else {},
        ) as (claimed, _),
    ):
        # Reading the texts is part of the time.
        left = limits.check_seconds - (time.monotonic() - start)
        limits = replace(limits, check_seconds=max(LEAST, left))
        found = judge(function, claimed, names, at, request.witnesses, limits=limits)
    reply = check_pb2.CheckResponse()
    fill(reply, found)
    return reply


def with_data(request: check_pb2.CheckRequest) -> expression_pb2.Expression:
    """Return the claim with the function's data and shapes, as far as it does not bring its own."""
    claimed, f = request.claimed, request.expression
    own = {column.name for column in claimed.data}
    declared = {shape.variable for shape in claimed.shapes}
    data = [column for column in f.data if column.name not in own]
    shapes = [shape for shape in f.shapes if shape.variable not in declared]
    if not data and not shapes:
        return claimed
    merged = expression_pb2.Expression()
    merged.CopyFrom(claimed)
    merged.data.extend(data)
    merged.shapes.extend(shapes)
    return merged
