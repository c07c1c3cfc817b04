"""The help of each verb: -h, and examples that run; the completion of a shell; exit codes of a descent."""

import shlex
import shutil
import subprocess
import sys

import click
import pytest
from secant.command import app as declared
from secant.command.app import app
from secant.command.descend import EXIT_CODES
from secant.v1 import descend_pb2

from .commands import inside

# Examples that serve for ever, or need a database or a server of the user.
NOT_RUN = ("secant serve", "secant mcp", "secant fit", "secant completion", "secant describe --server")
# Exit codes of examples that show something else than success.
CODES = {'secant check "x^2 * exp(x)" "2*x * exp(x)"': 1, 'secant check "x^2" "x" --certificate proof.v': 1}


def examples():
    context = click.Context(app, info_name="secant")
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        for line in (command.help or "").splitlines():
            if line.strip().startswith(f"secant {name}"):
                yield name, line.strip()


EXAMPLES = list(examples())


def test_every_verb_has_an_example():
    # An agent's configuration, and the line of a start file, have their own forms.
    shown = {name for name, _ in EXAMPLES} | {"mcp", "completion"}
    assert sorted(set(declared.MODULES) - shown) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("examples")
    (path / "data.csv").write_text("x,y\n0,1.1\n1,2.9\n2,5.2\n")
    (path / "claims.csv").write_text("f,claim\nx^3,3*x^2\n")
    (path / "README.md").write_text("```secant\nd/dx x^2 = 2*x\n```\n")
    return path


@pytest.mark.parametrize("line", [line for _, line in EXAMPLES if not line.startswith(NOT_RUN)])
def test_examples_of_the_help_run(ready, folder, line, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setenv("SECANT_SERVER", ready.target)
    found = inside(*shlex.split(line)[1:])
    assert found.returncode == CODES.get(line, 0), found.stderr
    assert found.stdout or " -o " in line


def test_the_list_of_verbs_is_whole_in_60_columns(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    shown = inside("--help").stdout
    assert max(map(len, shown.splitlines())) <= 60
    assert all(f"  {summary}\n" in shown for summary in declared.SUMMARIES.values())


def test_h_is_help_before_and_after_every_verb():
    listed = inside("-h").stdout
    assert [line.split()[0] for line in listed.partition("Verbs:\n")[2].splitlines()] == list(declared.MODULES)
    for name in declared.MODULES:
        if name != "serve":
            assert inside(name, "-h").stdout.startswith(f"Usage: secant {name}")


def test_bash_completes_verbs_options_and_values(tmp_path):
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    command = tmp_path / "secant"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "from secant.command import main; main()" "$@"\n')
    command.chmod(0o755)
    lines = {
        "secant hess": "hessian",
        "secant diff x --fo": "--form",
        "secant diff x --notation ''": "r python latex",
        "secant export x --to ju": "julia",
    }
    tries = "".join(
        f"COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); COMPREPLY=()\n"
        '_secant_completion secant; echo "${COMPREPLY[@]}"\n'
        for line in lines
    )
    script = (
        f'PATH="{tmp_path}:$PATH"; eval "$(secant completion bash)"; complete -p secant > /dev/null || exit 1\n{tries}'
    )
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, timeout=120)
    assert (done.stdout.splitlines(), done.stderr) == (list(lines.values()), "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_of_each_shell_calls_the_command(shell):
    found = inside("completion", shell)
    assert (found.returncode, f"_SECANT_COMPLETE={shell}_complete" in found.stdout) == (0, True)


@pytest.mark.parametrize(
    ("reason", "tolerance", "code"),
    [*[(reason, [], code) for reason, code in EXIT_CODES.items()], ("STEPS_SPENT", ["--tolerance", "0"], 0)],
)
def test_a_descent_leaves_with_the_code_that_its_help_lists(faults, run, reason, tolerance, code):
    ended = descend_pb2.Outcome(reason=f"STOP_REASON_{reason}", point=[1.0])
    steps = [descend_pb2.Step(number=0, point=[1.0])]
    faults.answers["Descend"] = lambda request, context: iter(
        [descend_pb2.DescendResponse(steps=steps, outcome=ended, variables=["x"])]
    )
    assert run("descend", "x^2", "--start", "x=1", *tolerance).exit_code == code
    words = {3: "3 the steps are spent", 4: "4 it diverged", 5: "5 F or its gradient is not finite", 6: "6 it stalled"}
    assert words.get(code, "0 the descent converged") in " ".join(run("descend", "--help").stdout.split())
