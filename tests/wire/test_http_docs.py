"""The reference at /docs/: every method and field with its comment, and a form whose request is answered."""

import html
import json
import re
import subprocess

import pytest
from secant.v1 import calculus_service_pb2
from secantd.transport.methods import METHODS

from .web import ask, call, stream

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

examples = pytest.importorskip("secantd.http.examples").EXAMPLES


@pytest.fixture(scope="module")
def page(server):
    found = ask(server.http_address, "GET", "/docs/")
    assert found.status == 200
    return found


@pytest.mark.parametrize("method", METHODS)
def test_the_request_in_each_form_is_answered(server, page, method):
    text = re.search(rf'<textarea id="{method}-request"[^>]*>(.*?)</textarea>', page.body.decode(), re.DOTALL)[1]
    request = json.loads(html.unescape(text))
    assert request == examples[method]
    if method in ("Descend", "EvaluateStream"):
        replies, end = stream(server.http_address, method, *(request if isinstance(request, list) else [request]))
        assert (bool(replies), end) == (True, {})
    else:
        found = call(server.http_address, method, request)
        assert found.status == 200, found.json


def test_every_message_field_and_enumeration_is_described(page):
    text = page.body.decode()
    service = calculus_service_pb2.DESCRIPTOR.services_by_name["CalculusService"]
    waiting, seen = [m for method in service.methods for m in (method.input_type, method.output_type)], set()
    while waiting:
        message = waiting.pop()
        if message.full_name in seen:
            continue
        seen.add(message.full_name)
        section = text.partition(f'<section id="{message.full_name}">')[2].partition("</section>")[0]
        assert "<p>" in section, message.full_name
        for field in message.fields:
            described = section.partition(f"<dt><code>{field.json_name}</code>")[2].partition("</dd>")[0]
            assert re.search(r"<dd>\s*<(p|pre)>", described), field.full_name
            if field.message_type is not None:
                waiting.append(field.message_type)
            if field.enum_type is not None:
                assert f'<section id="{field.enum_type.full_name}">' in text
    assert len(seen) > 50
    assert '<section id="secant.v1.ErrorReason">' in text


def test_links_lead_to_sections(page):
    text = page.body.decode()
    targets = set(re.findall(r'href="#([^"]*)"', text))
    assert len(targets) > 80
    assert targets <= set(re.findall(r' id="([^"]*)"', text))


def test_the_page_has_no_inline_script_or_style(page):
    text = page.body.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text)
    assert "default-src 'self'" in page.headers["content-security-policy"]
    assert len(text) < 200_000


@pytest.mark.parametrize("name", ["docs.css", "try.js"])
def test_what_the_page_needs_is_served(server, name):
    found = ask(server.http_address, "GET", f"/docs/{name}", headers={"accept-encoding": "gzip"})
    # What fits into a packet is not compressed.
    assert (found.status, found.headers.get("content-encoding")) == (200, "gzip" if name == "try.js" else None)
    assert found.headers["content-type"].startswith("text/")


def test_the_comments_are_those_of_the_contract():
    """`./dev lint` compares them with protos/; here their form."""
    from secantd.http.reference import comments

    found = comments()
    assert found["secant.v1.GradientRequest.variables"].startswith("The variables, in the order of the partials.")
    assert not any(text.startswith((" ", "//")) or "\t" in text for text in found.values())


STUB = """
const output = { textContent: "", classList: { remove() {}, toggle(name, on) { if (on) output.failed = true; } } };
const stop = { addEventListener() {} };
const listeners = {};
const form = {
  dataset: { method: process.argv[2], kind: process.argv[3] },
  querySelectorAll: () => [{}, stop],
  querySelector: (name) => (name === "output" ? output : { value: process.argv[4] }),
  addEventListener: (name, run) => { listeners[name] = run; },
};
globalThis.document = { getElementById: () => ({ value: "" }), querySelectorAll: () => [form] };
const real = globalThis.fetch;
globalThis.fetch = (path, options) => real(process.argv[1] + path, options);
await import(process.argv[5]);
await listeners.submit({ preventDefault() {} });
console.log(JSON.stringify({ text: output.textContent, failed: !!output.failed }));
"""


@pytest.mark.parametrize(
    ("method", "kind", "request_", "part", "failed"),
    [
        ("Gradient", "unary", {"expression": {"text": "x^2"}}, '"2 * x"', False),
        ("Gradient", "unary", {"expression": {"text": "x +"}}, "invalid_argument: expected a number", True),
        ("Descend", "stream", examples["Descend"], '"outcome"', False),
        ("Descend", "stream", {"expression": {"text": "x +"}}, "SYNTAX_ERROR", True),
        ("EvaluateStream", "stream", examples["EvaluateStream"], "19", False),
    ],
)
def test_a_form_shows_its_answer(server, tmp_path, method, kind, request_, part, failed):
    import shutil

    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    script = tmp_path / "try.mjs"
    script.write_bytes(ask(server.http_address, "GET", "/docs/try.js").body)
    arguments = [server.http_address, method, kind, json.dumps(request_), str(script)]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", STUB, *arguments], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert (part in found["text"], found["failed"]) == (True, failed), found
