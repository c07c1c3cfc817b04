"""Spans of calls: which method, how it ended, in whose trace; never the formula."""

import json
import os
import signal
import subprocess
import sys

import grpc
import pytest
from secant.v1 import derivative_pb2, descend_pb2, expression_pb2
from secantd import flags
from secantd.settings import Settings

pytest.importorskip("opentelemetry.sdk", reason="OpenTelemetry is not installed (extra 'telemetry')")
pytest.importorskip("opentelemetry.exporter.otlp.proto.grpc", reason="its exporter is not installed")
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from secantd.transport.interceptors import telemetry

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def request(text):
    return derivative_pb2.DifferentiateRequest(expression=expression_pb2.Expression(text=text))


@pytest.fixture
def spans(start, connect, monkeypatch):
    """The spans of what a test does with a server, read when that has ended."""
    memory = InMemorySpanExporter()
    monkeypatch.setattr(telemetry, "exporter", lambda: memory)

    def run(scenario, **fields):
        fields = {"telemetry": True} | fields
        with start(Settings(listen="127.0.0.1:0", pool=0, **fields)) as server, connect(server.address) as calculus:
            scenario(calculus)
        return memory.get_finished_spans()

    return run


def one_of_each(calculus):
    calculus.Differentiate(request("secret^2"))
    calculus.Differentiate(request("secret^2"))
    with pytest.raises(grpc.RpcError):
        calculus.Differentiate(request("secret +* 2"))
    start = [expression_pb2.Coordinate(variable="x", value=1)]
    list(calculus.Descend(descend_pb2.DescendRequest(expression=expression_pb2.Expression(text="x^2"), start=start)))


def test_each_call_is_a_span_with_its_method_and_status(spans):
    found = spans(one_of_each)
    assert [(s.attributes["rpc.method"], s.attributes["rpc.grpc.status_code"]) for s in found] == [
        ("Differentiate", 0),
        ("Differentiate", 0),
        ("Differentiate", grpc.StatusCode.INVALID_ARGUMENT.value[0]),
        ("Descend", 0),
    ]
    assert found[0].name == "secant.v1.CalculusService/Differentiate"
    assert found[0].kind.name == "SERVER"
    assert all(s.end_time >= s.start_time > 0 for s in found)


def test_no_span_contains_the_formula(spans):
    exported = json.dumps([json.loads(s.to_json()) for s in spans(one_of_each)])
    assert "Differentiate" in exported
    assert "secret" not in exported


def test_a_span_is_part_of_the_callers_trace(spans):
    def scenario(calculus):
        calculus.Differentiate(request("x^2"), metadata=(("traceparent", f"00-{TRACE}-{SPAN}-01"),))
        calculus.Differentiate(request("x^3"))

    named, alone = spans(scenario)
    assert f"{named.context.trace_id:032x}" == TRACE
    assert f"{named.parent.span_id:016x}" == SPAN
    assert alone.parent is None
    assert alone.context.trace_id != named.context.trace_id


def test_there_are_none_unless_asked_for(spans):
    assert spans(one_of_each, telemetry=False) == ()


def test_a_collector_that_is_away_costs_no_call_and_no_clean_end():
    # Port 1 of this machine: nobody is there.
    environment = os.environ | {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--pool", "0", "--telemetry"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment) as p:
        with grpc.insecure_channel(p.stdout.readline().split()[-1]) as channel:
            method = channel.unary_unary("/secant.v1.CalculusService/Differentiate")
            raw = method(request("x^2").SerializeToString(), timeout=20)
        assert derivative_pb2.DifferentiateResponse.FromString(raw).derivative.text == "2 * x"
        p.send_signal(signal.SIGTERM)
        assert p.wait(20) == 0


def test_without_the_package_the_settings_error_names_it(monkeypatch):
    monkeypatch.setattr(flags, "find_spec", lambda name: None)
    with pytest.raises(flags.ConfigurationError, match=r"secant\[telemetry\]"):
        flags.settings(["--telemetry"], {})
