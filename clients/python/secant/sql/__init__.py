"""Fits inside a database: maxima of sums over the rows of a table, by queries (`pip install "secant[sql]"`).

The formula of a row, a log-likelihood or a loss, becomes one aggregate SELECT of the sum, its gradient and its Hessian. Newton's
method asks for it once a step; the rows stay in the database. `descend_over` has the other methods.
"""

from secant.sql.descending import descend_over
from secant.sql.fitting import fit
from secant.sql.report import Fit

__all__ = ["Fit", "descend_over", "fit"]
