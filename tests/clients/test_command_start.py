"""What the command `secant` imports: a start is felt only if it loads what the verb does not need."""

import json
import os
import subprocess
import sys

import pytest
from secant.command import app as declared
from secant.command.app import app

HEAVY = (
    "numpy",
    "grpc",
    "sympy",
    "scipy",
    "matplotlib",
    "google.protobuf",
    "mpmath",
    "rich",
    "asyncio",
    "uvloop",
    "ssl",
    "urllib.request",
    "xml.sax",
)

PROGRAM = """
import json, sys
sys.argv[0] = "secant"
from secant.command import main
try:
    main()
finally:
    sys.stdout.flush()
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def imported(*args, **environment):
    """Return the output of a command and the modules that it has imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *args], capture_output=True, text=True, timeout=60, env=os.environ | environment
    )
    return done.stdout, set(json.loads(done.stderr.splitlines()[-1]))


def heavy(modules):
    return [name for name in HEAVY if name in modules]


def test_the_version_needs_no_click():
    out, modules = imported("--version")
    assert out == f"secant, version {declared.__version__}\n"
    assert not heavy(modules)
    assert "click" not in modules


def test_the_version_is_also_an_option_beside_others():
    out, modules = imported("--json", "--version")
    assert out == f"secant, version {declared.__version__}\n"
    assert not heavy(modules)


@pytest.mark.parametrize(
    "args", [["--help"], ["-h"], ["diff", "--help"], ["descend", "--help"], ["no-such-verb"], ["diff"]]
)
def test_help_and_wrong_command_lines_need_click_alone(args):
    assert not heavy(imported(*args)[1])


def test_completion_of_verbs_and_options_needs_click_alone():
    for words, number, found in (("secant hess", "1", "hessian"), ("secant diff --fo", "2", "--form")):
        out, modules = imported(_SECANT_COMPLETE="zsh_complete", COMP_WORDS=words, COMP_CWORD=number)
        assert found in out.splitlines()
        assert not heavy(modules)


def test_the_table_of_verbs_names_the_module_that_declares_each():
    context = app.make_context("secant", ["describe"])
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command.callback.__module__ == f"secant.command.{declared.MODULES[name]}"
    assert sorted(app.commands) == list(declared.MODULES)
