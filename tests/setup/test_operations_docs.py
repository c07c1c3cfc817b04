"""docs/operations.md: each threat and each promise names what shows it, and that is there."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
TEXT = (HOME / "docs" / "operations.md").read_text("utf-8")
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
PROGRAM = re.compile(r"(tests/soak/\w+\.py|tests/fuzz/\w+\.py|\./dev (?:soak|fuzz|bench))")


def rows(heading):
    """The rows of the table under a heading, without its head."""
    section = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [pytest.param(line, id=line.split("|")[1].strip()[:60]) for line in lines[2:]]


@pytest.mark.parametrize("row", rows("Threats") + rows("Promises"))
def test_a_row_names_what_shows_it(row):
    tests, programs = TEST.findall(row), PROGRAM.findall(row)
    assert tests or programs, "it names neither a test nor a program"
    for file, name in tests:
        assert f"\ndef {name}(" in (HOME / "tests" / file).read_text("utf-8"), f"{file} has no {name}"
    for program in programs:
        assert program.startswith("./dev") or (HOME / program).is_file(), f"{program} is not there"


@pytest.mark.parametrize("row", rows("Threats"))
def test_a_threat_has_a_test(row):
    assert TEST.search(row)
