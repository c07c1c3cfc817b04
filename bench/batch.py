"""Value and all partials at many points: ./dev bench batch

Columns of values in, columns of values and partials out, all in memory. The rivals get the same numbers. Two of them are written by
hand: NumPy as a careful person writes it, and the same formulas as one loop that numba compiles. Secant's machine in C runs in this
process; where it is built, NumPy's evaluation is a second contestant, in a process with SECANT_NATIVE=off.
"""

import os
import statistics
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import secant

from bench.callables import program
from bench.common import OURS, Effort, Row, Section, agree, here, main, turns, written
from bench.environments import Rival, enter, rival
from bench.rivals.formulas import BATCHES, columns

__all__ = ["measure"]

# Column, module, package, further arguments.
RIVALS: tuple[tuple[str, str, str, dict[str, bool]], ...] = (
    ("NumPy by hand", "by_hand", "numpy", {}),
    ("JAX", "by_jax", "jax", {}),
    ("numba", "by_numba", "numba", {}),
    ("numba, threads", "by_numba", "numba", {"parallel": True}),
    ("SymEngine LLVM", "by_symengine", "symengine", {}),
    ("numexpr", "by_numexpr", "numexpr", {}),
    ("SymPy lambdify", "by_sympy", "sympy", {}),
    ("autograd", "by_autograd", "autograd", {}),
)


def batch(text: str, points: int) -> Callable[[], object]:
    """Return the job of one formula at many points."""
    names = BATCHES[text]
    made, at = program(text, names), columns(names, points)
    return lambda: made.batch(at)


def back_ends() -> list[str]:
    """Return the back ends that the service lists."""
    with secant.local() as s:
        return list(s.describe().back_ends)


def measure(effort: Effort) -> Section:
    """Return the nanoseconds per point of each formula."""
    section = Section(
        "batch", "Value and all partials at many points",
        "JAX, numexpr and `numba, threads` use all cores, Secant's machine in C from about two million operations on, the others one. "
        "All of them return new arrays in each run and compute all partials. Secant and only Secant uses stable forms, such as that of "
        "log(1 + exp(t)), and looks for numbers that are not finite or have lost digits. "
        "`Secant` is the machine in C where it is built.",
        "ns", each="point", goals={name: 1.3 for name, *_ in RIVALS},
    )  # fmt: skip
    sizes = effort.pick((10_000, 1_000_000), (10_000, 300_000), (1_000,))
    native = "native" in back_ends()
    if not native:
        section.notes.append("The machine in C is not built: Secant is NumPy's evaluation.")
    with ExitStack() as stack:
        if native:
            off = {**os.environ, "SECANT_NATIVE": "off"}
            without = Rival([sys.executable, "-m", "bench.rivals.host", "bench.batch"], off)
            stack.callback(without.close)
            without.start()
        there = {name: stack.enter_context(rival(module, package)) for name, module, package, _ in RIVALS}
        for points in sizes:
            for text in list(BATCHES)[: effort.pick(6, 6, 1)]:
                ours = batch(text, points)
                own = ours()
                contestants = {OURS: here(ours)}
                if native:
                    contestants[f"{OURS}, NumPy"] = enter(
                        without,
                        "batch",
                        lambda answer, own=own: agree({"it": answer}, own),
                        text=text,
                        points=points,
                    )
                for name, _, _, further in RIVALS:
                    contestants[name] = enter(
                        there[name], "batch", lambda answer, own=own: agree({"it": answer}, own),
                        text=text, points=points, **further,
                    )  # fmt: skip
                cells = turns(contestants, effort.pick(15, 5, 1), effort.pick(6.0, 1.2, 0.1))
                each = {name: cell if isinstance(cell, str) else cell / points for name, cell in cells.items()}
                section.rows.append(Row(f"{points:,} x `{text}`", each))
    for points in sizes:
        at_size = replace(section, rows=[row for row in section.rows if row.work.startswith(f"{points:,} x ")])
        medians = ", ".join(
            f"{name} {written(statistics.median(r))}" for name, *_ in RIVALS if (r := at_size.ratios(name))
        )
        if medians:
            section.notes.append(f"Medians of the ratios at {points:,} points: {medians}.")
    return section


if __name__ == "__main__":
    main(measure)
