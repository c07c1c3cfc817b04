"""The formulas of GradBench's evals in Secant's language, beside a solution by hand in NumPy: ./dev bench gradbench

Value and gradient at one point, equal to 1e-9; the text is read and compiled before.
"""

from contextlib import ExitStack

from secantd.expression import VariableShape

from bench.arrays import gradients
from bench.common import OURS, Effort, Row, Section, agree, here, main, turns
from bench.environments import enter, rival
from bench.rivals.gradbench import EVALS, point

__all__ = ["SIZES", "measure"]

# Rows or steps; of det, rows of the matrix: by effort.
SIZES = {
    "hello": (1, 1, 1),
    "lse": (1_000_000, 100_000, 20),
    "llsq": (100_000, 10_000, 30),
    "kmeans": (100_000, 10_000, 40),
    "gmm": (10_000, 1_000, 20),
    "ode": (10_000, 1_000, 10),
    "det": (100, 20, 4),
}


def measure(effort: Effort) -> Section:
    """Return the milliseconds of each eval's value and gradient."""
    section = Section(
        "gradbench", "The formulas of GradBench",
        "Value and gradient at one point: log-sum-exp, least squares with 16 coefficients, k-means with 10 centroids in 8 dimensions, a "
        "mixture of 5 normal distributions in 2 dimensions with a Wishart prior, 4 differential equations by Runge-Kutta, a determinant. "
        "By hand: NumPy; for `ode` a loop in Python and its reverse sweep.",
        "ms", goals={"NumPy by hand": 1.0},
    )  # fmt: skip
    with ExitStack() as stack:
        hand = stack.enter_context(rival("gradbench", "numpy"))
        for name, (text, by, dimensions) in EVALS.items():
            size = effort.pick(*SIZES[name])
            at = point(name, size)
            ours = gradients(text, by, list(at), {n: VariableShape(d) for n, d in dimensions.items()})
            own = ours(at)
            contestants = {OURS: here(lambda ours=ours, at=at: ours(at))}
            contestants["NumPy by hand"] = enter(
                hand, "by_hand", lambda answer, own=own: agree({"it": answer}, own), name=name, size=size
            )
            label = name if size == 1 else f"{name}, {size:,} {'steps' if name == 'ode' else 'rows'}"
            section.rows.append(Row(label, turns(contestants, effort.pick(11, 5, 1), effort.pick(5.0, 1.0, 0.1))))
    return section


if __name__ == "__main__":
    main(measure)
