"""Texts that are refused: the reason, the position and what to write instead."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import r_text
from secantd.settings import Limits

from .texts import refusal


def mistakes():
    lines = Path(__file__).with_name("mistakes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [x.split("\t") for x in lines if x and not x.startswith("# ")]
    return [pytest.param(*row, id=row[0]) for row in rows[1:]]


@pytest.mark.parametrize(("text", "reason", "start", "headline", "hint"), mistakes())
def test_a_mistake_is_answered_with_its_position_and_a_hint(text, reason, start, headline, hint):
    error = refusal(text)
    found = (error.reason.value, str(error.span[0]) if error.span else "", error.headline, error.hint)
    assert found == (reason, start, headline, hint)
    assert error.field == "expression.text"


@pytest.mark.parametrize(
    "text", ["seq(0, 1, by = 1e-320)", "-1e308:1e308", "range(-1e308, 1e308)", "range(0, 1, 1e-320)"]
)
def test_a_range_of_more_elements_than_there_are_numbers_is_too_long(text):
    error = refusal(text)
    assert (error.reason, error.metadata["name"]) == (Reason.LIMIT_EXCEEDED, "loop_steps")


@pytest.mark.parametrize("text", ["1:{}", "range({})", "range(0, {} - 0.5)", "seq_len({})", "rep(1, {})"])
def test_a_range_may_be_as_long_as_the_limit(text):
    limits = Limits(loop_steps=50)
    assert len(read(text.format(50), limits=limits).outputs) == 50
    with pytest.raises(CalculusError):
        read(text.format(51), limits=limits)


@pytest.mark.parametrize(("character", "hint"), [
    ("–", "-"), ("—", "-"), ("√", "sqrt(x)"), ("“", '"'), ("”", '"'), ("‘", "'"), ("’", "'"), ("∞", "Inf"), ("→", "->"),
    ("←", "<-"), ("∑", "sum()"), ("∏", "prod()"), ("∧", "&"), ("∨", "|"), ("¬", "!"), ("½", "1/2"), ("⁻", "^-1"),
])  # fmt: skip
def test_a_character_that_looks_like_an_operator_is_answered_with_what_to_write(character, hint):
    error = refusal(f"x {character} 1")
    assert (error.headline, error.hint, error.span) == (
        f"'{character}' is not part of the language",
        f"write {hint}",
        (2, 3),
    )


@pytest.mark.parametrize("notation", [None, Notation.R, Notation.PYTHON])
@pytest.mark.parametrize(("text", "same"), [
    ("a − b", "a - b"), ("a × b·c ⋅ d ∙ 2", "a*b*c*d*2"), ("a ÷ b", "a/b"), ("x²", "x{}2"), ("2x²".replace("x", "*x"), "2*x{}2"),
    ("(x + 1)¹²", "(x + 1){}12"), ("x⁻¹", "x{}-1"), ("−x²", "-x{}2"), ("x ≤ 2", "x <= 2"), ("x ≥ 2", "x >= 2"), ("x ≠ 2", "x != 2"),
    ("（a + b）*2", "(a + b)*2"), ("c(a，b)", "c(a, b)"), ("sin(2*π*r)", "sin(2*pi*r)"), ("π", "pi"),
])  # fmt: skip
def test_characters_of_mathematics_with_one_meaning_are_read(text, same, notation):
    """Also in formulas copied from a page: nothing of this is guessed."""
    power = "**" if notation is Notation.PYTHON else "^"
    found, expected = (read(t, notation) for t in (text, same.format(power)))
    assert [r_text(n) for n in found.outputs] == [r_text(n) for n in expected.outputs]
    assert (found.variables, found.notices) == (expected.variables, ())


def test_a_variable_in_backticks_may_have_the_name_of_pi():
    function = read("`π`^2 + π")
    assert (function.variables, r_text(function.outputs[0])) == (("π",), "`π`^2 + pi")


@pytest.mark.parametrize("text", ["x₁", "2½", "½*x", "x²y", "sin²(x)", "²", "x^²", "x⁻"])
def test_other_small_digits_are_refused(text):
    assert refusal(text).reason in (Reason.SYNTAX_ERROR, Reason.UNKNOWN_FUNCTION)


@pytest.mark.parametrize(("character", "shown"), [("\u200b", "U+200B (zero width space)"), ("\u00ad", "U+00AD")])
def test_a_character_that_does_not_print_is_named_and_to_be_removed(character, shown):
    error = refusal(f"x{character} + 1")
    assert (error.headline.startswith(shown), error.hint, error.span) == (True, "remove it", (1, 2))


def test_a_character_that_python_refuses_in_a_name_is_refused_with_its_position():
    error = refusal("ab\u00bd + 1", Notation.PYTHON)
    assert (error.reason, error.span) == (Reason.SYNTAX_ERROR, (2, 3))


@pytest.mark.parametrize("name", ["eval", "exec", "system", "compile", "open", "source", "__import__", "parse"])
def test_a_call_that_would_run_a_program_is_answered_with_what_a_text_is(name):
    assert refusal(f"{name}(x)").hint == "the text must be a formula; it is never run as a program"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Phi", "pnorm(x)"), ("ReLU", "pmax(x, 0)"), ("ctg", "cot(x)"), ("tg", "tan(x)"),
        ("root", "x^(1/n)"), ("nthroot", "x^(1/n)"), ("piecewise", "ifelse(condition, a, b)"), ("lg", "log10(x) or log2(x)"),
    ],
)  # fmt: skip
def test_a_function_of_another_system_is_answered_with_ours(name, hint):
    assert refusal(f"{name}(x)").hint == f"write {hint}"


def test_an_index_out_of_range_is_named_as_it_is_written():
    assert refusal("[1, 2][-3]", Notation.PYTHON).headline == "the index -3 is out of range"
    assert refusal("[1, 2][2]", Notation.PYTHON).headline == "the index 2 is out of range: the vector has 2 elements"
    assert refusal("c(1, 2)[3]", Notation.R).headline == "the index 3 is out of range: the vector has 2 elements"
    assert refusal("theta[0]", Notation.R).headline == "the index 0 is out of range"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("for (i in 1:2000) i", "loop_steps", id="a-loop"),
        pytest.param("{ f <- function(x) f(x + 1); f(x) }", "loop_steps", id="a-recursion-without-end"),
        pytest.param("sum(1:1e9)", "loop_steps", id="a-range"),
        pytest.param("rep(x, 1e9)", "", id="a-repetition"),
        pytest.param("+".join(f"x{i}" for i in range(200)), "variables", id="variables"),
        pytest.param("x" * 9000, "text_length", id="a-long-text"),
        pytest.param("{ f <- function(x) sapply(x, f); f(x) }", "", id="functions-within-functions"),
        pytest.param("+".join(f"x^{i}" for i in range(900)), "nodes", id="nodes"),
    ],
)
def test_a_limit_is_named_and_points_at_the_text(text, name):
    error = refusal(text, limits=Limits(text_length=8000, nodes=1500, variables=100, loop_steps=1000))
    assert error.field == "expression.text"
    if name:
        assert error.reason is Reason.LIMIT_EXCEEDED
        assert error.metadata["name"] == name


DEPTH = 10_000


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("(" * DEPTH + "x" + ")" * DEPTH, id="brackets"),
        pytest.param("sin(" * DEPTH + "x" + ")" * DEPTH, id="calls"),
        pytest.param("-" * DEPTH + "x", id="signs"),
        pytest.param("x^" * DEPTH + "x", id="powers"),
        pytest.param("+".join("x" * DEPTH), id="terms"),
        pytest.param("*".join("x" * DEPTH), id="factors"),
        pytest.param("{" * DEPTH + "x" + "}" * DEPTH, id="blocks"),
        pytest.param("if (x > 1) 1 else " * DEPTH + "x", id="conditions"),
        pytest.param("(W)" + ".T" * DEPTH + " @ v", id="attributes"),
        pytest.param("W" + ".T" * DEPTH + ".sum() @ v", id="methods"),
        pytest.param("function(x) " * DEPTH + "x", id="functions"),
        pytest.param("c(" * DEPTH + "x" + ")" * DEPTH, id="vectors"),
        pytest.param("x[" * DEPTH + "1" + "]" * DEPTH, id="indices"),
        pytest.param("a <- " * DEPTH + "x", id="assignments"),
    ],
)
def test_no_depth_exhausts_a_stack(text):
    with suppress(CalculusError):
        read(text)


@settings(max_examples=300)
@given(st.text(alphabet="xy12+-*/^()[]{},;=<>!&|~:$%\\\"'`. \nifelsunctor", max_size=40))
def test_any_text_is_read_or_refused_with_a_place(text):
    error, outputs = None, ()
    try:
        outputs = read(text).outputs
    except CalculusError as refused:
        error = refused
    assert all(r_text(o) for o in outputs)
    if error is not None:
        assert error.field == "expression.text"
        assert str(error)
        assert error.span is None or 0 <= error.span[0] <= len(text)


@pytest.mark.parametrize(
    "text", ["x**2\n  + y", "y = x\n    z = 2\ny*z", "\tx\n  y", "def f(x):\n    return x\n  f(x)"]
)
def test_lines_of_python_that_are_indented_without_a_reason_are_refused(text):
    error = refusal(text, Notation.PYTHON)
    assert error.reason is Reason.SYNTAX_ERROR
    assert "indent" in error.headline
    assert error.hint


@pytest.mark.parametrize(
    "text", ["(x**2\n  + y)", "x**2 +\n  y", "  z = y\n  x**2 + z", "\n\n    x**2 + y\n", "# f\n    x**2 + y"]
)
def test_lines_of_python_that_go_on_are_read(text):
    assert set(read(text, Notation.PYTHON).variables) == {"x", "y"}


@pytest.mark.parametrize("text", ["import", "x + class", "with*x", "await*x", "is"])
def test_a_keyword_of_python_is_no_variable(text):
    assert "is a keyword of Python" in refusal(text, Notation.PYTHON).headline
    assert read("class + lambda", Notation.R).variables == ("class", "lambda")
