"""The spelling of a function's names in each notation, the same for all of its formulas."""

import re
from collections.abc import Iterable
from typing import Final

from secantd.expression import Length, reachable
from secantd.language import Function, Notation, Slot
from secantd.render import Spelling, spelling

__all__ = ["AS_THEY_ARE", "has_pi", "letters_used", "spelling_of"]

# Keys: notation and further names.
SPELLINGS: Final[Slot[Spelling]] = Slot("spellings")
# R can write every name but that of its number pi.
AS_THEY_ARE: Final = Spelling({})


def spelling_of(function: Function, notation: Notation, more: tuple[str, ...] = ()) -> Spelling:
    """Return the spelling of a function's names in a notation, the same for all of its formulas.

    Args:
        function: The function.
        notation: R, PYTHON or LATEX.
        more: Names that a formula has beside the function's.
    """
    return function.memory.get(SPELLINGS, (notation, more), lambda: spelled_names(function, notation, more))


def has_pi(function: Function, more: tuple[str, ...]) -> bool:
    """Return whether a formula has a variable or a column with the name of R's number."""
    return "pi" in function.used or "pi" in function.variables or "pi" in function.graph.columns or "pi" in more


def spelled_names(function: Function, notation: Notation, more: tuple[str, ...]) -> Spelling:
    names = dict.fromkeys((*function.variables, *sorted(function.used), *function.graph.columns, *more))
    ops = () if notation is Notation.R else {n.op for n in reachable(function.outputs)}
    found = spelling(names, notation, ops, arrays=function.arrays)
    if notation is Notation.LATEX and function.arrays:
        sides = [d for n in function.graph.nodes if n.op == "symbol" for d in n.shape if isinstance(d, Length)]
        return with_lengths(found, dict.fromkeys([name for d in sides for name, _ in d.terms]))
    return found


def with_lengths(found: Spelling, lengths: Iterable[str]) -> Spelling:
    """Return a spelling in LaTeX with a letter for each length that has no name but the variable's: n for length(x)."""
    letters: dict[str, str] = {}
    for name in lengths:
        if MEASURES.get(name.partition("(")[0]) and name not in found.texts:
            used = " ".join([*found.texts.values(), *letters.values()])
            free = [c for c in ("kpq" if name.startswith("ncol(") else "nmN") if not has_letter(used, c)]
            if free:
                letters[name] = free[0]
    return Spelling(found.texts | letters, found.changed)


# How a length without a name is printed in R, and what it is.
MEASURES: Final = {"length": "the length", "nrow": "the number of rows", "ncol": "the number of columns"}


def letters_used(found: Spelling, text: str) -> list[str]:
    """Return a notice for each letter in a LaTeX text that is a length."""
    notices: list[str] = []
    for name, letter in found.texts.items():
        measure, bracket, inside = name.partition("(")
        if bracket and measure in MEASURES and len(letter) == 1 and has_letter(text, letter):
            notices.append(f"in LaTeX {letter} is {MEASURES[measure]} of '{inside[:-1]}'")
    return notices


def has_letter(text: str, letter: str) -> bool:
    """Return whether a LaTeX text has a letter that is no part of a word or of a command."""
    return re.search(rf"(?<![\\a-zA-Z]){letter}(?![a-zA-Z])", text) is not None
