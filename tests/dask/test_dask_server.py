"""Data sets of a server: added by the server itself, or by the workers of a cluster."""

import csv
import io
import shutil
import subprocess
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import secant
from click.testing import CliRunner
from secant.command.app import app as secant_command
from secantd.engine.catalogue import Catalogue, entries
from secantd.flags import ConfigurationError, settings

NORMAL = "(y - a - b*x)^2/(2*s^2) + log(s)"
START = {"b": 1.0, "s": 1.5, "a": 0.5}
PACKAGE = Path(__file__).parents[2] / "clients" / "r"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def servers(client, forms):
    """A server without an engine, and one with the cluster."""
    sets = [f"rows={forms.files}"]
    address = client.scheduler.address.replace("tcp", "dask")
    with secant.local(data_sets=sets) as alone, secant.local(data_sets=sets, engine=address) as engined:
        yield {"alone": alone, "dask": engined}


@pytest.fixture(params=["alone", "dask"])
def server(request, servers):
    return servers[request.param]


def test_describe_lists_data_sets_and_the_engine(servers):
    for name, engine in (("alone", ""), ("dask", "dask")):
        found = servers[name].describe()
        assert found.data_sets == {"rows": secant.DataSet(("x", "y", "name"), 30_000)}
        assert found.engine == engine


def test_a_descent_over_a_data_set_has_the_same_digits_with_and_without_the_cluster(servers, columns):
    ends = []
    for server in servers.values():
        with server.descend(NORMAL, START, method="newton", data_set="rows", standard_errors=True) as descent:
            ends.append((descent.result(), descent.trace))
    (first, path), (second, other) = ends
    design = np.stack([np.ones_like(columns["x"]), columns["x"]], axis=1)
    best = np.linalg.lstsq(design, columns["y"], rcond=None)[0]
    assert first.reason == "CONVERGED"
    assert [first.point["a"], first.point["b"]] == pytest.approx(best, rel=1e-8)
    assert list(first.point) == list(first.arrays) == list(START)
    assert first.arrays == first.point == second.point
    assert path.points.tobytes() == other.points.tobytes()


def test_the_rows_of_a_data_set_are_evaluated_in_their_order(server, columns):
    at = {"a": 0.5, "b": 1.0, "s": 1.5}
    blocks = list(server.evaluate_stream(NORMAL, (), "a", "x", order=1, data_set="rows", at=at))
    r = columns["y"] - 0.5 - columns["x"]
    assert np.concatenate([b.values for b in blocks]) == pytest.approx(r**2 / 4.5 + np.log(1.5), rel=1e-14)
    assert np.concatenate([b.gradient for b in blocks])[:, 1] == pytest.approx(-r / 2.25, rel=1e-13, abs=1e-15)
    assert [b.offset for b in blocks] == np.cumsum([0, *[len(b) for b in blocks[:-1]]]).tolist()
    assert {b.variables for b in blocks} == {("a", "x")}


@pytest.mark.parametrize(
    ("ask", "field", "message"),
    [
        pytest.param(lambda s: s.descend("a*y", {"a": 1}, data_set="../secret").result(), "expression.data_set",
                     "there is no data set '../secret'\nknown are 'rows'", id="path"),
        pytest.param(lambda s: s.descend("a*name", {"a": 1}, data_set="rows").result(), "",
                     "column 'name' of 0.parquet is of type string, not of numbers", id="texts"),
        pytest.param(lambda s: s.descend("a*y + b", {"a": 1}, data_set="rows").result(), "start",
                     "'b' is no column of the data and has no value\ngive it a value in `start`", id="start"),
        pytest.param(lambda s: list(s.evaluate_stream("a*y", (), data_set="rows")), "setup.at",
                     "'a' is no column of the data and has no value", id="parameter"),
        pytest.param(lambda s: list(s.evaluate_stream("a*y", ({"y": [1.0]},), data_set="rows", at={"a": 1.0})), "points",
                     "the points are the rows of the data set", id="points"),
        pytest.param(lambda s: s.gradient(secant.Expression("y^2", data_set="rows"), "y"), "expression.data_set",
                     "this call computes nothing over a data set", id="rpc"),
        pytest.param(lambda s: s.descend("a*y", {"a": 1}, data={"q": [1.0]}, data_set="rows").result(), "expression.data",
                     "the formula of a row has no data", id="data"),
        pytest.param(lambda s: s.descend("a*y", {"a": [1.0, 2.0]}, data_set="rows").result(), r"start[0].values",
                     "the parameter a is no number", id="vector"),
        pytest.param(lambda s: s.descend("a*y -", {"a": 1}, data_set="rows").result(), "expression.text",
                     "expected a number, a name or", id="syntax"),
        pytest.param(lambda s: list(s.evaluate_stream("y", ({"y": [1.0]},), at={"a": 1.0})), "setup.at",
                     "`at` is for the parameters of a data set", id="no-data-set"),
    ],
)  # fmt: skip
def test_wrong_requests_are_refused_with_their_field(server, ask, field, message):
    with pytest.raises(secant.InvalidArgument) as caught:
        ask(server)
    assert str(caught.value).startswith(message)
    assert caught.value.field == field
    assert "/" not in str(caught.value).replace("../secret", "")


def test_rows_with_missing_values_are_refused_or_left_out(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"y": [1.0, None, 3.0]}), tmp_path / "a.parquet")
    with secant.local(data_sets=[f"rows={tmp_path}"]) as s:
        with pytest.raises(
            secant.InvalidArgument, match=r"1 of 3 rows have missing values .*, first in row 2 of a\.parquet"
        ):
            s.descend("(y - a)^2", {"a": 0.0}, data_set="rows").result()
        found = s.descend("(y - a)^2", {"a": 0.0}, data_set="rows", skip_missing=True).result()
        assert found.point["a"] == pytest.approx(2.0)
        # New files are seen by the next call, and its answer is no cached one.
        pq.write_table(pa.table({"y": [8.0]}), tmp_path / "b.parquet")
        found = s.descend("(y - a)^2", {"a": 0.0}, data_set="rows", skip_missing=True).result()
        assert found.point["a"] == pytest.approx(4.0)


def occupied(name):
    """Keep a worker busy until an event of the cluster."""
    from distributed import Event

    return Event(name).wait(60)


def tasks_of(client):
    """The tasks that the scheduler knows, but those that keep the workers busy."""
    found = client.run_on_scheduler(lambda dask_scheduler: [str(key) for key in dask_scheduler.tasks])
    return [key for key in found if not key.startswith("occupied")]


@pytest.mark.parametrize("end", ["closed", "out-of-time"])
def test_a_call_that_ends_cancels_its_tasks_on_the_cluster(client, forms, end):
    from distributed import Event

    address = client.scheduler.address.replace("tcp", "dask")
    blocked = client.map(occupied, [end, end], pure=False)
    seconds = 2.0 if end == "out-of-time" else 60.0
    seen = []

    def watch(descent):
        while not seen:
            seen.extend(tasks_of(client))
            time.sleep(0.02)
        if end == "closed":
            descent.close()

    try:
        with secant.local(data_sets=[f"rows={forms.files}"], engine=address, seconds=seconds) as s:
            descent = s.descend(NORMAL, START, data_set="rows")
            watcher = threading.Thread(target=watch, args=[descent])
            watcher.start()
            with pytest.raises((secant.ResourceExhausted, secant.Cancelled)):
                descent.result()
            watcher.join()
            limit = time.monotonic() + 30.0
            while (left := tasks_of(client)) and time.monotonic() < limit:
                time.sleep(0.05)
    finally:
        Event(end, client=client).set()
    assert left == []
    client.gather(blocked)


def test_a_scheduler_that_is_not_there_is_an_error_of_the_call(forms):
    with secant.local(data_sets=[f"rows={forms.files}"], engine="dask://127.0.0.1:1") as s:
        with pytest.raises(
            secant.Unimplemented, match=r"no Dask scheduler answers at 127\.0\.0\.1:1: Connection refused"
        ):
            s.descend(NORMAL, START, data_set="rows").result()
        assert str(s.differentiate("x^2", "x")) == "2 * x"


def test_files_that_are_not_there_are_an_error_of_the_start(tmp_path):
    with pytest.raises(secant.InvalidArgument, match="there are no Parquet files at "):
        secant.local(data_sets=[f"rows={tmp_path}"])


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        pytest.param(["--data-set", "data/*.parquet"], "a data set is NAME=PATH", id="no-name"),
        pytest.param(["--data-set", "a b=x"], "a data set is NAME=PATH", id="name"),
        pytest.param(["--data-set", "a=no/such"], "--data-set: there are no Parquet files at no/such", id="no-files"),
        pytest.param(["--engine", "tcp://a:1"], "it has to be dask://HOST:PORT", id="scheme"),
        pytest.param(["--engine", "dask://a"], "it has to be HOST:PORT", id="port"),
    ],
)
def test_wrong_flags_are_refused_at_the_start(flags, message):
    with pytest.raises(ConfigurationError, match=message.replace("*", r"\*")):
        settings(flags, {})


def test_data_sets_are_given_by_flags_or_by_a_variable(forms):
    both = [f"a={forms.files}", f"b={forms.files}"]
    by_flags, _ = settings(["--data-set", both[0], "--data-set", both[1]], {})
    by_variable, _ = settings([], {"SECANT_DATA_SETS": "; ".join(both)})
    assert by_flags.data_sets == by_variable.data_sets == tuple(both)
    with pytest.raises(ValueError, match="there are two data sets 'a'"):
        entries([both[0], both[0]])
    assert Catalogue(both, "dask://a:1").engine == "dask"


def test_the_command_takes_data_sets_of_a_server(servers, columns):
    target = ["--server", servers["alone"].target]
    run = CliRunner().invoke
    found = run(secant_command, ["descend", "(y - a - b*x)^2", "--start", "a=0,b=0", "--data-set", "rows", *target])
    assert found.exit_code == 0
    assert "CONVERGED" in found.output
    found = run(secant_command, ["eval", "a*y", "y", "--at", "a=2", "--order", "1", "--data-set", "rows", *target])
    lines = list(csv.reader(io.StringIO(found.output)))
    assert (lines[0], len(lines)) == (["value", "d_y"], 30_001)
    assert float(lines[1][0]) == 2 * columns["y"][0]
    assert "rows  30,000 rows" in run(secant_command, ["describe", *target]).output


def test_r_takes_data_sets_of_a_server(servers):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    code = f"""
        if (!requireNamespace("pkgload", quietly = TRUE)) quit(status = 9)
        suppressMessages(pkgload::load_all("{PACKAGE}", quiet = TRUE))
        secant_connect("{servers["alone"].target}")
        trace <- descend(~ (y - a - b*x)^2, c(a = 0, b = 0), method = "newton", data_set = "rows", progress = FALSE)
        rows <- evaluate_stream(~ a*y, variables = "y", order = 1, data_set = "rows", at = c(a = 2))
        cat(outcome(trace)$reason, length(unlist(rows)), describe()$data_sets$rows, "\n")
        tryCatch(descend(~ y, c(a = 0), data_set = "none", progress = FALSE), error = function(e) cat(conditionMessage(e)))
    """
    done = subprocess.run(["Rscript", "--vanilla", "-e", code], capture_output=True, text=True)
    if done.returncode == 9:
        pytest.skip("R's pkgload is not installed")
    assert done.stdout == ("CONVERGED 30000 30000 \nthere is no data set 'none'\nknown are 'rows'"), done.stderr
