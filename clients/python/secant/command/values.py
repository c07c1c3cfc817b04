"""What is typed on a command line, as values: points, intervals, columns of a file.

Each function is the `type` of an option or argument; what it refuses is a usage error.
"""

import csv
import sys
from typing import Any

import click
import numpy as np

from secant.arrays import Array

__all__ = ["intervals", "merged", "point", "table", "text"]


def text(value: str) -> str:
    """Return an expression; "-" is standard input."""
    return sys.stdin.read().rstrip("\n") if value == "-" else value


def point(value: str) -> dict[str, float]:
    """Return the values of a point by name.

    >>> point("x=2, y=-1e3")
    {'x': 2.0, 'y': -1000.0}
    """
    found = {}
    for entry in value.split(","):
        name, _, number = entry.partition("=")
        try:
            found[name.strip()] = float(number)
        except ValueError:
            raise click.BadParameter(f"{entry!r} is not NAME=NUMBER, as in x=2,y=1") from None
    return found


def intervals(value: str) -> dict[str, tuple[float | None, float | None]]:
    """Return the ends of intervals by name; an end left out is open.

    >>> intervals("x=-1:3,y=0:")
    {'x': (-1.0, 3.0), 'y': (0.0, None)}
    """
    found = {}
    for entry in value.split(","):
        name, _, ends = entry.partition("=")
        try:
            lower, upper = (float(end) if end.strip() else None for end in ends.split(":"))
        except ValueError:
            raise click.BadParameter(f"{entry!r} is not NAME=LOWER:UPPER, as in x=-1:3") from None
        found[name.strip()] = (lower, upper)
    return found


def table(path: str) -> dict[str, Array]:
    """Return the columns of a CSV file by the names in its first line; NA and nothing are NaN."""
    try:
        with sys.stdin if path == "-" else open(path, encoding="utf-8-sig", newline="") as file:
            names = [name.strip() for name in next(csv.reader(file), [])]
            lines = [line for line in file if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read: {error}") from None
    if not names or not all(names) or len(set(names)) < len(names):
        raise click.BadParameter(f"the first line of {path} has to name the columns, as in x,y")
    try:
        return dict(zip(names, columns(lines, len(names)), strict=True))
    except ValueError as error:
        raise click.BadParameter(f"{path}: {error}") from None


def columns(lines: list[str], width: int) -> Array:
    """Return the columns of lines of numbers, shape (width, rows).

    Raises:
        ValueError: A cell is no number, or a line has more or fewer than `width`.

    >>> columns(["1,2", "3,NA"], 2)
    array([[ 1.,  3.],
           [ 2., nan]])
    """
    try:
        rows = np.loadtxt(lines, delimiter=",", ndmin=2) if lines else np.empty((0, width))
        if rows.shape[1] == width:
            return rows.T
    except ValueError:
        pass  # slower below: with empty cells, and with the number of the line that is wrong
    rows = np.empty((len(lines), width))
    for i, cells in enumerate(csv.reader(lines)):
        if len(cells) != width:
            raise ValueError(f"row {i + 1} has {len(cells)} columns, the first line has {width}")
        for j, cell in enumerate(cells):
            try:
                rows[i, j] = np.nan if cell.strip() in ("", "NA") else float(cell)
            except ValueError:
                raise ValueError(f"row {i + 1}: {cell!r} is not a number") from None
    return rows.T


def merged(parts: tuple[dict[str, Any], ...]) -> dict[str, Any] | None:
    """Return the parts of an option given several times as one; None where it was not given."""
    return {name: value for part in parts for name, value in part.items()} if parts else None
