"""Exact derivatives, and the answers computed from them."""

from secantd.calculus.columnresults import Evaluation, Taylor
from secantd.calculus.derivative import differentiate, gradient_answer
from secantd.calculus.evaluate import evaluate
from secantd.calculus.explain import Explanation, explain
from secantd.calculus.forward import derivative
from secantd.calculus.hessian import hessian
from secantd.calculus.jacobian import jacobian
from secantd.calculus.point import check_order
from secantd.calculus.results import (
    Derivative,
    Form,
    Formula,
    Gradient,
    Hessian,
    Jacobian,
    Naming,
    Tangent,
)
from secantd.calculus.reverse import gradient
from secantd.calculus.tangent import tangent, touching
from secantd.calculus.taylor import taylor

__all__ = [
    "Derivative",
    "Evaluation",
    "Explanation",
    "Form",
    "Formula",
    "Gradient",
    "Hessian",
    "Jacobian",
    "Naming",
    "Tangent",
    "Taylor",
    "check_order",
    "derivative",
    "differentiate",
    "evaluate",
    "explain",
    "gradient",
    "gradient_answer",
    "hessian",
    "jacobian",
    "tangent",
    "taylor",
    "touching",
]
