"""What a descent is asked for and what it gives back: records of the messages of `descend.proto`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.descent.steps import Steps
from secantd.language.function import Function

__all__ = [
    "AdaGrad",
    "Adam",
    "Bfgs",
    "Bound",
    "Bunch",
    "ConjugateGradient",
    "DescentRequest",
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
    "StopReason",
]


@dataclass(frozen=True, slots=True)
class FixedRate:
    """x ← x - rate ∇f."""

    rate: float = 0.01


@dataclass(frozen=True, slots=True)
class Momentum:
    """v ← momentum v - rate ∇f, x ← x + v."""

    rate: float = 0.01
    momentum: float = 0.9


@dataclass(frozen=True, slots=True)
class Nesterov:
    """Momentum with the gradient taken at x + momentum v."""

    rate: float = 0.01
    momentum: float = 0.9


@dataclass(frozen=True, slots=True)
class AdaGrad:
    """Divides by the root of the summed squares of the gradient."""

    rate: float = 0.1


@dataclass(frozen=True, slots=True)
class RmsProp:
    """Divides by the root of a running mean of the squared gradient."""

    rate: float = 0.01
    decay: float = 0.9


@dataclass(frozen=True, slots=True)
class Adam:
    """Running means of the gradient and of its square, corrected for their start at 0."""

    rate: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999


@dataclass(frozen=True, slots=True)
class LineSearch:
    """Steepest descent with backtracking until Armijo's rule holds."""

    initial: float = 1.0
    shrink: float = 0.5
    armijo: float = 1e-4


@dataclass(frozen=True, slots=True)
class ConjugateGradient:
    """Polak-Ribière+."""


@dataclass(frozen=True, slots=True)
class Newton:
    """The Hessian shifted until it is positive definite, with backtracking."""


@dataclass(frozen=True, slots=True)
class Bfgs:
    """Quasi-Newton, dense."""


@dataclass(frozen=True, slots=True)
class Lbfgs:
    """Quasi-Newton, limited memory; takes bounds."""

    memory: int = 10


Method = (
    FixedRate | Momentum | Nesterov | AdaGrad | RmsProp | Adam | LineSearch | ConjugateGradient | Newton | Bfgs | Lbfgs
)


@dataclass(frozen=True, slots=True)
class Bound:
    """Keeps one variable inside an interval; an infinite end is none."""

    variable: str
    lower: float = -np.inf
    upper: float = np.inf


@dataclass(frozen=True, slots=True)
class DescentRequest:
    """A descent (or ascent) of a scalar function.

    Attributes:
        function: What to descend; one output.
        start: (variable, value) pairs, one for each variable; their order is the order of every point.
        maximize: Ascent.
        method: How a step is made.
        max_steps: At most so many steps; 0: the limit `steps`.
        tolerance: Stop when |∇f| ≤ tolerance; 0: only `max_steps` stops.
        trace_every: Give the first step, every k-th and the last; 0: every step.
        bounds: For the methods that take them (Lbfgs).
        starts: Further starts, one column of shape (starts,) for each variable.
        standard_errors: f is a negative log-likelihood (with `maximize` a log-likelihood).
        first_number: The number of the first step.
    """

    function: Function
    start: tuple[tuple[str, float], ...]
    maximize: bool = False
    method: Method = field(default_factory=Bfgs)
    max_steps: int = 0
    tolerance: float = 1e-5
    trace_every: int = 0
    bounds: tuple[Bound, ...] = ()
    starts: tuple[tuple[str, NDArray[np.float64]], ...] = ()
    standard_errors: bool = False
    first_number: int = 0


class StopReason(Enum):
    """Why a descent ended; values are those of `secant.v1.StopReason`."""

    CONVERGED = 1
    STEPS_SPENT = 2
    DIVERGED = 3
    NOT_FINITE = 4
    STALLED = 5


class Regime(Enum):
    """How a fixed rate behaves at the curvature met; values are those of `secant.v1.Regime`."""

    CONVERGES = 1
    OSCILLATES = 2
    DIVERGES = 3
    CRAWLS = 4


class Nature(Enum):
    """The kind of a critical point; values are those of `secant.v1.Nature`."""

    MINIMUM = 1
    MAXIMUM = 2
    SADDLE = 3
    INFLECTION = 4


@dataclass(frozen=True, slots=True)
class Optimum:
    """One of the distinct ends of many starts; `starts` says how many came here."""

    point: tuple[float, ...]
    value: float
    starts: int
    nature: Nature | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a descent ended, and why.

    Attributes:
        reason: Why it ended.
        message: The reason as a sentence that says what to do next.
        steps: How many steps were made.
        point: The last point, n entries in the order of the start.
        value: f there.
        gradient_norm: |∇f| there, Euclidean.
        curvature: L, the largest curvature met along the path; a fixed rate only.
        rate_limit: 2/L.
        predicted_steps: Told before running, for a fixed rate; exact where f is quadratic.
        regime: How this rate behaves; None: not known.
        recommended_rate: The rate to take instead.
        nature: What the Hessian says of the last point; None: not known.
        standard_errors: n entries, or none.
        optima: For many starts: the distinct ends, best first.
    """

    reason: StopReason
    message: str
    steps: int
    point: tuple[float, ...]
    value: float
    gradient_norm: float
    curvature: float | None = None
    rate_limit: float | None = None
    predicted_steps: int | None = None
    regime: Regime | None = None
    recommended_rate: float | None = None
    nature: Nature | None = None
    standard_errors: tuple[float, ...] = ()
    optima: tuple[Optimum, ...] = ()


class Bunch(NamedTuple):
    """Steps in order; `outcome` is in the last bunch only."""

    steps: Steps
    outcome: Outcome | None = None
