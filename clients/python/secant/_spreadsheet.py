"""Header lines of CSV files that a spreadsheet does not execute.

Spreadsheets treat a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, even in quotes. A name in
backticks may begin like that. It is written with an apostrophe in front, as OWASP recommends against "CSV injection", and
`secant` removes the apostrophe when it reads the file. Numbers are unchanged: -1 is a number in every spreadsheet.
"""

import csv
import io
from collections.abc import Iterable

__all__ = ["header", "name_of"]

RUN = tuple("=+-@\t\r\n")
MARK = "'"


def header(names: Iterable[str]) -> str:
    """Return the first line of a CSV file, with names quoted where necessary.

    >>> header(["x", "=cmd|' /C calc'!A0", "a,b"])
    'x,\\'=cmd|\\' /C calc\\'!A0,"a,b"'
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([MARK + name if name.startswith(RUN) else name for name in names])
    return out.getvalue()


def name_of(cell: str) -> str:
    """Return the name in a cell of the first line.

    >>> name_of("'=cmd"), name_of("'x"), name_of(" y ")
    ('=cmd', "'x", 'y')
    """
    bare = cell.strip()
    return bare[1:] if bare.startswith(MARK) and bare[1:].startswith(RUN) else bare
