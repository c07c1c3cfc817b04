"""The rows of checks.tsv, asked of a server through the Python client."""

from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("checks.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
ROWS = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in ROWS])
def test_the_verdict_on_a_claim_is_that_of_the_row(service, row):
    columns = dict(pair.split("=") for pair in row["data"].split())
    found = service.check(
        row["text"],
        row["claimed"],
        *row["variables"].split(),
        notation=row["notation"].lower() or None,
        data={name: [float(v) for v in values.split(",")] for name, values in columns.items()} or None,
    )
    expected = ("PROVED", "AGREES") if row["verdict"] == "RIGHT" else (row["verdict"],)
    assert found.verdict in expected, str(found)
    assert (found.slip, found.variable) == (row["slip"], row["variable"]), str(found)
    assert bool(found) == (row["verdict"] in ("PROVED", "AGREES", "RIGHT"))


def test_the_table_has_right_and_wrong_claims_each_once():
    assert len({r["id"] for r in ROWS}) == len(ROWS)
    assert {r["verdict"] for r in ROWS} == {"PROVED", "AGREES", "RIGHT", "REFUTED", "UNDECIDED"}
