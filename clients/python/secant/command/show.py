"""Printing of answers: text on a terminal, and JSON."""

import dataclasses
import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

import click

from secant.command.carets import fitted
from secant.command.session import Session

if TYPE_CHECKING:
    from secant._arrays import Array
    from secant.results import Formula

__all__ = [
    "as_json",
    "echo",
    "entries",
    "facts",
    "failure",
    "named",
    "notices",
    "number",
    "printable",
    "result",
    "table",
    "texts",
]


# Unicode categories: control, format (invisible, or changes the direction of text), surrogate, line and paragraph separator.
_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")


def printable(text: str) -> str:
    """Return a text in which characters that control a terminal or deceive its reader are replaced by "?".

    >>> printable("\\x1b[2Ja\\tb\\n\\u202ec")
    '?[2Ja\\tb\\n?c'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("?" if c not in "\n\t" and unicodedata.category(c) in _UNSEEN else c for c in text)


def echo(text: object = "", *, err: bool = False) -> None:
    """Print text that may come from a server or a file, made `printable`."""
    click.echo(printable(str(text)), err=err)


def failure(error: Exception) -> None:
    """Print an error on standard error, with lines of formulas in the width of the terminal."""
    echo(fitted(str(error)), err=True)


def number(value: float) -> str:
    """Return a number with all its digits, without a trailing ".0".

    >>> number(4.0), number(0.1)
    ('4', '0.1')
    """
    return repr(float(value)).removesuffix(".0")


def entries(value: "float | Array") -> str:
    """Return a number, or a vector or matrix in brackets.

    >>> import numpy as np
    >>> entries(4.0), entries(np.array([[1.0, 2.0], [0.5, 3.0]]))
    ('4', '[[1, 2], [0.5, 3]]')
    """
    # Without the name of the class: NumPy is imported by answers that have arrays.
    if not getattr(value, "ndim", 0):
        return number(float(value))
    return f"[{', '.join(entries(part) for part in cast('Array', value))}]"


def named(values: "Mapping[str, float | Array]") -> str:
    """Return "x = 2, b = [1, 3]"."""
    return ", ".join(f"{name} = {entries(value)}" for name, value in values.items())


def table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows of cells as aligned columns, separated by two spaces; a cell may have several lines."""
    rows = [line for row in rows for line in zip_longest(*[cell.split("\n") for cell in row], fillvalue="")]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def facts(**values: Any) -> None:
    """Print name and value of each argument, one a line, except those that are None or ""."""
    known = {name.replace("_", " "): value for name, value in values.items() if value not in (None, "")}
    table((name, number(value) if isinstance(value, float) else str(value)) for name, value in known.items())


def texts(formula: "Formula") -> list[str]:
    """Return the text of a formula in each notation that was requested."""
    return list(formula.renderings.values()) or [formula.text]


def notices(found: Iterable[str]) -> None:
    """Print the notices of an answer on standard error."""
    for notice in found:
        echo(f"note: {notice}", err=True)


def result(session: Session, answer: Any) -> bool:
    """Print `answer` as JSON and return True if JSON was requested; else print only its notices and return False."""
    if session.json:
        echo(as_json(answer))
        return True
    notices(getattr(answer, "notices", ()))
    return False


def as_json(answer: Any) -> str:
    """Return one line of JSON; NaN and the infinities become strings, as in protobuf's JSON.

    >>> import numpy as np
    >>> as_json({"x": np.array([1.0, np.nan])})
    '{"x": [1.0, "NaN"]}'
    """
    import json

    return json.dumps(_plain(answer))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        fields = {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name[0] != "_"}
        # `value` is f at the point in all answers.
        return {**fields, "value": fields["function_value"]} if "function_value" in fields else fields
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    if hasattr(value, "as_integer_ratio") and not isinstance(value, int | float):
        return str(value)  # a fraction or a decimal, whose digits JSON has no numbers for
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
