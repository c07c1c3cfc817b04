"""Descents on a cluster, killed workers, cancelled tasks."""

import os
import shutil
import signal
import subprocess
import threading
import time

import numpy as np
import pytest
import secant

import secant.dask  # isort: skip

LINE = "(y - a - b*x)^2"
START = {"a": 0.0, "b": 0.0}

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def best(columns):
    """The least squares of NumPy."""
    design = np.stack([np.ones_like(columns["x"]), columns["x"]], axis=1)
    return np.linalg.lstsq(design, columns["y"], rcond=None)[0]


@pytest.mark.parametrize("method", ["newton", "bfgs", "lbfgs", "conjugate_gradient"])
def test_a_descent_over_files_ends_at_the_least_squares(client, forms, best, method):
    descent = secant.dask.descend(LINE, forms.files, START, method=method, client=client)
    outcome = descent.result()
    assert (outcome.reason, outcome.nature) == ("CONVERGED", "MINIMUM")
    assert list(outcome.point.values()) == pytest.approx(best, rel=1e-9)
    assert descent.trace.points.shape == (outcome.steps + 1, 2)
    assert outcome is descent.outcome


GLM = """
d <- read.csv(commandArgs(TRUE))
m <- glm(y ~ x, binomial, d)
# The standard errors of glm() are those before its last step.
m <- glm(y ~ x, binomial, d, start = coef(glm(y ~ x, binomial, d, start = coef(m))))
cat(sprintf("%.17g\\n", summary(m)$coefficients[, 1:2]))
"""


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_logistic_regression_has_the_coefficients_and_standard_errors_of_glm(client, columns, tmp_path):
    import dask.array as da

    x, y = columns["x"][:2_000], (columns["y"][:2_000] > 1.0).astype(float)
    np.savetxt(tmp_path / "d.csv", np.column_stack([x, y]), fmt="%.17g", delimiter=",", header="x,y", comments="")
    done = subprocess.run(["Rscript", "-e", GLM, tmp_path / "d.csv"], capture_output=True, text=True, check=True)
    expected = [float(line) for line in done.stdout.split()]
    rows = {"x": da.from_array(x, chunks=600), "y": da.from_array(y, chunks=600)}
    loss = "log1p(exp(a + b*x)) - y*(a + b*x)"
    fit = secant.dask.descend(loss, rows, START, method="newton", standard_errors=True, tolerance=1e-8).result()
    assert fit.reason == "CONVERGED"
    assert list(fit.point.values()) == pytest.approx(expected[:2], rel=1e-8)
    assert fit.standard_errors.tolist() == pytest.approx(expected[2:], rel=1e-8)


def test_standard_errors_are_those_of_the_linear_model(client, columns, forms, best):
    s2 = np.mean((columns["y"] - best[0] - best[1] * columns["x"]) ** 2)
    design = np.stack([np.ones_like(columns["x"]), columns["x"]], axis=1)
    errors = np.sqrt(s2 * np.diag(np.linalg.inv(design.T @ design)))
    text = f"-((y - a - b*x)^2) / (2*{float(s2)!r})"
    found = secant.dask.descend(
        text, forms.arrays, START, method="newton", maximize=True, standard_errors=True
    ).result()
    assert (found.reason, found.nature) == ("CONVERGED", "MAXIMUM")
    assert found.standard_errors == pytest.approx(errors, rel=1e-8)


@pytest.mark.parametrize("form", ["files", "arrays"])
def test_columns_that_stay_in_the_workers_change_no_bit(client, forms, form):
    paths = [
        secant.dask.descend(LINE, getattr(forms, form), START, method="newton", persist=persist).result()
        for persist in (False, True)
    ]
    assert paths[0].point == paths[1].point
    assert paths[0].value == paths[1].value


def test_mini_batches_take_all_partitions_in_an_order_that_the_seed_gives(client, forms, best):
    def path(seed, steps):
        descent = secant.dask.descend(
            LINE, forms.arrays, START, method="adam", rate=0.1, batch=1, seed=seed, max_steps=steps, tolerance=0
        )
        return descent.result(), descent.trace.points

    outcome, points = path(0, 40)
    assert list(outcome.point.values()) == pytest.approx(best, abs=0.3)
    assert np.array_equal(path(0, 7)[1], points[:8])
    assert not np.array_equal(path(1, 7)[1], points[:8])


def test_steps_come_one_by_one_and_can_be_closed(client, forms):
    with secant.dask.descend(LINE, forms.files, START, method="fixed_rate", rate=1e-6) as descent:
        first, second = next(descent), next(descent)
    assert (first.number, second.number) == (0, 1)
    assert second.value < first.value
    with pytest.raises(secant.Cancelled, match="closed before it ended"):
        descent.result()


@pytest.mark.parametrize(
    ("how", "kind", "message"),
    [
        pytest.param({"method": "newton", "batch": 1}, secant.InvalidArgument, "newton takes no mini-batches", id="batch"),
        pytest.param({"batch": 0}, ValueError, "batch is the number of partitions", id="no-batch"),
        pytest.param({"start": {"a": 0.0}}, secant.InvalidArgument, "'b' is no column of the data and has no", id="start"),
        pytest.param({"start": {**START, "x": 1.0}}, secant.InvalidArgument, "'x' is a column of the data", id="column"),
        pytest.param({"method": "adam", "memory": 2}, TypeError, "no setting 'memory'", id="setting"),
        pytest.param({"f": "sum(y - a)"}, secant.InvalidArgument, "`start` names 'b', which is not in the formula", id="names"),
        pytest.param({"f": secant.Expression("y", data={"y": [1.0]})}, TypeError, "has no data", id="data"),
    ],
)  # fmt: skip
def test_wrong_requests_are_refused(client, forms, how, kind, message):
    given = {"f": LINE, "start": START, **how}
    with pytest.raises(kind, match=message):
        secant.dask.descend(given.pop("f"), forms.files, given.pop("start"), **given).result()


def slow(block, folder):
    """Return a block after a moment, and leave a mark."""
    time.sleep(0.1)
    (folder / f"{time.time_ns()}").touch()
    return block


def slow_rows(folder, chunks):
    """Rows whose partitions take a tenth of a second."""
    import dask.array as da

    return {"y": da.arange(float(10 * chunks), chunks=10).map_blocks(slow, folder, dtype=float)}


def settled(folder):
    """The number of tasks that have begun, when none has for half a second; all would take ten seconds."""
    begun, after = -1, 0
    while begun != after:
        begun = after
        time.sleep(0.5)
        after = len(list(folder.iterdir()))
    return begun


def test_a_time_limit_cancels_the_tasks_that_have_not_begun(client, tmp_path):
    with pytest.raises(secant.ResourceExhausted, match=r"the tasks took more than 0\.4 seconds"):
        secant.dask.gradient("(y - a)^2", slow_rows(tmp_path, 200), {"a": 1.0}, timeout=0.4)
    assert settled(tmp_path) < 150


def test_an_interrupted_call_cancels_its_tasks(client, tmp_path):
    threading.Timer(0.5, lambda: signal.raise_signal(signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        secant.dask.gradient("(y - a)^2", slow_rows(tmp_path, 200), {"a": 1.0})
    assert settled(tmp_path) < 150


def test_killed_workers_change_no_bit(cluster, client, tmp_path):
    data = slow_rows(tmp_path, 24)
    undisturbed = secant.dask.gradient("(y - a)^2/7", data, {"a": 1.0})
    killed = []

    def kill():
        while len(killed) < 2:
            time.sleep(0.7)
            if len(client.nthreads()) == 2:
                worker = next(iter(cluster.workers.values()))
                killed.append(worker.pid)
                os.kill(worker.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    found = [secant.dask.gradient("(y - a)^2/7", data, {"a": 1.0})]
    while killer.is_alive():
        found.append(secant.dask.gradient("(y - a)^2/7", data, {"a": 1.0}))
    killer.join()
    for total in found:
        assert total.value == undisturbed.value
        assert total.gradient.tobytes() == undisturbed.gradient.tobytes()
        assert total.hessian.tobytes() == undisturbed.hessian.tobytes()
