"""How a client connects: certificates, replicas and their health."""

import json
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
import secant
from click.testing import CliRunner
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from secant.command import server as verbs  # noqa: F401 (declares describe)
from secant.command.app import app
from secant.v1 import calculus_service_pb2_grpc, describe_pb2

SERVICE = "secant.v1.CalculusService"


class Describing(calculus_service_pb2_grpc.CalculusServiceServicer):
    """Answers Describe with a version, and counts how often."""

    def __init__(self, version="1"):
        self.version = version
        self.calls = 0

    def Describe(self, request, context):
        self.calls += 1
        return describe_pb2.DescribeResponse(version=self.version)


@pytest.fixture
def serve():
    """Start a server and return its address and its health servicer."""
    servers = []

    def start(servicer, credentials=None):
        server = grpc.server(ThreadPoolExecutor(4))
        health_servicer = health.HealthServicer()
        health_servicer.set(SERVICE, health_pb2.HealthCheckResponse.SERVING)
        health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
        calculus_service_pb2_grpc.add_CalculusServiceServicer_to_server(servicer, server)
        where = "127.0.0.1:0"
        port = server.add_secure_port(where, credentials) if credentials else server.add_insecure_port(where)
        server.start()
        servers.append(server)
        return f"127.0.0.1:{port}", health_servicer

    yield start
    for each in servers:
        each.stop(0).wait()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """An authority, and a server and a client that it vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificates, and it is not installed")
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)

    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    openssl("req", "-x509", *new_key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority")
    for name in ("server", "client"):
        openssl(
            *["req", "-x509", *new_key, "-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}"],
            *["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
        )
    return folder


def credentials(folder, mutual):
    key, certificate, ca = ((folder / name).read_bytes() for name in ("server.key", "server.pem", "ca.pem"))
    return grpc.ssl_server_credentials([(key, certificate)], ca if mutual else None, mutual)


def test_a_server_with_a_certificate_is_trusted_by_its_root(serve, certificates):
    address, _ = serve(Describing(), credentials(certificates, mutual=False))
    with secant.connect(address, tls=secant.TLS(certificates / "ca.pem"), token="sesame") as s:
        assert s.describe().version == "1"


def test_a_server_that_nobody_vouches_for_is_not_talked_to(serve, certificates):
    address, _ = serve(Describing(), credentials(certificates, mutual=False))
    stranger = (certificates / "client.pem").read_bytes()
    with (
        secant.connect(address, tls=secant.TLS(stranger), timeout=5) as s,
        pytest.raises((secant.Unavailable, secant.DeadlineExceeded)),
    ):
        s.describe()


def test_a_server_may_ask_for_the_clients_certificate(serve, certificates):
    address, _ = serve(Describing(), credentials(certificates, mutual=True))
    tls = secant.TLS(certificates / "ca.pem", certificates / "client.pem", certificates / "client.key")
    with secant.connect(address, tls=tls) as s:
        assert s.describe().version == "1"
    with (
        secant.connect(address, tls=secant.TLS(certificates / "ca.pem"), timeout=5) as s,
        pytest.raises((secant.Unavailable, secant.DeadlineExceeded)),
    ):
        s.describe()


def test_the_command_takes_certificates_from_files(serve, certificates):
    address, _ = serve(Describing("7"), credentials(certificates, mutual=True))
    files = [f"--{name}={certificates / file}" for name, file in [("certificate", "client.pem"), ("key", "client.key")]]
    found = CliRunner(env={"SECANT_CA": str(certificates / "ca.pem")}).invoke(
        app, ["--server", address, *files, "describe", "--json"]
    )
    assert json.loads(found.stdout)["version"] == "7"


def test_replicas_take_turns(serve):
    replicas = [Describing(), Describing()]
    target = "ipv4:" + ",".join(serve(replica)[0] for replica in replicas)
    with secant.connect(target) as s:
        # The second connection may take longer than the first calls.
        while min(replica.calls for replica in replicas) < 5 and sum(replica.calls for replica in replicas) < 10_000:
            s.describe()
    assert min(replica.calls for replica in replicas) >= 5


def test_a_client_does_not_wait_for_what_another_client_found_out_before():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{free.getsockname()[1]}"
    with secant.connect(target) as early:
        # gRPC waits longer after each failed connection.
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            with pytest.raises(secant.Error):
                early.describe()
        with secant.local(listen=target) as late:
            assert late.describe().version


def test_a_replica_that_is_not_serving_gets_no_calls(serve):
    sick, sound = Describing("sick"), Describing("sound")
    (a, health_servicer), (b, _) = serve(sick), serve(sound)
    health_servicer.set(SERVICE, health_pb2.HealthCheckResponse.NOT_SERVING)
    with secant.connect(f"ipv4:{a},{b}") as s:
        assert {s.describe().version for _ in range(20)} == {"sound"}


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(serve, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("grpc_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    address, _ = serve(Describing())
    with secant.connect(address) as s:
        assert s.describe().version == "1"
