"""Identifiers for the names of a formula, where a name is not valid in the printed language."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Identifiers", "ascii_name", "spelled", "unused"]

# C99 compares the first 63 characters of an identifier.
LONGEST = 63
GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)")


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of a language: they match `pattern`, are not `reserved`, and have at most `longest` characters."""

    pattern: re.Pattern[str]
    reserved: frozenset[str]
    longest: int = LONGEST

    def include(self, name: str) -> bool:
        """Whether a name is an identifier without changes; Python reads identifiers in their NFKC form."""
        return (
            len(name) <= self.longest
            and self.pattern.fullmatch(name) is not None
            and (name.isascii() or unicodedata.normalize("NFKC", name) == name)
            and name not in self.reserved
        )


def spelled(names: Iterable[str], identifiers: Identifiers, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return an identifier for each name, all different and none of `taken`.

    Args:
        names: The names.
        identifiers: The identifiers of the language.
        taken: Identifiers that are used otherwise.

    >>> r = Identifiers(re.compile(r"[A-Za-zα-ω][A-Za-z0-9_]*"), frozenset({"int"}))
    >>> spelled(["x", "theta[1]", "theta$m", "int", "\u00b5", "x.1"], r, ["f"])
    {'x': 'x', 'theta[1]': 'theta_1', 'theta$m': 'theta_m', 'int': 'int_', '\u00b5': '\u03bc', 'x.1': 'x_1'}
    """
    names = list(dict.fromkeys(names))
    used = {*taken}
    # A valid name is kept, whatever the identifiers of the others.
    kept = {name for name in names if identifiers.include(name) and name not in used}
    used |= kept
    found: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for name in names:
        if name in kept:
            found[name] = name
            continue
        base = ascii_name(name, identifiers.longest)
        for candidate in (unicodedata.normalize("NFKC", name), base, base + "_"):
            if candidate not in used and identifiers.include(candidate):
                break
        else:
            candidate = base
            while candidate in used or not identifiers.include(candidate):
                counts[base] += 1
                candidate = f"{base}_{counts[base] + 1}"
        found[name] = candidate
        used.add(candidate)
    return found


def ascii_name(name: str, longest: int = LONGEST) -> str:
    """Return a name in ASCII letters, digits and underscores, with Greek letters spelled out.

    Args:
        name: Any name.
        longest: The most characters of the result.

    >>> ascii_name("σ.1"), ascii_name("\\\\input /etc")
    ('sigma_1', 'input_etc')
    """
    letters = []
    for c in unicodedata.normalize("NFKD", name[: 2 * longest]):
        greek = None if c.isascii() else GREEK.fullmatch(unicodedata.name(c, ""))
        if greek:
            word = greek[2].lower()
            letters.append(word.capitalize() if greek[1] == "CAPITAL" else word)
        elif c.isascii():
            letters.append(c if c.isalnum() else "_")
        elif not unicodedata.combining(c):
            letters.append(f"u{ord(c):x}")
    word = re.sub("__+", "_", "".join(letters)).strip("_") or "x"
    word = word if word[0].isalpha() else "x" + word
    # Room for an underscore and a number.
    return word[: longest - 6].rstrip("_")


def unused(wanted: str, used: Iterable[str]) -> str:
    """Return a name with as many underscores appended as make it, also followed by digits, different from `used`.

    >>> unused("t", ["x", "t1"])
    't_'
    """
    names = list(used)
    while any(n.startswith(wanted) and (n[len(wanted) :] or "0").isdecimal() for n in names):
        wanted += "_"
    return wanted
