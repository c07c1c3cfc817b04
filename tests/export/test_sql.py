"""SQL, run by DuckDB: its numbers are those of Evaluate, and no name ends its quotes."""

import math
from random import Random

import formulas
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from in_sql import Database, exported, in_duckdb, literal
from running import Case, close, expected
from secantd.errors import CalculusError
from secantd.language import Notation
from test_values import WITH_DATA, golden, part, served, table

DIGITS = 1e-12


@pytest.mark.parametrize("order", [0, 1])
def test_every_function_that_sql_has_gets_the_values_of_evaluate(order, tmp_path):
    cases = served(part(table(), Notation.SQL)[:: 1 + order], Notation.SQL, order)
    assert len(cases) > 15
    assert in_duckdb(cases, order, tmp_path) == []


def test_sql_for_the_source_material_has_the_values_of_evaluate(tmp_path):
    cases = served(part(golden(), Notation.SQL), Notation.SQL, 2)
    assert len(cases) > 25
    assert in_duckdb(cases, 2, tmp_path) == []


def test_sql_for_random_formulas_has_the_values_of_evaluate(tmp_path):
    chance = Random("sql")
    cases = []
    for _ in range(30):
        text = formulas.formula(chance, 4)
        points = [[chance.uniform(low, 3) for _ in Case(text, []).function.variables] for low in (-2, 0.1)]
        cases.append(Case(text, points))
    assert in_duckdb(served(cases, Notation.SQL, 2), 2, tmp_path) == []


@pytest.mark.parametrize("order", [0, 1, 2])
def test_sums_over_columns_have_the_values_of_evaluate(order, tmp_path):
    able = served(WITH_DATA, Notation.SQL, order)
    # y[2] is a row by its number, and one row only is a column of one row.
    assert len(able) == len(WITH_DATA) - 1
    assert in_duckdb([c for c in able if len(next(iter(c.data.values()))) > 1], order, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "columns", "at"),
    [
        ("sum((y - a - b*x)^2)", ("x", "y"), {"a": 0.3, "b": -1.5}),
        ("log(sum(exp(a*x))) + mean(y)^b", ("x", "y"), {"a": 0.7, "b": 2.0}),
        ("sum((x - mean(x))^2)/(length(x) - 1)*a", ("x",), {"a": 2.0}),
        ("sqrt(sum((a*x - sum(y*b)/length(y))^2)/sum(x))", ("x", "y"), {"a": 0.7, "b": 1.2}),
        ("max(a*x) - min(x) + prod(y/a)", ("x", "y"), {"a": 1.3}),
        ("sum(x*a/length(x))", ("x",), {"a": 1.3}),
        ("sum(x*a)*length(y)", ("x", "y"), {"a": 1.3}),
    ],
)
def test_columns_without_data_are_enough_for_sums_and_functions_of_sums(text, columns, at, tmp_path):
    chance = np.random.default_rng(3)
    data = {c: chance.uniform(0.2, 2.0, 101) for c in columns}
    code = exported(text, tuple(at), 2, columns=columns, table="t")
    database = Database(tmp_path)
    database.connection.execute(f"CREATE VIEW t AS SELECT * FROM {database.table(data)}")
    (got,) = database.rows(code.text, {p: at[p] for p in code.parameters})
    (right,) = expected(Case(text, [list(at.values())], data), 2)
    size = len(at)
    upper = [right[1 + size + i * size + j] for i in range(size) for j in range(i, size)]
    order = Case(text, [], data).function.variables
    assert order == tuple(at)
    assert all(close(a, b, DIGITS, 1e-3) for a, b in zip(got, [*right[: 1 + size], *upper], strict=True))


def test_sums_keep_what_rounding_would_take(tmp_path):
    database = Database(tmp_path)
    code = exported("sum(x)", columns=("x",), table=database.table({"x": [1e16, *[1.0] * 1000, -1e16]}))
    assert database.rows(code.text) == [[1000.0]]


def test_plain_sums_lose_what_rounding_takes_and_the_query_states_it(tmp_path):
    database = Database(tmp_path)
    table = database.table({"x": [1e16, 1.0, -1e16]})
    plain = exported("sum(x)", columns=("x",), table=table, plain_sums=True)
    assert database.rows(plain.text) == [[0.0]]
    assert "-- Note: sums are plain, as requested: DuckDB does not compensate their rounding" in plain.text
    compensated = exported("sum(x)", columns=("x",), table=table)
    assert database.rows(compensated.text) == [[1.0]]
    assert "are plain" not in compensated.text


@pytest.mark.parametrize(
    "text", ["sum(dnorm(y, a, b, log = TRUE))", "sum((y - a - b*x)^2)", "mean(exp(a*x))^b + log(sum(y)) - max(a*y)"]
)
def test_plain_sums_of_moderate_numbers_are_the_compensated_ones(text, tmp_path):
    chance = np.random.default_rng(5)
    database = Database(tmp_path)
    table = database.table({c: chance.uniform(0.5, 2.0, 5000) for c in ("x", "y")})
    how = {"columns": [c for c in ("x", "y") if f"{c})" in text or f"{c}," in text or f"({c} " in text], "table": table}
    plain, compensated = (exported(text, ("a", "b"), 2, plain_sums=kind, **how) for kind in (True, False))
    assert ("fsum(" in plain.text, "fsum(" in compensated.text) == (False, True)
    at = {"a": 0.7, "b": 1.3}
    (got,), (right,) = (database.rows(code.text, at) for code in (plain, compensated))
    assert got == pytest.approx(right, rel=1e-9)


def test_plain_sums_have_the_values_of_compensated_ones_at_null_nan_infinity_and_no_rows(tmp_path):
    database = Database(tmp_path)
    for rows in ("(1), (NULL)", f"(1), ({literal(math.nan)})", f"(1), ({literal(math.inf)})", "", "(1e308), (1e308)"):
        database.connection.execute("CREATE OR REPLACE TABLE data (x DOUBLE)")
        if rows:
            database.connection.execute(f"INSERT INTO data VALUES {rows}")
        plain, compensated = (
            database.rows(exported("sum(x)", columns=("x",), plain_sums=kind).text) for kind in (True, False)
        )
        assert plain[0] == pytest.approx(compensated[0], nan_ok=True), rows


@pytest.mark.parametrize("text", ["x^2", "max(x) + min(x)"])
def test_a_query_without_sums_states_that_plain_sums_have_no_effect(text):
    plain = exported(text, columns=("x",), plain_sums=True).text
    line = "-- Note: the query adds no rows, so plain_sums has no effect\n"
    assert line in plain
    assert plain.replace(line, "") == exported(text, columns=("x",)).text


def test_a_row_with_null_is_null_and_a_sum_with_one_is_nan(tmp_path):
    database = Database(tmp_path)
    database.connection.execute("CREATE TABLE data AS SELECT * FROM (VALUES (1, 2), (NULL, 3), (4, NULL)) AS t(x, y)")
    run = database.connection.execute
    for text in (
        "x + y",
        "x^2*y",
        "ifelse(x > y, x, y)",
        "pmax(x, y)",
        "pmin(x, y)",
        "pnorm(x, y, 1)",
        "x %% y",
        "(x > 0) & (y < 9)",
    ):
        values = [row[0] for row in run(exported(text, order=0).text).fetchall()]
        assert values[0] is not None, text
        assert values[1:] == [None, None], text
    assert [r[0] for r in run(exported("ifelse(is.na(x), 0, x)", order=0).text).fetchall()] == [1.0, 0.0, 4.0]
    for text in ("sum(x)", "max(x*a)", "min(x)", "prod(x)", "mean(x) + a"):
        code = (
            exported(text, ("a",), order=0, columns=("x",))
            if "a" in text.replace("max", "").replace("mean", "")
            else exported(text, order=0, columns=("x",))
        )
        (row,) = database.rows(code.text, dict.fromkeys(code.parameters, 1.0))
        assert math.isnan(row[0]), text
    code = exported("sum(y*0 + 1) + a", ("a",), 0, columns=("y",))
    assert math.isnan(database.rows(code.text, {"a": None})[0][0])
    assert database.rows("SELECT count(*) FROM data") == [[3]]


def test_no_rows_have_the_sum_nought_and_the_product_one(tmp_path):
    database = Database(tmp_path)
    database.connection.execute("CREATE TABLE data (x DOUBLE)")
    text = "sum(x)*100 + prod(x)*10 + length(x)"
    assert database.rows(exported(text, columns=("x",)).text) == [[10.0]]
    assert database.rows(exported("max(x)", columns=("x",)).text) == [[-math.inf]]
    assert database.rows(exported("min(x)", columns=("x",)).text) == [[math.inf]]


@pytest.mark.parametrize("kind", ["INTEGER", "DECIMAL(9, 3)", "BIGINT", "FLOAT", "TINYINT", "HUGEINT"])
def test_columns_of_every_number_type_are_doubles(kind, tmp_path):
    database = Database(tmp_path)
    database.connection.execute(
        f"CREATE TABLE data AS SELECT CAST(x AS {kind}) AS x, CAST(y AS {kind}) AS y FROM (VALUES (7, 2), (100, 100)) t(x, y)"
    )
    got = database.rows(exported("x/y + x*x*x*x*x*x", order=0).text)
    assert got == [[7**6 + 3.5], [1e12 + 1.0]]


def test_values_that_no_number_has_are_those_of_ieee_754(tmp_path):
    database = Database(tmp_path)
    database.connection.execute(
        f"CREATE TABLE data AS SELECT * FROM (VALUES (0.0), (-0.0), ({literal(math.nan)}), (-1.0), (800.0)) t(x)"
    )
    for text, right in {
        "1/x": [math.inf, math.nan],
        "log(x)": [-math.inf, math.nan],
        "exp(x*x)": [1.0, math.nan],
        "x > 0.5": [0.0, math.nan],
    }.items():
        values = [row[0] for row in database.rows(exported(text, order=0).text)]
        assert [values[0], values[2]] == pytest.approx(right, nan_ok=True), text
    assert database.rows(exported("exp(x*x)", order=0).text)[4] == [math.inf]
    assert database.rows(exported("sqrt(x)", order=0).text)[3] == pytest.approx([math.nan], nan_ok=True)


LETTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])
NAMES = st.text(LETTERS, min_size=1, max_size=20)


@given(table=NAMES, column=NAMES, parameter=NAMES)
@example(table="select", column="order", parameter="from")
@example(table='a"b', column='x"; DROP TABLE data; --', parameter="x' OR 1=1")
@example(table="step1", column="t1", parameter="T1")
@example(table="t_row", column="t_one", parameter="t_kept1")
@example(table="a.b", column="x AS y", parameter="a,b")
@example(table="value", column="d_x", parameter="D_X")
def test_names_are_names_whatever_they_contain(table, column, parameter):
    def text_of(name):
        return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"

    if column == parameter:
        parameter += "2"
    try:
        code = exported(
            f"sum({text_of(column)} * {text_of(parameter)}^2)",
            order=1,
            columns=(column,),
            table='"' + table.replace('"', '""') + '"',
        )
    except CalculusError as error:
        # Names that no formula can have.
        if error.reason.name not in ("SYNTAX_ERROR", "UNKNOWN_VARIABLE"):
            raise
        return
    connection = Database.shared().cursor()
    connection.execute("BEGIN")
    try:
        quoted = ['"' + n.replace('"', '""') + '"' for n in (table, column)]
        connection.execute(f"CREATE TABLE {quoted[0]} ({quoted[1]} DOUBLE)")
        connection.execute(f"INSERT INTO {quoted[0]} VALUES (1.5), (2.5)")
        (row,) = connection.execute(code.text, {code.parameters[0]: 3.0}).fetchall()
        assert row == (36.0, 24.0)
    finally:
        connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    ("text", "how", "problem"),
    [
        ("x^2", {"table": "a..b"}, "is not the name of a table"),
        ("x^2", {"table": 'a"b'}, "is not the name of a table"),
        ("x^2", {"table": "a.b.c.d"}, "is not the name of a table"),
        ("x^2", {"table": '"a" ; DROP TABLE b'}, "is not the name of a table"),
        ("x^2", {"table": "a\nb"}, "do not print"),
        ("x^2", {"table": "x" * 300}, "longer than 255 bytes"),
        ("x^2", {"columns": ("z",)}, "'z' does not occur"),
        ("x*X", {"columns": ("x", "X")}, "differ in case only"),
        ("sum(x)", {"columns": ("x",), "keep": ("id",)}, "no rows to keep columns of"),
        ("sum(x) + x[1]", {"columns": ("x",)}, "single rows of a column"),
        ("besselJ(x, 1)", {}, "besselJ\\(x, nu\\) cannot be computed in SQL for DuckDB"),
        ("pgamma(x, 2)", {}, "pgamma.* cannot be computed in SQL for DuckDB"),
        ("c(x, x^2)", {}, "vector"),
        ("length(x)*a", {"columns": ("x",)}, "the length of a column, or single rows of it, but no value of all rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(text, how, problem):
    with pytest.raises(CalculusError, match=problem):
        exported(text, **how)


def test_an_error_names_the_languages_that_have_a_function():
    with pytest.raises(CalculusError) as caught:
        exported("pgamma(x, 2)")
    assert caught.value.hint == "it is available in R, Python, C, Julia, Stan and JavaScript"


def test_columns_of_the_table_can_be_kept_beside_the_values(tmp_path):
    database = Database(tmp_path)
    database.connection.execute(
        "CREATE TABLE data AS SELECT * FROM (VALUES ('a', 3, 2.0), ('b', 4, 5.0)) t(id, value, x)"
    )
    found = database.connection.execute(exported("x^2", keep=("id", "value"), order=1).text)
    assert [d[0] for d in found.description] == ["id", "value", "value_2", "d_x"]
    assert found.fetchall() == [("a", 3, 4.0, 4.0), ("b", 4, 25.0, 10.0)]


@pytest.mark.parametrize(
    ("text", "variables", "parameters", "columns"),
    [
        ("x^2*y", (), (), ("x", "y")),
        ("(y - a - b*x)^2", ("a", "b"), ("a", "b"), ("y", "x")),
        ("sum((y - a - b*x)^2)", ("a", "b"), ("a", "b"), ("y", "x")),
        ("function(a, b) (y - a - b*x)^2", (), ("a", "b"), ("x", "y")),
        ("function(x) x^2", (), (), ("x",)),
        ("x^2", ("x",), (), ("x",)),
    ],
)
def test_without_declared_columns_names_of_derivatives_are_parameters(text, variables, parameters, columns):
    code = exported(text, variables)
    assert (code.parameters, code.columns) == (parameters, columns)


def test_a_value_that_is_used_twice_is_computed_once():
    code = exported("exp(sin(x)) + exp(sin(x))^2 + cos(x)", order=1).text.partition("WITH")[2]
    assert code.count("sin(") == code.count("cos(") == 1


def test_values_of_the_parameters_alone_are_computed_once_and_not_for_each_row():
    code = exported("sum((y - exp(lgamma(a)))^2)", ("a",), order=0).text.partition("WITH")[2]
    before, _, after = code.partition('FROM "data"')
    assert (before.count("lgamma"), after.count("lgamma")) == (1, 0)
    assert before.index("lgamma") < before.index('"y"')
