"""The rules of rules.tsv: each is checked as a claim, and compared by values with our derivative and with mpmath's slope."""

import builtins
from collections.abc import Iterator
from pathlib import Path

import mpmath
import pytest
from secantd.calculus import differentiate
from secantd.check.judge import judge
from secantd.check.verdict import Verdict
from secantd.language import read
from secantd.program import compile

TABLE = Path(__file__).with_name("rules.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
ALL = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]
ROWS = [row for row in ALL if row["formula"]]
IDS = [f"{row['rule']}-{row['variable']}" for row in ROWS]
# All rules there are, and those of functions that Secant does not have.
RULES, LACKING = 156, 20


def points(row: dict[str, str]) -> Iterator[dict[str, float]]:
    for text in row["at"].split():
        yield {name: float(value) for name, value in (pair.split("=") for pair in text.split(","))}


def slope(text: str, variable: str, at: dict[str, float]) -> float:
    """Return the derivative of a function of mpmath by differences, to 30 digits."""
    mp = mpmath.mp.clone()
    mp.dps = 30
    code = builtins.compile(text, TABLE.name, "eval")

    def value(moved: object) -> object:
        return eval(code, {"mp": mp, **{n: mp.mpf(v) for n, v in at.items()}, variable: moved})

    return float(mp.diff(value, mp.mpf(at[variable])))


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_rule_is_not_refuted(row):
    found = judge(
        read(row["formula"]), read(row["derivative"]), [row["variable"]], next(points(row)), ["exact", "numeric"]
    )
    assert found.verdict in (Verdict.PROVED, Verdict.AGREES), (found.message, found.notices)


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_a_rule_and_our_derivative_have_the_values_of_mpmath(row):
    claim = read(row["derivative"])
    for at in points(row):
        expected = slope(row["mpmath"], row["variable"], at)
        ours = differentiate(read(row["formula"]), [row["variable"]], at=at).derivative.value
        names = [n for n in at if n in claim.used]
        theirs = compile(claim.outputs, names).point([at[n] for n in names])
        assert [ours, *theirs] == pytest.approx([expected] * 2, rel=1e-13, abs=1e-300), at


def test_the_table_has_all_rules_each_with_its_arguments_or_with_a_reason():
    assert len({row["rule"] for row in ALL}) == RULES
    assert len({row["rule"] for row in ALL if not row["formula"]}) == LACKING
    assert len(IDS) == len(set(IDS))
    assert all(bool(row["formula"]) != bool(row["lacks"]) for row in ALL)
