"""Gradients of formulas of vectors and matrices, and of a loop over data: ./dev bench arrays"""

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

# As the service sets it for its workers. Two libraries of BLAS, those of NumPy and SciPy, would take turns with theirs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from secantd.algebra.arrays import Arrays
from secantd.calculus.arrays import gradient_of, reverse_gradient
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.program import ShapedProgram, compile_shaped

from bench.common import OURS, Cell, Effort, Row, Section, agree, exponent, here, main, turns
from bench.environments import enter, rival
from bench.rivals.by_hand import ARRAYS, array_point, returns

__all__ = ["gradients", "measure"]

SHAPES: dict[str, dict[str, VariableShape]] = {
    "regression": {"X": VariableShape(("n", "k")), "b": VariableShape(("k",)), "y": VariableShape(("n",))},
    "logistic": {"X": VariableShape(("n", "k")), "b": VariableShape(("k",)), "z": VariableShape(("n",))},
    "normal": {"S": VariableShape(("p", "p"), True), "y": VariableShape(("p",)), "m": VariableShape(("p",))},
    "covariance": {"K": VariableShape(("p", "p"), True), "y": VariableShape(("p",))},
}
GARCH = """h = np.mean(r**2)
s = 0
for i in range(1, len(r)):
    h = w + a*r[i - 1]**2 + b*h
    s = s + 0.5*(np.log(2*np.pi*h) + r[i]**2/h)
s"""
AT = {"w": 0.02, "a": 0.1, "b": 0.8}


def program(name: str) -> ShapedProgram:
    """Return the program of a gradient without its value."""
    text, by, _ = ARRAYS[name]
    f = read(text, Notation.PYTHON, shapes=SHAPES[name])
    variable = next(n for n in f.graph.nodes if n.op == "symbol" and n.name == by)
    return compile_shaped(f.graph, [reverse_gradient(Arrays(f.graph), f.outputs[0], variable)], list(SHAPES[name]))


def gradients(text: str, by: Sequence[str], names: Sequence[str], shapes: Mapping[str, VariableShape]) -> ShapedProgram:
    """Return the program of the value of a formula and its gradients with respect to several variables.

    Args:
        text: The formula in Python notation.
        by: The variables of the gradients.
        names: All variables.
        shapes: Shapes of those that are arrays.
    """
    f = read(text, Notation.PYTHON, shapes=dict(shapes))
    form = Arrays(f.graph)
    symbols = {n.name: n for n in f.graph.nodes if n.op == "symbol"}
    return compile_shaped(
        f.graph, [f.outputs[0], *[gradient_of(form, f.outputs[0], symbols[n]) for n in by]], list(names)
    )


def measure(effort: Effort) -> Section:
    """Return the milliseconds of each gradient at one point."""
    rows, columns, matrix = effort.pick((1_000_000, 10, 500), (100_000, 10, 200), (50, 3, 5))
    sizes = effort.pick((1_000, 10_000, 100_000), (1_000, 10_000), (20, 50))
    section = Section(
        "arrays", "Formulas of vectors and matrices",
        f"Gradients at one point: X of {rows:,} x {columns}, S and K of {matrix} rows; value and gradient of a GARCH(1,1) loop. One thread "
        "of BLAS for Secant and for NumPy by hand; JAX uses its own.",
        "ms", goals={"NumPy by hand": 0.83, "JAX": 1.0},
    )  # fmt: skip
    size = {"rows": rows, "columns": columns, "matrix": matrix}
    grown: list[Cell] = []
    with ExitStack() as stack:
        hand, jax = (stack.enter_context(rival(*names)) for names in (("by_hand", "numpy"), ("by_jax", "jax")))
        for name, (text, by, _) in ARRAYS.items():
            ours, at = program(name), array_point(name, **size)
            own = ours(at)[0]
            contestants = {OURS: here(lambda ours=ours, at=at: ours(at))}
            for column, process in (("NumPy by hand", hand), ("JAX", jax)):
                contestants[column] = enter(
                    process, "arrays", lambda answer, own=own: agree({"it": answer}, own, 1e-6, 1e-8), name=name, **size
                )
            section.rows.append(
                Row(f"`{text}` by {by}", turns(contestants, effort.pick(11, 5, 1), effort.pick(6.0, 2.0, 0.1)))
            )
        garch = gradients(GARCH, list(AT), ["r", *AT], {})
        for count in sizes:
            point = {"r": returns(count), **AT}
            own = garch(point)
            contestants = {OURS: here(lambda point=point: garch(point))}
            contestants["NumPy by hand"] = enter(
                hand, "garch", lambda answer, own=own: agree({"it": answer}, own, 1e-8), rows=count, **AT
            )
            cells = turns(contestants, effort.pick(11, 5, 1), effort.pick(3.0, 1.0, 0.1))
            grown.append(cells[OURS])
            section.rows.append(Row(f"GARCH(1,1), {count:,} rows", cells))
    section.notes.append(f"The time of the loop grows with the power {exponent(sizes, grown):.2f} of the rows.")
    return section


if __name__ == "__main__":
    main(measure)
