"""The meaning of texts in R and Python notation."""

import math

import numpy as np
import pytest
from secantd.calculus import differentiate, evaluate
from secantd.errors import CalculusError, Reason
from secantd.expression import VariableShape
from secantd.language import Notation, read
from secantd.program import compile
from secantd.render import python_text, r_text

from .texts import refusal


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("-x^2", "-x^2", id="a-sign-is-looser-than-a-power"),
        pytest.param("2^-x", "2^-x", id="a-power-takes-a-sign-on-the-right"),
        pytest.param("x^y^z", "x^y^z", id="powers-from-the-right"),
        pytest.param("x - y - z", "x - y - z", id="differences-from-the-left"),
        pytest.param("x/y/z", "x/y/z", id="quotients-from-the-left"),
        pytest.param("a %% b * c", "a%%b * c", id="R's-remainder-binds-closer-than-a-product"),
        pytest.param("function(x) { return(2*x) }", "2 * x", id="return"),
        pytest.param("{ x <- x^2; x*3 }", "x^2 * 3", id="re-assignment"),
        pytest.param("function(x, h = x^2) x*h", "x * x^2", id="a-default-sees-the-other-parameters"),
        pytest.param("~ x^2", "x^2", id="a-formula"),
        pytest.param("y ~ a*x", "a * x", id="the-right-side-of-a-formula"),
        pytest.param("base::sin(x) + stats::dnorm(x, 1, 2)", "sin(x) + dnorm(x, 1, 2)", id="packages"),
        pytest.param("theta[1]*theta$m", "theta[1] * theta$m", id="components"),
        pytest.param("x |> sin() |> exp()", "exp(sin(x))", id="pipes"),
        pytest.param("`my rate`*2", "`my rate` * 2", id="backticks"),
        pytest.param("größe^2 + ω", "größe^2 + ω", id="letters-of-all-alphabets"),
        pytest.param("S*I*E*N*beta*gamma*lambda", "S * I * E * N * beta * gamma * lambda", id="names-of-functions-are-names"),
        pytest.param("F*D*exp(-k*T)", "F * D * exp(-k * T)", id="T-and-F-are-variables"),
        pytest.param("dnorm(x, 0, 1, log = T)", "dnorm(x, 0, 1, log = TRUE)", id="T-is-true-where-a-flag-is-asked"),
        pytest.param("0x10 + 2L + 1e-3", "16 + 2 + 0.001", id="numbers"),
        pytest.param("x # a comment\n", "x", id="comments"),
        pytest.param("(x +\n y)", "x + y", id="lines-go-on-in-brackets"),
    ],
)  # fmt: skip
def test_r_means(text, printed):
    assert r_text(read(text, Notation.R).outputs[0]) == printed


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        pytest.param("lambda x, n=2: x**n", "x**2", id="lambda"),
        pytest.param("x if x > 0 else -x", "x if x > 0 else -x", id="choice"),
        pytest.param("math.sin(x) + np.exp(y)", "sin(x) + exp(y)", id="modules"),
        pytest.param("theta[0] + theta[1]", "theta[0] + theta[1]", id="counts-from-0"),
        pytest.param("[x, y, 3][-1]", "3", id="the-last"),
        pytest.param("a % b % c", "a % b % c", id="remainders-from-the-left"),
        pytest.param("a*b % c", "a*b % c", id="a-remainder-binds-as-a-product"),
        pytest.param("a // b", "a // b", id="integer-quotient"),
        pytest.param("-x**2", "-x**2", id="a-sign-is-looser-than-a-power"),
        pytest.param("x > 0 and not y > 1 or x < 3", "x > 0 and not y > 1 or x < 3", id="logic"),
        pytest.param("~(x > 0) & (y > 1)", "not x > 0 and y > 1", id="a-tilde-negates"),
        pytest.param("f = lambda t: t**2\nf(x) + 1", "x**2 + 1", id="a-function-before"),
        pytest.param("inf", "inf", id="inf"),
        pytest.param("sum(range(4))*x", "(0 + 1 + 2 + 3)*x", id="a-range-leaves-out-its-end"),
    ],
)
def test_python_means(text, printed):
    assert python_text(read(text, Notation.PYTHON).outputs[0]) == printed


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        pytest.param("y + x", ("y", "x"), id="in-order-of-appearance"),
        pytest.param("function(x, y, z) y", ("x", "y", "z"), id="the-parameters"),
        pytest.param("function(x, a = 2) a*x*b", ("x",), id="not-those-with-a-default"),
        pytest.param("function(theta) theta[1] + theta[2]", ("theta[1]", "theta[2]"), id="components"),
        pytest.param("{ a <- 2; a*x*pi }", ("x",), id="not-what-is-assigned"),
        pytest.param("sapply(c(x, y), exp)[1]", ("x",), id="not-a-function's-name"),
    ],
)
def test_the_variables_are(text, variables):
    assert read(text).variables == variables


@pytest.mark.parametrize(
    ("text", "value"), [("var(c(1, 2, 4))", 7 / 3), ("np.var([1, 2, 4])", 14 / 9), ("np.std([1, 3])", 1)]
)
def test_variances_divide_as_their_language_does(text, value):
    (found,) = evaluate(read(text), {}).values
    assert found == pytest.approx(value)


PROGRAMS = {
    "seq(2, 8, by = 2)": [2, 4, 6, 8],
    "seq(3)": [1, 2, 3],
    "seq(0, 1, by = 0.1)[11]": [1],
    "seq(0, 1, length.out = 5)": [0, 0.25, 0.5, 0.75, 1],
    "seq(5, 1, length.out = 3)": [5, 3, 1],
    "seq(2, 9, length.out = 1)": [2],
    "3:1": [3, 2, 1],
    "c(length(seq_len(0)), length(c()), length(rep(1, 0)), length(x), NROW(c(1, 2)), len(u))": [0, 0, 0, 1, 2, 3],
    "seq_along(c(9, 9))": [1, 2],
    "rep(c(1, 2), times = 2, each = 2)": [1, 1, 2, 2, 1, 1, 2, 2],
    "rep(c(x, 7), length.out = 3)": [0.5, 7, 0.5],
    "rep(c(1, 2), 2)": [1, 2, 1, 2],
    "c(length(rep(c(), length.out = 2)), 1)": [0, 1],
    "zeros(2) + numeric(2) + 1": [1, 1],
    "c(cumprod(c(2, 3, 4)), cumsum(c(2, 3, 4)), rev(c(2, 3)))": [2, 6, 24, 2, 5, 9, 3, 2],
    "diff(c(1, 4, 9))": [3, 5],
    "c(crossprod(c(1, 2), c(3, 4)), crossprod(c(1, 2)), inner(c(1, 2), c(3, 4)), vdot(u, u))": [11, 5, 11, 21],
    "c(sum(u), fsum(c(1, 2)), prod(u), max(u, 3), amax(c(1, 2)), min(u, 3), amin(c(3, 2)))": [7, 3, 8, 4, 2, 1, 2],
    "c(sum(c()), prod(c()), sum(1, 2), prod(2, 3, 4))": [0, 1, 3, 24],
    "c(pmax(x, 2), maximum(x, 2), fmax(x, 2), pmin(x, 2), minimum(x, 2), fmin(x, 2))": [2, 2, 2, 0.5, 0.5, 0.5],
    "pmax(c(1, 5), 2, 3)": [3, 5],
    "c(power(x, 2), float_power(x, 2), pow(x, 2), square(x), hypot(3, 4))": [0.25, 0.25, 0.25, 0.25, 5],
    "c(I(x), identity(x), float(x), as.numeric(x), as.double(x), float64(x), invisible(x))": [0.5] * 7,
    "where(x > 1, 2, 3)": [3],
    "c(average(u), mean(c(1, 2, 6)), mean(x), mean(u))": [7 / 3, 3, 0.5, 7 / 3],
    "c(var(c(1, 2, 6)), sd(c(1, 2, 6)))": [7, 7**0.5],
    "sapply(c(1, 4), sqrt)": [1, 2],
    "lapply(c(1, 2), function(i) c(i, 10*i))": [1, 10, 2, 20],
    "vapply(c(1, 2), function(z) z^2, FUN.VALUE = 1)": [1, 4],
    "c(Map(sqrt, c(4, 9)), map(sqrt, 16))": [2, 3, 4],
    "c(Reduce(function(a, b) a - b, c(9, 3, 1)), reduce(pow, c(2, 3), 3), Reduce(sin, c(4)))": [5, 729, 4],
    "c(c(a = 1, b = 2), 3)['b']": [2],
    "c(a = x, 3)$a": [0.5],
    "c(c(u, 8)[4], rep(u, 2)[5], u[-1], c(1, 2, 3)[c(1, 3)])": [8, 2, 2, 4, 1, 3],
    "c(1, 2, 3, 4)[-c(1, 3)]": [2, 4],
    "{v <- c(1, 2); v[2] <- 5; v[3] <- 6; v}": [1, 5, 6],
    "{v <- c(a = 1, b = 2); v[2] <- 5; v$b}": [5],
    "{k <- 1; f <- function() {k <<- 4; k}; f() + k}": [8],
    "{k <- 1; f <- function() {3 ->> k; 0}; f() + k}": [3],
    "{f <- function() {z <<- 3; 0}; f() + z}": [3],
    "{f <- function(x, v = 1:3) sum(v)*x; f(2)}": [12],
    "{f <- function(n, k = 2, ...) n^k; f(3, 1)}": [3],
    "{f <- sqrt; f(9)}": [3],
    "(function(a, b = a) a*b)(3)": [9],
    "{f <- function(alpha, beta) alpha - beta; f(b = 1, 5)}": [4],
    "{f <- function(t) {if (t > 1) return(10); t}; f(2) + f(x)}": [10.5],
    "{if (x > 1) a <- 1 else a <- 2; if (x < 1) b <- 3 else b <- 4; a + b}": [5],
    "{y <- 1; if (x < 1) y <- 7; y}": [7],
    "if (x < 0.2) 1 else if (x < 0.7) 2 else 3": [2],
    "c(1 %/% 0.3, 7 %% 3, -7 %% 3, 2^3^2, -2^2, 2^-1, 1 - 2 - 3, 8/2/2)": [3, 1, 2, 512, -4, 0.5, -4, 2],
    "c(!TRUE, TRUE & FALSE, TRUE | FALSE, 1 != 2, 1 == 2, 1 >= 1, 1 <= 0)": [0, 0, 1, 1, 0, 1, 0],
    "0x1F + 0XA + 1e2 + .5 + 1_000": [1141.5],
    "dnorm(\n0,\n mean = 0,\n sd = 1\n)": [0.3989422804014327],
    "x; 2;; 3;": [3],
    "c(if (2 > 1) 5 else x, ifelse(2 > 1, 5, x))": [5, 5],
    "{f <- function(x, h = x + 1) h*h; f(2)}": [9],
    "{f <- function(x) {return x^2}; f(3)}": [9],
    "{sqrt <- 2; sqrt(9)*sqrt}": [6],
    "{f <- function() {g <- function() {k <<- 5; 0}; g(); 1}; f() + k}": [6],
    "{f <- function(x) {if (x > 1) {y <- 1} else {if (x > 0) return(7); y <- 2}; y}; c(f(x), f(x + 1), f(-x))}": [7, 1, 2],
    "{f <- function(x) {if (x > 1) return(3) else {if (x < 0) return(4)}; 5}; c(f(x), f(x + 1), f(-x))}": [5, 3, 4],
    "{f <- function(x) {if (x > 1) return(3) else return(4); 5}; c(f(x), f(x + 1))}": [4, 3],
    "{for (v in c(2, 3)) s <- v; s}": [3],
    "{s <- 0; for (i in 1:4) if (i %% 2 == 0) s <- s + i; s}": [6],
    "{a <- 1; {a <- 2}; a}": [2],
    "{f <- function() {k <- 1; g <- function() k <<- 5; g(); k}; f()}": [5],
    "{k <<- 2; k}": [2],
    "c(a = x, 3)$'a'": [0.5],
    "seq(from = 2, to = 4)": [2, 3, 4],
    "seq(to = 4, by = 2, from = 0)": [0, 2, 4],
    "{y <- 0\nif (x > 1) y <- 1\ny + 2}": [2],
    "{y <- 0\nif (x < 1) y <- 1\nelse y <- 5\n\ny + 2}": [3],
    "{f <- function(z) {\nif (z > 1) z\nelse\n-z\n}\nf(3) + f(x)}": [2.5],
    "{v <- c(3, 4); names <- 5; v[[2]] + names}": [9],
    "c(5 %/% 2 * 2, 5 %% 3 * 2, -1:2, 2 * 1:2)": [4, 4, -1, 0, 1, 2, 2, 4],
    "c(!1 > 2, !(1 > 2) & 0, 1 | 0 & 0, 1 < 2 & 2 < 3)": [1, 0, 1, 1],
    "c(x > 0 && x < 1, x > 1 || x < 1, x != x, x >= x)": [1, 1, 0, 1],
    "c(NaN > 1 | TRUE, exp(0) + sqrt(4) + log(1) + abs(-2) + floor(1.5) + ceiling(1.5))": [1, 8],
    "c(1, 2)[if (sqrt(4) == 2) 2 else 1]": [2],
    "c(1, 2)[3 %/% 2 + 5 %% 2 - 2^0 + (1 < 2)*(2 >= 2)*(1 != 2)]": [2],
    "seq(10, 1, by = -4.5)": [10, 5.5, 1],
}  # fmt: skip


@pytest.mark.parametrize("text", PROGRAMS)
def test_a_program_is_worth_what_is_worked_out_by_hand(text):
    f = read(text, Notation.R, {"u": np.array([1.0, 2.0, 4.0])}, shapes={"x": VariableShape(())})
    found = compile(f.outputs, ["x"], f.graph.columns).point([0.5])
    assert found == pytest.approx(PROGRAMS[text], rel=1e-15)


PYTHON = [
    "(lambda t, n=1 + 1: t**n)(3)", "(lambda t, n=2 * 1, m=1: t**n + m)(3)",
    "range(3)[1] + range(1, 5)[3]", "not x == 1", "not (x > 0) or x < 1", "-2**2 + (-2)**2",
    "sum(range(2, 7, 2))", "sum(range(5, 0, -2))", "len(range(3, 3))", "len(range(0, 1))", "range(0, 5, 2)[2]",
    "[x, 2, 3][-1] + [x, 2, 3][0]", "[1, 2][-2]", "1 if 2 > 1 else x", "x if x > 1 else 2 if x > 0.7 else 3",
    "(lambda t, n=3: t**n)(2)", "(lambda t, n=1: t + n)(2, n=5)", "7 // 2 + 7 % 4 - -7 // 2", "2 * 7 % 4", "2**-1",
    "x**2 * 3 - x / 2", "not x > 1", "x > 0 and x < 1", "x > 1 or x < 0", "math.exp(x) - math.log(2)",
    "max(x, 2) + min(x, 2) + abs(-x) + pow(x, 2)", "math.hypot(3, 4)", "math.fsum([1, x])", "math.sqrt(x)", "float(x)",
    "1e3 + 1_000 + 0x10", "-x**2", "(1 < 2) + 1", "1 if 1 == 1 else 0", "1 if 1 != 1 else 0", "sum([x, 1])",
    "math.pi * math.e",
]  # fmt: skip


@pytest.mark.parametrize("text", PYTHON)
def test_a_text_in_python_notation_is_worth_what_python_computes(text):
    f = read(text, Notation.PYTHON)
    (value,) = evaluate(f, {"x": np.array([0.5])} if f.variables else {}).values
    assert value == pytest.approx(float(eval(text, {"math": math, "x": 0.5})), rel=1e-15)


@pytest.mark.parametrize("text", ["if (NaN) 1 else 2", "1 if NaN else 2", "ifelse(NaN, 1, 2)", "if (0/0 > 1) 1 else 2"])
def test_a_condition_that_is_no_number_chooses_neither_side(text):
    (value,) = evaluate(read(text), {}).values
    assert math.isnan(value)


def test_a_name_that_is_reserved_in_python_prints_with_an_underscore():
    assert differentiate(read("lambda*x"), ["x"], notations=[Notation.PYTHON]).derivative.text == "lambda_"


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        *[(t, Notation.PYTHON) for t in ("x**2", "lambda x: x", "math.sin(x)", "np.sin(x)", "numpy.sin(x)", "x // 2",
                                         "x if x > 0 else y", "x > 0 and y > 0", "x > 0 or y > 0", "not x")],
        *[(t, Notation.R) for t in ("sin(x)", "a <- x**2", "function(x) x**2", "if (x > 1) x**2 else 1", "x %% 2**2", "x^2**y")],
    ],
)  # fmt: skip
def test_the_notation_of_a_text_is_known_by_what_only_python_has(text, notation):
    assert read(text).notation is notation


@pytest.mark.parametrize("text", ["", "  ", "\n", ";", "\n;\n \n", "# only a comment\n"])
def test_a_text_of_nothing_is_empty(text):
    assert refusal(text).headline == "the text is empty"


def test_equal_sides_of_a_condition_are_no_choice():
    assert r_text(read("if (x > 1) y else y").outputs[0]) == "y"


def test_the_index_0_is_python_and_only_python():
    assert refusal("theta[0]").hint.startswith("R counts from 1")
    assert refusal("theta[0]", Notation.R).reason is Reason.SYNTAX_ERROR
    assert read("theta[0]", Notation.PYTHON).variables == ("theta[0]",)


COLUMNS = {"u": np.array([1.0, 2.0, 4.0]), "v": np.array([0.5, 1.5, -1.0])}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("sum(u)", 7, id="sum"),
        pytest.param("mean(u*x)", 14 / 3, id="mean"),
        pytest.param("sum((u - x)^2)", 5, id="squares"),
        pytest.param("length(u)*x", 6, id="length"),
        pytest.param("prod(u)", 8, id="product"),
        pytest.param("max(u) - min(v)", 5, id="extremes"),
        pytest.param("var(u)", 7 / 3, id="variance"),
        pytest.param("sum(u*v)", -0.5, id="two-columns"),
        pytest.param("sum(c(1, 2, 3)*u)", 17, id="a-vector-and-a-column"),
        pytest.param("u[2] + x", 4, id="an-element"),
        pytest.param("sum(ifelse(u > x, u, 0))", 4, id="a-choice-by-row"),
        pytest.param("sum(u > 1)", 2, id="a-count"),
        pytest.param("sum(x + u)", 13, id="a-variable-beside-a-column"),
    ],
)
def test_columns_of_data_are_computed_as_in_r(text, value):
    function = read(text, Notation.R, COLUMNS)
    points = {name: np.array([2.0]) for name in function.variables}
    assert evaluate(function, points).values == pytest.approx([value])


@pytest.mark.parametrize(
    ("text", "derivative"),
    [
        pytest.param("sum(a + u)", 3, id="the-rows-are-counted"),
        pytest.param("sum((a*u - v)^2)", 2 * (2 * 21 - (-0.5)), id="squares"),
        pytest.param("mean(a*u)", 7 / 3, id="mean"),
        pytest.param("sum(a, 1)", 1, id="numbers"),
        pytest.param("a*length(u)", 3, id="length"),
        pytest.param("prod(a*u)", 3 * 8 * 4, id="product"),
        pytest.param("max(a*u)", 4, id="largest"),
        pytest.param("var(a*u)", 2 * 2 * 7 / 3, id="variance"),
    ],
)
def test_derivatives_by_a_parameter_count_every_row(text, derivative):
    answer = differentiate(read(text, Notation.R, COLUMNS), ["a"], {"a": 2.0}).derivative
    assert answer.value == pytest.approx(derivative)


def test_a_sum_over_data_stays_rolled():
    sizes = []
    for rows in (10, 1000):
        data = {"x": np.arange(rows) * 1.0, "y": np.arange(rows) * 2.0}
        function = read("sum((y - a - b*x)^2) + mean(x)*a", Notation.R, data)
        differentiate(function, ["b"])
        sizes.append(len(function.graph.nodes))
    assert sizes[0] == sizes[1]


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(CalculusError, match="data columns of lengths 2 and 3 cannot be combined"):
        read("sum(u*v)", Notation.R, {"u": np.ones(2), "v": np.ones(3)})


@pytest.mark.parametrize(
    "text",
    [
        "c(if (x > 0) 1 else 2, 1:3)[1]",
        "sum(if (x > 0) 1:3 else c(1, 2, 3))",
        "if (x > 0) 1 else 2:2",
    ],
)
def test_a_colon_behind_an_r_condition_is_a_range(text):
    assert "x" in read(text).variables
