"""Every method on every standard problem with a known minimum.

Moré, Garbow, Hillstrom, ACM TOMS 7 (1981): Rosenbrock (1), Powell singular (13), Wood (14), Beale (5), Brown
badly scaled (4), Brown and Dennis (16), helical valley (7), with their starts and minima; Himmelblau, Booth and
the bowls are exact by construction.
"""

from dataclasses import dataclass

import pytest
from secantd.descent import (
    AdaGrad,
    Adam,
    Adamax,
    AmsGrad,
    Bfgs,
    ConjugateGradient,
    DescentRequest,
    FixedRate,
    Lbfgs,
    LineSearch,
    Method,
    Momentum,
    Nesterov,
    Newton,
    Outcome,
    RmsProp,
    StopReason,
    descend,
)
from secantd.language import read


@dataclass(frozen=True)
class Problem:
    """A function, where to begin, its minimum, and a rate at which gradients alone get there (0: none does)."""

    text: str
    start: tuple[float, ...]
    value: float
    rate: float = 0.0
    near: float = 1e-8


def bowl(condition: float) -> Problem:
    return Problem(f"(x1 - 1)^2 + {condition} * (x2 + 2)^2 / 2 + x3^2", (3.0, 1.0, -1.0), 0.0, 1.0 / (condition + 2.0))


PROBLEMS = {
    "rosenbrock": Problem("100*(x2 - x1^2)^2 + (1 - x1)^2", (-1.2, 1.0), 0.0, 1e-3),
    "beale": Problem(
        "(1.5 - x1*(1 - x2))^2 + (2.25 - x1*(1 - x2^2))^2 + (2.625 - x1*(1 - x2^3))^2", (1.0, 1.0), 0.0, 1e-2
    ),
    "himmelblau": Problem("(x1^2 + x2 - 11)^2 + (x1 + x2^2 - 7)^2", (0.0, 0.0), 0.0, 5e-3),
    "booth": Problem("(x1 + 2*x2 - 7)^2 + (2*x1 + x2 - 5)^2", (0.0, 0.0), 0.0, 5e-2),
    "powell singular": Problem(
        "(x1 + 10*x2)^2 + 5*(x3 - x4)^2 + (x2 - 2*x3)^4 + 10*(x1 - x4)^4", (3.0, -1.0, 0.0, 1.0), 0.0, 1e-3, 1e-6
    ),
    "wood": Problem(
        "100*(x2 - x1^2)^2 + (1 - x1)^2 + 90*(x4 - x3^2)^2 + (1 - x3)^2 + 10*(x2 + x4 - 2)^2 + (x2 - x4)^2/10",
        (-3.0, -1.0, -3.0, -1.0),
        0.0,
        2e-4,
    ),
    "brown badly scaled": Problem("(x1 - 1e6)^2 + (x2 - 2e-6)^2 + (x1*x2 - 2)^2", (1.0, 1.0), 0.0),
    "helical valley": Problem(
        "100*((x3 - 10*(ifelse(x1 < 0, 0.5, 0) + atan(x2/x1)/(2*pi)))^2 + (sqrt(x1^2 + x2^2) - 1)^2) + x3^2",
        (-1.0, 0.0, 0.0),
        0.0,
        1e-3,
    ),
    "brown and dennis": Problem(
        " + ".join(
            f"((x1 + {i / 5}*x2 - exp({i / 5}))^2 + (x3 + x4*sin({i / 5}) - cos({i / 5}))^2)^2" for i in range(1, 21)
        ),
        (25.0, 5.0, -5.0, -1.0),
        85822.20162635,
        near=1e-3,
    ),
    "log-cosh": Problem("log(cosh(x1 - 1)) + log(cosh(2*x2 + 1))", (0.0, 1.0), 0.0, 0.1),
    **{f"bowl of condition {c:g}": bowl(c) for c in (1.0, 1e2, 1e4, 1e6)},
}

METHODS: dict[str, Method] = {
    "conjugate gradient": ConjugateGradient(),
    "newton": Newton(),
    "bfgs": Bfgs(),
    "lbfgs": Lbfgs(),
    "lbfgs of memory 3": Lbfgs(3),
}


def run(problem: Problem, method: Method, max_steps: int = 3000, **others: float | bool) -> Outcome:
    """Return the outcome; the trace has its first and last step only."""
    start = tuple((f"x{i + 1}", v) for i, v in enumerate(problem.start))
    request = DescentRequest(
        read(problem.text), start, method=method, max_steps=max_steps, trace_every=max_steps, **others
    )  # type: ignore[arg-type]
    *_, last = descend(request)
    assert last.outcome is not None
    return last.outcome


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_method_of_higher_order_finds_every_minimum(problem: str, method: str) -> None:
    p = PROBLEMS[problem]
    outcome = run(p, METHODS[method])
    assert outcome.reason in (StopReason.CONVERGED, StopReason.STALLED), outcome.message
    assert outcome.value == pytest.approx(p.value, abs=p.near)


GRADIENT_METHODS = {
    "fixed rate": lambda rate: FixedRate(rate),
    "momentum": lambda rate: Momentum(rate / 5, 0.9),
    "nesterov": lambda rate: Nesterov(rate / 5, 0.9),
    # Wood's function is the one with the small rate, and has a saddle on AdaGrad's way.
    "adagrad": lambda rate: AdaGrad(0.5 if rate > 2e-4 else 5.0),
    "adam": lambda rate: Adam(0.01),
    "adamax": lambda rate: Adamax(0.01),
    "amsgrad": lambda rate: AmsGrad(0.1),
    "line search": lambda rate: LineSearch(),
}
MILD = [
    name
    for name, p in PROBLEMS.items()
    if p.rate and name not in ("bowl of condition 10000", "bowl of condition 1e+06", "powell singular")
]


@pytest.mark.parametrize("method", GRADIENT_METHODS)
@pytest.mark.parametrize("problem", MILD)
def test_every_method_of_first_order_finds_every_minimum_that_is_not_a_ravine(problem: str, method: str) -> None:
    p = PROBLEMS[problem]
    outcome = run(p, GRADIENT_METHODS[method](p.rate), max_steps=200_000, tolerance=1e-4)
    assert outcome.reason is StopReason.CONVERGED, outcome.message
    assert outcome.value == pytest.approx(p.value, abs=1e-4)


@pytest.mark.parametrize("problem", MILD)
def test_rmsprop_comes_as_near_to_every_minimum_as_its_rate_lets_it(problem: str) -> None:
    p = PROBLEMS[problem]
    outcome = run(p, RmsProp(1e-4, 0.99), max_steps=200_000)
    assert outcome.reason in (StopReason.STALLED, StopReason.STEPS_SPENT, StopReason.CONVERGED)
    assert outcome.value == pytest.approx(p.value, abs=1e-4)
