"""Wrong claims: of the tables of this project, and derivatives of formulas of books with one change."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation, read

__all__ = ["cases", "changed", "golden", "seeds", "textbook"]

TESTS = Path(__file__).parent.parent
# Text of a formula, claim, variable, notation, order.
Claim = tuple[str, str, str, Notation | None, int]

# One change of a formula: what is found, and what may be there instead.
CHANGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r" \+ ", (" - ",)), (r" - ", (" + ",)), (r"(?<=\w|\)) ?\* ?(?=\w|\()", (" + ",)), (r"\bsin\b", ("cos",)), (r"\bcos\b", ("sin",)),
    (r"\bexp\b", ("sinh",)), (r"(?<![\w.])[1-9](?![\w.])", ("2", "3", "0.5", "5")), (r"\^2", ("^3",)), (r"^-", ("",)),
)  # fmt: skip
WHOLE = ("-({0})", "2*({0})", "({0}) + 1", "({0})*1.0001", "({0}) + 1e-6")


def changed(text: str, chance: Random) -> str:
    """Return a formula with one change."""
    for _ in range(4):
        pattern, others = chance.choice(CHANGES)
        places = list(re.finditer(pattern, text))
        if places:
            place = chance.choice(places)
            other = chance.choice(others)
            if other != place.group():
                return text[: place.start()] + other + text[place.end() :]
    return chance.choice(WHOLE).format(text)


def rows(path: Path) -> list[dict[str, str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]


def with_change(text: str, variable: str, notation: Notation | None, chance: Random) -> Claim | None:
    """Return a formula with its derivative, changed; None if it has none."""
    try:
        f = read(text) if notation is None else read(text, notation)
        right = differentiate(f, [variable], notations=[Notation.R]).derivative.text
        return text, changed(right, chance), variable, notation, 1
    except CalculusError:
        return None


def textbook(step: int = 1) -> Iterator[Claim]:
    """Yield each `step`-th formula of tests/oracle/textbook.tsv with a changed derivative."""
    for i, row in enumerate(rows(TESTS / "oracle" / "textbook.tsv")):
        names = row["variables"].split()
        claim = with_change(row["text"], names[i % len(names)], Notation.R, Random(row["text"]))
        if claim is not None and not i % step:
            yield claim


def seeds() -> Iterator[Claim]:
    """Yield the formulas of the source material that are differentiated, with a changed derivative."""
    for row in rows(TESTS / "golden" / "seeds.tsv"):
        if row["rpc"] in ("Differentiate", "Gradient") and "=" not in row["text"]:
            notation = Notation.PYTHON if "**" in row["text"] or "PYTHON" in row["arguments"] else None
            try:
                names = row["variables"].split() or read(row["text"], *([notation] if notation else [])).variables
            except CalculusError:
                continue
            claim = with_change(row["text"], names[0], notation, Random(row["id"]))
            if claim is not None:
                yield claim


def are_numbers(notation: Notation | None, *texts: str) -> bool:
    """Whether texts in R or Python notation are formulas of one number each."""
    try:
        return all(len(read(text, *([notation] if notation else [])).outputs) == 1 for text in texts)
    except CalculusError:
        return False


def golden() -> Iterator[Claim]:
    """Yield the wrong claims of tests/golden."""
    for row in rows(TESTS / "golden" / "checks.tsv"):
        variables = row["variables"].split()
        notation = Notation[row["notation"]] if row["notation"] in ("R", "PYTHON") else None
        plain = len(variables) < 2 and not row["data"] and are_numbers(notation, row["text"], row["claimed"])
        if row["verdict"] == "REFUTED" and plain:
            yield row["text"], row["claimed"], "".join(variables), notation, 1
    for row in rows(TESTS / "golden" / "equal.tsv"):
        notation = Notation[row["notation"]] if row.get("notation") in ("R", "PYTHON") else None
        if row["verdict"] == "REFUTED" and not row.get("assume") and are_numbers(notation, row["f"], row["g"]):
            yield row["f"], row["g"], "", notation, 0


def cases(path: Path) -> Iterator[Claim]:
    """Yield the wrong claims of a table of cases: its columns are id, kind, notation, text, variables, expected and claimed."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["kind"] == "check" and not row["expected"].startswith("RIGHT") and not row["data"]:
                variables = json.loads(row["variables"] or "[]")
                notation = Notation[row["notation"]] if row["notation"] else None
                yield json.loads(row["text"]), json.loads(row["claimed"]), "".join(variables[:1]), notation, 1
