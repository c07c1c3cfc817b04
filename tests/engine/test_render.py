"""Printed formulas that nobody could read."""

import pytest
from secantd.algebra import Light
from secantd.errors import CalculusError, Reason
from secantd.language import Notation, read
from secantd.render import r_text, render


@pytest.mark.parametrize("notation", [Notation.R, Notation.PYTHON, Notation.LATEX], ids=lambda n: n.name)
def test_a_product_that_doubles_thirty_times_is_refused_while_it_is_printed(notation):
    (output,) = read("a <- x; for (i in 1:30) a <- a*a; a").outputs
    with pytest.raises(CalculusError) as caught:
        render(output, notation, 100_000)
    assert caught.value.reason is Reason.LIMIT_EXCEEDED


def test_products_of_products_are_written_in_latex_without_brackets():
    (output,) = read("a <- x*y; b <- a*2; b*3*a").outputs
    assert render(output, Notation.LATEX, 1000) == r"x y \cdot 2 \cdot 3 x y"


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "-x^2/(1 + x)",
        "x - (y - 2*(x - y))",
        "exp(-(x - m)^2/(2*s^2))/(s*sqrt(2*pi))",
        "ifelse(x < 1, -x, log(x, base = 3)) + pnorm(x, lower.tail = FALSE)",
        "`a b`^(-x) - 1e-300*x^-0.5",
        "x %% 3 - abs(-x)^(1/3)",
        " + ".join(f"sin({k}*x)" for k in range(40)),
    ],
)
def test_the_key_of_a_short_light_form_is_its_text(text):
    f = read(text)
    form = Light(f.graph)
    node = form.of(f.outputs[0])
    assert form.text(node) == (r_text(node) if len(r_text(node)) < 200 else "")
