"""Check."""

import math
from dataclasses import replace

from secant.v1 import check_pb2, expression_pb2

from secantd.check.claim import judge
from secantd.check.witnesses import WITNESSES
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["check"]


def check(request: check_pb2.CheckRequest, functions: Functions) -> check_pb2.CheckResponse:
    """Answer Check."""
    limits = functions.limits
    names = requests.variables(request.variables, limits)
    at = requests.point(request.at, "at", finite=True)
    for i, name in enumerate(request.witnesses):
        if name not in WITNESSES:
            hint = "known are " + ", ".join(WITNESSES)
            raise requests.invalid(f"witnesses[{i}]", f"there is no witness {requests.shown(name)}", hint)
    if request.HasField("seconds"):
        if not 0 < request.seconds < math.inf:
            raise requests.invalid("seconds", f"the time is {request.seconds:g} seconds", "take a number above 0")
        limits = replace(limits, check_seconds=min(request.seconds, limits.check_seconds))
    # Its graph grows by the claim, and an algebra that runs out of time leaves it half done.
    function = functions.fresh(request.expression)
    claimed = functions.fresh(with_data(request), "claimed")
    if at:
        requests.require_variables(at, function, "at", also=names)
    found = judge(function, claimed, names, at, request.witnesses, limits=limits)
    reply = check_pb2.CheckResponse(
        verdict=check_pb2.Verdict.Name(found.verdict.value),
        message=found.message,
        variables=found.variables,
        notices=found.notices,
        slip=found.slip,
    )
    if found.failure is not None:
        reply.variable = found.variables[found.failure.position]
        reply.claimed_value, reply.true_value = found.failure.claimed, found.failure.true
        for name, value in found.failure.point.items():
            reply.witness_point.add(variable=name, value=value)
    for witness in found.witnesses:
        verdict = check_pb2.Verdict.Name(witness.verdict.value)
        reply.witnesses.add(name=witness.name, verdict=verdict, message=witness.message)
    replies.fill_formulas(reply.derivatives, found.derivatives, 0)
    return reply


def with_data(request: check_pb2.CheckRequest) -> expression_pb2.Expression:
    """Return the claim with the function's data, as far as it does not bring its own."""
    claimed = request.claimed
    own = {column.name for column in claimed.data}
    missing = [column for column in request.expression.data if column.name not in own]
    if not missing:
        return claimed
    merged = expression_pb2.Expression()
    merged.CopyFrom(claimed)
    merged.data.extend(missing)
    return merged
