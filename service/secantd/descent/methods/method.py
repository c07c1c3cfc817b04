"""The base classes of descent methods: a record of parameters, and a way to make steps."""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, NamedTuple

from secantd.descent.box import Box
from secantd.descent.objective import Objective
from secantd.descent.search import Point
from secantd.program.update import Update

__all__ = [
    "ABOVE_0",
    "BETWEEN_0_AND_1",
    "FROM_0_BELOW_1",
    "FROM_1",
    "Method",
    "Paced",
    "ParameterRange",
    "Searching",
    "Setting",
    "parameter",
]


class ParameterRange(NamedTuple):
    """The values of a parameter: above `least`, or from it on if `closed`, and below `most`."""

    least: float
    most: float
    closed: bool
    words: str

    def __contains__(self, value: object) -> bool:
        assert isinstance(value, float | int)
        return self.least < value < self.most or (self.closed and value == self.least)


ABOVE_0 = ParameterRange(0.0, math.inf, False, "above 0")
FROM_0_BELOW_1 = ParameterRange(0.0, 1.0, True, "at least 0 and below 1")
BETWEEN_0_AND_1 = ParameterRange(0.0, 1.0, False, "between 0 and 1")
FROM_1 = ParameterRange(1, math.inf, True, "at least 1")


def parameter(default: float, values: ParameterRange, meaning: str) -> Any:
    """Return the dataclass field of a parameter.

    Args:
        default: Its default.
        values: The values it may have.
        meaning: Its meaning with its unit, for Describe, the command's help and the contract.
    """
    return field(default=default, metadata={"range": values, "meaning": meaning})


class Setting(NamedTuple):
    """A parameter of a method as Describe lists it: `DescentSetting` of the contract."""

    name: str
    meaning: str
    range: str
    default_value: float


@dataclass(frozen=True, slots=True)
class Method:
    """A method; its fields are those of its message in `descend.proto`, and its docstring is its summary in Describe.

    Attributes:
        title: Its name in a sentence.
        bounded: Whether it supports bounds on variables.
        dense: Whether it keeps a matrix of n² numbers for n variables.
    """

    title: ClassVar[str]
    bounded: ClassVar[bool] = False
    dense: ClassVar[bool] = False

    @classmethod
    def ranges(cls) -> dict[str, ParameterRange]:
        """Return the allowed values of each parameter."""
        return {f.name: f.metadata["range"] for f in fields(cls)}

    @classmethod
    def settings(cls) -> tuple[Setting, ...]:
        """Return the parameters with their meanings, allowed values and defaults."""
        return tuple(
            Setting(f.name, f.metadata["meaning"], f.metadata["range"].words, float(f.default))  # type: ignore[arg-type]
            for f in fields(cls)
        )


@dataclass(frozen=True, slots=True)
class Paced(Method):
    """A method with a rate: each step updates the coordinates by the gradient at the current point.

    Attributes:
        update: The update rule, in which parameters are used by name; the first parameter is the rate.
    """

    update: ClassVar[Update]

    @classmethod
    def rule(cls) -> Update:
        """Return the update rule with the names of the parameters."""
        return replace(cls.update, parameters=tuple(f.name for f in fields(cls)))


@dataclass(frozen=True, slots=True)
class Searching(Method, ABC):
    """A method that searches along directions."""

    @abstractmethod
    def steps(self, objective: Objective, start: Point, box: Box | None) -> Iterator[Point | None]:
        """Yield the points of the path, and None in between where the work may be stopped.

        The iterator ends where no step decreases f.

        Args:
            objective: f.
            start: The start.
            box: Bounds, for a method that supports them.
        """
