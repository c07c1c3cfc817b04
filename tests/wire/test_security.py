"""Who may call, and what is told to whom: a test for each threat of docs/operations.md."""

import hashlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secant.v1.calculus_service_pb2_grpc import CalculusServiceStub
from secantd.metrics import Metrics
from secantd.settings import Settings
from secantd.transport import tokens

ASK = describe_pb2.DescribeRequest()
DERIVATIVE = derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text="x^2"))


def settings(**fields):
    return Settings(listen="127.0.0.1:0", pool=0, **fields)


def sums(*words):
    return "".join(f"{hashlib.sha256(word.encode()).hexdigest()} somebody\n" for word in words)


@pytest.fixture
def guarded(tmp_path, start, connect, monkeypatch):
    """A server that wants a token, and the file of its tokens' sums."""
    monkeypatch.setattr(tokens, "SECONDS_BETWEEN_LOOKS", 0.0)
    file = tmp_path / "tokens"
    file.write_text("# for tests\n\n" + sums("red", "blue"))
    with start(settings(tokens=str(file))) as server, connect(server.address) as calculus:
        yield server, calculus, file


def bearer(word):
    return {"metadata": (("authorization", f"Bearer {word}"),)}


@pytest.mark.parametrize("word", ["red", "blue"])
def test_any_of_the_tokens_lets_a_call_through(guarded, word):
    assert guarded[1].Describe(ASK, **bearer(word)).version


WRONG = [
    pytest.param((), id="none"),
    pytest.param((("authorization", "Bearer green"),), id="wrong"),
    pytest.param((("authorization", "Bearer "),), id="empty"),
    pytest.param((("authorization", "red"),), id="without its scheme"),
    pytest.param((("authorization", "Basic red"),), id="with another scheme"),
    pytest.param((("authorization", f"Bearer {hashlib.sha256(b'red').hexdigest()}"),), id="its sum"),
    pytest.param((("authorization", "Bearer x"), ("authorization", "Bearer red")), id="two"),
]


@pytest.mark.parametrize("metadata", WRONG)
@pytest.mark.parametrize("method", ["Describe", "Descend", "EvaluateStream", "Hessian"])
def test_without_a_good_token_no_method_is_reached(guarded, failure, method, metadata):
    kinds = {"Descend": descend_pb2.DescendRequest, "Hessian": derivative_pb2.HessianRequest}
    request = kinds.get(method, describe_pb2.DescribeRequest)()
    if method == "EvaluateStream":
        request = iter([evaluate_pb2.EvaluateStreamRequest()])
    told = failure(getattr(guarded[1], method), request, metadata=metadata)
    assert (told.code, told.reason) == ("UNAUTHENTICATED", "UNAUTHENTICATED")
    assert "red" not in told.message


def test_reflection_wants_a_token_and_health_does_not(guarded):
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

    with grpc.insecure_channel(guarded[0].address) as channel:
        health = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert health.status == health_pb2.HealthCheckResponse.SERVING
        ask = reflection_pb2.ServerReflectionRequest(list_services="")
        replies = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo(iter([ask]), timeout=5)
        with pytest.raises(grpc.RpcError) as caught:
            next(replies)
        assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_tokens_are_read_again_and_half_a_file_changes_nothing(guarded, failure):
    _, calculus, file = guarded
    file.write_text(sums("green"))
    assert calculus.Describe(ASK, **bearer("green")).version
    assert failure(calculus.Describe, ASK, **bearer("red")).code == "UNAUTHENTICATED"
    file.write_text(sums("red")[:40])
    assert calculus.Describe(ASK, **bearer("green")).version
    file.unlink()
    assert calculus.Describe(ASK, **bearer("green")).version


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """An authority, and a server and a client that it vouches for."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("papers")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ca")
    (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    for name in ("server", "client"):
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names")
        openssl("x509", "-req", "-in", f"{name}.csr", "-out", f"{name}.pem", *signed)
    return folder


def secure(papers, address, *, client):
    read = {name: (papers / name).read_bytes() for name in os.listdir(papers)}
    pair = (read["client.key"], read["client.pem"]) if client else (None, None)
    return grpc.secure_channel(address, grpc.ssl_channel_credentials(read["ca.pem"], *pair))


@pytest.mark.parametrize(("mutual", "client", "code"), [(False, False, "OK"), (True, True, "OK")])
def test_calls_are_encrypted(papers, start, ended, mutual, client, code):
    pair = {"tls_certificate": str(papers / "server.pem"), "tls_key": str(papers / "server.key")}
    authority = {"client_ca": str(papers / "ca.pem")} if mutual else {}
    with start(settings(**pair, **authority)) as server, secure(papers, server.address, client=client) as channel:
        assert ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0] == code


def test_whoever_shows_no_certificate_or_speaks_clear_text_is_not_heard(papers, start, ended):
    pair = {"tls_certificate": str(papers / "server.pem"), "tls_key": str(papers / "server.key")}
    with start(settings(**pair, client_ca=str(papers / "ca.pem"))) as server:
        with secure(papers, server.address, client=False) as channel:
            assert ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0] == "UNAVAILABLE"
        with grpc.insecure_channel(server.address) as channel:
            assert ended(CalculusServiceStub(channel).Describe, ASK, timeout=10)[0] == "UNAVAILABLE"


FILES = [
    pytest.param({"tls_key": "k"}, "go together", id="a key alone"),
    pytest.param({"client_ca": "c"}, "--client-ca needs", id="an authority without a certificate"),
    pytest.param({"tls_key": "/nowhere", "tls_certificate": "/nowhere"}, "cannot be read", id="no file"),
    pytest.param({"tls_key": "/dev/null", "tls_certificate": "/dev/null"}, "holds no PEM", id="no PEM"),
    pytest.param({"tokens": "/nowhere"}, "--tokens", id="no file of tokens"),
    pytest.param({"tokens": __file__}, "line 1: not a SHA-256 sum", id="tokens that are no sums"),
    pytest.param({"log": "everything"}, "one of faults, calls, formulas", id="an unknown level"),
    pytest.param({"metrics": "9090"}, "--metrics is '9090'", id="metrics without a host"),
]


@pytest.mark.parametrize(("fields", "message"), FILES)
def test_settings_of_security_are_checked_at_start(fields, message):
    from secantd.flags import ConfigurationError, settings

    flags = [word for name, value in fields.items() for word in ("--" + name.replace("_", "-"), value)]
    with pytest.raises(ConfigurationError, match=message):
        settings(flags, {})


@pytest.fixture
def lines(start, connect, capfd):
    """What a server that logs at `level` writes about a call that succeeds and one that fails."""
    import logging

    from secantd import logs

    def call(level):
        logs.configure(level)
        try:
            with start(settings(log=level)) as server, connect(server.address) as calculus:
                calculus.Differentiate(DERIVATIVE)
                bad = expression_pb2.Expression(text="x^2 + * SECRET")
                with pytest.raises(grpc.RpcError):
                    calculus.Differentiate(derivative_pb2.DifferentiateRequest(expression=bad))
                # A call's line is written after its caller has the answer.
                written, wanted = "", 0 if level == "faults" else 2
                for _ in range(100):
                    written += capfd.readouterr().err
                    if wanted and written.count("\n") == wanted:
                        break
                    time.sleep(0.01)
        finally:
            logging.getLogger().handlers.clear()
            logging.getLogger("secantd").setLevel(logging.NOTSET)
        return [json.loads(line) for line in written.splitlines()]

    return call


def test_nothing_is_logged_of_a_call_unless_asked_for(lines):
    assert lines("faults") == []


def test_a_line_of_the_log_tells_a_call_but_not_its_formula(lines):
    good, bad = lines("calls")
    assert (good["event"], good["method"], good["code"]) == ("call", "Differentiate", "OK")
    assert good["received"] == DERIVATIVE.ByteSize()
    assert good["sent"] > 0
    assert good["milliseconds"] > 0
    assert bad["code"] == "INVALID_ARGUMENT"
    assert "SECRET" not in json.dumps([good, bad])


def test_formulas_are_logged_where_that_is_asked_for(lines):
    assert [line["text"] for line in lines("formulas")] == ["x^2", "x^2 + * SECRET"]


def test_metrics_are_on_a_port_of_their_own(start, connect, monkeypatch):
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        page = f"127.0.0.1:{free.getsockname()[1]}"
    with start(settings(metrics=page)) as server, connect(server.address) as calculus:
        calculus.Differentiate(DERIVATIVE)
        calculus.Differentiate(DERIVATIVE)
        with urllib.request.urlopen(f"http://{page}/metrics", timeout=5) as reply:
            assert reply.headers["Content-Type"].startswith("text/plain")
            text = reply.read().decode()
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://{page}/etc/passwd", timeout=5)
    assert 'secant_calls_total{method="Differentiate",code="OK"} 2.0' in text
    assert "secant_cached_replies_total 1.0" in text
    assert 'secant_call_seconds_count{method="Differentiate"} 2' in text
    assert "secant_loop_lag_seconds" in text


def test_buckets_of_a_histogram_hold_all_below_them():
    metrics = Metrics()
    for seconds in (0.00005, 0.0005, 0.3, 100.0):
        metrics.seconds.add(seconds, "Gradient")
    rows = [line for line in metrics.text().splitlines() if line.startswith("secant_call_seconds_bucket")]
    assert [int(float(row.split()[-1])) for row in rows] == [1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4]


def test_a_server_listens_to_this_machine_only_unless_told_otherwise():
    assert Settings().listen == "127.0.0.1:50051"
