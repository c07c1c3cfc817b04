"""Textbook notation and LaTeX: what each text of the golden table means, and that the source material is read as it stands."""

from pathlib import Path

import pytest
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render
from secantd.render.arrays import array_text

LINES = Path(__file__).with_name("textbook.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("# ")]


def test_the_table_has_150_texts_in_both_notations():
    assert len(ROWS) >= 150
    assert {row[0] for row in ROWS} == {"TEXTBOOK", "LATEX"}


@pytest.mark.parametrize(
    ("notation", "text", "names", "kind", "expected"),
    [pytest.param(*row[:5], id=f"{row[0]}-{row[1]}-{row[2]}") for row in ROWS],
)
def test_a_text_has_the_reading_of_the_table(notation, text, names, kind, expected):
    found, error = outcome(text.replace("⏎", "\n"), Notation[notation], tuple(names.split()))
    assert found == (kind, expected)
    if error is not None:
        start, end = error.span
        assert (error.reason, bool(error.hint), 0 <= start < end <= len(text) + 1) == (Reason.SYNTAX_ERROR, True, True)


def outcome(text, notation, variables):
    """Return the kind and the text of a reading, and the error if there is none."""
    try:
        function = read(text, notation, variables=variables)
    except CalculusError as error:
        start, both, readings = error.headline.partition(" has two readings: ")
        return ("readings", readings) if both else ("refused", start), error
    texts = [
        array_text(function.graph, o, Notation.R) if function.arrays else render(o, Notation.R)
        for o in function.outputs
    ]
    return ("reading", f"c({', '.join(texts)})" if function.vector else texts[0]), None


@pytest.mark.parametrize("row", [r for r in ROWS if r[3] == "reading"], ids=lambda r: f"{r[0]}-{r[1]}-{r[2]}")
def test_a_reading_is_a_text_in_r_notation_with_the_same_variables(row):
    notation, text, names, _, reading, _ = row
    wanted = tuple(names.split())
    by_hand = read(text.replace("⏎", "\n"), Notation[notation], variables=wanted)
    in_r = read(reading, Notation.R, variables=wanted)
    # length(x) stands for n, and a product of vectors for a bilinear form.
    if not by_hand.arrays:
        assert sorted(by_hand.used) == sorted(in_r.used)
        assert [render(o, Notation.R) for o in by_hand.outputs] == [render(o, Notation.R) for o in in_r.outputs]
