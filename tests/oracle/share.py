"""Compares every first and second derivative of textbook.tsv with Deriv's: python tests/oracle/share.py

Prints those that differ, as lines of differences.tsv without their rule, and the share of those that are the same.
"""

import importlib.util
import sys
from pathlib import Path

from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation

sys.path.insert(0, str(Path(__file__).parent))

from witness import Witness, read_r, table


def ours(text: str, variable: str, order: int) -> str:
    try:
        return differentiate(read_r(text), [variable] * order, notations=[Notation.R]).derivative.text
    except CalculusError as error:
        return f"refused here: {error.headline}"


def main() -> None:
    spec = importlib.util.spec_from_file_location("oracle_conftest", Path(__file__).with_name("conftest.py"))
    assert spec is not None
    assert spec.loader is not None
    conftest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(conftest)
    witness = Witness(conftest.start_r())
    same, total, unsupported = [0, 0], [0, 0], 0
    for row in table("textbook.tsv"):
        for variable in row["variables"].split():
            for order in (1, 2):
                theirs = witness.derivative(row["text"], variable, order)
                if theirs.startswith("refused"):
                    unsupported += 1
                    continue
                text = ours(row["text"], variable, order)
                total[order - 1] += 1
                same[order - 1] += text == theirs
                if text != theirs:
                    print(f"{row['text']}\t{variable}\t{order}\n    Deriv {theirs}\n    ours  {text}")
    for order in (1, 2):
        share = same[order - 1] / total[order - 1]
        print(f"order {order}: {same[order - 1]} of {total[order - 1]} the same, {share:.1%}")
    print(f"Deriv does not support {unsupported}")


if __name__ == "__main__":
    main()
