"""Compares first and second derivatives with Deriv's: python tests/oracle/share.py [--generated N]

Of every formula of textbook.tsv, or of N random ones as in books. Prints those that differ, and the share of
those that are the same to the letter.
"""

import argparse
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

from formulas import book_formula
from witness import Witness, read_r, table


def ours(text: str, variable: str, order: int) -> str:
    try:
        function = read_r(text)
        # A random formula may lack its variable.
        function.declared = frozenset({variable})
        return differentiate(function, [variable] * order, notations=[Notation.R]).derivative.text
    except CalculusError as error:
        return f"refused here: {error.headline}"


def textbook() -> Iterator[tuple[str, str]]:
    for row in table("textbook.tsv"):
        for variable in row["variables"].split():
            yield row["text"], variable


def generated(count: int) -> Iterator[tuple[str, str]]:
    for seed in range(count):
        yield book_formula(Random(1000 + seed), 3), "x"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--generated", type=int, default=0, metavar="N", help="N random formulas")
    count = parser.parse_args().generated
    spec = importlib.util.spec_from_file_location("oracle_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    witness = Witness(conftest.start_r())
    same, total, unsupported = [0, 0], [0, 0], 0
    for formula, variable in generated(count) if count else textbook():
        for order in (1, 2):
            theirs = witness.derivative(formula, variable, order)
            if theirs.startswith("refused"):
                unsupported += 1
                continue
            text = ours(formula, variable, order)
            total[order - 1] += 1
            same[order - 1] += text == theirs
            if text != theirs:
                print(f"{formula}\t{variable}\t{order}\n    Deriv {theirs}\n    ours  {text}")
    for order in (1, 2):
        share = same[order - 1] / total[order - 1]
        print(f"order {order}: {same[order - 1]} of {total[order - 1]} the same, {share:.1%}")
    print(f"Deriv does not support {unsupported}")


if __name__ == "__main__":
    main()
