"""SQL for PostgreSQL and Spark: sqlglot reads it, and DuckDB runs what sqlglot translates.

`SECANT_TEST_POSTGRESQL='-h HOST -U USER'`, arguments of psql, runs it in PostgreSQL as well.
"""

import os
import shlex
import subprocess

import pytest
from in_sql import Database, different, exported, literal, parameters_of, quoted
from secantd.errors import CalculusError
from secantd.export.sql import Dialect
from test_values import STEP, WITH_DATA, golden, table

sqlglot = pytest.importorskip("sqlglot", reason="sqlglot is not installed: pip install sqlglot")

NAMES = {Dialect.DUCKDB: "duckdb", Dialect.POSTGRESQL: "postgres", Dialect.SPARK: "spark"}
BOTH = [Dialect.POSTGRESQL, Dialect.SPARK]
# Functions that sqlglot takes for DuckDB's own.
MACROS = [
    "log1p(x) AS CASE WHEN abs(x) < 0.5 THEN 2 * atanh(x/(2 + x)) ELSE ln(1 + x) END",
    "expm1(x) AS CASE WHEN abs(x) < 1 THEN 2 * sinh(x/2) * exp(x/2) ELSE exp(x) - 1 END",
    "rint(x) AS round_even(x, 0)",
]
CONNECTION = os.environ.get("SECANT_TEST_POSTGRESQL")


def able(cases, dialect, order):
    """Return the cases that a dialect can compute, each with its query."""
    found = []
    for case in cases:
        try:
            found.append((case, exported(case.text, (), order, data=case.data, table="points", dialect=dialect)))
        except CalculusError:
            continue
    return found


def columns_of(case):
    """Return the table on which a query is run: its data, or the points."""
    if case.data:
        return {n: v for n, v in case.data.items() if len(v) > 1}
    names = case.function.variables
    return dict(zip(names, zip(*case.points, strict=True), strict=True)) or {"x": [1.0] * len(case.points)}


def several(order):
    """Return formulas of all kinds; the functions of the table only without derivatives, where they are many."""
    cases = [*golden()[:: 4 * STEP], *WITH_DATA[:-3]]
    return cases if order else [*cases, *table()[:: 2 * STEP]]


@pytest.mark.parametrize("dialect", Dialect)
def test_sqlglot_reads_the_sql_of_every_dialect_as_one_select(dialect):
    found = able(several(0), dialect, 0)
    assert len(found) > 25
    for case, code in found:
        (tree,) = sqlglot.parse(code.text, read=NAMES[dialect])
        assert isinstance(tree, sqlglot.exp.Select), case.text
        assert tree.named_selects == ["value"]


@pytest.mark.parametrize("order", [0, 2])
@pytest.mark.parametrize("dialect", BOTH)
def test_sql_of_other_dialects_has_the_values_of_evaluate_where_duckdb_runs_its_translation(dialect, order, tmp_path):
    database = Database(tmp_path)
    for macro in MACROS:
        database.connection.execute(f"CREATE MACRO {macro}")
    wrong = []
    for case, code in able(several(order), dialect, order):
        if case.text == "round(a)" and dialect is Dialect.POSTGRESQL:
            # PostgreSQL rounds halves to even numbers, DuckDB's round() does not.
            continue
        (text,) = sqlglot.transpile(code.text, read=NAMES[dialect], write="duckdb")
        database.connection.execute(
            f"CREATE OR REPLACE VIEW points AS SELECT * FROM {database.table(columns_of(case))}"
        )
        rows = []
        for at in parameters_of(case, code):
            names = {p if dialect is Dialect.SPARK else str(k): at[p] for k, p in enumerate(code.parameters, 1)}
            rows += database.rows(text, names)
        wrong += different(case, rows, order)
    assert wrong == []


@pytest.mark.skipif(not CONNECTION, reason="SECANT_TEST_POSTGRESQL is not set")
@pytest.mark.parametrize("order", [0, 2])
def test_postgresql_has_the_values_of_evaluate(order):
    found = able(several(order), Dialect.POSTGRESQL, order)
    script = []
    for k, (case, code) in enumerate(found):
        columns = columns_of(case)
        rows = [f"({', '.join(map(literal, row))})" for row in zip(*columns.values(), strict=True)]
        names = ", ".join(map(quoted, columns))
        script += [
            "DROP TABLE IF EXISTS points;",
            f"CREATE TEMP TABLE points AS SELECT * FROM (VALUES {', '.join(rows)}) AS t({names});".replace(
                "DOUBLE", "float8"
            ),
            f"\\echo case {k}",
            f"PREPARE q{k} AS {code.text.rstrip()};",
        ]
        for at in parameters_of(case, code):
            values = ", ".join(literal(at[p]).replace("DOUBLE", "float8") for p in code.parameters)
            script.append(f"EXECUTE q{k}{f'({values})' if values else ''};")
    command = ["psql", *shlex.split(CONNECTION), "-q", "-t", "-A", "-F", "|", "-X", "-v", "ON_ERROR_STOP=1"]
    ran = subprocess.run(command, input="\n".join(script), capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[:500]
    wrong = []
    for part, (case, _) in zip(ran.stdout.split("case ")[1:], found, strict=True):
        rows = [[float(v) for v in line.split("|")] for line in part.splitlines()[1:] if line]
        wrong += different(case, rows, order)
    assert wrong == []


@pytest.mark.parametrize(
    ("dialect", "placeholders", "quotes"),
    [
        (Dialect.POSTGRESQL, ("$1", "$2"), '"x"'),
        (Dialect.SPARK, (":a", ":b_1"), "`x`"),
        (Dialect.DUCKDB, ("$a", "$b_1"), '"x"'),
    ],
)
def test_every_dialect_has_its_own_placeholders_and_quotes(dialect, placeholders, quotes):
    code = exported("(a + b.1*x)^2", ("a", "b.1"), columns=("x",), dialect=dialect)
    assert code.parameters == ("a", "b_1")
    assert all(f"CAST({p} AS " in code.text for p in placeholders)
    assert quotes in code.text


def test_names_that_postgresql_would_cut_are_refused():
    with pytest.raises(CalculusError, match="longer than 63 bytes"):
        exported("x" * 70, dialect=Dialect.POSTGRESQL)
    assert exported("x*X", dialect=Dialect.POSTGRESQL).columns == ("x", "X")


@pytest.mark.parametrize(
    ("text", "hint"),
    [("x %% y", "R, Python, C, Julia, Stan, JavaScript, SQL for DuckDB and SQL for Spark"), ("prod(x)", "")],
)
def test_what_postgresql_lacks_is_refused_with_the_languages_that_have_it(text, hint):
    with pytest.raises(CalculusError, match="cannot be computed in SQL for PostgreSQL") as caught:
        exported(text, columns=("x",), order=0, dialect=Dialect.POSTGRESQL)
    assert hint in caught.value.hint


def test_the_notices_of_a_dialect_are_in_the_query():
    assert "raises an error where" in exported("x^2", dialect=Dialect.POSTGRESQL).text
    assert "does not compensate" not in exported("x^2", dialect=Dialect.SPARK).text
    assert "does not compensate" in exported("sum(x)", columns=("x",), dialect=Dialect.SPARK).text
    assert "Note" not in exported("sum(a*x)", columns=("x",)).text


@pytest.mark.parametrize("dialect", BOTH)
def test_dialects_that_have_plain_sums_only_write_the_same_query_where_they_are_requested(dialect):
    how = {"columns": ("x",), "dialect": dialect}
    assert exported("sum(a*x)", plain_sums=True, **how).text == exported("sum(a*x)", **how).text
