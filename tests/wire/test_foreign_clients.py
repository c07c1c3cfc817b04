"""Clients that nobody here wrote call every method: buf curl by reflection, node from the protos."""

import base64
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from google.rpc import error_details_pb2, status_pb2
from secant.v1 import describe_pb2

HERE = Path(__file__).parent
PROTOS = HERE.parents[1] / "protos"
DOCS = HERE.parents[1] / "docs"
BUF = Path(sys.executable).with_name("buf")

BOWL = {"text": "x^2 + 2*y^2"}
POINT = [{"variable": "x", "value": 2}, {"variable": "y", "value": 1}]
COLUMNS = [{"name": "x", "values": [1, 2]}, {"name": "y", "values": [3, 4]}]


def image(bytes_of_it):
    """The base64 of a file: node has it as a Buffer."""
    if isinstance(bytes_of_it, dict):
        return base64.b64encode(bytes(bytes_of_it["data"]))
    return bytes_of_it


# Method, requests, and what the replies hold (a part of them; camelCase as JSON has it).
CALLS = {
    "Differentiate": (
        [{"expression": {"text": "x^3"}}],
        lambda replies: replies[0]["derivative"]["text"] == "3 * x^2",
    ),
    "Gradient": (
        [{"expression": BOWL, "at": POINT}],
        lambda replies: [p["value"] for p in replies[0]["partials"]] == [4, 4],
    ),
    "Evaluate": (
        [{"expression": BOWL, "points": COLUMNS, "order": 1}],
        lambda replies: replies[0]["values"] == [19, 36],
    ),
    "EvaluateStream": (
        [{"setup": {"expression": BOWL}}, {"points": {"columns": COLUMNS}}],
        lambda replies: replies[0]["values"] == [19, 36],
    ),
    "Descend": (
        [{"expression": {"text": "x^2"}, "start": POINT[:1], "max_steps": 3, "fixed_rate": {"rate": 0.25}}],
        lambda replies: [s["value"] for r in replies for s in r.get("steps", [])] == [4, 1, 0.25, 0.0625],
    ),
    "Jacobian": (
        [{"expression": {"text": "c(x*y, x + y)"}}],
        lambda replies: replies[0]["rows"][0]["partials"][0]["text"] == "y",
    ),
    "Hessian": (
        [{"expression": BOWL, "at": POINT}],
        lambda replies: replies[0]["eigenvalues"] == [2, 4],
    ),
    "Taylor": (
        [{"expression": {"text": "exp(x)"}, "at": [{"variable": "x", "value": 0}], "order": 2}],
        lambda replies: [t["coefficient"] for t in replies[0]["terms"]] == [1, 1, 0.5],
    ),
    "Tangent": (
        [{"expression": {"text": "x^2"}, "at": POINT[:1]}],
        lambda replies: (replies[0]["slopes"], replies[0]["intercept"]) == ([4], -4),
    ),
    "Approximate": (
        [{"expression": {"text": "x^2"}, "at": POINT[:1], "step": 0.5}],
        lambda replies: replies[0]["partials"][0]["value"] == 4,
    ),
    "Explain": (
        [{"expression": {"text": "x^3"}}],
        lambda replies: replies[0]["derivative"]["text"] == "3 * x^2",
    ),
    "Extrema": (
        [{"expression": {"text": "x^2"}, "box": [{"variable": "x", "lower": -1, "upper": 1}]}],
        lambda replies: replies[0]["criticalPoints" if "criticalPoints" in replies[0] else "critical_points"],
    ),
    "Check": (
        [{"expression": {"text": "x^2"}, "claimed": {"text": "3*x"}}],
        lambda replies: replies[0]["verdict"] == "VERDICT_REFUTED",
    ),
    "Export": (
        [{"expression": {"text": "x^2"}, "notations": ["NOTATION_C"]}],
        lambda replies: "double" in replies[0]["codes"][0]["text"],
    ),
    "Plot": (
        [{"expression": {"text": "x^2"}, "curve": {}}],
        lambda replies: b"<svg" in base64.b64decode(image(replies[0]["image"])),
    ),
    "Describe": ([{}], lambda replies: "Descend" in replies[0]["methods"]),
}
BAD = [{"expression": {"text": "x^2 + * y"}}]


def run_buf(address, method, requests):
    body = "".join(json.dumps(request) for request in requests)
    return subprocess.run(
        [
            BUF,
            "curl",
            "--protocol",
            "grpc",
            "--http2-prior-knowledge",
            "-d",
            "@-",
            f"http://{address}/secant.v1.CalculusService/{method}",
        ],
        input=body,
        capture_output=True,
        text=True,
        timeout=30,
    )


def documents(text):
    """The JSON documents in `text`, one after another."""
    decoder, found = json.JSONDecoder(), []
    while text := text.lstrip():
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:]
    return found


def test_every_method_of_the_contract_is_called_here(calculus):
    assert set(calculus.Describe(describe_pb2.DescribeRequest()).methods) == set(CALLS)


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (extra 'test')")
@pytest.mark.parametrize("method", CALLS)
def test_buf_curl_calls_it(server, method):
    requests, right = CALLS[method]
    done = run_buf(server.address, method, requests)
    assert done.returncode == 0, done.stderr
    assert right(documents(done.stdout)), done.stdout


@pytest.mark.skipif(not BUF.exists(), reason="buf is not installed (extra 'test')")
def test_buf_curl_shows_the_error_with_its_caret(server):
    done = run_buf(server.address, "Gradient", BAD)
    assert done.returncode != 0
    error = json.loads(done.stderr)
    assert error["code"] == "invalid_argument"
    assert error["message"].split("\n")[1:3] == ["  x^2 + * y", "        ^"]
    info = error_details_pb2.ErrorInfo.FromString(base64.b64decode(error["details"][0]["value"] + "=="))
    assert info.reason == "SYNTAX_ERROR"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder in which node finds its gRPC, with the clients of the tests and of docs/other-languages.md."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node")
    for name in ("package.json", "call.js"):
        shutil.copy(HERE / "node" / name, folder)
    shutil.copy(DOCS / "clients" / "gradient.js", folder)
    install = ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode:
        pytest.skip(f"npm could not install @grpc/grpc-js: {done.stderr[-200:]}")
    return folder


@pytest.fixture(scope="module")
def node(server, installed):
    """What node answers to all of CALLS and then to BAD, one document for each."""
    calls = [{"method": method, "requests": requests} for method, (requests, _) in CALLS.items()]
    calls.append({"method": "Gradient", "requests": BAD})
    done = subprocess.run(
        ["node", "call.js", server.address, PROTOS],
        cwd=installed,
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip([*CALLS, "bad"], lines, strict=True))


@pytest.mark.parametrize("method", CALLS)
def test_node_calls_it(node, method):
    assert CALLS[method][1](node[method]["replies"]), node[method]


def test_node_gets_the_rich_error(node):
    error = node["bad"]
    assert error["code"] == 3
    assert error["message"].split("\n")[1:3] == ["  x^2 + * y", "        ^"]
    status = status_pb2.Status.FromString(base64.b64decode(error["details"]))
    info = error_details_pb2.ErrorInfo.FromString(status.details[0].value)
    assert (info.reason, info.domain) == ("SYNTAX_ERROR", "secant")


def fields(line):
    """A line, or its name and JSON: the entries of a map have no order."""
    name, _, rest = line.partition(" ")
    return (name, json.loads(rest)) if rest.startswith("{") else line


def test_the_example_of_the_page_prints_what_it_shows(server, installed):
    page = (DOCS / "other-languages.md").read_text("utf-8")
    shown = re.findall(r"```text\n(.*?)```", page, re.DOTALL)
    for arguments, text in zip((["x^2 + 2*y^2", "x=2", "y=1"], ["x^2 + * y"]), shown, strict=True):
        command = ["node", "gradient.js", server.address, str(PROTOS), *arguments]
        done = subprocess.run(command, cwd=installed, capture_output=True, text=True, timeout=60)
        assert done.stderr == ""
        assert [*map(fields, done.stdout.splitlines())] == [*map(fields, text.splitlines())]
    needed = [
        json.loads((folder / "package.json").read_text())["dependencies"]
        for folder in (DOCS / "clients", HERE / "node")
    ]
    assert needed[0] == needed[1]
