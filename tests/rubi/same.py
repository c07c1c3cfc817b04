"""Whether F' = f as complex functions, found by balls at points that Check does not know; and proofs that a change keeps equality."""

import random
from dataclasses import dataclass
from enum import Enum
from typing import Any

import arb
from alterations import Path, at_path, names, parts, with_parts
from flint import acb
from maxima import rational
from secantd.interrupt import OutOfTimeError, run_within

__all__ = ["Found", "Kind", "on_the_reals", "proof_of_equality", "sameness"]

Tree = tuple[Any, ...]
# Points of which every second one is complex.
POINTS = 12
# The largest radius of a ball that is evidence, relative to the values.
SHARP = 1e-40
# The fewest points at which equal balls are evidence.
ENOUGH = 3
# Seconds for SymPy.
SECONDS = 8.0
# Functions of real numbers, and those that they undo.
UNDOES = {"atanh": "tanh", "acoth": "coth", "asinh": "sinh", "acsch": "csch", "log": "exp"}
EVEN = frozenset({"cos", "cosh", "sec", "sech", "abs"})
OF_SYMPY = {"GAMMA": "gamma", "lnGAMMA": "loggamma", "Psi": "polygamma", "ProductLog": "LambertW", "abs": "Abs"}
# The time is up, or a formula is too deep.
FAULTS = (OutOfTimeError, RecursionError)


class Kind(Enum):
    """What balls show."""

    EQUAL = "equal at all points"
    DIFFERENT = "different at all points"
    BOTH = "equal at some points, different at others"
    UNKNOWN = "no points"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found.

    Attributes:
        kind: What balls show.
        equal, different: The number of points.
        real: The number of real points at which both formulas are real and differ.
        text: The finding as text.
    """

    kind: Kind
    equal: int
    different: int
    real: int

    @property
    def text(self) -> str:
        return f"Arb: equal at {self.equal} points, different at {self.different}, {self.real} of them real"


def sameness(f: Tree, F: Tree, variable: str) -> Found:
    """Return whether F' = f, by balls at points from a seed.

    Args:
        f: The claim.
        F: The function.
        variable: The variable.

    >>> from maxima import parsed
    >>> sameness(parsed("2*a*x"), parsed("a*x^2"), "x").kind, sameness(parsed("3*x"), parsed("x^2"), "x").kind
    (<Kind.EQUAL: 'equal at all points'>, <Kind.DIFFERENT: 'different at all points'>)
    """
    chance = random.Random(1)
    every = sorted(names(f) | names(F) | {variable})
    equal = different = real = 0
    for k in range(POINTS):
        at = {}
        for name in every:
            size = arb.number(round(chance.uniform(0.2, 3.0), 3) * (1 if k < POINTS // 2 else chance.choice((1, -1))))
            at[name] = size if k % 2 else size + acb(0, 1) * arb.number(round(chance.uniform(-1.0, 1.0), 3))
        try:
            (value, slope), claim = arb.jet(F, variable, at), arb.jet(f, variable, at)[0]
        except arb.NoValueError:
            continue
        size = abs(slope) + abs(claim) + 1
        if not (slope - claim).contains(0):
            different += 1
            real += bool(k % 2 and all(v.imag.contains(0) and v.imag.rad() < SHARP for v in (value, slope, claim)))
        elif float((abs(slope - claim) / size).upper()) < SHARP:
            equal += 1
    kind = Kind.UNKNOWN
    if equal + different >= ENOUGH:
        kind = Kind.BOTH if equal and different else Kind.EQUAL if equal else Kind.DIFFERENT
    return Found(kind, equal, different, real)


def proof_of_equality(old: Tree, new: Tree, path: Path, variable: str, *, claim: bool) -> str:
    """Return why a changed formula has the same derivative, or as a claim the same values; "" if no proof is found.

    Args:
        old: The formula.
        new: The changed one.
        path: Where it was changed.
        variable: The variable.
        claim: Whether values have to be the same, not the derivative.

    >>> from maxima import parsed
    >>> proof_of_equality(parsed("log(2*x)+1"), parsed("log(3*x)+1"), (0, 0, 0), "x", claim=False)
    'a constant factor within a logarithm'
    """
    ratio = factor(at_path(old, path), at_path(new, path))
    for depth in range(len(path) - 1, -1, -1):
        above, position = at_path(old, path[:depth]), path[depth]
        if above[0] == "call" and ratio == -1 and above[1] in EVEN:
            return f"a sign within {above[1]}()"
        if above[0] == "call" and ratio is not None and above[1] == "log" and not claim:
            return "a constant factor within a logarithm" if linear(old, path[:depth], variable) else ""
        if above[0] == "pow" and position == 0 and ratio == -1 and is_even(above[2]):
            return "a sign within an even power"
        if above[0] in ("mul", "div") and any(is_zero(part) for i, part in enumerate(parts(above)) if i != position):
            return "a factor of 0"
        if above[0] not in ("mul", "neg") and not (above[0] == "div" and position == 0):
            ratio = ratio if ratio == -1 and above[0] == "div" else None
    if not claim:
        for depth in range(len(path) + 1):
            parents = [at_path(old, path[:d])[0] for d in range(depth)]
            if any(kind not in ("add", "sub", "neg") for kind in parents):
                break
            if variable not in names(at_path(old, path[:depth])) | names(at_path(new, path[:depth])):
                return "a constant term of F"
    return by_sympy(old, new, path, variable, claim)


def factor(old: Tree, new: Tree) -> float | None:
    """Return by what number a part was multiplied, None if by none."""
    if old[0] == "neg" and old[1] == new:
        return -1
    a, b = rational(old), rational(new)
    return None if not a or not b else b / a  # type: ignore[return-value]


def linear(tree: Tree, path: Path, variable: str) -> bool:
    """Return whether a tree is a part at a path times constants, plus other terms."""
    for depth in range(len(path)):
        above, position = at_path(tree, path[:depth]), path[depth]
        others = set().union(*(names(part) for i, part in enumerate(parts(above)) if i != position))
        if above[0] not in ("add", "sub", "neg") and (
            above[0] not in ("mul", "div") or variable in others or (above[0] == "div" and position == 1)
        ):
            return False
    return True


def is_even(tree: Tree) -> bool:
    value = rational(tree)
    return value is not None and value.denominator == 1 and value % 2 == 0


def is_zero(tree: Tree) -> bool:
    return rational(tree) == 0


def by_sympy(old: Tree, new: Tree, path: Path, variable: str, claim: bool) -> str:
    """Return SymPy's proof, "" if it finds none in time."""
    import sympy

    # Terms that both have cancel; a common constant factor may be left out.
    depth = 0
    while depth < len(path) and at_path(old, path[:depth])[0] in ("add", "sub", "neg"):
        depth += 1
    a, b = at_path(old, path[:depth]), at_path(new, path[:depth])

    def equal() -> bool:
        difference = expression(a) - expression(b)
        if not claim:
            difference = sympy.diff(difference, sympy.Symbol(variable))
        return bool(sympy.simplify(difference) == 0)

    try:
        return "SymPy: the difference simplifies to 0" if run_within(SECONDS, equal) else ""
    except FAULTS:
        return ""


def on_the_reals(f: Tree, F: Tree, variable: str) -> str:
    """Return SymPy's proof that F' = f for real numbers, where an inverse function is undone, "" if it finds none in time.

    >>> from maxima import parsed
    >>> on_the_reals(parsed("2*b*acoth(coth(b*x))"), parsed("b^2*x^2"), "x")
    'SymPy: the claim is right for real numbers'
    """
    import sympy

    def right() -> bool:
        slope = sympy.diff(expression(undone(F)), sympy.Symbol(variable))
        return bool(sympy.simplify(slope - expression(undone(f))) == 0)

    if undone(f) == f and undone(F) == F:
        return ""
    try:
        return "SymPy: the claim is right for real numbers" if run_within(SECONDS, right) else ""
    except FAULTS:
        return ""


def undone(tree: Tree) -> Tree:
    """Return a formula with x instead of atanh(tanh(x)) and the like, which are equal for real x."""
    if tree[0] == "call" and len(tree[2]) == 1 and tree[2][0][0] == "call" and UNDOES.get(tree[1]) == tree[2][0][1]:
        return undone(tree[2][0][2][0])
    return tree if not parts(tree) else with_parts(tree, tuple(undone(part) for part in parts(tree)))


def expression(tree: Tree) -> Any:
    """Return a tree as an expression of SymPy."""
    import sympy

    kind = tree[0]
    if kind == "number":
        return sympy.Rational(tree[1])
    if kind == "name":
        return {"%pi": sympy.pi, "%e": sympy.E, "%i": sympy.I}.get(tree[1], sympy.Symbol(tree[1]))
    if kind == "call":
        name, arguments = tree[1], [expression(argument) for argument in tree[2]]
        if name == "GAMMA" and len(arguments) == 2:
            return sympy.uppergamma(*arguments)
        if name == "Psi" and len(arguments) == 1:
            return sympy.digamma(*arguments)
        return getattr(sympy, OF_SYMPY.get(name) or name.replace("arc", "a"))(*arguments)
    values = [expression(part) for part in parts(tree)]
    if kind == "neg":
        return -values[0]
    a, b = values
    return (
        a + b
        if kind == "add"
        else a - b
        if kind == "sub"
        else a * b
        if kind == "mul"
        else a / b
        if kind == "div"
        else a**b
    )
