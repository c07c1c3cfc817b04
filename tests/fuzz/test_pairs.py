"""A few dozen random pairs of formulas; `./dev fuzz --pairs` takes 10 000."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import pairs


@pytest.mark.filterwarnings("ignore")
def test_what_check_answers_about_random_pairs_is_so():
    for i in range(40):
        shown, found, _, _ = pairs.judged(f"test {i}", 3.0)
        assert found == [], shown
