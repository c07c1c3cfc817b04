"""A dozen formulas of vectors far out; `./dev fuzz --vectors` takes 1000."""

import sys
from collections import Counter
from pathlib import Path
from random import Random

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import vectors
from intervals import UnsupportedError


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(3))
def test_gradients_by_vectors_are_those_of_mpmath_entry_by_entry(seed):
    for i in range(4):
        chance = Random(f"few {seed} {i}")
        text = vectors.formula(chance)
        try:
            assert vectors.check(text, chance, Counter()) == [], text
        except UnsupportedError:
            continue
