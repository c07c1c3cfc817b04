"""Each comparison, at its smallest size: all contestants have the same answer. Rivals that are not installed take no part."""

import doctest
import importlib
from pathlib import Path

import pytest

from bench.common import OURS, Effort, agree
from bench.environments import DIFFERENT, ENVIRONMENTS, RivalError
from bench.report import SECTIONS
from bench.rivals import by_hand, formulas, gradbench

HOME = Path(__file__).parents[2]
# stats::deriv takes dnorm's further arguments for nothing.
KNOWN = {"export": {"R deriv()"}}
# It installs the R package, as the tests of the clients do.
LEFT_OUT = {"r_client"}


@pytest.mark.sample(3)
@pytest.mark.parametrize("name", [s for s in SECTIONS if s not in LEFT_OUT])
def test_all_contestants_of_a_section_agree(name):
    section = importlib.import_module(f"bench.{name}").measure(Effort.TINY)
    assert section.name == name
    assert section.rows
    for row in section.rows:
        assert not section.compared or isinstance(row.cells[OURS], float), row
        for contestant, cell in row.cells.items():
            assert cell != DIFFERENT or contestant in KNOWN.get(name, ()), (row.work, contestant)
            assert isinstance(cell, float) or cell in (DIFFERENT, "not installed", "left out"), (
                row.work,
                contestant,
                cell,
            )


def test_every_file_is_a_section_or_belongs_to_one():
    parts = {"__init__", "common", "echo", "environments", "functions", "page", "report", "server"}
    assert {path.stem for path in (HOME / "bench").glob("*.py")} == {*SECTIONS, *parts}


@pytest.mark.parametrize("text", formulas.BATCHES)
def test_partials_by_hand_are_those_of_secant(text):
    from bench.batch import batch

    agree({"by hand": by_hand.batch(text, 50)()}, batch(text, 50)())


@pytest.mark.parametrize("name", by_hand.ARRAYS)
def test_gradients_of_arrays_by_hand_are_those_of_secant(name):
    from bench.arrays import program

    size = {"rows": 40, "columns": 3, "matrix": 6}
    ours = program(name)(by_hand.array_point(name, **size))[0]
    agree({"by hand": by_hand.arrays(name, **size)()}, ours)


@pytest.mark.parametrize("name", gradbench.EVALS)
def test_values_and_gradients_of_gradbench_by_hand_are_those_of_secant(name):
    from secantd.expression import VariableShape

    from bench.arrays import gradients
    from bench.gradbench import SIZES

    text, by, dimensions = gradbench.EVALS[name]
    for size in SIZES[name][2], SIZES[name][2] + 3:
        at = gradbench.point(name, size)
        ours = gradients(text, by, list(at), {n: VariableShape(d) for n, d in dimensions.items()})
        agree({"by hand": gradbench.by_hand(name, size)()}, ours(at))


def test_an_answer_that_differs_is_noticed():
    with pytest.raises(AssertionError, match="SymPy differs"):
        agree({"SymPy": [1.0, 2.0 + 1e-6]}, [1.0, 2.0])


def test_an_environment_has_each_package_once():
    packages = [p for environment in ENVIRONMENTS.values() for p in environment]
    assert len(packages) == len(set(packages))


@pytest.mark.parametrize("module", ["bench.common", "bench.page", "bench.rivals", "bench.rivals.formulas"])
def test_examples_in_docstrings_are_right(module):
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_an_error_of_a_rival_has_its_reason():
    assert str(RivalError("not installed")) == "not installed"
