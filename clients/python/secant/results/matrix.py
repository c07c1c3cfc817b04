"""Matrices of formulas: Jacobians and Hessians."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from secant.arrays import Array, array
from secant.results.derivative import row_text, values
from secant.results.formula import Answer, Formula, formula, optional
from secant.v1 import derivative_pb2 as pb
from secant.v1 import expression_pb2
from secant.words import told

__all__ = ["Factor", "Hessian", "Jacobian", "hessian", "jacobian"]

Rows = tuple[tuple[Formula, ...], ...]


class _Matrix(Answer):
    """What matrices of formulas have in common."""

    __slots__ = ()
    rows: Rows

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The entries as texts, row by row."""
        return tuple(tuple(entry.text for entry in row) for row in self.rows)

    def __str__(self) -> str:
        return "\n".join(row_text(row) for row in self.rows)

    def _latex(self) -> str | None:
        rows = [[entry._latex() for entry in row] for row in self.rows]
        if not all(entry for row in rows for entry in row):
            return None
        lines = [" & ".join(str(entry) for entry in row) for row in rows]
        return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Factor(_Matrix):
    """One matrix of a product of Jacobians.

    Attributes:
        name: "df/dx", "dx/dt".
        variables: The columns.
        rows: The entries, row by row.
        values: The entries at the point, shape (m, n); None without one.
        shape: "m x n".
    """

    name: str
    variables: tuple[str, ...]
    rows: Rows
    values: Array | None
    shape: str


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Jacobian(_Matrix):
    """All first partials of a vector function, J[i, j] = ∂fᵢ/∂xⱼ, m x n.

    Attributes:
        variables: x₁ … xₙ, the columns.
        rows: The entries, row by row.
        values: The entries at the point, shape (m, n); None without a point.
        function_values: f at the point, shape (m,); None without one.
        determinant: det J where m = n; else None.
        sign: -1, 0 or 1, the sign of det J; None where it is not known.
        area_factor: |det J|, by what areas (volumes) grow; None where it is not known.
        factors: For a composition df/dx and dx/dt, whose product `rows` is.
        shape: "m x n".
        notices: What a reader should know.
    """

    variables: tuple[str, ...]
    rows: Rows
    values: Array | None
    function_values: Array | None
    determinant: Formula | None
    sign: int | None
    area_factor: float | None
    factors: tuple[Factor, ...]
    shape: str
    notices: tuple[str, ...]


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Hessian(_Matrix):
    """All second partials of a scalar function, symmetric, n x n.

    Attributes:
        variables: x₁ … xₙ, rows and columns.
        rows: The entries, row by row.
        values: The entries at the point, shape (n, n); None without a point.
        value: f at the point; None without one.
        definiteness: "POSITIVE", "POSITIVE_SEMI", "INDEFINITE", "NEGATIVE_SEMI", "NEGATIVE", "ZERO", or ""
            where it is not known.
        eigenvalues: Ascending, shape (n,); None where they are not known.
        shape: "n x n".
        notices: What a reader should know.
    """

    variables: tuple[str, ...]
    rows: Rows
    values: Array | None
    value: float | None
    definiteness: str
    eigenvalues: Array | None
    shape: str
    notices: tuple[str, ...]


def jacobian(reply: pb.JacobianResponse, notations: Sequence[int]) -> Jacobian:
    """Return the reply as a Jacobian."""
    rows = _rows(reply.rows, notations)
    return Jacobian(
        tuple(reply.variables),
        rows,
        _values(rows),
        array(reply.values) if reply.values else None,
        formula(reply.determinant, notations) if reply.HasField("determinant") else None,
        optional(reply, "sign"),
        optional(reply, "area_factor"),
        tuple(_factor(factor, notations) for factor in reply.factors),
        reply.shape.text,
        tuple(reply.notices),
    )


def hessian(reply: pb.HessianResponse, notations: Sequence[int]) -> Hessian:
    """Return the reply as a Hessian."""
    rows = _rows(reply.rows, notations)
    return Hessian(
        tuple(reply.variables),
        rows,
        _values(rows),
        optional(reply, "value"),
        told(pb.Definiteness, reply.definiteness),
        array(reply.eigenvalues) if reply.eigenvalues else None,
        reply.shape.text,
        tuple(reply.notices),
    )


def _factor(factor: pb.Factor, notations: Sequence[int]) -> Factor:
    rows = _rows(factor.rows, notations)
    return Factor(factor.name, tuple(factor.variables), rows, _values(rows), factor.shape.text)


def _rows(rows: Iterable[expression_pb2.Row], notations: Sequence[int]) -> Rows:
    return tuple(tuple(formula(entry, notations) for entry in row.partials) for row in rows)


def _values(rows: Rows) -> Array | None:
    lines = [line for row in rows if (line := values(row)) is not None]
    return np.stack(lines) if lines and len(lines) == len(rows) else None
