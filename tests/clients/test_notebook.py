"""The notebook and the page of the docs on Python, and answers under IPython.

`jupyter nbconvert --to notebook --execute --inplace docs/notebook.ipynb` runs it and keeps its outputs.
"""

import doctest
import json
import warnings
from pathlib import Path

import pytest
import secant

DOCS = Path(__file__).parents[2] / "docs"
NOTEBOOK = json.loads((DOCS / "notebook.ipynb").read_text(encoding="utf-8"))
CODE = ["".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]


def test_the_cells_of_the_notebook_run(real, tmp_path):
    # A file: Python functions are read from their source.
    program = tmp_path / "cells.py"
    program.write_text("\n".join(CODE), encoding="utf-8")
    secant.use(real)
    try:
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            exec(compile(program.read_text(encoding="utf-8"), str(program), "exec"), {})
    finally:
        secant.use(None)
    assert {w.category for w in found} == {secant.NoticeWarning}


def test_the_notebook_holds_the_output_of_each_cell():
    outputs = [cell["outputs"] for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code"]
    assert all(outputs)
    assert not any(output["output_type"] == "error" for cell in outputs for output in cell)


def test_the_page_on_python_prints_what_it_shows(real):
    secant.use(real)
    try:
        found = doctest.testfile(
            str(DOCS / "python.md"), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
        )
    finally:
        secant.use(None)
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.long
def test_lambdas_are_read_from_the_cells_of_ipython(real):
    shell = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell()
    secant.use(real)
    try:
        result = shell.run_cell(
            "import secant\nk = 3\nf, g = (lambda x: k*x**2), (lambda x: x)\nstr(secant.differentiate(f, at=1.0))"
        )
    finally:
        secant.use(None)
    assert result.result == "2*k*x"
