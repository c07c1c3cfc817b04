"""Whether two formulas are equal: pairs a second and times, beside Math-Verify on the same pairs in turns.

./dev bench equal, or python bench/equal.py [--rounds N] [--own-only]

The pairs are those rows of tests/golden/equal.tsv that both can take: formulas of numbers without assumptions, written in LaTeX by
Secant. Math-Verify is installed into build/rivals/math-verify, an environment of its own, and runs in a process of its own; its time
is that of parse() of both formulas and verify(), without the pipe. Secant's time is that of a call over the wire to a server on this
machine, one call after another, with all witnesses. A verdict is wrong where it is not that of the table; neither an error nor
"undecided" is wrong.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import secant
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render

HOME = Path(__file__).parents[1]
TABLE = HOME / "tests" / "golden" / "equal.tsv"
ENVIRONMENT = HOME / "build" / "rivals" / "math-verify"
PACKAGE = "math-verify[antlr4_13_2]==0.9.0"
RIVAL = """
import json, sys, time, logging
logging.disable(logging.CRITICAL)
from math_verify import parse, verify
for line in sys.stdin:
    f, g = json.loads(line)
    begun = time.perf_counter()
    try:
        one, other = parse(f"${f}$"), parse(f"${g}$")
        found = "EQUAL" if verify(one, other) else "REFUTED" if one and other else "unread"
    except Exception as error:
        found = type(error).__name__
    print(json.dumps([time.perf_counter() - begun, found]), flush=True)
"""
Judged = tuple[float, str]


def installed() -> Path:
    """Return the Python of the rival's environment, made if it is missing."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE], check=True)
    return python


def pairs() -> list[tuple[str, str, str, str]]:
    """Return id, both formulas in LaTeX and the verdict of each row that both can take."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    found = []
    for row in rows:
        if row["assume"] or row["verdict"] == "UNDECIDED":
            continue
        try:
            f, g = (latex(row[name], row["notation"]) for name in "fg")
            for text in (f, g):
                read(text, Notation.LATEX)
        except CalculusError:
            continue
        found.append((row["id"], f, g, "REFUTED" if row["verdict"] == "REFUTED" else "EQUAL"))
    return found


def latex(text: str, notation: str) -> str:
    """Return a formula in LaTeX; CalculusError for vectors and matrices."""
    if notation == "LATEX":
        return text
    function = read(text, Notation[notation] if notation else None)
    if function.arrays or len(function.outputs) != 1:
        raise CalculusError(Reason.INVALID_VALUE, "a vector")
    return render(function.outputs[0], Notation.LATEX)


def figures(name: str, times: list[float]) -> dict[str, float]:
    """Print and return the figures of one program."""
    ordered = sorted(times)
    found = {
        "pairs a second": len(times) / sum(times),
        "median ms": statistics.median(times) * 1e3,
        "p90 ms": ordered[int(0.90 * len(ordered))] * 1e3,
        "p99 ms": ordered[int(0.99 * len(ordered))] * 1e3,
        "largest ms": ordered[-1] * 1e3,
    }
    print(f"  {name:12}" + "".join(f"{title} {value:9.1f}   " for title, value in found.items()))
    return found


def verdicts(name: str, found: dict[str, tuple[str, str]]) -> None:
    """Print how often a program was right."""
    kinds = Counter(
        "right" if said == true else "wrong" if said in ("EQUAL", "REFUTED") else "no verdict"
        for said, true in found.values()
    )
    wrong = [i for i, (said, true) in found.items() if said != true and said in ("EQUAL", "REFUTED")]
    print(
        f"  {name:12}"
        + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
        + (f"; wrong: {', '.join(wrong)}" if wrong else "")
    )


def main() -> None:
    """Print the figures of both programs and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--own-only", action="store_true", help="Do not install or run Math-Verify.")
    given = parser.parse_args()
    asked = pairs()
    rival = None
    if not given.own_only:
        rival = subprocess.Popen(
            [str(installed()), "-c", RIVAL],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    with secant.local(timeout=60.0) as s:

        def ours(f: str, g: str, turn: int) -> Judged:
            # Another time limit in each round, since the server keeps replies to equal requests.
            begun = time.perf_counter()
            try:
                found = s.equal(f, g, notation="latex", seconds=3.0 - turn * 1e-3)
                word = "EQUAL" if found else found.verdict
            except secant.Error as error:
                word = type(error).__name__
            return time.perf_counter() - begun, word

        def theirs(f: str, g: str, turn: int) -> Judged:
            assert rival is not None
            assert rival.stdin is not None
            assert rival.stdout is not None
            rival.stdin.write(json.dumps([f, g]) + "\n")
            rival.stdin.flush()
            seconds, word = json.loads(rival.stdout.readline())
            return seconds, word

        programs: dict[str, Callable[[str, str, int], Judged]] = {"Secant": ours}
        if rival is not None:
            programs["Math-Verify"] = theirs
        for program in programs.values():
            for turn in (-2, -1):
                program("\\sin^2 x+\\cos^2 x", "1", turn)
        times: dict[str, list[float]] = {name: [] for name in programs}
        said: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in programs}
        for turn in range(given.rounds):
            for key, f, g, true in asked:
                for name, program in programs.items():
                    seconds, word = program(f, g, turn)
                    times[name].append(seconds)
                    said[name][key] = word, true
    if rival is not None:
        rival.kill()
    print(f"{len(asked)} pairs, {given.rounds} rounds in turns")
    found = {name: figures(name, values) for name, values in times.items()}
    for name in programs:
        verdicts(name, said[name])
    slowest = sorted(
        zip(times["Secant"], [key for _ in range(given.rounds) for key, *_ in asked], strict=True), reverse=True
    )
    print("  slowest of Secant: " + ", ".join(f"{key} {seconds * 1e3:.0f} ms" for seconds, key in slowest[:8]))
    if rival is not None:
        ratios = {t: found["Math-Verify"][t] / v for t, v in found["Secant"].items()}
        ratios["pairs a second"] = 1 / ratios["pairs a second"]
        print(
            "  Math-Verify / Secant: "
            + ", ".join(f"{title.split(' ms')[0]} {ratio:.1f}x" for title, ratio in ratios.items())
        )


if __name__ == "__main__":
    main()
