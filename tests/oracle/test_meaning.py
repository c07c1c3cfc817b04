"""What a program means: its value is that which R computes from the same text."""

from pathlib import Path

import numpy as np
import pytest
from secantd.calculus import evaluate

from .witness import Witness, read_r

AT = {"x": 0.37, "y": 0.81}
LINES = Path(__file__).with_name("meaning.txt").read_text(encoding="utf-8").splitlines()
PROGRAMS = [line.replace("\\n", "\n") for line in LINES if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def witness(r):
    return Witness(r)


@pytest.mark.parametrize("program", [pytest.param(p, id=p.replace("\n", "/")) for p in PROGRAMS])
def test_a_program_has_the_value_that_r_computes(witness, program):
    function = read_r(program)
    points = {name: np.array([AT[name]]) for name in function.variables if name in AT}
    (value,) = evaluate(function, points).values
    # R's parser takes several statements in braces only where it takes one expression.
    assert value == pytest.approx(witness.value(f"{{{program}\n}}", AT), rel=1e-14, abs=1e-15)
