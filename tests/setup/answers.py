"""Prints what the service makes of every text of the tables: its derivatives in each notation, or the refusal."""

from collections.abc import Iterator
from pathlib import Path

import secantd.language.parser
from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.settings import Limits

TESTS = Path(__file__).resolve().parents[1]
NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX)
# What only a machine-made text holds; each reaches another limit.
LONG = ("(" * 50_000 + "x", "+".join(["x"] * 20_000), "x^" * 3_000 + "x", "-" * 30_000 + "x", "9^9^9^9")


def texts() -> Iterator[str]:
    for name, column in (("oracle/textbook.tsv", 1), ("golden/functions.tsv", 0), ("engine/mistakes.tsv", 0)):
        for line in (TESTS / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")[column].replace("\\n", "\n")
    for line in (TESTS / "oracle/meaning.txt").read_text(encoding="utf-8").splitlines():
        yield line.replace("\\n", "\n")
    yield from LONG


def answers(text: str) -> Iterator[str]:
    limits = Limits()
    try:
        function = read(text, limits=limits)
        yield f"{function.variables} {function.notation} {function.notices} {len(function.outputs)}"
        for variable in function.variables[:3]:
            for order in (1, 2):
                found = differentiate(function, [variable] * order, notations=NOTATIONS, limits=limits)
                yield f"{variable} {order} {found.derivative.text} {found.derivative.renderings} {found.notices}"
    except CalculusError as error:
        yield f"{error.reason} {error.span} {error}"


if __name__ == "__main__":
    print(secantd.language.parser.__file__)
    for text in texts():
        for answer in answers(text):
            print(text[:60], answer.replace("\n", "\\n"), sep="\t")
