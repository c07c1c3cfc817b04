"""Many descents at once, by processes and on a cluster."""

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import secant
import secant.many

RANDOM = np.random.default_rng(5)
X = np.linspace(0.0, 3.0, 60)
DATA = {"x": X, "y": 3.0 * np.exp(-1.3 * X) + 0.05 * RANDOM.normal(size=60)}
DECAY = "sum((y - a*exp(-b*x))^2)"
STARTS = {"x": RANDOM.normal(size=100), "y": RANDOM.normal(size=100)}
WELLS = "(x^2 - 1)^2 + y^2 + 0.3*x"


def bits(ends):
    return (ends.points.tobytes(), ends.values.tobytes(), ends.steps.tobytes(), ends.reasons.tolist())


def test_the_ends_are_those_of_single_descents():
    seen = []
    ends = secant.many.descend(
        WELLS, STARTS, method="newton", workers=2, progress=lambda done, of: seen.append((done, of))
    )
    assert (seen[-1], sorted(seen)) == ((100, 100), seen)
    with secant.local() as s:
        for i in (0, 17, 99):
            single = s.descend(WELLS, {"x": STARTS["x"][i], "y": STARTS["y"][i]}, method="newton").result()
            assert ends.points[i].tolist() == list(single.point.values())
            assert (ends.values[i], ends.reasons[i], ends.steps[i]) == (single.value, single.reason, single.steps)
    assert (ends.variables, len(ends)) == (("x", "y"), 100)
    assert ends.points[ends.best] == pytest.approx([-1.0355787, 0.0], abs=1e-6)


@pytest.mark.long
def test_a_cluster_has_the_same_bits_as_one_process_and_as_two(client):
    calls = [{"workers": 1}, {"workers": 2}, {"client": client}]
    found = [bits(secant.many.descend(WELLS, STARTS, **how)) for how in calls]
    assert found[0] == found[1] == found[2]


@pytest.mark.long
def test_a_profile_is_the_minimum_over_the_other_variables(client):
    rates = np.linspace(0.8, 1.8, 21)
    found = secant.many.profile(DECAY, {"a": 1.0}, over={"b": rates}, data=DATA, client=client)
    # For a rate that is held, f is linear least squares in a.
    shape = np.exp(-np.outer(rates, X))
    a = shape @ DATA["y"] / np.sum(shape**2, axis=1)
    assert found.variables == ("b", "a")
    assert found.points[:, 0].tolist() == rates.tolist()
    assert found.points[:, 1] == pytest.approx(a, rel=1e-6)
    assert found.values == pytest.approx(np.sum((DATA["y"] - a[:, None] * shape) ** 2, axis=1), rel=1e-9)


@pytest.mark.long
def test_a_bootstrap_has_the_standard_errors_of_the_linear_model():
    x = RANDOM.normal(size=200)
    y = 1.0 + 2.0 * x + 0.5 * RANDOM.normal(size=200)
    ends = secant.many.bootstrap(
        "sum((y - a - b*x)^2)", {"a": 0.0, "b": 0.0}, data={"x": x, "y": y}, replicates=200, method="newton", workers=2
    )
    design = np.stack([np.ones(200), x], axis=1)
    best, squares, *_ = np.linalg.lstsq(design, y, rcond=None)
    errors = np.sqrt(squares[0] / 198 * np.diag(np.linalg.inv(design.T @ design)))
    assert ends.points.mean(axis=0) == pytest.approx(best, abs=0.02)
    assert ends.points.std(axis=0, ddof=1) == pytest.approx(errors, rel=0.3)


@pytest.mark.long
def test_a_sample_depends_on_the_seed_and_its_number_only(client):
    def points(**how):
        return secant.many.bootstrap("sum((y - m)^2)", {"m": 0.0}, data={"y": DATA["y"]}, **how).points

    first = points(replicates=40, workers=1)
    assert np.array_equal(first, points(replicates=80, client=client)[:40])
    assert not np.array_equal(first, points(replicates=40, seed=1, workers=1))
    drawn = np.random.default_rng([0, 7]).integers(0, 60, 60)
    assert first[7, 0] == pytest.approx(DATA["y"][drawn].mean(), rel=1e-8)


def test_data_that_are_not_resampled_stay():
    found = secant.many.bootstrap(
        "sum((y - m)^2) + sum(w)*m^2",
        {"m": 0.0},
        data={"y": [1.0, 3.0], "w": [1.0, 2.0, 3.0]},
        resample=["y"],
        replicates=8,
        method="newton",
        workers=1,
    )
    assert {round(float(m), 9) for m in found.points[:, 0]} <= {0.25, 0.5, 0.75}


def children_of(process):
    """The processes whose parents are the children of a process: the workers of its fork servers."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
    return [pid for pid, parent in parents.items() if parents.get(parent) == process and pid != parent]


@pytest.mark.long
def test_killed_processes_change_no_bit():
    starts = {"x": RANDOM.normal(size=400), "y": 0.5}
    undisturbed = bits(secant.many.descend(WELLS, starts, workers=2))
    before, killed, end = set(children_of(os.getpid())), [], threading.Event()

    def kill():
        while not end.wait(0.25) and len(killed) < 4:
            for worker in set(children_of(os.getpid())) - before - set(killed):
                with suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)
                break

    killer = threading.Thread(target=kill)
    killer.start()
    found = bits(secant.many.descend(WELLS, starts, workers=2))
    end.set()
    killer.join()
    assert killed
    assert found == undisturbed


@pytest.mark.long
def test_a_time_limit_and_an_interrupt_end_the_processes():
    before = set(children_of(os.getpid()))
    many = {"x": RANDOM.normal(size=4000), "y": 0.0}
    with pytest.raises(secant.ResourceExhausted, match=r"the tasks took more than 1\.2 seconds"):
        secant.many.descend(WELLS, many, workers=2, timeout=1.2)
    threading.Timer(1.2, lambda: signal.raise_signal(signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        secant.many.descend(WELLS, many, workers=2)
    deadline = time.monotonic() + 5.0
    while set(children_of(os.getpid())) - before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(children_of(os.getpid())) <= before


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        pytest.param(lambda m: m.descend("x^2 +", {"x": [1.0]}), secant.InvalidArgument, "found the end", id="syntax"),
        pytest.param(lambda m: m.descend("x^2 + y", {"x": [1.0]}), secant.InvalidArgument, "has no value for 'y'", id="y"),
        pytest.param(lambda m: m.descend("x^2", {"x": []}), ValueError, "starts has no values", id="no-starts"),
        pytest.param(lambda m: m.descend("x^2", {"x": [[1.0]]}), ValueError, "a column is one vector", id="matrix"),
        pytest.param(lambda m: m.descend("x^2", {"x": [1.0]}, workers=0), ValueError, "at least 1; got 0", id="workers"),
        pytest.param(lambda m: m.descend("x^2", {"x": [1.0]}, trace_every=2), TypeError, "take no 'trace_every'", id="trace"),
        pytest.param(lambda m: m.descend("x^2", {"x": [1.0]}, client="dask://127.0.0.1:1"), secant.Unimplemented,
                     "Connection refused", id="scheduler"),
        pytest.param(lambda m: m.profile("x^2", {"x": 1.0}, {"z": [1.0]}), secant.InvalidArgument,
                     "'z' cannot be held: it is no variable", id="held"),
        pytest.param(lambda m: m.bootstrap("x^2", {"x": 1.0}), ValueError, "f has no data to resample", id="no-data"),
        pytest.param(lambda m: m.bootstrap("sum(u*x)^2 + sum(v)", {"x": 1.0}, data={"u": [1.0], "v": [1.0, 2.0]}), ValueError,
                     "u has 1, v has 2", id="lengths"),
        pytest.param(lambda m: m.bootstrap("sum(u*x)^2", {"x": 1.0}, data={"u": [1.0]}, resample=["w"]), ValueError,
                     "there are no data 'w'", id="unknown"),
    ],
)  # fmt: skip
def test_wrong_requests_are_refused(call, kind, message):
    with pytest.raises(kind, match=message):
        call(secant.many)
