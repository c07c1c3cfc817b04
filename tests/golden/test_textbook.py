"""Textbook notation and LaTeX: what each text of the golden table means, and that the source material is read as it stands."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from secant.command.app import app
from secantd.calculus import differentiate
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import render
from secantd.render.arrays import array_text

LINES = Path(__file__).with_name("textbook.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("# ")]


def test_the_table_has_150_texts_in_both_notations():
    assert len(ROWS) >= 150
    assert {row[0] for row in ROWS} == {"TEXTBOOK", "LATEX"}


@pytest.mark.parametrize(
    ("notation", "text", "names", "kind", "expected"),
    [pytest.param(*row[:5], id=f"{row[0]}-{row[1]}-{row[2]}") for row in ROWS],
)
def test_a_text_has_the_reading_of_the_table(notation, text, names, kind, expected):
    found, error = outcome(text.replace("⏎", "\n"), Notation[notation], tuple(names.split()))
    assert found == (kind, expected)
    if error is not None:
        start, end = error.span
        assert (error.reason, bool(error.hint), 0 <= start < end <= len(text) + 1) == (Reason.SYNTAX_ERROR, True, True)


def outcome(text, notation, variables):
    """Return the kind and the text of a reading, and the error if there is none."""
    try:
        function = read(text, notation, variables=variables)
    except CalculusError as error:
        start, both, readings = error.headline.partition(" has two readings: ")
        return ("readings", readings) if both else ("refused", start), error
    texts = [
        array_text(function.graph, o, Notation.R) if function.arrays else render(o, Notation.R)
        for o in function.outputs
    ]
    return ("reading", f"c({', '.join(texts)})" if function.vector else texts[0]), None


@pytest.mark.parametrize("row", [r for r in ROWS if r[3] == "reading"], ids=lambda r: f"{r[0]}-{r[1]}-{r[2]}")
def test_a_reading_is_a_text_in_r_notation_with_the_same_variables(row):
    notation, text, names, _, reading, _ = row
    wanted = tuple(names.split())
    by_hand = read(text.replace("⏎", "\n"), Notation[notation], variables=wanted)
    in_r = read(reading, Notation.R, variables=wanted)
    # length(x) stands for n, and a product of vectors for a bilinear form.
    if not by_hand.arrays:
        assert sorted(by_hand.used) == sorted(in_r.used)
        assert [render(o, Notation.R) for o in by_hand.outputs] == [render(o, Notation.R) for o in in_r.outputs]


@pytest.mark.parametrize(
    ("notation", "text", "derivative"),
    [
        (Notation.LATEX, r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} x_i y_j", "a %*% y"),
        (Notation.LATEX, r"\sum_{i,j=1}^{n} a_{ij} x_i x_j", "(a + t(a)) %*% x"),
        (
            Notation.LATEX,
            r"\sum_{i=1}^{n} \left(y_i - \sum_{j=1}^{p} X_{ij} x_j\right)^2",
            "-2 * t(X) %*% (y - X %*% x)",
        ),
        (Notation.TEXTBOOK, "∑_{i=1}^n ∑_{j=1}^m a_ij x_i y_j", "a %*% y"),
    ],
)
def test_the_derivative_of_a_sum_over_two_indices_is_a_product_of_matrices(notation, text, derivative):
    function = read(text, notation, variables=("x",))
    assert differentiate(function, ["x"], notations=[Notation.R]).derivative.text == derivative


@pytest.fixture(scope="module")
def target(service):
    return service.target


BY_HAND = [
    (["diff", r"\frac{1}{2}x^2", "x", "--from", "latex"], 0, "x\n"),
    (["diff", "2x + sin 3x", "x", "--from", "textbook"], 0, "2 + 3 * cos(3 * x)\n"),
    (["diff", r"\sum_{i=1}^{n} \sum_{j=1}^{m} a_{ij} x_i y_j", "x", "--from", "latex"], 0, "a y\n"),
    (
        ["eval", r"\begin{vmatrix} a & b \\ c & d \end{vmatrix}", "--from", "latex", "--at", "a=1,b=2,c=3,d=5"],
        0,
        "-1\n",
    ),
    (["grad", "f(x, y) = x² + xy", "--from", "textbook"], 0, "x  2 * x + y\ny  x\n"),
    (["hessian", "x²y", "--from", "textbook"], 0, "x      y\n2 * y  2 * x\n2 * x  0\n"),
    (["diff", "½x²", "x", "--from", "textbook", "--notation", "latex"], 0, "x\n"),
    (["diff", "1/2x", "x", "--from", "textbook"], 1, "'1/2x' has two readings: (1/2)*x or 1/(2*x)"),
    (["diff", r"\frac{1}{2", "x", "--from", "latex"], 1, "'{' is not closed"),
    (["diff", r"\def\x{1}\x", "x", "--from", "latex"], 1, "'\\def' is refused: macros are never expanded"),
    (["diff", "x", "x", "--from", "word"], 2, "'word' is not one of 'r', 'python', 'textbook', 'latex'"),
]


@pytest.mark.parametrize(("arguments", "status", "said"), BY_HAND)
def test_the_command_reads_what_is_written_by_hand(target, arguments, status, said):
    found = CliRunner().invoke(app, ["--server", target, *arguments])
    assert found.exit_code == status
    if status:
        assert said in f"{found.output}{found.exception}"
    else:
        assert found.stdout == said
