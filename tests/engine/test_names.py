"""Names in printed text and in exported code are names: nothing of a client's becomes code."""

import ast
import re

import pytest
from hypothesis import example, given, settings
from secantd.calculus import differentiate, explain, taylor
from secantd.calculus.variables import chosen_variables, resolved
from secantd.errors import CalculusError, Reason
from secantd.export import export
from secantd.expression import symbols
from secantd.language import Notation, read
from secantd.render import latex_text, python_text, r_text, spelling

from .hostile import LISTS, formula, function, quoted

CODES = [Notation.R, Notation.PYTHON, Notation.C, Notation.JULIA, Notation.STAN, Notation.JAVASCRIPT]
CALLS = {"exp", "gamma", "digamma"}
EVIL = ["x", "\\", '^system("...")#']
COLLISIONS = ["x1", "x_1", "x[1]", "x 1"]


def spelled(f, notation):
    return spelling(f.variables, notation, {"exp", "gamma"}).texts


@given(LISTS)
@example(EVIL)
@example(["pi", "pi_"])
@settings(max_examples=100)
def test_r_text_is_read_back_as_the_same_formula(names):
    f = function(names)
    back = read(r_text(f.outputs[0], names=spelled(f, Notation.R)), Notation.R)
    renamed = [{"pi": spelled(f, Notation.R).get("pi")}.get(n, n) for n in symbols(f.outputs)]
    assert sorted(symbols(back.outputs)) == sorted(renamed)
    assert r_text(back.outputs[0]) == r_text(f.outputs[0], names=spelled(f, Notation.R))


@given(LISTS)
@example(EVIL)
@example(["__import__('os').system('id')", "lambda"])
@example(["a", "a[0]", "a "])
@settings(max_examples=100)
def test_python_text_holds_only_names_numbers_and_functions(names):
    f = function(names)
    texts = spelled(f, Notation.PYTHON)
    assert len(set(texts.values())) == len(names)
    tree = ast.parse(python_text(f.outputs[0], names=texts), mode="eval")
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call)}
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    indexed = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Subscript)}
    heads = {t.partition("[")[0] for t in texts.values()}
    assert called <= CALLS
    assert found - called - {"pi"} == heads
    assert not heads & (CALLS | {"pi"})
    assert indexed == {t for t in texts.values() if "[" in t}
    allowed = (ast.Expression, ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Name, ast.Load, ast.Constant)
    assert all(isinstance(n, (*allowed, ast.Call, ast.Subscript)) for n in ast.walk(tree))


# Control words that formulas of these tests and their names may have.
WORDS = {"mathrm", "left", "right", "cdot", "Gamma", "lambda", "gamma", "pi", "mu", "sigma", "_", "$"}
TOKEN = re.compile(r"\\([A-Za-z]+|.)|\\mathrm|(.)", re.DOTALL)


@given(LISTS)
@example(["\\input /etc/passwd", "%"])
@example(COLLISIONS)
@example(["pi", "e", "Gamma"])
@settings(max_examples=100)
def test_latex_holds_only_names_numbers_and_functions(names):
    f = function(names)
    texts = spelled(f, Notation.LATEX)
    assert len(set(texts.values())) == len(names)
    assert not {r"\pi", "e", r"\Gamma"} & set(texts.values())
    depth = 0
    for command, character in TOKEN.findall(latex_text(f.outputs[0], names=texts)):
        assert not command or command in WORDS
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
        assert not character or character.isalnum() or character in "{}^_()+-.[] "
    assert depth == 0


def tokens(code, comment):
    lines = code.split("\n")
    assert code.isprintable() or all(c.isprintable() or c == "\n" for c in code)
    return re.findall(r"\.?[^\W\d][\w.]*|[\d.]+|[^\w\s]", "\n".join(x for x in lines if not x.startswith(comment)))


@pytest.mark.parametrize("notation", CODES)
@given(LISTS)
@example(EVIL)
@example(["*/ int main", "=#", '"""', "'''"])
@settings(max_examples=30)
def test_exported_code_differs_from_that_of_usual_names_by_these_only(notation, names):
    usual = [f"zz{chr(97 + k)}" for k in range(len(names))]
    codes = []
    for chosen in (names, usual):
        text = formula(chosen)
        codes.append(export(read(text), text, (), [notation], 1).codes[0].text)
    comment = {Notation.C: "//", Notation.STAN: "//", Notation.JAVASCRIPT: "//"}.get(notation, "#")
    found, expected = (set(tokens(c, comment)) for c in codes)
    # Long names move the line breaks, and names of the writer's own are changed if they clash with a name of the text.
    own = re.compile(r"(value|gradient|hessian|at|i|n|h|t\d*)_*\d*")
    others = {t for t in found - expected if not own.fullmatch(t)}
    assert len(others) <= len(names)
    assert all(re.fullmatch(r"(?![\d.]\d)[\w.]+", t) for t in others)


def test_a_notice_lists_the_names_that_are_spelled_otherwise():
    answer = differentiate(read("`a b` * x.1^2 * lambda"), ["x.1"], notations=[Notation.PYTHON, Notation.R])
    assert answer.derivative.renderings[0][1] == "2*a_b*lambda_*x_1"
    assert answer.derivative.renderings[1][1] == "2 * (`a b` * lambda * x.1)"
    assert answer.notices == (
        "names that are spelled differently in Python: 'a b' is a_b, 'x.1' is x_1, 'lambda' is lambda_",
    )


def test_every_answer_with_respelled_names_has_the_notice():
    f = read("x.1^2")
    notice = ("names that are spelled differently in Python: 'x.1' is x_1",)
    assert explain(f, ["x.1"], [Notation.PYTHON]).notices == notice
    assert explain(f, ["x.1"], [Notation.PYTHON]).steps[0].text.startswith("power rule: d/dx_1 [x_1**2] = 2*x_1")
    assert taylor(f, {"x.1": 1.0}, 2, [Notation.PYTHON]).notices == notice


def test_a_variable_named_pi_is_not_the_number():
    answer = differentiate(read("function(pi) sin(pi * 2)"), ["pi"])
    assert answer.derivative.text == "2 * cos(2 * pi_)"
    assert answer.notices == ("names that are spelled differently in R: 'pi' is pi_",)


def test_a_word_of_r_in_backticks_is_a_variable():
    assert read("`TRUE` * TRUE + `Inf`").variables == ("TRUE", "Inf")


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\x1b", "\u2028", "\ue000"])
@pytest.mark.parametrize("text", ["`a{}b`", 'x[["{}"]]', "x$`{}`"])
def test_a_name_holds_characters_that_print(text, character):
    with pytest.raises(CalculusError, match=r"U\+\w+ .* is not part of the language") as caught:
        read(text.format(character))
    assert caught.value.reason is Reason.SYNTAX_ERROR


def test_an_escape_that_prints_nothing_is_refused_with_what_to_write():
    with pytest.raises(CalculusError, match=r"\\n is not allowed in a name") as caught:
        read("`a\\nb`")
    assert caught.value.span == (2, 4)


def test_python_compares_names_in_one_unicode_form_and_r_does_not():
    assert read("ﬁ + fi + µ + μ", Notation.PYTHON).variables == ("fi", "μ")
    assert read("ﬁ + fi + µ + μ", Notation.R).variables == ("ﬁ", "fi", "µ", "μ")
    assert read("µ*x", Notation.PYTHON, {"µ": [2.0]}).variables == ("x",)


@pytest.mark.parametrize(
    ("text", "name", "meant"),
    [
        ("x[1]^2", "x[[1]]", "x[1]"),
        ("x$a^2", 'x[["a"]]', "x$a"),
        ("`a b`^2", "`a b`", "a b"),
        ("x^2", " x", "x"),
        ("function(pi) pi^2", "pi", "pi"),
        ("x^2", "z", "z"),
    ],
)
def test_a_variable_may_be_named_as_formulas_name_it(text, name, meant):
    assert resolved(read(text), name) == meant


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("sum(x*u)", "u[1]", "'u' is a data column: its entries are numbers, not variables"),
        ("sum(x*u)", "u[[2]]", "'u' is a data column: its entries are numbers, not variables"),
        ("x*u[2]", "u", "'u' is a data column, not a variable"),
        ("x^2", "pi", "'pi' is a number, not the name of a variable"),
        ("x^2", "TRUE", "'TRUE' is a number, not the name of a variable"),
        ("x^2", "2*x", "'2*x' is a formula, not the name of a variable"),
        ("x^2", "x[1]", "'x' is a single number in the expression and has no components"),
        ("x$a^2", "x", "'x' has components"),
        ("x^2", "y\u202e", "the name 'y?' contains characters that do not print"),
        ("{a <- x^2; a*3}", "a", "'a' is assigned in the text, so it is not a variable"),
        ("{s <- x; for (i in 1:2) s <- s*x; s}", "i", "'i' is assigned in the text, so it is not a variable"),
        ("µ^2", "μ", "'μ' (U+03BC) does not occur; 'µ' (U+00B5) does, which looks the same"),
        ("ﬁ^2", "fi", "'fi' (U+0066 U+0069) does not occur; 'ﬁ' (U+FB01) does, which looks the same"),
    ],
)
def test_a_name_that_only_looks_absent_is_refused_with_the_reason(text, name, reason):
    f = read(text, Notation.R, {"u": [1.0, 2.0, 3.0]})
    with pytest.raises(CalculusError) as caught:
        chosen_variables(f, [name], [])
    assert (caught.value.headline, caught.value.reason) == (reason, Reason.UNKNOWN_VARIABLE)


@pytest.mark.parametrize(
    ("text", "notation", "name", "header"),
    [
        ("x^2", Notation.R, "my.z", "function(x, my.z) "),
        ("x**2", Notation.PYTHON, "z", "lambda x, z: "),
        ("x_1^2", Notation.LATEX, "z", "f(x_1, z) = "),
        (r"\theta^2", Notation.LATEX, "z", ""),
        ("x^2", Notation.LATEX, "beta", ""),
    ],
)
def test_the_hint_for_a_name_that_does_not_occur_can_be_followed(text, notation, name, header):
    with pytest.raises(CalculusError) as caught:
        chosen_variables(read(text, notation), [name], [])
    assert (f"write {header}... or declare" in caught.value.hint) is bool(header)
    assert f"declare the shape 'number' for '{name}'" in caught.value.hint
    if header:
        assert chosen_variables(read(header + text, notation), [name], []) == (name,)


def test_two_names_of_one_variable_are_refused():
    with pytest.raises(CalculusError, match="two of the names refer to the same variable"):
        chosen_variables(read("x[1]^2"), ["x[1]", "x[[1]]"], [])


def test_a_long_name_is_printed_in_time_that_grows_with_its_length():
    name = "a_" * 40_000
    f = read(f"{quoted(name)}^2")
    assert len(latex_text(f.outputs[0])) < 4 * len(name)
    assert python_text(f.outputs[0]).endswith("**2")


def test_a_parameter_named_as_a_component_of_another_is_one_variable():
    assert read("function(a, `a[1]`) a * `a[1]`").variables == ("a", "a[1]")


@pytest.mark.parametrize("name", ["x[" + "9" * 5000 + "]", "x[12345678901234567890]"])
def test_a_name_with_an_index_beyond_whole_doubles_is_a_variable_of_its_own(name):
    f = read(f"x^2 * `{name}`", Notation.R, variables=[name])
    assert f.variables == ("x", name)
    assert differentiate(f, [name]).derivative.text == "x^2"
