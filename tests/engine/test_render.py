"""Printed formulas that nobody could read."""

import pytest
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render


@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON, Notation.LATEX], ids=lambda n: n.name)
def test_a_product_that_doubles_thirty_times_is_refused_while_it_is_printed(notation):
    (output,) = read("a <- x; for (i in 1:30) a <- a*a; a").outputs
    with pytest.raises(CalculusError) as caught:
        render(output, notation, 100_000)
    assert caught.value.reason is Reason.LIMIT_EXCEEDED


def test_products_of_products_are_written_in_latex_without_brackets():
    (output,) = read("a <- x*y; b <- a*2; b*3*a").outputs
    assert render(output, Notation.LATEX, 1000) == r"x y \cdot 2 \cdot 3 x y"
