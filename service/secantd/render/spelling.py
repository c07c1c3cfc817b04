"""The spelling of a formula's names in each notation: never as code, and all different.

A name is any text that prints. R can write every such name, if necessary in backticks. In Python and LaTeX a name that is
not an identifier, or that has another meaning there, gets another spelling.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from keyword import kwlist
from typing import Final

from secantd.expression import Node, reachable
from secantd.functions import CONSTANTS, FUNCTIONS, NAMES
from secantd.language.notation import Notation
from secantd.render.names import Identifiers, ascii_name, spelled
from secantd.shown import printable

__all__ = ["Spelling", "latex_name", "own_names", "r_name", "spelling"]

# The most names in a notice.
LONGEST_LIST: Final = 10

# R's grammar: a name as it may be written without backticks, and its components x[1] and x$a.
R_COMPONENT = re.compile(r"(?P<head>(?:[^\W\d_]|\.(?!\d))[\w.]*)(?P<parts>(?:\$[^\W\d_][\w.]*|\[\d+\])*)")
R_RESERVED: Final = frozenset({
    "if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE", "NULL", "Inf", "NaN", "NA",
    "NA_integer_", "NA_real_", "NA_character_", "NA_complex_", "in",
    # Secant's reader takes it for the number.
    "π",
})  # fmt: skip
# Arguments of a function with the parameter `...`.
REST: Final = re.compile(r"\.\.(?:\.|\d+)")
R_ESCAPES = {
    "\\": r"\\",
    "`": r"\`",
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
}

PYTHON_COMPONENT = re.compile(r"(?P<head>.+?)(?P<parts>(?:\[\d+\])+)", re.DOTALL)
# Functions whose names are also common names of parameters: reserved only where the function may be called.
PARAMETERS = frozenset({"beta", "gamma"})
PYTHON_WORDS = frozenset({*kwlist, *CONSTANTS, "pi", "π", "inf", "nan", "sum", "prod", "max", "min"}).union(
    row.python.partition(".")[0] for row in FUNCTIONS.values()
)

# What the texts of formulas with arrays use.
NUMPY_WORDS = frozenset({"np", "scipy", "len", "column"})

GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi omega "
    "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split()
)
# x1, x_1, a_b, x[1], x$a: a stem and its index.
LATEX_COMPONENT = re.compile(r"([^\W\d_]+?)_?(\d+)|([^\W\d_]+)[_.](\w+)|(.+?)\[(\d+)\]|(.+?)\$(.+)", re.DOTALL)
LATEX_WORDS = frozenset({r"\pi", "e", r"\mathrm{e}", r"\mathrm{NaN}", r"\infty"})
# A longer name is set upright, without an index.
LONGEST_INDEXED = 100

CALL = re.compile(r"([^\W\d][\w.]*)\(")


class Spelling:
    """The text of each name in one notation; `changed` are the names that are spelled differently, with their texts."""

    __slots__ = ("changed", "texts")

    def __init__(self, texts: dict[str, str], changed: tuple[tuple[str, str], ...] = ()) -> None:
        self.texts = texts
        self.changed = changed

    def notice(self, notation: Notation) -> str:
        """Return a notice about changed names, "" if there are none."""
        if not self.changed:
            return ""
        listed = [f"'{printable(name[:41])}' is {text[:60]}" for name, text in self.changed[:LONGEST_LIST]]
        more = f", and {len(self.changed) - LONGEST_LIST:,} more" if len(self.changed) > LONGEST_LIST else ""
        title = {Notation.R: "R", Notation.PYTHON: "Python"}.get(notation, "LaTeX")
        return f"names that are spelled differently in {title}: {', '.join(listed)}{more}"


def spelling(names: Iterable[str], notation: Notation, ops: Iterable[str] = (), *, arrays: bool = False) -> Spelling:
    """Return the spelling of names in a notation.

    Args:
        names: The names.
        notation: R, PYTHON or LATEX.
        ops: The operations of the formula, whose functions' names are reserved.
        arrays: Whether the formula has arrays: Python's texts then use NumPy.

    >>> spelling(["x", "lambda", "a b"], Notation.PYTHON).texts
    {'x': 'x', 'lambda': 'lambda_', 'a b': 'a_b'}
    >>> spelling(["x1", "x_1"], Notation.LATEX).notice(Notation.LATEX)
    "names that are spelled differently in LaTeX: 'x_1' is \\\\mathrm{x\\\\_1}"
    """
    if notation is Notation.R:
        texts = {n: r_name(n) for n in names}
        if "pi" not in texts:
            return Spelling(texts)
        # In R a variable pi would hide the number.
        other = "pi_"
        while other in texts:
            other += "_"
        return Spelling(texts | {"pi": other}, (("pi", other),))
    names = list(dict.fromkeys(names))
    called = callable_from(frozenset(o for o in ops if o in FUNCTIONS))
    if notation is Notation.PYTHON:
        reserved = PYTHON_WORDS - (PARAMETERS - {FUNCTIONS[o].python for o in called})
        if arrays:
            reserved |= NUMPY_WORDS
        return in_python(names, Identifiers(re.compile(r"[^\W\d]\w*"), reserved))
    return in_latex(names, {latex_head(FUNCTIONS[o].latex) for o in called} | LATEX_WORDS)


def own_names(node: Node, notation: Notation) -> dict[str, str]:
    """Return the texts of the names of one formula; its functions' names are reserved."""
    inside = reachable([node])
    return spelling([n.name for n in inside if n.op in ("symbol", "data")], notation, {n.op for n in inside}).texts


@cache
def callable_from(ops: frozenset[str]) -> frozenset[str]:
    """Return the functions of the table that formulas of `ops` and their derivatives may call."""
    found = set(ops)
    stack = list(ops)
    while stack:
        row = FUNCTIONS[stack.pop()]
        for name in CALL.findall(" ".join((*row.derivatives, *row.at_zero))):
            new = {r.name for r in NAMES.get(name, ())} - found
            found |= new
            stack += new
    return frozenset(found)


# -- R ----------------------------------------------------------------------------------------------------------


def r_name(name: str) -> str:
    r"""Return a name as R's deparse writes it: if R's grammar requires it in backticks, with escapes.

    >>> r_name("x"), r_name("theta[1]"), r_name("if"), r_name("a`b")
    ('x', 'theta[1]', '`if`', '`a\\`b`')
    """
    if name.isascii() and name.isalnum() and not name[0].isdigit():
        return f"`{name}`" if name in R_RESERVED else name
    found = R_COMPONENT.fullmatch(name)
    if (
        found
        # R allows fewer characters in names than Python; the others need backticks.
        and all(c.isascii() or c.isalpha() for c in name)
        and found["head"] not in R_RESERVED
        and not REST.fullmatch(found["head"])
        and R_RESERVED.isdisjoint(re.split(r"[$\[]", found["parts"]))
    ):
        return name
    return "`" + "".join(map(in_backticks, name)) + "`"


def in_backticks(character: str) -> str:
    if character in R_ESCAPES:
        return R_ESCAPES[character]
    return f"\\{ord(character):03o}" if character < " " or character == "\x7f" else character


# -- Python -----------------------------------------------------------------------------------------------------


def in_python(names: Sequence[str], identifiers: Identifiers) -> Spelling:
    """Return identifiers; a component such as x[1] is kept if its stem is an identifier."""
    texts: dict[str, str] = {}
    heads: set[str] = set()
    for name in names:
        found = PYTHON_COMPONENT.fullmatch(name) if name.endswith("]") else None
        if found and identifiers.include(found["head"]):
            texts[name] = name
            heads.add(found["head"])
    texts |= spelled([n for n in names if n not in texts], identifiers, heads.difference(names))
    texts = {n: texts[n] for n in names}
    return Spelling(texts, tuple((n, t) for n, t in texts.items() if n != t))


# -- LaTeX ------------------------------------------------------------------------------------------------------


def in_latex(names: Sequence[str], reserved: set[str]) -> Spelling:
    """Return names as usual in mathematics, or upright where two of these would be equal."""
    used = {*reserved}
    texts: dict[str, str] = {}
    for name in names:
        usual = latex_name(name) if safe(name) else ""
        if usual and usual not in used:
            texts[name] = usual
            used.add(usual)
    changed = []
    counts: Counter[str] = Counter()
    for name in names:
        if name in texts:
            continue
        base = name if safe(name) else ascii_name(name)
        candidate = latex_name(base)
        while candidate in used:
            counts[base] += 1
            candidate = upright(base + ("", "_", f"_{counts[base]}")[min(counts[base], 3) - 1])
        texts[name] = candidate
        used.add(candidate)
        changed.append((name, candidate))
    return Spelling({n: texts[n] for n in names}, tuple(changed))


def safe(name: str) -> bool:
    """Whether a name begins with a letter, and all its characters can be set in LaTeX, possibly escaped."""
    return name[0].isalpha() and all(
        c.isalnum() or c in "._$[]" if c.isascii() else c.isalpha() and unicodedata.normalize("NFKC", c) == c
        for c in name
    )


def latex_name(name: str) -> str:
    r"""Return a name in LaTeX, with Greek letters as such, and digits or the part after a separator as an index.

    >>> [latex_name(n) for n in ("x", "x1", "sigma", "theta[2]", "rate", "a_b[1]")]
    ['x', 'x_{1}', '\\sigma', '\\theta_{2}', '\\mathrm{rate}', '{a_{b}}_{1}']
    """
    if len(name) > LONGEST_INDEXED:
        return upright(name)
    stems: list[str] = []
    outer: list[str] = []
    while True:
        found = LATEX_COMPONENT.fullmatch(name)
        if found is None:
            break
        stem, index = (g for g in found.groups() if g is not None)
        if LATEX_COMPONENT.fullmatch(stem):
            # x_a[1]: the index belongs to everything before it.
            outer.append(index)
            name = stem
        else:
            stems.append(letters(stem))
            name = index
            if index.isdigit():
                break
    text = name if stems and name.isdigit() else letters(name)
    text = "_{".join([*stems, text]) + "}" * len(stems)
    for index in reversed(outer):
        text = f"{{{text}}}_{{{index if index.isdigit() else letters(index)}}}"
    return text


def letters(word: str) -> str:
    if len(word) == 1 and not word.isascii():
        title = unicodedata.name(word, "").split()
        if len(title) == 4 and title[0] == "GREEK":
            named = title[3].lower() if title[1] == "SMALL" else title[3].capitalize()
            word = named if named in GREEK else word
    if word in GREEK:
        return "\\" + word
    return word if len(word) == 1 and word.isalnum() else upright(word)


def upright(word: str) -> str:
    escaped = word.replace("_", r"\_").replace("$", r"\$")
    return rf"\mathrm{{{escaped}}}"


def latex_head(template: str) -> str:
    """Return the beginning of a function's LaTeX, up to its brackets.

    >>> latex_head(r"\\psi_{{1}}"), latex_head(r"F_{{t}}\\left({0} \\mid {1}\\right)")
    ('\\\\psi_{1}', 'F_{t}')
    """
    head = template.partition(r"\left")[0].replace("{{", "{").replace("}}", "}")
    # A logarithm of a function has that function's letter.
    return head.removeprefix(r"\ln").strip() or head
