"""What a language's writer is given: everything but the signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from secantd.export.source import Statements

__all__ = ["Part", "Plan", "indented", "triangle"]


@dataclass(frozen=True, slots=True)
class Part:
    """A function that computes f and its derivatives up to an order.

    Attributes:
        order: 0, 1 or 2; the outputs are f, the gradient, the upper triangle of the Hessian row by row.
        code: Its statements.
        used: The inputs that the statements read, as they are written.
        follows: For each output the variables it depends on.
    """

    order: int
    code: Statements
    used: frozenset[str]
    follows: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A file to be written.

    Attributes:
        name: Of the function.
        variables: Its arguments; the first `partials` are those it is differentiated by.
        partials: How many.
        scalars: Data of one row, arguments like the variables.
        columns: Data columns.
        rows: The name of their length, "" where there are none.
        fixed: The only length the code holds for; 0: any.
        temporary: What the names of temporaries begin with.
        parts: One for each order, lowest first; for R the highest only.
        helpers: Source of the helper functions, in an order in which each uses only those before it.
        names: Names for the writer's own use: {"value": "value_"} where an author has a `value`.
    """

    name: str
    variables: tuple[str, ...]
    partials: int
    scalars: tuple[str, ...]
    columns: tuple[str, ...]
    rows: str
    fixed: int
    parts: tuple[Part, ...]
    helpers: tuple[str, ...]
    names: dict[str, str]

    @property
    def arguments(self) -> tuple[str, ...]:
        """All of them, in order."""
        return (*self.variables, *self.scalars, *self.columns)

    @property
    def by(self) -> tuple[str, ...]:
        """By what f is differentiated."""
        return self.variables[: self.partials]


def triangle(size: int) -> list[tuple[int, int]]:
    """Return the places of the upper triangle, row by row.

    >>> triangle(2)
    [(0, 0), (0, 1), (1, 1)]
    """
    return [(i, j) for i in range(size) for j in range(i, size)]


def indented(lines: Sequence[str], by: str) -> str:
    """Return lines as text, each behind `by`; empty ones stay empty."""
    return "".join(f"{by}{line}\n" if line else "\n" for line in lines)
