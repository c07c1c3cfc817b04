"""Answers on a terminal, and as JSON."""

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click
import numpy as np

from secant.command.session import Session
from secant.results import Formula

__all__ = ["as_json", "facts", "named", "notices", "number", "result", "table"]


def number(value: float) -> str:
    """Return a number with all its digits and no idle ".0".

    >>> number(4.0), number(0.1)
    ('4', '0.1')
    """
    return repr(float(value)).removesuffix(".0")


def named(values: Mapping[str, float]) -> str:
    """Return "x = 2, y = 1"."""
    return ", ".join(f"{name} = {number(value)}" for name, value in values.items())


def table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows as columns two blanks apart."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def facts(**values: Any) -> None:
    """Print what is known, one fact a line; None and "" are not."""
    known = {name.replace("_", " "): value for name, value in values.items() if value not in (None, "")}
    table((name, number(value) if isinstance(value, float) else str(value)) for name, value in known.items())


def texts(formula: Formula) -> list[str]:
    """Return the text in each notation that was asked for."""
    return list(formula.renderings.values()) or [formula.text]


def notices(found: Iterable[str]) -> None:
    """Tell what a reader should know, beside the answer."""
    for notice in found:
        click.echo(f"note: {notice}", err=True)


def result(session: Session, answer: Any) -> bool:
    """Print `answer` as JSON where that was asked for; else say False, and its notices."""
    if session.json:
        click.echo(as_json(answer))
        return True
    notices(getattr(answer, "notices", ()))
    return False


def as_json(answer: Any) -> str:
    """Return one line of JSON; NaN and the infinities are the words that protobuf's JSON has for them.

    >>> as_json({"x": np.array([1.0, np.nan])})
    '{"x": [1.0, "NaN"]}'
    """
    return json.dumps(_plain(answer))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
