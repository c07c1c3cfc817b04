"""Client texts in a form that is safe in terminals, logs and XML documents."""

from collections.abc import Iterable, Sequence
from unicodedata import category

__all__ = ["listed", "printable", "prints", "quoted", "series", "variables_are"]


def printable(text: str) -> str:
    """Return `text` with '?' for each character that does not print; positions in it stay the same.

    Replaced are control and format characters (bidirectional marks among them), line and paragraph separators,
    surrogates, private and unassigned characters. These include every character that XML 1.0 excludes. A space of
    another width becomes the usual space.

    >>> printable("x\\x1b[31m + \\u202ey\\ud800\\n\\u00a0z")
    'x?[31m + ?y?? z'
    """
    return text if text.isprintable() else "".join(map(_shown, text))


def prints(text: str) -> bool:
    """Whether every character of a text prints; a space of any width does.

    >>> prints("a\u00a0b"), prints("a\u202eb")
    (True, False)
    """
    return text.isprintable() or all(c.isprintable() or category(c) == "Zs" for c in text)


def _shown(character: str) -> str:
    return character if character.isprintable() else " " if prints(character) else "?"


# The longest name that an error quotes, and the most names of a list.
NAME_LENGTH = 40
NAMES = 8


def quoted(name: str) -> str:
    """Return a name in quotes, for an error: cut off if it is long, and printable.

    >>> quoted("x"), len(quoted("x" * 100_000))
    ("'x'", 43)
    """
    cut = printable(name[:NAME_LENGTH])
    return f"'{cut}…'" if len(name) > NAME_LENGTH else f"'{cut}'"


def listed(names: Sequence[str]) -> str:
    """Return the first names of a list in quotes, for an error.

    >>> listed(["x", "y"])
    "'x', 'y'"
    """
    return ", ".join(map(quoted, names[:NAMES])) + (", …" if len(names) > NAMES else "")


def series(items: Iterable[object]) -> str:
    """Return items as a sentence lists them.

    >>> series(["r"]), series([2, 3]), series("abc")
    ('r', '2 and 3', 'a, b and c')
    """
    texts = list(map(str, items))
    return f"{', '.join(texts[:-1])} and {texts[-1]}" if len(texts) > 1 else "".join(texts)


def variables_are(names: Sequence[str], owner: str = "the") -> str:
    """Return the sentence that lists the variables, for an error.

    >>> variables_are(["x"]), variables_are(["x", "y"], "its")
    ("the variable is 'x'", "its variables are 'x', 'y'")
    """
    return f"{owner} variable is {listed(names)}" if len(names) == 1 else f"{owner} variables are {listed(names)}"
