"""`secantd --http` for operators: flags, TLS, several processes, spans, the log, the end."""

import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from secantd.flags import ConfigurationError
from secantd.flags import settings as settings_of
from secantd.settings import Settings

from .waiting import wait_until
from .web import JSON, SERVICE, call, raw

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--http", "8080"], "--http is '8080'; it has to be HOST:PORT"),
        (["--http", "localhost:http"], "--http is 'localhost:http'; it has to be HOST:PORT"),
        (["--http-origin", "*"], "--http-origin is '*'; it has to be SCHEME://HOST"),
        (["--http-origin", "https://example.org/"], "--http-origin is 'https://example.org/'"),
        (["--http-origin", "example.org"], "--http-origin is 'example.org'"),
        (["--http-origin", "null"], "--http-origin is 'null'"),
        (["--http-connections", "0"], "--http-connections is 0; it has to be greater than 0"),
    ],
)
def test_wrong_flags_are_named(flags, message):
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        settings_of(flags, {})


def test_variables_are_settings():
    found, _ = settings_of(
        [], {"SECANT_HTTP": "127.0.0.1:0", "SECANT_HTTP_ORIGINS": "https://a.org; http://b.org:8000"}
    )
    assert (found.http, found.http_origins) == ("127.0.0.1:0", ("https://a.org", "http://b.org:8000"))


def test_without_uvicorn_the_extra_is_named(monkeypatch):
    monkeypatch.setattr("secantd.flags.installed", lambda *modules: "uvicorn" not in modules)
    with pytest.raises(ConfigurationError, match=r"--http needs uvicorn and httptools: pip install 'secant\[http\]'"):
        settings_of(["--http", "127.0.0.1:0"], {})


def test_nothing_of_it_is_imported_unless_it_is_asked_for():
    code = "import sys, secantd.server; print([m for m in sys.modules if m.split('.')[0] in ('uvicorn', 'httptools')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_a_port_in_use_is_an_error_with_exit_code_1():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0", "--http", address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, f"secantd: cannot listen on {address}: Address already in use\n")


def test_it_prints_its_address_logs_calls_and_drains(secantd):
    process, _ = secantd("--http", "127.0.0.1:0", "--pool", "0", "--log", "formulas")
    line = process.stdout.readline()
    assert line.startswith("HTTP on http://127.0.0.1:")
    web = line.split()[-1]
    assert call(web, "Gradient", SQUARE).status == 200
    assert raw(web, b"nonsense\r\n\r\n").recv(100).startswith(b"HTTP/1.1 400")
    kept = raw(web)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    kept.close()
    [logged] = map(json.loads, process.stderr.read().splitlines())
    assert (logged["method"], logged["code"], logged["text"]) == ("Gradient", "OK", "x^2")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel balances connections on Linux")
def test_several_processes_share_the_port(secantd):
    process, _ = secantd("--http", "127.0.0.1:0", "--pool", "0", "--workers", "2")
    web = process.stdout.readline().split()[-1]
    for _ in range(10):
        assert call(web, "Gradient", SQUARE).status == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


# -- TLS ------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tls_files(issue):
    return issue("http")


def secure(folder, *, mutual):
    authority = {"client_ca": str(folder / "ca.pem")} if mutual else {}
    pair = {"tls_certificate": str(folder / "server.pem"), "tls_key": str(folder / "server.key")}
    return Settings(listen="127.0.0.1:0", http="127.0.0.1:0", pool=0, **pair, **authority)


def encrypted(folder, web, *, client=False, ca=None):
    """The status of a call over TLS, and the serial number of the server's certificate."""
    context = ssl.create_default_context(cafile=ca or folder / "ca.pem")
    if client:
        context.load_cert_chain(folder / "client.pem", folder / "client.key")
    place = urlsplit(web)
    body = json.dumps(SQUARE).encode()
    head = (
        f"POST {SERVICE}Gradient HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n"
    )
    with (
        socket.create_connection((place.hostname, place.port), 10) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        serial = connection.getpeercert()["serialNumber"]
        connection.sendall(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        return int(connection.recv(4096).split()[1]), serial


@pytest.mark.parametrize("mutual", [False, True])
def test_calls_are_encrypted(tls_files, start, mutual):
    with start(secure(tls_files, mutual=mutual)) as server:
        web = server.http_address
        assert web.startswith("https://")
        assert encrypted(tls_files, web, client=mutual)[0] == 200
        if mutual:
            with pytest.raises((ssl.SSLError, ConnectionError, IndexError)):
                encrypted(tls_files, web)
        # What is not TLS gets no answer.
        with raw(web, b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n") as plain:
            assert not plain.recv(100).startswith(b"HTTP/1.1 200")


def test_a_renewed_certificate_is_used_for_new_connections(issue, tls_files, start, monkeypatch, tmp_path):
    monkeypatch.setattr("secantd.server.SECONDS_BETWEEN_LOOKS", 0.05)
    folder = tmp_path / "tls"
    shutil.copytree(tls_files, folder)
    new = issue("renewed")
    with start(secure(folder, mutual=False)) as server:
        _, before = encrypted(folder, server.http_address)
        time.sleep(0.1)
        for name in ("server.key", "server.pem"):
            shutil.copy(new / name, folder / name)

        def renewed():
            try:
                return encrypted(folder, server.http_address, ca=new / "ca.pem")[1] != before
            except ssl.SSLError:
                return False

        wait_until(renewed)


# -- spans ----------------------------------------------------------------------------------------------------------------


def test_a_span_is_part_of_the_callers_trace(start, monkeypatch):
    pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed (extra 'telemetry')")
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
    from secantd.transport.interceptors import telemetry

    memory = InMemorySpanExporter()
    monkeypatch.setattr(telemetry, "exporter", lambda: memory)
    trace = "0af7651916cd43dd8448eb211c80319c"
    settings = Settings(listen="127.0.0.1:0", http="127.0.0.1:0", pool=0, telemetry=True)
    with start(settings) as server:
        call(server.http_address, "Gradient", SQUARE, JSON | {"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    [span] = memory.get_finished_spans()
    assert f"{span.context.trace_id:032x}" == trace
    assert (span.attributes["rpc.system"], span.attributes["rpc.method"]) == ("connect_rpc", "Gradient")
