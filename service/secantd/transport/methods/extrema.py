"""Extrema."""

from secant.v1 import local_pb2

from secantd import analysis
from secantd.answers import requests
from secantd.answers.functions import FunctionCache
from secantd.shown import quoted
from secantd.transport.messages.records import fill

__all__ = ["extrema"]


def extrema(request: local_pb2.ExtremaRequest, functions: FunctionCache) -> local_pb2.ExtremaResponse:
    """Answer Extrema."""
    box: dict[str, tuple[float, float]] = {}
    for i, bound in enumerate(request.box):
        if bound.variable in box:
            raise requests.invalid(f"box[{i}]", f"{quoted(bound.variable)} has two intervals", "give it one")
        if not (bound.HasField("lower") and bound.HasField("upper")):
            raise requests.invalid(f"box[{i}]", "an interval of a box has two ends", "give lower and upper")
        box[bound.variable] = (bound.lower, bound.upper)
    function = functions.read(request.expression)
    written = requests.notations(request.notations, function)
    answer = analysis.extrema(function, box, written, limits=functions.limits)
    reply = local_pb2.ExtremaResponse()
    fill(reply, answer)
    return reply
