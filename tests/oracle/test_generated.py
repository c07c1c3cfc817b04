"""Random formulas: Deriv's derivatives equal ours, or a rule gives the reason why not."""

import math
import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from secantd.calculus import differentiate
from secantd.language import Notation

from .witness import Witness, read_r

sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

import exact
from formulas import book_formula, point

COUNT = 250


def rule(witness: Witness, text: str, ours: str, theirs: str, seed: int) -> str:
    """Return by which rule two printed derivatives of a formula differ; "" where none explains it."""
    if theirs.startswith("refused"):
        return "Deriv: not supported"
    if "log(" in text and "log(" in theirs + ours and theirs.count("log(") != ours.count("log("):
        name = "logarithm kept"
    elif "sqrt(" in text or "^" in text:
        name = "power kept" if ("abs(" in theirs) != ("abs(" in ours) else "other factors"
    else:
        name = "other factors"
    chance = Random(seed)
    names = {**point(chance), "a": 0.0, "b": 0.0, "n": 0.0}
    node = read_r(text).outputs[0]
    for _ in range(6):
        at = {v: chance.uniform(0.2, 2) * chance.choice((1, 1, -1)) for v in names}
        values = [witness.value(t, at) for t in (ours, theirs)]
        if all(map(math.isfinite, values)) and not math.isclose(*values, rel_tol=1e-7, abs_tol=1e-9):
            try:
                right = float(exact.slope(node, "x", at))
            except exact.UnsupportedError:
                continue
            if not math.isclose(values[0], right, rel_tol=1e-6, abs_tol=1e-9):
                return ""
            name = "Deriv: known wrong"
        # Deriv may lose a value below 0; we may not.
        if math.isfinite(values[1]) and not math.isfinite(values[0]):
            return ""
    return name


@pytest.fixture(scope="module")
def witness(r, deriv):
    return Witness(r)


def test_random_formulas_are_answered_as_deriv_answers(witness):
    found: Counter[str] = Counter()
    for i in range(COUNT):
        text = book_formula(Random(f"book {i}"), 3)
        theirs = witness.derivative(text, "x")
        function = read_r(text)
        # A random formula may lack x.
        function.declared = frozenset("x")
        ours = differentiate(function, ["x"], notations=[Notation.R]).derivative.text
        reason = "the same" if ours == theirs else rule(witness, text, ours, theirs, i)
        assert reason, f"{text}\n  ours  {ours}\n  Deriv {theirs}"
        found[reason] += 1
    print(dict(found))
    assert found["the same"] >= 0.9 * COUNT
