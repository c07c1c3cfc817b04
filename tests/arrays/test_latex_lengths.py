"""Lengths in LaTeX: letters, which a notice explains."""

import pytest
from secantd.calculus import differentiate
from secantd.expression import VariableShape
from secantd.language import Notation, read

# The text, the variables, the derivative in LaTeX, and the notices.
LETTERS = [
    ("sum((x - th)^2)", ["th", "th"], {}, "2 n", ("in LaTeX n is the length of 'x'",)),
    ("sum(x[-1]^3)", ["x"], {}, r"3 \begin{pmatrix} 0 \\ x_{2:n}^{\odot 2} \end{pmatrix}", ("in LaTeX n is the length of 'x'",)),
    ("mean(X %*% b)", ["b"], {}, r"\frac{X^{\top} \mathbf{1}}{n}", ("in LaTeX n is the number of rows of 'X'",)),
    ("sum(X %*% b)/ncol(X)", ["b"], {}, r"\frac{X^{\top} \mathbf{1}}{k}", ("in LaTeX k is the number of columns of 'X'",)),
    ("n*sum((x - th)^2)", ["th", "th"], {}, "2 n m", ("in LaTeX m is the length of 'x'",)),
    # A declared length has its own name.
    ("sum((x - th)^2)", ["th", "th"], {"x": ("p",)}, "2 p", ()),
    # No length is printed.
    ("sum((y - X %*% b)^2)", ["b"], {}, r"-2 X^{\top} \left(y - X b\right)", ()),
    # A variable of that name is no length.
    ("sum(x + s) + `length(x)`^2", ["s"], {}, r"\operatorname{length}\left(x\right)",
     ("names that are spelled differently in LaTeX: 'length(x)' is \\mathrm{length}_{x}",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "variables", "shapes", "latex", "notices"), LETTERS)
def test_a_length_is_a_letter_that_a_notice_explains(text, variables, shapes, latex, notices):
    declared = {name: VariableShape(sides) for name, sides in shapes.items()}
    found = differentiate(read(text, shapes=declared, variables=variables), variables, notations=[Notation.LATEX])
    assert found.derivative.text == latex
    assert tuple(n for n in found.notices if "LaTeX" in n) == notices
