"""Fits inside a database, from Python and from the shell."""

import json
import math
import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from secant.command import fit as command  # noqa: F401
from secant.command.app import app
from secant.errors import InvalidArgument, Unimplemented

duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install duckdb")

from secant.sql import database, descend_over, fit  # noqa: E402
from secant.sql.newton import End, newton  # noqa: E402

LOGISTIC = "y*(a + b*x) - log(1 + exp(a + b*x))"
DOCS = Path(__file__).parents[2] / "docs" / "scale.md"


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Return a database with a table of 400 rows and views with faults."""
    path = tmp_path_factory.mktemp("fit") / "clinic.db"
    with duckdb.connect(str(path)) as made:
        made.execute("""
            CREATE TABLE visits AS SELECT sin(i) AS x, (sin(i) + cos(3*i) > 0.2)::INTEGER AS y, 'a' || i AS name FROM range(400) t(i);
            CREATE VIEW "select from" AS SELECT x AS "order by", y AS "a""b" FROM visits;
            CREATE VIEW gaps AS SELECT x, CASE WHEN x > 0.9 THEN NULL ELSE y END AS y FROM visits;
            CREATE VIEW separable AS SELECT x, (x > 0.1)::INTEGER AS y FROM visits;
            CREATE VIEW nothing AS SELECT * FROM visits WHERE false;
        """)
    return path


@pytest.fixture
def run():
    def invoke(*args):
        found = CliRunner().invoke(app, ["fit", *map(str, args)])
        assert not found.exception or isinstance(found.exception, SystemExit), found.exception
        return found

    return invoke


def test_a_fit_needs_a_query_for_each_step_and_one_to_count(file):
    found = fit(LOGISTIC, f"duckdb:{file}", "visits")
    assert found.reason == "CONVERGED"
    assert found.queries == found.steps + 2 <= 9
    assert np.abs(found.gradient).max() < 1e-9
    assert found.covariance == pytest.approx(np.linalg.inv(-found.hessian))
    assert list(found.standard_errors.values()) == pytest.approx(np.sqrt(np.diag(found.covariance)).tolist())


def test_a_loss_is_minimized_with_the_same_estimates_and_a_notice(file):
    loss = fit(f"-({LOGISTIC})", f"duckdb:{file}", "visits", maximize=False)
    found = fit(LOGISTIC, f"duckdb:{file}", "visits")
    assert loss.estimates == pytest.approx(found.estimates)
    assert loss.standard_errors == pytest.approx(found.standard_errors)
    assert loss.value == pytest.approx(-found.value)
    assert loss.notices == ("standard errors take the loss as a negative log-likelihood",)


def test_plain_sums_give_the_estimates_of_compensated_ones_with_a_notice(run, file):
    notice = "sums are plain, as requested: DuckDB does not compensate their rounding"
    found = fit(LOGISTIC, f"duckdb:{file}", "visits")
    plain = fit(LOGISTIC, f"duckdb:{file}", "visits", plain_sums=True)
    assert (plain.reason, plain.notices, found.notices) == ("CONVERGED", (notice,), ())
    assert plain.estimates == pytest.approx(found.estimates, rel=1e-9)
    assert plain.standard_errors == pytest.approx(found.standard_errors, rel=1e-9)
    gaps = fit(LOGISTIC, f"duckdb:{file}", "gaps", skip_missing=True, plain_sums=True)
    assert gaps.estimates == pytest.approx(fit(LOGISTIC, f"duckdb:{file}", "gaps", skip_missing=True).estimates)
    shown = run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits", "--plain-sums")
    assert (shown.exit_code, shown.stderr) == (0, f"note: {notice}\n")
    how = {"method": "newton", "maximize": True, "tolerance": 1e-7}
    outcome = descend_over(LOGISTIC, f"duckdb:{file}", "visits", {"a": 0, "b": 0}, plain_sums=True, **how).result()
    assert outcome.point == pytest.approx(found.estimates, rel=1e-9)
    assert outcome.notices == (notice,)
    assert descend_over(LOGISTIC, f"duckdb:{file}", "visits", {"a": 0, "b": 0}, **how).result().notices == ()


def test_a_fit_and_a_descent_add_with_plain_sums_only_where_these_are_requested():
    connection = duckdb.connect()
    connection.execute("CREATE TABLE far AS SELECT * FROM (VALUES (1e16), (1.0), (-1e16)) t(x)")
    for plain, total in ((False, 1.0), (True, 0.0)):
        found = fit("x - a^2", connection, "far", plain_sums=plain)
        assert found.value == total
        outcome = descend_over("a^2 - x", connection, "far", {"a": 0}, plain_sums=plain).result()
        assert outcome.value == -total


def test_names_of_tables_and_columns_may_be_words_of_sql(file):
    text = LOGISTIC.replace("y", '`a"b`').replace("*x", "*`order by`")
    found = fit(text, f"duckdb:{file}", '"select from"')
    assert found.estimates == pytest.approx(fit(LOGISTIC, f"duckdb:{file}", "visits").estimates)


def test_rows_with_missing_values_are_an_error_or_left_out(file):
    with pytest.raises(InvalidArgument, match=r"\d+ of 400 rows of 'gaps' have missing values"):
        fit(LOGISTIC, f"duckdb:{file}", "gaps")
    found = fit(LOGISTIC, f"duckdb:{file}", "gaps", skip_missing=True)
    assert found.rows + found.skipped == 400
    with duckdb.connect(str(file), read_only=True) as c:
        c.execute("CREATE TEMP VIEW kept AS SELECT * FROM gaps WHERE y IS NOT NULL")
        assert found.estimates == fit(LOGISTIC, c, "kept").estimates


@pytest.mark.parametrize(
    ("text", "table", "how", "reason", "words"),
    [
        (LOGISTIC, "separable", {}, "DIVERGED", "separable"),
        (f"-({LOGISTIC})", "visits", {}, "DIVERGED", "minimize it"),
        ("y*(a + c + b*x) - log(1 + exp(a + c + b*x))", "visits", {}, "SINGULAR", "a and c cannot be distinguished"),
        ("y*(a + 0*d + b*x) - log(1 + exp(a + b*x))", "visits", {}, "SINGULAR", "d cannot be distinguished"),
        (LOGISTIC, "visits", {"max_steps": 1}, "STEPS_SPENT", "allow more steps"),
        ("a*x", "visits", {}, "DIVERGED", "check the formula"),
        ("a^2*x^2 - a^4", "visits", {}, "SINGULAR", "start elsewhere"),
    ],
)
def test_what_has_no_maximum_ends_with_a_reason(file, text, table, how, reason, words):
    found = fit(text, f"duckdb:{file}", table, **how)
    assert found.reason == reason
    assert words in found.message
    assert all(map(math.isnan, found.standard_errors.values())) or reason == "STEPS_SPENT"


@pytest.mark.parametrize(
    ("source", "table", "text", "start", "problem"),
    [
        ("duckdb:no/such.db", "visits", LOGISTIC, None, "there is no file 'no/such.db'\ngive the path"),
        ("sqlite:clinic.db", "visits", LOGISTIC, None, "'sqlite:clinic.db' is not a database\nwrite duckdb:FILE"),
        (__file__, "visits", LOGISTIC, None, "is not a database"),
        (f"duckdb:{__file__}", "visits", LOGISTIC, None, "cannot be opened as a DuckDB database"),
        ("", "visit", LOGISTIC, None, "there is no table 'visit' in the database\nits tables are"),
        ("", "a..b", LOGISTIC, None, "'a..b' is not the name of a table"),
        ("", "nothing", LOGISTIC, None, "the table 'nothing' has no rows"),
        ("", "visits", "name*a", None, "the column 'name' of 'visits' has the type VARCHAR, which is not a number"),
        ("", "visits", "a^2", None, "contains no column of the table"),
        ("", "visits", "x^2", None, "no parameters"),
        ("", "visits", "sum(x*a)", None, "vectors or matrices"),
        ("", "visits", "x ^ * a", None, "expected a number"),
        ("", "visits", LOGISTIC, {"a": 0}, "the start has no value for 'b', which is no column of 'visits'"),
        ("", "visits", LOGISTIC, {"a": 0, "b": 0, "y": 1}, "'y' in the start is a column"),
        ("", "visits", LOGISTIC, {"a": 0, "b": 0, "q": 1}, "'q' in the start does not occur"),
        ("", "visits", LOGISTIC, {"a": 0, "b": math.inf}, "the start is not finite"),
        ("", "visits", "dnorm(x, m, s, log = TRUE)", None, r"the sum is not finite at the start \(m = 0, s = 0\)"),
        ("", "visits", "y*a - exp(naem*a)", {"a": 0}, "'naem', which is no column of 'visits'\nthe table has a column 'name'"),
        ("", "visits", "a*besselJ(x, 1)", None, r"besselJ\(x, nu\) cannot be computed in SQL for DuckDB"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_refused_with_its_place(file, source, table, text, start, problem):
    with pytest.raises(InvalidArgument, match=problem):
        fit(text, source or f"duckdb:{file}", table, start)


def test_columns_can_be_named_and_a_missing_one_is_an_error(file):
    with pytest.raises(InvalidArgument, match="has no column 'z'\nits columns are x, y, name"):
        fit(LOGISTIC, f"duckdb:{file}", "visits", columns=["x", "z"])
    found = fit("-(x - y)^2", f"duckdb:{file}", "visits", columns=["x"])
    assert list(found.estimates) == ["y"]


def test_a_parameter_like_a_column_has_a_notice(file):
    found = fit("-(x - Name)^2", f"duckdb:{file}", "visits")
    assert found.notices == ("'Name' is a parameter; the table has a column 'name'",)


def test_without_duckdb_the_error_names_the_extra(file, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(Unimplemented, match=re.escape('pip install "secant[sql]"')):
        fit(LOGISTIC, f"duckdb:{file}", "visits")


def test_an_interrupted_query_is_ctrl_c(file):
    class Interrupted:
        def __init__(self, connection):
            self.connection = connection

        def execute(self, query, *parameters):
            if "fsum" in query:
                raise RuntimeError("Query interrupted")
            return self.connection.execute(query, *parameters)

    with duckdb.connect(str(file), read_only=True) as c, pytest.raises(KeyboardInterrupt):
        fit(LOGISTIC, Interrupted(c), "visits")


def test_a_file_is_opened_for_reading_only(file):
    with database.opened(f"duckdb:{file}") as c, pytest.raises(duckdb.Error, match="read-only"):
        c.execute("CREATE TABLE other (x INT)")


def test_the_command_prints_a_table_and_exits_by_the_reason(run, file):
    found = run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits")
    lines = found.stdout.splitlines()
    assert lines[0].split() == ["estimate", "std.", "error", "z", "Pr(>|z|)"]
    assert [line.split()[0] for line in lines[1:3]] == ["a", "b"]
    assert lines[4].startswith("maximum of the sum: -")
    assert (found.exit_code, lines[5].partition(":")[0]) == (0, "CONVERGED")
    assert run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "separable").exit_code == 4
    assert run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits", "--max-steps", 1).exit_code == 3
    assert run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits", "--tolerance", "nan").exit_code == 2
    assert run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits", "--start", "b=[1,2]").exit_code == 2


def test_the_command_prints_json(run, file):
    found = json.loads(
        run(LOGISTIC, "--sql", f"duckdb:{file}", "--table", "visits", "--start", "a=0,b=0", "--json").stdout
    )
    assert list(found["estimates"]) == list(found["standard_errors"]) == ["a", "b"]
    assert (found["reason"], found["rows"], len(found["covariance"])) == ("CONVERGED", 400, 2)


def test_a_file_is_a_table_of_a_database_in_memory(run, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("x,y\n0,1\n1,3\n2,6\n")
    found = run("-(y - a - b*x)^2", "--sql", "duckdb:", "--table", f'"{path}"', "--json")
    assert json.loads(found.stdout)["estimates"] == pytest.approx({"a": 5 / 6, "b": 2.5})


def test_steps_are_halved_until_the_sum_falls():
    def steep(x, order):
        return float(np.sqrt(1.0 + x @ x)), x / np.sqrt(1.0 + x @ x), np.diag((1.0 + x * x) ** -1.5)

    *points, end = newton(steep, np.array([3.0]), 1e-12, 50)
    assert end == End("CONVERGED")
    assert points[-1].x == pytest.approx([0.0], abs=1e-9)
    assert any(p.halvings for p in points)
    assert all(b.f <= a.f for a, b in pairwise(points))


def test_the_examples_of_the_page_print_what_it_shows():
    section = DOCS.read_text().partition("## Inside the database")[2].partition("\n## ")[0]
    blocks = re.findall(r"```python\n(.*?)```\n\n```\n(.*?)```", section, re.DOTALL)
    assert len(blocks) == 2
    for code, shown in blocks:
        printed: list[str] = []
        exec(code, {"print": lambda *values, into=printed: into.append(" ".join(map(str, values)))})
        assert "\n".join(printed) + "\n" == shown


@pytest.mark.parametrize("method", ["newton", "bfgs", "lbfgs", "conjugate_gradient"])
def test_every_method_of_descend_finds_the_estimates_of_a_fit(file, method):
    found = fit(LOGISTIC, f"duckdb:{file}", "visits")
    start = {"a": 0, "b": 0}
    how = {"method": method, "maximize": True, "tolerance": 1e-7}
    with descend_over(LOGISTIC, f"duckdb:{file}", "visits", start, **how) as descent:
        outcome = descent.result()
    assert outcome.reason == "CONVERGED"
    assert outcome.point == pytest.approx(found.estimates, rel=1e-7)
    assert outcome.value == pytest.approx(found.value, rel=1e-12)


def test_a_descent_refuses_missing_values_or_leaves_them_out(file):
    with pytest.raises(InvalidArgument, match=r"of 400 rows of 'gaps' have missing values"):
        descend_over(LOGISTIC, f"duckdb:{file}", "gaps", {"a": 0, "b": 0}).result()
    with pytest.raises(InvalidArgument, match="has no rows"):
        descend_over(LOGISTIC, f"duckdb:{file}", "nothing", {"a": 0, "b": 0})
    with pytest.raises(InvalidArgument, match="'b'"):
        descend_over(LOGISTIC, f"duckdb:{file}", "visits", {"a": 0})
    how = {"method": "newton", "maximize": True, "tolerance": 1e-8, "skip_missing": True, "standard_errors": True}
    outcome = descend_over(LOGISTIC, f"duckdb:{file}", "gaps", {"a": 0, "b": 0}, **how).result()
    found = fit(LOGISTIC, f"duckdb:{file}", "gaps", skip_missing=True)
    assert outcome.point == pytest.approx(found.estimates, rel=1e-8)
