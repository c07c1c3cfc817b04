"""Exact derivatives and what is made of them."""

from secantd.calculus.answers import Derivative, Evaluation, Form, Formula, Gradient
from secantd.calculus.derivative import differentiate, gradient_answer
from secantd.calculus.evaluate import evaluate
from secantd.calculus.forward import derivative
from secantd.calculus.reverse import gradient

__all__ = [
    "Derivative",
    "Evaluation",
    "Form",
    "Formula",
    "Gradient",
    "derivative",
    "differentiate",
    "evaluate",
    "gradient",
    "gradient_answer",
]
