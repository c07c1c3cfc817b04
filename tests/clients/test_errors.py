"""What a failed call raises."""

import asyncio
import time

import grpc
import numpy as np
import pytest
import secant
from google.protobuf.duration_pb2 import Duration
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc_status import rpc_status
from secant.errors import failure
from secant.v1 import derivative_pb2, expression_pb2

CARET = """expected a number, a name or '(', found '*'
  x^2 + * y
        ^
remove one of '+' and '*'"""


def refuse(code, message, *details):
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return lambda _, context: context.abort_with_status(rpc_status.to_status(status))


SYNTAX_ERROR = refuse(
    grpc.StatusCode.INVALID_ARGUMENT,
    CARET,
    ErrorInfo(domain="secant", reason="SYNTAX_ERROR", metadata={"start": "6", "end": "7"}),
    BadRequest(field_violations=[{"field": "expression.text", "description": "…"}]),
)


def test_an_error_reads_as_the_server_wrote_it_and_knows_where_it_is(faults, client):
    faults.answers["Differentiate"] = SYNTAX_ERROR
    with pytest.raises(secant.InvalidArgument) as raised:
        client.differentiate("x^2 + * y", "x")
    error = raised.value
    assert str(error) == CARET
    assert (error.status, error.reason) == ("INVALID_ARGUMENT", "SYNTAX_ERROR")
    assert (error.span, error.field, error.limit) == ((6, 7), "expression.text", None)


def test_the_same_error_is_raised_by_the_asynchronous_client(faults):
    faults.answers["Gradient"] = SYNTAX_ERROR

    async def main():
        async with secant.connect_async(faults.address) as s:
            await s.gradient("x^2 + * y")

    with pytest.raises(secant.InvalidArgument, match=r"found '\*'") as raised:
        asyncio.run(main())
    assert raised.value.span == (6, 7)


def test_a_passed_limit_comes_as_a_number(faults, client):
    info = ErrorInfo(reason="LIMIT_EXCEEDED", metadata={"name": "text_length", "limit": "1000000"})
    faults.answers["Differentiate"] = refuse(grpc.StatusCode.INVALID_ARGUMENT, "too long", info)
    with pytest.raises(secant.InvalidArgument) as raised:
        client.differentiate("x")
    assert raised.value.limit == 1e6
    assert raised.value.metadata["name"] == "text_length"


def test_the_error_of_a_busy_server_has_a_time_to_retry(faults, client):
    info, retry = ErrorInfo(reason="BUSY"), RetryInfo(retry_delay=Duration(nanos=250_000_000))
    faults.answers["Differentiate"] = refuse(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many", info, retry)
    with pytest.raises(secant.Busy) as raised:
        client.differentiate("x")
    assert raised.value.retry_after == 0.25
    assert isinstance(raised.value, secant.ResourceExhausted)


@pytest.mark.parametrize(
    ("code", "kind", "builtin"),
    [
        pytest.param(grpc.StatusCode.INVALID_ARGUMENT, secant.InvalidArgument, ValueError, id="argument"),
        pytest.param(grpc.StatusCode.OUT_OF_RANGE, secant.OutOfRange, ArithmeticError, id="range"),
        pytest.param(grpc.StatusCode.RESOURCE_EXHAUSTED, secant.ResourceExhausted, Exception, id="resource"),
        pytest.param(grpc.StatusCode.DEADLINE_EXCEEDED, secant.DeadlineExceeded, TimeoutError, id="deadline"),
        pytest.param(grpc.StatusCode.UNAUTHENTICATED, secant.Unauthenticated, Exception, id="token"),
        pytest.param(grpc.StatusCode.UNAVAILABLE, secant.Unavailable, ConnectionError, id="unavailable"),
        pytest.param(grpc.StatusCode.UNIMPLEMENTED, secant.Unimplemented, Exception, id="unimplemented"),
        pytest.param(grpc.StatusCode.CANCELLED, secant.Cancelled, Exception, id="cancelled"),
        pytest.param(grpc.StatusCode.INTERNAL, secant.Internal, Exception, id="internal"),
        pytest.param(grpc.StatusCode.DATA_LOSS, secant.Error, Exception, id="any other"),
    ],
)
def test_each_status_is_a_class_of_its_own_and_of_pythons(faults, client, code, kind, builtin):
    faults.answers["Describe"] = refuse(code, "no", ErrorInfo(reason="SOME"))
    with pytest.raises(secant.Error) as raised:
        client.describe()
    assert type(raised.value) is kind
    assert isinstance(raised.value, builtin)
    assert (raised.value.status, str(raised.value)) == (code.name, "no")


def test_a_call_is_made_four_times_before_it_is_given_up(faults, client):
    faults.answers["Differentiate"] = refuse(grpc.StatusCode.UNAVAILABLE, "restarting")
    with pytest.raises(secant.Unavailable):
        client.differentiate("x")
    assert len(faults.requests) == 4


def test_a_short_outage_is_not_noticed(faults, client):
    def answer(request, context):
        if len(faults.requests) < 3:
            context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")
        formula = expression_pb2.Formula(text="1")
        return derivative_pb2.DifferentiateResponse(derivative=formula)

    faults.answers["Differentiate"] = answer
    assert client.differentiate("x").text == "1"


def test_the_error_names_the_deadline_of_the_client(faults, client):
    def dawdle(request, context):
        assert 0 < context.time_remaining() <= 0.2
        time.sleep(0.5)

    faults.answers["Differentiate"] = dawdle
    with pytest.raises(secant.DeadlineExceeded, match=r"no answer within 0\.2 s"):
        client.with_timeout(0.2).differentiate("x")
    assert client.timeout == 30.0


def test_a_token_goes_with_each_call(faults):
    faults.answers["Describe"] = refuse(grpc.StatusCode.UNIMPLEMENTED, "no")
    with secant.connect(faults.address, token="sesame") as s, pytest.raises(secant.Unimplemented):
        s.describe()
    assert ("authorization", "Bearer sesame") in faults.contexts[0].invocation_metadata()


def test_without_a_server_the_error_has_a_hint():
    with secant.connect("127.0.0.1:1") as s, pytest.raises(secant.Unavailable) as raised:
        s.describe()
    assert str(raised.value).startswith("no Secant server answered\n  127.0.0.1:1: ")
    assert "secantd" in str(raised.value)


def test_a_target_without_a_port_is_refused():
    with pytest.raises(ValueError, match="has no port: write host:port"):
        secant.connect("localhost")


def test_the_cause_of_a_failed_connection_is_shown_without_the_words_around_it():
    with secant.connect("127.0.0.1:1") as s, pytest.raises(secant.Unavailable) as raised:
        s.describe()
    cause, advice = str(raised.value).splitlines()[1:]
    assert cause == "  127.0.0.1:1: ipv4:127.0.0.1:1: Failed to connect to remote host: Connection refused"
    assert advice == "start a server with `secantd`, or give the address of another one"


def test_a_web_address_is_no_target():
    with pytest.raises(ValueError, match="a target is host:port"):
        secant.connect("http://127.0.0.1:50051")


def test_details_that_contradict_the_status_do_not_hide_the_error():
    class Contradicted:
        def code(self):
            return grpc.StatusCode.UNAVAILABLE

        def details(self):
            return "upstream reset"

        def trailing_metadata(self):
            return (("grpc-status-details-bin", b"\x08\x03"),)

    assert failure(Contradicted(), "127.0.0.1:1").status == "UNAVAILABLE"


def test_the_error_of_a_request_over_the_size_limit_names_the_limit(faults, client):
    faults.answers["Gradient"] = lambda request, context: derivative_pb2.GradientResponse()
    with pytest.raises(secant.ResourceExhausted, match="larger than the limit"):
        client.gradient("sum(y)", data={"y": np.zeros(1_000_000)})
