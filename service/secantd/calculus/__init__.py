"""Exact derivatives and what is made of them."""

from secantd.calculus.answers import Derivative, Evaluation, Form, Formula, Gradient
from secantd.calculus.derivative import differentiate, gradient_answer
from secantd.calculus.evaluate import evaluate
from secantd.calculus.explain import Explanation, explain
from secantd.calculus.forward import derivative
from secantd.calculus.hessian import Hessian, hessian
from secantd.calculus.jacobian import Jacobian, jacobian
from secantd.calculus.reverse import gradient
from secantd.calculus.tangent import Tangent, tangent
from secantd.calculus.taylor import Taylor, taylor

__all__ = [
    "Derivative",
    "Evaluation",
    "Explanation",
    "Form",
    "Formula",
    "Gradient",
    "Hessian",
    "Jacobian",
    "Tangent",
    "Taylor",
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
]
