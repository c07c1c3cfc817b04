"""Names and comments that are safe in a language."""

from secantd.errors import CalculusError, Reason
from secantd.export.language import Language
from secantd.shown import printable

__all__ = ["checked_name", "commented"]

# Of a formula in a comment.
LINES, WIDTH = 20, 200


def checked_name(name: str, language: Language) -> str:
    """Return the name of the written function; "f" if `name` is empty.

    Args:
        name: The requested name.
        language: The language.

    Raises:
        CalculusError: INVALID_VALUE if it is not an identifier of the language, or has another meaning there.
    """
    name = name or "f"
    shown = printable(name[:40])
    problem = ""
    identifiers = language.identifiers
    if len(name) > identifiers.longest or not name.isascii() or not identifiers.pattern.fullmatch(name):
        problem = f"'{shown}' is not a valid function name in {language.title}"
    elif name in identifiers.reserved or name in language.taken or name.endswith(language.unfit or ("\0",)):
        problem = f"'{shown}' has another meaning in {language.title}"
    if problem:
        raise CalculusError(Reason.INVALID_VALUE, problem, "choose a name such as f or loglik", field="name")
    return name


def commented(text: str) -> list[str]:
    """Return a client's text as lines for a comment: nothing in them can end it.

    Each line is in quotes, so that none ends with a backslash; characters that do not print become question marks.

    >>> commented("x^2*/ + y")
    ['"x^2*/ + y"']
    """
    lines = text.split("\n")
    found = []
    for line in lines[:LINES]:
        shown = printable(line[: WIDTH + 1])
        found.append(f'"{shown[:WIDTH]}..."' if len(shown) > WIDTH else f'"{shown}"')
    return found if len(lines) <= LINES else [*found, "..."]
