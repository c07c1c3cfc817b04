"""The course examples, answered by a service in a separate process. Run with: ./dev demo

Each answer is printed next to the expected one, which is from the course notes (recomputed where they are wrong). The last
line counts the answers that agree; the exit code is 1 if one does not.
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

# Seconds until the service must print its address; the first start of a fresh installation compiles its modules.
START = 60.0

# Widths of the columns "source" and "answer", for a terminal of 80 characters.
MARGIN, COLUMN = 10, 35


@dataclass(frozen=True)
class Example:
    """One example of the course notes.

    Attributes:
        source: Document and row, "003-13".
        question: The question as text.
        ask: Returns the answer as text, given a client.
        expected: The answer in the notes, corrected where they are wrong.
    """

    source: str
    question: str
    ask: Callable[[secant.Client], str]
    expected: str


def derivative(source: str, f: str, x: str, expected: str) -> Example:
    """Return an example of one derivative, with the answer in R notation."""
    return Example(source, f"d/d{x}  {f}", lambda s: s.differentiate(f, x, notations="r").text, expected)


def gradient(source: str, f: str, *expected: str) -> Example:
    """Return an example of a gradient, with the answer in R notation."""
    return Example(
        source,
        f"gradient  {f}",
        lambda s: "\n".join(s.gradient(f, "x", "y", notations="r").texts),
        "\n".join(expected),
    )


def slope(source: str, f: str, at: dict[str, float], expected: str) -> Example:
    """Return an example of a partial derivative and the value of f at a point."""
    where = ", ".join(f"{name} = {value:g}" for name, value in at.items())

    def ask(s: secant.Client) -> str:
        found = s.differentiate(f, "x", at=at)
        return f"slope {found.derivative:.15g}, value {found.value:.15g}"

    return Example(source, f"d/dx  {f}  at {where}", ask, expected)


def descent(source: str, f: str, start: dict[str, float], digits: str, expected: str) -> Example:
    """Return an example of a descent with rate 0.01 and tolerance 1e-5; `digits` is the number format of the notes."""

    def ask(s: secant.Client) -> str:
        end = s.descend(f, start, rate=0.01, tolerance=1e-5).result()
        lines = [f"{end.steps} steps, {end.predicted_steps} predicted"]
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
        "636 steps, 636 predicted\nx = -0.999995047967832\nf = 2.00000000002452",
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
        "606 steps, 606 predicted\nx = 4.95901570e-06\ny = 2.88641061e-11\nf = 2.45918367e-11",
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
    """Run the service in a separate process and yield its address."""
    # SECANT_ variables configure the reader's own server, not this one.
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
                raise SystemExit("the service did not start; see its output above")
            yield line.removeprefix("listening on ").strip()
        finally:
            too_late.cancel()
            process.terminate()


def shown(example: Example, answer: str) -> bool:
    """Print an example with its answer next to the expected one, and return whether they are equal."""
    print()
    for number, line in enumerate(example.question.split("\n")):
        print(f"{'' if number else example.source:<{MARGIN}}{line}")
    right = answer == example.expected
    for got, wanted in zip_longest(answer.split("\n"), example.expected.split("\n"), fillvalue=""):
        print(f"{'' if right else 'WRONG':<{MARGIN}}{got:<{COLUMN}}{wanted}".rstrip())
    return right


def main() -> int:
    """Run all examples and return the exit code."""
    right = 0
    with service() as address, secant.connect(address) as s:
        print(f"secantd {s.describe().version} is running at {address}\n")
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
