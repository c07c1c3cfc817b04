"""Every rpc once, as a typed function that builds the call; `Client` and `AsyncClient` make it.

The docstrings are those of the clients' methods, which say what a caller gets.
"""

from secant.rpcs.check import check, explain, export
from secant.rpcs.derivative import differentiate, gradient, hessian, jacobian
from secant.rpcs.descend import descend
from secant.rpcs.describe import describe
from secant.rpcs.evaluate import evaluate, evaluate_stream
from secant.rpcs.local import approximate, extrema, tangent, taylor
from secant.rpcs.plot import plot

__all__ = [
    "approximate",
    "check",
    "descend",
    "describe",
    "differentiate",
    "evaluate",
    "evaluate_stream",
    "explain",
    "export",
    "extrema",
    "gradient",
    "hessian",
    "jacobian",
    "plot",
    "tangent",
    "taylor",
]
