"""The table of all methods: their kind, the function that answers them, and which requests are quick.

A new method is one file beside this one and one row here, with a `Lazy` function if it imports SymPy or matplotlib.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from secant.v1 import (
    check_pb2,
    derivative_pb2,
    descend_pb2,
    describe_pb2,
    evaluate_pb2,
    local_pb2,
    plot_pb2,
)

from secantd.answers.functions import FunctionCache
from secantd.transport import cost
from secantd.transport.messages.contract import check_size, parse
from secantd.transport.methods.approximate import approximate
from secantd.transport.methods.descend import bunches
from secantd.transport.methods.describe import describe
from secantd.transport.methods.differentiate import differentiate
from secantd.transport.methods.evaluate import evaluate, lift
from secantd.transport.methods.evaluatestream import EvaluateStream, lift_block
from secantd.transport.methods.explain import explain
from secantd.transport.methods.gradient import gradient
from secantd.transport.methods.hessian import hessian
from secantd.transport.methods.jacobian import jacobian
from secantd.transport.methods.lazy import Lazy
from secantd.transport.methods.tangent import tangent
from secantd.transport.methods.taylor import taylor

__all__ = ["METHODS", "Kind", "Rpc", "answer", "answer_message"]


class Kind(Enum):
    """How many messages a call has, by gRPC's names."""

    UNARY = "one request, one reply"
    RESPONSE_STREAMING = "one request, many replies"
    BIDIRECTIONAL = "many requests, many replies"


def never_lifted(data: bytes) -> None:
    """Leave all requests to protobuf."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """One method. Its function raises CalculusError and knows nothing of gRPC.

    Attributes:
        kind: How many messages a call has.
        request: The class of its requests.
        answer: By kind. UNARY: request and functions in, reply out. RESPONSE_STREAMING: request and functions in, an
            iterator of serialized replies out, each with whether it is the last. BIDIRECTIONAL: functions in, an object
            out whose `job(request)` returns a function without arguments that returns the reply, or None where there is
            none; jobs run in the order of the requests.
        quick: Whether a request surely takes less than a few milliseconds, and so runs on the event loop; of a stream
            only its first reply does.
        lift: Returns the fields of a request whose large arrays are not copied, None for one that protobuf parses.
        in_thread: Whether a lifted request is NumPy's work for a moment, which is done where the bytes are: passing them to a
            worker process and back would take as long.
    """

    kind: Kind
    request: type[Any]
    answer: Callable[..., Any]
    quick: Callable[[Any], bool]
    lift: Callable[[bytes], Any | None] = never_lifted
    in_thread: Callable[[Any], bool] = cost.never


METHODS: dict[str, Rpc] = {
    "Differentiate": Rpc(Kind.UNARY, derivative_pb2.DifferentiateRequest, differentiate, cost.few_derivatives),
    "Gradient": Rpc(Kind.UNARY, derivative_pb2.GradientRequest, gradient, cost.plain),
    "Jacobian": Rpc(Kind.UNARY, derivative_pb2.JacobianRequest, jacobian, cost.tiny),
    "Hessian": Rpc(Kind.UNARY, derivative_pb2.HessianRequest, hessian, cost.tiny),
    "Taylor": Rpc(Kind.UNARY, local_pb2.TaylorRequest, taylor, cost.low_order),
    "Tangent": Rpc(Kind.UNARY, local_pb2.TangentRequest, tangent, cost.tiny),
    "Approximate": Rpc(Kind.UNARY, local_pb2.ApproximateRequest, approximate, cost.no_sweep),
    "EvaluateStream": Rpc(
        Kind.BIDIRECTIONAL, evaluate_pb2.EvaluateStreamRequest, EvaluateStream, cost.never, lift_block
    ),
    "Descend": Rpc(Kind.RESPONSE_STREAMING, descend_pb2.DescendRequest, bunches, cost.brief_start),
    "Check": Rpc(Kind.UNARY, check_pb2.CheckRequest, Lazy("check"), cost.never),
    "Explain": Rpc(Kind.UNARY, derivative_pb2.ExplainRequest, explain, cost.without_page),
    "Export": Rpc(Kind.UNARY, derivative_pb2.ExportRequest, Lazy("export"), cost.never),
    "Extrema": Rpc(Kind.UNARY, local_pb2.ExtremaRequest, Lazy("extrema"), cost.never),
    "Evaluate": Rpc(Kind.UNARY, evaluate_pb2.EvaluateRequest, evaluate, cost.few_points, lift, cost.many_points),
    "Plot": Rpc(Kind.UNARY, plot_pb2.PlotRequest, Lazy("plot"), cost.never),
    "Describe": Rpc(Kind.UNARY, describe_pb2.DescribeRequest, describe, cost.always),
}


def answer(name: str, request: bytes, functions: FunctionCache) -> bytes:
    """Return the reply of the unary method called `name`; request and reply are serialized.

    Args:
        name: The name of the method in the contract.
        request: The serialized request.
        functions: The cache of parsed functions.

    Raises:
        CalculusError: The request is invalid or its reply is too large.
    """
    method = METHODS[name]
    fields = method.lift(request)
    return answer_message(name, parse(method.request, request) if fields is None else fields, functions)


def answer_message(name: str, request: Any, functions: FunctionCache) -> bytes:
    """Return the reply of the unary method called `name`, serialized."""
    reply: bytes = METHODS[name].answer(request, functions).SerializeToString()
    check_size(reply, functions.limits)
    return reply
