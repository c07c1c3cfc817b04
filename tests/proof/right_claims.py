"""Formulas with claims that are right, for certificates: the course's examples, the table of books, the claims of users."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["SEEDS", "Case", "book", "claims", "golden", "seeds"]

TABLES = Path(__file__).parent.parent / "golden"


class Case(NamedTuple):
    """A formula, the variables, and a claim; "" for our own derivative. With order 0 the claim is about the formula itself."""

    name: str
    text: str
    variables: tuple[str, ...]
    claim: str = ""
    data: str = ""
    notation: str = ""
    order: int = 1
    assume: tuple[str, ...] = ()


# The examples of the course that the project began with.
SEEDS = (
    ("x^2", "x"), ("x^2+2*y^2", "x"), ("x^5", "x"), ("sin(x)+cos(x)", "x"), ("(2*x+1)^4", "x"), ("(x+2*y^3)^2", "y"),
    ("x1^2*x2+x1*x2^3", "x1"), ("x^2+2*x*y+3+cos(x+2*y)", "y"), ("1+2*x+3*x^2+4*exp(x)+5*log(x)", "x"), ("x*exp(x)", "x"),
    ("exp((x-mu)^2/sigma^2)", "x"), ("x^2+x*y+y^2", "x"), ("log(x^2-2)", "x"), ("exp(2*x^3)", "x"),
)  # fmt: skip


def seeds() -> Iterator[Case]:
    """Give the examples of the course."""
    for text, variable in SEEDS:
        yield Case("course", text, (variable,))


def book(file: Path) -> Iterator[Case]:
    """Give the rows of a table of formulas, once for each variable."""
    for line in file.read_text().splitlines():
        if not line.startswith(("#", "source\t")) and line:
            source, text, variables = line.split("\t")
            for variable in variables.split():
                yield Case(source, text, (variable,))


def claims(file: Path) -> Iterator[Case]:
    """Give the claims of users that are right everywhere."""
    with file.open(newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == "check" and row["expected"] == "RIGHT":
                variables = tuple(json.loads(row["variables"])) if row["variables"] else ()
                yield Case(
                    row["id"],
                    json.loads(row["text"]),
                    variables,
                    json.loads(row["claimed"]),
                    row["data"],
                    row["notation"],
                )


def rows(name: str) -> Iterator[dict[str, str]]:
    """Give the rows of a table of tests/golden by column."""
    lines = [x for x in (TABLES / name).read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
    for line in lines[1:]:
        yield dict(zip(lines[0].split("\t"), line.split("\t"), strict=True))


def golden() -> Iterator[Case]:
    """Give the claims of tests/golden that are right."""
    for row in rows("checks.tsv"):
        if row["verdict"] in ("PROVED", "RIGHT") and not row["data"]:
            variables = tuple(row["variables"].split())
            yield Case(f"checks {row['id']}", row["text"], variables, row["claimed"], notation=row["notation"])
    for row in rows("rules.tsv"):
        # A branch without a value is a hypothesis of the theorem, not a part of its claim.
        if row["formula"] and "NaN" not in row["derivative"]:
            yield Case(f"rules {row['rule']}", row["formula"], (row["variable"],), row["derivative"])
    for row in rows("antiderivatives.tsv"):
        yield Case(f"integrals {row['id']}", row["antiderivative"], ("x",), row["integrand"])
    for row in rows("seeds.tsv"):
        if row["rpc"] in ("Differentiate", "Gradient") and "=" not in row["text"]:
            notation = "PYTHON" if "**" in row["text"] or "PYTHON" in row["arguments"] else ""
            yield Case(f"seeds {row['id']}", row["text"], tuple(row["variables"].split()), notation=notation)
    for row in rows("equal.tsv"):
        # The values of a tower of exponentials take too long.
        if row["verdict"] in ("PROVED", "EQUAL") and row["id"] != "tower-equal":
            assumed = tuple([part.strip() for part in row["assume"].split(";") if part.strip()])
            yield Case(f"equal {row['id']}", row["f"], (), row["g"], notation=row["notation"], order=0, assume=assumed)
