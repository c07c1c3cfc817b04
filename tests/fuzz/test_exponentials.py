"""A few dozen formulas in which exponentials meet, far out; `./dev fuzz --exponentials` takes 20 000."""

import sys
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import exponentials


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_all_calls_have_the_numbers_of_mpmath(seed):
    for i in range(6):
        chance = Random(f"few {seed} {i}")
        text = exponentials.formula(chance)
        for places in (exponentials.FAR, exponentials.EDGES):
            at = exponentials.point(chance, places)
            try:
                assert exponentials.check(text, at) == [], text
            except exponentials.UnsupportedError:
                continue
