"""The rpcs as typed functions that build calls; `Client` and `AsyncClient` make them.

A new rpc is a function in this folder and its name here; `equal` is Check with order 0. The function's docstring is also that of the clients' methods: it
describes what the caller gets.
"""

from secant._methods import Answered, Descended, Streamed
from secant.rpcs.check import check, equal, explain, export
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
    "equal",
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


class Methods:
    """The rpcs as methods of a client."""

    differentiate = Answered(differentiate)
    gradient = Answered(gradient)
    jacobian = Answered(jacobian)
    hessian = Answered(hessian)
    taylor = Answered(taylor)
    tangent = Answered(tangent)
    approximate = Answered(approximate)
    evaluate = Answered(evaluate)
    evaluate_stream = Streamed(evaluate_stream)
    descend = Descended(descend)
    check = Answered(check)
    equal = Answered(equal)
    explain = Answered(explain)
    export = Answered(export)
    plot = Answered(plot)
    extrema = Answered(extrema)
    describe = Answered(describe)
