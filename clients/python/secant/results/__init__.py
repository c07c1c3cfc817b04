"""The results of calls: frozen dataclasses with the contract's names and NumPy arrays."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from secant.results.approximation import Approximation, Sweep
    from secant.results.certificate import Certificate
    from secant.results.check import Verdict, Witness
    from secant.results.derivative import Derivative, Gradient
    from secant.results.descent import Optimum, Outcome, Step, Trace
    from secant.results.description import (
        DataSet,
        DescentMethod,
        DescentSetting,
        Description,
        KnownFunction,
        Limit,
    )
    from secant.results.evaluation import Evaluation
    from secant.results.explanation import Code, Derivation, Explanation, Export
    from secant.results.figure import Figure
    from secant.results.formula import Formula
    from secant.results.local import CriticalPoint, Extrema, Tangent, Taylor, Term
    from secant.results.matrix import Factor, Hessian, Jacobian

__all__ = [
    "Approximation",
    "Certificate",
    "Code",
    "CriticalPoint",
    "DataSet",
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

# The module of each name, which is imported when the name is first used: the command needs a few of them.
_HOMES = {
    "Approximation": "approximation",
    "Sweep": "approximation",
    "Certificate": "certificate",
    "Verdict": "check",
    "Witness": "check",
    "Derivative": "derivative",
    "Gradient": "derivative",
    "Optimum": "descent",
    "Outcome": "descent",
    "Step": "descent",
    "Trace": "descent",
    "DataSet": "description",
    "DescentMethod": "description",
    "DescentSetting": "description",
    "Description": "description",
    "KnownFunction": "description",
    "Limit": "description",
    "Evaluation": "evaluation",
    "Code": "explanation",
    "Derivation": "explanation",
    "Explanation": "explanation",
    "Export": "explanation",
    "Figure": "figure",
    "Formula": "formula",
    "CriticalPoint": "local",
    "Extrema": "local",
    "Tangent": "local",
    "Taylor": "local",
    "Term": "local",
    "Factor": "matrix",
    "Hessian": "matrix",
    "Jacobian": "matrix",
}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one of this module.
    def __getattr__(name: str) -> Any:
        """Return a class of results."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
