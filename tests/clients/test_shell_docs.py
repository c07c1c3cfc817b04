"""docs/shell.md and docs/checks.md: the commands print what the pages show, in a terminal of 60 columns."""

import importlib.util
import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("page", ["shell.md", "checks.md"])
def test_the_commands_of_a_page_print_what_it_shows(ready, tmp_path, monkeypatch, page):
    spec = importlib.util.spec_from_file_location("examples", DOCS / "examples.py")
    examples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(examples)
    monkeypatch.setenv("COLUMNS", "60")
    text = (DOCS / page).read_text("utf-8")
    assert examples.rendered(text, tmp_path, ready.target, r=False) == text


def test_the_tests_that_the_page_shows_pass(pytester, real, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", real.target)
    pytester.makepyfile(re.search(r"```py\n(.*?)```", (DOCS / "checks.md").read_text("utf-8"), re.DOTALL)[1])
    arguments = ["-p", "no:secant", "-p", "secant.pytest_plugin", "-p", "no:cacheprovider"]
    pytester.runpytest_inprocess(*arguments).assert_outcomes(passed=3)
