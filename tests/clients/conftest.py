"""A real server inside the process, and one that fails on purpose."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
import secant
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
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
    with secant.local() as client:
        yield client
