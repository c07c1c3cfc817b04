"""The pages that HTTP serves, and the origins that may call."""

import re
from urllib.parse import urlsplit

import pytest

from .web import SERVICE, ask, call

pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")

SQUARE = {"expression": {"text": "x^2"}, "at": [{"variable": "x", "value": 3}]}


def test_a_page_may_load_nothing_from_elsewhere(web):
    found = ask(web, "GET", "/")
    assert found.headers["content-type"] == "text/html; charset=utf-8"
    assert found.headers["content-security-policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in found.headers["content-security-policy"]
    assert (found.headers["x-frame-options"], found.headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert not re.search(rb"<script(?![^>]*\bsrc=)|\son\w+=|javascript:", found.body)


def test_a_page_that_has_not_changed_is_not_sent_again(web):
    found = ask(web, "GET", "/")
    again = ask(web, "GET", "/", headers={"if-none-match": found.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert ask(web, "GET", "/", headers={"if-none-match": '"other"'}).status == 200
    assert ask(web, "HEAD", "/").body == b""
    assert ask(web, "POST", "/", b"x").status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/../app.py",
        "/..%2fapp.py",
        "/%2e%2e/app.py",
        "//etc/passwd",
        "/site/index.html",
        "/.git",
        "/index.html%00",
        "/index.html/",
        "/\\..\\app.py",
        "/static/../../../etc/passwd",
    ],
)
def test_no_path_leads_out_of_the_pages(web, path):
    assert ask(web, "GET", path).status == 404


def test_pages_of_a_named_origin_may_call(web):
    headers = {"origin": "https://example.org", "access-control-request-method": "POST"}
    found = ask(web, "OPTIONS", SERVICE + "Gradient", headers=headers)
    assert (found.status, found.headers["access-control-allow-origin"]) == (
        403 if False else 204,
        "https://example.org",
    )
    assert found.headers["access-control-allow-methods"] == "POST, GET"
    assert "connect-timeout-ms" in found.headers["access-control-allow-headers"]
    found = call(web, "Gradient", SQUARE, {"origin": "https://example.org"})
    assert found.headers["access-control-allow-origin"] == "https://example.org"
    assert found.headers["vary"] == "origin"


@pytest.mark.parametrize(
    "origin", ["https://example.com", "null", "http://example.org", "https://example.org.evil.com"]
)
def test_pages_of_other_origins_may_not_read_answers(web, origin):
    headers = {"origin": origin, "access-control-request-method": "POST"}
    assert ask(web, "OPTIONS", SERVICE + "Gradient", headers=headers).status == 403
    assert "access-control-allow-origin" not in call(web, "Gradient", SQUARE, {"origin": origin}).headers


def test_a_name_that_was_made_to_lead_here_is_refused(web):
    port = urlsplit(web).port
    for host in ("localhost", f"127.0.0.1:{port}", f"[::1]:{port}", "example.org"):
        assert call(web, "Gradient", SQUARE, {"host": host}).status == 200
    for host in ("evil.example", "127.0.0.1.evil.example:80", ""):
        assert call(web, "Gradient", SQUARE, {"host": host}).status == 421
