"""Parsing of command-line values: points, intervals, columns of a file.

Each function is the `type` of an option or argument. A value that it rejects is a usage error.
"""

import math
import os
import re
import sys
from typing import TYPE_CHECKING, Any

import click

from secant.command.tables import table

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from secant._arrays import Array

__all__ = ["data", "files", "intervals", "merged", "point", "shape", "text"]


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Return that a shell completes an argument by names of files."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def text(value: str) -> str:
    """Return the text of an expression; "-" reads it from standard input."""
    return sys.stdin.read().rstrip("\n") if value == "-" else value


def point(value: str) -> dict[str, float | list[Any]]:
    """Return a point, values by the names of the variables, from a text such as "x=2,b=[1,3]".

    A vector alone, such as "[1,3]", has an empty name: it is that of the only variable.

    Raises:
        click.BadParameter: An entry is not NAME=NUMBER or NAME=[NUMBER,...].

    >>> point("x=2, y=-1e3")
    {'x': 2.0, 'y': -1000.0}
    >>> point("x=pi/2, y=-1/4")
    {'x': 1.5707963267948966, 'y': -0.25}
    >>> point("A=[[2,.5],[0,1]],s=1"), point("[1,-2]")
    ({'A': [[2.0, 0.5], [0.0, 1.0]], 's': 1.0}, {'': [1.0, -2.0]})
    """
    found: dict[str, float | list[Any]] = {}
    for entry in _entries(value):
        name, _, text = entry.rpartition("=")
        try:
            if "=" in name and "`" not in name:
                raise ValueError(entry)
            found[name.strip()] = _numbers(text.strip()) if text.strip().startswith("[") else number(text)
        except ValueError:
            hint = "NAME=NUMBER or NAME=[NUMBER,...], as in x=2,b=[1,3]"
            raise click.BadParameter(f"{entry!r} is not {hint}") from None
        if not name.strip() and not text.strip().startswith("["):
            comma = "; decimal numbers have a point" if len(found) > 1 and text.strip().isdigit() else ""
            raise click.BadParameter(f"{entry!r} is not NAME=NUMBER, as in x=2,y=1{comma}")
    return found


def _entries(value: str) -> list[str]:
    """Return the parts of a text between the commas that are outside of brackets."""
    parts, depth = [""], 0
    for character in value:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _numbers(text: str) -> list[Any]:
    """Return a list of numbers, or of lists of numbers; ValueError for any other text."""
    if not text.endswith("]"):
        raise ValueError(text)
    parts = [part.strip() for part in _entries(text[1:-1])]
    return [_numbers(part) if part.startswith("[") else number(part) for part in parts]


# 2*pi/3, pi, 1/3 and the like.
PRODUCT = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?:(?P<times>[\d.]+)\s*\*\s*)?(?P<over>pi|[\d.]+)\s*(?:/\s*(?P<under>[\d.]+)\s*)?"
)


def number(text: str) -> float:
    """Return a number, which may be a fraction or a multiple of pi.

    Raises:
        ValueError: It is no number.

    >>> number("2*pi"), number("-1/4"), number("1e-3")
    (6.283185307179586, -0.25, 0.001)
    """
    parts = PRODUCT.fullmatch(text)
    if parts is None or not (parts["times"] or parts["under"] or parts["over"] == "pi"):
        if "_" in text:
            raise ValueError(text)
        return float(text)
    found = float(parts["times"] or 1) * (math.pi if parts["over"] == "pi" else float(parts["over"]))
    try:
        return (-found if parts["sign"] == "-" else found) / float(parts["under"] or 1)
    except ZeroDivisionError:
        raise ValueError(text) from None


def shape(value: str) -> dict[str, str]:
    """Return the shape of a variable by its name.

    Raises:
        click.BadParameter: The text is not NAME=SHAPE.

    >>> shape("A=symmetric n x n")
    {'A': 'symmetric n x n'}
    """
    name, equals, text = value.partition("=")
    if not equals or not name.strip() or not text.strip():
        raise click.BadParameter(f"{value!r} is not NAME=SHAPE, as in A='n x n'")
    return {name.strip(): text.strip()}


def data(value: str) -> "dict[str, Array]":
    """Return the columns of a CSV file by name, or with a name in front one matrix of that name, shape (rows, columns).

    Raises:
        click.BadParameter: The file cannot be read, or is not a table of numbers.
    """
    name, equals, path = value.partition("=")
    if equals and name.isidentifier() and not os.path.exists(value):
        import numpy as np

        columns = table(path)
        for column, reason in columns.unusable.items():
            raise click.BadParameter(f"{path}: column {column!r} has no numbers, {reason}; leave it out of the file")
        return {name: np.column_stack(list(columns.values()))}
    return table(value)


def intervals(value: str) -> dict[str, tuple[float | None, float | None]]:
    """Return intervals by the names of the variables; None is an open end.

    Raises:
        click.BadParameter: An entry is not NAME=LOWER:UPPER.

    >>> intervals("x=-1:3,y=0:")
    {'x': (-1.0, 3.0), 'y': (0.0, None)}
    """
    found = {}
    for entry in value.split(","):
        name, _, ends = entry.partition("=")
        try:
            lower, upper = (number(end) if end.strip() else None for end in ends.split(":"))
        except ValueError:
            raise click.BadParameter(f"{entry!r} is not NAME=LOWER:UPPER, as in x=-1:3") from None
        found[name.strip()] = (lower, upper)
    return found


def merged(parts: tuple[dict[str, Any], ...]) -> dict[str, Any] | None:
    """Return the values of an option that may be given several times as one mapping; None if it was not given."""
    return {name: value for part in parts for name, value in part.items()} if parts else None
