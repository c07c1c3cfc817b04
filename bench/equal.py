"""Whether two formulas are equal, beside Math-Verify on the same pairs in turns: ./dev bench equal

The pairs are those rows of tests/golden/equal.tsv that both can take: formulas of numbers without assumptions, written in LaTeX by
Secant. Math-Verify's time is that of parse() of both formulas and verify(). Secant's is that of a call over the wire to a server on
this machine, one call after another, with all witnesses. A verdict is wrong where it is not that of the table; neither an error nor
"undecided" is wrong.
"""

import statistics
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import secant
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render

from bench.common import OURS, Cell, Effort, RivalError, Row, Section, main
from bench.environments import Rival, rival

__all__ = ["measure"]

TABLE = Path(__file__).parents[1] / "tests" / "golden" / "equal.tsv"
RIVAL = "Math-Verify"
Pair = tuple[str, str, str, str]


def pairs() -> list[Pair]:
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


def verdicts(name: str, found: dict[str, tuple[str, str]]) -> str:
    """Return how often a program was right."""
    kinds = Counter(
        "right" if verdict == true else "wrong" if verdict in ("EQUAL", "REFUTED") else "no verdict"
        for verdict, true in found.values()
    )
    wrong = [i for i, (verdict, true) in found.items() if verdict != true and verdict in ("EQUAL", "REFUTED")]
    shown = ", ".join(f"{n} {kind}" for kind, n in kinds.most_common())
    return f"{name}: {shown}{' (' + ', '.join(wrong) + ')' if 0 < len(wrong) <= 8 else ''}."


def measure(effort: Effort) -> Section:
    """Return the milliseconds of a verdict."""
    chosen = pairs()[:: effort.pick(1, 8, 60)]
    rounds = effort.pick(2, 1, 1)
    section = Section(
        "equal", "Whether two formulas are equal",
        f"{len(chosen)} pairs of `tests/golden/equal.tsv` in LaTeX, {rounds} rounds. Secant over the wire with all witnesses; Math-Verify "
        "in its own process, without the pipe.",
        "ms", goals={RIVAL: 1.0},
    )  # fmt: skip
    with rival("by_math_verify", "math-verify", "math-verify") as there, secant.local(timeout=60.0) as s:

        def ours(f: str, g: str, turn: int) -> tuple[float, str]:
            # Another time limit in each round, since the server keeps replies to equal requests.
            begun = time.perf_counter()
            try:
                found = s.equal(f, g, notation="latex", seconds=3.0 - turn * 1e-3)
                word = "EQUAL" if found else found.verdict
            except secant.Error as error:
                word = type(error).__name__
            return time.perf_counter() - begun, word

        programs: dict[str, Callable[[str, str, int], tuple[float, str]]] = {OURS: ours}
        if isinstance(there, Rival):

            def theirs(f: str, g: str, turn: int) -> tuple[float, str]:
                answer, seconds = there.make("equal", f=f, g=g).answer()
                return seconds, answer

            programs[RIVAL] = theirs
        for program in programs.values():
            for turn in (-2, -1):
                program("\\sin^2 x+\\cos^2 x", "1", turn)
        times: dict[str, list[float]] = {name: [] for name in programs}
        found: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in programs}
        for turn in range(rounds):
            for key, f, g, true in chosen:
                for name, program in programs.items():
                    try:
                        seconds, word = program(f, g, turn)
                    except RivalError as error:
                        seconds, word = 0.0, str(error)
                    times[name].append(seconds)
                    found[name][key] = word, true
    shares = {"median": 0.5, "90 %": 0.9, "99 %": 0.99, "largest": 1.0}
    for title, share in shares.items():
        cells: dict[str, Cell] = {name: sorted(t)[int(share * (len(t) - 1))] for name, t in times.items()}
        section.rows.append(Row(title, cells if isinstance(there, Rival) else {**cells, RIVAL: there}))
    cells = {name: statistics.fmean(t) for name, t in times.items()}
    section.rows.append(Row("mean", cells if isinstance(there, Rival) else {**cells, RIVAL: there}))
    section.notes += [verdicts(name, found[name]) for name in programs]
    return section


if __name__ == "__main__":
    main(measure)
