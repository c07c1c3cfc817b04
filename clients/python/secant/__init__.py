"""Secant: derivatives, gradients and descents of functions written in R or Python notation.

    import secant

    with secant.local() as s:                       # a server inside this process
        s.differentiate("x * exp(x)", "x")          # (1 + x) * exp(x)

    s = secant.connect("127.0.0.1:50051")           # a server elsewhere
    s.gradient("x^2 + 2*y^2", at={"x": 2, "y": 1}).values

`Client` has a method for each call of the service; `AsyncClient` (`connect_async`, `local_async`) has the
same to be awaited. Every failure is a subclass of `Error`.
"""

from secant.async_client import AsyncClient, connect_async
from secant.channel import TLS
from secant.client import Client, connect
from secant.descent import AsyncDescent, Descent
from secant.embedded import local, local_async
from secant.errors import (
    Busy,
    Cancelled,
    DeadlineExceeded,
    Error,
    Internal,
    InvalidArgument,
    OutOfRange,
    ResourceExhausted,
    Unauthenticated,
    Unavailable,
    Unimplemented,
)
from secant.expression import Expression
from secant.results import (
    Approximation,
    Code,
    CriticalPoint,
    Derivation,
    Derivative,
    Description,
    Evaluation,
    Explanation,
    Export,
    Extrema,
    Factor,
    Figure,
    Formula,
    Gradient,
    Hessian,
    Jacobian,
    KnownFunction,
    Limit,
    Optimum,
    Outcome,
    Step,
    Sweep,
    Tangent,
    Taylor,
    Term,
    Trace,
    Verdict,
    Witness,
)

__all__ = [
    "TLS",
    "Approximation",
    "AsyncClient",
    "AsyncDescent",
    "Busy",
    "Cancelled",
    "Client",
    "Code",
    "CriticalPoint",
    "DeadlineExceeded",
    "Derivation",
    "Derivative",
    "Descent",
    "Description",
    "Error",
    "Evaluation",
    "Explanation",
    "Export",
    "Expression",
    "Extrema",
    "Factor",
    "Figure",
    "Formula",
    "Gradient",
    "Hessian",
    "Internal",
    "InvalidArgument",
    "Jacobian",
    "KnownFunction",
    "Limit",
    "Optimum",
    "OutOfRange",
    "Outcome",
    "ResourceExhausted",
    "Step",
    "Sweep",
    "Tangent",
    "Taylor",
    "Term",
    "Trace",
    "Unauthenticated",
    "Unavailable",
    "Unimplemented",
    "Verdict",
    "Witness",
    "connect",
    "connect_async",
    "local",
    "local_async",
]
