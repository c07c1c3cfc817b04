"""The notations of formulas, and which of them a text is in."""

import re
from enum import Enum
from typing import Final

__all__ = ["HAND", "READ", "Notation", "is_python", "plain_name", "written_notation"]


class Notation(Enum):
    """A way to write formulas; values are those of `secant.v1.Notation`."""

    R = 1
    PYTHON = 2
    LATEX = 3
    C = 4
    JULIA = 5
    STAN = 6
    TEXTBOOK = 7
    SQL = 8
    JAVASCRIPT = 9
    MATHML = 10

    # Enum's own hash is a function of Python, three times as slow.
    __hash__ = object.__hash__


# The notations of people, with letters side by side: the names in the request tell products from words.
HAND: Final = frozenset({Notation.TEXTBOOK, Notation.LATEX})
READ: Final = HAND | {Notation.R, Notation.PYTHON}

# Statements and names that only Python has decide the notation of a text, unless it has signs of R.
PYTHON_ONLY: Final = re.compile(
    r"^[ \t]*(?:def +\w+ *\(|import +\w|from +[\w.]+ +import\b)|\b(?:np|jnp|numpy|math|torch|scipy)\.\w|\blambda +\w[^:\n]*:"
    # Methods of arrays; which.max() and weighted.mean() are functions of R.
    r"|\w\.(?:sum|dot|prod|std|var|reshape)\(|(?<!weighted)\.mean\(|\blen\(",
    re.MULTILINE,
)
R_ONLY: Final = re.compile(r"\^|<-|\bfunction *\(|%\S*%|\bc\(")


def is_python(text: str) -> bool:
    """Return whether only Python has what a text contains; this decides the notation of a request without one.

    >>> is_python("np.sin(x[0])"), is_python("def f(x):\\n    return x"), is_python("sin(x[1])")
    (True, True, False)
    """
    return PYTHON_ONLY.search(text) is not None and R_ONLY.search(text) is None


def written_notation(text: str) -> Notation:
    """Return the notation of a text: Python if it contains an operator or word that only Python has, else R.

    R accepts `**` as well, but R users hardly write it, so it counts as Python.
    """
    python = ("**", "lambda ", "math.", "np.", "numpy.", " // ", " if ", " and ", " or ", "not ")
    if "^" in text or "<-" in text or "function(" in text or "if (" in text or "%%" in text:
        return Notation.R
    return Notation.PYTHON if any(p in text for p in python) else Notation.R


def plain_name(name: str) -> str:
    r"""Return the name that a request writes in LaTeX.

    >>> plain_name(r"\mu_{12}"), plain_name(r"\mathrm{rate}"), plain_name("x[1]")
    ('mu_12', 'rate', 'x[1]')
    """
    if "\\" not in name and "{" not in name:
        return name
    return re.sub(r"\\(?:mathrm|operatorname|text)(?=\{)|[\\{}\s]", "", name)
