"""Names and comments that are safe in a language."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain, count

from secantd.errors import CalculusError, Reason
from secantd.export.language import Language

__all__ = ["checked_name", "commented", "spelled", "unused"]

# As C99 tells identifiers apart: 63 characters.
LONGEST = 63
# Of a formula in a comment.
LINES, WIDTH = 20, 200


def checked_name(name: str, language: Language) -> str:
    """Return the name of a function to be written, "f" where none is given.

    Raises:
        CalculusError: INVALID_VALUE where it is no identifier of the language, or one that it has already.
    """
    name = name or "f"
    shown = "".join(c if c.isprintable() else "?" for c in name[:40])
    problem = ""
    if len(name) > LONGEST or not name.isascii() or not language.names.fullmatch(name):
        problem = f"'{shown}' is no name of a function in {language.title}"
    elif name in language.reserved or name in language.taken or name.endswith(language.unfit or ("\0",)):
        problem = f"'{shown}' means something else in {language.title}"
    if problem:
        raise CalculusError(Reason.INVALID_VALUE, problem, "take a name such as f or loglik", field="name")
    return name


def spelled(names: Sequence[str], language: Language, taken: Iterable[str]) -> dict[str, str]:
    """Return for each name of a formula the one it has in a language.

    >>> from secantd.export.c import C
    >>> spelled(["x", "theta[1]", "theta$m", "int", "σ", "x.1"], C, ["f"])
    {'x': 'x', 'theta[1]': 'theta_1', 'theta$m': 'theta_m', 'int': 'int_', 'σ': 'sigma', 'x.1': 'x_1'}
    """
    used = {*taken}
    # A name that needs no change keeps it, whatever the others would become.
    for name in names:
        if fits(name, language) and name not in used:
            used.add(name)
    kept = used.difference(taken)
    found: dict[str, str] = {}
    for name in names:
        if name in kept:
            found[name] = name
            continue
        base = plain(name, language)
        others = (f"{base}_{k}" for k in count(2))
        candidate = next(c for c in chain([base, base + "_"], others) if c not in used and fits(c, language))
        used.add(candidate)
        found[name] = candidate
    return found


def fits(name: str, language: Language) -> bool:
    return (
        len(name) <= LONGEST
        and language.names.fullmatch(name) is not None
        and unicodedata.normalize("NFKC", name) == name
        and name not in language.reserved
    )


def plain(name: str, language: Language) -> str:
    """Return a name in ASCII letters, digits and underscores; Greek letters by their names."""
    letters = []
    for c in unicodedata.normalize("NFKD", name):
        title = unicodedata.name(c, "")
        greek = re.fullmatch(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", title)
        if greek:
            word = greek[2].lower()
            letters.append(word.capitalize() if greek[1] == "CAPITAL" else word)
        elif c.isascii():
            letters.append(c if c.isalnum() else "_")
        elif not unicodedata.combining(c):
            letters.append(f"u{ord(c):x}")
    word = re.sub("__+", "_", "".join(letters)).strip("_") or "x"
    word = word if word[0].isalpha() else "x" + word
    return word[: LONGEST - 6].rstrip("_")


def unused(wanted: str, used: Iterable[str]) -> str:
    """Return a name, with underscores until nothing else begins like it: also as that name and digits.

    >>> unused("t", ["x", "t1"])
    't_'
    """
    names = list(used)
    while any(re.fullmatch(re.escape(wanted) + r"\d*", n) for n in names):
        wanted += "_"
    return wanted


def commented(text: str) -> list[str]:
    """Return a client's text as lines for a comment: nothing in them can end it.

    Each stands in quotes, so that no line ends with a backslash; what does not print is a question mark.

    >>> commented("x^2*/ + y")
    ['"x^2*/ + y"']
    """
    lines = text.split("\n")
    found = []
    for line in lines[:LINES]:
        shown = "".join(c if c.isprintable() else "?" for c in line[: WIDTH + 1])
        found.append(f'"{shown[:WIDTH]}…"' if len(shown) > WIDTH else f'"{shown}"')
    return found if len(lines) <= LINES else [*found, "…"]
