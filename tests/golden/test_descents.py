"""The rows of descents.tsv, asked of a server through the Python client."""

from pathlib import Path
from typing import Any

import pytest

TABLE = Path(__file__).with_name("descents.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
ROWS = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]


def numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in (pair.split("=") for pair in text.split())}


def settings(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in (pair.split("=") for pair in text.split()):
        if name == "bounds":
            ends = [bound.split(":") for bound in value.split(",")]
            found[name] = {variable: (float(lower), float(upper)) for variable, lower, upper in ends}
        else:
            found[name] = int(value) if name in ("max_steps", "maximize") else float(value)
    return found


@pytest.mark.parametrize("row", [pytest.param(r, id=r["id"]) for r in ROWS])
def test_the_outcome_of_a_descent_is_that_of_the_row(service, row):
    columns = dict(pair.split("=") for pair in row["data"].split())
    outcome = service.descend(
        row["text"],
        numbers(row["start"]),
        method=row["method"],
        trace_every=10**6,
        data={name: [float(v) for v in values.split(",")] for name, values in columns.items()} or None,
        **settings(row["settings"]),
    ).result()
    found = (outcome.reason, outcome.nature, outcome.finding)
    assert found == (row["reason"], row["nature"], row["finding"]), outcome.message
    assert row["words"] in outcome.message
    assert " | ".join(outcome.notices) == row["notices"]
    for name, value in numbers(row["point"]).items():
        assert outcome.point[name] == pytest.approx(value, abs=1e-4)
    # No nature without a critical point or a kink.
    assert not outcome.nature or outcome.gradient_norm <= 1e-5 or outcome.finding == "KINK"


def test_the_table_has_every_reason_nature_and_finding():
    assert len({r["id"] for r in ROWS}) == len(ROWS)
    assert {r["reason"] for r in ROWS} == {"CONVERGED", "STEPS_SPENT", "DIVERGED", "NOT_FINITE", "STALLED"}
    assert {r["nature"] for r in ROWS} == {"", "MINIMUM", "MAXIMUM", "SADDLE", "INFLECTION"}
    assert {r["finding"] for r in ROWS} == {"", "UNBOUNDED", "KINK", "PLATEAU", "RUNS_AWAY"}


@pytest.mark.parametrize(
    "row", [pytest.param(r, id=r["id"]) for r in ROWS if r["method"] == "fixed_rate" and not r["data"]]
)
def test_a_recommended_rate_does_better(service, row):
    chosen = settings(row["settings"])
    start = numbers(row["start"])
    first = service.descend(row["text"], start, method="fixed_rate", trace_every=10**6, **chosen).result()
    if first.recommended_rate is None or first.reason == "CONVERGED":
        return
    chosen["rate"] = first.recommended_rate
    second = service.descend(row["text"], start, method="fixed_rate", trace_every=10**6, **chosen).result()
    better = second.reason == "CONVERGED" or not second.value > first.value
    assert better, (first.message, second.message)
