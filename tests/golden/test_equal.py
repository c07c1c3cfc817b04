"""The rows of equal.tsv, asked of the method that answers Check, without a server."""

from pathlib import Path

from secant.v1 import check_pb2, expression_pb2
from secantd.answers.functions import FunctionCache
from secantd.settings import Limits
from secantd.transport.methods.check import check

TABLE = Path(__file__).with_name("equal.tsv")
LINES = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
ROWS = [dict(zip(LINES[0].split("\t"), line.split("\t"), strict=True)) for line in LINES[1:]]
EQUAL = {"EQUAL": ("PROVED", "AGREES"), "AGREES": ("AGREES",), "PROVED": ("PROVED",)}


def asked(row: dict[str, str]) -> tuple[check_pb2.CheckResponse, str]:
    """Return the reply about a row, and the verdict as a word."""
    notation = f"NOTATION_{row['notation'] or 'UNSPECIFIED'}"
    f, g = (expression_pb2.Expression(text=row[name], notation=notation) for name in "fg")
    assumed = [a.strip() for a in row["assume"].split(";") if a.strip()]
    request = check_pb2.CheckRequest(expression=f, claimed=g, order=0, assumptions=assumed)
    reply = check(request, FunctionCache(Limits(check_seconds=30.0, algebra_seconds=10.0)))
    return reply, check_pb2.Verdict.Name(reply.verdict).removeprefix("VERDICT_")


def test_the_verdict_on_each_pair_of_the_table_is_that_of_its_row():
    wrong, undecided = [], 0
    for row in ROWS:
        reply, verdict = asked(row)
        undecided += verdict == "UNDECIDED"
        if verdict not in EQUAL.get(row["verdict"], (row["verdict"],)):
            wrong.append(f"{row['id']}: {verdict}, not {row['verdict']}: {reply.message}")
        if verdict == "REFUTED" and reply.slip != row["slip"]:
            wrong.append(f"{row['id']}: slip {reply.slip!r}, not {row['slip']!r}: {reply.message}")
        if row["notice"] and not any(row["notice"] in notice for notice in reply.notices):
            wrong.append(f"{row['id']}: no notice with {row['notice']!r}: {list(reply.notices)}")
    assert wrong == []
    assert undecided <= 0.03 * len(ROWS)


def test_each_pair_of_the_table_occurs_once_and_both_answers_do():
    assert len({r["id"] for r in ROWS}) == len({(r["f"], r["g"], r["assume"]) for r in ROWS}) == len(ROWS) >= 150
    verdicts = [r["verdict"] for r in ROWS]
    assert min(verdicts.count("REFUTED"), sum(v in EQUAL for v in verdicts)) > 40
