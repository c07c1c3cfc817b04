"""Names in a query: tables, columns and parameters, none of which can end its quotes."""

import re
from collections.abc import Iterable, Sequence

from secantd.errors import CalculusError, Reason
from secantd.export.sql.dialects import Database
from secantd.render.names import spelled
from secantd.shown import prints, quoted

__all__ = ["checked_column", "output_names", "parameter_names", "table_name"]

DEFAULT = "data"
# Database, schema and table.
PARTS = 3
LONGEST = 255
PART = re.compile(r'"((?:[^"]|"")+)"|([^."]+)')


def table_name(text: str, database: Database) -> str:
    """Return the name of a table in quotes; "data" if `text` is empty.

    Args:
        text: A name, with those of its database and schema before it: main.points. A name with a dot is in double quotes.
        database: The database.

    Raises:
        CalculusError: INVALID_VALUE for anything else.

    >>> from secantd.export.sql.duckdb import DUCKDB
    >>> table_name("main.order", DUCKDB), table_name('"points.parquet"', DUCKDB)
    ('"main"."order"', '"points.parquet"')
    """
    text = text or DEFAULT
    parts: list[str] = []
    at = 0
    while True:
        found = PART.match(text, at)
        if found is None:
            break
        parts.append(found[1].replace('""', '"') if found[1] else found[2])
        at = found.end()
        if at == len(text) and len(parts) <= PARTS:
            return ".".join(database.quoted(checked(p, database, "table")) for p in parts)
        if text[at : at + 1] != ".":
            break
        at += 1
    raise CalculusError(
        Reason.INVALID_VALUE,
        f"{quoted(text)} is not the name of a table",
        'write points, schema.points or database.schema.points; a name with a dot or a quotation mark is in double quotes: "a.b"',
        field="table",
    )


def checked(name: str, database: Database, field: str) -> str:
    problem = ""
    if not name:
        problem = "a name is empty"
    elif not prints(name):
        problem = f"the name {quoted(name)} contains characters that do not print"
    elif len(name.encode()) > (database.longest or LONGEST):
        longest = database.longest or LONGEST
        problem = (
            f"the name {quoted(name)} is longer than {longest} bytes, which {database.language.title} does not take"
        )
    if problem:
        raise CalculusError(Reason.INVALID_VALUE, problem, "rename it, or make a view with another name", field=field)
    return name


def checked_column(names: Sequence[str], database: Database, field: str = "columns") -> tuple[str, ...]:
    """Return the names of columns.

    Raises:
        CalculusError: INVALID_VALUE for a name that the database does not take, or two that it takes for one.
    """
    found: dict[str, str] = {}
    for name in names:
        checked(name, database, field)
        same = found.setdefault(name.casefold() if database.folds else name, name)
        if same != name:
            raise CalculusError(
                Reason.INVALID_VALUE,
                f"the columns {quoted(same)} and {quoted(name)} differ in case only, which {database.language.title} ignores",
                "rename one of them in the formula",
                field=field,
            )
    return tuple(found.values())


def parameter_names(names: Iterable[str], columns: Sequence[str], database: Database) -> dict[str, str]:
    """Return an identifier for each parameter, different from each other and from `columns` in any case.

    >>> from secantd.export.sql.duckdb import DUCKDB
    >>> parameter_names(["a", "A", "x.1", "X"], ["x"], DUCKDB)
    {'a': 'a', 'A': 'A_2', 'x.1': 'x_1', 'X': 'X_2'}
    """
    taken = {c.casefold() for c in columns}
    found = {}
    for name, identifier in spelled(names, database.language.identifiers).items():
        word, count = identifier, 1
        while word.casefold() in taken:
            count += 1
            word = f"{identifier}_{count}"
        taken.add(word.casefold())
        found[name] = word
    return found


def output_names(variables: Sequence[str], order: int, kept: Sequence[str], database: Database) -> tuple[str, ...]:
    """Return the names of the value, the partials and the upper triangle of second partials.

    >>> from secantd.export.sql.duckdb import DUCKDB
    >>> output_names(["a", "b"], 2, ["id"], DUCKDB)
    ('value', 'd_a', 'd_b', 'd_a_a', 'd_a_b', 'd_b_b')
    """
    size = len(variables)
    names = ["value"]
    if order:
        names += [f"d_{v}" for v in variables]
    if order == 2:
        names += [f"d_{variables[i]}_{variables[j]}" for i in range(size) for j in range(i, size)]
    taken = {k.casefold() for k in kept}
    found = []
    for name in names:
        if database.longest:
            name = (
                name.encode()[: database.longest - 4].decode(errors="ignore")
                if len(name.encode()) > database.longest
                else name
            )
        word, count = name, 1
        while word.casefold() in taken:
            count += 1
            word = f"{name}_{count}"
        taken.add(word.casefold())
        found.append(word)
    return tuple(found)
