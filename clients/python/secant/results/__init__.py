"""The results of calls: frozen dataclasses with the contract's names and NumPy arrays."""

from secant.results.approximation import Approximation, Sweep
from secant.results.check import Verdict, Witness
from secant.results.derivative import Derivative, Gradient
from secant.results.descent import Optimum, Outcome, Step, Trace
from secant.results.description import DescentMethod, DescentSetting, Description, KnownFunction, Limit
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
    "DescentMethod",
    "DescentSetting",
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
