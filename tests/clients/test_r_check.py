"""`R CMD check` of the R package, with its examples run against a live server, and the truth of its README."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import secant

PACKAGE = Path(__file__).parents[2] / "clients" / "r"


def r_has(*packages: str) -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = " && ".join(f'requireNamespace("{name}", quietly = TRUE)' for name in packages)
    done = subprocess.run(["Rscript", "--vanilla", "-e", f"quit(status = !({asked}))"], capture_output=True)
    return done.returncode == 0


pytestmark = pytest.mark.skipif(not r_has("RProtoBuf", "curl"), reason="R with RProtoBuf and curl is not installed")


@pytest.fixture(scope="module")
def environment(library: Path, ready: secant.Client) -> dict[str, str]:
    """Variables for R: a library with the package in it, and a server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    return kept | {
        "SECANT_SERVER": ready.target,
        "R_LIBS": str(library),
        "LC_ALL": "C.UTF-8",
        # Suggested packages may be missing; what needs them is then not checked.
        "_R_CHECK_FORCE_SUGGESTS_": "false",
    }


def test_the_manual_describes_every_function_and_argument_as_it_is(environment):
    """Four of the checks of R CMD check, which takes ten times as long."""
    checks = [
        f'print(tools::{name}(dir = "{PACKAGE}"))' for name in ("undoc", "codoc", "checkDocFiles", "checkS3methods")
    ]
    done = subprocess.run(
        ["Rscript", "--vanilla", "-e", "; ".join(checks)], capture_output=True, text=True, env=environment
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stdout + done.stderr


# What the machine lacks: a clock of the network, the indexes of CRAN, qpdf.
OF_THE_MACHINE = (
    "* checking for future file timestamps",
    "* checking for unstated dependencies in ‘tests’",
    "* checking sizes of PDF files",
)


@pytest.mark.long
def test_the_tarball_passes_the_checks_of_cran_without_a_server(environment, tmp_path):
    if not r_has("knitr", "rmarkdown"):
        pytest.skip("R's knitr and rmarkdown are not installed")
    shutil.copytree(PACKAGE, tmp_path / "secant")
    alone = {name: value for name, value in environment.items() if name != "SECANT_SERVER"}
    alone["_R_CHECK_CRAN_INCOMING_"] = "false"
    subprocess.run(["R", "CMD", "build", "secant"], cwd=tmp_path, env=alone, check=True, capture_output=True)
    (package,) = tmp_path.glob("secant_*.tar.gz")
    checking = ["R", "CMD", "check", "--as-cran", "--no-manual", package.name]
    done = subprocess.run(checking, cwd=tmp_path, env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    findings = re.findall(r"^\* .*\.\.\. ?(?:ERROR|WARNING|NOTE)\n(?:  .*\n)*", done.stdout, re.MULTILINE)
    assert [f for f in findings if not f.startswith(OF_THE_MACHINE)] == []


@pytest.mark.long
def test_r_cmd_check_finds_no_error_no_warning_and_no_note(environment, tmp_path):
    source = tmp_path / "secant"
    shutil.copytree(PACKAGE, source)
    if not r_has("knitr", "rmarkdown"):
        # The vignette is checked where it can be built; its builder is asked for by DESCRIPTION alone.
        shutil.rmtree(source / "vignettes")
        description = source / "DESCRIPTION"
        lines = description.read_text("utf-8").splitlines()
        description.write_text("\n".join(li for li in lines if "VignetteBuilder" not in li) + "\n", "utf-8")
    building = ["R", "CMD", "build", "--no-build-vignettes", "secant"]
    subprocess.run(building, cwd=tmp_path, env=environment, check=True, capture_output=True)
    (package,) = tmp_path.glob("secant_*.tar.gz")
    # The tests run on their own, see test_r_package.py.
    checking = ["R", "CMD", "check", "--no-manual", "--no-tests", "--ignore-vignettes", package.name]
    done = subprocess.run(checking, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    findings = re.findall(r"^\* .*\.\.\. ?(?:ERROR|WARNING|NOTE)\n(?:  .*\n)*", done.stdout, re.MULTILINE)
    if not r_has("knitr", "rmarkdown"):
        # That packages are suggested and are not here is a note of this machine.
        findings = [f for f in findings if not f.startswith("* checking package dependencies")]
    assert findings == []


def test_the_manual_and_the_namespace_match_the_sources(environment, tmp_path):
    note = re.search(r"RoxygenNote: (\S+)", (PACKAGE / "DESCRIPTION").read_text("utf-8"))
    assert note is not None
    right = f'quit(status = !(requireNamespace("roxygen2") && packageVersion("roxygen2") == "{note[1]}"))'
    if subprocess.run(["Rscript", "--vanilla", "-e", right], capture_output=True).returncode:
        pytest.skip(f"roxygen2 {note[1]} is not installed")
    copy = tmp_path / "secant"
    shutil.copytree(PACKAGE, copy)
    # From the installed package: nothing has to be loaded from the sources.
    making = 'roxygen2::roxygenise("secant", load_code = roxygen2::load_installed)'
    subprocess.run(
        ["Rscript", "--vanilla", "-e", making], cwd=tmp_path, env=environment, check=True, capture_output=True
    )
    for part in ("man", "NAMESPACE"):
        compared = subprocess.run(["diff", "-r", str(PACKAGE / part), str(copy / part)], capture_output=True, text=True)
        assert compared.stdout == "", "run roxygen2::roxygenise() in clients/r"


@pytest.mark.long
def test_the_readme_shows_what_is_really_printed(environment, tmp_path):
    if not r_has("knitr"):
        pytest.skip("R's knitr is not installed")
    making = ["Rscript", "--vanilla", str(PACKAGE / "tools" / "readme.R"), str(tmp_path / "README.md")]
    subprocess.run(making, check=True, capture_output=True, env=environment)
    assert _code(tmp_path / "README.md") == _code(PACKAGE / "README.md"), "run clients/r/tools/readme.R"


@pytest.mark.long
def test_the_vignette_shows_what_is_really_printed(environment, tmp_path):
    if not r_has("knitr"):
        pytest.skip("R's knitr is not installed")
    making = ["Rscript", "--vanilla", str(PACKAGE / "tools" / "vignette.R"), str(tmp_path)]
    subprocess.run(making, check=True, capture_output=True, env=environment)
    made = PACKAGE / "vignettes" / "secant.Rmd"
    assert _code(tmp_path / "secant.Rmd") == _code(made), "run clients/r/tools/vignette.R"
    figures = {path.name for path in (tmp_path / "figures").iterdir()}
    assert figures == {path.name for path in (PACKAGE / "vignettes" / "figures").iterdir()}


def _code(readme: Path) -> str:
    """The text, with knitr's two ways of naming a chunk's language as one."""
    return readme.read_text("utf-8").replace("``` r", "```r")
