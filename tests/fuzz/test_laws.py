"""A few hundred random formulas against the laws of laws.py; `./dev fuzz --formulas` takes 20 000."""

import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))

import exact
import laws
from formulas import formula
from secantd.functions import FUNCTIONS
from secantd.language import Notation, read


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__.replace("_", "-"))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(chance=st.randoms(use_true_random=False))
@pytest.mark.filterwarnings("ignore")
def test_a_law_holds_for_random_formulas(law, chance):
    text = formula(chance, 3)
    try:
        law(text, chance)
    except exact.UnsupportedError:
        return


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_laws_hold_for_formulas_that_are_never_the_same(seed):
    for i in range(40):
        text = formula(Random(f"{seed} {i}"), 4)
        assert laws.check(text, i) == [], text


def test_the_formulas_walk_the_table_of_functions():
    seen = set()
    for i in range(4000):
        function = read(formula(Random(f"walk {i}"), 3), Notation.R)
        seen |= {n.op for n in function.graph.nodes}
    assert len(seen & FUNCTIONS.keys()) > 0.8 * len(FUNCTIONS)
