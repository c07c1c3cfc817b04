"""Text to a function, and its value and gradient at a first point: ./dev bench callables"""

from contextlib import ExitStack

from secantd.calculus import reverse
from secantd.language import Notation, read
from secantd.program import Program, compile, source

from bench.common import OURS, Effort, Row, Section, agree, here, main, turns
from bench.environments import enter, rival
from bench.rivals.formulas import BATCHES, point

__all__ = ["measure", "program"]

RIVALS = (
    ("SymPy lambdify", "by_sympy", "sympy"),
    ("SymEngine LLVM", "by_symengine", "symengine"),
    ("CasADi", "by_casadi", "casadi"),
    ("JAX jit", "by_jax", "jax"),
)


def program(text: str, variables: tuple[str, ...] | list[str]) -> Program:
    """Return the program of value and gradient."""
    f = read(text, Notation.R)
    (output,) = f.outputs
    return compile([output, *reverse.gradient(f.graph, output, list(variables))], list(variables), f.graph.columns)


def measure(effort: Effort) -> Section:
    """Return the milliseconds from each text to its first value and gradient."""
    section = Section(
        "callables", "Text to a function with its gradient",
        "From the text to a function of value and gradient, and its first call. Compiled code that Secant keeps is dropped before each "
        "run, and SymPy's cache is emptied.",
        "ms", goals={"SymPy lambdify": 50, "SymEngine LLVM": 15, "CasADi": 1.3},
    )  # fmt: skip
    with ExitStack() as stack:
        there = {name: stack.enter_context(rival(module, package)) for name, module, package in RIVALS}
        for text, names in list(BATCHES.items())[: effort.pick(6, 6, 2)]:
            at = point(names)

            def ours(text: str = text, names: tuple[str, ...] = names, at: list[float] = at) -> list[float]:
                source._kept.cache_clear()
                return program(text, names).point(at)

            own = ours()
            contestants = {OURS: here(ours)}
            for name, process in there.items():
                contestants[name] = enter(
                    process,
                    "value_and_gradient",
                    lambda answer, own=own: agree({"it": answer}, own),
                    text=text,
                    variables=list(names),
                )
            section.rows.append(Row(f"`{text}`", turns(contestants, effort.pick(11, 5, 1), effort.pick(4.0, 1.0, 0.1))))
    return section


if __name__ == "__main__":
    main(measure)
