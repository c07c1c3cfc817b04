"""Texts as authors of Python and R write them have the values that Python and R compute: written.tsv."""

import csv
import json
from pathlib import Path

import pytest
import secant


def rows():
    lines = [x for x in Path(__file__).with_name("written.tsv").read_text(encoding="utf-8").splitlines() if x[0] != "#"]
    return [
        pytest.param(*row, id=f"{row[0].lower()}-{i}")
        for i, row in enumerate(list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:])
    ]


@pytest.fixture(scope="module")
def service():
    with secant.local() as s:
        yield s


@pytest.mark.parametrize(("notation", "text", "point", "value"), rows())
def test_a_text_has_the_value_that_its_own_language_computes(service, notation, text, point, value):
    text = json.loads(text)
    at = {name: v for name, v in json.loads(point).items() if name in text}
    found = service.gradient(secant.Expression(text, notation=notation.lower()), at=at)
    assert float(found.value) == pytest.approx(float(value), rel=1e-9, nan_ok=True)
