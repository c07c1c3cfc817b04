"""Small tables of points and data, as R, spreadsheets, pandas and hurried people write them."""

import numpy as np
import pytest
from click.testing import CliRunner
from secant.command.app import app
from secant.command.tables import table
from secant.v1 import derivative_pb2, evaluate_pb2, expression_pb2

POINTS = {"x": [1.5, 2.0], "y": [3.0, 4.0]}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        pytest.param('"","x","y","name"\n"1",1.5,3,"a, b"\n"2",2,4,"c"\n', "", id="write.csv of R"),
        pytest.param('"";"x";"y";"name"\n"1";1,5;3;"a"\n"2";2;4;"b"\n', "1,5 is read as 1.5", id="write.csv2 of R"),
        pytest.param("x;y\n1.5;3\n2;4\n", "", id="semicolons with decimal points"),
        pytest.param("x\ty\n1.5\t3\n2\t4\n", "", id="tabs"),
        pytest.param("x\ty\n1,5\t3\n2\t4\n", "1,5 is read as 1.5", id="tabs with decimal commas"),
        pytest.param("\ufeffx,y\r\n1.5,3\r\n2,4\r\n", "", id="BOM and CRLF of Excel"),
        pytest.param("x,y\r1.5,3\r2,4\r", "", id="CR alone"),
        pytest.param(",x,y\n0,1.5,3\n1,2,4\n", "", id="to_csv of pandas"),
        pytest.param("x, y\n1.5, 3\n\n2, 4\n", "", id="spaces and an empty line"),
        pytest.param("when,x,y\n2024-01-01,1.5,3\n2024-01-02,2,4\n", "", id="dates that are not used"),
        pytest.param("flag,x,y,\nTRUE,1.5,3,\nFALSE,2,4,\n", "", id="a comma at the end of each line"),
    ],
)
def test_tables_of_other_programs_are_read(tmp_path, capsys, text, note):
    file = tmp_path / "points.csv"
    file.write_bytes(text.encode())
    found = table(str(file))
    assert {name: column.tolist() for name, column in found.items()} == POINTS
    assert note in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["NA", "", "NaN", "NULL", '""', "N/A"])
def test_missing_values_are_nan(tmp_path, missing):
    file = tmp_path / "points.csv"
    file.write_text(f"x,y\n1,2\n{missing},3\n")
    assert np.isnan(table(str(file))["x"]).tolist() == [False, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("x,y\n1,two\n", "row 1: 'two' is not a number", id="word"),
        pytest.param("x,y\n1,2\n1\n", "row 2 has 1 columns, the first line has 2", id="short row"),
        pytest.param("x,y\n1,2\n1,2,3\n", "row 2 has 3 columns, the first line has 2", id="long row"),
        pytest.param('"x","y"\n"1",1,2\n', "row.names = FALSE", id="row names without a name"),
        pytest.param("", "is empty", id="empty"),
        pytest.param("1,2\n3,4\n", "must name the columns, for example: x,y; it has numbers", id="no names"),
        pytest.param("x,x\n1,2\n", "have the name 'x'; rename one", id="twice"),
        pytest.param("x y\n1 2\n", "are separated by spaces; separate them by commas", id="spaces"),
        pytest.param('"x y\n1 2\n', "has a line end", id="open quote"),
        pytest.param("x;y\n1,5;2.5\n", "write decimal points in all", id="commas and points"),
        pytest.param("x\ty\n1,500\t2\n", "may separate decimals or thousands", id="thousands"),
        pytest.param('x,y\n"1,5",2\n', "'1,5' is not a number; write a decimal point", id="decimal comma in quotes"),
        pytest.param("x,y\n1_0,2\n", "'1_0' is not a number", id="underscore"),
        pytest.param("x,y\n1 # one,2\n", "'1 # one' is not a number", id="comment"),
        pytest.param("x,y\nTRUE,2\n", "'TRUE' is not a number", id="logical"),
        pytest.param("x,y\n1/2,2\n", "'1/2' is not a number", id="fraction"),
    ],
)
def test_the_error_of_a_malformed_table_names_the_place_and_the_remedy(run, tmp_path, text, message):
    (tmp_path / "points.csv").write_text(text)
    found = run("eval", "x + y", "--points", str(tmp_path / "points.csv"))
    assert found.exit_code == 2
    assert message in " ".join(found.stderr.split())


@pytest.mark.parametrize(
    ("path", "content", "message"),
    [
        pytest.param("text.csv", "x,ä\n1,2\n".encode("latin-1"), "is no text in UTF-8", id="Latin-1"),
        pytest.param("text.csv", "x,y\n1,2\n".encode("utf-16"), "is no text in UTF-8", id="UTF-16"),
        pytest.param("missing.csv", None, "missing.csv cannot be read: No such file", id="missing"),
    ],
)
def test_a_file_that_is_no_table_is_refused(run, tmp_path, path, content, message):
    if content is not None:
        (tmp_path / path).write_bytes(content)
    found = run("eval", "x", "--points", str(tmp_path / path))
    assert found.exit_code
    assert message in " ".join((found.stdout + found.stderr).split())


def evaluated(request, context):
    columns = {column.name: list(column.values) for column in request.points}
    rows = list(zip(*columns.values(), strict=True))
    reply = evaluate_pb2.EvaluateResponse(values=[sum(row) for row in rows], variables=list(columns))
    if request.order:
        reply.derivatives.extend(expression_pb2.Column(name=name, values=[1.0] * len(rows)) for name in columns)
    return reply


def test_only_the_columns_that_the_formula_names_are_sent(faults, run, tmp_path):
    faults.answers["Evaluate"] = evaluated
    (tmp_path / "points.csv").write_text("x,y,x2,exp\n1,2,3,4\n")
    assert run("eval", "exp(x) + y", "--points", str(tmp_path / "points.csv")).exit_code == 0
    assert [column.name for column in faults.requests[0].points] == ["x", "y", "exp"]


def test_derivatives_are_printed_after_their_points(faults, run, tmp_path):
    faults.answers["Evaluate"] = evaluated
    (tmp_path / "points.csv").write_text('"","x","name","y"\n"1",1,"a",2\n"2",3,"b",NA\n')
    found = run("eval", "x + y", "--points", str(tmp_path / "points.csv"), "--order", "1")
    assert found.stdout == "x,y,value,d_x,d_y\n1,2,3,1,1\n3,nan,nan,1,1\n"
    # What is printed can be read again: the columns of the points are the same.
    (tmp_path / "again.csv").write_text(found.stdout)
    again = run("eval", "x + y", "--points", str(tmp_path / "again.csv"), "--order", "1", "-o", "-")
    assert again.stdout == found.stdout
    assert run("eval", "x + y", "--at", "x=1,y=2", "--order", "1").stdout == "x,y,value,d_x,d_y\n1,2,3,1,1\n"


def test_parameters_have_one_value_for_all_points(faults, run, tmp_path):
    faults.answers["Evaluate"] = evaluated
    (tmp_path / "points.csv").write_text("x\n1\n2\n")
    found = run("eval", "x + a", "--points", str(tmp_path / "points.csv"), "--at", "a=5")
    assert found.stdout == "6\n7\n"
    both = run("eval", "x + a", "--points", str(tmp_path / "points.csv"), "--at", "x=5")
    assert "x is a column" in both.stderr


def test_a_column_of_text_is_an_error_only_where_the_formula_names_it(faults, run, tmp_path):
    faults.answers["Differentiate"] = lambda request, context: derivative_pb2.DifferentiateResponse(
        derivative=expression_pb2.Formula(text=",".join(column.name for column in request.expression.data))
    )
    (tmp_path / "data.csv").write_text("x,group\n1,a\n2,b\n")
    data = ["--data", str(tmp_path / "data.csv")]
    assert run("diff", "sum(a*x)", "a", *data).stdout == "x\n"
    refused = run("diff", "sum(a*group)", "a", *data)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "column 'group' has no numbers, row 1: 'a' is not a number" in " ".join(refused.stderr.split())
    claimed = run("check", "sum(a*x)", "sum(group)", *data)
    assert (claimed.exit_code, "column 'group'" in claimed.stderr) == (2, True)
    matrix = run("diff", "sum(M)", "--data", f"M={tmp_path / 'data.csv'}")
    assert (matrix.exit_code, "leave it out of the file" in " ".join(matrix.stderr.split())) == (2, True)


@pytest.mark.parametrize(
    ("args", "out"),
    [
        # As R has it; the sum of numbers at two points would be 3 and 8.
        (["sum(x*y)", "--at", "x=[1,2],y=[3,4]"], "11\n"),
        (["sum(a*x)", "--at", "x=[1,2],a=3", "--order", "1"], "value,d_a,d_x[1],d_x[2]\n9,3,3,3\n"),
        (["sum(A)", "--at", "A=[[1,2]]", "--order", "1"], 'value,"d_A[1,1]","d_A[1,2]"\n3,1,1\n'),
        (["x[1]^2", "--at", "x=[3,4]", "--order", "2"], None),
    ],
)
def test_a_vector_at_a_point_is_the_value_of_a_variable(real, args, out, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", real.target)
    found = CliRunner().invoke(app, ["eval", *args])
    second = "value,d_x[1],d_x[2],d2_x[1]_x[1],d2_x[1]_x[2],d2_x[2]_x[2]\n9,6,0,2,0,0\n"
    assert found.stdout == (out or second)


def test_a_formula_with_a_value_for_each_entry_is_refused_at_a_vector(real, monkeypatch):
    monkeypatch.setenv("SECANT_SERVER", real.target)
    found = CliRunner().invoke(app, ["eval", "x^2", "--at", "x=[1,2]"])
    assert (found.stdout, "but this call needs a number" in str(found.exception)) == ("", True)


def test_a_file_of_any_size_is_read_with_semicolons_and_decimal_commas(tmp_path):
    file = tmp_path / "points.csv"
    file.write_text('"";"x";"word"\n"1";1,5;"a"\n"2";2;"b"\n')
    found = CliRunner().invoke(app, ["eval", "a*x^2", "--points", str(file), "--at", "a=2", "--order", "1", "--sum"])
    assert found.stdout == "value,d_a\n12.5,6.25\n"
    assert "has decimal commas: 1,5 is read as 1.5" in found.stderr
    file.write_text("x\tword\n1.5\ta\n2\tb\n")
    out = tmp_path / "out.csv"
    how = ["--points", str(file), "--at", "a=2", "--order", "2", "-o", str(out)]
    assert CliRunner().invoke(app, ["eval", "a*x^2", "x", *how]).exit_code == 0
    assert out.read_text() == "value,d_x,d2_x_x\n4.5,6,4\n8,8,4\n"
