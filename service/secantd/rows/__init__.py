"""Formulas of rows: values and derivatives of each row of a table, and their sums, from arrays to arrays.

A text is the value of one row. Names of columns are data of the row, all other names are parameters. Nothing here knows where the
columns come from.
"""

from secantd.rows.compensated import BLOCK
from secantd.rows.formula import RowFormula
from secantd.rows.sum import Reduction, Sum, reduce_in_order
from secantd.rows.summation import sums
from secantd.rows.values import Values, values

__all__ = ["BLOCK", "Reduction", "RowFormula", "Sum", "Values", "reduce_in_order", "sums", "values"]
