"""A text of thousands of variables to its value and gradient, and how the time grows: ./dev bench large"""

from contextlib import ExitStack

from secantd.calculus import gradient_answer
from secantd.language import Notation, read

from bench.callables import program
from bench.common import OURS, Cell, Effort, Row, Section, agree, exponent, here, main, turns
from bench.environments import enter, rival
from bench.rivals.formulas import FAMILIES, family, point

__all__ = ["measure"]

RIVALS = (
    ("CasADi", "by_casadi", "casadi"),
    ("SymEngine LLVM", "by_symengine", "symengine"),
    ("SymPy lambdify", "by_sympy", "sympy"),
    ("JAX jit", "by_jax", "jax"),
)


def measure(effort: Effort) -> Section:
    """Return the seconds from a long text to its value and gradient at one point."""
    sizes = effort.pick((50, 500, 5000), (50, 500, 5000), (3,))
    limit = effort.pick(10.0, 3.0, 60.0)
    section = Section(
        "large", "A gradient of thousands of variables",
        "From the text to value and gradient at one point. Secant reads the whole text; the rivals get its terms one by one and add them "
        f"up, because Python cannot compile a sum of 5000 terms. A rival that takes more than {limit:.0f} s is ended.",
        "ms", goals={"CasADi": 1.0},
    )  # fmt: skip
    times: dict[str, dict[str, list[Cell]]] = {}
    for name in FAMILIES:
        with ExitStack() as stack:
            there = {
                column: stack.enter_context(rival(module, package, limit=limit)) for column, module, package in RIVALS
            }
            for size in sizes:
                terms, variables = family(name, size)
                text, at = " + ".join(terms), point(variables)
                own = program(text, variables).point(at)
                contestants = {
                    OURS: here(lambda text=text, variables=variables, at=at: program(text, variables).point(at)),
                    f"{OURS}, its text": here(
                        lambda text=text: gradient_answer(read(text, Notation.R), notations=[Notation.R])
                    ),
                }
                for column, process in there.items():
                    contestants[column] = enter(
                        process,
                        "large",
                        lambda answer, own=own: agree({"it": answer}, own),
                        once=1.0,
                        family=name,
                        size=size,
                    )
                cells = turns(contestants, effort.pick(5, 3, 1), effort.pick(5.0, 1.0, 0.1), fewest=1)
                # A rival that was ended at one size does not try a larger one.
                there.update({column: cell for column, cell in cells.items() if isinstance(cell, str)})
                section.rows.append(Row(f"{name}, {len(variables):,} variables", cells))
                for column, cell in cells.items():
                    times.setdefault(name, {}).setdefault(column, []).append(cell)
    for name, found in times.items():
        growth = ", ".join(f"{c} {e:.2f}" for c, cells in found.items() if (e := exponent(sizes, cells)) == e)
        section.notes.append(f"The time for the {name} grows with this power of the variables: {growth}.")
    return section


if __name__ == "__main__":
    main(measure)
