"""docs/lessons: the same digits in Python and R, and the same examples in English and Korean. test_arrays_docs.py runs them."""

import re
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
LESSONS = HOME / "docs" / "lessons"
ENGLISH = sorted((LESSONS / "en").glob("*.md"))
PAGES = sorted(LESSONS.glob("*/*.md"))
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAIR = re.compile(r"^```python\n(.*?)^```\n\n```r\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHOICE = re.compile(r', language ?= ?"ko"')
IMAGE = re.compile(r"!\[([^\]]+)\]\(\.\./figures/([\w-]+\.svg)\)")
# What R and Python print alike: numbers of more digits than R prints by itself.
LONG = re.compile(r"(?<![\w.])\d+\.\d{8,}(?:e[+-]\d+)?")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_each_block_of_a_lesson_is_there_in_both_languages_with_the_same_long_numbers(page):
    text = page.read_text("utf-8")
    pairs = PAIR.findall(text)
    assert 2 * len(pairs) == len(BLOCK.findall(text))
    for python, r in pairs:
        assert sorted(LONG.findall(python)) == sorted(LONG.findall(r))


@pytest.mark.parametrize("page", ENGLISH, ids=lambda page: page.stem)
def test_the_korean_lesson_has_the_blocks_and_figures_of_the_english_one(page):
    english, korean = page.read_text("utf-8"), (LESSONS / "ko" / page.name).read_text("utf-8")
    pairs = zip(BLOCK.findall(korean), BLOCK.findall(english), strict=True)
    assert [own for own, other in pairs if own != other and code(*own) != code(*other)] == []
    assert [name for _, name in IMAGE.findall(korean)] == [name for _, name in IMAGE.findall(english)]
    # Headings of the same ranks, and as many formulas of a line of their own.
    assert re.findall(r"^#+", korean, re.MULTILINE) == re.findall(r"^#+", english, re.MULTILINE)
    assert re.findall(r"^\$\$.*\$\$$", korean, re.MULTILINE) == re.findall(r"^\$\$.*\$\$$", english, re.MULTILINE)


def code(language, block):
    """Return the code of a block without the choice of a language, and the output unless it has one."""
    chosen = CHOICE.sub("", block)
    if chosen == block and "explain(" not in block:
        return block
    return [
        line
        for line in chosen.splitlines()
        if line.startswith((">>> ", "... ")) or (language == "r" and line[:2] != "#>")
    ]


def test_every_figure_is_shown_by_a_lesson():
    shown = {name for page in ENGLISH for _, name in IMAGE.findall(page.read_text("utf-8"))}
    assert {file.name for file in (LESSONS / "figures").iterdir()} == shown
