"""Random formulas in R notation, built by walking the table of functions."""

from random import Random

from secantd.functions import FUNCTIONS, Row

__all__ = ["FAMILIES", "book_formula", "formula", "point"]

VARIABLES = ("x", "y", "z")
NUMBERS = ("1", "2", "3", "0.5", "4", "1.5", "10", "0", "7")
OPERATORS = (" + ", " - ", " * ", "/", " + ", " * ")
COMPARISONS = (" < ", " >= ", " == ", " != ")
SIGNS = frozenset({"%%", "%/%"})

# Functions by how often formulas of books have them.
FAMILIES: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.5, ("exp", "log", "sqrt", "sin", "cos", "exp", "log", "sqrt")),
    (0.35, tuple(f.name for f in FUNCTIONS.values() if len(f.parameters) == 1 and not f.flags)),
    (0.15, tuple(f.name for f in FUNCTIONS.values() if f.name not in SIGNS)),
)

# Functions that Deriv knows as well.
BOOKS = (
    "exp", "log", "sqrt", "sin", "cos", "tan", "atan", "sinh",
    "cosh", "tanh", "asin", "abs", "pnorm", "dnorm", "lgamma",
)  # fmt: skip


def formula(chance: Random, depth: int = 4) -> str:
    """Return a formula whose brackets nest at most `depth` deep."""
    kind = chance.random()
    if depth <= 0 or kind < 0.12:
        return leaf(chance)
    if kind < 0.5:
        left, right = formula(chance, depth - 1), formula(chance, depth - 1)
        return f"({left}{chance.choice(OPERATORS)}{right})"
    if kind < 0.66:
        return f"({formula(chance, depth - 1)})^{exponent(chance, depth)}"
    if kind < 0.72:
        return f"(-{formula(chance, depth - 1)})"
    if kind < 0.76:
        # A condition without a variable would be decided while it is read.
        sides = [chance.choice(VARIABLES), *(formula(chance, depth - 2) for _ in range(3))]
        return f"ifelse({sides[0]}{chance.choice(COMPARISONS)}{sides[1]}, {sides[2]}, {sides[3]})"
    if kind < 0.78:
        return f"({formula(chance, depth - 1)} {chance.choice(sorted(SIGNS))} {formula(chance, depth - 1)})"
    return call(chance, depth)


def leaf(chance: Random) -> str:
    return chance.choice(VARIABLES) if chance.random() < 0.75 else chance.choice(NUMBERS)


def exponent(chance: Random, depth: int) -> str:
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(("2", "3", "2", "4"))
    if kind < 0.75:
        return chance.choice(("-1", "-2", "0.5", "(1/3)", "1.5", "-0.5", "0.25", "0", "1"))
    return f"({formula(chance, depth - 2)})"


def call(chance: Random, depth: int) -> str:
    """Return a call of a row of the table; parameters at the end that have defaults may be left out."""
    (_, names), *_ = chance.choices(FAMILIES, [share for share, _ in FAMILIES])
    row = FUNCTIONS[chance.choice(names)]
    needed = len(row.parameters) - len(row.defaults)
    count = chance.randint(needed, len(row.parameters))
    arguments = [argument(chance, depth, row, i) for i in range(count)]
    if row.flags and count < len(row.parameters):
        arguments = [
            f"{p} = {a}" if i >= needed else a for i, (p, a) in enumerate(zip(row.parameters, arguments, strict=False))
        ]
    if len(arguments) == len(row.parameters):
        arguments = [f"{p} = {a}" if p and " = " not in a else a for p, a in zip(row.named, arguments, strict=True)]
    usual = dict(FUNCTIONS[row.written].flags) if row.written in FUNCTIONS else {}
    arguments += [f"{n} = {'TRUE' if v else 'FALSE'}" for n, v in row.flags if usual.get(n) != v]
    return f"{row.written}({', '.join(arguments)})"


def argument(chance: Random, depth: int, row: Row, position: int) -> str:
    """Return an argument; by one whose derivative is not known a number, so that formulas stay differentiable."""
    if not row.derivatives[position]:
        return chance.choice(("1", "2", "3"))
    return formula(chance, depth - 1 if position == 0 else depth - 3)


def point(chance: Random, *, edges: bool = False) -> dict[str, float]:
    """Return a point: small numbers of both signs; with `edges` also 0 and whole numbers."""
    kinds = [lambda: chance.uniform(0.1, 3), lambda: chance.uniform(-3, -0.1)]
    if edges:
        kinds += [lambda: 0.0, lambda: float(chance.randint(-3, 3))]
    return {v: chance.choice(kinds)() for v in VARIABLES}


def book_formula(chance: Random, depth: int) -> str:
    """Return a formula as in books: of functions that Deriv knows, without numbers that fold."""
    kind = chance.random()
    if depth == 0 or kind < 0.15:
        return chance.choice("abxyz")
    if kind < 0.6:
        left, right = book_formula(chance, depth - 1), book_formula(chance, depth - 1)
        number = chance.choice(("", "", "", "2*", "3*"))
        return f"{number}({left}{chance.choice((' + ', ' - ', '*', '/', '*'))}{right})"
    if kind < 0.8:
        return f"({book_formula(chance, depth - 1)})^{chance.choice('2233n')}"
    return f"{chance.choice(BOOKS)}({book_formula(chance, depth - 1)})"
