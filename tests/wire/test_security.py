"""Who may call, and what is told to whom: a test for each threat of docs/operations.md."""

import hashlib
import json
import time

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from secant.v1 import derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
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


def test_a_server_listens_to_this_machine_only_unless_told_otherwise():
    assert Settings().listen == "127.0.0.1:50051"
