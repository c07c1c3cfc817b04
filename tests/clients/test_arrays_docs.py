"""docs/arrays.md, docs/equal.md, docs/explain.md, docs/models and docs/lessons: the blocks of the pages print what they show."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
DOCS = HOME / "docs"


def loaded():
    """Return the module docs/examples.py, which is in no package."""
    spec = importlib.util.spec_from_file_location("examples", DOCS / "examples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = loaded()
# One of the Korean lessons has output in Korean; test_lessons.py compares the blocks of the others.
LESSONS = [*sorted((DOCS / "lessons" / "en").glob("*.md")), DOCS / "lessons" / "ko" / "1-derivative.md"]
PAGES = [
    DOCS / "arrays.md",
    DOCS / "equal.md",
    DOCS / "explain.md",
    *sorted((DOCS / "models").glob("[!R]*.md")),
    *LESSONS,
]
WANTED = 'quit(status = !all(sapply(c("RProtoBuf", "curl"), requireNamespace, quietly = TRUE)))'


@pytest.fixture(scope="module")
def environment(request):
    """The variables of commands and of R: a library with the package, and the programs of this Python first."""
    if shutil.which("Rscript") is None or shutil.which("cc") is None:
        pytest.skip("R or a C compiler is not installed")
    if subprocess.run(["Rscript", "--vanilla", "-e", WANTED], capture_output=True).returncode:
        pytest.skip("R with RProtoBuf and curl is not installed")
    library = request.getfixturevalue("library")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"R_LIBS": str(library), "LC_ALL": "C.UTF-8", "PATH": path}


@pytest.mark.sample(3)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_the_blocks_of_a_page_print_what_it_shows(ready, tmp_path, environment, page):
    text = page.read_text("utf-8")
    assert EXAMPLES.rendered(text, tmp_path, ready.target, environment) == text
    # Each figure of a lesson is drawn by one of its blocks.
    if page in LESSONS:
        assert len(EXAMPLES.drawn(page, tmp_path)) == len(EXAMPLES.IMAGE.findall(text))
