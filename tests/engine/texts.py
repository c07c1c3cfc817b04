"""Texts that are refused, as several tests read them."""

import pytest
from secantd.errors import CalculusError
from secantd.language import read


def refusal(text, notation=None, limits=None):
    with pytest.raises(CalculusError) as caught:
        read(text, notation, limits=limits)
    return caught.value
