"""Matrices of formulas: Jacobians and Hessians."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from secant._reply import expect, expect_length
from secant.results._repeat import Repeat, Repeatable
from secant.results.derivative import row_text
from secant.results.formula import Answer, Formula, formula, known, optional

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.v1 import derivative_pb2 as pb
    from secant.v1 import expression_pb2

__all__ = ["Factor", "Hessian", "Jacobian", "hessian", "jacobian"]

Rows = tuple[tuple[Formula, ...], ...]


class _Matrix(Answer):
    """The common part of matrices of formulas."""

    __slots__ = ()
    variables: tuple[str, ...]
    rows: Rows
    values: "Array | None"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> "Array":
        """Return the matrix at the point, for NumPy."""
        found = known(self.values, "values")
        return found.astype(dtype or found.dtype)

    def _table(self) -> dict[str, Any]:
        entries = self.texts if self.values is None else self.values.tolist()
        columns = list(zip(*entries, strict=True))
        names = self.variables if len(self.variables) == len(columns) else [str(k + 1) for k in range(len(columns))]
        return dict(zip(names, columns, strict=True))

    @property
    def texts(self) -> tuple[tuple[str, ...], ...]:
        """The texts of the entries, row by row."""
        return tuple(tuple(entry.text for entry in row) for row in self.rows)

    def _formulas(self) -> Sequence[Sequence[Formula]]:
        return self.rows

    @property
    def _is_single(self) -> bool:
        return len(self.rows) == 1 and len(self.rows[0]) == 1

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
    """One factor of a product of Jacobians.

    Attributes:
        name: "df/dx" or "dx/dt".
        variables: The variables of the columns.
        rows: The entries, row by row.
        values: The entries at the point, shape (m, n); None without a point.
        shape: "m x n".
    """

    name: str
    variables: tuple[str, ...]
    rows: Rows
    values: "Array | None"
    shape: str


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Jacobian(_Matrix):
    """All first partial derivatives of a vector function, J[i, j] = ∂fᵢ/∂xⱼ, of shape m x n.

    `value` is f at the point, and `jacobian` the matrix there.

    Attributes:
        variables: x₁ … xₙ, the columns.
        rows: The entries, row by row.
        values: The entries at the point, shape (m, n), where m and n count the entries of vectors and matrices, row by row;
            None without a point. `jacobian` is the same or an error.
        function_values: f at the point, shape (m,); None without a point. `value` is the same or an error.
        determinant: det J if m = n; else None.
        sign: The sign of det J, -1, 0 or 1; None if not known.
        area_factor: |det J|, the factor by which areas or volumes grow; None if not known.
        factors: For a composition, df/dx and dx/dt, whose product is `rows`; else empty.
        shape: "m x n".
        notices: Notices about the answer.
        function_values_are_limits: Whether each of `function_values` is a limit, because its component is 0/0 at the point;
            empty without a point.
    """

    variables: tuple[str, ...]
    rows: Rows
    values: "Array | None"
    function_values: "Array | None"
    determinant: Formula | None
    sign: int | None
    area_factor: float | None
    factors: tuple[Factor, ...]
    shape: str
    notices: tuple[str, ...]
    function_values_are_limits: tuple[bool, ...] = ()

    _RENAMED: ClassVar[Mapping[str, str]] = {"values": "jacobian", "function_values": "value"}

    def _facts(self) -> dict[str, Any]:
        one = self.determinant and (
            self.determinant.value if self.determinant.value is not None else str(self.determinant)
        )
        return {"jacobian": self.values, "value": self.function_values, "determinant": one}

    @property
    def value(self) -> "Array":
        """f at the point, shape (m,).

        Raises:
            ValueError: No point was given.
        """
        return known(self.function_values, "value")

    @property
    def jacobian(self) -> "Array":
        """The matrix at the point, shape (m, n).

        Raises:
            ValueError: No point was given.
        """
        return known(self.values, "jacobian")


@dataclass(frozen=True, repr=False, eq=False, slots=True)
class Hessian(_Matrix, Repeatable):
    """All second partial derivatives of a scalar function, a symmetric matrix of shape n x n.

    `value` is f at the point, and `hessian` the matrix there. A Hessian can be called with another point, and so can be the argument
    `hess` of scipy.optimize.minimize: see `Repeatable`.

    Attributes:
        variables: x₁ … xₙ, rows and columns.
        rows: The entries, row by row; with respect to vectors, each is a matrix.
        values: The entries at the point, shape (n, n), where n counts the entries of vectors and matrices, row by row; None
            without a point. `hessian` is the same or an error.
        function_value: f at the point; None without a point. `value` is the same or an error.
        definiteness: "POSITIVE", "POSITIVE_SEMI", "INDEFINITE", "NEGATIVE_SEMI", "NEGATIVE", "ZERO", or "" if not known.
        eigenvalues: The eigenvalues in ascending order, shape (n,); None if not known.
        shape: "n x n".
        notices: Notices about the answer.
        value_is_limit: Whether `value` is a limit, because f is 0/0 at the point; each entry of `rows` has its own.
    """

    variables: tuple[str, ...]
    rows: Rows
    values: "Array | None"
    function_value: float | None
    definiteness: str
    eigenvalues: "Array | None"
    shape: str
    notices: tuple[str, ...]
    value_is_limit: bool = False
    _repeat: Repeat | None = field(default=None, repr=False)

    _RENAMED: ClassVar[Mapping[str, str]] = {"values": "hessian", "function_value": "value"}

    def _facts(self) -> dict[str, Any]:
        definiteness = self.definiteness.lower().replace("_", " ")
        return {
            "hessian": self.values,
            "value": self.function_value,
            "definiteness": definiteness,
            "eigenvalues": self.eigenvalues,
        }

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return the matrix as a data frame, with the names of variables as columns and, in pandas, as index."""
        found = _Matrix.to_frame(self, library)
        return found.set_axis(list(found.columns)) if library == "pandas" else found

    @property
    def value(self) -> float:
        """f at the point.

        Raises:
            ValueError: No point was given.
        """
        return known(self.function_value, "value")

    @property
    def hessian(self) -> "Array":
        """The matrix at the point, shape (n, n).

        Raises:
            ValueError: No point was given.
        """
        return known(self.values, "hessian")


def jacobian(reply: "pb.JacobianResponse", notations: Sequence[int]) -> Jacobian:
    """Return the reply as a Jacobian.

    Raises:
        MalformedReplyError: A row does not have one partial for each variable, or only some entries have values.
    """
    from secant._arrays import array
    from secant.results._record import record

    rows = _rows(reply.rows, reply.variables, notations)
    arrays = any(entry.values is not None for row in rows for entry in row)
    if reply.values and not arrays:
        expect_length("values of f", reply.values, len(rows), "rows")
    return record(
        Jacobian,
        reply,
        notations,
        rows=rows,
        values=_blocks(rows, len(reply.values)) if arrays else _numbers(rows),
        function_values=array(reply.values) if reply.values else None,
        function_values_are_limits=tuple(reply.values_are_limits),
        factors=tuple(_factor(factor, notations) for factor in reply.factors),
    )


def hessian(reply: "pb.HessianResponse", notations: Sequence[int], request: "pb.HessianRequest") -> Hessian:
    """Return the reply as a Hessian.

    Args:
        reply: The reply.
        notations: The numbers of the notations requested.
        request: The request, which calls of the result repeat at other points.

    Raises:
        MalformedReplyError: The matrix is not n x n, or only some entries have values.
    """
    from secant._arrays import array
    from secant.results._record import record
    from secant.results.blocks import square

    rows = _rows(reply.rows, reply.variables, notations)
    expect_length("rows", rows, len(reply.variables), "variables")
    values = square(rows)
    if reply.eigenvalues:
        # Each entry of a vector has a row.
        expect_length("eigenvalues", reply.eigenvalues, reply.shape.rows or len(rows), "variables")
    return record(
        Hessian,
        reply,
        notations,
        rows=rows,
        values=values,
        function_value=optional(reply, "value"),
        _repeat=Repeat("Hessian", request, reply, values_at),
        eigenvalues=array(reply.eigenvalues) if reply.eigenvalues else None,
    )


def _factor(factor: "pb.Factor", notations: Sequence[int]) -> Factor:
    from secant.results._record import record

    rows = _rows(factor.rows, factor.variables, notations)
    return record(Factor, factor, notations, rows=rows, values=_numbers(rows))


def _rows(rows: "Iterable[expression_pb2.Row]", variables: Sequence[str], notations: Sequence[int]) -> Rows:
    for row in rows:
        expect_length("partials in a row", row.partials, len(variables), "variables")
    return tuple(tuple(formula(entry, notations) for entry in row.partials) for row in rows)


def _numbers(rows: Rows) -> "Array | None":
    from secant.results.blocks import joined

    return joined(rows, [1] * len(rows), [1] * (len(rows[0]) if rows else 0))


def _blocks(rows: Rows, components: int) -> "Array | None":
    """Return the values of a Jacobian of `components` rows whose entries are vectors and matrices."""
    import numpy as np

    from secant.results.blocks import joined

    heights = []
    for row in rows:
        blocks = [len(v) for entry in row if (v := entry.values) is not None and v.ndim > 1]
        heights.append(components if len(rows) == 1 else blocks[0] if blocks else 1)
    expect(sum(heights) == components, f"{sum(heights)} rows for {components} components")
    first = [np.size(value) if (value := entry.at_point) is not None else 0 for entry in rows[0]]
    return joined(rows, heights, [size // heights[0] for size in first])


def values_at(reply: "pb.HessianResponse") -> "Array":
    """Return the Hessian at the point of a reply, shape (n, n)."""
    from secant.results.blocks import square

    found = square(_rows(reply.rows, reply.variables, ()))
    expect(found is not None, "a Hessian without values")
    assert found is not None
    return found
