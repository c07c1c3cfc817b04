"""Who may call, and what errors and logs reveal: a test for each threat of docs/operations.md."""

import hashlib
import json
import time

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from secant.v1 import check_pb2, derivative_pb2, descend_pb2, describe_pb2, evaluate_pb2, expression_pb2
from secantd.settings import Settings
from secantd.transport.interceptors import tokens

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
    monkeypatch.setattr(tokens, "SECONDS_UNCHANGED", 0.0)
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
    error = failure(getattr(guarded[1], method), request, metadata=metadata)
    assert (error.code, error.reason) == ("UNAUTHENTICATED", "UNAUTHENTICATED")
    assert "red" not in error.message


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


def test_an_empty_file_and_one_that_is_being_written_change_nothing(guarded, failure, monkeypatch):
    server, calculus, file = guarded
    file.write_text("")
    assert calculus.Describe(ASK, **bearer("red")).version
    watch = server._tokens._watch
    # Longer than the test takes.
    monkeypatch.setattr(watch, "_settled", 60.0)
    # What somebody who writes in place has written of it so far.
    for words in (["green"], ["green", "blue"], ["green", "blue", "red"]):
        file.write_text(sums(*words))
        assert calculus.Describe(ASK, **bearer("red")).version
    file.write_text(sums("green"))
    assert failure(calculus.Describe, ASK, **bearer("green")).code == "UNAUTHENTICATED"
    monkeypatch.setattr(watch, "_settled", 0.01)
    time.sleep(0.05)
    assert calculus.Describe(ASK, **bearer("green")).version
    assert failure(calculus.Describe, ASK, **bearer("red")).code == "UNAUTHENTICATED"


@pytest.mark.parametrize("token", ["", "\n"], ids=["of nothing", "of an empty line"])
def test_the_sum_of_no_token_is_refused_at_the_start_and_changes_nothing_later(guarded, failure, tmp_path, token):
    from secantd.flags import ConfigurationError
    from secantd.flags import settings as read

    file = tmp_path / "mistaken"
    file.write_text(sums("red", token))
    with pytest.raises(ConfigurationError, match=r"line 2: the SHA-256 sum of (nothing|an empty line)"):
        read(["--tokens", str(file)], {})
    guarded[2].write_text(sums(token))
    assert failure(guarded[1].Describe, ASK, **bearer("")).code == "UNAUTHENTICATED"
    assert guarded[1].Describe(ASK, **bearer("red")).version


def test_an_empty_token_is_refused_whatever_the_sums_are(tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "NO_TOKEN", {})
    file = tmp_path / "tokens"
    file.write_text(sums("", "red"))
    known = tokens.Tokens(file)
    assert [known.good(header) for header in ("Bearer red", "Bearer ", "Bearer", "")] == [True, False, False, False]


FILES = [
    pytest.param({"tls_key": "k"}, "go together", id="a key alone"),
    pytest.param({"client_ca": "c"}, "--client-ca needs", id="an authority without a certificate"),
    pytest.param({"tls_key": "/nowhere", "tls_certificate": "/nowhere"}, "cannot be read", id="no file"),
    pytest.param({"tls_key": "/dev/null", "tls_certificate": "/dev/null"}, "holds no PEM", id="no PEM"),
    pytest.param({"tokens": "/nowhere"}, "--tokens", id="no file of tokens"),
    pytest.param({"tokens": __file__}, "line 1: not a SHA-256 sum", id="tokens that are no sums"),
    pytest.param({"tokens": "/dev/null"}, "holds no sum", id="no tokens"),
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
def lines(start, connect, monkeypatch):
    """What a server that logs at `level` writes about a call that succeeds and one that fails."""
    import io
    import logging
    import sys

    from secantd import logs

    def call(level, text="x^2 + * SECRET"):
        # capfd empties its file as it reads it: a line that the server's thread writes in between is lost.
        monkeypatch.setattr(sys, "stderr", written := io.StringIO())
        logs.configure(level)
        try:
            with start(settings(log=level)) as server, connect(server.address) as calculus:
                calculus.Differentiate(DERIVATIVE)
                bad = expression_pb2.Expression(text=text)
                with pytest.raises(grpc.RpcError):
                    calculus.Differentiate(derivative_pb2.DifferentiateRequest(expression=bad))
                # A call's line is written after its caller has the answer.
                until = time.monotonic() + (0.3 if level == "faults" else 30)
                while written.getvalue().count("\n") < 2 and time.monotonic() < until:
                    time.sleep(0.01)
        finally:
            logging.getLogger().handlers.clear()
            logging.getLogger("secantd").setLevel(logging.NOTSET)
        return [json.loads(line) for line in written.getvalue().splitlines()]

    return call


def test_nothing_is_logged_of_a_call_unless_asked_for(lines):
    assert lines("faults") == []


def test_a_line_of_the_log_describes_a_call_without_its_formula(lines):
    good, bad = lines("calls")
    assert (good["event"], good["method"], good["code"]) == ("call", "Differentiate", "OK")
    assert good["received"] == DERIVATIVE.ByteSize()
    assert good["sent"] > 0
    assert good["milliseconds"] > 0
    assert bad["code"] == "INVALID_ARGUMENT"
    assert "SECRET" not in json.dumps([good, bad])


def test_formulas_are_logged_where_that_is_asked_for(lines):
    assert [line["text"] for line in lines("formulas")] == ["x^2", "x^2 + * SECRET"]


def test_a_formula_in_the_log_drives_no_terminal_and_begins_no_line(lines):
    text = "x +\n\x1b[2J \u202e1 * \u2028 \x9b \x7f"
    assert lines("formulas", text)[1]["text"] == "x +\n?[2J ?1 * ? ? ?"


def test_a_server_listens_on_the_loopback_address_by_default():
    assert Settings().listen == "127.0.0.1:50051"


EVIL = 'x * (`\\\\` + `^system("exit 1")#`)'


@pytest.mark.parametrize(
    ("text", "notation", "printed"),
    [
        pytest.param(EVIL, expression_pb2.NOTATION_R, '`\\\\` + `^system("exit 1")#`', id="R"),
        pytest.param(
            "x * `__import__('os').system('id')`", expression_pb2.NOTATION_PYTHON, "import_os_system_id", id="Python"
        ),
        pytest.param(
            "x * `\\\\input /etc/x`", expression_pb2.NOTATION_LATEX, r"\mathrm{input}_{\mathrm{etc}_{x}}", id="LaTeX"
        ),
    ],
)
def test_a_name_is_printed_as_a_name(calculus, text, notation, printed):
    request = derivative_pb2.DifferentiateRequest(
        expression=expression_pb2.Expression(text=text), variables=["x"], notations=[notation]
    )
    reply = calculus.Differentiate(request)
    assert reply.derivative.text == printed
    assert bool(reply.notices) == (notation != expression_pb2.NOTATION_R)


@pytest.mark.parametrize("name", ["u[1]", "u", "pi", "TRUE", "x[1]", "2*x", "a"])
@pytest.mark.parametrize("method", ["Differentiate", "Gradient", "Jacobian", "Hessian", "Explain", "Check", "Export"])
def test_a_name_that_only_looks_absent_is_refused(calculus, failure, method, name):
    column = expression_pb2.Column(name="u")
    column.values.extend([1.0, 2.0])
    expression = expression_pb2.Expression(text="{a <- 2; sum(a * x * u)}", data=[column])
    module = check_pb2 if method == "Check" else derivative_pb2
    request = getattr(module, f"{method}Request")(expression=expression, variables=[name])
    if method == "Check":
        request.claimed.text = "0"
    error = failure(getattr(calculus, method), request)
    assert error.reason == "UNKNOWN_VARIABLE"
    assert error.field == "variables"
