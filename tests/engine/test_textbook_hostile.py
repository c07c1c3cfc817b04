"""Textbook notation and LaTeX under attack: half-written, deep, unbalanced, macros; every text is read or refused in time."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.settings import Limits

from .texts import refusal

LONG = "SECANT_TEST_LONG" in os.environ
# Deeper than the stack of the interpreter, 1000; what is not closed differs only at its end.
DEEP = 10_000 if LONG else 1_500
OPEN = 2_000 if LONG else 1_200
COMPLETE = {
    Notation.LATEX: (
        r"\frac{1}{2}x^{2}", r"\sqrt[3]{x}", r"\left|x\right|", r"\sum_{i=1}^{n} (y_i - b x_i)^2", r"\lVert y - A x\rVert^2",
        r"\begin{cases} x & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}", r"\mathrm{rate} \operatorname{sgn}(x)",
        r"\sin^{2}\left(x\right)", r"\log_{10} x", r"f(x) = x^2, \quad g = \binom{n}{k}", r"\psi^{\left(2\right)}\left(x\right)",
        r"f_{\mathcal{N}}\left(x \mid m, s\right)", r"J_{1}\left(x\right)", r"\begin{aligned} a &= x \\ & a^2 \end{aligned}",
        r"\frac{\partial f}{\partial x} = \hat{y} x^{\top} A x", r"\lfloor x \rfloor \bmod 3", r"$$\mathbf{x}'$$",
        r"\sum_{i,j=1}^{n} a_{ij} x_i x_j", r"\sum_{i=1}^{n} (y_i - \sum_{j=1}^{m} X_{ij} b_j)^2", r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}",
        r"\sum_{1 \le i < j \le n} |x_i - x_j|", r"\prod_{i \ne j} x_{i+1}", r"\sum_{i=1}^{n-1} (x_{i+1} - x_i)^2, \; x \in [0, 1]",
        r"\max_{i=1,\dots,n} \lVert x \rVert_\infty", r"\langle x, y \rangle^{(1)}",
        r"x^\top \begin{pmatrix} a & 1 \\ 2 & b \end{pmatrix} \begin{bmatrix} u \\ v \end{bmatrix}",
    ),
    Notation.TEXTBOOK: (
        "½x² − √(x+1)", "sin^{-1}(x) + log_2 x", "|x| · ‖y‖²", "f(x, y) = x_1^2 + θ_max", "∑_{i=1}^n (y_i − m)²", "x mod 3",
        "tan⁻¹ x", "⌊x⌋ + ∛y", "y = ax + b; a = 2", "0 < x < 1 and not y ≤ 2", "xᵀ A x", "beta(a, b)",
    ),
}  # fmt: skip
WORDS = {
    Notation.LATEX: r"""\frac \sqrt \sqrt[3] { } ( ) \left( \right) \left| \right| | \lVert \rVert \sum_{i=1}^{n} \sum _ ^ _{ ^{ x
        y x_i x_{i+1} \sum_{i<j} \sum_{j=i+1}^{n} _{i \ne \in \max_i \|x\|_1 \langle 1{,}000 n 1 2 12 3.5 + - * / \cdot \sin \cos \log \exp \mathrm{rate} \operatorname{sgn} \mathrm{x \mu \theta \pi e d \partial
        \nabla = < \le , ; \\ & \begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix} a_{ij} \sum_{j=1}^{m} \text{and} \text{if} \frac{d}{dx} f f( ' ! \top ^T \binom \hat \Gamma \psi J_ \mid
        \left\lfloor \prod \infty $ \max [ ] \{ \} ~ \quad . \dots \to % \def \input # é ½ ² −""".split(),
    Notation.TEXTBOOK: r"""x y xy ab e π 2 3 1.5 1e-3 + - * / ^ ^-1 ² ⁻¹ ( ) [ ] { } | ‖ √ ∛ sin exp ln log_2 ∑ ∑_{i=1}^n ∑_{k=1}^3 x_i x_
        x_{1} _ = < ≤ , ; f f( ' ! mod ½ · − ÷ ∞ α Δx θ₁ max( and not ᵀ → ∂ ∇ ⌊ ⌋ ... # ` " \ $ % gamma( dnorm( T ﬁ""".split(),
}


@pytest.mark.parametrize(("notation", "text"), [(n, t) for n, texts in COMPLETE.items() for t in texts])
def test_a_text_that_ends_anywhere_is_read_or_refused(notation, text):
    for end in range(len(text) + 1):
        for half in (text[:end], text[end:]):
            read_or_refused(half, notation)


@pytest.mark.parametrize("notation", list(COMPLETE))
@given(data=st.data())
@settings(max_examples=150)
def test_words_in_any_order_are_read_or_refused(notation, data):
    words = data.draw(st.lists(st.sampled_from(WORDS[notation]), max_size=12))
    read_or_refused(data.draw(st.sampled_from(("", " "))).join(words), notation)


@pytest.mark.parametrize("notation", list(COMPLETE))
@given(text=st.text(max_size=30))
@settings(max_examples=150)
def test_any_text_is_read_or_refused(notation, text):
    read_or_refused(text, notation)


def read_or_refused(text, notation):
    found = None
    try:
        read(text, notation, variables=("x", "y"))
    except CalculusError as error:
        found = error
    if found is not None:
        start = found.span[0] if found.span is not None else 0
        assert (found.reason is Reason.INTERNAL, bool(str(found)), 0 <= start <= len(text)) == (False, True, True)


@pytest.mark.parametrize(("notation", "before", "middle", "after"), [
    (Notation.LATEX, r"\left(", "x", r"\right)"), (Notation.LATEX, r"\frac{1}{", "x", "}"), (Notation.LATEX, r"\sqrt{", "x", "}"),
    (Notation.LATEX, "x^{", "2", "}"), (Notation.LATEX, r"\sin ", "x", ""), (Notation.LATEX, "{", "x", "}"),
    (Notation.LATEX, r"\left|", "x", r"\right|"), (Notation.LATEX, "f(x)=", "x", ""), (Notation.LATEX, r"\begin{cases}", "x", ""),
    (Notation.LATEX, "{", r"x^{\top}", r"^{\top}}"), (Notation.LATEX, "(2", "x", ")"), (Notation.LATEX, r"\frac{d", "x", "}"),
    (Notation.LATEX, r"\mathbf{", "x", "}"), (Notation.LATEX, r"\sum_{i=1}^{n}", "x_i", ""), (Notation.LATEX, "x_{", "1", "}"),
    (Notation.TEXTBOOK, "(", "x", ")"), (Notation.TEXTBOOK, "|", "x", "|"), (Notation.TEXTBOOK, "√", "x", ""),
    (Notation.TEXTBOOK, "a(x+", "1", ")"), (Notation.TEXTBOOK, "sin ", "x", ""), (Notation.TEXTBOOK, "x^", "x", ""),
    (Notation.TEXTBOOK, "f(", "x", ""), (Notation.TEXTBOOK, "ab", "x", ""), (Notation.TEXTBOOK, "not ", "x", ""),
])  # fmt: skip
def test_deep_nesting_is_read_or_refused(notation, before, middle, after):
    read_or_refused(before * DEEP + middle + after * DEEP, notation)
    read_or_refused(before * OPEN, notation)


def test_definitions_in_a_long_chain_take_linear_time():
    text = ", ".join(f"a_{{{i}}} = a_{{{i + 1}}} + 1" for i in range(3000))
    assert read(text, Notation.LATEX).variables == ("a_3000",)


@pytest.mark.parametrize("text", [
    r"\sum_{i=1}^{1000000000} i", r"\sum_{i=1}^{9}" * 9 + "i", r"\sum_{i=1}^{1000} " + "(" + "+".join("x" * 5000) + ")",
])  # fmt: skip
def test_sums_with_too_many_terms_are_refused(text):
    assert refusal(text, Notation.LATEX).reason is Reason.LIMIT_EXCEEDED


@pytest.mark.parametrize("text", ["(" * 11 + "x" + ")" * 11, r"\left(" * 11 + "x" + r"\right)" * 11])
def test_more_brackets_than_the_limit_are_refused(text):
    error = refusal(text, Notation.LATEX, Limits(depth=10))
    assert (error.reason, error.metadata["name"]) == (Reason.LIMIT_EXCEEDED, "depth")


@pytest.mark.parametrize("command", [
    "def", "edef", "let", "newcommand", "renewcommand", "input", "include", "csname", "catcode", "write", "immediate", "expandafter",
    "usepackage", "directlua", "loop", "openin", "special", "DeclareMathOperator",
])  # fmt: skip
def test_macros_are_refused_by_name(command):
    error = refusal(rf"x + \{command}{{/etc/passwd}}", Notation.LATEX)
    assert error.headline == f"'\\{command}' is refused: macros are never expanded"
    assert error.span == (4, 5 + len(command))


@pytest.mark.parametrize("text", [
    r"__import__('os').system('id')", r"\mathrm{__import__}(x)", r"\operatorname{system}(x)", r"\operatorname{eval}(x)",
    r"\mathrm{x; rm}", r"\text{`id`}", "x\u202e + 1", r"\href{http://x}{y}", r"\verb|x|", r"\write18{id}",
])  # fmt: skip
def test_code_is_never_anything_but_refused(text):
    assert refusal(text, Notation.LATEX).reason in (Reason.SYNTAX_ERROR, Reason.UNKNOWN_FUNCTION)


@pytest.mark.parametrize("text", ["eval(x)", "system(x)", "open(x)", "__class__", "x.__class__", "`id`", "x\x00"])
def test_code_in_textbook_notation_is_refused(text):
    assert refusal(text, Notation.TEXTBOOK).reason in (Reason.SYNTAX_ERROR, Reason.UNKNOWN_FUNCTION)
