"""The query of the sum of a formula over all rows of a table, from the formula of one row."""

from collections.abc import Sequence
from dataclasses import dataclass

from secantd.calculus.point import scalar
from secantd.calculus.variables import chosen_variables
from secantd.errors import CalculusError, Reason
from secantd.export.derive import Columns, derive
from secantd.export.sql.code import Query, Table, Written, sql_source, stand_in
from secantd.export.sql.dialects import Dialect
from secantd.expression import VariableShape, reachable
from secantd.language import Function, Notation, read
from secantd.settings import DEFAULT_LIMITS, Limits
from secantd.shown import listed

__all__ = ["RowSum"]

REDUCTIONS = frozenset({"sum", "prod", "max_of", "min_of"})
NONE: dict[str, VariableShape] = {}


@dataclass(frozen=True, slots=True)
class RowSum:
    """The sum of a formula over the rows of a table.

    Args:
        text: The value of one row.
        columns: The names of the columns of the table.
        notation: The notation of the text; None: R or Python.
        limits: The limits that apply.

    >>> rows = RowSum("(y - a - b*x)^2", ("x", "y", "z"))
    >>> rows.columns_read, rows.parameters
    (('x', 'y'), ('a', 'b'))
    >>> rows.query("points", 2).parameters
    ('a', 'b')
    """

    text: str
    columns: tuple[str, ...]
    notation: Notation | None = None
    limits: Limits = DEFAULT_LIMITS

    @property
    def row(self) -> Function:
        """The formula of one row, its columns as variables."""
        return read(self.text, self.notation, {}, self.limits, NONE, self.columns)

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the formula, in order of first appearance."""
        row = self.row
        scalar(row)
        # A function(a, b) may have names that it does not declare.
        return (*row.variables, *sorted(row.used - set(row.variables)))

    @property
    def columns_read(self) -> tuple[str, ...]:
        """The columns that occur in the formula, in the order of the table."""
        names = self.names
        return tuple(c for c in self.columns if c in names)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The other names."""
        return tuple(n for n in self.names if n not in self.columns)

    def query(
        self,
        table: str,
        order: int,
        variables: Sequence[str] = (),
        dialect: Dialect = Dialect.DUCKDB,
        *,
        plain_sums: bool = False,
    ) -> Written:
        """Return the query of the sum and its derivatives.

        Args:
            table: The name of the table.
            order: 0, 1 or 2.
            variables: The parameters to differentiate with respect to; empty: all.
            dialect: The database.
            plain_sums: Whether the rounding of the sums may stay.

        Raises:
            CalculusError: INVALID_VALUE: the formula has no columns, or is a sum over rows itself; errors of Export.
        """
        columns = self.columns_read
        if not columns:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the formula contains no column of the table",
                f"its names are {listed(self.names)}; the columns are {listed(self.columns)}",
                field="expression.text",
            )
        function = self._summed(stand_in(columns))
        notices = list(function.notices)
        chosen = chosen_variables(function, tuple(variables) or self.parameters, notices) if order else ()
        derived = derive(function, order, chosen, self._summed)
        own = Table(function, columns, by_row=False)
        wanted = Query(table, dialect, columns, plain_sums=plain_sums)
        return sql_source(own, wanted, self.text, chosen, order, None, derived, notices, self.limits)

    def _summed(self, data: Columns, shapes: object = None) -> Function:
        """Return the sum of the formula, read with columns of data."""
        function = read(self.text, self.notation, data, self.limits, NONE, self.columns)
        value = function.outputs[0]
        inside = any(n.op in REDUCTIONS and n.args[0].rows > 1 for n in reachable(function.outputs))
        if inside or len(function.outputs) != 1 or value.rows == 1:
            raise CalculusError(
                Reason.INVALID_VALUE,
                "the formula contains a sum or another function of all rows",
                "write the value of one row; its sum over all rows is what is computed",
                field="expression.text",
            )
        return Function(
            function.graph, (function.graph.make("sum", value),), False, function.variables, function.notation,
            function.notices, used=function.used, assigned=function.assigned,
        )  # fmt: skip
