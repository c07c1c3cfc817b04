"""Functions of the table beside vectors and matrices: their texts run in R and in Python."""

import itertools
import os

import numpy as np
import pytest
from secantd.expression import Graph, Length
from secantd.functions import FUNCTIONS
from secantd.language import Notation
from secantd.render import render
from secantd.render.arrays.python import function_name
from secantd.render.arrays.python_texts import PYTHON_TEXTS

from .running import close, in_python, in_r, needs_r, of_r_shape, value

SIDES = {"number": (), "vector": ("n",), "matrix": ("n", "k"), "column": ("n",), "row": ("k",)}
LENGTHS = {"n=2, k=3": (2, 3), "n=k=1": (1, 1), "n=3, k=1": (3, 1)}
# Arrangements of the arguments of a function of three parameters that are tried.
MOST = 6 if "SECANT_TEST_LONG" in os.environ else 3
OPERATORS = {"%%", "%/%"}
# NumPy rounds to one number of digits, a whole one.
UNLIKE = {"round"}


def arrangements(count):
    """Return the kinds of arguments of a function of so many parameters."""
    found = []
    for kinds in itertools.product(SIDES, repeat=count):
        full = "matrix" in kinds or {"column", "row"} <= set(kinds)
        vectors = set(kinds) <= {"number", "vector"} and "vector" in kinds
        if vectors or (full and "vector" not in kinds):
            found.append(kinds)
    # Those of many parameters in steps, so that every parameter has every kind.
    return found[:: max(1, len(found) // MOST)]


def cases(n, k, notation, has):
    """Every function that a language has, with arrays as its arguments: name, text, point and value."""
    lengths = {"n": n, "k": k}
    for op, row in FUNCTIONS.items():
        if not has(op):
            continue
        for kinds in arrangements(len(row.parameters)):
            g = Graph()
            args, at = [], {}
            for i, kind in enumerate(kinds):
                node = g.symbol(f"x{i}", tuple(Length.named(side) for side in SIDES[kind]))
                args.append(g.array(kind, node) if kind in ("column", "row") else node)
                size = [lengths[side] for side in SIDES[kind]]
                at[f"x{i}"] = np.resize([p[i] for p in row.points], size) if size else np.float64(row.points[0][i])
            node = g.make(op, *args)
            wanted = value(g, node, at)
            if np.all(np.isfinite(wanted)):
                yield op, render(node, notation, graph=g), at, wanted


@needs_r
@pytest.mark.parametrize("lengths", LENGTHS)
def test_functions_of_arrays_run_in_r(lengths, tmp_path):
    # Some functions are in no library of R: their name is printed with a notice.
    found = list(cases(*LENGTHS[lengths], Notation.R, lambda op: not FUNCTIONS[op].numeric))
    shown = in_r([(text, at) for _, text, at, _ in found], tmp_path)
    wrong = []
    for (op, text, _at, wanted), line in zip(found, shown, strict=True):
        entries = of_r_shape(line, wanted)
        if entries is None or not close(entries, wanted):
            wrong.append((op, text, line, wanted.tolist()))
    assert not wrong, wrong
    assert {op for op, *_ in found} >= {"pmax", "dnorm", "atan2", "logaddexp", "psigamma", "%%"}


def in_numpy_or_scipy(op):
    return op not in UNLIKE and bool(op in OPERATORS or op in PYTHON_TEXTS or function_name(op))


@pytest.mark.parametrize("lengths", LENGTHS)
def test_functions_of_arrays_that_numpy_or_scipy_have_run_in_python(lengths):
    wrong = []
    ops = set()
    for op, text, at, wanted in cases(*LENGTHS[lengths], Notation.PYTHON, in_numpy_or_scipy):
        ops.add(op)
        found = in_python(text, at)
        if not close(found, wanted):
            wrong.append((op, text, np.shape(found), wanted.tolist()))
    assert not wrong, wrong
    assert len(ops) > 90
