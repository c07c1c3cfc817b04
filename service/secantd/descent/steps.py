"""The steps of a path as arrays: there are many, and most of them are only sent."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["NO_STEPS", "Step", "Steps"]


class Step(NamedTuple):
    """One point of the path."""

    number: int
    point: tuple[float, ...]
    value: float
    gradient_norm: float


class Steps(Sequence[Step]):
    """Steps in ascending order of their numbers.

    Attributes:
        numbers: Shape (k,).
        rows: The point, f and |∇f| of each, shape (k, n + 2).

    >>> steps = Steps(np.array([0, 1]), np.array([[1.0, 2.0, 5.0, 0.5], [1.5, 2.5, 4.0, 0.25]]))
    >>> steps[-1]
    Step(number=1, point=(1.5, 2.5), value=4.0, gradient_norm=0.25)
    """

    __slots__ = ("numbers", "rows")

    def __init__(self, numbers: NDArray[np.int64], rows: NDArray[np.float64]) -> None:
        self.numbers = numbers
        self.rows = rows

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, index: int) -> Step: ...

    @overload
    def __getitem__(self, index: slice) -> "Steps": ...

    def __getitem__(self, index: int | slice) -> "Step | Steps":
        if isinstance(index, slice):
            return Steps(self.numbers[index], self.rows[index])
        *point, value, norm = self.rows[index].tolist()
        return Step(int(self.numbers[index]), tuple(point), value, norm)

    def __iter__(self) -> Iterator[Step]:
        for number, (*point, value, norm) in zip(self.numbers.tolist(), self.rows.tolist(), strict=True):
            yield Step(number, tuple(point), value, norm)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Steps({list(self)!r})"


NO_STEPS = Steps(np.empty(0, np.int64), np.empty((0, 2)))
