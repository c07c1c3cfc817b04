"""The request and the outcome of a descent: records for the messages of `descend.proto`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from secantd.calculus.results import Nature
from secantd.descent.box import Bound
from secantd.descent.entries import entry_names
from secantd.descent.methods import Bfgs, Method
from secantd.descent.steps import Steps
from secantd.language.function import Function

__all__ = ["Bunch", "DescentRequest", "Finding", "Optimum", "Outcome", "Regime", "StopReason"]


@dataclass(frozen=True, slots=True)
class DescentRequest:
    """A descent (or ascent) of a scalar function.

    Attributes:
        function: A scalar function.
        start: (variable, value) pairs, one for each variable; their order is the order of every point. Each entry of a
            vector or a matrix is a variable of its own, a matrix row by row.
        maximize: Whether to ascend.
        method: The method.
        max_steps: The largest number of steps; 0: the limit `steps`.
        tolerance: The descent stops when |∇f| ≤ tolerance; 0: only `max_steps` stops it.
        trace_every: k, to report the first step, every k-th and the last; 0: every step.
        bounds: Bounds on variables, for methods that support them (Lbfgs).
        starts: Further starts, a column of shape (starts,) for each variable.
        standard_errors: Whether to compute them: f is a negative log-likelihood, with `maximize` a log-likelihood.
        first_number: The number of the first step.
        zero_based: Whether the indices in the names of entries count from 0.
    """

    function: Function
    start: tuple[tuple[str, Any], ...]
    maximize: bool = False
    method: Method = field(default_factory=Bfgs)
    max_steps: int = 0
    tolerance: float = 1e-5
    trace_every: int = 0
    bounds: tuple[Bound, ...] = ()
    starts: tuple[tuple[str, NDArray[np.float64]], ...] = ()
    standard_errors: bool = False
    first_number: int = 0
    zero_based: bool = False

    @property
    def variables(self) -> list[str]:
        """The n variables, in the order of a point: the names of the start, or of the entries of its arrays."""
        return [
            entry
            for name, value in self.start
            for entry in entry_names(name, np.shape(value), zero_based=self.zero_based)
        ]


class StopReason(Enum):
    """Why a descent ended; values are those of `secant.v1.StopReason`."""

    CONVERGED = 1
    STEPS_SPENT = 2
    DIVERGED = 3
    NOT_FINITE = 4
    STALLED = 5


class Regime(Enum):
    """The behaviour of a fixed rate at the curvature along the path; values are those of `secant.v1.Regime`."""

    CONVERGES = 1
    OSCILLATES = 2
    DIVERGES = 3
    CRAWLS = 4


class Finding(Enum):
    """What was found out about f at the end of a path; values are those of `secant.v1.Finding`."""

    UNBOUNDED = 1
    KINK = 2
    PLATEAU = 3
    RUNS_AWAY = 4


@dataclass(frozen=True, slots=True)
class Optimum:
    """One of the distinct optima of many starts; `starts` is the number of paths that reached it."""

    point: tuple[float, ...]
    value: float
    starts: int
    nature: Nature | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a descent.

    Attributes:
        reason: Why it ended.
        message: A sentence with the reason, and what to do next.
        steps: The number of steps.
        point: The last point, n entries in the order of the start.
        value: f there.
        gradient_norm: |∇f| there, Euclidean.
        curvature: L, the largest curvature along the path; for a fixed rate only.
        rate_limit: 2/L.
        predicted_steps: The number of steps computed from the Hessian, for a fixed rate and a quadratic f.
        regime: The behaviour of the rate; None: not known.
        recommended_rate: A better rate.
        nature: The kind of the critical point or kink at the end; None: there is none, or it is not known.
        finding: What was found out about f; None: nothing.
        notices: Remarks on the start and on bounds.
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
    finding: Finding | None = None
    notices: tuple[str, ...] = ()
    standard_errors: tuple[float, ...] = ()
    optima: tuple[Optimum, ...] = ()


class Bunch(NamedTuple):
    """Steps in order; `outcome` is in the last bunch only."""

    steps: Steps
    outcome: Outcome | None = None
