"""A server with the playground, and a Chromium that opens it."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = os.environ.get("SECANT_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
# Of a browser without a screen, which calls nobody but the page's own server.
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update
    --disable-sync""".split()


@pytest.fixture(scope="session")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: ./dev browser")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium: ./dev browser")
    with api.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def serving(*flags):
    """A server of its own; its address of HTTP."""
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        else:
            pytest.fail("the server did not start")
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def address():
    pytest.importorskip("uvicorn", reason="uvicorn is not installed (extra 'http')")
    with serving() as found:
        yield found


class Screen:
    """A page of the playground, with all that it complained about and all hosts that it asked."""

    def __init__(self, browser, address, language="en", **options):
        options.setdefault("viewport", {"width": 1200, "height": 900})
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.address, self.language = address, language
        self.complaints, self.requests = [], []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("dialog", lambda dialog: (self.complaints.append("a dialog"), dialog.dismiss()))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.set_default_timeout(20_000)

    def open(self, fragment=""):
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/#lang={self.language}{'&' if fragment else ''}{fragment}")
        return self.page

    def says(self, selector, text):
        """Wait until an element contains a text."""
        self.page.locator(selector).filter(has_text=text).first.wait_for(state="attached")


@pytest.fixture
def screen(browser, address, request):
    made = Screen(browser, address, getattr(request, "param", "en"))
    yield made
    made.context.close()
    assert made.complaints == []
    assert {url.partition("://")[2].partition("/")[0] for url in made.requests if url.startswith("http")} <= {
        address.partition("://")[2]
    }


@pytest.fixture(scope="session")
def make(browser, address):
    """Makes a page with other settings of the browser."""
    return lambda **options: Screen(browser, **{"address": address} | options)


@pytest.fixture(scope="session")
def axe():
    """The source of axe-core, which looks for barriers."""
    path = Path(os.environ.get("SECANT_TEST_AXE", ""))
    if not path.is_file():
        pytest.skip("axe-core is not installed: ./dev browser")
    return path.read_text("utf-8")
