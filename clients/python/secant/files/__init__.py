"""Formulas over files larger than memory: CSV, Arrow IPC and Parquet files, read in blocks with pyarrow (`pip install "secant[files]"`).

Names of columns in a formula are the data of a row, all other names are parameters with one value. Only columns that the formula
names are read. The formula is computed in this process, or by a server to which the blocks are sent.
"""

from secant.files.descending import descend_over
from secant.files.evaluation import FileEvaluation, evaluate
from secant.files.summing import RowSum, sum_over

__all__ = ["FileEvaluation", "RowSum", "descend_over", "evaluate", "sum_over"]
