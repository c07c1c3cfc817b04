"""Interrupted runs: the output appears as a whole or not at all, and the same call computes only what is left."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import secant
from secant.files import engine, evaluation, summing, unfinished

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

ROWS = 70_000
TEXT = "a*x^2 + y"


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    rng = np.random.default_rng(5)
    for k in range(3):
        columns = {"x": rng.normal(size=ROWS), "y": rng.normal(size=ROWS)}
        pq.write_table(pa.table(columns), folder / f"{k}.parquet", row_group_size=9_000)
    return folder


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks of 10,000 rows, each of which is a part."""
    monkeypatch.setattr(evaluation, "ROOM", 40_000)
    monkeypatch.setattr(summing, "ROWS", 10_000)
    monkeypatch.setattr(unfinished, "PART_SECONDS", -1.0)


def interrupted(monkeypatch, module, name, after, error=KeyboardInterrupt):
    """Let the function of the kernel fail after so many calls; returns the rows of its calls."""
    calls = []
    real = getattr(engine, name)

    def counted(formula, block, *args, **how):
        rows = len(next(iter(block.values())))
        if rows:
            if after is not None and len(calls) == after:
                raise error
            calls.append(rows)
        return real(formula, block, *args, **how)

    monkeypatch.setattr(module, name, counted)
    return calls


@pytest.mark.parametrize("kind", ["parquet", "arrow", "csv"])
def test_an_interrupted_run_continues_and_has_the_bytes_of_one_without_interruption(
    tmp_path, source, small_blocks, monkeypatch, kind
):
    out, whole = tmp_path / f"o.{kind}", tmp_path / f"w.{kind}"
    how = {"order": 1, "at": {"a": 2.0}}
    with monkeypatch.context() as context:
        calls = interrupted(context, evaluation, "values", 9)
        with pytest.raises(KeyboardInterrupt):
            secant.evaluate(TEXT, source, output=out, **how)
        assert len(calls) == 9
    assert not out.exists()
    record = json.loads((tmp_path / f"o.{kind}.unfinished" / "record.json").read_text())
    assert tuple(record["place"]) > (0, 0)
    left = 3 * ROWS - record["counts"]["rows"]
    with monkeypatch.context() as context:
        calls = interrupted(context, evaluation, "values", None)
        done = secant.evaluate(TEXT, source, output=out, **how)
        assert sum(calls) == left < 3 * ROWS
    assert done.rows == 3 * ROWS
    assert "continued after" in done.notices[0]
    secant.evaluate(TEXT, source, output=whole, **how)
    assert read(out).equals(read(whole))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", f"o.{kind}", f"w.{kind}"]


def read(path):
    if path.suffix == ".parquet":
        return pq.read_table(path)
    if path.suffix == ".csv":
        return pa.table({"text": [path.read_text()]})
    with pa.memory_map(str(path)) as mapped:
        return pa.ipc.open_file(mapped).read_all()


def test_an_interrupted_sum_continues_with_the_same_bits(tmp_path, source, small_blocks, monkeypatch):
    how = {"order": 2, "at": {"a": 2.0}}
    whole = secant.sum_over(TEXT, source, **how)
    out = tmp_path / "s.json"
    with monkeypatch.context() as context:
        interrupted(context, summing, "sums", 11)
        with pytest.raises(KeyboardInterrupt):
            secant.sum_over(TEXT, source, output=out, **how)
    assert not out.exists()
    with monkeypatch.context() as context:
        calls = interrupted(context, summing, "sums", None)
        found = secant.sum_over(TEXT, source, output=out, **how)
        assert 0 < len(calls) <= 21 - 9
    assert (found.value, found.gradient.tolist(), found.rows) == (whole.value, whole.gradient.tolist(), 3 * ROWS)
    assert json.loads(out.read_text())["value"] == whole.value


def test_parts_of_another_run_are_kept_unless_they_are_to_be_dropped(tmp_path, source, small_blocks, monkeypatch):
    out = tmp_path / "o.parquet"
    with monkeypatch.context() as context:
        interrupted(context, evaluation, "values", 5)
        with pytest.raises(KeyboardInterrupt):
            secant.evaluate(TEXT, source, at={"a": 2.0}, output=out)
    for change in ({"at": {"a": 3.0}}, {"at": {"a": 2.0}, "order": 1}):
        with pytest.raises(secant.InvalidArgument, match="parts of another run"):
            secant.evaluate(TEXT, source, output=out, **change)
    os.utime(source / "1.parquet", ns=(1, 1))
    with pytest.raises(secant.InvalidArgument, match="parts of another run"):
        secant.evaluate(TEXT, source, at={"a": 2.0}, output=out)
    done = secant.evaluate(TEXT, source, at={"a": 2.0}, output=out, force=True)
    assert done.rows == 3 * ROWS
    assert pq.read_table(out).num_rows == 3 * ROWS


def test_a_record_that_was_damaged_is_not_trusted(tmp_path, source):
    out = tmp_path / "o.parquet"
    folder = tmp_path / "o.parquet.unfinished"
    folder.mkdir()
    (folder / "record.json").write_text('{"fingerprint": "')
    with pytest.raises(secant.InvalidArgument, match="parts of another run"):
        secant.evaluate(TEXT, source, at={"a": 2.0}, output=out)
    assert secant.evaluate(TEXT, source, at={"a": 2.0}, output=out, force=True).rows == 3 * ROWS


def test_an_error_in_the_middle_leaves_no_output_and_no_thread(tmp_path, source, small_blocks, monkeypatch):
    import threading

    interrupted(monkeypatch, evaluation, "values", 4, MemoryError)
    with pytest.raises(MemoryError):
        secant.evaluate(TEXT, source, at={"a": 2.0}, output=tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()
    assert not [thread for thread in threading.enumerate() if thread.name == "secant-files"]


def test_an_iterator_that_is_closed_ends_its_threads(source, small_blocks):
    import threading

    batches = secant.evaluate(TEXT, source, at={"a": 2.0})
    next(batches)
    batches.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "secant-files"]


SLOW = """
import os, sys, time
from secant.files import evaluation, engine
evaluation.ROOM = 40_000
real, calls = engine.values, []
def slow(formula, block, *args):
    # The third block takes until the test goes on.
    calls.append(time.monotonic())
    while len(calls) > 3 and not os.path.exists(os.environ["GO_ON"]) and time.monotonic() < calls[0] + 60:
        time.sleep(0.01)
    return real(formula, block, *args)
evaluation.values = slow
from secant.command import main
main()
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_stopped_leaves_nothing_half_and_can_be_repeated(tmp_path, source, stop):
    out, go_on = tmp_path / "o.parquet", tmp_path / "go on"
    args = ["eval", TEXT, "--points", str(source), "-o", str(out), "--at", "a=2"]
    environment = {**os.environ, "GO_ON": str(go_on)}
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, *args], stderr=subprocess.PIPE, text=True, env=environment,
        # Processes that a shell starts in the background ignore Ctrl-C, and so would this one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    part = tmp_path / "o.parquet.unfinished" / "000000.parquet"
    while not part.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(stop)
    go_on.touch()
    _, err = process.communicate(timeout=60)
    assert not out.exists()
    if stop == signal.SIGINT:
        assert process.returncode == 130
        # An interrupt while the first rows are written leaves nothing to continue.
        assert ("the same command continues" in err) == part.parent.exists()
    done = subprocess.run(
        [sys.executable, "-c", SLOW, *args], capture_output=True, text=True, timeout=60, check=True, env=environment
    )
    assert done.stdout == f"210,000 rows written to {out}\n"
    # A part that was not ended is not recorded.
    assert stop == signal.SIGINT or "continued after" not in done.stderr
    assert pq.read_table(out).num_rows == 3 * ROWS
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "go on", "o.parquet"]
