"""Loops over doubles end whatever the numbers are."""

import math
import sys
import time
from types import SimpleNamespace

import numpy as np
from secantd.analysis.extrema import extrema
from secantd.analysis.turning import HALVINGS, bisected
from secantd.descent.methods.lbfgs import bent
from secantd.descent.search import Point
from secantd.language import read
from secantd.settings import Limits


class Counted:
    """A program that counts how often it is asked."""

    def __init__(self, value: float) -> None:
        self.value, self.asked = value, 0

    def point(self, at: list[float]) -> list[float]:
        self.asked += 1
        assert self.asked <= HALVINGS
        return [self.value]


def test_a_sign_change_between_no_numbers_ends() -> None:
    for a, b in ((-math.inf, math.inf), (math.nan, 1.0), (-1.797e308, 1.797e308), (0.0, 5e-324)):
        bisected(Counted(1.0), a, b, -1.0)


def test_a_search_along_a_direction_that_is_no_number_ends() -> None:
    start = Point(np.array([1.0]), 1.0, np.array([2.0]))
    objective = SimpleNamespace(first=lambda x: (math.nan, np.array([math.nan])))
    box = SimpleNamespace(project=lambda x: x)
    for direction in (math.nan, math.inf):
        with np.errstate(all="ignore"):
            asked = sum(
                1 for _ in zip(bent(objective, start, np.array([direction]), box, 1.0), range(3000), strict=False)
            )
        assert asked < 3000


def test_the_searches_of_one_answer_share_one_time_of_sympy(monkeypatch):
    given = []

    def never(seconds, job):
        given.append(seconds)
        time.sleep(0.06)

    monkeypatch.setattr(sys.modules["secantd.analysis.search"], "within", never)
    limits = Limits(algebra_seconds=0.05)
    found = extrema(read("x^4 - x"), {"x": (-2.0, 2.0)}, limits=limits)
    # The first loads SymPy, which takes none of this time.
    assert len(given) == 2
    assert [round(p.point[0][1], 6) for p in found.critical_points] == [0.629961]
