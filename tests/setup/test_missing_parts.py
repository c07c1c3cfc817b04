"""`pip install secant` brings the client only: what works without the extra `local`, and what names it."""

import subprocess
import sys

import pytest

LOCAL = ("sympy", "mpmath", "grpc_health", "grpc_reflection", "uvloop")
# Neither do they come with the client.
OTHERS = ("scipy", "matplotlib", "pyarrow")

PROGRAM = """
import sys
from importlib.machinery import PathFinder

hidden = {hidden!r}

class Hiding:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return None if name.split(".")[0] in hidden else PathFinder.find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = Hiding
"""
COMMAND = "import sys\nsys.argv[0] = 'secant'\nfrom secant.command import main\nmain()\n"
SERVER = "import sys\nsys.argv[0] = 'secantd'\nfrom secantd.__main__ import main\nmain()\n"
INSTALL = 'pip install "secant[local]"'


def run(program, *arguments, hidden=LOCAL + OTHERS):
    """Run a program in a Python without the hidden packages."""
    text = PROGRAM.format(hidden=hidden) + program
    return subprocess.run([sys.executable, "-c", text, *arguments], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        pytest.param(["diff", "x * exp(x)", "x"], "(1 + x) * exp(x)", id="diff"),
        pytest.param(["diff", "x * exp(x)", "x", "--notation", "python"], "(x + 1)*exp(x)", id="python"),
        pytest.param(["diff", "sum((y - X %*% b)^2)", "b"], "-2 * t(X) %*% (y - X %*% b)", id="arrays"),
        pytest.param(["grad", "x^2 + y", "--at", "x=1,y=2"], "2.23606797749979", id="grad"),
    ],
)
def test_the_command_differentiates_without_the_packages_of_a_server(arguments, answer):
    done = run(COMMAND, *arguments)
    assert done.stderr == ""
    assert answer in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["eval", "x^2", "--at", "x=1"], id="eval"),
        pytest.param(["check", "log(1 + exp(x))", "1/(1 + exp(-x))"], id="check"),
        pytest.param(["serve"], id="serve"),
    ],
)
def test_a_verb_that_needs_them_names_what_to_install_in_one_line(arguments):
    done = run(COMMAND, *arguments)
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert INSTALL in done.stderr


def test_the_server_names_all_that_is_missing_and_ends_with_the_code_of_a_wrong_configuration():
    done = run(SERVER, "--listen", "127.0.0.1:0")
    assert done.returncode == 2
    assert done.stderr == (
        "secantd: a server needs grpcio-health-checking, grpcio-reflection, mpmath and sympy, which are not installed; "
        'install it: pip install "secant[local]"\n'
    )


def test_help_of_the_server_needs_none_of_them():
    done = run(SERVER, "--help")
    assert done.returncode == 0
    assert "--listen" in done.stdout


def test_the_functions_of_the_module_name_what_their_server_needs():
    done = run(
        "import secant\ntry:\n    secant.gradient('x^2', at={'x': 1})\nexcept secant.Unimplemented as error:\n    print(error.reason, error)\n"
    )
    assert (done.stdout.split(maxsplit=1)[0], done.stderr) == ("MISSING_PART", "")
    assert INSTALL in done.stdout


@pytest.mark.parametrize("package", ["grpc_health", "mpmath"])
def test_an_extra_installed_by_halves_is_named_by_its_missing_half(package):
    done = run(
        "import secant\ntry:\n    secant.local()\nexcept secant.Unimplemented as error:\n    print(error.reason, error)\n",
        hidden=(package,),
    )
    assert done.stderr == ""
    assert done.stdout.startswith("MISSING_PART a server needs ")
    assert INSTALL in done.stdout
    assert done.stdout.count("\n") == 1


def test_a_package_that_is_there_but_broken_is_no_fault_of_ours():
    broken = "import sys\nsys.modules['grpc_health.v1'] = None\n"
    done = run(broken + SERVER, "--listen", "127.0.0.1:0", hidden=())
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert INSTALL in done.stderr


def test_a_client_of_another_server_needs_none_of_them():
    done = run("import secant\nsecant.connect('127.0.0.1:1').close()\nprint('closed')\n")
    assert (done.stdout, done.stderr) == ("closed\n", "")
