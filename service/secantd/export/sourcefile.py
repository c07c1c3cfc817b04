"""The contents of a file of exported code, which the writer of a language prints."""

from collections.abc import Sequence
from dataclasses import dataclass

from secantd.export.statements import Statements

__all__ = ["Routine", "SourceFile", "indented", "triangle"]


@dataclass(frozen=True, slots=True)
class Routine:
    """A function that computes f and its derivatives up to an order.

    Attributes:
        order: 0, 1 or 2; the outputs are f, the gradient, the upper triangle of the Hessian row by row.
        code: Its statements.
        used: The inputs that the statements use, as spelled in the code.
        follows: For each output the variables on which it depends.
    """

    order: int
    code: Statements
    used: frozenset[str]
    follows: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of exported code.

    Attributes:
        name: The name of the function.
        variables: Its arguments; the first `partials` of them are the variables of the derivatives.
        partials: The number of partial derivatives.
        scalars: Data columns of one row, which are arguments like the variables.
        columns: The other data columns.
        rows: The name of their length, "" if there are no columns.
        fixed: The only length for which the code is valid; 0: any length.
        temporary: The prefix of temporary names.
        parts: A part for each order, lowest first; for R only the highest.
        helpers: The source of the helper functions; each uses only those before it.
        names: The spelling of names that the code itself uses: {"value": "value_"} if the author has a `value`.
    """

    name: str
    variables: tuple[str, ...]
    partials: int
    scalars: tuple[str, ...]
    columns: tuple[str, ...]
    rows: str
    fixed: int
    parts: tuple[Routine, ...]
    helpers: tuple[str, ...]
    names: dict[str, str]

    @property
    def arguments(self) -> tuple[str, ...]:
        """All arguments, in order."""
        return (*self.variables, *self.scalars, *self.columns)

    @property
    def by(self) -> tuple[str, ...]:
        """The variables of the derivatives."""
        return self.variables[: self.partials]


def triangle(size: int) -> list[tuple[int, int]]:
    """Return the places of the upper triangle, row by row.

    >>> triangle(2)
    [(0, 0), (0, 1), (1, 1)]
    """
    return [(i, j) for i in range(size) for j in range(i, size)]


def indented(lines: Sequence[str], by: str) -> str:
    """Return lines as text, each indented by `by`; empty lines stay empty."""
    return "".join(f"{by}{line}\n" if line else "\n" for line in lines)
