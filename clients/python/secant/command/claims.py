"""Files of claims for `secant check`: tables (CSV, TSV) and the blocks of Markdown files that begin with ```secant."""

import csv
import difflib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from secant._spreadsheet import delimiter_of

__all__ = ["SUFFIXES", "Claim", "claims", "is_file_of_claims"]

TABLES = (".csv", ".tsv")
PAGES = (".md", ".markdown", ".qmd", ".rmd")
SUFFIXES = TABLES + PAGES

# The columns of a table, and other names for them.
COLUMNS = {
    "f": "f",
    "claim": "claim",
    "claimed": "claim",
    "variable": "variable",
    "variables": "variable",
    "assume": "assume",
    "order": "order",
    "notation": "notation",
    "tolerance": "tolerance",
}
NOTATIONS = {name: name for name in ("r", "python", "textbook", "latex")}
# Settings in a cell: how they are read, and what they may be.
SETTINGS: tuple[tuple[str, Callable[[str], Any], str], ...] = (
    ("notation", lambda cell: NOTATIONS[cell.lower()], "r, python, textbook or latex"),
    ("order", lambda cell: {"0": 0, "1": 1, "2": 2}[cell], "0, 1 or 2"),
    ("tolerance", float, "a number"),
)
FENCE = re.compile(r" {0,3}(?P<mark>`{3,}|~{3,})\s*(?P<info>[^`]*?)\s*")
OPERATOR = re.compile(r"(?:d/d(?P<variable>\w+)|(?P<grad>grad)|(?P<hessian>hessian))\s+(?P<rest>.*)")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim in a file.

    Attributes:
        line: Its line, from 1.
        f: The function.
        claimed: Its claimed derivative, or with order 0 a formula that is claimed to be equal.
        variables: The variables to differentiate with respect to.
        how: Arguments of `Client.check`: order, assume, notation, tolerance.
        problem: Why it cannot be read; "" if it can.
    """

    line: int
    f: str = ""
    claimed: str = ""
    variables: tuple[str, ...] = ()
    how: dict[str, Any] = field(default_factory=dict)
    problem: str = ""

    def __str__(self) -> str:
        order = self.how.get("order", 1)
        if order == 1:
            left = f"d/d{self.variables[0]} {self.f}" if len(self.variables) == 1 else f"({self.f})'"
        else:
            left = f"hessian {self.f}" if order else self.f
        return f"{left} = {self.claimed}"


def is_file_of_claims(path: str) -> bool:
    """Return whether an argument is the name of a file of claims: whether it ends like one.

    >>> is_file_of_claims("claims.csv"), is_file_of_claims("x^2")
    (True, False)
    """
    return path.lower().endswith(SUFFIXES)


def claims(path: str) -> Iterator[Claim]:
    """Yield the claims of a file in their order.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no text in UTF-8, or a table without the columns f and claim.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8") from None
    if path.lower().endswith(PAGES):
        yield from of_page(text)
        return
    try:
        yield from of_table(text, path)
    except csv.Error as error:
        raise ValueError(f"{path}: {error}") from None


def of_table(text: str, path: str = "claims.csv") -> Iterator[Claim]:
    """Yield the claims of a table, whose first line names the columns.

    >>> next(of_table('f,claim,variable\\n"x^2*y","c(2*x*y, x^2)",x y\\n'))
    Claim(line=2, f='x^2*y', claimed='c(2*x*y, x^2)', variables=('x', 'y'), how={}, problem='')
    """
    lines = io.StringIO(text, newline="")
    first = next((line for line in text.splitlines() if line.strip()), "")
    rows = csv.reader(lines, delimiter="\t" if path.lower().endswith(".tsv") else delimiter_of(first))
    names: list[str] = []
    begin = 1
    for cells in rows:
        line, begin = begin, rows.line_num + 1
        if not any(cell.strip() for cell in cells) or cells[0].startswith("#"):
            continue
        if not names:
            names = columns(cells, f"{path}:{line}")
        elif len(cells) != len(names):
            hint = (
                "put a formula with commas in double quotes" if len(cells) > len(names) else "each row needs all cells"
            )
            yield Claim(line, problem=f"{len(cells)} cells, but the first line has {len(names)}; {hint}")
        else:
            yield of_cells(line, dict(zip(names, cells, strict=True)))
    if not names:
        raise ValueError(f"{path} is empty; its first line must name the columns, for example: f,claim,variable")


def columns(cells: list[str], where: str) -> list[str]:
    """Return what the columns of a table mean; "" for those that are not read.

    Raises:
        ValueError: f or claim is missing, a name occurs twice, or is nearly that of a column that is read.
    """
    found = []
    for cell in cells:
        name = cell.strip().lower()
        near = difflib.get_close_matches(name, [n for n in COLUMNS if len(n) > 1], 1, 0.8)
        if name not in COLUMNS and near:
            raise ValueError(f"{where}: unknown column {cell.strip()!r}; did you mean {near[0]!r}?")
        found.append(COLUMNS.get(name, ""))
    for name in ("f", "claim"):
        if name not in found:
            raise ValueError(f"{where}: no column {name!r}; the first line must name the columns: f,claim,variable")
    for name in found:
        if name and found.count(name) > 1:
            raise ValueError(f"{where}: two columns have the name {name!r}")
    return found


def of_cells(line: int, cells: dict[str, str]) -> Claim:
    """Return the claim of a row."""
    cells = {name: cell.strip() for name, cell in cells.items()}
    how: dict[str, Any] = {}
    if cells.get("assume"):
        how["assume"] = tuple(part.strip() for part in cells["assume"].split(";") if part.strip())
    for name, read, allowed in SETTINGS:
        if cells.get(name):
            try:
                how[name] = read(cells[name])
            except (ValueError, KeyError):
                return Claim(line, problem=f"{name} is {cells[name]!r}, not {allowed}")
    variables = tuple(re.split(r"[\s,;]+", cells["variable"])) if cells.get("variable") else ()
    if not cells["f"] or not cells["claim"]:
        return Claim(line, problem="f or its claim is empty")
    return Claim(line, cells["f"], cells["claim"], variables, how)


def of_page(text: str) -> Iterator[Claim]:
    """Yield the claims in the blocks of a page that begin with ```secant, one a line.

    >>> [str(claim) for claim in of_page("# Rules\\n```secant\\nd/dx x^3 = 3*x^2\\n```\\n")]
    ['d/dx x^3 = 3*x^2']
    """
    end, wanted = "", False
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.fullmatch(line)
        if not end:
            # A block of another kind may show one of claims.
            end, wanted = (fence["mark"], fence["info"] == "secant") if fence else ("", False)
        elif fence and fence["mark"].startswith(end) and not fence["info"]:
            end = ""
        elif wanted and line.strip() and not line.strip().startswith("#"):
            yield of_line(number, line.strip())


def of_line(number: int, line: str) -> Claim:
    """Return the claim of a line: d/dx F = CLAIM, grad F = CLAIM, hessian F = CLAIM or F = G, and then: where x > 0, y > 0.

    >>> of_line(7, "sqrt(x^2) = x where x > 0")
    Claim(line=7, f='sqrt(x^2)', claimed='x', variables=(), how={'order': 0, 'assume': ('x > 0',)}, problem='')
    >>> of_line(7, "d/dx dnorm(x, log = TRUE) = -x").f
    'dnorm(x, log = TRUE)'
    """
    text, _, assumed = line.partition(" where ")
    places = [place for place in top_level(text) if text[place] == "="]
    if len(places) != 1:
        return Claim(number, problem=f"{line!r} is not d/dx F = CLAIM, grad F = CLAIM, hessian F = CLAIM or F = G")
    left, claimed = text[: places[0]].strip(), text[places[0] + 1 :].strip()
    operator = OPERATOR.fullmatch(left)
    how: dict[str, Any] = {}
    variables: tuple[str, ...] = ()
    if operator is None:
        how["order"] = 0
    elif operator["hessian"]:
        how["order"] = 2
    elif operator["variable"]:
        variables = (operator["variable"],)
    if assumed:
        how["assume"] = tuple(part.strip() for part in assumed.split(",") if part.strip())
    left = operator["rest"] if operator else left
    if not left or not claimed:
        return Claim(number, problem=f"a side of {line!r} is empty")
    return Claim(number, left, claimed, variables, how)


def top_level(text: str) -> Iterator[int]:
    """Yield the places of single signs "=" outside of brackets."""
    depth = 0
    for i, character in enumerate(text):
        depth += (character in "([{") - (character in ")]}")
        around = text[max(i - 1, 0) : i] + text[i + 1 : i + 2]
        if character == "=" and depth == 0 and not set(around) & set("=<>!"):
            yield i
