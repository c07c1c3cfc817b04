"""Header lines of CSV files: names of columns, the delimiter, and names that a spreadsheet does not execute.

Spreadsheets treat a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end as a formula, even in quotes. A name in
backticks may begin like that. It is written with an apostrophe in front, as OWASP recommends against "CSV injection", and
`secant` removes the apostrophe when it reads the file. Numbers are unchanged: -1 is a number in every spreadsheet.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

__all__ = ["delimiter_of", "derivative_names", "header", "name_of"]

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


def derivative_names(variables: Sequence[str], order: int) -> list[str]:
    """Return the names of columns of derivatives: d_x, then d2_x_y with x not after y.

    >>> derivative_names(["x", "y"], 2)
    ['d_x', 'd_y', 'd2_x_x', 'd2_x_y', 'd2_y_y']
    """
    found = [f"d_{v}" for v in variables] if order else []
    if order > 1:
        found += [f"d2_{v}_{w}" for i, v in enumerate(variables) for w in variables[i:]]
    # a and b_c beside a_b and c, or x beside d2_x_y of the variables x and y.
    return found if len(set(found)) == len(found) else [f"{name} ({k + 1})" for k, name in enumerate(found)]


def delimiter_of(line: str) -> str:
    """Return the delimiter of a file with this first line: a tab, a semicolon or a comma.

    >>> delimiter_of('"a;b",c'), delimiter_of("x;y"), delimiter_of("x\\ty"), delimiter_of("x")
    (',', ';', '\\t', ',')
    """
    bare = re.sub(r'"[^"]*"', "", line)
    if "\t" in bare.strip("\r\n"):
        return "\t"
    return ";" if bare.count(";") > bare.count(",") else ","
