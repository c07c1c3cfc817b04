"""Export over the wire: what comes back, and what nobody should ask for."""

import pytest
from secant.v1 import derivative_pb2, describe_pb2, expression_pb2
from secantd.settings import Limits, Settings

Expression, Column = expression_pb2.Expression, expression_pb2.Column
R, PYTHON, LATEX, C, JULIA, STAN = range(1, 7)
JAVASCRIPT = expression_pb2.NOTATION_JAVASCRIPT
SQL = expression_pb2.NOTATION_SQL


def request(text="x^2 + 2*y^2", **fields):
    expression = Expression(text=text, data=fields.pop("data", []))
    return derivative_pb2.ExportRequest(expression=expression, **fields)


def test_describe_names_it(calculus):
    assert "Export" in calculus.Describe(describe_pb2.DescribeRequest()).methods


def test_codes_come_in_the_order_they_were_asked_for(calculus):
    reply = calculus.Export(request(notations=[STAN, C, R, SQL, JULIA, LATEX, PYTHON, JAVASCRIPT, C], name="bowl"))
    assert [code.notation for code in reply.codes] == [STAN, C, R, SQL, JULIA, LATEX, PYTHON, JAVASCRIPT, C]
    files = ["bowl.stan", "bowl.c", "bowl.R", "bowl.sql", "bowl.jl", "bowl.tex", "bowl.py", "bowl.mjs", "bowl.c"]
    assert [code.file_name for code in reply.codes] == files
    assert all("bowl" in code.text for code in reply.codes if code.notation != SQL)
    assert list(reply.variables) == ["x", "y"]


def test_without_a_notation_it_is_that_of_the_expression(calculus):
    assert calculus.Export(request("x**2")).codes[0].notation == PYTHON
    assert calculus.Export(request("x^2")).codes[0].notation == R


def test_unset_the_order_is_one_and_nought_is_nought(calculus):
    assert "f_gradient" in calculus.Export(request(notations=[C])).codes[0].text
    assert "f_hessian" not in calculus.Export(request(notations=[C])).codes[0].text
    assert "f_gradient" not in calculus.Export(request(notations=[C], order=0)).codes[0].text
    assert "f_hessian" in calculus.Export(request(notations=[C], order=2)).codes[0].text


def test_data_columns_are_arguments_whatever_their_length(calculus):
    texts = []
    for n in (3, 40):
        data = [Column(name="y", values=range(n)), Column(name="x", values=range(1, n + 1))]
        reply = calculus.Export(request("sum((y - a - b*x)^2)/length(y)", data=data, notations=[C, R]))
        assert list(reply.variables) == ["a", "b", "y", "x"]
        texts.append([line for line in reply.codes[0].text.splitlines() if "agreed" not in line])
    assert texts[0] == texts[1]
    assert any("size_t n, const double *y, const double *x" in line for line in texts[0])


def test_notices_are_in_the_reply_and_in_the_code(calculus):
    reply = calculus.Export(request("3 + 4", notations=[C]))
    assert "no variable" in reply.notices[0]
    assert reply.notices[0] in reply.codes[0].text


def test_points_at_which_the_code_has_no_value_are_in_the_reply_and_in_every_code(calculus):
    reply = calculus.Export(request("sin(x)/x", notations=[C, R, PYTHON, JULIA, STAN]))
    assert reply.notices[0].startswith(
        "the code returns NaN or Inf for the value and the gradient at points such as x = 0,"
    )
    assert all(reply.notices[0] in code.text for code in reply.codes)
    assert not calculus.Export(request("sqrt(x^2)", notations=[C, R, PYTHON, JULIA, STAN], order=2)).notices


BAD = [
    pytest.param({"text": "x^2 + * y"}, "SYNTAX_ERROR", "expression.text", id="no formula"),
    pytest.param({"text": ""}, "SYNTAX_ERROR", "expression.text", id="empty"),
    pytest.param({"text": "c(x, y)"}, "INVALID_VALUE", "expression.text", id="a vector"),
    pytest.param(
        {"text": "x*y", "data": [Column(name="y", values=[1, 2])]}, "INVALID_VALUE", "expression.text", id="rows"
    ),
    pytest.param({"notations": [99]}, "INVALID_VALUE", "notations[0]", id="an unknown notation"),
    pytest.param({"order": 3}, "INVALID_VALUE", "order", id="order 3"),
    pytest.param({"order": -1}, "INVALID_VALUE", "order", id="order -1"),
    pytest.param({"variables": [""]}, "INVALID_VALUE", "variables[0]", id="an empty variable"),
    pytest.param({"variables": ["x", "x"]}, "INVALID_VALUE", "variables[1]", id="a variable twice"),
    pytest.param({"name": "f; system('x')"}, "INVALID_VALUE", "name", id="code for a name"),
    pytest.param({"name": "../f"}, "INVALID_VALUE", "name", id="a path for a name"),
    pytest.param({"name": "f\0"}, "INVALID_VALUE", "name", id="NUL in a name"),
    pytest.param({"name": "for", "notations": [C]}, "INVALID_VALUE", "name", id="a word of C"),
    pytest.param({"name": "f" * 100_000}, "INVALID_VALUE", "name", id="a long name"),
    pytest.param(
        {"text": "qgamma(x, 2)", "notations": [R, PYTHON]}, "INVALID_VALUE", "notations", id="what Python code lacks"
    ),
    pytest.param({"text": "dbinom(k, 5, 0.5)"}, "NOT_DIFFERENTIABLE", "expression.text", id="no derivative"),
]


@pytest.mark.parametrize(("fields", "reason", "field"), BAD)
def test_what_makes_no_sense_is_refused_with_its_field(calculus, failure, fields, reason, field):
    error = failure(calculus.Export, request(**fields))
    assert (error.code, error.reason, error.field) == ("INVALID_ARGUMENT", reason, field)
    assert len(error.message) < 1000
    assert not any(ord(c) < 32 and c != "\n" for c in error.message)


def test_code_beyond_the_limit_of_an_answer_is_refused(start, connect, failure):
    settings = Settings(listen="127.0.0.1:0", limits=Limits(output_length=3_000))
    with start(settings) as server, connect(server.address) as calculus:
        text = " + ".join(f"sin(x{i}*x{i + 1})" for i in range(20))
        error = failure(calculus.Export, request(text, notations=[C], order=2))
        assert (error.code, error.reason) == ("INVALID_ARGUMENT", "LIMIT_EXCEEDED")
        assert error.metadata["name"] == "output_length"
        assert "f(" in calculus.Export(request(notations=[C])).codes[0].text


@pytest.mark.parametrize("text", ["x^2 # */ }", "x^2 # \\", "x^2 #\u202e\u2028", "x^2 # ??/"])
def test_a_text_cannot_break_out_of_the_comment(calculus, text):
    codes = calculus.Export(request(text, notations=[R, C, JULIA, STAN, PYTHON])).codes
    assert len(codes) == 5
    for code in codes:
        plain = calculus.Export(request("x^2", notations=[code.notation])).codes[0].text
        assert code.text.split('"', 2)[0] == plain.split('"', 2)[0]
        assert code.text.split("\n")[-6:] == plain.split("\n")[-6:]
        assert all(c == "\n" or c.isprintable() for c in code.text)


def test_sql_has_the_table_and_the_names_of_its_parameters_and_columns(calculus):
    fields = {"table": 'main."my points"', "columns": ["x", "y"], "variables": ["a.1", "b"], "order": 2}
    (code,) = calculus.Export(request("sum((y - a.1 - b*x)^2)", notations=[SQL], **fields)).codes
    assert (list(code.parameters), list(code.columns)) == (["a_1", "b"], ["y", "x"])
    assert '"main"."my points"' in code.text
    assert "CAST($a_1 AS DOUBLE)" in code.text


def test_sql_has_plain_sums_where_they_are_requested(calculus):
    fields = {"notations": [SQL], "columns": ["x", "y"], "variables": ["a", "b"]}
    compensated = calculus.Export(request("sum((y - a - b*x)^2)", **fields))
    plain = calculus.Export(request("sum((y - a - b*x)^2)", plain_sums=True, **fields))
    assert "fsum(" in compensated.codes[0].text
    assert "fsum(" not in plain.codes[0].text
    (notice,) = set(plain.notices) - set(compensated.notices)
    assert notice == "sums are plain, as requested: DuckDB does not compensate their rounding"
    assert f"-- Note: {notice}" in plain.codes[0].text


def test_columns_without_data_are_data_columns_of_other_languages_too(calculus):
    reply = calculus.Export(request("sum((y - a - b*x)^2)", notations=[C, R], columns=["x", "y"]))
    assert list(reply.variables) == ["a", "b", "y", "x"]
    assert "size_t n, const double *y, const double *x" in reply.codes[0].text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"table": "t"}, "table"),
        ({"dialect": 1}, "dialect"),
        ({"keep": ["id"]}, "keep"),
        ({"plain_sums": True}, "plain_sums"),
        ({"notations": [C, R], "plain_sums": True}, "plain_sums"),
        ({"notations": [SQL], "dialect": 99}, "dialect"),
        ({"notations": [SQL], "table": "a..b"}, "table"),
        ({"notations": [SQL], "columns": ["x", ""]}, "columns[1]"),
        ({"notations": [SQL], "columns": ["x", "x"]}, "columns[1]"),
        ({"notations": [SQL], "columns": ["z"]}, "columns"),
        ({"notations": [SQL], "keep": ["a", "a"]}, "keep[1]"),
        ({"notations": [R], "text": "sum(x) + x[1]", "columns": ["x"]}, "expression.text"),
    ],
)
def test_wrong_fields_of_sql_are_named(calculus, failure, fields, field):
    assert failure(calculus.Export, request(**fields)).field == field
