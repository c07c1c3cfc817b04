"""The page for Prometheus: what one server counts, and the sum over several."""

import contextlib
import json
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from itertools import pairwise

import grpc
import pytest
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, expression_pb2
from secantd.metrics import Metrics, Totals, process_families
from secantd.metrics.page import CONNECTIONS
from secantd.metrics.totals import json_line
from secantd.settings import Settings
from secantd.version import __version__

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


@pytest.mark.parametrize("pool", [0, 1], ids=["threads", "processes"])
def test_only_an_answer_that_had_its_time_is_kept(start, connect, pool):
    page = f"127.0.0.1:{free_port()}"
    hasty = check_pb2.CheckRequest(
        expression=expression_pb2.Expression(text="sin(x)^2*exp(x*cos(x))/(1+x^2)"),
        claimed=expression_pb2.Expression(text="cos(x)*exp(x)"),
        witnesses=["exact", "numeric"],
        seconds=1e-4,
    )
    settled = check_pb2.CheckRequest(
        expression=expression_pb2.Expression(text="x^2"),
        claimed=expression_pb2.Expression(text="2*x"),
        witnesses=["exact"],
    )
    settings = Settings(listen="127.0.0.1:0", pool=pool, metrics=page)
    with start(settings) as server, connect(server.address) as calculus:
        for request, cached in ((hasty, 0), (settled, 1)):
            for _ in range(2):
                calculus.Check(request, timeout=60)
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
    gauges = {"secant_servers", "secant_calls_under_way", "secant_long_calls"}
    gauges |= {each.name for each in process_families() if each.kind == "gauge"}
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


def ask(page, request, *, wait=5.0):
    """Send bytes to the metrics port; return all that comes back."""
    host, port = page.split(":")
    with socket.create_connection((host, int(port)), timeout=wait) as connection:
        connection.sendall(request)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while part := connection.recv(65536):
                received += part
        return received


@pytest.fixture(scope="module")
def page(start):
    page = f"127.0.0.1:{free_port()}"
    with start(Settings(listen="127.0.0.1:0", pool=0, metrics=page)):
        yield page


def test_head_has_the_headers_of_get_and_no_body(page):
    got, head = (ask(page, method + b" /metrics HTTP/1.1\r\nHost: x\r\n\r\n") for method in (b"GET", b"HEAD"))
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert head.endswith(b"\r\n\r\n")
    names = [[line.split(b":")[0] for line in reply.split(b"\r\n\r\n")[0].splitlines()] for reply in (got, head)]
    assert names[0] == names[1]
    assert len(got.split(b"\r\n\r\n", 1)[1]) > 1000


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        pytest.param(b"GET /metrics?format=x HTTP/1.1", b"200 OK", id="a query"),
        pytest.param(b"GET / HTTP/1.1", b"404 Not Found", id="another page"),
        pytest.param(b"GET /metrics/../../etc/passwd HTTP/1.1", b"404 Not Found", id="a folder above"),
        pytest.param(b"POST /metrics HTTP/1.1", b"405 Method Not Allowed", id="POST"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01", b"400 Bad Request", id="TLS"),
        pytest.param(b"GET", b"400 Bad Request", id="no path"),
        pytest.param(b"", b"400 Bad Request", id="an empty line"),
        pytest.param(b"GET \xff\xfe \xff", b"400 Bad Request", id="no text"),
    ],
)
def test_a_request_gets_the_status_that_it_deserves(page, request_line, status):
    assert ask(page, request_line + b"\r\n\r\n").startswith(b"HTTP/1.1 " + status + b"\r\n")


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * 200, id="200 header lines"),
        pytest.param(b"GET /" + b"a" * 200_000, id="a line without an end"),
    ],
)
def test_hostile_requests_are_closed_and_the_next_one_is_answered(page, request_bytes):
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        assert b"200 OK" not in ask(page, request_bytes)
    assert samples(page)["secant_restarts_total"] == 0


def test_connections_that_send_nothing_leave_memory_and_files_bounded(page):
    host, port = page.split(":")
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection((host, int(port)))) for _ in range(100)]
        # Those beyond the limit are closed at once.
        wait_until(lambda: sum(closed(each) for each in held) >= 100 - CONNECTIONS)
        assert sum(closed(each) for each in held) <= 100 - CONNECTIONS
    wait_until(lambda: b"200 OK" in ask(page, b"HEAD /metrics HTTP/1.1\r\n\r\n"))


def closed(connection):
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_page_has_the_build_and_the_process(page):
    text = read(page)
    build = next(line for line in text.splitlines() if line.startswith("secant_build_info{"))
    assert f'version="{__version__}"' in build
    assert f'python="{platform.python_version()}"' in build
    assert build.endswith(" 1")
    found = samples(page)
    # The server is in this process.
    assert found["process_start_time_seconds"] == pytest.approx(start_of_this_process(), abs=2)
    with open("/proc/self/status") as file:
        resident = next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))
    assert found["process_resident_memory_bytes"] == pytest.approx(resident, rel=0.1)
    assert found["process_open_fds"] == pytest.approx(len(os.listdir("/proc/self/fd")), abs=5)
    assert found["process_cpu_seconds_total"] == pytest.approx(sum(os.times()[:2]), abs=1)
    assert found["process_max_fds"] == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def start_of_this_process():
    """The time at which this process started, by ps."""
    done = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(os.getpid())], capture_output=True, text=True, env={"LC_ALL": "C"}, check=True
    )
    return time.mktime(time.strptime(done.stdout.strip(), "%a %b %d %H:%M:%S %Y"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_over_several_servers_the_build_stays_1_and_the_start_is_the_first_one():
    totals = Totals()
    for server in range(3):
        metrics = Metrics()
        metrics.more = process_families
        totals.receive(server, json_line(metrics))
    totals.ended(2)
    lines = dict(line.rpartition(" ")[::2] for line in totals.text().splitlines() if not line.startswith("#"))
    one = {each.name: each.samples[0][2] for each in process_families()}
    assert [value for name, value in lines.items() if name.startswith("secant_build_info")] == ["1"]
    assert float(lines["process_start_time_seconds"]) == pytest.approx(one["process_start_time_seconds"], abs=1)
    assert float(lines["process_max_fds"]) == one["process_max_fds"]
    assert float(lines["process_resident_memory_bytes"]) > 1.5 * one["process_resident_memory_bytes"]
