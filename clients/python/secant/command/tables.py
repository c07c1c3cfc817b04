"""Small CSV files as R, spreadsheets and pandas write them: columns of numbers by name."""

import csv
import io
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from secant._spreadsheet import delimiter_of, name_of
from secant.command.show import echo

if TYPE_CHECKING:
    from secant._arrays import Array

__all__ = ["Columns", "columns_of", "mentions", "refuse_unusable", "table"]

MISSING = frozenset({"", "NA", "NULL", "null", "NaN", "nan", "N/A"})
# Numbers with a decimal comma, with a decimal point, and those whose comma may also separate thousands.
COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?")
POINT = re.compile(r"[+-]?\d*\.\d*(?:[eE][+-]?\d+)?")
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class Columns(dict[str, "Array"]):
    """Columns of numbers by name, each of shape (rows,).

    Attributes:
        unusable: Why the other columns have no numbers, by name: "row 1: 'a' is not a number".
    """

    def __init__(self, *args: Any, unusable: dict[str, str] | None = None) -> None:
        super().__init__(*args)
        self.unusable = unusable or {}


def table(path: str) -> Columns:
    """Return the columns of a CSV file by the names in its first line; NA and empty cells are NaN.

    Cells are separated by commas, semicolons or tabs. Columns without a name (the row names of R) and columns of text are left out.
    Decimal commas are read beside semicolons and tabs, with a note on standard error.

    Raises:
        click.BadParameter: The file cannot be read, or is not a table.
    """
    try:
        if path == "-":
            path, text = "standard input", sys.stdin.read().removeprefix("\ufeff")
        else:
            with open(path, encoding="utf-8-sig", newline="") as file:
                text = file.read()
    except UnicodeDecodeError:
        raise click.BadParameter(f"{path} is no text in UTF-8; save it as CSV in UTF-8") from None
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be read: {error.strerror or error}") from None
    lines = [line for line in io.StringIO(text, newline="") if line.strip()]
    names, delimiter = header_of(lines, path)
    try:
        return columns_of(lines[1:], names, delimiter, path)
    except (ValueError, csv.Error) as error:
        raise click.BadParameter(f"{path}: {error}") from None


def header_of(lines: Sequence[str], path: str) -> tuple[list[str], str]:
    """Return the names of the columns and the delimiter of a file.

    Raises:
        click.BadParameter: The first line has no names.
    """
    example = f"the first line of {path} must name the columns, for example: x,y"
    if not lines:
        raise click.BadParameter(f"{path} is empty; {example}")
    if lines[0].count('"') % 2:
        raise click.BadParameter(f"a name in the first line of {path} has a line end; rename the column")
    delimiter = delimiter_of(lines[0])
    names = [name_of(cell) for cell in next(csv.reader(lines[:1], delimiter=delimiter, skipinitialspace=True))]
    if not any(names):
        raise click.BadParameter(example)
    if all(number(name, delimiter) is not None for name in names):
        raise click.BadParameter(f"{example}; it has numbers")
    if len(names) == 1 and re.search(r'["\w]\s+["\w]', lines[0].strip()) and len(lines) > 1 and " " in lines[1].strip():
        raise click.BadParameter(f"the cells of {path} are separated by spaces; separate them by commas")
    for i, name in enumerate(names):
        if name and name in names[:i]:
            raise click.BadParameter(f"two columns of {path} have the name {name!r}; rename one")
    return names, delimiter


def columns_of(lines: Sequence[str], names: Sequence[str], delimiter: str, path: str = "the file") -> Columns:
    """Return the columns of lines of cells.

    Raises:
        ValueError: A line does not have one cell for each name.

    >>> found = columns_of(["1,2,b", "3,NA,c"], ["x", "y", "word"], ",")
    >>> found, found.unusable
    ({'x': array([1., 3.]), 'y': array([ 2., nan])}, {'word': "row 1: 'b' is not a number"})
    """
    import numpy as np

    usual = all(names) and '"' not in "".join(lines[:1])
    if usual and all(line.count(delimiter) == len(names) - 1 for line in lines):
        try:
            rows = (
                np.loadtxt(lines, delimiter=delimiter, ndmin=2, comments=None) if lines else np.empty((0, len(names)))
            )
            return Columns(zip(names, rows.T, strict=True))
        except ValueError:
            pass  # the slower way below accepts empty cells, quotes and text
    cells = [row for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=True) if row]
    for i, row in enumerate(cells):
        if len(row) != len(names):
            hint = ""
            if len(row) == len(names) + 1:
                hint = "; write decimal points, and for row names without a name row.names = FALSE"
            raise ValueError(f"row {i + 1} has {len(row)} columns, the first line has {len(names)}{hint}")
    points = delimiter != "," and any(POINT.fullmatch(cell.strip()) and "." in cell for row in cells for cell in row)
    found = Columns()
    commas = ""
    for j, name in enumerate(names):
        if not name:
            continue
        column = [row[j].strip() for row in cells]
        with_comma = [cell for cell in column if COMMA.fullmatch(cell)] if delimiter != "," else []
        reason = refusal(column, delimiter, with_comma, points)
        if reason:
            found.unusable[name] = reason
            continue
        commas = commas or (with_comma[0] if with_comma else "")
        found[name] = np.array([number(cell, delimiter) for cell in column], dtype=float)
    if commas:
        echo(f"note: {path} has decimal commas: {commas} is read as {commas.replace(',', '.')}", err=True)
    return found


def number(cell: str, delimiter: str) -> float | None:
    """Return the number in a cell; NaN for a missing one, None for text."""
    if cell in MISSING:
        return float("nan")
    if "_" in cell:
        return None
    try:
        return float(cell.replace(",", ".") if delimiter != "," and COMMA.fullmatch(cell) else cell)
    except ValueError:
        return None


def refusal(column: Sequence[str], delimiter: str, with_comma: Sequence[str], points: bool) -> str:
    """Return why a column has no numbers; "" if it has.

    Args:
        column: Its cells.
        delimiter: The delimiter of the file.
        with_comma: The cells that may be numbers with a decimal comma.
        points: Whether another cell of the file is a number with a decimal point.
    """
    for i, cell in enumerate(column):
        if number(cell, delimiter) is None:
            hint = "; write a decimal point" if COMMA.fullmatch(cell) else ""
            return f"row {i + 1}: {cell!r} is not a number{hint}"
    if with_comma and points:
        return f"{with_comma[0]!r} has a comma and other numbers have points; write decimal points in all"
    if with_comma and delimiter == "\t" and all(map(THOUSANDS.fullmatch, with_comma)):
        return f"the comma of {with_comma[0]!r} may separate decimals or thousands; write decimal points"
    return ""


def mentions(text: str, name: str) -> bool:
    """Return whether a formula may use a name: whether it occurs as a word.

    >>> mentions("exp(x1) + x", "x"), mentions("exp(x1)", "x"), mentions("`my x`", "my x")
    (True, False, True)
    """
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", text) is not None


def refuse_unusable(columns: Any, texts: Sequence[str | None], option: str) -> None:
    """Raise click.BadParameter if a formula uses a column that has no numbers."""
    for name, reason in getattr(columns, "unusable", {}).items():
        if any(mentions(text or "", name) for text in texts):
            raise click.BadParameter(f"column {name!r} has no numbers, {reason}", param_hint=f"'{option}'")
