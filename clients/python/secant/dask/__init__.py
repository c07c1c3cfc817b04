"""Formulas of rows on a Dask cluster: the formula travels to the data, and sums come back.

    from distributed import Client
    import secant.dask

    client = Client("tcp://scheduler:8786")
    fit = secant.dask.descend("(y - a - b*x)^2", "measurements/*.parquet", {"a": 0, "b": 0}, method="newton").result()

A text is the value of one row. Names of columns are data of the row, all other names are parameters. The data are a path of
Parquet files that all workers can read, a Dask dataframe, or Dask arrays by name. Needs `pip install "secant[dask]"`.
"""

from secant.dask.descents import descend
from secant.dask.values import evaluate, gradient

__all__ = ["descend", "evaluate", "gradient"]
