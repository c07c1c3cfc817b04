"""What Export writes, looked at as text: names, comments, sizes, what is refused."""

import ast
import math
import os
import re
import shutil
import subprocess
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import WARNINGS, Case, needs_cc, needs_r
from secantd.errors import CalculusError, Reason
from secantd.export import c, export, javascript, julia, python, r, stan
from secantd.export.definitions import DEFINITIONS, definition, identifier
from secantd.functions import FUNCTIONS
from secantd.language import Notation, read
from secantd.program import Program
from secantd.program.operations import OPERATIONS
from secantd.settings import Limits

LANGUAGES = [c.C, javascript.JAVASCRIPT, julia.JULIA, python.PYTHON, r.R, stan.STAN]
EACH = pytest.mark.parametrize("language", [pytest.param(x, id=x.title) for x in LANGUAGES])
# Words that mean something in one of the languages, and names that are none in most of them.
NAMES = """lambda if int double I T for end function in real data vector beta gamma normal lower theta[1] theta[2] theta$m
    x.1 .x σ α1 élan 变量 t t1 t2 i n at value gradient hessian f f_gradient f_less f_ifelse np special c sum exp_ log_ pi_ E
    NA_ e Inf_ main NULL_ size_t double_ print None_ and_ T1 __x x__ _x""".split()


def whole(text: str, notation: Notation, order: int = 1, **options: object) -> str:
    return export(read(text), text, (), [notation], order, **options).codes[0].text  # type: ignore[arg-type]


def formula_of(names: list[str]) -> str:
    """Return a formula in which each name is a variable."""
    spelled = [
        n if re.fullmatch(r"[\w.]+(\[\d+\]|\$\w+)?", n) and n.isascii() and n[0] != "_" else f"`{n}`" for n in names
    ]
    words = {"lambda", "if", "for", "function", "in"}
    spelled = [f"`{n}`" if n in words else n for n in spelled]
    return " + ".join(f"{k + 2} * {n}^2" for k, n in enumerate(spelled))


@EACH
def test_any_name_of_a_variable_gets_one_of_its_own_in_each_language(language):
    text = formula_of(NAMES)
    function = read(text)
    assert len(function.variables) == len(NAMES)
    code = export(function, text, (), [language.notation], 2).codes[0].text
    (head,) = re.findall(
        r"^(?:double f|def f|f <- function|export function f|function f|  real f)\((.*?)\)", code, re.M
    )
    names = [part.split()[-1] for part in head.split(", ")]
    if language is c.C:
        names = re.findall(r"const double (\w+) = at_*\[", code[: code.index("double f_gradient(")])
    assert len(set(names)) == len(NAMES)
    assert not set(names) & language.identifiers.reserved
    assert all(language.identifiers.pattern.fullmatch(n) for n in names)


@needs_cc
def test_a_formula_of_awkward_names_compiles_and_is_right(tmp_path):
    from running import close, expected, in_c, in_python

    names = [n for n in NAMES if n.isascii()]
    case = Case(formula_of(names), [[1.0 + k for k in range(len(names))]])
    right = expected(case, 1)[0]
    for got in (in_c([case], 1, tmp_path)[0][0], in_python([case], 1)[0][0]):
        assert all(close(a, b, 1e-14) for a, b in zip(got, right, strict=True))


@EACH
@pytest.mark.parametrize("name", ["", "a b", "2f", "f-g", "f;", "f(", "*/", "f\n", "σ", "f" * 64, "_f", "f\0"])
def test_a_name_that_is_none_is_refused(language, name):
    if not name:
        assert "f" in whole("x^2", language.notation, name=name)
        return
    with pytest.raises(CalculusError) as caught:
        whole("x^2", language.notation, name=name)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, "name")
    assert language.title in caught.value.headline


@pytest.mark.parametrize(
    ("notation", "names"),
    [
        (Notation.C, "for int double sin main INFINITY y1"),
        (Notation.PYTHON, "lambda def None print np"),
        (Notation.R, "if TRUE exp c dnorm"),
        (Notation.JULIA, "end function struct exp"),
        (Notation.JAVASCRIPT, "function new arguments Math NaN"),
        (Notation.STAN, "real data vector normal f_lpdf exp"),
    ],
    ids=lambda v: v if isinstance(v, str) else v.name,
)
def test_a_word_of_the_language_is_refused_as_the_name_of_a_function(notation, names):
    for name in names.split():
        with pytest.raises(CalculusError, match="has another meaning"):
            whole("x^2", notation, name=name)


HOSTILE = [
    "x^2 # */ int main(void) { return 1; } /*",
    "x^2 # \\",
    "x^2 # ??/",
    "x^2\n# coding: utf-7\n",
    "x^2 # =#  \u2028 import os",
    'x^2 # " \'\'\' """ \\end{align*} % }',
    "x^2 # @less(@ifelse) {0} {1}",
]


@pytest.mark.parametrize("text", HOSTILE)
@EACH
def test_nothing_in_a_clients_text_ends_the_comment_that_contains_it(language, text):
    function = read(text, Notation.R)
    code = export(function, text, (), [language.notation], 1).codes[0].text
    plain = export(read("x^2"), "x^2", (), [language.notation], 1).codes[0].text
    mark = language.comment.strip()

    def without_head(t: str) -> str:
        lines = t.split("\n")
        first = next(k for k, line in enumerate(lines) if not line.startswith(mark))
        return "\n".join(lines[first:])

    assert without_head(code) == without_head(plain)
    assert code.split("\n")[:2] == plain.split("\n")[:2]
    assert code.isprintable() or all(ch == "\n" or ch.isprintable() for ch in code)
    assert not any(line.endswith("\\") for line in code.split("\n"))


@needs_cc
def test_hostile_texts_compile_with_every_warning_an_error(tmp_path):
    for k, text in enumerate(HOSTILE):
        (tmp_path / f"h{k}.c").write_text(export(read(text, Notation.R), text, (), [Notation.C], 1, "g").codes[0].text)
        done = subprocess.run(["cc", *WARNINGS, "-c", f"h{k}.c"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_python_reads_code_with_any_text_in_its_comment(text):
    code = export(read("x^2"), text, (), [Notation.PYTHON], 0).codes[0].text
    tree = ast.parse(code)
    assert [type(node).__name__ for node in tree.body] == ["Import", "FunctionDef"]


@EACH
@given(value=st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=300)
def test_a_number_is_written_so_that_it_is_read_back(language, value):
    text = language.number(value)
    if language is r.R:
        text = text.replace("(0 * sign(-1))", "-0.0")
    read_back = float.fromhex(text) if "0x" in text else float(text)
    assert read_back == value
    assert math.copysign(1.0, read_back) == math.copysign(1.0, value)
    if language not in (r.R, javascript.JAVASCRIPT):
        # An integer would divide as one.
        assert re.search(r"[.e]", text)


@needs_r
def test_r_reads_the_numbers_it_is_given(tmp_path):
    chance = Random(7)
    values = [chance.uniform(-1, 1) * 10.0 ** chance.randint(-300, 300) for _ in range(400)]
    values += [chance.uniform(-10, 10) for _ in range(400)]
    (tmp_path / "n.R").write_text("cat(sprintf('%a', c(" + ",\n".join(map(r.R.number, values)) + ")), sep = '\\n')")
    done = subprocess.run(["Rscript", "--vanilla", "n.R"], cwd=tmp_path, capture_output=True, text=True)
    assert [float.fromhex(v) for v in done.stdout.split()] == values


@EACH
def test_code_grows_with_the_formula_whatever_the_number_of_variables(language):
    def length(n: int) -> int:
        text = " + ".join(f"(x{i} - x{i + 1}^2)^2 * exp(x{i})" for i in range(n))
        return len(export(read(text), "", (), [language.notation], 1).codes[0].text)

    small, large = length(50), length(400)
    assert large < 9 * small


@EACH
def test_what_is_used_twice_is_computed_once(language):
    code = whole("exp(x*y)*sin(x*y) + exp(x*y)", language.notation, 1)
    body = code[code.rindex("f <- function" if language is r.R else "gradient(") :]
    assert len(re.findall(r"\bexp\(", body)) == 1


def test_code_that_is_too_long_is_refused_before_it_is_written():
    text = " + ".join(f"sin(x{i}*x{(i * 7) % 40})" for i in range(40))
    for language in LANGUAGES:
        with pytest.raises(CalculusError) as caught:
            export(read(text), text, (), [language.notation], 2, limits=Limits(output_length=5_000))
        assert caught.value.reason is Reason.LIMIT_EXCEEDED
        assert caught.value.metadata["name"] == "output_length"
    with pytest.raises(CalculusError) as caught:
        export(read(text), text, (), [Notation.LATEX], 1, limits=Limits(output_length=2_000))
    assert caught.value.reason is Reason.LIMIT_EXCEEDED


@pytest.mark.parametrize(
    ("text", "notation"),
    [
        ("besselJ(x, 0.5)", Notation.STAN),
        ("qgamma(x, 2)", Notation.PYTHON),
        ("qbeta(x, 2, 3)", Notation.PYTHON),
    ],
    ids=lambda v: v if isinstance(v, str) else v.name,
)
def test_a_function_that_a_language_lacks_is_refused_by_name(text, notation):
    with pytest.raises(CalculusError) as caught:
        whole(text, notation)
    name = text.partition("(")[0]
    assert (caught.value.reason, caught.value.metadata["function"]) == (Reason.INVALID_VALUE, name)
    assert name in caught.value.headline
    assert "R" in caught.value.hint


def test_helpers_and_definitions_have_names_of_their_own():
    for language in LANGUAGES:
        # A template of the language goes before a definition.
        defined = {identifier(op) for op in DEFINITIONS if op not in language.templates}
        assert not set(language.helpers) & defined, language.title
        assert all(re.findall(rf"@{name}\b", source) for name, source in language.helpers.items())


# Points for each definition: interpreted, a quadrature of hundreds of steps takes as many milliseconds.
POINTS = 40 if "SECANT_TEST_LONG" in os.environ else 8


# Definitions of a distribution are asked of R's table of places in tests/oracle; here at ordinary points.
@pytest.mark.sample(2)
@pytest.mark.parametrize("op", DEFINITIONS)
def test_a_definition_computes_what_the_service_computes(op):
    base, fixed = (op[:-1], [float(op[-1])]) if op.startswith("psigamma") else (op, [])
    program = Program(definition(op))
    chance = Random(op)
    row = FUNCTIONS.get(base)
    count = len(program.variables)
    right = OPERATIONS[base].careful
    for _ in range(POINTS):
        x = [
            chance.uniform(0.05, 0.95) if op[0] == "q" else chance.uniform(-3, 8),
            *(chance.uniform(0.3, 4) for _ in range(count - 1)),
        ]
        if row is not None and row.written in ("dpois", "dbinom", "dnbinom", "choose", "lchoose"):
            x[0] = float(round(x[0]))
            x[1] = float(round(x[1])) + (5 if "binom" in op else 0)
        if "prob" in program.variables:
            x[-1] /= 5
        if op.endswith(".log") and op[0] == "q":
            x[0] = math.log(x[0])
        got, want = program.point(x)[0], right(*x, *fixed)
        assert (math.isnan(got) and math.isnan(want)) or math.isclose(got, want, rel_tol=3e-14, abs_tol=1e-15), (
            x,
            got,
            want,
        )


def test_variables_left_out_are_arguments_behind_those_named():
    answer = export(read("a*x^2 + b"), "a*x^2 + b", ["x"], [Notation.C], 1)
    assert answer.variables == ("x", "a", "b")
    assert "gradient[0]" in answer.codes[0].text
    assert "gradient[1] =" not in answer.codes[0].text


def test_a_variable_that_does_not_occur_has_a_partial_of_nothing():
    answer = export(read("function(x, z) x^2"), "x^2", ["x", "z"], [Notation.C], 1)
    assert "gradient[1] = 0.0;" in answer.codes[0].text
    assert "'z' does not occur" in answer.notices[0]


def test_numbers_of_the_data_in_the_formula_have_a_notice():
    data = {"y": np.array([1.5, 2.0, 3.0])}
    text = "a*y[1] + sum(a*y)"
    answer = export(read(text, None, data), text, (), [Notation.R], 1, again=lambda d: read(text, None, d))
    assert any("these data only" in notice for notice in answer.notices)
    assert "stopifnot(length(y) == 3)" in answer.codes[0].text
    assert "these data only" in answer.codes[0].text


def test_the_code_contains_the_result_of_the_verification():
    assert re.search(r"agreed with finite differences to \d+ digits at x = 0.7, y = 1.3", whole("x^2*y", Notation.C, 2))
    answer = export(read("abs(x) * 0/0"), "abs(x) * 0/0", (), [Notation.C], 1)
    assert any(n.startswith("the derivatives were not checked") for n in answer.notices)
    assert "agreed" not in answer.codes[0].text


def test_a_wrong_derivative_would_not_agree():
    from dataclasses import replace

    from secantd.export.derive import derive
    from secantd.export.verification import verify

    function = read("x^2*y^3 + sin(x)")
    right = derive(function, 2, ("x", "y"))
    assert verify(right, 2, 2, {}) is not None
    for k in range(1, len(right.outputs)):
        outputs = list(right.outputs)
        outputs[k] = function.graph.make("mul", function.graph.number(1.001), outputs[k])
        assert verify(replace(right, outputs=tuple(outputs)), 2, 2, {}) is None, k


def test_latex_holds_the_formulas_that_the_service_prints():
    code = whole("x^2*exp(y)", Notation.LATEX, 2)
    assert r"\frac{\partial f}{\partial x} &= 2 x e^{y} \\" in code
    assert r"\frac{\partial^{2} f}{\partial x \, \partial y} &= 2 x e^{y} \\" in code
    assert code.count(r"\begin{align*}") == code.count(r"\end{align*}") == 1


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="there is no pdflatex")
def test_latex_takes_the_code(tmp_path):
    (tmp_path / "f.tex").write_text(whole("x^2*exp(y)/sum(c(x, y))", Notation.LATEX, 2))
    (tmp_path / "main.tex").write_text(
        "\\documentclass{article}\\usepackage{amsmath}\\begin{document}\\input{f}\\end{document}"
    )
    done = subprocess.run(["pdflatex", "-halt-on-error", "main.tex"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1000:]
