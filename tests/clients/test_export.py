"""Export from Python and from the shell, with the real service."""

import json

import numpy as np
import pytest
import secant
from click.testing import CliRunner
from secant.command import export  # noqa: F401
from secant.command.app import app
from secant.v1 import derivative_pb2


@pytest.fixture
def run(real):
    """Run a command line against the real server."""

    def invoke(*args):
        found = CliRunner().invoke(app, ["--server", real.target, "export", *args])
        assert not found.exception or isinstance(found.exception, SystemExit), found.exception
        return found

    return invoke


def test_code_comes_by_its_language(real):
    found = real.export("x^2 + 2*y^2", notations=["c", "python"], order=2, name="bowl")
    assert [code.notation for code in found.codes] == ["c", "python"]
    assert found.variables == ("x", "y")
    assert found["c"] == found.codes[0].text
    assert found["python"].count("def bowl") == 3
    assert str(found) == found["c"] + "\n" + found["python"]
    with pytest.raises(KeyError, match="there is code in c, python, not in 'r'"):
        found["r"]


def test_the_code_has_the_name_that_is_given_also_beside_named_variables(real, run, tmp_path):
    assert "def bowl(" in real.export("x^2 + a", "x", notations="python", name="bowl")["python"]
    assert "def f(" in real.export("x^2 + a", "x", notations="python")["python"]
    run("x^2 + a", "x", "--name", "bowl", "--to", "r", "-o", str(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["bowl.R"]


def test_points_at_which_the_code_has_no_value_are_printed_and_written(real, run, tmp_path):
    found = real.export("max(x, 0)^2 + min(x, 0)^2", notations="python", order=2)
    (notice,) = found.notices
    assert "for the Hessian at points such as x = 0," in notice
    assert notice in found["python"]
    shown = run("x^3/(exp(x) - 1)", "--to", "c", "-o", str(tmp_path))
    assert "note: the code returns NaN or Inf for the value and the gradient at points such as x = 0," in shown.output
    assert "points such as x = 0," in (tmp_path / "f.c").read_text()


def test_python_code_runs_as_it_comes(real):
    found = real.export("sum(dnorm(y, m, s, log = TRUE))", notations="python", order=2, data={"y": [1.0, 2.5]})
    scope = {}
    exec(found["python"], scope)
    y = np.array([0.5, 1.5, 3.0])
    value, gradient, hessian = scope["f_hessian"](1.0, 2.0, y)
    right = real.hessian("sum(dnorm(y, m, s, log = TRUE))", at={"m": 1, "s": 2}, data={"y": y})
    assert value == pytest.approx(right.value, rel=1e-14)
    np.testing.assert_allclose(hessian, right.values, rtol=1e-13)
    np.testing.assert_allclose(gradient, real.gradient("sum(dnorm(y, m, s, log = TRUE))", at={"m": 1, "s": 2}, data={"y": y}).values)  # fmt: skip


def test_files_are_written_into_a_folder(real, tmp_path):
    paths = real.export("x^2", notations=["r", "julia"], name="sq").save(tmp_path)
    assert [path.name for path in paths] == ["sq.R", "sq.jl"]
    assert all("sq" in path.read_text() for path in paths)
    with pytest.raises(FileNotFoundError):
        real.export("x^2").save(tmp_path / "none")


def test_a_server_cannot_name_a_file_outside_the_folder(tmp_path):
    reply = derivative_pb2.ExportResponse(codes=[derivative_pb2.Code(text="x", file_name="../../evil.R")])
    (path,) = secant.rpcs.export("x").convert(reply).save(tmp_path)
    assert path == tmp_path / "evil.R"


def test_the_command_prints_code(run):
    found = run("x^2+2*y^2", "--to", "c", "--order", "2", "--name", "bowl")
    assert found.exit_code == 0
    assert "double bowl_hessian(const double *at, double *gradient, double *hessian)" in found.stdout


def test_the_command_writes_files_and_prints_their_paths(run, tmp_path):
    folder = tmp_path / "new" / "code"
    found = run("x^2+2*y^2", "--to", "c", "--to", "r", "--output", str(folder))
    assert found.stdout.split() == [str(folder / "f.c"), str(folder / "f.R")]
    assert (folder / "f.c").read_text().count("double f") == 2


def test_the_command_gives_json(run):
    found = json.loads(run("x^2", "--to", "stan", "--json").stdout)
    assert found["codes"][0]["file_name"] == "f.stan"


def test_the_error_for_a_missing_function_names_the_languages_that_have_it(real):
    with pytest.raises(secant.InvalidArgument, match="cannot be computed in Stan without a library") as caught:
        real.export("besselJ(x, 1.5)", notations="stan")
    assert "it is available in R, Python, C and Julia" in str(caught.value)


def test_sql_is_written_by_python_and_by_the_command(real, run):
    found = real.export("(y - a - b*x)^2", "a", "b", notations="sql", columns=["x", "y"], keep="id", table="points")
    assert found.codes[0].parameters == ("a", "b")
    assert set(found.codes[0].columns) == {"x", "y"}
    assert found.codes[0].file_name == "f.sql"
    options = ("--to", "sql", "--columns", "x,y", "--keep", "id", "--table", "points", "--dialect", "duckdb")
    assert run("(y - a - b*x)^2", "a", "b", *options).stdout == found["sql"]
    assert 't_row."a, b"' in run("x^2", "--to", "sql", "--keep", 'id,"a, b"').stdout
    assert "a name is empty" in run("x^2", "--to", "sql", "--columns", "x,,y").stderr
    sums = ("sum((y - a - b*x)^2)", "a", "b")
    plain = real.export(*sums, notations="sql", plain_sums=True)
    assert ("fsum(" in plain["sql"], "fsum(" in real.export(*sums, notations="sql")["sql"]) == (False, True)
    shown = run(*sums, "--to", "sql", "--plain-sums")
    assert shown.stdout == plain["sql"]
    assert "note: sums are plain, as requested" in shown.stderr
    with pytest.raises(
        secant.InvalidArgument, match="plain_sums is for SQL, which is not requested\nadd SQL to the languages"
    ):
        real.export("x^2", notations="c", plain_sums=True)
    with pytest.raises(ValueError, match="sqldialect must be one of duckdb, postgresql, spark"):
        real.export("x^2", notations="sql", dialect="oracle")
