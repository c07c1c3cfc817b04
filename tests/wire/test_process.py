"""`secantd` as a process: it starts, drains, and says what is wrong with its settings."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import grpc
import pytest
from secant.v1 import descend_pb2, describe_pb2, expression_pb2


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
        said = process.stdout.readline()
        assert said.startswith("listening on 127.0.0.1:"), process.stderr.read()
        return process, said.split()[-1]

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


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_with_exit_code_0(secantd, number):
    process, _ = secantd()
    process.send_signal(number)
    assert process.wait(10) == 0
    assert process.stderr.read() == ""


def test_a_running_stream_is_finished_before_it_ends(secantd, connect):
    process, address = secantd()
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
        process.send_signal(signal.SIGTERM)
        rest = list(replies)
    assert rest[-1].outcome.steps == 100_000
    assert sum(len(r.steps) for r in [first, *rest]) == 100_001
    assert process.wait(10) == 0


# What clients are set to: they look away as soon as health says NOT_SERVING.
WATCHFUL = {
    "loadBalancingConfig": [{"round_robin": {}}],
    "healthCheckConfig": {"serviceName": "secant.v1.CalculusService"},
}


def test_a_watchful_client_loses_no_call_while_it_drains(secantd, connect):
    process, address = secantd()
    codes, told = [], threading.Event()
    with connect(address, [("grpc.service_config", json.dumps(WATCHFUL))]) as calculus:
        calculus.Describe(describe_pb2.DescribeRequest(), wait_for_ready=True)

        def call():
            while not told.is_set():
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
        told.set()
        for thread in threads:
            thread.join()
    # Never sent is fine, a retry is safe; anything else would be a call that was begun and lost.
    assert set(codes) <= {"OK", "UNAVAILABLE"}
    assert codes.count("UNAVAILABLE") <= 4


def test_a_port_in_use_is_told_and_exit_code_1(secantd):
    _, address = secantd()
    code, _, error = ended("--listen", address)
    assert code == 1
    assert error == f"secantd: cannot listen on {address}: Address already in use\n"


def test_a_host_that_is_not_here_is_told_and_exit_code_1():
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
    pytest.param([], {"SECANT_STEP": "1"}, "SECANT_STEP is no setting", id="an unknown variable"),
    pytest.param([], {"SECANT_REFLECTION": "maybe"}, "SECANT_REFLECTION is 'maybe'", id="neither yes nor no"),
]


@pytest.mark.parametrize(("flags", "environment", "message"), WRONG)
def test_settings_that_make_no_sense_are_told_with_exit_code_2(flags, environment, message):
    code, out, error = ended("--check-config", *flags, **environment)
    assert (code, out) == (2, "")
    assert message in error
    assert error.count("\n") == 1


def test_check_config_says_that_the_settings_are_sound():
    assert ended("--check-config", SECANT_STEPS="5") == (0, "the settings are sound\n", "")


def test_help_names_every_limit_with_its_reason():
    code, out, _ = ended("--help")
    assert code == 0
    assert "--text-length" in out
    assert "no stack is used" in re.sub(r"\s+", " ", out)


def test_limits_are_set_by_flag_before_variable_and_told_by_describe(secantd, connect):
    _, address = secantd("--steps", "7", SECANT_STEPS="8", SECANT_DEPTH="9")
    with connect(address) as calculus:
        limits = {limit.name: limit.value for limit in calculus.Describe(describe_pb2.DescribeRequest()).limits}
    assert (limits["steps"], limits["depth"]) == (7, 9)


def test_nothing_heavy_is_imported_at_start():
    heavy = "{'sympy', 'scipy', 'matplotlib', 'rpy2', 'click', 'rich'}"
    code = f"import sys, secantd.server, secantd.__main__; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
