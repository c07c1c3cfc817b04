"""The compiled service: the same answers, to the letter, as the sources it was made of."""

import importlib
import os
import pkgutil
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from enum import Enum
from pathlib import Path

import pytest
import secantd

PROJECT = Path(__file__).resolve().parents[2]
HEADERS = Path(sysconfig.get_path("include"), "Python.h")

pytestmark = pytest.mark.timeout(2400)
# Seconds for a program that takes a minute on an idle machine, and for the compiler, which takes four.
PROGRAM_SECONDS, COMPILER_SECONDS = 480, 1200

COMPILED = str(PROJECT / "build/compiled")

# A thread is interrupted as soon as it works, in each part of what a caller's text goes through.
STOPPED = """
import threading
from secantd.interrupt import Interruptible, OutOfTimeError
from secantd.calculus import reverse
from secantd.language import read, tokens
from secantd.program import compile

text = " + ".join(f"sin({k}*x)*y" for k in range(40_000))
function = read(text)
output = function.outputs[0]

def gradient(): reverse.gradient(function.graph, output, ["x", "y"])
def program(): compile([output], ["x", "y"])
def source(): compiled.prepare()

compiled = compile(read(" + ".join(f"sin({k}*x)*y" for k in range(5_000))).outputs, ["x", "y"])
for job in (lambda: tokens.tokenize(text), lambda: read(text), gradient, program, source):
    began, stopped = threading.Event(), []
    def work():
        began.set()
        job()
    call = Interruptible(work)
    def outside():
        try:
            call()
        except OutOfTimeError:
            stopped.append(True)
    thread = threading.Thread(target=outside)
    thread.start()
    began.wait()
    call.interrupt()
    thread.join()
    print("stopped" if stopped else "went on to its end")
"""


# Answers leave no cycles of references, which would stay in memory until Python searches for them.
CYCLES = """
import gc
from secantd.calculus import differentiate, gradient_answer
from secantd.language import Notation, read

def answer():
    for text in ("x^2*exp(-x) + pi", "function(x, y = 2) { a <- x*y; sin(a)/a }"):
        differentiate(read(text, Notation.R), ["x"]).derivative.text
        gradient_answer(read(text), notations=[Notation.R, Notation.LATEX])

answer()
gc.collect()
gc.disable()
answer()
print(gc.collect())
"""


def compiled_modules() -> set[str]:
    """Return the names of the modules that the build hook compiles."""
    hooks = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]["hooks"]
    patterns = hooks["custom"]["modules"]
    files = [file for pattern in patterns for file in (PROJECT / "service").glob(pattern)]
    return {".".join(f.relative_to(PROJECT / "service").with_suffix("").parts).removesuffix(".__init__") for f in files}


def test_no_class_that_is_not_compiled_inherits_from_one_that_is():
    compiled, wrong = compiled_modules(), []
    for module in pkgutil.walk_packages(secantd.__path__, "secantd."):
        if module.name in compiled or module.name.endswith("__main__") or ".native._machine" in module.name:
            continue
        for name, kind in vars(importlib.import_module(module.name)).items():
            if (
                not isinstance(kind, type)
                or kind.__module__ != module.name
                or issubclass(kind, (Exception, Enum, tuple))
            ):
                continue
            wrong += [
                f"{module.name}.{name}({base.__name__})" for base in kind.__bases__ if base.__module__ in compiled
            ]
    assert wrong == []


def run(program: list[str], path: str) -> list[str]:
    """Return the lines that a program of Python prints, with `path` in front of what Python finds by itself."""
    done = subprocess.run(
        [sys.executable, *program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=PROGRAM_SECONDS,
    )
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> str:
    if "SECANT_TEST_COMPILED" not in os.environ:
        pytest.skip("a minute: set SECANT_TEST_COMPILED=1; ./dev check does")
    if shutil.which("cc") is None or not HEADERS.exists():
        pytest.skip("no C compiler, or no Python.h")
    log = tmp_path_factory.mktemp("compiled") / "log"
    with log.open("w") as output:
        # A file, not a pipe, which would also wait for what a compiler leaves behind.
        made = subprocess.run(
            ["sh", str(PROJECT / "dev"), "compile"],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=COMPILER_SECONDS,
        )  # fmt: skip
    assert made.returncode == 0, log.read_text()
    return COMPILED


def test_the_compiled_service_answers_to_the_letter_as_its_sources_do(compiled):
    program = [str(PROJECT / "tests/setup/answers.py")]
    found = run(program, compiled)
    sources = run(program, str(PROJECT / "service"))
    assert found[0].endswith(sysconfig.get_config_var("EXT_SUFFIX"))
    assert sources[0].endswith(".py")
    assert len(sources) > 3000
    # Not one comparison of all lines: where CI is set, pytest looks for their difference for hours.
    assert len(found) == len(sources)
    assert [pair for pair in zip(found[1:], sources[1:], strict=True) if pair[0] != pair[1]][:10] == []


def test_the_compiled_service_evaluates_by_its_machine_in_c_and_the_sources_do_not(compiled):
    program = ["-c", "from secantd.program.native import machine; print(machine() is not None)"]
    assert run(program, compiled) == ["True"]
    assert run(program, str(PROJECT / "service")) == ["False"]


@pytest.mark.parametrize("path", ["compiled", "service"])
def test_long_work_can_be_stopped_from_another_thread_compiled_or_not(path, request):
    found = run(["-c", STOPPED], request.getfixturevalue("compiled") if path == "compiled" else str(PROJECT / path))
    assert found == ["stopped"] * 5


@pytest.mark.parametrize("path", ["compiled", "service"])
def test_an_answer_leaves_no_cycles_of_references(path, request):
    found = run(["-c", CYCLES], request.getfixturevalue("compiled") if path == "compiled" else str(PROJECT / path))
    assert found == ["0"]
