"""Errors that show a line of a formula with carets under it, in the width of a terminal."""

import re
import unicodedata

__all__ = ["fitted"]

INDENT = "  "
CARETS = re.compile(r"  ( *)(\^+)")
# No narrower: an excerpt of a few characters helps nobody.
NARROWEST = 20
CUT = "…"


def fitted(message: str, width: int | None = None) -> str:
    """Return an error message with each line of a formula cut to a width around its carets.

    Args:
        message: The message; a line of a formula is followed by one of carets, both indented by two blanks.
        width: Columns of the terminal. None: $COLUMNS, or that of the terminal, or else 80.

    >>> print(fitted("no\\n  a + b + c + d + e + f * * g + h + i\\n                          ^\\nremove one", 24))
    no
      …+ e + f * * g + h +…
                 ^
    remove one
    """
    lines = message.split("\n")
    for i in range(1, len(lines)):
        carets = CARETS.fullmatch(lines[i])
        if carets and lines[i - 1].startswith(INDENT) and len(carets[1]) <= len(lines[i - 1]) - len(INDENT):
            room = max(NARROWEST, width or columns()) - len(INDENT)
            lines[i - 1], lines[i] = around(lines[i - 1][len(INDENT) :], len(carets[1]), len(carets[2]), room)
    return "\n".join(lines)


def columns() -> int:
    """Return the width of the terminal."""
    # Imported here, where an error is shown: 3 ms.
    import shutil

    return shutil.get_terminal_size().columns


def around(line: str, column: int, length: int, room: int) -> tuple[str, str]:
    """Return a part of a line with at most `room` cells of a terminal, and the line of carets.

    Args:
        line: The line.
        column, length: The place of the carets, in characters.
        room: Cells.
    """
    begin, end = 0, len(line)
    if cells(line) > room:
        # Half of the room is for what precedes the carets; a cut takes one cell.
        begin = end = column
        while begin > 0 and cells(line[begin - 1 : column]) < room // 2:
            begin -= 1
        while end < len(line) and cells(line[begin : end + 1]) < room - 2:
            end += 1
        while begin > 0 and cells(line[begin - 1 : end]) < room - 2:
            begin -= 1
    left, right = CUT * (begin > 0), CUT * (end < len(line))
    under = max(1, cells(line[column : min(column + length, end)]))
    blanks = cells(left + line[begin:column])
    return INDENT + left + line[begin:end] + right, INDENT + " " * blanks + "^" * under


def cells(text: str) -> int:
    """Return the width of a text in cells of a terminal: 2 for each character of Chinese, Japanese and Korean.

    >>> cells("x + 값")
    6
    """
    return len(text) + sum(
        (unicodedata.east_asian_width(c) in "WF") - (unicodedata.combining(c) > 0) for c in text if not c.isascii()
    )
