"""A Dask cluster of two worker processes, and data in the three forms that it takes."""

import logging
from types import SimpleNamespace

import numpy as np
import pytest

ROWS = 30_000


@pytest.fixture(scope="module")
def cluster():
    """A cluster of two processes with one thread each. It ends with the module: other tests fork this process and count its threads."""
    distributed = pytest.importorskip("distributed")
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    # A cluster of this machine gives up a worker that is not there 15 seconds after another one died; it may have died again.
    dask = pytest.importorskip("dask")
    dask.config.set({"distributed.deploy.lost-worker-timeout": "1h"})
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=":0", memory_limit=0, silence_logs=logging.CRITICAL
    ) as made:
        yield made


@pytest.fixture(scope="module")
def client(cluster):
    """A client of the cluster, which is the current one."""
    from distributed import Client

    with Client(cluster) as made:
        yield made


@pytest.fixture(scope="session")
def columns():
    """Rows of a straight line with noise, as arrays."""
    random = np.random.default_rng(18)
    x = random.normal(size=ROWS)
    return {"x": x, "y": 1.0 + 2.0 * x + random.normal(size=ROWS)}


@pytest.fixture(scope="session")
def folder(columns, tmp_path_factory):
    """The rows in three Parquet files, with a column of texts."""
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    made = tmp_path_factory.mktemp("rows")
    for number in range(3):
        part = {name: column[number * 10_000 : (number + 1) * 10_000] for name, column in columns.items()}
        table = pa.table({**part, "name": ["a"] * 10_000})
        pq.write_table(table, made / f"{number}.parquet", row_group_size=4_000)
    return made


@pytest.fixture(scope="session")
def forms(columns, folder):
    """The same rows in the same partitions: files, arrays, a dataframe."""
    da = pytest.importorskip("dask.array")
    pytest.importorskip("pandas")
    dd = pytest.importorskip("dask.dataframe")
    arrays = {name: da.from_array(column, chunks=10_000) for name, column in columns.items()}
    pattern = str(folder / "*.parquet")
    return SimpleNamespace(files=pattern, arrays=arrays, frame=dd.read_parquet(pattern))
