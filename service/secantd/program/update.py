"""Update rules of descents, the states of their paths, and the interface of the loops that run them."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from secantd.program.source import build

__all__ = ["Rows", "State", "Update", "UpdateLoop", "arrays_of", "store"]

# The point, f and |∇f| of steps that follow each other, shape (k, n + 2).
Rows = NDArray[np.float64]
Vector = NDArray[np.float64]
# The point, the memory and the counters.
Arrays = tuple[Vector, list[Vector], list[float]]


@dataclass(frozen=True, slots=True)
class Update:
    """An update rule: source lines that hold for one coordinate as floats and for all of them as vectors.

    Attributes:
        lines: Assignments with {x}, {g} and each of `memory` in braces; parameters, the numbers of `counters`, `sqrt`,
            `abs` and `max` of two numbers by name.
        memory: Names of the values kept for each coordinate, which begin at 0.
        parameters: Names of the numbers that a run is given. A negative `rate` ascends.
        once: Assignments to `counters` at the beginning of each step, before the lines of the coordinates.
        counters: Names of the values kept for the whole path, each with its initial value.
    """

    lines: tuple[str, ...]
    memory: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    counters: tuple[tuple[str, float], ...] = ()


@dataclass(slots=True)
class State:
    """The state of a path: the point, shape (n,), the memory, shape (len(memory), n), and the counters."""

    x: list[float]
    memory: list[list[float]]
    counters: list[float]

    def copy(self) -> "State":
        """Return a copy that later steps do not change."""
        return State(list(self.x), [list(m) for m in self.memory], list(self.counters))


class UpdateLoop(ABC):
    """Runs steps of `update`.

    Args:
        update: The update rule.

    Attributes:
        step: Makes one step on whole vectors: from the point, the memory, the counters, ∇f and the parameters.
    """

    def __init__(self, update: Update) -> None:
        self.update = update
        self.step = step_of(update)

    def begin(self, x: Sequence[float]) -> State:
        """Return the state at the start of a path."""
        return State(
            list(x), [[0.0] * len(x) for _ in self.update.memory], [value for _, value in self.update.counters]
        )

    @abstractmethod
    def look(self, x: Sequence[float]) -> tuple[float, list[float], float]:
        """Return f, ∇f and |∇f| at a point."""

    @abstractmethod
    def run(
        self,
        state: State,
        parameters: Sequence[float],
        count: int,
        low: float,
        high: float,
        records: list[Rows] | None = None,
    ) -> int:
        """Make at most `count` steps, change `state`, and return how many were made.

        It stops before a step where |∇f| is not between `low` and `high`, or where f or ∇f is not finite. That may be
        one step too early: the caller computes the exact values and calls `single` to continue.

        Args:
            state: The state to begin with; afterwards, the state at the end.
            parameters: Numbers for `update.parameters`.
            count: The largest number of steps.
            low: The path has converged where |∇f| is at most this; negative: never.
            high: The path has diverged where |∇f| is at least this.
            records: Receives each point from which a step was made, and the one at which the path stopped.
        """

    def single(self, state: State, gradient: Sequence[float], parameters: Sequence[float]) -> bool:
        """Make one step with a given gradient, shape (n,), of any norm; return whether there is one."""
        with np.errstate(all="ignore"):
            store(state, *self.step(*arrays_of(state), np.array(gradient, dtype=np.float64), parameters))
        return True


def arrays_of(state: State) -> Arrays:
    return np.array(state.x), [np.array(m) for m in state.memory], state.counters


def store(state: State, x: Vector, memory: list[Vector], counters: list[float]) -> None:
    state.x, state.memory, state.counters = x.tolist(), [m.tolist() for m in memory], counters


@cache
def step_of(update: Update) -> Callable[..., Arrays]:
    """Return the function that makes one step on whole vectors."""
    scope = {"x": "x", "g": "g", **{m: m for m in update.memory}}
    memory = "".join(f"{m}, " for m in update.memory)
    counters = "".join(f"{name}, " for name, _ in update.counters)
    source = [f"{names} = {value}" for names, value in ((memory, "m"), (counters, "c")) if names]
    source.append(f"{', '.join(update.parameters)}, = p")
    source += update.once
    source += [line.format(**scope) for line in update.lines]
    source.append(f"return x, [{memory}], [{counters}]")
    names: dict[str, Any] = {"sqrt": np.sqrt, "abs": np.abs, "max": np.maximum}
    return build("x, m, c, g, p", source, names)
