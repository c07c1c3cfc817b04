"""The R package's own tests, and that R and Python read the same digits."""

import ast
import inspect
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import secant
from secantd.functions import FUNCTIONS
from secantd.render.arrays import r, r_texts

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "clients" / "r"
NEEDED = ("RProtoBuf", "curl")


def r_has(*packages: str) -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = " && ".join(f'requireNamespace("{name}", quietly = TRUE)' for name in packages)
    return (
        subprocess.run(["Rscript", "--vanilla", "-e", f"quit(status = !({asked}))"], capture_output=True).returncode
        == 0
    )


needs_r = pytest.mark.skipif(not r_has(*NEEDED), reason=f"R with {' and '.join(NEEDED)} is not installed")


@pytest.fixture(scope="module")
def rscript(library: Path) -> Callable[..., str]:
    """How a test runs R code with the package; what it prints."""

    def run(code: str, **environment: str) -> str:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
        done = subprocess.run(
            ["Rscript", "--vanilla", "-e", code],
            env=kept | {"R_LIBS": str(library), "LC_ALL": "C.UTF-8", **environment},
            cwd=PACKAGE / "tests",
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture(scope="module")
def address(real: secant.Client) -> str:
    return real.target


@needs_r
def test_the_packages_own_tests_pass(rscript):
    if not r_has("testthat"):
        pytest.skip("R's testthat is not installed")
    # Every second file of tests.
    names = [path.stem.removeprefix("test-") for path in sorted((PACKAGE / "tests" / "testthat").glob("test-*.R"))]
    chosen = names if "SECANT_TEST_LONG" in os.environ else names[::2]
    how = f'filter = "^({"|".join(chosen)})$", package = "secant", load_package = "installed", reporter = "summary"'
    print(
        rscript(
            f'testthat::test_dir("testthat", {how})',
            SECANT_PYTHON=sys.executable,
            SECANT_GOLDEN=str(ROOT / "tests" / "golden"),
        )
    )


@needs_r
def test_the_shipped_contract_is_current(tmp_path):
    # An R script of its own makes the copy; what it would make now is what is there.
    making = ["Rscript", "--vanilla", str(PACKAGE / "tools" / "protos.R"), str(tmp_path)]
    subprocess.run(making, check=True, capture_output=True, env=os.environ | {"SECANT_PYTHON": sys.executable})
    shipped = PACKAGE / "inst" / "proto"
    made = {p.relative_to(tmp_path): p.read_bytes() for p in tmp_path.rglob("*.proto")}
    there = {p.relative_to(shipped): p.read_bytes() for p in shipped.rglob("*.proto")}
    ours = {path for path in made if path.parts[0] == "secant"}
    assert made.keys() == there.keys()
    # A comment may be newer: what the wire sees is what has to be the same.
    stale = {str(path) for path in ours if _meaning(made[path]) != _meaning(there[path])}
    assert stale == set(), "run clients/r/tools/protos.R"
    # Google's own differ by year and release; what is shipped has its licence in it.
    assert all(b"icense" in there[path] or b"Redistribution" in there[path] for path in there.keys() - ours)


ROWS = [
    ("x^2 * exp(-x/3) + 0.1*y", {"x": 1.7, "y": -2.3}),
    ("log(1 + exp(a*b)) - sqrt(b)", {"a": 0.3, "b": 7.0}),
    ("sin(x)^3 / (1 + y^2) + x*y", {"x": 12.5, "y": 1e-3}),
    ("1/x", {"x": 0.0}),
]


@needs_r
def test_the_same_rows_give_identical_digits_from_r_and_from_python(rscript, address):
    lines = [
        "library(secant)",
        f'secant_connect("{address}")',
        "show <- function(x) cat(sprintf('%a', x), sep = '\\n')",
    ]
    expected: list[str] = []
    with secant.connect(address) as client:
        for text, at in ROWS:
            point = f"c({', '.join(f'{name} = {value!r}' for name, value in at.items())})"
            lines += [f'show(gradient("{text}", at = {point}))', f'cat(gradient("{text}"), sep = "\\n")']
            answer = client.gradient(text, at=at)
            expected += [float(value).hex() for value in answer.values] + list(answer.texts)
        lines.append(
            'cat(format(coef(descend("x^2 + 2*y^2", c(x = 1, y = 2), rate = 0.03)), digits = 17), sep = "\\n")'
        )
        descent = client.descend("x^2 + 2*y^2", {"x": 1, "y": 2}, rate=0.03)
        expected += [repr(value) for value in descent.result().point.values()]
    found = rscript("\n".join(lines)).splitlines()
    assert [_digits(line) for line in found] == [_digits(line) for line in expected]


@needs_r
def test_code_is_the_same_to_the_letter_from_r_and_from_python(rscript, address):
    text, languages = "sin(x)^3/(1 + y^2) + x*y", ["r", "python", "c", "javascript", "julia", "stan", "latex"]
    asked = f'export("{text}", notations = c({", ".join(map(repr, languages))}), order = 2, name = "wave")'
    lines = ["library(secant)", f'secant_connect("{address}")', f'cat(unclass({asked}), sep = "\\n")']
    with secant.connect(address) as client:
        found = client.export(text, notations=languages, order=2, name="wave")
    assert rscript("\n".join(lines)).rstrip("\n") == str(found).rstrip("\n")


INTERRUPTED = """
library(secant)
secant_connect("{address}")
begun <- FALSE
trace <- descend(~ x^2, c(x = 1), rate = 1e-9, tolerance = 0, trace_every = 10000, on_steps = function(steps) {
  if (!begun) cat("begun\\n")
  begun <<- TRUE
})
cat("kept", nrow(trace) > 1, "\\n")
cat(differentiate("x^2", "x"), "\\n")
"""


@needs_r
def test_ctrl_c_ends_a_descent_on_the_server_too_and_keeps_its_steps(library, tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0", "--log", "calls"]
    log = tmp_path / "log"
    with (
        log.open("w") as err,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=err, text=True, env=kept) as server,
    ):
        assert server.stdout is not None
        address = server.stdout.readline().removeprefix("listening on ").strip()
        asking = ["Rscript", "--vanilla", "-e", INTERRUPTED.replace("{address}", address)]
        environment = kept | {"R_LIBS": str(library)}
        r = subprocess.Popen(asking, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        assert r.stdout is not None
        assert r.stdout.readline() == "begun\n"
        time.sleep(0.5)
        r.send_signal(signal.SIGINT)
        out, err_text = r.communicate(timeout=60)
        server.terminate()
    assert out == "kept TRUE \n2 * x \n"
    assert re.search("interrupted after [0-9]+ steps; the server has stopped too", err_text)
    assert re.search('"Descend", "code": "CANCELLED"', log.read_text("utf-8"))


@needs_r
def test_only_secant_start_runs_programs_and_nothing_compiles():
    assert not (PACKAGE / "src").exists()
    files = [path for path in (PACKAGE / "R").glob("*.R") if not path.name.startswith("server-")]
    lines = [line for path in files for line in path.read_text("utf-8").splitlines()]
    # An example shows that exported code runs in R.
    sources = "\n".join(line for line in lines if not line.startswith("#'"))
    assert all(word not in sources for word in ("reticulate", "system2(", "system(", "dyn.load", "eval(parse"))


@needs_r
def test_the_package_takes_every_function_that_the_service_prints_for_code(rscript):
    # A function that R lacks is printed by others; these are in the rows' texts.
    printed = {row.written for row in FUNCTIONS.values() if not row.in_r}
    printed |= {name for row in FUNCTIONS.values() for name in re.findall(r"([\w.]+)\(", row.in_r or "")}
    known = set(rscript("cat(secant:::KNOWN_CALLS, sep = '\\n')").split("\n"))
    assert printed - known == set(), "add them to KNOWN_CALLS in clients/r/R/result-code.R"


# Words in front of a bracket in the printer's texts that are no functions of R: operations, and parts of the texts.
NO_FUNCTIONS = {".e", "function"}
CALLERS = {"apply", "Map", "mapply", "outer", "Reduce", "sweep", "tapply"}


@needs_r
def test_the_package_takes_every_function_that_the_service_prints_for_arrays(rscript):
    printed = set()
    for node in ast.walk(ast.parse(inspect.getsource(r_texts) + inspect.getsource(r))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
            printed |= set(re.findall(r"([A-Za-z.][\w.]*)\(", node.value))
    assert {"solve", "crossprod", "outer"} <= printed
    known = set(rscript("cat(secant:::KNOWN_CALLS, names(secant:::CALLERS), sep = '\\n')").split("\n"))
    assert printed - known - NO_FUNCTIONS == set(), "add them to KNOWN_CALLS in clients/r/R/result-code.R"
    assert known >= CALLERS


def _meaning(proto: bytes) -> list[bytes]:
    """The words of a .proto without its comments."""
    return re.sub(rb"//[^\n]*", b"", proto).split()


def _digits(line: str) -> bytes | str:
    """A number by its bits, any other line as it is."""
    for read in (float, float.fromhex):
        try:
            return struct.pack("<d", read(line.strip()))
        except ValueError:
            continue
    return line
