"""Formulas of books: derivatives printed as Deriv prints them, and worth the same."""

import math
import random

import pytest
from secantd.calculus import differentiate
from secantd.language import Notation

from .witness import RULES, Witness, known_differences, read_r, table

ROWS = table("textbook.tsv")
KNOWN = known_differences()
# Every second derivative takes Deriv a minute; `python tests/oracle/share.py` compares all of them.
EVERY = 5


def ours(text, variable, order):
    return differentiate(read_r(text), [variable] * order, notations=[Notation.R]).derivative.text


@pytest.fixture(scope="module")
def witness(r, deriv):
    return Witness(r)


def places(text):
    """Yield points in which most formulas of books have a value: small and positive, larger, further out."""
    names = read_r(text).variables
    chance = random.Random(text)
    for low, high in ((0.2, 0.9), (1.1, 2.9), (3.0, 8.0)):
        yield {name: chance.uniform(low, high) for name in names}


@pytest.mark.parametrize("row", [pytest.param(r, id=r["text"]) for r in ROWS])
def test_a_derivative_is_printed_as_deriv_prints_it_and_worth_the_same(witness, row):
    number = ROWS.index(row)
    variables = row["variables"].split()
    for variable, order in [(variables[number % len(variables)], 1)] + [(variables[0], 2)] * (number % EVERY == 0):
        theirs = witness.derivative(row["text"], variable, order)
        rule = KNOWN.get((row["text"], variable, order))
        if theirs.startswith("refused"):
            assert rule == "Deriv: not supported"
            continue
        text = ours(row["text"], variable, order)
        if rule is None:
            assert text == theirs
        for at in places(row["text"]):
            value, expected = (witness.value(t, at) for t in (text, theirs))
            if math.isfinite(expected):
                # 1e-12 of what the terms are worth: they may cancel.
                assert value == pytest.approx(expected, rel=1e-6 if rule == "rounding" else 1e-11, abs=1e-11), (
                    text,
                    theirs,
                    at,
                )


def test_every_known_difference_is_of_a_formula_here_and_has_a_rule():
    texts = {r["text"]: r["variables"].split() for r in ROWS}
    for (text, variable, order), rule in KNOWN.items():
        assert variable in texts[text]
        assert order in (1, 2)
        assert rule in RULES


def test_nearly_all_formulas_of_books_are_printed_as_deriv_prints_them():
    total = sum(len(r["variables"].split()) for r in ROWS)
    for order, least in ((1, 0.96), (2, 0.95)):
        different = sum(o == order for _, _, o in KNOWN)
        assert 1 - different / total > least
