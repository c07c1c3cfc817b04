"""Files and options that are wrong: each error names the file and the column, and says what to do."""

import datetime
import errno
import gzip
import os

import numpy as np
import pytest
import secant
from secant.files import evaluation, unfinished
from secant.files.output import Writer

from .commands import inside

pa = pytest.importorskip("pyarrow")
ipc = pytest.importorskip("pyarrow.ipc")
pq = pytest.importorskip("pyarrow.parquet")


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def refused(words, f, points, **how):
    call = secant.evaluate if "output" in how else secant.sum_over
    with pytest.raises(secant.Error) as found:
        call(f, points, **how)
    message = str(found.value)
    for word in words:
        assert word in message
    assert len(message.splitlines()) > 1 or not message
    return message


def test_a_column_that_one_of_many_files_lacks_is_named_with_the_file(tmp_path):
    for k in range(20):
        parquet(tmp_path / f"{k:02d}.parquet", x=[1.0], **({} if k == 13 else {"y": [2.0]}))
    refused(["13.parquet has no column 'y', which", "00.parquet has", "its columns are x"], "x + y", tmp_path)


def test_types_that_differ_between_files_are_read_if_both_are_numbers(tmp_path):
    parquet(tmp_path / "a.parquet", x=pa.array([1, 2], pa.int8()))
    parquet(tmp_path / "b.parquet", x=[0.5])
    assert secant.sum_over("x", tmp_path).value == 3.5
    parquet(tmp_path / "c.parquet", x=["one"])
    refused(["column 'x' of", "c.parquet has text", "convert it"], "x", tmp_path)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        pytest.param(["a", "b"], "has text", id="text"),
        pytest.param(pa.array(["a", "b"]).dictionary_encode(), "has text", id="dictionary-of-text"),
        pytest.param([datetime.date(2026, 1, 1)] * 2, "has dates or times (date32[day])", id="dates"),
        pytest.param([datetime.datetime(2026, 1, 1)] * 2, "has dates or times (timestamp", id="times"),
        pytest.param([[1.0], [2.0]], "has the type list", id="lists"),
        pytest.param([{"a": 1}, {"a": 2}], "has the type struct", id="structs"),
    ],
)
def test_a_column_without_numbers_is_refused_before_anything_is_computed(tmp_path, column, words):
    file = parquet(tmp_path / "t.parquet", x=column, y=[1.0, 2.0])
    refused([f"column 'x' of {file} {words}", "convert it to numbers first"], "x*y", file)
    assert secant.sum_over("y", file).value == 3.0


@pytest.mark.parametrize("kind", ["parquet", "arrow", "csv.gz"])
@pytest.mark.parametrize("kept", [0, 10, 400])
def test_a_file_that_was_cut_short_is_refused(tmp_path, kind, kept):
    import gzip

    path = tmp_path / f"t.{kind}"
    table = pa.table({"x": np.random.default_rng(1).normal(size=5_000)})
    if kind == "parquet":
        pq.write_table(table, path)
    elif kind == "arrow":
        with ipc.new_file(str(path), table.schema) as file:
            file.write_table(table, 100)
    else:
        with gzip.open(path, "wt") as text:
            text.write("x\n" + "\n".join(map(str, table["x"].to_pylist())))
    os.truncate(path, kept)
    refused([str(path)], "x", path)


def test_lines_of_csv_that_are_no_numbers_or_too_short_are_refused(tmp_path):
    for text, words in {
        "x,y\n1,2\n3,four\n": ["t.csv line 3: column 'y': ", "'four'"],
        "x,y\n1,2\n3\n": ["t.csv line 3: ", "Expected 2 columns, got 1"],
        "x,x\n1,2\n": ["two columns 'x'"],
        "": ["the first line of", "must name the columns"],
        ",\n1,2\n": ["must name the columns"],
    }.items():
        file = tmp_path / "t.csv"
        file.write_text(text)
        refused([str(file), *words], "x + y" if "y" in text else "x", file)
    file.write_bytes(b"x\xff,y\n1,2\n")
    refused([str(file), "UTF-8"], "y", file)


def test_the_line_of_a_bad_number_is_found_in_a_compressed_file_and_behind_a_million_characters(tmp_path):
    packed = tmp_path / "t.csv.gz"
    packed.write_bytes(gzip.compress(b"x\n1\nfour\n"))
    refused([f"{packed} line 3: column 'x': "], "x", packed)
    long = tmp_path / "t.csv"
    long.write_text("x\n" + "1234567\n" * 200_000 + "four\n")
    refused([f"{long} line 200002: column 'x': "], "x", long)


def test_a_csv_file_without_its_last_line_end_may_be_cut_short(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("x\n12\n3")
    found = secant.sum_over("x", file)
    assert (found.value, found.notices) == (
        15.0,
        (f"{file} has no line end behind its last line, which may be cut short",),
    )
    file.write_text("x\r\n12\r\n3\r\n")
    assert secant.sum_over("x", file).notices == ()


def test_a_damaged_page_is_refused_where_the_file_has_checksums(tmp_path):
    file = tmp_path / "t.parquet"
    table = pa.table({"x": [float(i) for i in range(1000)]})
    pq.write_table(table, file, write_page_checksum=True, use_dictionary=False, compression="none")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)
    refused([str(file), "checksum verification failed", "damaged"], "x", file)


def test_tables_as_r_and_spreadsheets_write_them_are_read(tmp_path):
    file = tmp_path / "t.csv"
    file.write_bytes(b'\xef\xbb\xbf"",x , "y",x y,y z,y z\r\n"1", 1,"2.5",a,1,1\r\n"2",1e3, 7 ,"b\nc",1,1\r\n\r\n')
    assert secant.sum_over("x + y", file).value == 1010.5
    refused(["two columns 'y z'", "rename"], "`y z`", file)


def test_rows_that_are_printed_have_their_notices(tmp_path):
    file = parquet(tmp_path / "t.parquet", x=[1.0, None])
    found = inside("eval", "x", "--points", str(file))
    assert found.stdout == "1\nnan\n"
    assert "1 of 2 rows has a missing value" in found.stderr


def test_files_that_are_not_there_or_of_another_kind_are_refused(tmp_path):
    refused(["none.parquet does not exist"], "x", tmp_path / "none.parquet")
    refused(["no file matches"], "x", f"{tmp_path}/*.parquet")
    refused(["has no data files"], "x", tmp_path)
    refused(["there are no files"], "x", [])
    (tmp_path / "t.txt").write_text("x\n1\n")
    refused(["t.txt has an unknown format", ".parquet"], "x", tmp_path / "t.txt")
    (tmp_path / "t.csv").write_text("x\n1\n")
    parquet(tmp_path / "t.parquet", x=[1.0])
    refused(["have different formats"], "x", tmp_path)


def test_files_without_rows_have_no_values_and_a_notice(tmp_path):
    empty = parquet(tmp_path / "t.parquet", x=pa.array([], pa.float64()))
    done = secant.evaluate("x^2", empty, order=1, output=tmp_path / "o.parquet")
    assert pq.read_table(done).to_pydict() == {"value": [], "d_x": []}
    assert "the files have no rows" in done.notices
    (tmp_path / "t.csv").write_text("x\n")
    found = secant.sum_over("a*x", tmp_path / "t.csv", at={"a": 1}, order=1)
    assert (found.value, found.gradient.tolist(), found.rows) == (0.0, [0.0], 0)
    assert "the files have no rows" in found.notices


def test_names_that_are_neither_columns_nor_parameters_are_refused(tmp_path):
    file = parquet(tmp_path / "t.parquet", Price=[1.0], x=[2.0])
    refused(["'price' is no column", "'Price', 'x'"], "price*x", file)
    refused(["names no column", "Price, x"], "a^2", file, at={"a": 1.0})
    refused(["'x' is a column"], "a*x", file, at={"a": 1.0, "x": 1.0})
    refused(["expected a number"], "x + * 2", file)
    refused(["nothing to differentiate"], "x^2", file, order=1)


@pytest.mark.parametrize(
    ("f", "how", "words"),
    [
        pytest.param("a*x", {"at": {"a": "two"}}, "the value of a must be a number", id="text"),
        pytest.param("a*x", {"at": [1]}, "must map the parameters to numbers", id="list"),
        pytest.param("a*x", {"at": {"a": [1, 2]}}, "the value of a must be a number", id="vector"),
        pytest.param("a*x", {"at": {"a": None}}, "a has no value", id="none"),
        pytest.param(7, {}, "function", id="number"),
        pytest.param(secant.Expression("x", data={"x": [1.0]}), {}, "has no data and no shapes", id="data"),
    ],
)
def test_arguments_of_other_types_are_named(tmp_path, f, how, words):
    file = parquet(tmp_path / "t.parquet", x=[1.0])
    with pytest.raises(TypeError, match=words):
        secant.sum_over(f, file, **how)


def test_other_wrong_arguments_are_refused(tmp_path):
    file = parquet(tmp_path / "t.parquet", x=[1.0])
    with pytest.raises(TypeError, match="must be the path of a file or folder"):
        secant.sum_over("x", 5)
    with pytest.raises(ValueError, match="notation must be r, python"):
        secant.sum_over("x", file, notation="julia")
    with pytest.raises(secant.InvalidArgument, match="named twice"):
        secant.evaluate("x", file, "x", "x", order=1)
    assert secant.sum_over(secant.Expression("x**2", "python"), file).value == 1.0


def test_an_output_that_exists_is_kept_unless_it_is_to_be_replaced(tmp_path):
    file, out = parquet(tmp_path / "t.parquet", x=[1.0]), tmp_path / "o.csv"
    out.write_text("mine")
    refused(["o.csv exists already", "--force"], "x", file, output=out)
    assert out.read_text() == "mine"
    assert secant.evaluate("x", file, output=out, force=True).path.read_text() == "value\n1\n"
    refused(["is an input too"], "x", file, output=file, force=True)
    refused(["is a folder"], "x", file, output=make(tmp_path / "d.csv"))
    refused(["does not exist"], "x", file, output=tmp_path / "no" / "o.csv")
    refused(["unknown format"], "x", file, output=tmp_path / "o.txt")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["d.csv", "o.csv", "t.parquet"]


def make(folder):
    folder.mkdir()
    return folder


def test_a_full_disk_keeps_what_is_finished(tmp_path, monkeypatch):
    file, out = parquet(tmp_path / "t.parquet", x=np.arange(1000.0)), tmp_path / "o.csv"
    write, calls = Writer.write, []

    def full(self, columns):
        calls.append(len(columns[0]))
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, columns)

    monkeypatch.setattr(evaluation, "ROOM", 1)
    monkeypatch.setattr(unfinished, "PART_SECONDS", -1.0)
    with monkeypatch.context() as context:
        context.setattr(Writer, "write", full)
        found = inside("eval", "x", "--points", str(file), "-o", str(out))
    assert found.returncode == 1
    assert f"{out} cannot be written: No space left on device" in found.stderr
    assert "the same command continues" in found.stderr
    assert not out.exists()
    assert sorted(p.name for p in (tmp_path / "o.csv.unfinished").iterdir()) == [
        "000000.csv",
        "000001.csv",
        "lock",
        "record.json",
    ]
    assert inside("eval", "x", "--points", str(file), "-o", str(out)).returncode == 0
    assert out.read_text() == "value\n" + "".join(f"{k}\n" for k in range(1000))


def test_an_error_before_anything_is_finished_leaves_nothing(tmp_path, monkeypatch):
    file, out = parquet(tmp_path / "t.parquet", x=np.arange(1000.0)), tmp_path / "o.csv"

    def full(self, columns):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Writer, "write", full)
    found = inside("eval", "x", "--points", str(file), "-o", str(out))
    assert found.stderr == f"Error: {out} cannot be written: No space left on device\n"
    assert [p.name for p in tmp_path.iterdir()] == ["t.parquet"]


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path, monkeypatch):
    file, out = parquet(tmp_path / "t.parquet", x=np.arange(1000.0)), tmp_path / "o.csv"
    write = Writer.write

    def touched(self, columns):
        write(self, columns)

    from secant.files.readers import Parquet

    batches = Parquet.batches

    def changed(self, *args):
        yield from batches(self, *args)
        os.utime(file, ns=(1, 1))

    monkeypatch.setattr(Parquet, "batches", changed)
    monkeypatch.setattr(Writer, "write", touched)
    refused(["was changed while it was read"], "x", file, output=out)
    assert not out.exists()


def test_two_processes_do_not_write_one_output(tmp_path):
    pytest.importorskip("fcntl")
    out = tmp_path / "o.csv"
    run = unfinished.Unfinished(out, "mark", False)
    file = parquet(tmp_path / "t.parquet", x=[1.0])
    refused(["another process writes"], "x", file, output=out)
    run.abandon()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        pytest.param(["x", "-o", "o.csv"], "need --points", id="no-points"),
        pytest.param(["x", "--points", "p.csv", "--skip-missing"], "--skip-missing needs --sum", id="skip"),
        pytest.param(["x", "--points", "p.csv", "--force"], "--force needs -o", id="force"),
        pytest.param(["x", "--points", "p.csv", "--sum", "--shape", "x=n"], "neither --data nor --shape", id="shape"),
        pytest.param(["x*b", "--points", "p.csv", "--sum", "--at", "b=[1,2]"], "is a vector", id="vector"),
        pytest.param(["x", "--points", "none.csv"], "none.csv cannot be read", id="not-there"),
    ],
)
def test_options_that_do_not_belong_together_are_refused(tmp_path, monkeypatch, args, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text("x\n1\n")
    found = inside("eval", *args)
    assert found.returncode == 2
    assert words in found.stderr
