"""Text to the text of its derivative, over the formulas of the source material: ./dev bench text

Secant reads, differentiates and prints; nothing is kept from before. Each contestant takes each formula several times in its turn and
measures itself, so that the way to another process costs nothing. Texts are equal where their values at a point are.
"""

from contextlib import ExitStack

import numpy as np
from secantd.calculus import differentiate
from secantd.language import Notation, read
from secantd.program import compile
from secantd.settings import Limits

from bench.common import OURS, Effort, Row, Section, here, main, turns
from bench.environments import enter, rival
from bench.rivals.formulas import SEEDS, point

__all__ = ["measure"]

# The server makes them once.
LIMITS = Limits()
# Column, module, package, job, notation of its texts.
RIVALS = (
    ("R Deriv", "host.R", "Deriv", "Deriv", Notation.R),
    ("R D()", "host.R", "Deriv", "D", Notation.R),
    ("SymPy", "by_sympy", "sympy", "derivative", Notation.PYTHON),
    ("SymEngine", "by_symengine", "symengine", "derivative", Notation.PYTHON),
    ("Alkahest", "by_alkahest", "alkahest", "derivative", Notation.R),
)


def derivative(text: str, variable: str) -> str:
    """Return the text of a derivative in R notation."""
    return differentiate(
        read(text, Notation.R, limits=LIMITS), [variable], notations=[Notation.R], limits=LIMITS
    ).derivative.text


def value(text: str, notation: Notation) -> float:
    """Return the value of a text at one point."""
    f = read(text, notation)
    names = ("x", "y", "x1", "x2", "mu", "sigma")
    return float(compile(f.outputs, names, f.graph.columns).point(point(names))[0])


def measure(effort: Effort) -> Section:
    """Return the microseconds of each formula."""
    section = Section(
        "text", "Text to the text of its derivative",
        f"The {len(SEEDS)} formulas of the source material: read, differentiate, print. R's Deriv and D(), SymPy's `parse_expr`, `diff`, "
        "`str` with an emptied cache, SymEngine's `sympify`, `diff`, `str`, and Alkahest's `parse`, `diff`, `str` do the same.",
        "us", goals={"R Deriv": 60, "SymPy": 30},
    )  # fmt: skip
    with ExitStack() as stack:
        there = {
            module: stack.enter_context(rival(module, package))
            for module, package in dict.fromkeys((module, package) for _, module, package, _, _ in RIVALS)
        }
        for text, variable in effort.pick(SEEDS, SEEDS, SEEDS[5:8]):
            own = value(derivative(text, variable), Notation.R)

            def right(answer: str, notation: Notation, own: float = own) -> None:
                np.testing.assert_allclose(value(answer, notation), own, 1e-9)

            contestants = {OURS: here(lambda text=text, variable=variable: derivative(text, variable))}
            for name, module, _, job, notation in RIVALS:
                contestants[name] = enter(
                    there[module],
                    job,
                    lambda answer, n=notation: right(answer, n),
                    text=text,
                    variable=variable,
                )
            section.rows.append(
                Row(f"`{text}` by {variable}", turns(contestants, effort.pick(15, 5, 1), effort.pick(2.5, 0.7, 0.1)))
            )
    return section


if __name__ == "__main__":
    main(measure)
