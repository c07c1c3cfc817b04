"""The rows of antiderivatives.tsv as claims: the derivative of an antiderivative is its integrand, and that of a changed one is not."""

from collections import Counter
from pathlib import Path

import pytest
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.language import read

TABLE = Path(__file__).with_name("antiderivatives.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
ROWS = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]
CHAPTERS = (
    "algebraic", "exponentials", "logarithms", "trigonometric", "inverse trigonometric", "hyperbolic", "inverse hyperbolic",
    "special functions",
)  # fmt: skip
WITNESSES = ["exact", "numeric"]


@pytest.mark.sample(3)
@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ROWS])
def test_an_antiderivative_is_not_refuted_and_is_refuted_with_one_number_or_sign_changed(row):
    right = judge(read(row["antiderivative"]), read(row["integrand"]), ["x"], witnesses=WITNESSES)
    assert right.verdict in (Verdict.PROVED, Verdict.AGREES), right.message
    changed = judge(read(row["changed"]), read(row["integrand"]), ["x"], witnesses=WITNESSES)
    assert changed.verdict is Verdict.REFUTED, changed.message


def test_the_table_has_at_least_300_rows_and_36_of_each_chapter():
    assert len({(row["integrand"], row["antiderivative"]) for row in ROWS}) == len(ROWS) >= 300
    counts = Counter(row["chapter"] for row in ROWS)
    assert set(counts) == set(CHAPTERS)
    assert min(counts.values()) >= 36
