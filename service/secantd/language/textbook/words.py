"""The words of textbook notation and the commands of LaTeX, with what they mean here."""

import re
import unicodedata
from typing import Final

from secantd.functions import FUNCTIONS

__all__ = [
    "ACCENTS", "BIG", "CLOSERS", "DISTRIBUTIONS", "FUSED", "GREEK", "IGNORED", "INVERSES", "LETTERS_OF_FUNCTIONS", "MACROS",
    "OPENERS", "SIGNS", "SIZES", "STYLES", "WITH_ORDER", "WORDS", "greek_of",
]  # fmt: skip

# Functions that may be written without brackets, and the names of these functions in R.
WORDS: Final[dict[str, str]] = {
    "sin": "sin", "cos": "cos", "tan": "tan", "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "exp": "exp", "ln": "log",
    "log": "log", "sqrt": "sqrt", "abs": "abs", "sgn": "sign", "sign": "sign", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "asin": "asin", "acos": "acos", "atan": "atan", "arsinh": "asinh", "arcosh": "acosh",
    "artanh": "atanh", "asinh": "asinh", "acosh": "acosh", "atanh": "atanh", "sec": "1/cos", "csc": "1/sin",
    "cosec": "1/sin", "cot": "1/tan", "sech": "1/cosh", "csch": "1/sinh", "coth": "1/tanh", "max": "max", "min": "min",
    "det": "det", "tr": "tr", "Tr": "tr", "erf": "erf", "erfc": "erfc", "ReLU": "relu",
}  # fmt: skip
# f^{-1} of these is the inverse function, never 1/f.
INVERSES: Final = {
    "sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh",
}  # fmt: skip
# Functions of functions that have a function of their own, which neither overflows nor is undefined for signs.
# The logarithm of a function that overflows has a function of its own.
FUSED: Final = {
    ("log", "gamma"): "lgamma", ("log", "beta"): "lbeta", ("log", "expit"): "log_expit", ("log", "factorial"): "lfactorial",
    ("log", "choose"): "lchoose",
}  # fmt: skip

GREEK: Final = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi "
    "omega varepsilon vartheta varkappa varpi varrho varsigma varphi Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi "
    "Omega".split()
)
# Letters that usually stand for functions: before a bracket they are no factors unless the text or the request says so.
LETTERS_OF_FUNCTIONS: Final = frozenset(
    "f g h F G H phi varphi psi Phi Psi sigma Gamma gamma beta φ ψ Φ Ψ σ Γ γ β".split()
)

SIGNS: Final[dict[str, str]] = {
    "cdot": "*", "times": "*", "ast": "*", "div": "/", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=",
    "geqslant": ">=", "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "land": "and", "wedge": "and", "lor": "or", "vee": "or",
    "lnot": "not", "neg": "not", "bmod": "mod", "mod": "mod", "in": "in", "mid": "given", "coloneqq": "=", "colon": ":", "odot": "odot",
    "prime": "'", "lvert": "bars", "rvert": "bars", "vert": "|", "lVert": "norm", "rVert": "norm", "Vert": "‖", "|": "‖",
    "to": "arrow", "rightarrow": "arrow", "Rightarrow": "arrow", "implies": "arrow", "longrightarrow": "arrow",
    "Longrightarrow": "arrow", "iff": "arrow", "therefore": "arrow", "dots": "dots", "ldots": "dots", "cdots": "dots",
    "dotsc": "dots", "dotsb": "dots", "vdots": "dots", "\\": "newline", "cr": "newline", "newline": "newline", "{": "(", "}": ")",
    "lbrace": "(", "rbrace": ")", "lbrack": "[", "rbrack": "]", "lparen": "(", "rparen": ")", "langle": "(", "rangle": ")",
    "lfloor": "floor", "rfloor": "floor", "lceil": "ceiling", "rceil": "ceiling", "surd": "sqrt",
}  # fmt: skip
OPENERS: Final = {
    "(": "(", "[": "[", "lvert": "bars", "lVert": "norm", "lfloor": "floor", "lceil": "ceiling", "langle": "(", "{": "(",
    "lbrace": "(", "lbrack": "[",
}  # fmt: skip
CLOSERS: Final = {
    ")": ")", "]": "]", "rvert": "bars", "rVert": "norm", "rfloor": "floor", "rceil": "ceiling", "rangle": ")", "}": ")",
    "rbrace": ")", "rbrack": "]",
}  # fmt: skip
BIG: Final = {"sum": "sum", "prod": "prod"}
# Commands that set what follows otherwise, and mean nothing.
IGNORED: Final = frozenset(
    ", ; : ! > quad qquad displaystyle textstyle scriptstyle limits nolimits nonumber notag thinspace enspace medspace "
    "thickspace negthinspace left* mathstrut strut".split()
) | {" ", "\n", "\t", "\r"}
SIZES: Final = re.compile(r"[bB]igg?[lrm]?")
# Commands around a letter that do not change its name, and those that do.
STYLES: Final = frozenset(
    "mathbf boldsymbol bm mathit mathsf mathtt mathcal mathscr mathfrak mathbb vec symbf bf".split()
)
ACCENTS: Final = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde",
    "dot": "dot", "ddot": "ddot",
}  # fmt: skip
MACROS: Final = frozenset(
    "def edef gdef xdef let futurelet newcommand renewcommand providecommand DeclareMathOperator DeclareRobustCommand "
    "newenvironment renewenvironment input include includeonly usepackage documentclass RequirePackage catcode csname "
    "endcsname expandafter write openout openin read immediate special directlua loop repeat if ifx else fi the "
    "afterassignment aftergroup everymath".split()
)
# Functions whose parameter is an index, by their letter: J_nu(x).
WITH_ORDER: Final = {"J": "besselJ", "Y": "besselY", "I": "besselI", "K": "besselK"}


def distributions() -> dict[tuple[str, str, bool], str]:
    r"""Return densities and distribution functions by what LaTeX prints for them.

    >>> DISTRIBUTIONS["F", r"\mathcal{N}", True]
    'qnorm'
    """
    head = re.compile(r"([fF])_\{\{(.*?)\}\}(\^\{\{-1\}\})?\\left\(\{0\} \\mid.*")
    found = {}
    for name, row in FUNCTIONS.items():
        if "." not in name and (match := head.fullmatch(row.latex)):
            found[match[1], match[2].replace("{{", "{").replace("}}", "}"), bool(match[3])] = name
    return found


DISTRIBUTIONS: Final = distributions()


def greek_of(character: str) -> str:
    """Return the name of a Greek letter, "" for another character.

    >>> greek_of("μ"), greek_of("Σ"), greek_of("x")
    ('mu', 'Sigma', '')
    """
    title = unicodedata.name(character, "").split()
    if len(title) == 4 and title[0] == "GREEK" and title[2] == "LETTER":
        # Unicode calls it LAMDA.
        word = "lambda" if title[3] == "LAMDA" else title[3].lower()
        return word.capitalize() if title[1] == "CAPITAL" else word
    return ""
