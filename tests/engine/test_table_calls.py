"""Calls of functions of the table by other names than R's."""

import pytest
from secantd.errors import CalculusError
from secantd.language import read


@pytest.mark.parametrize(
    "text", ["stats.chi2.pdf(x, 3, 0, 1, 1)", "stats.t.pdf(x, 5, 0, 1, TRUE)", "stats.norm.logpdf(x, 0, 1, TRUE)"]
)
def test_a_name_of_scipy_takes_no_flags_of_r(text):
    with pytest.raises(CalculusError, match="argument"):
        read(text)
