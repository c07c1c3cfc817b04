"""What the calls give back: small frozen classes with the contract's words and NumPy arrays."""

from secant.results.approximation import Approximation, Sweep
from secant.results.check import Verdict, Witness
from secant.results.derivative import Derivative, Gradient
from secant.results.descent import Optimum, Outcome, Step, Trace
from secant.results.description import Description, KnownFunction, Limit
from secant.results.evaluation import Evaluation
from secant.results.explanation import Code, Derivation, Explanation, Export
from secant.results.figure import Figure
from secant.results.formula import Formula
from secant.results.local import CriticalPoint, Extrema, Tangent, Taylor, Term
from secant.results.matrix import Factor, Hessian, Jacobian

__all__ = [
    "Approximation",
    "Code",
    "CriticalPoint",
    "Derivation",
    "Derivative",
    "Description",
    "Evaluation",
    "Explanation",
    "Export",
    "Extrema",
    "Factor",
    "Figure",
    "Formula",
    "Gradient",
    "Hessian",
    "Jacobian",
    "KnownFunction",
    "Limit",
    "Optimum",
    "Outcome",
    "Step",
    "Sweep",
    "Tangent",
    "Taylor",
    "Term",
    "Trace",
    "Verdict",
    "Witness",
]
