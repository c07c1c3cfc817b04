"""The plugin for pytest, in runs of pytest of its own."""

import json
import os
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

# Where the package is installed with its entry point, pytest has loaded the plugin as "secant".
ARGUMENTS = ("-p", "no:secant", "-p", "secant.pytest_plugin", "-p", "no:cacheprovider")

TESTS = """
import pytest

def test_right(assert_derivative):
    assert_derivative("x^2 * y", "c(2*x*y, x^2)", witnesses=["exact"])

@pytest.mark.parametrize("claimed", ["3*x"])
def test_wrong(assert_derivative, claimed):
    assert_derivative("x^3", claimed, witnesses=["exact"])

def test_malformed(assert_derivative):
    assert_derivative("x^2 + * y", "2*x")

def test_equal(assert_equal):
    assert_equal("(x + 1)^2", "x^2 + 2*x + 1")

def test_unequal(assert_equal):
    assert_equal("sqrt(x^2)", "x", witnesses=["numeric"])

def test_client(secant):
    assert str(secant.differentiate("x^2", "x")) == "2 * x"
"""


@pytest.fixture
def run(pytester, real, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", real.target)

    def run(tests, *args):
        pytester.makepyfile(tests)
        return pytester.runpytest_inprocess(*ARGUMENTS, *args)

    return run


def test_a_wrong_claim_fails_with_a_counterexample_and_no_frames_of_the_client(run):
    found = run(TESTS)
    found.assert_outcomes(passed=3, failed=3)
    text = found.stdout.str()
    assert "AssertionError: REFUTED: at x = 2 the claim is 6, but the derivative with respect to x is 12" in text
    found.stdout.fnmatch_lines(["E*f = x^3", "E*claimed = 3[*]x", "E*x^2 + [*] y", "E*        ^", "E*f = sqrt(x^2)"])
    assert 'assert_derivative("x^3", claimed, witnesses=["exact"])' in text
    assert "secant/" not in text.replace("secant/pytest_plugin", "")
    assert f"secant server: {os.environ['SECANT_SERVER']}" in text


def test_a_server_is_named_by_an_option_before_the_environment(run, real, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", "127.0.0.1:1")
    test = "def test_server(secant): assert secant.target == {!r}"
    run(test.format(real.target), "--secant-server", real.target).assert_outcomes(passed=1)


def test_a_server_that_does_not_answer_is_an_error_that_names_it(run, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", "127.0.0.1:1")
    found = run('def test_it(assert_equal): assert_equal("x", "x")')
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*no Secant server answered", "*127.0.0.1:1:*"])


def test_a_session_without_checks_imports_nothing(pytester):
    pytester.makepyfile("def test_nothing(): pass")
    pytester.makeconftest(
        "import json, sys\ndef pytest_unconfigure(): print('modules ' + json.dumps(sorted(sys.modules)))"
    )
    command = [sys.executable, "-m", "pytest", "-q", *ARGUMENTS]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=pytester.path, env=environment, timeout=60)
    assert done.returncode == 0, done.stdout
    line = next(line for line in done.stdout.splitlines() if line.startswith("modules "))
    modules = json.loads(line.removeprefix("modules "))
    ours = [
        name for name in modules if name.partition(".")[0] in ("secant", "secantd", "numpy", "grpc", "google", "click")
    ]
    assert ours == ["secant", "secant.pytest_plugin"]


def test_a_fixture_of_the_project_goes_before_that_of_the_plugin(run, pytester):
    pytester.makeconftest("import pytest\n@pytest.fixture\ndef secant(): return 7")
    run("def test_it(secant): assert secant == 7").assert_outcomes(passed=1)
