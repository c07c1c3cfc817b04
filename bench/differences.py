"""The gradient of x1² + x2² + ... by differences: ./dev bench differences

Secant computes all shifted points as one batch; the others call the function again and again.
"""

from contextlib import ExitStack

import numpy as np
from secantd.language import read
from secantd.numeric import Scheme, gradient
from secantd.program import compile

from bench.common import OURS, Effort, Row, Section, agree, here, main, turns
from bench.environments import enter, rival

__all__ = ["measure"]

H = 1e-4
# Column, module, package, job, further arguments.
RIVALS: tuple[tuple[str, str, str, str, dict[str, bool]], ...] = (
    ("the notes' loop", "by_scipy", "scipy", "loop", {"terms": True}),
    ("the same, f by np.sum", "by_scipy", "scipy", "loop", {}),
    ("approx_derivative", "by_scipy", "scipy", "differences", {}),
    ("numdifftools", "by_scipy", "numdifftools", "numdifftools", {}),
    ("R numDeriv", "host.R", "numDeriv", "numDeriv", {}),
    ("R numDeriv, simple", "host.R", "numDeriv", "numDerivSimple", {}),
)


def measure(effort: Effort) -> Section:
    """Return the milliseconds of a gradient by differences."""
    section = Section(
        "differences", "A gradient by differences",
        "`x1^2 + x2^2 + ...`, central differences: Secant's are one batch of all shifted points. The notes' loop, SciPy's "
        "`approx_derivative(method=\"3-point\")`, numdifftools and numDeriv (both extrapolate; `simple` does not) call `sum(x^2)` "
        "again and again.",
        "ms", goals={"the notes' loop": 4, "approx_derivative": 9, "R numDeriv": 80},
    )  # fmt: skip
    with ExitStack() as stack:
        there = {
            key: stack.enter_context(rival(*key))
            for key in dict.fromkeys((module, package) for _, module, package, *_ in RIVALS)
        }
        for size in effort.pick((10, 100, 1000), (10, 100), (5,)):
            names = [f"x{i}" for i in range(size)]
            f = read(" + ".join(f"{n}^2" for n in names))
            made, place = compile(f.outputs, names, f.graph.columns), np.linspace(0.5, 2.0, size).tolist()

            def ours(made=made, place=place, size=size) -> object:  # type: ignore[no-untyped-def]
                return gradient(lambda columns: made.batch(columns)[0], place, Scheme.CENTRAL, [H] * size)

            right = [2 * x for x in place]
            agree({OURS: ours()}, right, 1e-6)
            contestants = {OURS: here(ours)}
            for column, module, package, job, further in RIVALS:
                # Forward differences have half of the digits.
                relative = 1e-3 if job == "numDerivSimple" else 1e-6
                contestants[column] = enter(
                    there[module, package],
                    job,
                    lambda answer, right=right, relative=relative: agree({"it": answer}, right, relative),
                    size=size,
                    **further,
                )
            section.rows.append(
                Row(f"{size:,} variables", turns(contestants, effort.pick(15, 5, 1), effort.pick(8.0, 3.0, 0.1)))
            )
    return section


if __name__ == "__main__":
    main(measure)
