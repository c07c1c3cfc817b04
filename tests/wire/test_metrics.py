"""The page for Prometheus: what one server counts, and the sum over several."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from itertools import pairwise

import grpc
import pytest
from secant.v1 import derivative_pb2, descend_pb2, expression_pb2
from secantd.metrics import Metrics, Totals
from secantd.metrics.totals import json_line
from secantd.settings import Settings

from .waiting import wait_until

DERIVATIVE = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text="x^2"))


def descent(text, **others):
    return descend_pb2.DescendRequest(
        expression=expression_pb2.Expression(text=text),
        start=[expression_pb2.Coordinate(variable="x", value=0.9)],
        fixed_rate=descend_pb2.FixedRate(rate=0.01),
        **others,
    )


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def read(page):
    with urllib.request.urlopen(f"http://{page}/metrics", timeout=5) as reply:
        assert reply.headers["Content-Type"].startswith("text/plain")
        return reply.read().decode()


def samples(page):
    """The page as a table: name with labels -> value."""
    rows = [row.rpartition(" ") for row in read(page).splitlines() if not row.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def test_metrics_are_on_a_port_of_their_own(start, connect):
    page = f"127.0.0.1:{free_port()}"
    with start(Settings(listen="127.0.0.1:0", pool=0, metrics=page)) as server, connect(server.address) as calculus:
        calculus.Differentiate(DERIVATIVE)
        calculus.Differentiate(DERIVATIVE)
        wait_until(lambda: samples(page).get("secant_loop_lag_seconds_count", 0) > 0)
        found = samples(page)
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://{page}/etc/passwd", timeout=5)
    assert found['secant_calls_total{method="Differentiate",code="OK"}'] == 2
    assert found["secant_cached_replies_total"] == 1
    assert found['secant_call_seconds_count{method="Differentiate"}'] == 2


def test_a_short_descent_asked_for_again_is_the_same_from_the_cache_and_a_long_one_is_made_again(start, connect):
    page = f"127.0.0.1:{free_port()}"
    short, long = descent("x^2 + 2*x + 3"), descent("x^2 + 2*x + 4", trace_every=1, max_steps=20_000, tolerance=0.0)
    with start(Settings(listen="127.0.0.1:0", pool=0, metrics=page)) as server, connect(server.address) as calculus:
        for request, cached in ((short, 1), (long, 1)):
            first, again = (list(calculus.Descend(request)) for _ in range(2))
            assert [m for part in again for m in part.steps] == [m for part in first for m in part.steps]
            assert again[-1].outcome == first[-1].outcome
            assert samples(page)["secant_cached_replies_total"] == cached


def test_buckets_of_a_histogram_hold_all_below_them():
    metrics = Metrics()
    for seconds in (0.00005, 0.0005, 0.3, 100.0):
        metrics.seconds.add(seconds, "Gradient")
    rows = [row for row in metrics.text().splitlines() if row.startswith("secant_call_seconds_bucket")]
    assert [int(float(row.split()[-1])) for row in rows] == [1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4]


def test_a_sum_over_servers_is_the_page_of_one_that_did_it_all():
    one, two, both = Metrics(), Metrics(), Metrics()
    for metrics, seconds in ((one, 0.25), (one, 0.5), (two, 0.125), (two, 20.0)):
        for each in (metrics, both):
            each.calls.add(1, "Gradient", "OK")
            each.seconds.add(seconds, "Gradient")
    totals = Totals()
    for server, metrics in enumerate((one, two)):
        totals.receive(server, json_line(metrics))
    totals.ended(0)
    # Six lines are about the servers themselves.
    assert totals.text().splitlines()[6:] == both.text().splitlines()


def test_half_a_line_of_a_server_that_was_killed_changes_nothing():
    metrics = Metrics()
    metrics.cached.add(7)
    totals = Totals()
    totals.receive(1, json_line(metrics))
    totals.receive(1, json_line(metrics)[:40])
    totals.ended(1)
    assert "secant_cached_replies_total 7" in totals.text()


@pytest.fixture
def two():
    """`secantd --workers 2` with a page of metrics: the process, its address, its page."""
    page = f"127.0.0.1:{free_port()}"
    flags = ["--listen", "127.0.0.1:0", "--workers", "2", "--pool", "1", "--metrics", page]
    process = subprocess.Popen(
        [sys.executable, "-m", "secantd", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    line = process.stdout.readline()
    assert line.startswith("listening on "), process.stderr.read()
    yield process, line.split()[-1], page
    process.kill()
    process.communicate()


def call(address, times):
    """Call as often, each time by a connection of its own: the kernel balances connections."""
    for _ in range(times):
        with grpc.insecure_channel(address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            method = channel.unary_unary("/secant.v1.CalculusService/Differentiate")
            method(DERIVATIVE.SerializeToString(), timeout=20, wait_for_ready=True)


DONE = 'secant_calls_total{method="Differentiate",code="OK"}'


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_one_page_sums_up_all_workers_and_no_counter_falls_when_one_is_killed(two):
    process, address, page = two
    call(address, 30)
    # What a server counts is on the page half a second later.
    wait_until(lambda: samples(page).get(DONE) == 30)
    before = samples(page)
    assert before["secant_servers"] == 2
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
        victim = int(file.read().split()[0])
    os.kill(victim, signal.SIGKILL)
    seen = [before]

    def replaced():
        seen.append(samples(page))
        return seen[-1]["secant_servers_ended_total"] == 1 and seen[-1]["secant_servers"] == 2

    wait_until(replaced)
    call(address, 10)
    wait_until(lambda: samples(page)[DONE] == 40)
    seen.append(samples(page))
    gauges = ("secant_servers", "secant_calls_under_way", "secant_long_calls")
    for earlier, later in pairwise(seen):
        assert [name for name in earlier if name not in gauges and later[name] < earlier[name]] == []
    process.terminate()
    assert process.wait(20) == 0
    log = process.stderr.read()
    assert f"process {victim} ended with -9, starting another" in log


def test_a_metrics_port_in_use_is_an_error_at_the_start(two):
    page = two[2]
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--workers", "2", "--metrics", page]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, f"secantd: cannot listen on {page}: Address already in use\n")


def test_a_line_is_json_so_that_other_programs_can_read_it():
    names = [family[0] for family in json.loads(json_line(Metrics()))]
    assert names[0] == "secant_calls_total"
