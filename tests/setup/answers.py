"""Prints what the service makes of every text of the tables, its derivatives in each notation or the refusal, and descents."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import secantd.language.parser
from secantd.calculus import differentiate
from secantd.descent import METHODS, DescentRequest, descend
from secantd.errors import CalculusError
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.settings import Limits

# What is cut short by time depends on what else the machine does.
PATIENT = Limits(algebra_seconds=600.0)
TESTS = Path(__file__).resolve().parents[1]
NOTATIONS = (Notation.R, Notation.PYTHON, Notation.LATEX)
# Arguments that the two languages order differently.
ARRAYS = ("np.sum(np.diag(x, 1))", "np.trace(np.diag(np.exp(x)))", "sum(diag(x, 2))")
# What only a machine-made text holds; each reaches another limit.
LONG = ("(" * 50_000 + "x", "+".join(["x"] * 20_000), "x^" * 3_000 + "x", "-" * 30_000 + "x", "9^9^9^9")


def texts() -> Iterator[str]:
    for name, column in (("oracle/textbook.tsv", 1), ("golden/functions.tsv", 0), ("engine/mistakes.tsv", 0)):
        for line in (TESTS / name).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                yield line.split("\t")[column].replace("\\n", "\n")
    for line in (TESTS / "oracle/meaning.txt").read_text(encoding="utf-8").splitlines():
        yield line.replace("\\n", "\n")
    yield from ARRAYS
    yield from LONG


def answers(text: str) -> Iterator[str]:
    try:
        function = read(text, limits=PATIENT)
        yield f"{function.variables} {function.notation} {function.notices} {len(function.outputs)}"
        for variable in function.variables[:3]:
            for order in (1, 2):
                found = differentiate(function, [variable] * order, notations=NOTATIONS, limits=PATIENT)
                yield f"{variable} {order} {found.derivative.text} {found.derivative.renderings} {found.notices}"
    except CalculusError as error:
        yield f"{error.reason} {error.span} {error}"


def descents() -> Iterator[str]:
    """Yield the steps and the outcome of each method, for functions of numbers, of data, and of a vector."""
    data = {"u": np.linspace(-1.0, 2.0, 30), "w": np.linspace(0.0, 1.0, 30) ** 2}
    cases = [
        (read("100*(y - x^2)^2 + (1 - x)^2"), (("x", -1.2), ("y", 1.0))),
        (read("log(1 + exp(x + 2*y)) - x/3 + y^2"), (("x", 700.0), ("y", -3.0))),
        (read("sum((w - x - y*u)^2)", data=data), (("x", 1.0), ("y", 1.0))),
        (read("sum((v - 1)^4) + sum(v^2)", shapes={"v": VariableShape(("n",))}), (("v", np.array([3.0, -1.0, 0.5])),)),
    ]
    for name, method in METHODS.items():
        for number, (function, start) in enumerate(cases):
            settings = {"rate": 1e-3} if "rate" in method.__dataclass_fields__ else {}
            try:
                request = DescentRequest(function, start, method=method(**settings), max_steps=60)
                bunches = list(descend(request, limits=PATIENT))
            except CalculusError as error:
                yield f"{name} {number} {error.reason} {error}"
                continue
            for bunch in bunches:
                for step in bunch.steps:
                    yield f"{name} {number} {step}"
            yield f"{name} {number} {bunches[-1].outcome}"


if __name__ == "__main__":
    print(secantd.language.parser.__file__)
    for text in texts():
        for answer in answers(text):
            print(text[:60], answer.replace("\n", "\\n"), sep="\t")
    for line in descents():
        print(line.replace("\n", "\\n"))
