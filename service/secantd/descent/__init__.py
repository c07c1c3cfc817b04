"""Descent and ascent as a generator of steps; `methods` has a file for each method."""

from secantd.calculus.results import Nature
from secantd.descent.box import Bound
from secantd.descent.descend import descend, descend_objective
from secantd.descent.methods import (
    METHODS,
    AdaGrad,
    Adam,
    Adamax,
    AmsGrad,
    Bfgs,
    ConjugateGradient,
    FixedRate,
    Lbfgs,
    LineSearch,
    Method,
    Momentum,
    Nesterov,
    Newton,
    RmsProp,
    name_of,
)
from secantd.descent.request import Bunch, DescentRequest, Finding, Optimum, Outcome, Regime, StopReason
from secantd.descent.steps import Step, Steps
from secantd.descent.summedobjective import SummedObjective

__all__ = [
    "METHODS",
    "AdaGrad",
    "Adam",
    "Adamax",
    "AmsGrad",
    "Bfgs",
    "Bound",
    "Bunch",
    "ConjugateGradient",
    "DescentRequest",
    "Finding",
    "FixedRate",
    "Lbfgs",
    "LineSearch",
    "Method",
    "Momentum",
    "Nature",
    "Nesterov",
    "Newton",
    "Optimum",
    "Outcome",
    "Regime",
    "RmsProp",
    "Step",
    "Steps",
    "StopReason",
    "SummedObjective",
    "descend",
    "descend_objective",
    "name_of",
]
