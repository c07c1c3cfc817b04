"""The engine of this process, as fits need it: queries of sums, and its errors as those of a client."""

from secantd.descent import Bunch
from secantd.engine.descents import descend_rows
from secantd.export.sql import DATABASES, Dialect
from secantd.export.sql.code import Written
from secantd.export.sql.names import table_name
from secantd.export.sql.summed import RowSum
from secantd.language.notation import Notation
from secantd.rows import RowFormula, Sum
from secantd.transport.methods.descend import record

from secant._failures import engine_errors

__all__ = [
    "Bunch", "Notation", "RowFormula", "RowSum", "Sum", "Written", "descend_rows", "engine_errors", "record", "table_in_duckdb",
]  # fmt: skip


def table_in_duckdb(text: str) -> str:
    """Return the quoted name of a table.

    Raises:
        InvalidArgument: The text is not the name of a table.
    """
    with engine_errors():
        return table_name(text, DATABASES[Dialect.DUCKDB])
