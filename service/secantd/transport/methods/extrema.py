"""Extrema."""

from typing import Any

from secant.v1 import local_pb2

from secantd import check
from secantd.transport import replies, requests
from secantd.transport.functions import Functions

__all__ = ["extrema"]


def extrema(request: local_pb2.ExtremaRequest, functions: Functions) -> local_pb2.ExtremaResponse:
    """Answer Extrema."""
    box: dict[str, tuple[float, float]] = {}
    for i, bound in enumerate(request.box):
        if bound.variable in box:
            raise requests.invalid(f"box[{i}]", f"{requests.shown(bound.variable)} has two intervals", "give it one")
        if not (bound.HasField("lower") and bound.HasField("upper")):
            raise requests.invalid(f"box[{i}]", "an interval of a box has two ends", "give lower and upper")
        box[bound.variable] = (bound.lower, bound.upper)
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = check.extrema(function, box, written, limits=functions.limits)
    reply = local_pb2.ExtremaResponse(variables=answer.variables, complete=answer.complete, notices=answer.notices)
    texts = len(request.notations)
    fill(reply.critical_points, answer.critical_points, answer.variables, texts)
    fill(reply.inflections, answer.inflections, answer.variables, texts)
    return reply


def fill(messages: Any, points: tuple[check.CriticalPoint, ...], variables: tuple[str, ...], texts: int) -> None:
    """Append critical points to a repeated CriticalPoint."""
    for point in points:
        message = messages.add(value=point.value, nature=point.nature.value, definiteness=point.definiteness.value)
        for name, value in zip(variables, point.point, strict=True):
            message.point.add(variable=name, value=value)
        replies.fill_formulas(message.exact, point.exact, texts)
