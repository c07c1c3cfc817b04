"""A real server inside the process, and one that fails on purpose."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
import secant
from click.testing import CliRunner
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from secant.command.app import app
from secant.v1 import calculus_service_pb2, calculus_service_pb2_grpc

RPCS = [rpc.name for rpc in calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"].methods]


class Faults(calculus_service_pb2_grpc.CalculusServiceServicer):
    """Answers each rpc with the function put under its name in `answers`, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Any, grpc.ServicerContext], Any]] = {}
        self.requests: list[Any] = []
        self.contexts: list[grpc.ServicerContext] = []
        self.address = ""

    def __getattribute__(self, name: str) -> Any:
        if name not in RPCS:
            return super().__getattribute__(name)

        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            self.requests.append(request)
            self.contexts.append(context)
            return self.answers[name](request, context)

        return answer


@pytest.fixture
def faults() -> Iterator[Faults]:
    servicer = Faults()
    # No grpc.aio: faults must not depend on what carries the real server.
    server = grpc.server(ThreadPoolExecutor(4))
    calculus_service_pb2_grpc.add_CalculusServiceServicer_to_server(servicer, server)
    health_servicer = health.HealthServicer()
    health_servicer.set("secant.v1.CalculusService", health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
    servicer.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield servicer
    server.stop(0).wait()


@pytest.fixture
def client(faults: Faults) -> Iterator[secant.Client]:
    with secant.connect(faults.address) as client:
        yield client


@pytest.fixture(scope="session")
def real() -> Iterator[secant.Client]:
    # On a busy machine the start of the processes takes longer than a call, and a figure longer than the usual limit.
    with secant.local(timeout=120.0, pool=1, seconds=100.0) as client:
        yield client


@pytest.fixture(scope="session")
def ready(real: secant.Client) -> secant.Client:
    """The real server with its processes started: R's calls do not wait that long."""
    real.check("x^2", "2*x")
    return real


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The R package, installed."""
    folder = tmp_path_factory.mktemp("library")
    package = Path(__file__).parents[2] / "clients" / "r"
    installing = ["R", "CMD", "INSTALL", "--no-docs", "--no-test-load", f"--library={folder}", str(package)]
    done = subprocess.run(installing, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def run(faults):
    """Run a command line against the fault server."""

    def invoke(*args, input=None):
        found = CliRunner().invoke(app, ["--server", faults.address, *args], input=input)
        assert not found.exception or isinstance(found.exception, SystemExit), found.exception
        return found

    return invoke
