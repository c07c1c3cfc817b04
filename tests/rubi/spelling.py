"""Writes trees of Rubi's suite as formulas of the language, in R's notation."""

from typing import Any

from maxima import rational

__all__ = ["UnknownError", "written"]

Tree = tuple[Any, ...]

# Maxima's name and the formula of arguments {0}, {1}, each in brackets. `acot` and the like are those of Mathematica, of which Rubi's
# formulas are: acot(x) is atan(1/x).
FUNCTIONS: dict[str, str] = {
    **{name: f"{name}({{0}})" for name in "sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf erfc abs".split()},
    "sec": "(1/cos{0})", "csc": "(1/sin{0})", "cot": "(1/tan{0})",
    "sech": "(1/cosh{0})", "csch": "(1/sinh{0})", "coth": "(1/tanh{0})",
    "asec": "acos(1/{0})", "acsc": "asin(1/{0})", "acot": "atan(1/{0})",
    "asech": "acosh(1/{0})", "acsch": "asinh(1/{0})", "acoth": "atanh(1/{0})",
    "arctan": "atan({0})", "arctanh": "atanh({0})", "arcsin": "asin({0})", "arcsinh": "asinh({0})", "arccos": "acos({0})",
    "arccosh": "acosh({0})", "arcsec": "acos(1/{0})", "arccsc": "asin(1/{0})", "arcsech": "acosh(1/{0})", "arccsch": "asinh(1/{0})",
    "lnGAMMA": "lgamma({0})", "ProductLog": "lambertW0({0})",
    # The incomplete gamma function, relative to which pgamma() is 1 for negative numbers.
    "GAMMA/1": "gamma({0})", "GAMMA/2": "(pgamma(sqrt({1})^2, {0}, lower.tail = FALSE)*gamma({0}))",
    "Psi/1": "digamma({0})", "Psi/2": "psigamma({1}, {0})",
}  # fmt: skip
NAMES = {"%e": "exp(1)", "%pi": "pi"}
SIGNS = {"add": (" + ", 1, 1), "sub": (" - ", 1, 2), "mul": ("*", 2, 2), "div": ("/", 2, 3), "pow": ("^", 5, 4)}
# How tight a tree binds: sum, product, sign, power, atom.
NEGATIVE, ATOM = 1, 6


class UnknownError(Exception):
    """A formula that the language cannot express; the text is the reason."""


def written(tree: Tree) -> str:
    """Return a formula in R's notation.

    Args:
        tree: The tree.

    Raises:
        UnknownError: It has a function that the language lacks, or the imaginary unit.

    >>> from maxima import parsed
    >>> written(parsed("%e^(2*x)*sec(-x)/(a-(b-c))")), written(parsed("(-2)^n-(-x)^(-1/2)"))
    ('exp(2*x)*(1/cos(-x))/(a - (b - c))', '(-2)^n - (-x)^((-1)/2)')
    """
    return text_of(tree)[0]


def text_of(tree: Tree) -> tuple[str, int]:
    """Return the text of a tree and how tight it binds."""
    kind = tree[0]
    if kind == "number":
        return tree[1], ATOM
    if kind == "name":
        name = tree[1]
        if name == "%i":
            raise UnknownError("the imaginary unit")
        if name.startswith("%") and name not in NAMES:
            raise UnknownError(f"the constant {name}")
        return NAMES.get(name, name), ATOM
    if kind == "neg":
        text, tight = text_of(tree[1])
        return f"-{text if tight >= SIGNS['mul'][1] else f'({text})'}", NEGATIVE
    if kind == "call":
        return call(tree[1], tree[2])
    if kind == "list":
        raise UnknownError("a list as an argument")
    if kind == "pow" and tree[1] == ("name", "%e"):
        return f"exp({written(tree[2])})", ATOM
    sign, left, right = SIGNS[kind]
    (a, tight_a), (b, tight_b) = text_of(tree[1]), text_of(tree[2])
    first = a if tight_a >= left else f"({a})"
    second = b if tight_b >= right and not b.startswith("-") else f"({b})"
    # A sign binds less than a power and more than a sum.
    return first + sign + second, {"add": 1, "sub": 1, "mul": 2, "div": 2, "pow": 4}[kind]


def call(name: str, arguments: tuple[Tree, ...]) -> tuple[str, int]:
    pattern = FUNCTIONS.get(name) or FUNCTIONS.get(f"{name}/{len(arguments)}")
    if pattern is None or pattern.count("{") < 1 or (name in FUNCTIONS and len(arguments) != 1):
        raise UnknownError(f"the function {name}()")
    if len(arguments) == 2 and (value := rational(arguments[0])) is not None:
        if name == "GAMMA" and value <= 0:
            raise UnknownError("the function GAMMA(a, x) with a <= 0")
        if name == "Psi" and value < 0:
            raise UnknownError("the function Psi(n, x) with n < 0")
    return pattern.format(*map(in_brackets if "/" in pattern else written, arguments)), ATOM


def in_brackets(tree: Tree) -> str:
    return f"({written(tree)})"
