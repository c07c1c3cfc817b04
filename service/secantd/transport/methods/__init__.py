"""The unary methods: THE table of what is answered and where it runs.

A new method is one file beside this one, `def method(request, functions) -> reply`, and one row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError
from secant.v1 import calculus_service_pb2, check_pb2, derivative_pb2, describe_pb2, evaluate_pb2, local_pb2, plot_pb2

from secantd.errors import CalculusError, Reason
from secantd.transport import effort, requests
from secantd.transport.functions import Functions
from secantd.transport.methods.approximate import approximate
from secantd.transport.methods.describe import describe
from secantd.transport.methods.differentiate import differentiate
from secantd.transport.methods.evaluate import evaluate
from secantd.transport.methods.explain import explain
from secantd.transport.methods.gradient import gradient
from secantd.transport.methods.hessian import hessian
from secantd.transport.methods.jacobian import jacobian
from secantd.transport.methods.seldom import check, export, extrema, plot
from secantd.transport.methods.tangent import tangent
from secantd.transport.methods.taylor import taylor

__all__ = ["IMPLEMENTED", "SERVICE", "STREAMS", "UNARY", "Method", "answer", "parse"]

SERVICE = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]


@dataclass(frozen=True, slots=True)
class Method:
    """One unary method.

    Attributes:
        request: The class of its request.
        answer: Request and functions in, reply out; raises CalculusError. It knows nothing of gRPC.
        quick: Whether a request surely takes less than a few milliseconds, and so runs where it arrives.
    """

    request: type[Any]
    answer: Callable[[Any, Functions], Any]
    quick: Callable[[Any], bool]


UNARY: dict[str, Method] = {
    "Differentiate": Method(derivative_pb2.DifferentiateRequest, differentiate, effort.few_derivatives),
    "Gradient": Method(derivative_pb2.GradientRequest, gradient, effort.plain),
    "Jacobian": Method(derivative_pb2.JacobianRequest, jacobian, effort.tiny),
    "Hessian": Method(derivative_pb2.HessianRequest, hessian, effort.tiny),
    "Taylor": Method(local_pb2.TaylorRequest, taylor, effort.low_order),
    "Tangent": Method(local_pb2.TangentRequest, tangent, effort.tiny),
    "Approximate": Method(local_pb2.ApproximateRequest, approximate, effort.no_sweep),
    "Check": Method(check_pb2.CheckRequest, check, effort.never),
    "Explain": Method(derivative_pb2.ExplainRequest, explain, effort.tiny),
    "Export": Method(derivative_pb2.ExportRequest, export, effort.never),
    "Extrema": Method(local_pb2.ExtremaRequest, extrema, effort.never),
    "Evaluate": Method(evaluate_pb2.EvaluateRequest, evaluate, effort.few_points),
    "Plot": Method(plot_pb2.PlotRequest, plot, effort.never),
    "Describe": Method(describe_pb2.DescribeRequest, describe, effort.always),
}

# Answered by `streams.py`.
STREAMS = ("EvaluateStream", "Descend")

IMPLEMENTED = [m.name for m in SERVICE.methods if m.name in UNARY or m.name in STREAMS]


def answer(name: str, request: bytes, functions: Functions) -> bytes:
    """Return the reply of the method called `name`, serialized."""
    method = UNARY[name]
    reply: bytes = method.answer(parse(method.request, request), functions).SerializeToString()
    check_size(reply, functions)
    return reply


def check_size(reply: bytes, functions: Functions) -> None:
    """Raise LIMIT_EXCEEDED for a reply that a peer would not take."""
    if len(reply) > functions.limits.message_bytes:
        headline = f"the answer has {len(reply):,} bytes"
        raise requests.over("message_bytes", headline, functions.limits, "", "ask for less at a time")


def parse(kind: type[Any], request: bytes) -> Any:
    """Return the message in `request`."""
    try:
        return kind.FromString(request)
    except DecodeError as error:
        raise CalculusError(
            Reason.INVALID_VALUE, f"the request is no {kind.DESCRIPTOR.name}: {error}", "text has to be UTF-8"
        ) from None
