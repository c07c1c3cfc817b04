"""Seconds of the processor that a command costs from its start to its end, beside other programs: ./dev bench start"""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from bench.common import OURS, Cell, Effort, RivalError, Row, Section, main, turns
from bench.environments import has_r_package, installed, plain, python_of

__all__ = ["measure"]

SECANT = str(Path(sys.executable).parent / "secant")
F, CLAIM = "x^2*exp(3*x)", "2*x*exp(3*x)"
# Work, arguments of secant, its exit status, SymPy's program, R's program, goal in seconds.
ROWS = (
    (
        f"the derivative of `{F}`", ("diff", F), 0,
        f"import sympy; print(sympy.diff(sympy.sympify('{F}'), 'x'))", f'cat(Deriv::Deriv("{F}", "x"))', 0.15,
    ),
    (
        f"whether it is `{CLAIM}`: it is not", ("check", F, CLAIM), 1,
        f"import sympy; print(sympy.simplify(sympy.diff(sympy.sympify('{F}'), 'x') - sympy.sympify('{CLAIM}')) == 0)", "", 0.5,
    ),
    ("its version", ("--version",), 0, "import sympy; print(sympy.__version__)", 'cat(format(packageVersion("Deriv")))', 0.06),
)  # fmt: skip


def spent(command: list[str], status: int = 0, environment: dict[str, str] | None = None) -> Callable[[], float]:
    """Return a function that runs a command and returns the seconds of the processor that it and its children used."""

    def run() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code = subprocess.run(command, env=environment, capture_output=True).returncode
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if code != status:
            raise RivalError(f"ended with status {code}")
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    return run


def measure(effort: Effort) -> Section:
    """Return the seconds of each command."""
    section = Section(
        "start", "From the start of a command to its end",
        "Seconds of the processor, user and system, with all child processes.", "s", references=("an empty Python",),
    )  # fmt: skip
    python = str(python_of("numbers"))
    for work, arguments, status, program, r, goal in effort.pick(ROWS, ROWS, ROWS[-1:]):
        contestants: dict[str, Callable[[], float] | str] = {
            OURS: spent([SECANT, *arguments], status),
            "an empty Python": spent([sys.executable, "-c", "pass"]),
            "SymPy": spent([python, "-c", program], environment=plain())
            if installed("numbers", "sympy")
            else "not installed",
        }
        if r:
            there = shutil.which("Rscript") is not None and has_r_package("Deriv")
            contestants["R Deriv"] = (
                spent(["Rscript", "--vanilla", "-e", r], environment=plain()) if there else "not installed"
            )
        cells: dict[str, Cell] = turns(contestants, effort.pick(9, 3, 1), effort.pick(12.0, 3.0, 0.1), fewest=1)
        own = cells[OURS]
        section.rows.append(Row(f"{work}: `secant {arguments[0]}`", cells))
        if isinstance(own, float):
            section.notes.append(f"`secant {arguments[0]}`: {own:.2f} s, goal {goal} s.")
    return section


if __name__ == "__main__":
    main(measure)
