"""Derivations as pages: what they contain, and that they are right in each format and language."""

import math
import re
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import assume, given, settings
from secant.results._page import is_inert_page
from secantd import calculus
from secantd.calculus import differentiate
from secantd.calculus.results import Form
from secantd.errors import CalculusError, Reason
from secantd.functions import FUNCTIONS
from secantd.language import Notation, read
from secantd.pages import PageFormat, explained
from secantd.pages.build import page_of
from secantd.pages.document import blocks_of
from secantd.pages.sentences import FAMILIES, LANGUAGES, NAMES, SENTENCES, language_of
from secantd.program import compile as compile_program
from secantd.render import latex_text
from secantd.render import mathml as m
from secantd.settings import Limits

from .test_exact import formulas
from .test_explain import TEXTS

EVERY = list(PageFormat)


def page(text, *variables, format=PageFormat.TEXT, notation=Notation.R, **how):
    function = read(text, notation, variables=variables)
    return explained(function, variables, formats=[format], **how).pages[0].text


def exact(text, variables, notation):
    """Return what Differentiate returns in the exact form."""
    return differentiate(read(text), variables, notations=[notation], form=Form.EXACT).derivative.text


@pytest.mark.parametrize("text", [*TEXTS, "x^(1/3)", "a*x^2/3", "pnorm(x^2)", "0.1*x^3"])
def test_the_last_formula_is_the_derivative_in_each_format(text):
    function = read(text, variables=["x"])
    pages = explained(function, ["x"], formats=EVERY).pages
    assert [p.format for p in pages] == EVERY
    plain, latex = (exact(text, ["x"], n) for n in (Notation.R, Notation.LATEX))
    assert pages[0].text.endswith(f" = {plain}")
    assert pages[1].text.endswith(f"= {latex}\n\\end{{equation*}}")
    assert pages[3].text.endswith(f"= {latex}\n$$\n")
    assert m.content(latex) in pages[2].text.rpartition("<p><b>")[2]


def lines_of(text, variables):
    """Return each line of the page: what is differentiated, and the nodes of the texts that it equals."""
    function = read(text, Notation.R, variables=variables)
    answer = calculus.explain(function, variables)
    made = page_of(function, answer, Notation.R, False, False, language_of(""), Limits(), [])
    for section in made.sections:
        for _, block in blocks_of(section.blocks):
            left = ""
            for line in (*block.before, *block.after):
                left = line.left.text if line.left is not None else left
                inside = re.fullmatch(r"(?:d/dx|∂/∂x) \[(.*)\]", left)
                if inside and "d/d" not in line.right.text and "∂/∂" not in line.right.text and line.right.text != "…":
                    yield inside[1], line.right.text


def value(text, x):
    found = read(text, Notation.R)
    return compile_program(list(found.outputs), list(found.variables)).point(
        [{"x": x, "a": 1.7}[v] for v in found.variables]
    )[0]


def slope(text, x):
    """Return the derivative by Richardson's extrapolation of central differences."""

    def central(h):
        return (value(text, x + h) - value(text, x - h)) / (2 * h)

    return (64 * central(1e-3) - 20 * central(2e-3) + central(4e-3)) / 45


LINES = [
    "x^2*sin(x)/(1 + x^2)", "log(x^2 + 1)*exp(-x)", "x^sin(x)", "a^(x^2)/x", "sqrt(1 + sqrt(x))", "(2*x + 1)^4*cos(3*x)^2",
    "pnorm(x^2)*x", "dnorm(x, x^2, 1)", "-(x^2 - 2)/(x^3 + 1)", "ifelse(x > 1, x^2*exp(x), -x)", "1/(1 + exp(-x))", "x*exp(x)*sin(x)",
    "atan(x/a)/a", "5/(x^2 + 1)^3", "tanh(x)^2 - 3*x^2 + 4",
]  # fmt: skip


@pytest.mark.parametrize("text", LINES)
def test_each_line_is_the_derivative_that_differences_find(text):
    lines = list(lines_of(text, ["x"]))
    assert lines
    for inside, right in lines:
        assert value(right, 1.31) == pytest.approx(slope(inside, 1.31), rel=1e-6, abs=1e-8), right


@settings(max_examples=30, deadline=None)
@given(formulas())
def test_each_line_of_any_formula_is_right_and_the_last_is_the_answer(text):
    text = text.replace("**", "^")
    try:
        whole = value(text, 1.31)
        answer = exact(text, ["x"], Notation.R)
        assume("x" in text and math.isfinite(whole) and abs(whole) < 1e6)
    except CalculusError:
        assume(False)
    shown = page(text, "x")
    assert shown.endswith(f" = {answer}") or "“…”" in shown
    for inside, right in lines_of(text, ["x"]):
        expected = slope(inside, 1.31)
        if math.isfinite(expected) and abs(expected) < 1e6 and abs(slope(inside, 1.3100001) - expected) < 1:
            assert value(right, 1.31) == pytest.approx(expected, rel=1e-4, abs=1e-5), (inside, right)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    ["x^x/(1 + x)", "`<script>alert(1)</script>`*x^2", '`a"b&c`^2*x', "속도*x^2 + 속도", "`😀`*sin(x)", "א*x^2/ב"],
)
def test_html_is_well_formed_and_names_are_escaped(text, language):
    html = page(text, "x", format=PageFormat.HTML, language=language)
    tree = ElementTree.fromstring(html)
    assert tree.attrib["lang"] == language
    assert is_inert_page(html)


def test_names_that_are_hostile_are_spelled_in_each_format_or_refused():
    for format in EVERY:
        shown = page("`$x$`*x^2", "x", format=format)
        assert "$x$" not in shown.replace("$$", "") or format is PageFormat.TEXT
    with pytest.raises(CalculusError):
        page("`a\x1b[31m`*x^2", "x\u202e")


def test_the_main_rule_of_the_whole_comes_before_its_parts_and_no_step_twice():
    shown = page("sin(x^2)*exp(x^2)/(1 + sin(x^2))", "x")
    titles = re.findall(r"^ *(\d+)\. (.*?):", shown, re.MULTILINE)
    assert titles[0] == ("1", "Quotient rule")
    assert [int(n) for n, _ in titles] == list(range(1, len(titles) + 1))
    lefts = re.findall(r"d/dx \[sin\(x\^2\)\]\n *= d/du", shown)
    assert len(lefts) == 1
    assert shown.count("step 3") == 2


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (r"(x^2 - 2)/(x^3 + 1)", r"\frac{-x^{4} + 6 x^{2} + 2 x}{\left(x^{3} + 1\right)^{2}}"),
        ("x^3", "3 x^{2}"),
        ("log(x^2 - 2)", r"\frac{d}{du}\left[\ln\left(u\right)\right] \cdot \frac{d}{dx}\left[x^{2} - 2\right]"),
        ("x^2*y", r"y \cdot \frac{\partial}{\partial x}\left[x^{2}\right]"),
        ("x^(1/3)", r"\frac{1}{3 x^{\frac{2}{3}}}"),
        ("u*sin(u*x)", r"\frac{\partial}{\partial x}\left[u x\right]"),
    ],
)
def test_a_page_has_the_line_of_a_textbook(text, line):
    assert line in page(text, "x", format=PageFormat.LATEX)


def test_the_letter_of_an_inner_function_is_no_name_of_the_formula():
    shown = page("u*sin(v*x)", "x")
    assert "w = v * x" in shown
    assert "d/dw [sin(w)]" in shown


@pytest.mark.parametrize(
    ("text", "said"), [("abs(x)*x", True), ("ifelse(x > 0, x, -x)", True), ("floor(x)", True), ("x^2 + abs(a)", False)]
)
def test_a_page_says_where_there_may_be_no_derivative(text, said):
    assert ("may have a kink" in page(text, "x")) == said
    assert ("미분가능하지 않을 수 있다" in page(text, "x", language="ko")) == said


def test_korean_pages_have_the_terms_of_korean_textbooks():
    shown = page("log(x^2)*sin(x)/(x^2 + 1)", "x", language="ko")
    for term in (
        "몫의 미분법",
        "곱의 미분법",
        "합성함수의 미분법 (연쇄법칙)",
        "삼각함수의 미분법",
        "x에 대한 도함수",
        "풀이의 순서",
        "정리",
        "답",
    ):
        assert term in shown
    assert not re.search(r"\b(rule|step|simplify|with)\b", shown)


def test_every_rule_and_sentence_has_a_text_in_each_language():
    for row in (*NAMES.values(), *SENTENCES.values()):
        assert len(row) == len(LANGUAGES)
        assert all(row)
        # The same values are filled in.
        assert len({frozenset(re.findall(r"{(\w+)", text)) for text in row if "{name}" not in text}) <= 1
    assert set(FAMILIES.values()) <= set(NAMES)
    assert set(FAMILIES) <= set(FUNCTIONS)


def test_every_rule_of_arrays_has_a_name_in_each_language():
    from secantd.calculus.arrays.explanation import ARRAY_RULES

    assert {name for name, _ in ARRAY_RULES.values()} <= set(NAMES)


@pytest.mark.parametrize(
    ("language", "found"), [("", "en"), ("KO", "ko"), ("ko-KR", "ko"), ("ko_KR.UTF-8", "ko"), ("en_GB", "en")]
)
def test_a_language_may_have_a_country(language, found):
    assert language_of(language).language == found


@pytest.mark.parametrize("language", ["tlh", "korean", "-", " ", "k" * 10**5, "<b>"])
def test_other_languages_are_refused_with_the_list(language):
    with pytest.raises(CalculusError, match="the languages are 'en' and 'ko'") as caught:
        explained(read("x"), language=language)
    assert (caught.value.reason, caught.value.field) == (Reason.INVALID_VALUE, "language")


def test_a_gradient_is_derived_for_each_variable_and_shown_as_a_vector():
    function = read("x^2*y + sin(y)")
    answer = explained(function, gradient=True, notations=[Notation.R, Notation.LATEX], formats=EVERY)
    assert answer.variables == ("x", "y")
    assert [s.result.text for s in answer.steps if s.depth == 0] == ["2 * (x * y)", "cos(y) + x^2"]
    assert answer.derivative.text == "c(2 * (x * y), cos(y) + x^2)"
    assert read(answer.derivative.text).outputs
    assert answer.pages[0].text.endswith(f"grad f = {answer.derivative.text}")
    assert dict(answer.derivative.renderings)[Notation.LATEX] in answer.pages[1].text
    assert explained(read("x^2"), gradient=True).derivative.text == "2 * x"
    with pytest.raises(CalculusError, match="with respect to numbers"):
        explained(read("t(v) %*% v * x"), gradient=True)


def test_a_second_derivative_refers_to_the_steps_of_the_first():
    shown = page("exp(x^2)", "x", "x")
    assert "(step 1)" in shown
    assert shown.count("d/du [exp(u)]") == 1
    assert shown.endswith(f"d^2 f/dx^2 = {exact('exp(x^2)', ['x', 'x'], Notation.R)}")


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("sum((y - X %*% b)^2)", "b"),
        ("log(det(A))", "A"),
        ("t(x) %*% A %*% x", "x"),
        ("solve(A, b)", "b"),
        ("function(y, x) sum(y^2)", "x"),
    ],
)
def test_derivatives_of_vectors_and_matrices_are_derived_by_differentials(text, variable):
    function = read(text, variables=[variable])
    answer = explained(function, [variable], formats=EVERY, language="ko")
    assert answer.pages[0].text.endswith(f" = {differentiate(function, [variable]).derivative.text}")
    ElementTree.fromstring(answer.pages[2].text)


def test_the_definition_is_shown_with_its_limit():
    shown = page("x^2 + 2*x + 3", "x", definition=True, format=PageFormat.LATEX)
    assert r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h} &= 2 + 2 x" in shown


def test_a_long_derivation_has_a_page_with_its_first_steps_that_says_so():
    text = " + ".join(f"sin(cos({k}*x))" for k in range(2, 222))
    with pytest.raises(CalculusError):
        explained(read(text))
    answer = explained(read(text), formats=EVERY)
    assert answer.steps == ()
    assert "The page shows the first 60 of 441 steps." in answer.notices
    assert "전체 441단계 중 처음 60단계만" in page(text, language="ko")
    assert answer.derivative.text == differentiate(read(text)).derivative.text
    # A sum of a thousand terms.
    tall = "+".join(f"x^{k}" for k in range(2, 1100))
    found = explained(read(tall), formats=EVERY)
    assert max(len(p.text) for p in found.pages) < 10**6
    assert any("are shown as “…”" in n or "steps" in n for n in found.notices)
    ElementTree.fromstring(found.pages[2].text)


def test_of_a_deep_formula_the_page_shows_the_outside():
    answer = explained(read("sin(" * 600 + "x" + ")" * 600), formats=EVERY)
    assert "d/du [sin(u)]" in answer.pages[0].text
    assert "sin(sin(sin(" in answer.pages[0].text
    assert "The page shows the first 60 of 599 steps." in answer.notices
    ElementTree.fromstring(answer.pages[2].text)


def test_all_latex_of_the_table_of_functions_has_its_mathml():
    graph = read("x").graph
    known = {
        *m.GREEK,
        *m.WORDS,
        *m.OPERATORS,
        *m.SPACES,
        *m.TEXTS,
        *m.STYLES,
        *m.ARGUMENTS,
        "left",
        "right",
        "begin",
        "end",
    }
    for row in FUNCTIONS.values():
        text = latex_text(graph.make(row.name, *[graph.symbol(f"x_{i}") for i in range(len(row.parameters))]))
        assert set(re.findall(r"\\([A-Za-z]+)", text)) <= known
        ElementTree.fromstring(m.mathml(text))


def test_mathml_is_made_of_formulas_that_are_nested_deeper_than_the_stack():
    assert m.mathml(r"\sqrt{" * 3000 + "x" + "}" * 3000).count("<msqrt>") == 3000


@pytest.mark.parametrize(
    "latex", ["{", "}", r"\frac{1}", r"\left(", r"\begin{cases} x & y", "^", "_{", "\\", r"\sqrt[", "a^b^c"]
)
def test_broken_latex_is_still_well_formed_mathml(latex):
    ElementTree.fromstring(m.mathml(latex))
