"""The source material's own examples, answered by a service in a process of its own: ./dev demo

Beside each answer stands what the notes say (recomputed where they are wrong). The last line counts what agrees;
the exit code is 1 where anything does not.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest

import secant

# Seconds for the service to say where it listens; the first start of a fresh installation compiles its modules.
START = 60.0

# Three columns of a terminal of 80: source, answer, expectation.
MARGIN, COLUMN = 10, 35


@dataclass(frozen=True)
class Example:
    """One question of the notes.

    Attributes:
        source: Document and row, "003-13".
        question: As a reader would put it.
        ask: Gets the answer.
        expected: What the notes say, or what is right where they are wrong.
    """

    source: str
    question: str
    ask: Callable[[secant.Client], str]
    expected: str


def derivative(source: str, f: str, x: str, expected: str) -> Example:
    """Return the question for one derivative, answered in R notation."""
    return Example(source, f"d/d{x}  {f}", lambda s: s.differentiate(f, x, notations="r").text, expected)


def gradient(source: str, f: str, *expected: str) -> Example:
    """Return the question for a gradient, answered in R notation."""
    return Example(
        source,
        f"gradient  {f}",
        lambda s: "\n".join(s.gradient(f, "x", "y", notations="r").texts),
        "\n".join(expected),
    )


def slope(source: str, f: str, at: dict[str, float], expected: str) -> Example:
    """Return the question for a partial at a point, with the value of f there."""
    where = ", ".join(f"{name} = {value:g}" for name, value in at.items())

    def ask(s: secant.Client) -> str:
        found = s.differentiate(f, "x", at=at)
        return f"slope {found.value:.15g}, value {found.function_value:.15g}"

    return Example(source, f"d/dx  {f}  at {where}", ask, expected)


def descent(source: str, f: str, start: dict[str, float], digits: str, expected: str) -> Example:
    """Return the question for a descent with rate 0.01 and tolerance 1e-5; `digits` are those the notes print."""

    def ask(s: secant.Client) -> str:
        end = s.descend(f, start, rate=0.01, tolerance=1e-5).result()
        lines = [f"{end.steps} steps, {end.predicted_steps} foretold"]
        lines += [f"{name} = {value:{digits}}" for name, value in end.point.items()]
        return "\n".join([*lines, f"f = {end.value:{digits}}"])

    where = ", ".join(f"{name} = {value!r}" for name, value in start.items())
    return Example(source, f"descend  {f}, rate 0.01, tolerance 1e-5\nfrom {where}", ask, expected)


EXAMPLES = [
    slope("000-3", "x^2 + 2*y^2", {"x": 2, "y": 1}, "slope 4, value 6"),
    slope("000-4", "x^2 + 2*y^2", {"x": -1, "y": 2}, "slope -2, value 9"),
    descent(
        "002-7",
        "x^2 + 2*x + 3",
        {"x": 0.883646125995533},
        ".15g",
        "636 steps, 636 foretold\nx = -0.999995047967832\nf = 2.00000000002452",
    ),
    gradient(
        "002-8",
        "x^2 + 2*x*y + 3 + cos(x + 2*y)",
        "2 * x + 2 * y - sin(2 * y + x)",
        "2 * x - 2 * sin(2 * y + x)",
    ),
    descent(
        "002-14",
        "x^2 + 2*y^2",
        {"x": 1.0289484412540515, "y": 1.5995244768100338},
        ".8e",
        "606 steps, 606 foretold\nx = 4.95901570e-06\ny = 2.88641061e-11\nf = 2.45918367e-11",
    ),
    derivative("003-8", "1 + 2*x + 3*x^2 + 4*exp(x) + 5*log(x)", "x", "2 + 4 * exp(x) + 5/x + 6 * x"),
    gradient("003-12", "x^2 + x*y + y^2", "2 * x + y", "2 * y + x"),
    derivative("003-13", "x * exp(x)", "x", "(1 + x) * exp(x)"),
    derivative("003-13", "x**2 + x*y + y**2", "x", "2 * x + y"),
    derivative("003-13", "x**2 + x*y + y**2", "y", "2 * y + x"),
    derivative("003-14", "x^3 - 1", "x", "3 * x^2"),
    derivative("003-14", "log(x^2 - 2)", "x", "2 * (x/(x^2 - 2))"),
    derivative("003-14", "exp(2 * x^3)", "x", "6 * (x^2 * exp(2 * x^3))"),
]


@contextmanager
def service() -> Iterator[str]:
    """Run the service as a process of its own and give its address."""
    # Settings of a server of the reader's own are not this one's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SECANT_")}
    command = [sys.executable, "-m", "secantd", "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        too_late = threading.Timer(START, process.kill)
        too_late.start()
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            too_late.cancel()
            if not line.startswith("listening on "):
                raise SystemExit("the service did not start; what it said stands above")
            yield line.removeprefix("listening on ").strip()
        finally:
            too_late.cancel()
            process.terminate()


def shown(example: Example, answer: str) -> bool:
    """Print the question, and answer and expectation beside each other; tell whether they are the same."""
    print()
    for number, line in enumerate(example.question.split("\n")):
        print(f"{'' if number else example.source:<{MARGIN}}{line}")
    right = answer == example.expected
    for got, wanted in zip_longest(answer.split("\n"), example.expected.split("\n"), fillvalue=""):
        print(f"{'' if right else 'WRONG':<{MARGIN}}{got:<{COLUMN}}{wanted}".rstrip())
    return right


def main() -> int:
    """Answer every example; return the exit code."""
    right = 0
    with service() as address, secant.connect(address) as s:
        print(f"secantd {s.describe().version} answers at {address}\n")
        print(f"{'source':<{MARGIN}}{'answer':<{COLUMN}}expected")
        for example in EXAMPLES:
            try:
                answer = example.ask(s)
            except secant.Error as error:
                answer = f"{error.status}: {error}"
            right += shown(example, answer)
    print(f"\n{right} of {len(EXAMPLES)} as expected")
    return 0 if right == len(EXAMPLES) else 1


if __name__ == "__main__":
    sys.exit(main())
