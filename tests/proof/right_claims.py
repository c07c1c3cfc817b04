"""Formulas with claims that are right, for certificates: the course's examples, the table of books, the claims of users."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["SEEDS", "Case", "book", "claims", "seeds"]


class Case(NamedTuple):
    """A formula, the variables, and a claim; "" for our own derivative."""

    name: str
    text: str
    variables: tuple[str, ...]
    claim: str = ""
    data: str = ""
    notation: str = ""


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
