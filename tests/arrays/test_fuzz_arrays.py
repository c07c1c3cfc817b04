"""A few seconds of the random formulas of fuzz.py, and the smallest formulas that once failed."""

import pytest

from .fuzz import LENGTHS, RESULTS, Fuzz

COUNT = 36


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_derivatives_of_random_formulas_are_slopes_and_their_texts_have_their_values():
    fuzz = Fuzz()
    for i in range(COUNT):
        fuzz.formula(f"test {i}", 2 + i % 2, LENGTHS[i % len(LENGTHS)], RESULTS[i % len(RESULTS)])
    fuzz.run_r()
    assert not fuzz.found, "\n\n".join(f"{f.kind}, seed {f.seed}\n{f.what}" for f in fuzz.found)
    assert fuzz.ends["derivative"] > COUNT
    assert fuzz.ends["differential"] > COUNT // 4
    assert fuzz.ends["r"] == fuzz.ends["python"] > 3 * COUNT
    assert fuzz.ends["r read back"] > COUNT
    assert fuzz.ends["differences undecided"] + fuzz.ends["no value"] < COUNT // 4
