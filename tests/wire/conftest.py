"""A server on a real socket, and what a caller sees of it."""

import asyncio
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd.server import Server
from secantd.settings import Limits, Settings

from .calls import after

# Every call of these tests has a deadline: an answer or a status is due, never silence.
DEADLINE = 5.0


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    """Run a server in a thread of this process."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="server")
    thread.start()

    async def make() -> Server:
        server = Server(settings)
        await server.start()
        # On a busy machine the first call that needs a process would spend its deadline on waiting for it.
        await server.warm()
        return server

    server = asyncio.run_coroutine_threadsafe(make(), loop).result(180)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(0), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


@pytest.fixture(scope="session")
def issue(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """How a folder is given an authority, and a server and a client that it vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")

    def make(name: str, days: int = 2) -> Path:
        folder = tmp_path_factory.mktemp(name)

        def openssl(*words: str) -> None:
            subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

        openssl("req", "-x509", *KEY, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", f"/CN={name}")
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        for each in ("server", "client"):
            openssl("req", *KEY, "-keyout", f"{each}.key", "-out", f"{each}.csr", "-subj", f"/CN={each}")
            signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", str(days), "-extfile", "names")
            openssl("x509", "-req", "-in", f"{each}.csr", "-out", f"{each}.pem", *signed)
        return folder

    return make


class Deadlined:
    """The stub of the service, each call with a deadline."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._stub = CalculusServiceStub(channel)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._stub, name)
        return lambda request, **options: method(request, **{"timeout": DEADLINE} | options)

    def future(self, name: str, request: Any) -> Any:
        """Begin a unary call; its `result()` is the reply."""
        return getattr(self._stub, name).future(request, timeout=DEADLINE)


@pytest.fixture(scope="session")
def start() -> Callable[[Settings], Any]:
    """How a test starts a server of its own: `with start(settings) as server`."""
    return serving


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The server that most tests share; with HTTP where that is installed (extra 'http')."""
    web = "127.0.0.1:0" if find_spec("uvicorn") else ""
    with serving(Settings(listen="127.0.0.1:0", http=web, http_origins=("https://example.org",))) as running:
        yield running


@pytest.fixture(scope="session")
def web(server: Server) -> str:
    """The address of HTTP of the server that most tests share."""
    return server.http_address


@pytest.fixture
def small(start: Callable[[Settings], Any]) -> Iterator[Callable[..., Server]]:
    """Starts servers without processes; `small(idle_seconds=1)` returns one."""
    with ExitStack() as stack:

        def make(connections: int = 1000, **limits: float) -> Server:
            settings = Settings(
                listen="127.0.0.1:0", http="127.0.0.1:0", pool=0, http_connections=connections, limits=Limits(**limits)
            )
            return stack.enter_context(start(settings))

        yield make


@pytest.fixture(scope="session")
def connect() -> Callable[[str], Any]:
    """How a test calls an address: `with connect(address) as calculus`."""

    @contextmanager
    def connected(address: str, options: Sequence[tuple[str, Any]] = ()) -> Iterator[Deadlined]:
        with grpc.insecure_channel(address, options) as channel:
            yield Deadlined(channel)

    return connected


@pytest.fixture(scope="session")
def calculus(server: Server, connect: Callable[[str], Any]) -> Iterator[Deadlined]:
    """The service over the wire."""
    with connect(server.address) as calculus:
        yield calculus


@pytest.fixture(scope="session")
def failure() -> Callable[..., SimpleNamespace]:
    """The error of a call that fails: code, message, reason, metadata, field, retry."""

    def call(method: Callable[..., Any], request: Any, **options: Any) -> SimpleNamespace:
        def whole() -> None:
            reply = method(request, **options)
            if isinstance(reply, Iterator):
                list(reply)

        with pytest.raises(grpc.RpcError) as caught:
            whole()
        error = caught.value
        found = SimpleNamespace(
            code=error.code().name, message=error.details(), reason="", metadata={}, field="", retry=None
        )
        status = rpc_status.from_call(error)
        for detail in status.details if status else ():
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                info = error_details_pb2.ErrorInfo.FromString(detail.value)
                found.reason, found.metadata = info.reason, dict(info.metadata)
                assert info.domain == "secant"
            elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
                found.field = error_details_pb2.BadRequest.FromString(detail.value).field_violations[0].field
            elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
                retry = error_details_pb2.RetryInfo.FromString(detail.value)
                found.retry = retry.retry_delay.ToTimedelta().total_seconds()
        return found

    return call


@pytest.fixture(scope="session")
def ended() -> Callable[..., tuple[str, str]]:
    """How a call ends, read to its end: code and message; ("OK", "") for an answer."""

    def call(method: Callable[..., Any], request: Any, **options: Any) -> tuple[str, str]:
        try:
            reply = method(request, **options)
            if isinstance(reply, Iterator):
                list(reply)
        except grpc.RpcError as error:
            return error.code().name, error.details()
        return "OK", ""

    return call


def run_secantd(*flags, before="", shell=":", **options):
    """Start secantd, after a line or more of Python and a command of the shell; return the process and its address."""
    code = f"{before}\nfrom secantd.__main__ import main\nmain()"
    process = subprocess.Popen(
        after(shell, [sys.executable, "-c", code, "--listen", "127.0.0.1:0", *flags]),
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options,
    )
    line = process.stdout.readline()
    assert line.startswith("listening on "), process.stderr.read()
    return process, line.split()[-1]


@pytest.fixture
def secantd():
    """Starts `secantd` processes, which end with the test: `process, address = secantd(*flags)`."""
    started = []

    def start(*flags, **options):
        started.append(run_secantd(*flags, **options))
        return started[-1]

    yield start
    for process, _ in started:
        process.kill()
        process.communicate()
