"""Formulas over files: values, derivatives and sums are those of the engine, whatever the format and the division into files."""

import decimal
import itertools
import json
import math
import pathlib
import sys

import numpy as np
import pytest
import secant
from secant.files import evaluation
from secantd.rows import RowFormula, sums, values

from .commands import inside

pa = pytest.importorskip("pyarrow")
csv = pytest.importorskip("pyarrow.csv")
ipc = pytest.importorskip("pyarrow.ipc")
pq = pytest.importorskip("pyarrow.parquet")

RNG = np.random.default_rng(18)
ROWS = 150_000
COLUMNS = {
    "x": RNG.normal(size=ROWS),
    "y": RNG.integers(0, 5, ROWS),
    "group": np.array(["a", "b"])[RNG.integers(0, 2, ROWS)],
}
TEXT, AT = "(y - a - b*x)^2/(1 + x^2)", {"a": 0.5, "b": -1.25}


def written(path: pathlib.Path, columns=COLUMNS, **how) -> pathlib.Path:
    table = columns if isinstance(columns, pa.Table) else pa.table(columns)
    if path.suffix == ".parquet":
        pq.write_table(table, path, **how)
    elif path.suffix == ".csv":
        csv.write_csv(table, path)
    else:
        with ipc.new_file(str(path), table.schema) as file:
            file.write_table(table, **how)
    return path


def read(path):
    path = pathlib.Path(path)
    kind = path.suffix
    if kind == ".parquet":
        return pq.read_table(path)
    if kind == ".csv":
        return csv.read_csv(path)
    with pa.memory_map(str(path)) as mapped:
        return ipc.open_file(mapped).read_all()


@pytest.fixture(scope="module")
def expected():
    return values(RowFormula(TEXT, tuple(COLUMNS), variables=("a", "b"), order=2), COLUMNS, AT)


@pytest.mark.parametrize("output", ["out.parquet", "out.arrow", "out.csv"])
@pytest.mark.parametrize("name", ["in.parquet", "in.feather", "in.csv"])
def test_values_of_each_row_are_those_of_the_engine(tmp_path, expected, name, output):
    source = written(tmp_path / name)
    done = secant.evaluate(TEXT, source, "a", "b", order=2, at=AT, output=tmp_path / output)
    assert (done.rows, done.missing, done.failed, done.notices) == (ROWS, 0, 0, ())
    assert done.columns == ("value", "d_a", "d_b", "d2_a_a", "d2_a_b", "d2_b_b")
    table = read(done)
    assert tuple(table.column_names) == done.columns
    for column, wanted in zip(table.columns, (expected.values, *expected.derivatives), strict=True):
        assert np.array_equal(column.to_numpy(), wanted)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, output])


def test_without_an_output_values_are_batches(tmp_path, expected):
    source = written(tmp_path / "in.parquet")
    batches = list(secant.evaluate(TEXT, source, "a", "b", order=2, at=AT))
    assert all(isinstance(batch, pa.RecordBatch) for batch in batches)
    assert np.array_equal(pa.Table.from_batches(batches)["d2_a_b"].to_numpy(), expected.derivatives[3])


@pytest.mark.parametrize("parts", [1, 3])
def test_files_of_a_folder_a_pattern_and_a_list_are_read_in_order(tmp_path, expected, parts):
    (tmp_path / "data" / "more").mkdir(parents=True)
    whole = pa.table(COLUMNS)
    cuts = np.linspace(0, ROWS, parts + 1, dtype=int)
    files = [
        written(tmp_path / "data" / f"{'more/' if k == 1 else ''}part-{k}.parquet", whole.slice(a, b - a))
        for k, (a, b) in enumerate(itertools.pairwise(cuts))
    ]
    (tmp_path / "data" / "_SUCCESS.csv").write_text("no table")
    files.sort()
    rows = np.concatenate([expected.values[slice(*sorted((cuts[k], cuts[k + 1])))] for k in order_of(files)])
    for points in (tmp_path / "data", f"{tmp_path}/data/**/*.parquet", files):
        found = pa.Table.from_batches(secant.evaluate(TEXT, points, at=AT))
        assert np.array_equal(found["value"].to_numpy(), rows)


def order_of(files):
    return [int(file.stem[-1]) for file in files]


def test_only_columns_that_the_formula_names_are_read(tmp_path, monkeypatch):
    source = written(tmp_path / "in.parquet")
    asked = []
    iterate = pq.ParquetFile.iter_batches
    monkeypatch.setattr(
        pq.ParquetFile,
        "iter_batches",
        lambda self, *args, **how: asked.append(how["columns"]) or iterate(self, *args, **how),
    )
    secant.sum_over("x^2", source)
    assert asked == [["x"]]


def test_a_sum_over_files_is_that_of_the_engine_with_its_derivatives(tmp_path):
    total = sums(RowFormula(TEXT, tuple(COLUMNS), order=2), COLUMNS, AT)
    bits = set()
    for name, how in (
        ("a.parquet", {"row_group_size": 7_001}),
        ("b.parquet", {}),
        ("c.arrow", {"max_chunksize": 999}),
        ("d.csv", {}),
    ):
        found = secant.sum_over(TEXT, written(tmp_path / name, **how), at=AT, order=2)
        assert (found.rows, found.variables) == (ROWS, ("a", "b"))
        bits.add((found.value, *found.gradient, *found.hessian.ravel()))
    assert bits == {(total.value, *total.gradient, *total.hessian.ravel())}
    assert total.value == pytest.approx(
        math.fsum(values(RowFormula(TEXT, tuple(COLUMNS)), COLUMNS, AT).values), rel=1e-15
    )


def test_streams_of_arrow_and_compressed_csv_are_read(tmp_path):
    import gzip

    table = pa.table({"x": [1.0, 2.0, 4.0]})
    with pa.OSFile(str(tmp_path / "s.arrow"), "wb") as file, ipc.new_stream(file, table.schema) as stream:
        stream.write_table(table)
    with gzip.open(tmp_path / "s.csv.gz", "wt") as text:
        text.write("x\n1\n2\n4\n")
    for name in ("s.arrow", "s.csv.gz"):
        assert secant.sum_over("x^2", tmp_path / name).value == 21.0


def test_all_types_of_numbers_are_doubles_and_null_is_missing(tmp_path):
    table = pa.table(
        {
            "i": pa.array([1, None, 3], pa.int16()),
            "f": pa.array([0.5, 1.5, None], pa.float32()),
            "b": pa.array([True, False, True]),
            "d": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-2.50")], pa.decimal128(10, 2)),
            "k": pa.array([10.0, 20.0, 10.0]).dictionary_encode(),
            "n": pa.nulls(3),
        }
    )
    source = written(tmp_path / "t.parquet", table)
    for name, wanted in {
        "i": [1, 3],
        "f": [0.5, 1.5],
        "b": [1, 0, 1],
        "d": [1.25, -2.5],
        "k": [10, 20, 10],
        "n": [],
    }.items():
        found = secant.sum_over(f"{name} + 0", source, skip_missing=True)
        assert (found.value, found.missing) == (sum(wanted), 3 - len(wanted))
    big = written(tmp_path / "big.parquet", pa.table({"x": [2**53 + 1, 1]}))
    assert "above 2^53" in secant.sum_over("x", big).notices[0]


def test_names_with_blanks_and_formulas_of_python_name_columns(tmp_path):
    source = written(tmp_path / "t.csv", pa.table({"my x": [1.0, 2.0], "value": [3.0, 5.0]}))
    done = secant.evaluate("`my x` * value", source, order=1, output=tmp_path / "o.csv")
    assert done.path.read_text() == "value,d_my x,d_value\n3,3,1\n10,5,2\n"
    assert secant.sum_over("lambda value: value**2", source, notation="python").value == 34.0


def test_rows_without_a_value_are_counted_and_the_first_are_listed(tmp_path):
    first = written(tmp_path / "a.parquet", pa.table({"x": [1.0, None, 4.0]}))
    second = written(tmp_path / "b.parquet", pa.table({"x": [-1.0, 9.0, math.nan]}))
    done = secant.evaluate("sqrt(x)", [first, second], output=tmp_path / "o.parquet")
    assert (done.rows, done.missing, done.failed) == (6, 2, 1)
    assert done.first_failed == ((str(first), 2), (str(second), 1), (str(second), 3))
    assert "2 of 6 rows have a missing value" in done.notices[0]
    assert "a.parquet row 2" in done.notices[2]
    total = secant.sum_over("sqrt(x)", [first, second])
    assert math.isnan(total.value)
    assert total.first_failed == done.first_failed
    assert secant.sum_over("sqrt(x)", [first], skip_missing=True).value == 3.0


def test_a_limit_in_a_row_is_the_value_there(tmp_path):
    source = written(tmp_path / "t.csv", pa.table({"x": [0.0, 1.0]}))
    done = secant.evaluate("sin(x)/x", source, output=tmp_path / "o.csv")
    assert done.path.read_text().split()[1] == "1"
    assert done.failed == 0


def test_a_server_computes_the_same_values(tmp_path, expected):
    source = written(tmp_path / "in.parquet")
    with secant.local() as s:
        done = secant.evaluate(TEXT, source, "a", "b", order=2, at=AT, output=tmp_path / "o.parquet", client=s)
    table = read(done)
    for column, wanted in zip(table.columns, (expected.values, *expected.derivatives), strict=True):
        assert np.array_equal(column.to_numpy(), wanted)


def test_the_command_writes_files_and_prints_sums(tmp_path):
    source = written(tmp_path / "in.parquet")
    out = tmp_path / "out.parquet"
    found = inside("eval", TEXT, "a", "--points", str(source), "-o", str(out), "--at", "a=.5,b=-1.25", "--order", "1")
    assert (found.returncode, found.stderr) == (0, "")
    assert found.stdout == f"{ROWS:,} rows written to {out}\n"
    assert read(out).column_names == ["value", "d_a"]
    total = secant.sum_over(TEXT, source, at=AT, order=1)
    found = inside("eval", TEXT, "--points", str(source), "--sum", "--at", "a=.5,b=-1.25", "--order", "1")
    names, numbers = found.stdout.split()
    assert names == "value,d_a,d_b"
    assert [float(n) for n in numbers.split(",")] == [total.value, *total.gradient]
    found = inside("--json", "eval", "x^2", "--points", str(source), "--sum")
    assert json.loads(found.stdout)["rows"] == ROWS


def test_the_command_prints_rows_of_parquet_as_it_prints_those_of_csv(tmp_path):
    table = pa.table({"x": [1.0, 2.5], "y": [3.0, 4.0]})
    texts = {
        inside("eval", "x*y", "--points", str(written(tmp_path / name, table)), "--order", "1").stdout
        for name in ("t.csv", "t.parquet", "t.arrow")
    }
    assert texts == {"x,y,value,d_x,d_y\n1,3,3,3,1\n2.5,4,10,4,2.5\n"}
    found = inside("--json", "eval", "x*y", "y", "--points", str(tmp_path / "t.parquet"), "--order", "1")
    assert json.loads(found.stdout) == {"x": [1.0, 2.5], "y": [3.0, 4.0], "value": [3.0, 10.0], "d_y": [1.0, 2.5]}


def test_the_sum_can_be_written_too(tmp_path):
    source = written(tmp_path / "t.csv", pa.table({"x": [1.0, 2.0]}))
    secant.sum_over("a*x", source, at={"a": 3}, order=1, output=tmp_path / "s.json")
    found = json.loads((tmp_path / "s.json").read_text())
    assert (found["value"], found["gradient"], found["hessian"]) == (9.0, [3.0], None)


def test_progress_has_the_rows_and_goes_to_standard_error(tmp_path, capsys):
    source = written(tmp_path / "t.csv", pa.table({"x": [1.0, 2.0]}))
    secant.sum_over("x", source, progress=True)
    secant.sum_over("x", source)
    assert capsys.readouterr().out == ""


def test_pyarrow_that_is_missing_is_named_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(secant.Unimplemented, match=r'pip install "secant\[files\]"'):
        secant.evaluate("x", tmp_path / "t.csv")


@pytest.mark.parametrize("name", ["t.parquet", "t.arrow"])
def test_memory_does_not_grow_with_the_rows(tmp_path, monkeypatch, name):
    monkeypatch.setattr(evaluation, "ROOM", 1 << 16)
    rows = 40 << 16
    source = written(tmp_path / name, pa.table({"x": np.arange(float(rows))}), **GROUPS[name])
    before = pa.total_allocated_bytes()
    most, found = 0, 0
    for batch in secant.evaluate("x + 1", source):
        most, found = max(most, pa.total_allocated_bytes() - before), found + batch.num_rows
    assert found == rows
    # Of 21 MB.
    assert most < 6 << 20


GROUPS = {"t.parquet": {"row_group_size": 1 << 16}, "t.arrow": {"max_chunksize": 1 << 16}}
