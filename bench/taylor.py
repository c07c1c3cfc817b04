"""Taylor coefficients to order 10 at x = 0.25: power-series arithmetic beside repeated sympy.diff: ./dev bench taylor"""

from contextlib import ExitStack

from secantd.calculus.jets import coefficients
from secantd.language import read

from bench.common import OURS, Effort, Row, Section, agree, here, main, turns
from bench.environments import enter, rival

__all__ = ["measure"]

FORMULAS = ("sin(x) + cos(x)", "exp(x)*log(1 + x)", "exp(sin(x))*atan(x)", "tan(x)/(2 - x)", "sqrt(2 + x)*exp(-x^2/2)")


def ours(text: str, order: int) -> list[float]:
    """From text to coefficients."""
    f = read(text)
    return coefficients(f.graph, f.outputs[0], "x", {"x": 0.25}, order)


def measure(effort: Effort) -> Section:
    """Return the milliseconds from each text to its coefficients."""
    order = effort.pick(10, 6, 3)
    section = Section(
        "taylor", f"Taylor coefficients to order {order}",
        "From the text to the coefficients at x = 0.25. SymPy differentiates again and again, with an emptied cache; what takes it more "
        "than a second runs once.",
        "ms", goals={"SymPy diff": 500},
    )  # fmt: skip
    with ExitStack() as stack:
        there = stack.enter_context(rival("by_sympy", "sympy"))
        for text in FORMULAS[: effort.pick(5, 5, 2)]:
            own = ours(text, order)
            contestants = {
                OURS: here(lambda text=text: ours(text, order)),
                "SymPy diff": enter(
                    there,
                    "taylor",
                    lambda answer, own=own: agree({"it": answer}, own, 1e-8, 1e-8),
                    once=1.0,
                    text=text,
                    order=order,
                ),
            }
            section.rows.append(Row(f"`{text}`", turns(contestants, effort.pick(9, 5, 1), effort.pick(4.0, 1.0, 0.1))))
    return section


if __name__ == "__main__":
    main(measure)
