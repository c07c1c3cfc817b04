"""Clients of Connect that nobody here wrote: buf curl, the official ones for Node and for browsers, curl."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2
from secant.v1 import calculus_service_pb2

from .test_foreign_clients import BAD, BUF, CALLS, PROTOS, documents
from .web import SERVICE

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

FOLDER = Path(__file__).parent / "node_connect"
CLIENTS = ("node binary", "node json", "node get", "web binary", "web json", "web get")
# Codes of Connect.
DEADLINE_EXCEEDED, INVALID_ARGUMENT = 4, 3


def run_buf(web, method, requests):
    command = [BUF, "curl", "--protocol", "connect", "--schema", PROTOS, "-d", "@-", f"{web}{SERVICE}{method}"]
    body = "".join(map(json.dumps, requests))
    return subprocess.run(command, input=body, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (extra 'test')")
@pytest.mark.sample(4)
# It sends a bidirectional stream over HTTP/2 only.
@pytest.mark.parametrize("method", [name for name in CALLS if name != "EvaluateStream"])
def test_buf_curl_calls_it(web, method):
    requests, right = CALLS[method]
    done = run_buf(web, method, requests)
    assert done.returncode == 0, done.stderr
    assert right(documents(done.stdout)), done.stdout


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (extra 'test')")
def test_buf_curl_shows_the_error_with_its_caret(web):
    done = run_buf(web, "Gradient", BAD)
    error = json.loads(done.stderr)
    assert error["code"] == "invalid_argument"
    assert error["message"].split("\n")[1:3] == ["  x^2 + * y", "        ^"]
    assert error["details"][0]["debug"]["reason"] == "SYNTAX_ERROR"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_calls_it(web):
    request = '{"expression":{"text":"x^2"},"at":[{"variable":"x","value":3}]}'
    command = [
        "curl",
        "-s",
        "--compressed",
        "-d",
        request,
        "-H",
        "content-type: application/json",
        f"{web}{SERVICE}Gradient",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert json.loads(done.stdout)["value"] == 9


def name_fields(message):
    """Set the names in JSON, which CopyToProto leaves out."""
    for field in message.field:
        first, *rest = field.name.split("_")
        field.json_name = first + "".join(map(str.capitalize, rest))
    for each in message.nested_type:
        name_fields(each)


def contract():
    """The contract and what it imports, as protoc writes it."""
    found = descriptor_pb2.FileDescriptorSet()
    seen = set()

    def add(file):
        if file.name not in seen:
            seen.add(file.name)
            for each in file.dependencies:
                add(each)
            file.CopyToProto(found.file.add())
            for message in found.file[-1].message_type:
                name_fields(message)

    add(calculus_service_pb2.DESCRIPTOR)
    return found.SerializeToString()


@pytest.fixture(scope="module")
def answered(web, tmp_path_factory):
    """What each client answers to each call, by (client, call)."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("connect")
    for name in ("package.json", "call.mjs"):
        shutil.copy(FOLDER / name, folder)
    (folder / "contract").write_bytes(contract())
    install = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip(f"npm could not install @connectrpc/connect-node: {done.stderr[-200:]}")
    calls = [{"method": method, "requests": requests} for method, (requests, _) in CALLS.items()]
    calls += [
        {"method": "Gradient", "requests": BAD, "as": "bad"},
        {"method": "Descend", "requests": [{"expression": BAD[0]["expression"]}], "as": "bad stream"},
        {"method": "Check", "requests": [HARD], "timeoutMs": 1, "as": "late"},
    ]
    command = ["node", "call.mjs", web, "contract"]
    done = subprocess.run(command, cwd=folder, input=json.dumps(calls), capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {(one["client"], one["method"]): one for one in found}


# No client has this answer within a millisecond.
HARD = {"expression": {"text": "exp(-x^2)*sin(x)*log(1+x^2)"}, "claimed": {"text": "x"}}


@pytest.mark.long
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("method", CALLS)
def test_the_official_clients_call_it(answered, client, method):
    found = answered[client, method]
    if method == "EvaluateStream" and client.startswith("web"):
        # fetch cannot send while it receives, and the client does not try.
        assert "replies" not in found
    else:
        assert CALLS[method][1](found["replies"]), found


@pytest.mark.long
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("call", ["bad", "bad stream"])
def test_the_official_clients_get_the_rich_error(answered, client, call):
    found = answered[client, call]
    assert found["code"] == INVALID_ARGUMENT
    assert found["message"].split("\n")[1:3] == ["  x^2 + * y", "        ^"]
    info = found["details"][0]
    assert (info["type"], info["debug"]["reason"]) == ("google.rpc.ErrorInfo", "SYNTAX_ERROR")


@pytest.mark.long
@pytest.mark.parametrize("client", CLIENTS)
def test_the_official_clients_have_deadlines(answered, client):
    assert answered[client, "late"]["code"] == DEADLINE_EXCEEDED
