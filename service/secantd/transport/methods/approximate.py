"""Approximate."""

from secant.v1 import local_pb2

from secantd import check
from secantd.numeric import Scheme
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["approximate"]


def approximate(request: local_pb2.ApproximateRequest, functions: Functions) -> local_pb2.ApproximateResponse:
    """Answer Approximate."""
    scheme = requests.choice(Scheme, request.scheme, "scheme") or Scheme.CENTRAL
    at = requests.point(request.at, "at", finite=True)
    if not at:
        raise requests.invalid("at", "differences need a point", "give `at`")
    names = requests.variables(request.variables, functions.limits)
    for i, name in enumerate(names):
        if name not in at:
            raise requests.invalid(f"variables[{i}]", f"the point has no {requests.shown(name)}", "give it a value")
    function = functions.read(request.expression)
    step = request.step if request.HasField("step") else None
    answer = check.approximate(function, at, scheme, step, request.sweep, names, limits=functions.limits)
    reply = local_pb2.ApproximateResponse(
        variables=answer.variables,
        best_step=answer.best_step,
        reason=answer.reason,
        value=answer.value,
        shape=replies.shape(1, len(answer.partials)),
        notices=answer.notices,
    )
    for p in answer.partials:
        reply.partials.add(
            value=p.value,
            exact=p.exact,
            error=p.error,
            step=p.step,
            truncation=p.truncation,
            rounding=p.rounding,
        )
    for row in answer.sweep:
        reply.sweep.add(step=row.step, value=row.value, error=row.error)
    return reply
