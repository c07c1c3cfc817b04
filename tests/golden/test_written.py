"""Texts as authors of Python and R write them have the values that Python and R compute: written.tsv."""

import csv
import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import secant
import secant.command.derive
from click.testing import CliRunner
from secant.command.app import app
from secantd.calculus import differentiate
from secantd.errors import CalculusError
from secantd.language import Notation, read


def rows():
    lines = [x for x in Path(__file__).with_name("written.tsv").read_text(encoding="utf-8").splitlines() if x[0] != "#"]
    return [
        pytest.param(*row, id=f"{row[0].lower()}-{i}")
        for i, row in enumerate(list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:])
    ]


@pytest.mark.parametrize(("notation", "text", "point", "value"), rows())
def test_a_text_has_the_value_that_its_own_language_computes(service, notation, text, point, value):
    text = json.loads(text)
    at = {name: v for name, v in json.loads(point).items() if name in text}
    found = service.gradient(secant.Expression(text, notation=notation.lower()), at=at)
    assert float(found.value) == pytest.approx(float(value), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "notice"),
    [
        ("sinx + 1", "'sinx' is a variable here; write sin(x) to call the function sin"),
        ("{cat('x'); x^2}", "cat() is left out: it computes nothing"),
        ("{if (x < 0) stop('negative'); x^2}", "where stop() would be reached, the value is NaN"),
        ("function(par, dat) sum((dat$y - par[1])^2)", "dat$y is read as the data column y"),
        (
            "{s <- x; while (s < 10) s <- s*2; s}",
            "'while' is unrolled 100 times; where its condition still holds then, the value is NaN",
        ),
    ],
)
def test_what_is_read_in_a_way_that_the_author_may_not_expect_has_a_notice(notice, text):
    data = {"y": np.array([1.0, 2.0])} if "dat$" in text else {}
    assert notice in read(text, Notation.R, data).notices


def test_a_parameter_with_a_default_is_a_variable_where_a_request_names_it_or_gives_it_a_value(service):
    text = "function(x, m = 0, s = 1) (x - m)/s"
    assert str(service.differentiate(text, "m")) == "-1"
    assert float(service.gradient(text, "m", at={"x": 3.0, "m": 1.0}).partials[0].value) == -1.0
    assert float(service.gradient(text, at={"x": 3.0}).value) == 3.0


AS_WRITTEN = [
    ("function(x, h) if (abs(x) < h) x/h else sign(x)", "x", "if (abs(x) < h) 1/h else 0"),
    ("function(x, h) ifelse(abs(x) < h, x/h, sign(x))", "x", "ifelse(test = abs(x) < h, yes = 1/h, no = 0)"),
    ("if (x < 0) -x else if (x < 1) x^2 else x^3", "x", "if (x < 0) -1 else if (x < 1) 2 * x else 3 * x^2"),
    ("x * (if (x > 0) x else 2)", "x", "(if (x > 0) x else 2) + x * (if (x > 0) 1 else 0)"),
    ("function(x) { if (x < 0) return(x^2); exp(x) }", "x", "if (x < 0) 2 * x else exp(x)"),
    # A test that is written both ways may be that of a vector.
    ("ifelse(x > 0, 3, 1) + (if (x > 0) x else 2*x)", "x", "ifelse(test = x > 0, yes = 1, no = 2)"),
    ("sum(sapply(y, function(v) if (v > m) m*v else m))", "m", "sum(ifelse(y > m, 0, 1)) + sum(ifelse(y > m, y, 0))"),
    ("function(a, x) a[[1]]*x^2 + a[[2]]", "x", "2 * (x * a[[1]])"),
    ("function(a, x) a[1]*x^2 + a[2]", "x", "2 * (x * a[1])"),
    ("function(par, x) par[['k']]*x^2 + par['m']*x", "x", '2 * (x * par[["k"]]) + par["m"]'),
    ("function(par, x) par$k*x^2", "x", "2 * (x * par$k)"),
]


@pytest.mark.parametrize(("text", "variable", "derivative"), AS_WRITTEN)
def test_a_derivative_in_r_keeps_the_authors_if_and_brackets_and_is_read_back(text, variable, derivative):
    found = differentiate(read(text, Notation.R), [variable]).derivative.text
    assert found == derivative
    assert read(found, Notation.R).outputs


def test_a_text_that_is_too_long_as_one_expression_has_named_parts(service):
    text = "function(x) { y <- 1; i <- 0; while (i < 100) { y <- y - (y^2 - x)/(2*y); i <- i + 1 }; y }"
    found = service.differentiate(text, "x", at={"x": 2.0})
    assert float(found.derivative) == pytest.approx(0.5 / 2.0**0.5, rel=1e-15)
    assert "parts that occur more than once have names" in "; ".join(found.notices)
    # What is printed is read back, in each notation, and has the same value.
    for notation in ("r", "python"):
        printed = str(service.differentiate(text, "x", notations=notation))
        again = service.gradient(secant.Expression(printed, notation=notation), at={"x": 2.0}, values_only=True)
        assert float(again.value) == pytest.approx(0.5 / 2.0**0.5, rel=1e-14)
    with pytest.raises(secant.InvalidArgument, match="too long to print"):
        service.differentiate(text, "x", naming="none")


def test_a_message_of_an_error_that_is_always_reached_refuses_the_text():
    with pytest.raises(CalculusError, match=r"stop\(\) is reached: not for you"):
        read("function(x) {stop('not for you'); x}", Notation.R)


PYTHON = [
    "def f(x", "def f(x):", "def f(x):\nreturn x", "def", "def f(x) return x", "from math import", "from math", "x if", "0 <",
    "0 < x <", "a, = ", "a, b =", "a, b = x", "assert", "raise", "lambda :", "{'a': }", "{'a' x}", "x +=", "x[0] +=", "while",
    "while x", "while x:", "for", "for i in", "for i in range(3)", "for i in range(3):", "x not", "x not in", "x is", "return", "return,",
    "@", "@f", "def f(x):\n  y = x\n    z = y\n  return z", "def f(x):\n    y = x\n  return y", '"' * 3, "f'x",
    "def f(x, x):\n  return x", "global x", "x: ", "(y := )", "class A: pass", "try:\n  x\nexcept: 1",
]  # fmt: skip
R = [
    "while (", "while (x)", "while (x) ", "repeat", "repeat {", "switch(", "switch()", "switch('a', a =", "switch('a', a =)", "stop(",
    "names(v) <-", "l$ <- x", "function(x, ...", "stopifnot('a' = )", "if (x > 0) stop(", "next", "break", "{ next }",
    "function(x) { break }", "within(list(a = x)", "do.call(", "Negate()(x)", "setNames(x)", "tryCatch()", "switch(x, 1, 2)",
    "Reduce(`+`)", "missing(", "vector('character', 2)", "function(...) ..2",
]  # fmt: skip


@pytest.mark.parametrize(
    ("notation", "text"), [(n, t) for n, ts in ((Notation.PYTHON, PYTHON), (Notation.R, R)) for t in ts]
)
def test_a_half_written_construct_is_refused(notation, text):
    with pytest.raises(CalculusError):
        read(text, notation)


# Deeper than the stack of the interpreter, 1000.
DEEP = 10_000 if "SECANT_TEST_LONG" in os.environ else 1_500


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        (Notation.PYTHON, "0" + " < x" * DEEP),
        (Notation.PYTHON, "x" + " or x" * DEEP),
        (Notation.PYTHON, "not " * DEEP + "x"),
        (Notation.PYTHON, "{'a': " * DEEP + "x" + "}" * DEEP),
        (Notation.PYTHON, "lambda: " * DEEP + "x"),
        (Notation.PYTHON, "\n".join(" " * i + "if x > 0:" for i in range(300)) + "\n" + " " * 300 + "x"),
        (Notation.PYTHON, "(y := " * DEEP + "x" + ")" * DEEP),
        (Notation.PYTHON, "x" + ", x" * DEEP),
        (Notation.R, "if (x > 0) return(1) else " * DEEP + "return(2)"),
        (Notation.R, "repeat " * DEEP + "{ x <- x + 1; break }"),
        (Notation.R, "switch('a', a = " * DEEP + "x" + ")" * DEEP),
        (Notation.R, "while (x < 1) " * DEEP + "x <- 1"),
        (Notation.R, "{" * DEEP + "next" + "}" * DEEP),
        (Notation.R, "stopifnot(" * DEEP + "x" + ")" * DEEP),
        (Notation.R, "{f <- function(x) if (x < 0) stop('a') else x; " + "f(" * 200 + "x" + ")" * 200 + "}"),
    ],
)
def test_what_is_nested_deeply_is_read_or_refused(notation, text):
    with suppress(CalculusError):
        assert read(text, notation).outputs


def test_a_request_that_is_not_what_was_meant_is_refused(service):
    with pytest.raises(TypeError, match="x has no value"):
        service.gradient("x^2", at={"x": None})
    with pytest.raises(ValueError, match="'c' is not a variable of f; to choose the language, write notations='c'"):
        service.export("x^2", "c")
    with pytest.raises(secant.InvalidArgument, match="'x,y' is not the name of a variable"):
        service.differentiate("x*y", "x,y")
    assert str(service.export("c*x", "c", "x"))


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["diff", "-h"], 0, "Differentiate F"),
        (["diff", "--", "-h", "h"], 0, "-1"),
        (["diff", "x*y", "x,y"], 1, "give each name on its own: x y"),
        (["diff", "x^2", "z"], 1, "the expression does not depend on 'z'"),
        (["diff", "function(x, z) x^2", "z"], 0, "0"),
        (["diff", "x^2", "z", "--shape", "z=number"], 0, "0"),
    ],
)
def test_the_command_refuses_a_variable_that_does_not_occur_unless_it_is_declared(arguments, status, message):
    found = CliRunner().invoke(app, arguments)
    assert (found.exit_code, message in f"{found.output}{found.exception}") == (status, True)


CALLS = {
    "differentiate": lambda s, f: s.differentiate(f, "z"),
    "gradient": lambda s, f: s.gradient(f, "x", "z", at={"x": 2.0}),
    "jacobian": lambda s, f: s.jacobian(f, "x", "z"),
    "hessian": lambda s, f: s.hessian(f, "x", "z"),
    "explain": lambda s, f: s.explain(f, "z"),
    "export": lambda s, f: s.export(f, "z", notations="c"),
    "check": lambda s, f: s.check(f, "0", "z"),
    "check of order 2": lambda s, f: s.check(f, "0", "z", order=2),
    "evaluate": lambda s, f: s.evaluate(f, {"x": [1.0, 2.0]}, "z", order=1),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_variable_on_which_a_function_does_not_depend_is_refused_unless_it_is_declared(service, call):
    with pytest.raises(secant.InvalidArgument, match=r"(?s)does not depend on 'z'.*the variable is 'x'; if 0 is meant"):
        CALLS[call](service, "x^2")
    found = CALLS[call](service, secant.Expression("x^2", shapes={"z": "number"}))
    assert call == "evaluate" or "'z' does not occur in the expression; its derivative is 0" in found.notices
    # A declaration that nothing asks for may be a misspelling.
    with pytest.raises(secant.InvalidArgument, match="a shape is declared for 'z', which is not a variable"):
        service.gradient(secant.Expression("x^2", shapes={"z": "number"}), "x")


@pytest.mark.parametrize(
    ("notation", "text", "declared", "hint"),
    [
        ("r", "x^2", "function(x, z) x^2", r"function\(x, z\)"),
        ("python", "x**2", "lambda x, z: x**2", "lambda x, z:"),
        ("latex", "x^2", "f(x, z) = x^2", r"f\(x, z\) ="),
        ("textbook", "x²", "f(x, z) = x²", r"function\(x, z\)"),
    ],
)
def test_the_hint_for_a_variable_that_does_not_occur_shows_a_header_in_the_notation_of_the_text(
    service, notation, text, declared, hint
):
    with pytest.raises(secant.InvalidArgument, match=f"write {hint}"):
        service.differentiate(secant.Expression(text, notation=notation), "z")
    assert str(service.differentiate(secant.Expression(declared, notation=notation), "z")) == "0"


def test_the_derivative_of_a_constant_is_0_with_respect_to_every_name(service):
    assert str(service.differentiate("pi^2", "x")) == "0"
    with pytest.raises(secant.InvalidArgument, match="'y' is a data column"):
        service.differentiate(secant.Expression("sum(y)", data={"y": [1.0, 2.0]}), "y")
    with pytest.raises(secant.InvalidArgument, match="does not depend on 'a'"):
        service.differentiate(secant.Expression("sum(y)", data={"y": [1.0, 2.0]}), "a")


def test_columns_of_a_frame_and_numbers_by_name_are_found_where_a_text_uses_them(service):
    dat = {"y": [1.0, 2.0, 4.0], "x": [0.0, 1.0, 2.0], "name": ["a", "b", "c"]}
    texts = [
        ("r", "function(a, b, dat) sum((dat$y - a - b*dat[['x']])^2)"),
        ("r", "with(dat, sum((y - a - b*x)^2))"),
        ("python", "def f(a, b):\n    return np.sum((dat['y'] - a - b*dat['x'])**2)"),
    ]
    for notation, text in texts:
        f = secant.Expression(text, notation=notation, data={"dat": dat})
        assert list(service.gradient(f, at={"a": 0.5, "b": 1.0}).values) == [-5.0, -7.0]
        assert service.evaluate(f, {"a": [0.5, 1.0], "b": [1.0, 2.0]}, order=1).gradient.tolist() == [[-5, -7], [4, 6]]
        found = service.descend(f, start={"a": 0.0, "b": 0.0}, method="newton").result()
        assert found.point == pytest.approx({"a": 5 / 6, "b": 1.5})
    assert list(service.gradient("par$a^2 * par[['b']]", at={"par": {"a": 2.0, "b": 3.0}}).values) == [12.0, 4.0]
    # A frame that is used as a whole is a matrix.
    whole = secant.Expression("sum(X %*% b)", data={"X": {"u": [1.0, 2.0], "v": [3.0, 4.0]}})
    assert list(service.gradient(whole, at={"b": [1.0, 1.0]}).values) == [3.0, 7.0]
    # An own name for each element of several lists: a model of deSolve.
    model = "function(t, y, par) with(as.list(c(y, par)), list(c(-b*S*I, b*S*I - g*I)))"
    assert [[str(e) for e in row] for row in service.jacobian(model, "S", "I").rows] == [
        ["-(I * b)", "-(S * b)"],
        ["I * b", "S * b - g"],
    ]


def test_a_text_that_is_the_name_of_a_function_is_this_function(service):
    found = service.differentiate("dbinom", "prob")
    assert str(found) == "dbinom(x, size, prob) * (x - prob * size)/(prob * (1 - prob))"
    assert found.notices[0] == "dbinom is function(x, size, prob) dbinom(x, size, prob)"
    assert [str(service.differentiate(f, *v)) for f, *v in (("plogis",), ("dnorm", "mean"), ("sin",))] == [
        "dlogis(q)",
        "dnorm(x, mean, 1) * (x - mean)",
        "cos(x)",
    ]
