"""Texts as users of R write them have the values and gradients that R computes: in_r.tsv."""

import csv
import json
import math
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import secant
from secantd.errors import CalculusError
from secantd.language import Notation, read
from secantd.settings import Limits


def rows():
    lines = [x for x in Path(__file__).with_name("in_r.tsv").read_text(encoding="utf-8").splitlines() if x[0] != "#"]
    found = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [pytest.param(*row, id=f"{i}") for i, row in enumerate(found)]


@pytest.mark.parametrize(("text", "data", "point", "value", "gradient"), rows())
def test_a_text_has_the_value_and_the_gradient_that_r_computes(service, text, data, point, value, gradient):
    columns = {name: np.array(v, dtype=float) for name, v in json.loads(data).items()}
    f = secant.Expression(json.loads(text), notation="r", data=columns)
    found = service.gradient(f, at=json.loads(point))
    partials = np.concatenate([np.ravel(v) for v in found.values])
    assert float(found.value) == pytest.approx(float(value), rel=1e-9)
    # R's slopes are extrapolated central differences.
    wanted = json.loads(gradient)
    assert partials == pytest.approx(wanted, rel=2e-7, abs=2e-7 * max(1.0, *map(abs, wanted)))


REFUSED = [
    ("integrate(function(t) exp(-x*t), 0, 1)$value", "an integral has no formula here"),
    ("uniroot(function(t) t^2 - x, c(0, 3))$root", "it is found by a search"),
    ("optim(c(1, 1), function(p) sum((p - x)^2))$value", "it is found by a search"),
    ("ode(c(1), 1:3, function(t, y, p) -y, 0)", "the solution of a differential equation"),
    ("bitwAnd(5L, 3L)*x", "functions of bits"),
    ("zapsmall(x)", "leave the rounding out"),
    ("if (exists('a')) a*x else x", "assign a"),
    ("get(x)", "write get"),
    ("assign('a', x, envir = e)", "leave 'envir' out"),
    ("paste0('a', x) == 'a'", "write it as a number"),
    ("{flag <- TRUE; switch(paste0('a', flag), aTRUE = x, a1 = 2)}", "write the text itself"),
    ("switch(paste0('a', 100000), a = x)", "write the text itself"),
    ("approx(c(0, 0, 1), c(1, 2, 3), xout = x)$y", "give each x once"),
    ("approx(c(0, 1), c(1, 2))$y*x", "write approx(x, y, xout = ...)$y"),
    ("approx(c(0, x), c(1, 2), xout = 0.5)$y", "send the vector as data"),
    ("splinefun(c(0, 1, 2), c(x, 1, 2))(0.5)", "send the vector as data"),
    ("splinefun(c(0, 1, 2), c(3, 1, 2), 'hyman')(x)", "send them as data"),
    ("cut(x, 3)", "write cut(x, c(0, 1, 2))"),
    ("sum(factor(g, 1:3) == 2)*x", "compare the data: g == 2"),
    ("sum(unique(c(1, x)))", "send the vector as data"),
    ("Recall(1)*x", ""),
    ("nargs()*x", ""),
    ("...length()*x", "write function(...) ..."),
    ("filter(c(x, 1), c(1, 2))", "write embed(x, 2)"),
]


@pytest.mark.parametrize(("text", "hint"), REFUSED)
def test_what_has_no_formula_is_refused_with_what_to_write(text, hint):
    with pytest.raises(CalculusError) as error:
        read(text, Notation.R, {"g": np.array([1.0, 2.0, 3.0])})
    assert hint in f"{error.value.headline}; {error.value.hint}"
    assert error.value.span


HALF = [
    "assign(", "assign('a'", "assign('a')", "get(", "get()", "exists(", "paste(", "sprintf('%d')", "sprintf('%q', 1)",
    "sprintf('%d', 1.5)", "sprintf()", "Recall(", "x |> (", "x |> (\\(v) v^2)", "x |> (\\(v) v^2)(", "dim(x) <-", "dim() <- 2",
    "attr(x) <- 2", "attr(x, 'a' <- 2", "structure(", "structure()", "x %||%", "%||% x", "x %+% y", "`%+%` <- ", "cut(x)",
    "cut(x, c(1, 1))", "findInterval(x, c(2, 1))", "table()", "match(x)", "split(x)", "approxfun(c(0, 1), c(1))(x)",
    "splinefun(c(0), c(1))(x)", "spline(", "factor()", "unique()", "...elt(1)", "Find(", "Position(sin)", "replicate(3)",
    "diag(x) <-", "nchar(2)", "levels(x)", "mad()", "all.equal(x)", "filter(c(x, 1), 0.5, 'recursive', init = c(1, 2))",
]  # fmt: skip


@pytest.mark.parametrize("text", HALF)
def test_a_half_written_call_is_refused(text):
    with pytest.raises(CalculusError):
        read(text, Notation.R)


DEEP = 10_000


@pytest.mark.parametrize(
    "text",
    [
        "paste0('a', " * DEEP + "1" + ")" * DEEP,
        "get(" * DEEP + "'x'" + ")" * DEEP,
        "assign('a', " * DEEP + "x" + ")" * DEEP,
        "identity(" * DEEP + "x" + ")" * DEEP,
        "x" + " |> (\\(v) v^2)()" * 300,
        "x |> (" * DEEP,
        "x" + " %||% x" * DEEP,
        "`%+%` <- function(a, b) a; x" + " %+% x" * 2000,
        "dim(" * DEEP + "x" + ")" * DEEP + " <- 2",
        "a <- " * DEEP + "x",
        "S[1] <- " * DEEP + "x",
        "{f <- function(n) Recall(n); f(x)}",
        "{f <- function(n) Recall(Recall(n)); f(x)}",
        "sapply(1:9, function(i) " * 12 + "x" + ")" * 12,
        "unique(" * DEEP + "c(1, 2)" + ")" * DEEP,
        "is.na(" * DEEP + "x" + ")" * DEEP,
        "paste(rep('a', 20000), collapse = '')",
        "splinefun(1:2000, 1:2000)(x)",
        "approx(1:2000, 1:2000, xout = x)$y",
    ],
)
def test_what_is_nested_deeply_or_endless_is_read_or_refused(text):
    with suppress(CalculusError):
        assert read(text, Notation.R, limits=Limits(loop_steps=3000)).outputs


@pytest.mark.parametrize(
    "text",
    [
        "get('system')('id')", "match.fun('system')('id')", "do.call('system', list('id'))", "assign('x', system('id'))",
        "sapply('id', system)", "Recall(system('id'))", "eval(parse(text = paste0('sys', 'tem(1)')))", "get('__import__')('os')",
        "switch(system('id'), a = x)", "Reduce('system', 1:3)", "structure(system('id'))", "'id' |> (\\(v) system(v))()",
        "splinefun(c(0, 1), c(0, 1), method = system('id'))(x)", "paste0(Sys.getenv('HOME'), x)", "sprintf('%999999999d', 1)",
        "sprintf(paste(rep('%s', 200), collapse = ''), 'a')", "readline('a')", "file('a')", "source('a')", "`system`('id')",
    ],
)  # fmt: skip
def test_no_text_runs_a_program(text):
    with pytest.raises(CalculusError):
        read(text, Notation.R)


def test_a_table_has_a_kink_at_a_point_and_a_notice_says_so(service):
    found = service.gradient("approx(c(0, 1, 2), c(0, 5, 7), xout = x)$y", at={"x": 1.0})
    assert float(found.value) == 5.0
    assert "slope" in "; ".join(found.notices)
    assert math.isfinite(float(found.partials[0].value))


def test_t_is_a_flag_where_an_argument_is_one_and_a_variable_elsewhere():
    assert read("sum(sort(c(3, 1, 2), decreasing = T)*x)", Notation.R).variables == ("x",)
    with pytest.raises(CalculusError, match="must be a constant"):
        read("function(T, x) sum(rep(x, times = T))", Notation.R)
