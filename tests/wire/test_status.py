"""Errors as a caller of gRPC sees them."""

import pytest
from google.rpc import code_pb2, error_details_pb2
from secant.v1 import error_pb2
from secantd.answers.failures import percent_length
from secantd.errors import CalculusError, Reason
from secantd.transport.messages.status import CODES, status_of


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_code_and_a_name_in_the_contract(reason):
    assert CODES[reason] != code_pb2.OK
    assert f"ERROR_REASON_{reason.value}" in error_pb2.ErrorReason.DESCRIPTOR.values_by_name


def test_every_name_in_the_contract_has_a_reason():
    named = {name.removeprefix("ERROR_REASON_") for name in error_pb2.ErrorReason.DESCRIPTOR.values_by_name}
    assert named - {"UNSPECIFIED"} == {reason.value for reason in Reason}


@pytest.mark.parametrize("letter", ["a", "é", "漢", "𝒙", "%", "\x00", "\ud800"])
def test_an_error_of_any_text_fits_the_headers(letter):
    error = CalculusError(
        Reason.SYNTAX_ERROR,
        letter * 5000,
        letter * 5000,
        text=letter * 5000,
        span=(4000, 4100),
        field="expression.text",
        metadata={"name": letter * 5000},
    )
    status = status_of(error)
    headers = percent_length(status.message) + len(status.SerializeToString()) * 4 / 3
    assert headers < 8000


def test_only_busy_has_a_time_to_retry():
    for reason in Reason:
        kinds = [detail.type_url.rpartition(".")[2] for detail in status_of(CalculusError(reason, "x")).details]
        assert ("RetryInfo" in kinds) == (reason is Reason.BUSY)


def test_span_and_field_are_in_the_details():
    error = CalculusError(Reason.SYNTAX_ERROR, "no", text="x + * y", span=(4, 5), field="expression.text")
    status = status_of(error)
    info = error_details_pb2.ErrorInfo.FromString(status.details[0].value)
    assert (info.domain, info.reason) == ("secant", "SYNTAX_ERROR")
    assert dict(info.metadata) == {"start": "4", "end": "5"}
    bad = error_details_pb2.BadRequest.FromString(status.details[1].value)
    assert bad.field_violations[0].field == "expression.text"
    assert status.message.split("\n")[1:] == ["  x + * y", "      ^"]
