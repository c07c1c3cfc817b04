"""Runs the examples of the pages and compares what they print with what the pages show."""

import difflib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

import secant

from docs.site.pages import HOME

__all__ = ["faults"]

BLOCKS = re.compile(r"^```(?:console|python|r|c)\n", re.MULTILINE)
# Pages whose blocks are no sessions, or of which other tests run each line.
NOT_RUN = {
    "CONTRIBUTING.md": "shows code to write",
    "docs/install.md": "commands that install",
    "docs/operations.md": "commands that run servers",
    "docs/scale.md": "data of 10^8 rows; tests/clients and tests/dask run its calls",
}
# Characters of the terminal that a page shows.
WIDTHS = {"docs/shell.md": "60"}
WANTED = 'quit(status = !all(sapply(c("RProtoBuf", "curl"), requireNamespace, quietly = TRUE)))'


def examples() -> ModuleType:
    """Return the module docs/examples.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("examples", HOME / "docs" / "examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def has_r() -> bool:
    """Whether R runs here with what the R package needs."""
    if shutil.which("Rscript") is None:
        return False
    return not subprocess.run(["Rscript", "--vanilla", "-e", WANTED], capture_output=True).returncode


def environment(library: Path) -> Mapping[str, str]:
    """Return the variables of commands and of R: a library with the R package, and the programs of this Python first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"R_LIBS": str(library), "LC_ALL": "C.UTF-8", "PATH": path}


def faults(files: Sequence[Path], figures: MutableMapping[Path, bytes]) -> list[str]:
    """Return what is wrong, as lines of a comparison for each page that prints something else than it shows.

    Args:
        files: The pages.
        figures: Gets the images that the blocks draw, by the files that the pages show.
    """
    wanted = [f for f in files if f.relative_to(HOME).as_posix() not in NOT_RUN and BLOCKS.search(f.read_text("utf-8"))]
    module = examples()
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "library")
        library.mkdir()
        r = has_r()
        if r:
            package = str(HOME / "clients" / "r")
            installing = ["R", "CMD", "INSTALL", "--no-docs", "--no-test-load", f"--library={library}", package]
            done = subprocess.run(installing, capture_output=True, text=True)
            if done.returncode:
                return [done.stderr]
        else:
            print("docs: R or its packages RProtoBuf and curl are missing: blocks of R are not run", file=sys.stderr)
        with secant.local(timeout=120.0, seconds=100.0, check_seconds=60.0) as client:
            # The processes of a server start with its first call, and R waits for an answer no longer than half a minute.
            client.check("x^2", "2*x")
            for file in wanted:
                name = file.relative_to(HOME).as_posix()
                text = file.read_text("utf-8")
                columns = {"COLUMNS": WIDTHS[name]} if name in WIDTHS else {}
                with tempfile.TemporaryDirectory() as work, patch.dict(os.environ, columns):
                    try:
                        printed = module.rendered(text, Path(work), client.target, environment(library), r=r)
                        figures.update(module.drawn(file, Path(work)))
                    except Exception as error:
                        found.append(f"{name}: {type(error).__name__}: {error}")
                        continue
                lines = difflib.unified_diff(
                    text.splitlines(), printed.splitlines(), name, "what it prints", lineterm="", n=1
                )
                found += lines
    return found
