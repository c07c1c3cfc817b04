"""The public names of the package: `secant.__all__`."""

import importlib
from typing import TYPE_CHECKING, Any

from secant._channel import TLS
from secant._embedded import local, local_async
from secant._functions import (
    approximate,
    check,
    descend,
    describe,
    differentiate,
    equal,
    evaluate,
    evaluate_stream,
    explain,
    export,
    extrema,
    gradient,
    hessian,
    jacobian,
    plot,
    tangent,
    taylor,
)
from secant._notices import NoticeWarning
from secant._shared import use
from secant.async_client import AsyncClient, connect_async
from secant.client import Client, connect
from secant.descent import AsyncDescent, Descent
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
    Certificate,
    Code,
    CriticalPoint,
    DataSet,
    Derivation,
    Derivative,
    DescentMethod,
    DescentSetting,
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
from secant.testing import assert_derivative, assert_equal

if TYPE_CHECKING:
    from secant.files import FileEvaluation, RowSum, descend_over, sum_over

# They need the engine, which a client of a server does without.
_FILES = frozenset({"FileEvaluation", "RowSum", "descend_over", "sum_over"})

__all__ = [
    "TLS",
    "Approximation",
    "AsyncClient",
    "AsyncDescent",
    "Busy",
    "Cancelled",
    "Certificate",
    "Client",
    "Code",
    "CriticalPoint",
    "DataSet",
    "DeadlineExceeded",
    "Derivation",
    "Derivative",
    "Descent",
    "DescentMethod",
    "DescentSetting",
    "Description",
    "Error",
    "Evaluation",
    "Explanation",
    "Export",
    "Expression",
    "Extrema",
    "Factor",
    "Figure",
    "FileEvaluation",
    "Formula",
    "Gradient",
    "Hessian",
    "Internal",
    "InvalidArgument",
    "Jacobian",
    "KnownFunction",
    "Limit",
    "NoticeWarning",
    "Optimum",
    "OutOfRange",
    "Outcome",
    "ResourceExhausted",
    "RowSum",
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
    "approximate",
    "assert_derivative",
    "assert_equal",
    "check",
    "connect",
    "connect_async",
    "descend",
    "descend_over",
    "describe",
    "differentiate",
    "equal",
    "evaluate",
    "evaluate_stream",
    "explain",
    "export",
    "extrema",
    "gradient",
    "hessian",
    "jacobian",
    "local",
    "local_async",
    "plot",
    "sum_over",
    "tangent",
    "taylor",
    "use",
]


def __getattr__(name: str) -> Any:
    """Load what computes over files when it is first used."""
    if name in _FILES:
        return getattr(importlib.import_module("secant.files"), name)
    raise AttributeError(f"module 'secant' has no attribute {name!r}")
