"""Derivations as pages, line by line: pages.tsv."""

import csv
import re
from pathlib import Path

import pytest


def rows():
    lines = [x for x in Path(__file__).with_name("pages.tsv").read_text(encoding="utf-8").splitlines() if x[0] != "#"]
    return [pytest.param(row, id=row["id"]) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]


@pytest.mark.parametrize("row", rows())
def test_a_page_has_the_lines_of_the_source(service, row):
    gradient = row["variables"] == "gradient"
    found = service.explain(
        row["text"], *([] if gradient else row["variables"].split()), gradient=gradient, notation="r"
    )
    shown = [line.strip()[2:] for line in str(found).splitlines() if line.strip().startswith("= ")]
    assert [re.sub(r" {3,}\(.*\)$", "", line) for line in shown] == row["lines"].split(" ; ")
