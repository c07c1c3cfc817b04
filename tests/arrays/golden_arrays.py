"""Formulas of vectors and matrices with values and derivatives by JAX: the rows of tests/golden/arrays.tsv.

`./dev fuzz --arrays --against jax --write FILE` wrote them. A row has the formula in both notations, the value of each name,
the variables of the derivatives, the names that are sent as data, and the variables that are declared symmetric matrices.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["FILE", "Row", "Slopes", "cut", "direction", "read_rows", "write_rows"]

FILE = Path(__file__).parent.parent / "golden" / "arrays.tsv"
COLUMNS = ("id", "r", "python", "by", "data", "symmetric", "at", "value", "gradient", "along")
HEADER = """\
# Random formulas of vectors and matrices with values by JAX {version}, read by Python and by R.
# Tab-separated, UTF-8. by: the variables; data: names that are sent as data; symmetric: declared so; at: values, matrices row by row.
# gradient: by all variables of by, one after the other, matrices row by row, if f is a number. along: the change of the gradient,
# or of an f that is no number, along the direction whose entries, in the order of the gradient, are cos(0), cos(1), cos(2), ...;
# that of a symmetric matrix is D + t(D).
"""


class Slopes(NamedTuple):
    """Values and derivatives of f at a point, each row by row.

    Attributes:
        value: f.
        gradient: Of a number, by all variables, one after the other; else empty.
        along: The derivative along a direction of the gradient if f is a number, else of f.
    """

    value: np.ndarray
    gradient: np.ndarray
    along: np.ndarray


@dataclass
class Row:
    """A formula, a point and what is right there."""

    id: str
    r: str
    python: str
    by: list[str]
    data: list[str]
    symmetric: list[str]
    at: dict[str, np.ndarray]
    number: bool
    right: Slopes | None = None


def direction(row: Row) -> dict[str, np.ndarray]:
    """Return the direction of `along`."""
    found, count = {}, 0
    for name in row.by:
        step = np.cos(count + np.arange(row.at[name].size)).reshape(row.at[name].shape)
        found[name] = step + step.T if name in row.symmetric else step
        count += step.size
    return found


def cut(values: np.ndarray, digits: int = 12) -> np.ndarray:
    """Return values with so many digits."""
    return np.array([float(f"{v:.{digits}g}") for v in np.ravel(values)]).reshape(np.shape(values))


def write_rows(path: Path, rows: Sequence[Row], version: str) -> None:
    """Write the file; `version` is that of JAX."""

    def text(value: object) -> str:
        return json.dumps(value, separators=(",", ":"))

    lines = ["\t".join(COLUMNS)]
    for row in rows:
        words = [" ".join(names) for names in (row.by, row.data, row.symmetric)]
        at = text({name: v.tolist() for name, v in row.at.items()})
        lines.append("\t".join([row.id, row.r, row.python, *words, at, *[text(cut(v).tolist()) for v in row.right]]))
    path.write_text(HEADER.format(version=version) + "\n".join(lines) + "\n", encoding="utf-8")


def read_rows(path: Path = FILE) -> Iterator[Row]:
    """Yield the rows of the file."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert lines[0].split("\t") == list(COLUMNS)
    for line in lines[1:]:
        name, r, python, by, data, symmetric, at, *right = line.split("\t")
        values = {n: np.array(v) for n, v in json.loads(at).items()}
        slopes = Slopes(*[np.array(json.loads(v), dtype=float) for v in right])
        text = python.replace("\\n", "\n")
        yield Row(
            name, r, text, by.split(), data.split(), symmetric.split(), values, bool(slopes.gradient.size), slopes
        )
