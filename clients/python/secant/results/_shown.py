"""How results show themselves: one line, a small table, HTML for notebooks, dicts for JSON, data frames."""

import dataclasses
import html
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

__all__ = ["Shown", "plain"]

# Rows of a table that are shown, from its beginning and its end.
HEAD, TAIL = 5, 5
# Characters of a result on one line.
WIDTH = 100
Table = dict[str, Sequence[Any]]
_NUMBER = 'style="text-align:right;padding:0 .6em"'
_TEXT = 'style="text-align:left;padding:0 .6em"'


class Shown:
    """The base class of all results."""

    __slots__ = ()

    # The names of fields in dicts, where these differ.
    _RENAMED: ClassVar[Mapping[str, str]] = {}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as a dict of numbers, texts, lists and dicts, which `json.dumps` takes.

        NaN and the infinities are the texts "NaN", "Infinity" and "-Infinity", as in protobuf's JSON; None is what is not known.

        >>> from secant.results.descent import Step
        >>> Step(number=1, point={"x": 2.0}, value=float("inf"), gradient_norm=4.0).to_dict()
        {'number': 1, 'point': {'x': 2.0}, 'value': 'Infinity', 'gradient_norm': 4.0}
        """
        found = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            if not field.name.startswith("_"):
                found[self._RENAMED.get(field.name, field.name)] = plain(getattr(self, field.name))
        return {**found, **plain(self._more())}

    def to_frame(self, library: Literal["pandas", "polars"] = "pandas") -> Any:
        """Return the table of the result as a data frame: partials, terms, points, steps or witnesses, one a row.

        Args:
            library: "pandas" or "polars", which must be installed.

        Raises:
            ImportError: The library is not installed.
            TypeError: The result has no table.
            ValueError: There is no such library.
        """
        table = self._table()
        if table is None:
            raise TypeError(f"a {type(self).__name__} has no table\nto_dict() returns its fields")
        if library == "pandas":
            import pandas

            return pandas.DataFrame(dict(table))
        if library == "polars":
            import polars

            return polars.DataFrame({name: list(column) for name, column in table.items()})
        raise ValueError(f"library must be pandas or polars; got {library!r}")

    def _more(self) -> dict[str, Any]:
        """Return what a dict has besides the fields."""
        return {}

    def _facts(self) -> dict[str, Any]:
        """Return what is shown beside the text; None is left out."""
        return {}

    def _known(self) -> dict[str, Any]:
        return {name: value for name, value in self._facts().items() if value is not None and not _is_empty(value)}

    def _table(self) -> Table | None:
        """Return the columns of the result by name."""
        return None

    def _title(self) -> str:
        """Return what is shown first."""
        return ""

    def _remarks(self) -> Sequence[str]:
        return tuple(getattr(self, "notices", ()))

    def _html_title(self) -> str:
        """Return the title in HTML, the escaped text."""
        return html.escape(f"{type(self).__name__} {self._title()}".strip())

    def _has_table(self) -> bool:
        """Whether the table is shown."""
        return False

    def __repr__(self) -> str:
        facts = {name: _text(value) for name, value in self._known().items()}
        title = _hanging(f"{type(self).__name__} ", self._title(), 1).rstrip()
        notes = [f"note: {notice}" for notice in self._remarks()]
        parts = [title, *[f"{name} = {value}" for name, value in facts.items()]]
        one = ", ".join(parts)
        if len(one) < WIDTH and "\n" not in one and not notes and not self._has_table():
            return f"<{one}>"
        lines = [title, *[_hanging(f"  {name} = ", value) for name, value in facts.items()]]
        if self._has_table():
            lines += ["  " + line for line in _aligned(self._table() or {})]
        return "<" + "\n".join([*lines, *[f"  {note}" for note in notes]]) + ">"

    def _repr_html_(self) -> str | None:
        facts = self._known()
        notes = "".join(f"<p>note: {html.escape(notice)}</p>" for notice in self._remarks())
        table = _html_table(self._table() or {}) if self._has_table() else ""
        if not (facts or notes or table):
            return None
        rows = "".join(
            f"<tr><td {_TEXT}>{html.escape(name)}</td><td {_TEXT}>{_html(value)}</td></tr>"
            for name, value in facts.items()
        )
        return f"<div>{self._html_title()}</div>" + (f"<table>{rows}</table>" if rows else "") + table + notes


def _is_empty(value: Any) -> bool:
    return isinstance(value, str | Mapping) and not value


def plain(value: Any) -> Any:
    """Return a value as JSON has it.

    >>> import numpy as np
    >>> plain({"x": np.array([1.0, np.nan])})
    {'x': [1.0, 'NaN']}
    """
    if isinstance(value, Shown):
        return value.to_dict()
    if dataclasses.is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name[0] != "_"}
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if hasattr(value, "compute"):
        # An array of Dask.
        return plain(value.compute())
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, bytes):
        import base64

        return base64.b64encode(value).decode()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value


def _text(value: Any) -> str:
    if hasattr(value, "ndim"):
        import numpy as np

        return np.array2string(np.asarray(value), threshold=50, max_line_width=WIDTH)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(entry)}" for name, entry in value.items())
    return repr(value) if isinstance(value, float) else str(value)


def _hanging(name: str, text: str, more: int = 0) -> str:
    """Return a name and a text, whose further lines begin below its first, with `more` blanks."""
    return name + text.replace("\n", "\n" + " " * (len(name) + more))


def _cell(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, float) else str(value)


def _shortened(table: Table) -> Iterable[Sequence[str]]:
    """Yield the names of the columns, and the first and last rows, with a row of dots for what is between."""
    yield list(table)
    columns = list(table.values())
    count = len(columns[0]) if columns else 0
    shown = range(count) if count <= HEAD + TAIL + 1 else [*range(HEAD), -1, *range(count - TAIL, count)]
    for row in shown:
        yield ["…"] * len(columns) if row < 0 else [_cell(_item(column[row])) for column in columns]


def _item(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _aligned(table: Table) -> list[str]:
    rows = list(_shortened(table))
    if not rows[0]:
        return []
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]


def _html_table(table: Table) -> str:
    names, *rows = _shortened(table)
    styles = [_TEXT if len(column) and isinstance(column[0], str) else _NUMBER for column in table.values()]

    def line(cells: Sequence[str], tag: str) -> str:
        inner = "".join(
            f"<{tag} {style}>{html.escape(cell)}</{tag}>" for cell, style in zip(cells, styles, strict=True)
        )
        return f"<tr>{inner}</tr>"

    return f"<table>{line(names, 'th')}{''.join(line(row, 'td') for row in rows)}</table>"


def _html(value: Any) -> str:
    if getattr(value, "ndim", 0) == 2 and value.size and max(value.shape) <= HEAD + TAIL:
        rows = "".join("<tr>" + "".join(f"<td {_NUMBER}>{x:.7g}</td>" for x in row) + "</tr>" for row in value.tolist())
        return f'<table style="border-left:1px solid;border-right:1px solid">{rows}</table>'
    text = f"{value:.10g}" if isinstance(value, float) else _text(value)
    return f'<span style="white-space:pre-wrap">{html.escape(text)}</span>'
