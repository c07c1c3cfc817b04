"""Sums and values over the rows of data on a cluster."""

import math
import sys

import numpy as np
import pytest
import secant
from secantd.engine.cluster import Cluster
from secantd.engine.connection import require_versions
from secantd.engine.passes import ClusterPasses, LocalPasses, Parts, part_sum
from secantd.errors import CalculusError
from secantd.rows import RowFormula
from secantd.tables import open_table

import secant.dask  # isort: skip

NORMAL = "(y - a - b*x)^2/(2*s^2) + log(s)"
AT = {"a": 0.5, "b": 1.0, "s": 1.5}


def bits(found):
    """All numbers of a sum as bytes."""
    return np.concatenate([[found.value], found.gradient, found.hessian.ravel()]).tobytes()


def test_value_and_derivatives_are_those_of_a_normal_likelihood(client, columns, forms):
    found = secant.dask.gradient(NORMAL, forms.files, AT, client=client)
    x, y = columns["x"], columns["y"]
    r, s = y - 0.5 - x, 1.5
    value = math.fsum((r**2 / (2 * s**2)).tolist()) + len(x) * math.log(s)
    gradient = [-math.fsum(r / s**2), -math.fsum(r * x / s**2), math.fsum(-(r**2) / s**3 + 1 / s)]
    assert found.variables == ("a", "b", "s")
    assert found.value == pytest.approx(value, rel=1e-14)
    assert found.gradient == pytest.approx(gradient, rel=1e-12)
    assert found.hessian[1, 1] == pytest.approx(math.fsum(x**2 / s**2), rel=1e-13)
    assert found.hessian[0, 2] == pytest.approx(math.fsum(2 * r / s**3), rel=1e-12)
    assert (found.rows, found.missing, found.failed) == (len(x), 0, 0)


def test_files_arrays_and_dataframes_of_the_same_partitions_have_the_same_bits(client, forms):
    found = [bits(secant.dask.gradient(NORMAL, data, AT, client=client)) for data in vars(forms).values()]
    assert found[0] == found[1] == found[2]


def test_the_number_of_workers_changes_no_bit(client, folder, monkeypatch):
    monkeypatch.setattr("secantd.tables.parquet.PART_ROWS", 1)
    table = open_table(str(folder))
    # Five partitions in groups of two: the tree of all is that of the groups.
    monkeypatch.setattr("secantd.engine.passes.GROUP", 2)
    formula = RowFormula(NORMAL, table.columns, order=2)
    alone = LocalPasses(table.parts).total(formula, AT)
    with Cluster(client) as cluster:
        both = ClusterPasses(cluster, Parts(table.parts)).total(formula, AT)
    first = next(iter(client.scheduler_info()["workers"]))

    class OneWorker(Parts):
        def submit(self, client, function, numbers, arguments):
            from functools import partial

            parts = [self._parts[i] for i in numbers]
            return client.map(partial(function, *arguments), parts, pure=False, workers=[first])

    with Cluster(client) as cluster:
        one = ClusterPasses(cluster, OneWorker(table.parts)).total(formula, AT)
    assert len(table.parts) == 9
    assert alone.pairs.tobytes() == both.pairs.tobytes() == one.pairs.tobytes()


def test_values_of_rows_are_those_of_evaluate(client, columns, forms):
    f = "a*x^2*y"
    with secant.local() as s:
        expected = s.evaluate(f, {"a": 2.0, **{n: c[:100] for n, c in columns.items()}}, "x", "y", order=2)
    for data in (forms.arrays, forms.files):
        found = secant.dask.evaluate(f, data, {"a": 2.0}, variables=["x", "y"], order=2)
        assert found.variables == ("x", "y")
        assert np.array_equal(found.values[:100].compute(), expected.values)
        assert np.array_equal(found.gradient[:100].compute(), expected.gradient)
        assert np.array_equal(found.hessian[:100].compute(), expected.hessian)
        assert repr(found) == f"<Evaluation of {len(columns['x'])} points by Dask: values.compute()>"
        assert found._repr_html_() is None
        assert found.to_dict()["value"][:100] == expected.values.tolist()
    table = secant.dask.evaluate(f, forms.frame, {"a": 2.0}, variables=["x", "y"], order=2)
    assert list(table.columns) == ["value", "d_x", "d_y", "d2_x_x", "d2_x_y", "d2_y_y"]
    assert np.array_equal(table.head(100)["d2_x_y"], expected.hessian[:, 0, 1])


def test_arrays_in_other_chunks_are_cut_as_the_first(client, columns):
    import dask.array as da

    mixed = {"x": da.from_array(columns["x"], chunks=10_000), "y": da.from_array(columns["y"], chunks=7_000)}
    even = {name: da.from_array(column, chunks=10_000) for name, column in columns.items()}
    assert bits(secant.dask.gradient(NORMAL, mixed, AT)) == bits(secant.dask.gradient(NORMAL, even, AT))
    assert secant.dask.evaluate("x + y", mixed).values.numblocks == (3,)


@pytest.fixture(scope="module")
def damaged(tmp_path_factory):
    """Folders of files with mistakes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    made = tmp_path_factory.mktemp("damaged")
    good = {"x": [1.0, 2.0], "y": [1.0, 3.0]}
    others = {
        "lacking": {"x": [1.0]},
        "typed": {"x": [1.0], "y": ["1"]},
        "missing": {"x": [1.0, None], "y": pa.array([1, None])},
        "large": {"x": [1.0], "y": [2**53 + 1]},
    }
    for name, columns in others.items():
        (made / name).mkdir()
        pq.write_table(pa.table(good), made / name / "a.parquet")
        pq.write_table(pa.table(columns), made / name / "b.parquet")
    (made / "short").mkdir()
    (made / "short" / "a.parquet").write_bytes((made / "typed" / "a.parquet").read_bytes()[:-9])
    return made


@pytest.mark.parametrize(
    ("where", "message"),
    [
        pytest.param("none", "there are no Parquet files at ", id="no-files"),
        pytest.param("lacking", "column 'y' is in .*a.parquet, but not in .*b.parquet", id="a-column-missing"),
        pytest.param("typed", "b.parquet is of type string, not of numbers; in .*a.parquet it is double", id="types"),
        pytest.param("missing", "1 of 4 rows have missing values .*, first in row 2 of .*b.parquet", id="null"),
        pytest.param("large", "b.parquet has numbers that lose digits as doubles", id="large-whole-numbers"),
        pytest.param("short", "a.parquet cannot be read: ", id="cut-short"),
    ],
)
def test_files_with_mistakes_are_refused_with_their_names(client, damaged, where, message):
    with pytest.raises(secant.InvalidArgument, match=message):
        secant.dask.gradient("(y - a*x)^2", str(damaged / where), {"a": 1.0}, client=client)


def test_rows_with_missing_values_are_left_out_on_request(client, damaged):
    found = secant.dask.gradient("(y - a*x)^2", str(damaged / "missing"), {"a": 1.0}, skip_missing=True)
    assert (found.value, found.rows, found.missing) == (1.0, 4, 1)
    assert found.first_failed == ((str(damaged / "missing" / "b.parquet"), 2),)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param({"y": np.array(["a"])}, "column 'y' is of type <U1, not of numbers", id="texts"),
        pytest.param({"y": np.ones((2, 2))}, "the array 'y' has 2 dimensions", id="matrix"),
        pytest.param({"y": np.ones(2), "x": np.ones(3)}, "the arrays differ in length: .*3 rows", id="lengths"),
    ],
)
def test_arrays_that_are_no_columns_are_refused(client, data, message):
    with pytest.raises(secant.InvalidArgument, match=message):
        secant.dask.gradient("(y - a)^2", data, {"a": 1.0})


def test_a_dataframe_with_a_column_of_texts_is_refused_before_it_is_read(client, forms):
    with pytest.raises(secant.InvalidArgument, match=r"column 'name' is of type .*, not of numbers"):
        secant.dask.gradient("a*name", forms.frame, {"a": 1.0})


def test_a_column_of_a_dataframe_may_have_missing_whole_numbers(client):
    import dask.dataframe as dd
    import pandas as pd

    frame = dd.from_pandas(pd.DataFrame({"y": pd.array([1, None, 3], dtype="Int64")}), npartitions=2)
    assert secant.dask.gradient("a*y", frame, {"a": 2.0}, skip_missing=True).value == 8.0


@pytest.mark.parametrize("data", [np.ones(3), [1.0], {}, None], ids=repr)
def test_data_of_another_kind_are_refused_with_the_kinds_that_are_taken(data):
    with pytest.raises(TypeError, match="a path of Parquet files, a Dask dataframe, or Dask arrays by name"):
        secant.dask.evaluate("x", data)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        pytest.param("dask://127.0.0.1:1", "no Dask scheduler answers at 127.0.0.1:1: Connection refused", id="none"),
        pytest.param("tcp://[::1]:1", r"no Dask scheduler answers at \[::1\]:1: ", id="ipv6"),
        pytest.param("dask://nowhere.invalid:8786", "no Dask scheduler answers at nowhere.invalid:8786: ", id="name"),
        pytest.param("dask://", "the address is not HOST:PORT", id="empty"),
        pytest.param("dask://127.0.0.1:port", "the address is not HOST:PORT", id="no-number"),
    ],
)
def test_a_scheduler_that_is_not_there_is_an_error_with_its_address(folder, address, message):
    with pytest.raises(secant.Unimplemented, match=message) as caught:
        secant.dask.gradient("(y - a)^2", str(folder), {"a": 1.0}, client=address)
    assert caught.value.reason == "MISSING_PART"


def test_what_is_no_client_is_refused(cluster, folder):
    with pytest.raises(TypeError, match=r"client must be a distributed\.Client that blocks, .*; got LocalCluster"):
        secant.dask.gradient("(y - a)^2", str(folder), {"a": 1.0}, client=cluster)


def test_an_address_of_a_scheduler_is_enough(client, folder):
    address = client.scheduler.address.replace("tcp", "dask")
    assert secant.dask.gradient("a + 0*y", str(folder), {"a": 1.0}, order=1, client=address).gradient == [30_000.0]


def test_workers_with_another_version_are_refused_with_both(client, folder):
    here = {"packages": {"secant": "0.2.0", "numpy": "2.0", "dask": "1", "distributed": "1"}}
    other = {"packages": {**here["packages"], "numpy": "1.26"}}
    with pytest.raises(CalculusError, match=r"versions differ: numpy is 2.0 here and 1.26 at tcp://a:1"):
        require_versions(here, {"tcp://a:1": other})
    with pytest.raises(CalculusError, match=r"Secant is not installed at 'tcp://a:1'"):
        require_versions(here, {"tcp://a:1": {"packages": {**here["packages"], "secant": None}}})
    formula = RowFormula("x", ("x",))
    with pytest.raises(CalculusError, match=r"a Dask worker has Secant .*, and the process .* has 9\.9"):
        client.submit(part_sum, "9.9", formula, {}, False, open_table(str(folder)).parts[0]).result()


def test_a_module_that_workers_lack_is_named(client):
    with Cluster(client) as cluster, pytest.raises(CalculusError, match="a Dask worker cannot import pyarrow_of_none"):
        list(cluster.results(1, lambda numbers: client.map(__import__, ["pyarrow_of_none" for _ in numbers])))


@pytest.mark.parametrize("package", ["dask", "distributed"])
def test_without_dask_the_error_has_the_command_that_installs_it(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(secant.Unimplemented, match=r'Dask is not installed\npip install "secant\[dask\]"'):
        secant.dask.gradient("x", "rows.parquet")
