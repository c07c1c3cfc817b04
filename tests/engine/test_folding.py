"""Functions of numbers in formulas: which are replaced by their values."""

import math
from itertools import product

import pytest
from secantd.algebra import folding
from secantd.calculus import differentiate
from secantd.language import read
from secantd.program.operations import OPERATIONS


def test_what_is_printed_does_not_depend_on_calls_before():
    """The value of gamma(4) was printed where another formula had computed a gamma function before."""
    printed = [differentiate(read("x*gamma(4) + x*lgamma(5)"), ["x"]).derivative.text]
    differentiate(read("gamma(x)*lgamma(x)"), ["x"], {"x": 2.0})
    printed.append(differentiate(read("x*gamma(4) + x*lgamma(5)"), ["x"]).derivative.text)
    assert printed == ["gamma(4) + lgamma(5)"] * 2


@pytest.mark.parametrize("name", [*folding.MATH, *sorted(folding.OTHERS)])
def test_values_of_numbers_are_those_of_the_table_of_operations(name):
    careful = OPERATIONS[name].careful
    count = 2 if name in ("pow", "atan2", "pmax", "pmin", "round", "%%", "%/%") else 1
    for arguments in product([-2.5, -1.0, -0.0, 0.0, 0.5, 1.0, 3.0, 700.0, 1e300], repeat=count):
        value = careful(*arguments)
        if math.isfinite(value):
            assert folding.value_of(name, arguments) == value
        else:
            assert not math.isfinite(folding.value_of(name, arguments))
