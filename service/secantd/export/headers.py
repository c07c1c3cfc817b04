"""The comment at the top of exported code."""

from collections.abc import Mapping, Sequence

from secantd.export.language import Language
from secantd.export.names import commented
from secantd.version import __version__

__all__ = ["header"]


def header(
    language: Language,
    text: str,
    order: int,
    spelling: Mapping[str, str],
    facts: Sequence[str],
    notices: Sequence[str],
) -> str:
    """Return the comment. Its first lines contain no text of a client, as Python reads an encoding there.

    Args:
        language: The language.
        text: The text of the function.
        order: 0, 1 or 2: the derivatives in the file.
        spelling: The names of the formula as the code spells them.
        facts: Sentences about the data and the checks.
        notices: Remarks for the caller.
    """
    what = ("", " and its gradient", ", its gradient and its Hessian")[order]
    lines = [f"A function{what} in {language.title}.", f"Written by Secant {__version__} from", ""]
    lines += ["    " + line for line in commented(text)]
    lines.append("")
    other = [f"    {commented(was)[0]} is {now}" for was, now in spelling.items() if was != now]
    if other:
        lines += [
            "Names that are spelled differently in this language:",
            *other[:50],
            *(["    and so on"] if len(other) > 50 else []),
            "",
        ]
    lines += facts
    lines += [f"Note: {line}" for notice in notices for line in notice.split("\n") if line.isprintable()]
    while lines[-1] == "":
        lines.pop()
    return "".join(f"{language.comment}{line}".rstrip() + "\n" for line in lines)
