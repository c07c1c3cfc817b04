"""R's own deparse writes what we write, of every formula that R can read."""

import sys
from pathlib import Path
from random import Random

import pytest
from secantd.calculus import differentiate
from secantd.language import Notation
from secantd.render import r_text

from .witness import Witness, read_r, table

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from formulas import formula

TEXTS = [row["text"] for row in table("textbook.tsv")]


@pytest.fixture(scope="module")
def witness(r):
    return Witness(r)


@pytest.mark.parametrize("text", [pytest.param(t, id=t) for t in TEXTS])
def test_r_writes_a_formula_of_a_book_as_we_do(witness, text):
    function = read_r(text)
    for printed in (
        r_text(function.outputs[0]),
        differentiate(function, function.variables[:1] or ["x"], notations=[Notation.R]).derivative.text,
    ):
        assert witness.deparse(printed) == printed


def test_r_writes_random_formulas_as_we_do(witness):
    for i in range(400):
        printed = r_text(read_r(formula(Random(f"deparse {i}"), 4)).outputs[0])
        assert witness.deparse(printed) == printed
