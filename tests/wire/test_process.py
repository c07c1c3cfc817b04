"""`secantd` as a process: its start, its drain, its errors for invalid settings."""

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

import grpc
import pytest
from secant.v1 import descend_pb2, describe_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd.__main__ import main
from secantd.settings import Limits, limit_table

from .calls import LINUX, after


@pytest.fixture
def secantd():
    """Starts `python -m secantd`; gives the process and its address."""
    started = []

    def start(*flags, **environment):
        process = subprocess.Popen(
            [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={k: v for k, v in os.environ.items() if not k.startswith("SECANT_")} | environment,
        )
        started.append(process)
        line = process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), process.stderr.read()
        return process, line.split()[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ended(*flags, **environment):
    """Run secantd to its end: exit code, standard output, standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "secantd", *flags],
        capture_output=True,
        text=True,
        timeout=30,
        env={k: v for k, v in os.environ.items() if not k.startswith("SECANT_")} | environment,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.sample(2)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_it_with_exit_code_0(secantd, number):
    process, _ = secantd()
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stderr.read() == ""


def test_a_server_started_by_nohup_outlives_its_terminal():
    # Ignored signals stay ignored in the programs that a process starts; nohup does the same.
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0"]
    with subprocess.Popen(after("trap '' HUP", command), stdout=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGHUP)
        with grpc.insecure_channel(address) as channel:
            stub = CalculusServiceStub(channel)
            assert stub.Describe(describe_pb2.DescribeRequest(), timeout=10, wait_for_ready=True).version
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.sample(4)
@pytest.mark.parametrize("allowed", [12, 20, 24, 47])
def test_too_few_open_files_are_refused_with_the_number_that_is_needed(allowed):
    command = after(f"ulimit -n {allowed}", [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"])
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"secantd: at most {allowed} files may be open, but the server needs 48 and one for each connection; "
        "raise the limit, for example with `ulimit -n 1024`\n"
    )


@LINUX
def test_the_limit_of_open_files_is_raised_to_the_hard_limit():
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0"]
    both = "ulimit -S -n 20; ulimit -H -n 300"
    with subprocess.Popen(after(both, command), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("listening")
        assert resource.prlimit(process.pid, resource.RLIMIT_NOFILE) == (300, 300)
        process.terminate()
        assert process.wait(10) == 0


@pytest.mark.sample(2)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_running_stream_is_finished_before_it_ends(secantd, connect, number):
    process, address = secantd(*(["--pool", "0"] if number == signal.SIGHUP else []))
    # About a second of steps, read as they come.
    request = descend_pb2.DescendRequest(
        expression=expression_pb2.Expression(text="x^2"),
        start=[expression_pb2.Coordinate(variable="x", value=1)],
        fixed_rate=descend_pb2.FixedRate(rate=1e-9),
        max_steps=100_000,
        tolerance=0,
    )
    with connect(address) as calculus:
        replies = calculus.Descend(request, timeout=30)
        first = next(replies)
        process.send_signal(number)
        rest = list(replies)
    assert rest[-1].outcome.steps == 100_000
    assert sum(len(r.steps) for r in [first, *rest]) == 100_001
    assert process.wait(10) == 0


# The configuration of clients that stop calling a server as soon as its health is NOT_SERVING.
WATCHFUL = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "secant.v1.CalculusService"},
}


def test_a_watchful_client_loses_no_call_while_it_drains(secantd, connect):
    process, address = secantd("--pool", "0")
    codes, stopped = [], threading.Event()
    with connect(address, [("grpc.service_config", json.dumps(WATCHFUL))]) as calculus:
        calculus.Describe(describe_pb2.DescribeRequest(), wait_for_ready=True)

        def call():
            while not stopped.is_set():
                try:
                    calculus.Describe(describe_pb2.DescribeRequest())
                    codes.append("OK")
                except grpc.RpcError as error:
                    codes.append(error.code().name)
                    return

        threads = [threading.Thread(target=call) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        stopped.set()
        for thread in threads:
            thread.join()
    # Never sent is fine, a retry is safe; anything else would be a call that was begun and lost.
    assert set(codes) <= {"OK", "UNAVAILABLE"}
    assert codes.count("UNAVAILABLE") <= 4


def test_a_port_in_use_is_an_error_with_exit_code_1(secantd):
    _, address = secantd("--pool", "0")
    code, _, error = ended("--listen", address)
    assert code == 1
    assert error == f"secantd: cannot listen on {address}: Address already in use\n"


def test_an_address_of_another_host_is_an_error_with_exit_code_1():
    code, _, error = ended("--listen", "192.0.2.1:0")
    assert code == 1
    assert "cannot listen on 192.0.2.1:0: Cannot assign requested address" in error


WRONG = [
    pytest.param(["--listen", "nowhere"], {}, "--listen is 'nowhere'", id="no port"),
    pytest.param(["--listen", "127.0.0.1:99999"], {}, "--listen is", id="a port too high"),
    pytest.param(["--steps", "many"], {}, "--steps is 'many'; it has to be a whole number", id="no number"),
    pytest.param(["--seconds", "nan"], {}, "--seconds is nan", id="NaN"),
    pytest.param(["--seconds", "-1"], {}, "--seconds is -1", id="below 0"),
    pytest.param(["--depth", "0"], {}, "--depth is 0", id="a limit of 0"),
    pytest.param(["--frobnicate"], {}, "unrecognized arguments: --frobnicate", id="an unknown flag"),
    pytest.param([], {"SECANT_STEPS": "x"}, "SECANT_STEPS is 'x'", id="a variable that is no number"),
    pytest.param(["--listn=:1"], {}, "--listn=:1; did you mean --listen?", id="a misspelt flag"),
    pytest.param([], {"SECANT_STEP": "1"}, "SECANT_STEP is not a setting", id="an unknown variable"),
    pytest.param([], {"SECANT_LISTN": "x"}, "did you mean SECANT_LISTEN?", id="a misspelt variable"),
    pytest.param(
        [], {"SECANT_TOKENSS": "x"}, "did you mean SECANT_TOKENS?", id="one that begins like another program's"
    ),
    pytest.param([], {"SECANT_PORT": "50051"}, "SECANT_PORT is not a setting", id="a port"),
    pytest.param([], {"SECANT_REFLECTION": "maybe"}, "SECANT_REFLECTION is 'maybe'", id="neither yes nor no"),
]


@pytest.mark.parametrize(("flags", "environment", "message"), WRONG)
def test_invalid_settings_are_errors_with_exit_code_2(flags, environment, message, monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("SECANT_")]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with pytest.raises(SystemExit) as exit_code:
        main(["--check-config", *flags])
    out, error = capsys.readouterr()
    assert (exit_code.value.code, out) == (2, "")
    assert message in error
    assert error.count("\n") == 1


# As a pod of a namespace with the Services `secant` (ports grpc and metrics) and `secant-metrics` gets them.
KUBERNETES = {
    "SECANT_SERVICE_HOST": "10.96.0.17",
    "SECANT_SERVICE_PORT": "50051",
    "SECANT_SERVICE_PORT_GRPC": "50051",
    "SECANT_PORT": "tcp://10.96.0.17:50051",
    "SECANT_PORT_50051_TCP": "tcp://10.96.0.17:50051",
    "SECANT_PORT_50051_TCP_PROTO": "tcp",
    "SECANT_PORT_50051_TCP_PORT": "50051",
    "SECANT_PORT_50051_TCP_ADDR": "10.96.0.17",
    "SECANT_METRICS_SERVICE_HOST": "10.96.0.18",
    "SECANT_METRICS_SERVICE_PORT": "9464",
    "SECANT_METRICS_PORT": "tcp://10.96.0.18:9464",
    "SECANT_METRICS_PORT_9464_TCP": "tcp://10.96.0.18:9464",
    "SECANT_METRICS_PORT_9464_TCP_ADDR": "10.96.0.18",
    "SECANT_PORT_53_UDP": "udp://10.96.0.17:53",
}


def test_variables_that_kubernetes_makes_for_a_service_named_secant_are_no_settings():
    assert ended("--check-config", **KUBERNETES) == (0, "the configuration is valid\n", "")


def test_check_config_validates_the_configuration():
    code, out, error = ended("--check-config", "--steps", "many")
    assert (code, out) == (2, "")
    assert "--steps is 'many'" in error
    assert ended("--check-config", SECANT_STEPS="5") == (0, "the configuration is valid\n", "")


def test_help_names_every_limit_with_the_text_of_describe():
    code, out, _ = ended("--help")
    assert code == 0
    shown = re.sub(r"\s+", " ", out)
    for name, _, unit, text in limit_table(Limits()):
        # A noun phrase, not a clause about it.
        assert re.match(r"(Maximum|Time limit) ", text), text
        assert f"--{name.replace('_', '-')} VALUE {text}. Default: " in shown, (name, unit)
    assert "Maximum bracket nesting. Default: 20000 --" in shown


def test_settings_larger_than_grpc_takes_are_no_limit(secantd):
    process, address = secantd(
        *("--keepalive", "1e12", "--connection-idle", "1e12", "--idle-seconds", "1e12", "--pool", "0"),
        *("--message-bytes", "9999999999999", "--connection-streams", "9999999999999"),
    )
    with grpc.insecure_channel(address) as channel:
        assert CalculusServiceStub(channel).Describe(describe_pb2.DescribeRequest(), timeout=5).version
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_flags_take_precedence_over_variables_and_describe_returns_the_limits(secantd, connect):
    _, address = secantd("--pool", "0", "--steps", "7", SECANT_STEPS="8", SECANT_DEPTH="9")
    with connect(address) as calculus:
        limits = {limit.name: limit.value for limit in calculus.Describe(describe_pb2.DescribeRequest()).limits}
    assert (limits["steps"], limits["depth"]) == (7, 9)


def test_nothing_heavy_is_imported_at_start():
    heavy = "{'sympy', 'scipy', 'matplotlib', 'rpy2', 'click', 'rich'}"
    code = f"import sys, secantd.server, secantd.__main__; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.skipif(not LINUX, reason="needs /proc")
@pytest.mark.parametrize(("given", "wanted"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "2"}, "2")])
def test_products_of_matrices_take_one_thread_unless_the_environment_says_otherwise(given, wanted):
    code = (
        "import os, sys; from secantd.__main__ import compute_with_one_thread; assert 'numpy' not in sys.modules; "
        "compute_with_one_thread(); import numpy as np; np.ones((500, 500)) @ np.ones((500, 500)); "
        "print(os.environ['OPENBLAS_NUM_THREADS'], len(os.listdir('/proc/self/task')))"
    )
    kept = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=kept | given)
    number, threads = done.stdout.split()
    assert number == wanted
    assert given or threads == "1"


def test_the_health_check_waits_for_a_server_that_starts_later(secantd):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "secantd.health", address]
    absent = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (absent.returncode, absent.stderr) == (1, f"{address}: UNAVAILABLE\n")
    with subprocess.Popen([*command, "--wait", "60"], stderr=subprocess.PIPE, text=True) as waiting:
        secantd("--listen", address)
        assert waiting.wait(60) == 0
        assert waiting.stderr.read() == ""
